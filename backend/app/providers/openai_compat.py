"""The dialect that most model servers speak: `/models`, streamed `/chat/completions`. Tolerant of unknown fields."""

import ipaddress
from collections.abc import AsyncGenerator, Iterator
from typing import Final
from urllib.parse import urlsplit

import msgspec

from app.providers.base import (
    ChatCall,
    Finished,
    Location,
    Model,
    ModelKind,
    ProviderError,
    ProviderEvent,
    ProviderInterrupted,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.http import Upstream, kind_of

DONE: Final = b"[DONE]"
THINK_OPEN: Final = "<think>"
THINK_CLOSE: Final = "</think>"
EMBEDDING_PREFIXES: Final = ("text-embedding-", "text-embedding.", "embed-")


class _Listed(msgspec.Struct):
    id: str


class _List(msgspec.Struct):
    data: list[_Listed]


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: msgspec.Raw | None = None


_decode: Final = msgspec.json.Decoder(_Chunk).decode


class ThinkSplitter:
    """Separates a leading `<think>…</think>` from the text, also where a tag is split over two pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._inside: bool | None = None

    def feed(self, text: str) -> Iterator[ProviderEvent]:
        """The events that a piece makes."""
        if self._inside is False:
            yield TextDelta(text)
            return
        self._held += text
        if self._inside is None:
            start = self._held.lstrip()
            if start.startswith(THINK_OPEN):
                self._inside, self._held = True, start.removeprefix(THINK_OPEN)
            elif not THINK_OPEN.startswith(start):
                self._inside = False
                yield from self.flush()
                return
        if self._inside:
            yield from self._thinking()

    def flush(self) -> Iterator[ProviderEvent]:
        """What was held back, at the end."""
        held, self._held = self._held, ""
        if held:
            yield ReasoningDelta(held) if self._inside else TextDelta(held)

    def _thinking(self) -> Iterator[ProviderEvent]:
        thought, closing, rest = self._held.partition(THINK_CLOSE)
        if closing:
            self._inside, self._held = False, ""
            if thought:
                yield ReasoningDelta(thought)
            if rest.lstrip():
                yield TextDelta(rest.lstrip())
            return
        keep = next((n for n in range(len(THINK_CLOSE) - 1, 0, -1) if thought.endswith(THINK_CLOSE[:n])), 0)
        sure, self._held = thought[: len(thought) - keep], thought[len(thought) - keep :]
        if sure:
            yield ReasoningDelta(sure)


class _Reading:
    """Turns the chunks of one answer into events."""

    def __init__(self) -> None:
        self.begun = False
        self.usage: UsageReport | None = None
        self.reason: str | None = None
        self.done = False
        self._splitter = ThinkSplitter()

    def batch(self, payloads: list[bytes]) -> Iterator[ProviderEvent]:
        """The events of one read, text of the same kind joined."""
        text: list[str] = []
        reasoning = False
        for event in self._events(payloads):
            is_reasoning = isinstance(event, ReasoningDelta)
            if text and is_reasoning != reasoning:
                yield _joined(text, reasoning=reasoning)
                text = []
            reasoning = is_reasoning
            text.append(event.text)
        if text:
            yield _joined(text, reasoning=reasoning)

    def held(self) -> Iterator[ProviderEvent]:
        """Text that looked like the beginning of a tag and was none."""
        return self._splitter.flush()

    def rest(self) -> Iterator[ProviderEvent]:
        """What comes after the last chunk.

        Raises:
            ProviderInterrupted: There was no regular end.
        """
        yield from self.held()
        if self.reason is None and not self.done:
            raise ProviderInterrupted
        if self.usage is not None:
            yield self.usage
        yield Finished(self.reason or "stop")

    def _events(self, payloads: list[bytes]) -> Iterator[TextDelta | ReasoningDelta]:
        for payload in payloads:
            if payload == DONE:
                self.done = True
                return
            try:
                chunk = _decode(payload)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise ProviderError from None
            if chunk.error is not None:
                raise kind_of(bytes(chunk.error).lower())
            if chunk.usage is not None:
                self.usage = UsageReport(max(0, chunk.usage.prompt_tokens), max(0, chunk.usage.completion_tokens))
            for choice in chunk.choices or ():
                self.reason = choice.finish_reason or self.reason
                for event in self._choice(choice.delta):
                    self.begun = True
                    yield event

    def _choice(self, delta: _Delta | None) -> Iterator[TextDelta | ReasoningDelta]:
        if delta is None:
            return
        if thought := delta.reasoning_content or delta.reasoning:
            yield ReasoningDelta(thought)
        if delta.content:
            for event in self._splitter.feed(delta.content):
                if isinstance(event, (TextDelta, ReasoningDelta)):
                    yield event


class OpenAICompatProvider:
    """Any server that speaks the OpenAI chat protocol.

    Args:
        upstream: How to reach it.
        provider_id: Its id here.
        label: Its name for people.
        location: Where it runs; by its address when None.
    """

    def __init__(
        self,
        upstream: Upstream,
        *,
        provider_id: str = "openai_compat",
        label: str = "OpenAI-compatible server",
        location: Location | None = None,
    ) -> None:
        self.id = provider_id
        self.label = label
        self.location: Location = location or location_of(upstream.base_url)
        self._upstream = upstream

    async def models(self) -> list[Model]:
        """See Provider."""
        document = await self._upstream.get_json(f"{self._upstream.base_url}/models")
        try:
            listed = msgspec.convert(document, _List)
        except msgspec.ValidationError:
            # LM Studio answers unknown paths with 200 and an error text: a success without the shape is none.
            raise ProviderError from None
        return [
            Model(entry.id, self.id, entry.id, kind=kind_by_name(entry.id), location=self.location)
            for entry in listed.data
        ]

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """See Provider."""
        reading = _Reading()
        url = f"{self._upstream.base_url}/chat/completions"
        batches = self._upstream.stream(url, body_of(call), lambda: reading.begun)
        try:
            async for payloads in batches:
                for event in reading.batch(payloads):
                    yield event
                if reading.done:
                    break
        except ProviderInterrupted:
            for event in reading.held():
                yield event
            if reading.reason is None:
                raise
        finally:
            await batches.aclose()
        for event in reading.rest():
            yield event

    async def aclose(self) -> None:
        """See Provider."""
        await self._upstream.aclose()


def body_of(call: ChatCall) -> dict[str, object]:
    """The request's body; what is None is left to the server."""
    body: dict[str, object] = {
        "model": call.model,
        "messages": [{"role": message.role, "content": message.content} for message in call.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    settings = {"temperature": call.temperature, "top_p": call.top_p, "max_tokens": call.max_tokens}
    return body | {name: value for name, value in settings.items() if value is not None}


def kind_by_name(model_id: str) -> ModelKind:
    """What a server that does not say its models' kinds probably means."""
    return "embedding" if model_id.lower().startswith(EMBEDDING_PREFIXES) else "chat"


def location_of(url: str) -> Location:
    """`home` for loopback and private addresses, else `remote`."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return "home"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "remote"
    return "home" if address.is_private or address.is_loopback else "remote"


def _joined(text: list[str], *, reasoning: bool) -> ProviderEvent:
    whole = text[0] if len(text) == 1 else "".join(text)
    return ReasoningDelta(whole) if reasoning else TextDelta(whole)
