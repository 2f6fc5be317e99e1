"""What the doubles of all vendors share: a log of what came, the pace of a stream, and its trouble.

Knows no vendor's words.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.peers.answers import Plan
from tests.peers.wire import ClientGone, Reply, Request


@dataclass
class Entry:
    """A request that came.

    Attributes:
        path: What was asked.
        body: The JSON that came with it.
        aborted: The client left before the end.
        finished: The answer went out to its planned end, be it a fault.
        tokens_sent: How many tokens went out.
    """

    path: str
    body: object = None
    aborted: bool = False
    finished: bool = False
    tokens_sent: int = 0


@dataclass(frozen=True)
class Listed:
    """A model in a double's lists."""

    name: str
    label: str
    loaded: bool = True
    vision: bool = False
    reasoning: bool = False


@dataclass
class Double(ABC):
    """A double.

    Attributes:
        api_key: Asked of everybody, when set.
        pause: Seconds between the tokens of ordinary models.
        plain: Leave the models with faults out of the lists.
        log: What came.
        woken: Models that are in memory because somebody asked for them.
    """

    api_key: str | None
    pause: float
    plain: bool
    log: list[Entry] = field(default_factory=list)
    woken: set[str] = field(default_factory=set)

    async def answer(self, request: Request, reply: Reply) -> None:
        """Answer one request."""
        if request.path == "/__log":
            await reply.send_json(200, [asdict(entry) for entry in self.log])
            return
        if request.path == "/__reset":
            self.log.clear()
            self.woken.clear()
            await reply.send_json(200, [])
            return
        entry = Entry(request.path)
        self.log.append(entry)
        try:
            await self.route(request, reply, entry)
        except ClientGone:
            entry.aborted = True
            raise
        entry.finished = True

    @abstractmethod
    async def route(self, request: Request, reply: Reply, entry: Entry) -> None:
        """Answer what is no question about the double itself."""

    def listed(self, faulty: Sequence[str]) -> list[Listed]:
        """The models that the lists show."""
        ordinary = [
            Listed("tiny-chat-1b", "Tiny Chat 1B"),
            Listed("tiny-think-1b", "Tiny Think 1B", reasoning=True),
            Listed("tiny-eyes-2b", "Tiny Eyes 2B", loaded=False, vision=True),
        ]
        shown = ordinary if self.plain else [*ordinary, *(Listed(name, name) for name in faulty)]
        return [replace(model, loaded=model.loaded or model.name in self.woken) for model in shown]


@dataclass
class Stream(ABC):
    """One streamed answer on its way; a vendor says how each of its parts is written."""

    plan: Plan
    reply: Reply
    entry: Entry
    body: dict[str, Any]
    kind = "text/event-stream"
    noise = b'data: {"choices": [{"delta": {"content"\x00\x01\n\n'
    long_start = b"data: "

    def __post_init__(self) -> None:
        self._next = asyncio.get_running_loop().time() + self.plan.first_pause

    @abstractmethod
    async def begin(self) -> None:
        """What stands before the first token."""

    @abstractmethod
    async def token(self, text: str) -> None:
        """A piece of the text."""

    @abstractmethod
    async def thought(self, text: str) -> None:
        """A piece of the reasoning."""

    @abstractmethod
    async def end(self) -> None:
        """What stands behind the last token."""

    @abstractmethod
    def failing(self) -> bytes:
        """An error in the middle of the answer."""

    @abstractmethod
    def badly_encoded(self) -> bytes:
        """A piece that is not UTF-8."""

    async def play(self) -> None:
        """Send it, with its trouble."""
        await self.reply.begin_stream(self.kind)
        await self.begin()
        for thought in self.plan.thoughts:
            await self._paced()
            await self.thought(thought)
            self.entry.tokens_sent += 1
        for number, token in enumerate(self.plan.tokens):
            if self.plan.trouble and number == self.plan.after:
                await self._trouble()
                return
            await self._paced()
            await self.token(token)
            self.entry.tokens_sent += 1
        await self.end()
        await self.reply.end_stream()

    async def _paced(self) -> None:
        # By the clock and not by pauses, so that the pace does not slip.
        self._next += self.plan.pause
        await self.reply.wait(max(0.0, self._next - asyncio.get_running_loop().time()))

    async def _trouble(self) -> None:
        match self.plan.trouble:
            case "cut":
                self.reply.cut()
            case "stall":
                await self.reply.wait(None)
            case "garbage":
                await self.reply.send_chunk(self.noise)
            case "badutf8":
                await self.reply.send_chunk(self.badly_encoded())
            case "longline":
                for _ in range(160):
                    await self.reply.send_chunk(self.long_start + b"a" * 65_536)
            case _:
                await self.reply.send_chunk(self.failing())
        if self.plan.trouble != "cut":
            await self.reply.end_stream()


async def trouble_at_once(plan: Plan, reply: Reply) -> None:
    """Trouble instead of an answer."""
    match plan.trouble:
        case "hang":
            await reply.wait(None)
        case "html":
            await reply.send_whole(200, "text/html", b"<!doctype html><title>Router</title><p>Please sign in.")
        case "noise":
            await reply.send_raw(b"\x16\x03\x01\x02\x00 this is not HTTP\r\n\r\n")
        case _:
            reply.cut()


def words_in(messages: list[dict[str, Any]]) -> int:
    """How many tokens the messages have, a token being a word."""
    return sum(len(str(message.get("content", "")).split()) for message in messages)


def last_question(messages: list[dict[str, Any]]) -> str:
    """The last thing that a person said."""
    return next(str(message["content"]) for message in reversed(messages) if message["role"] == "user")
