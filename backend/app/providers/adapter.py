"""What every adapter stands on: an answer folded from payloads, the one loop that reads it, names, places, deadlines.

Knows no vendor and no dialect.
"""

import ipaddress
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from app.config.settings import ProviderSettings
from app.providers.base import (
    ChatCall,
    Finished,
    Location,
    Model,
    ModelMissing,
    ProviderError,
    ProviderEvent,
    ProviderInterrupted,
    ProviderTimedOut,
    ReasoningDelta,
    TextDelta,
    UsageReport,
    Vector,
)
from app.providers.http import Deadlines, SseLines, Upstream

MAX_NAME: Final = 200
MAX_REASON: Final = 64
_HOME_NAMES: Final = (".localhost", ".local", ".lan", ".internal", ".home.arpa")

SIZES: Final = frozenset(range(1, 8_193))
"""Of vectors; the largest models give out 4,096 numbers."""
EMBED_SECONDS: Final = 30.0

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class Answer(ABC):
    """Folds payloads into events. Pure: knows no connection.

    Attributes:
        done: The server said that nothing follows.
        reason: Its `finish_reason`, once it came.
        started: Whether any text or reasoning came.
        failure: What ended the answer, in the same read as the last of its text.
        usage: Its figures, once they came.
    """

    def __init__(self) -> None:
        self.done = False
        self.reason: str | None = None
        self.started = False
        self.failure: ProviderError | None = None
        self.usage: UsageReport | None = None

    @abstractmethod
    def events_of(self, payload: bytes) -> Iterable[ProviderEvent]:
        """Text and reasoning of one payload; sets `reason`, `usage` and `done` on the way.

        Raises:
            ProviderError: or a kind of it, for an error of the server and for what is not the dialect.
        """

    def read(self, payloads: Iterable[bytes]) -> list[ProviderEvent]:
        """The events of one batch, neighbours of one kind joined.

        Raises:
            ProviderError: or a kind of it. Text that came before it in the same batch is given out first; then it is
                the `failure`.
        """
        found: list[ProviderEvent] = []
        for payload in payloads:
            try:
                found.extend(self.events_of(payload))
            except ProviderError as error:
                if not found:
                    raise
                self.failure = error
                break
            if self.done:
                break
        self.started = self.started or bool(found)
        return _joined(found)

    def held(self) -> Iterator[ProviderEvent]:
        """Text that was held back because it may have meant something else."""
        yield from ()

    def outlives(self, failure: ProviderError) -> bool:
        """Whether the answer is whole although the connection ended so."""
        return self.reason is not None and isinstance(failure, (ProviderTimedOut, ProviderInterrupted))

    def end(self) -> list[ProviderEvent]:
        """The events that end an answer.

        Raises:
            ProviderInterrupted: It was cut: no finish reason came, nor the word that it is over.
            ProviderError: or another of its kinds: its failure.
        """
        if self.failure:
            raise self.failure
        if self.reason is None and not self.done:
            raise ProviderInterrupted
        return [*([self.usage] if self.usage else []), Finished((self.reason or "stop")[:MAX_REASON])]


@dataclass(frozen=True, slots=True)
class Question:
    """A call in a vendor's words, and how its answer is read.

    Attributes:
        path: Where it is posted,
        body: and what.
        answer: Folds what comes back,
        framing: which is cut into payloads so.
        first_token: Seconds to wait for the first token, where it is not the usual time.
    """

    path: str
    body: Mapping[str, object]
    answer: Answer
    framing: type[SseLines] = SseLines
    first_token: float | None = None


class StreamingProvider(ABC):
    """A server that answers over HTTP.

    Args:
        provider_id: Its id here.
        label: For people.
        location: Whether it runs at home.
        upstream: Its connection.
    """

    def __init__(self, provider_id: str, label: str, location: Location, upstream: Upstream) -> None:
        self.id = provider_id
        self.label = label
        self.location = location
        self._upstream = upstream

    @abstractmethod
    async def models(self) -> list[Model]:
        """See Provider."""

    @abstractmethod
    def _question(self, call: ChatCall) -> Question:
        """The call in the vendor's words."""

    def _ready(self, call: ChatCall) -> AbstractAsyncContextManager[object]:  # noqa: ARG002 - for those who prepare
        """What holds while an answer runs; entered before the question is asked."""
        return nullcontext()

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """Answer a call."""
        async with self._ready(call):
            question = self._question(call)
            answer, patience = question.answer, self._upstream.patience(question.first_token)
            batches = self._upstream.events(question.path, question.body, patience, question.framing)
            failure: ProviderError | None = None
            try:
                async with aclosing(batches):
                    async for payloads in batches:
                        events = answer.read(payloads)
                        if answer.started:
                            patience.start()
                        for event in events:
                            yield event
                        if answer.done or answer.failure:
                            break
                        if answer.reason is not None:
                            patience.finish()
            except ProviderError as error:
                failure = error
            for event in answer.held():
                yield event
            if failure and not answer.outlives(failure):
                raise failure
            for event in answer.end():
                yield event

    async def embed(self, model: str, texts: Sequence[str]) -> list[Vector]:  # noqa: ARG002 - for those who can
        """None of its models does."""
        raise ModelMissing

    async def aclose(self) -> None:
        """Give back connections."""
        await self._upstream.aclose()


def deadlines_of(settings: ProviderSettings) -> Deadlines:
    """The settings' deadlines."""
    return Deadlines(settings.connect_seconds, settings.first_token_seconds, settings.idle_seconds)


def in_place(vectors: Sequence[Vector], texts: Sequence[str]) -> list[Vector]:
    """Vectors, one for each text and all of one size.

    Raises:
        ProviderError: They are not.
    """
    sizes = {len(vector) for vector in vectors}
    if len(vectors) != len(texts) or len(sizes) > 1 or not sizes <= SIZES:
        raise ProviderError
    return list(vectors)


def unique(models: Iterable[Model]) -> list[Model]:
    """Models with a usable name, each once."""
    named = {model.id: model for model in models if 0 < len(model.id) <= MAX_NAME}
    return list(named.values())


def location_of(url: str) -> Location:
    """Whether an address is in the house: loopback, private or a name without a public ending."""
    host = urlsplit(url).hostname or ""
    try:
        at_home = not ipaddress.ip_address(host).is_global
    except ValueError:
        at_home = "." not in host or host.endswith(_HOME_NAMES)
    return "home" if at_home else "remote"


def _joined(events: list[ProviderEvent]) -> list[ProviderEvent]:
    if len(events) < 2:  # noqa: PLR2004 - nothing to join
        return events
    joined: list[ProviderEvent] = []
    for kind, group in groupby(events, type):
        text = "".join([event.text for event in group if isinstance(event, (TextDelta, ReasoningDelta))])
        joined.append(ReasoningDelta(text) if kind is ReasoningDelta else TextDelta(text))
    return joined
