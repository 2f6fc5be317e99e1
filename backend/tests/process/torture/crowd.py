"""A load that keeps book: people who ask, note, stop and invite at once, and remember what was acknowledged to them."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import httpx2

from tests.client import Event, Person, parse_events

MODELS: Final = ("tiny-chat-1b", "pace-5-60", "pace-20-100")
TURNS_PER_CONVERSATION: Final = 8
ENDS: Final = {"complete", "stopped", "interrupted", "error"}
MAY_BE_LOST_SECONDS: Final = 0.5
MOST_WAITED_SECONDS: Final = 0.5
"""A machine may be too busy to keep the promise, yet never so busy that there is none."""
Item = dict[str, object]


@dataclass
class Turn:
    """A question or a note, and what its writer was told.

    Attributes:
        content: Unlike that of every other.
        model: Who is asked; empty for a note, which nobody answers.
        meta: Acknowledges the question.
        done: Acknowledges the answer.
        stopped: The state that a cancel acknowledged.
        noted: A note's 2xx came.
        gone: The server said that the question is known and its stream is not.
        heard: Pieces of the answer with the time when they were read.
        safe_until: What was heard by then must be stored, though the server was killed meanwhile.
    """

    content: str
    model: str = ""
    meta: Item | None = None
    done: Item | None = None
    stopped: str | None = None
    noted: bool = False
    gone: bool = False
    heard: list[tuple[float, str]] = field(default_factory=list)
    safe_until: float | None = None

    @property
    def status(self) -> object:
        """How the answer ended, once that was acknowledged."""
        return self.done and self.done["status"]

    @property
    def acknowledged(self) -> bool:
        """Whether it must be there, whatever happens."""
        return self.meta is not None or self.noted or self.gone

    def text(self, until: float = float("inf")) -> str:
        """What was read of the answer by then."""
        return "".join(text for at, text in self.heard if at <= until)

    def hear(self, event: Event) -> None:
        """Note one event."""
        match event.name:
            case "meta":
                self.meta = event.data
            case "delta":
                self.heard.append((time.monotonic(), str(event.data["text"])))
            case "done":
                self.done = event.data


@dataclass
class Asker:
    """Somebody who goes on and on; one conversation after the other.

    Attributes:
        name: Part of every content.
        rng: What comes next.
        conversations: Turns by conversation, those of the present one last; an id is None until it was told.
        invites: Ids that were acknowledged.
    """

    name: str
    rng: random.Random
    conversations: list[tuple[str | None, list[Turn]]] = field(default_factory=list)
    invites: list[str] = field(default_factory=list)
    _number: int = 0

    async def go_on(self, person: Person) -> None:
        """Act until the server is gone."""
        try:
            await self._repeat(person)
            while True:
                await self._act(person)
        except httpx2.TransportError:
            return

    def turns(self) -> Iterator[Turn]:
        """Everything that was ever sent."""
        return (turn for _, turns in self.conversations for turn in turns)

    async def _repeat(self, person: Person) -> None:
        """Send what was not acknowledged once more, under the same key."""
        if self.conversations and (turns := self.conversations[-1][1]):
            last = turns[-1]
            if last.model and not last.acknowledged:
                await self._ask(person, last)

    async def _act(self, person: Person) -> None:
        lot = self.rng.random()
        if lot < 0.1:
            made = await person.post("/admin/invites", {})
            assert made.status_code == 201, made.text
            self.invites.append(made.json()["id"])
        elif lot < 0.25 and self.conversations and self.conversations[-1][0]:
            await self._note(person, self.conversations[-1][0])
        else:
            turn = self._next(self.rng.choice(MODELS))
            await self._ask(person, turn, stop_after=self.rng.randint(1, 20) if lot > 0.85 else None)

    def _next(self, model: str = "") -> Turn:
        self._number += 1
        turn = Turn(f"{self.name}-{self._number}", model)
        known = self.conversations and self.conversations[-1][0] is not None
        if not known or len(self.conversations[-1][1]) >= TURNS_PER_CONVERSATION:
            self.conversations.append((None, []))
        self.conversations[-1][1].append(turn)
        return turn

    async def _note(self, person: Person, conversation_id: str | None) -> None:
        if len(self.conversations[-1][1]) >= TURNS_PER_CONVERSATION:
            return
        turn = self._next()
        body = {"role": "user", "content": turn.content}
        answer = await person.post(f"/conversations/{conversation_id}/messages", body)
        assert answer.status_code == 201, answer.text
        turn.noted = True

    async def _ask(self, person: Person, turn: Turn, stop_after: int | None = None) -> None:
        turn.safe_until = None
        conversation_id, turns = self.conversations[-1]
        body = {"message": {"content": turn.content}, "model": turn.model}
        if conversation_id is not None:
            body["conversation_id"] = conversation_id
        headers = {**person.headers, "Idempotency-Key": turn.content}
        async with person.http.stream("POST", "/chat/stream", json=body, headers=headers) as response:
            if response.status_code == 410:
                turn.gone = True
                return
            assert response.status_code == 200, await response.aread()
            rest = ""
            async for chunk in response.aiter_text():
                whole, _, rest = (rest + chunk).rpartition("\n\n")
                for event in parse_events(whole):
                    turn.hear(event)
                if turn.meta is not None:
                    self.conversations[-1] = (str(turn.meta["conversation_id"]), turns)
                if stop_after is not None and turn.stopped is None and len(turn.heard) >= stop_after:
                    turn.stopped = await _stop(person, turn)


async def _stop(person: Person, turn: Turn) -> str:
    assert turn.meta is not None
    answer = await person.post(f"/chat/cancel/{turn.meta['generation_id']}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["status"])


async def under_load(askers: list[Asker], person: Person, seconds: float) -> list[asyncio.Task[None]]:
    """Let everybody go on for a while; they end with the server."""
    tasks = [asyncio.create_task(asker.go_on(person)) for asker in askers]
    await asyncio.wait(tasks, timeout=seconds)
    return tasks


def note_death(askers: list[Asker], waited: float) -> None:
    """The server is killed now: what is under way is cut off.

    Args:
        askers: Everybody.
        waited: Seconds in which it got no processor, which are none that it wasted.
    """
    for asker in askers:
        latest = next(reversed([*asker.turns()]), None)
        if latest is not None and latest.safe_until is None:
            latest.safe_until = time.monotonic() - MAY_BE_LOST_SECONDS - min(waited, MOST_WAITED_SECONDS)


def compare(items: list[Item], turns: list[Turn]) -> None:
    """What a conversation holds against what its writer was told: nothing lost, doubled, reordered or stuck.

    Args:
        items: The shown path, root first.
        turns: In the order in which they were sent.
    """
    asked = [item for item in items if item["role"] == "user"]
    contents = [str(item["content"]) for item in asked]
    assert contents == [turn.content for turn in turns if turn.content in set(contents)], "doubled or reordered"
    assert {turn.content for turn in turns if turn.acknowledged} <= set(contents), "lost"
    by_content = {turn.content: turn for turn in turns}
    answers = {str(item["parent_id"]): item for item in items if item["role"] == "assistant"}
    assert len(answers) == len(items) - len(asked), "two answers to one question"
    for item in asked:
        turn = by_content[str(item["content"])]
        if turn.model:
            _compare_answer(turn, item, answers[str(item["id"])])


def _compare_answer(turn: Turn, question: Item, answer: Item) -> None:
    stored = str(answer["content"])
    assert answer["state"] in ENDS, "stuck"
    if turn.meta is not None:
        assert (question["id"], answer["id"]) == (turn.meta["user_message_id"], turn.meta["assistant_message_id"])
    if turn.stopped is not None:
        assert answer["state"] == turn.stopped
    if turn.done is not None:
        assert (stored, answer["state"], answer["usage"]) == (turn.text(), turn.done["status"], turn.done["usage"])
        return
    safe, heard = "" if turn.safe_until is None else turn.text(turn.safe_until), turn.text()
    assert stored.startswith(safe), f"{len(safe) - len(stored)} characters too many were lost"
    assert stored.startswith(heard) or heard.startswith(stored)
