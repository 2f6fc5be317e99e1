"""The only writer of running answers: publishes at once, stores by the clock for all together, ends each once."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import OmniError
from app.db.session import Database
from app.domain.conversations import repository as conversations
from app.domain.conversations.errors import ConversationMissing
from app.domain.conversations.repository import Partial
from app.domain.generations import repository as generations
from app.domain.quotas import service as quotas
from app.providers.base import UsageReport
from app.services.chat.events import (
    ChatEvent,
    DeltaEvent,
    DoneEvent,
    ErrorEvent,
    MetaEvent,
    QueueEvent,
    ReasoningEvent,
    SelectionNote,
    TokenUsage,
    UsageEvent,
    encode,
)
from app.services.chat.prompt import estimate_tokens
from app.services.generation.bus import GenerationBus
from app.services.generation.manager import Ending
from app.services.model_selection import Choice
from app.services.seats import Place

log = structlog.get_logger(__name__)

FLUSH_SECONDS: Final = 0.3
"""Below the 500 ms of partial text that a crash may cost."""
BEAT_SECONDS: Final = 5.0
"""A run whose heart has not beaten for many of these is dead."""


PIECE_CHARS: Final = 8_192
"""Of one event at most: it is what each reader who does not read may hold up, in a copy of their own."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an answer that goes on had come to before: its text, its reasoning and the tokens that both took."""

    text: str
    thoughts: str | None
    prompt_tokens: int
    completion_tokens: int


@dataclass(slots=True)
class Draft:
    """An answer as far as it has come.

    Attributes:
        meta: The first event of its stream.
        prompt_tokens: Estimated, used when the server reports nothing.
        started_at: On the loop's clock, seconds.
        state: Whether it waits for its model server.
        earlier: What there was of it before this run.
        announced: Whether `meta` was said; nothing of it changes afterwards.
    """

    meta: MetaEvent
    owner_id: str
    prompt_tokens: int
    started_at: float
    state: Literal["queued", "streaming"] = "streaming"
    earlier: Earlier | None = None
    announced: bool = False
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    first_at: float | None = None
    usage: UsageReport | None = None
    finish_reason: str | None = None
    dirty: bool = False

    @property
    def generation_id(self) -> str:
        """The run."""
        return self.meta.generation_id

    @property
    def message_id(self) -> str:
        """The answer."""
        return self.meta.assistant_message_id

    @property
    def content(self) -> str:
        """The text so far."""
        return (self.earlier.text if self.earlier else "") + "".join(self.text)

    @property
    def thoughts(self) -> str | None:
        """The reasoning so far, None where there is none."""
        return ((self.earlier.thoughts or "") if self.earlier else "") + "".join(self.reasoning) or None

    def partial(self) -> Partial:
        """What is stored of it while it runs; on the way the pieces so far become one."""
        self.text, self.reasoning = ["".join(self.text)], ["".join(self.reasoning)]
        return Partial(self.owner_id, self.message_id, self.content, self.thoughts, self.state)

    def token_usage(self) -> TokenUsage:
        """Counts of this run as reported, else estimated."""
        if self.usage is not None:
            prompt, completion = self.usage.prompt_tokens, self.usage.completion_tokens
            return TokenUsage(prompt, completion, prompt + completion, estimated=False)
        completion = estimate_tokens("".join((*self.text, *self.reasoning)))
        return TokenUsage(self.prompt_tokens, completion, self.prompt_tokens + completion, estimated=True)


class Recorder:
    """Keeps the drafts of one process.

    Args:
        database: Where answers are stored.
        bus: Where they are read.
    """

    def __init__(self, database: Database, bus: GenerationBus) -> None:
        self._database = database
        self._bus = bus
        self._drafts: dict[str, Draft] = {}

    def begin(self, draft: Draft) -> None:
        """Open the stream of an answer whose rows are committed."""
        self._drafts[draft.generation_id] = draft
        self._bus.open(draft.generation_id)

    def announce(self, draft: Draft) -> None:
        """Say `meta`, and what there was of the answer before; saying it again changes nothing."""
        if draft.announced:
            return
        draft.announced = True
        self._publish(draft, draft.meta)
        for piece in _pieces((draft.earlier and draft.earlier.thoughts) or ""):
            self._publish(draft, ReasoningEvent(piece))
        for piece in _pieces(draft.earlier.text if draft.earlier else ""):
            self._publish(draft, DeltaEvent(piece))

    def queue(self, draft: Draft, place: Place) -> None:
        """Say where the answer stands in its model server's queue."""
        self.announce(draft)
        self._publish(draft, QueueEvent(place.position, place.ahead, place.estimate_seconds))

    def start(self, draft: Draft) -> None:
        """The model server takes the question now."""
        if draft.state == "queued":
            draft.state, draft.dirty = "streaming", True

    async def move(self, draft: Draft, choice: Choice) -> None:
        """Let another model answer, of which nothing was announced yet.

        Raises:
            OmniError: It could not be stored.
        """
        model, generation_id = choice.model, draft.generation_id

        def write(session: Session) -> None:
            conversations.set_answering(session, draft.owner_id, draft.message_id, model.provider, model.id)
            generations.set_answering(session, generation_id, model.provider, model.id)
            quotas.set_answering(session, generation_id, model.provider, model.id)

        await self._database.write(write)
        note = SelectionNote(choice.source, choice.fallback_from, choice.reason)
        draft.meta = replace(draft.meta, provider=model.provider, model=model.id, selection=note)

    def add_text(self, draft: Draft, text: str) -> None:
        """More of the answer."""
        self._mark(draft)
        draft.text.append(text)
        for piece in _pieces(text):
            self._publish(draft, DeltaEvent(piece))

    def add_reasoning(self, draft: Draft, text: str) -> None:
        """More of what the model thinks aloud."""
        self._mark(draft)
        draft.reasoning.append(text)
        for piece in _pieces(text):
            self._publish(draft, ReasoningEvent(piece))

    async def flush_forever(self) -> None:
        """Store what has come, for all answers in one transaction, again and again. Runs until cancelled."""
        beat_at = 0.0
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            time = asyncio.get_running_loop().time()
            beats = time >= beat_at
            try:
                await self._flush(beats=beats)
                beat_at = time + BEAT_SECONDS if beats else beat_at
            except OmniError as error:
                # The text stays in the draft and is stored with the next round or with the ending.
                log.warning("flush_postponed", error=error.code.value)

    async def end(self, draft: Draft, ending: Ending) -> None:
        """Write the one ending, then say it.

        Raises:
            OmniError: It could not be stored; nothing was said and it may be tried again.
        """
        elapsed_ms = self._milliseconds(draft, asyncio.get_running_loop().time())
        claimed = await self._database.write(lambda session: self._write_ending(session, draft, ending, elapsed_ms))
        self._drafts.pop(draft.generation_id, None)
        if not claimed:
            gone = ConversationMissing()
            self._bus.expel(draft.generation_id, *encode(self._error_event(draft, gone)))
            return
        self.announce(draft)
        usage = draft.token_usage()
        spoke = draft.first_at is not None or draft.usage is not None
        if spoke:
            self._publish(
                draft, UsageEvent(usage.prompt_tokens, usage.completion_tokens, usage.total_tokens, usage.estimated)
            )
        if ending.error is not None:
            self._publish(draft, self._error_event(draft, ending.error))
        ttft_ms = None if draft.first_at is None else self._milliseconds(draft, draft.first_at)
        done = DoneEvent(
            ending.status, draft.message_id, draft.finish_reason, usage if spoke else None, ttft_ms, elapsed_ms
        )
        self._publish(draft, done)

    def _mark(self, draft: Draft) -> None:
        draft.dirty = True
        if not draft.announced:
            self.announce(draft)
        if draft.first_at is None:
            draft.first_at = asyncio.get_running_loop().time()

    def _publish(self, draft: Draft, event: ChatEvent) -> None:
        self._bus.publish(draft.generation_id, *encode(event))

    async def _flush(self, *, beats: bool) -> None:
        dirty = [draft for draft in self._drafts.values() if draft.dirty]
        alive = [draft.generation_id for draft in (self._drafts.values() if beats else dirty)]
        if not alive:
            return
        partials = [draft.partial() for draft in dirty]
        for draft in dirty:
            draft.dirty = False

        def write(session: Session) -> None:
            conversations.save_partials(session, partials)
            generations.beat(session, alive, [draft.generation_id for draft in dirty], now())

        try:
            await self._database.write(write)
        except OmniError:
            for draft in dirty:
                draft.dirty = True
            raise

    def _write_ending(self, session: Session, draft: Draft, ending: Ending, elapsed_ms: int) -> bool:
        moment = now()
        spent = draft.token_usage()
        came = draft.first_at is not None or spent.completion_tokens > 0
        quotas.settle(session, draft.generation_id, (spent.prompt_tokens, spent.completion_tokens) if came else None)
        error_code = ending.error.code.value if ending.error else None
        if not generations.claim_ending(
            session, draft.generation_id, status=ending.status, error_code=error_code, now=moment
        ):
            return False
        columns = self._columns(draft, spent, came=came) | {
            "state": ending.status,
            "error_code": error_code,
            "elapsed_ms": elapsed_ms,
            "updated_at": moment,
        }
        conversations.save_ending(session, draft.owner_id, draft.message_id, columns)
        conversation_id = draft.meta.conversation_id
        active = generations.newest_active_id(session, draft.owner_id, conversation_id)
        conversations.note_ending(session, draft.owner_id, conversation_id, active, moment)
        return True

    def _columns(self, draft: Draft, spent: TokenUsage, *, came: bool) -> dict[str, object]:
        columns: dict[str, object] = {
            "content": draft.content,
            "reasoning": draft.thoughts,
            "finish_reason": draft.finish_reason,
        }
        if came:
            before = draft.earlier or Earlier("", None, 0, 0)
            columns["prompt_tokens"] = before.prompt_tokens + spent.prompt_tokens
            columns["completion_tokens"] = before.completion_tokens + spent.completion_tokens
            columns["usage_estimated"] = spent.estimated
        if draft.first_at is not None:
            columns["ttft_ms"] = self._milliseconds(draft, draft.first_at)
        return columns

    @staticmethod
    def _error_event(draft: Draft, error: OmniError) -> ErrorEvent:
        return ErrorEvent(error.code.value, error.text, error.retryable, draft.meta.request_id, error.retry_after)

    @staticmethod
    def _milliseconds(draft: Draft, moment: float) -> int:
        return round((moment - draft.started_at) * 1000)


def _pieces(text: str) -> Iterable[str]:
    if len(text) <= PIECE_CHARS:
        return (text,) if text else ()
    return (text[begin : begin + PIECE_CHARS] for begin in range(0, len(text), PIECE_CHARS))
