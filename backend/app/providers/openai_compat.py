"""The chat-completions dialect that most model servers speak, and the provider that speaks nothing else.

Reads a stranger's JSON: every field may be absent; what has the wrong type is a ProviderError. Knows no HTTP library.
"""

import ipaddress
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
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
    ModelKind,
    ProviderError,
    ProviderEvent,
    ProviderInterrupted,
    ProviderTimedOut,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.http import MALFORMED, Deadlines, Upstream, bearer, failure_kind

MAX_NAME: Final = 200
_MAX_REASON: Final = 64
_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"
_DONE: Final = b"[DONE]"
_HOME_NAMES: Final = (".localhost", ".local", ".lan", ".internal", ".home.arpa")

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class Choice(msgspec.Struct):
    delta: Delta | None = None
    finish_reason: str | None = None


class Usage(msgspec.Struct):
    prompt_tokens: Count = 0
    completion_tokens: Count = 0


class Chunk(msgspec.Struct):
    choices: list[Choice] | None = None
    usage: Usage | None = None
    error: msgspec.Raw = msgspec.Raw()


class ListedModel(msgspec.Struct):
    id: str


class ModelList(msgspec.Struct):
    data: list[ListedModel]


_chunk = msgspec.json.Decoder(Chunk)


class InlineThinking:
    """Tells `<think>…</think>` at the start of the text from the answer, however the pieces are split."""

    def __init__(self) -> None:
        self._held = ""
        self._tag: str | None = _OPEN
        self._fresh = False

    def feed(self, text: str) -> Iterator[ProviderEvent]:
        """Take a piece of text; what may be part of a tag is held back."""
        if self._tag is None:
            yield from self._answer(text)
            return
        self._held += text
        if self._tag == _OPEN:
            yield from self._opening()
        if self._tag == _CLOSE:
            yield from self._thinking()

    def end(self) -> Iterator[ProviderEvent]:
        """Give out what was held back."""
        if self._held:
            yield ReasoningDelta(self._held) if self._tag == _CLOSE else TextDelta(self._held)
            self._held = ""

    def _opening(self) -> Iterator[ProviderEvent]:
        start = self._held.lstrip()
        if start.startswith(_OPEN):
            self._tag, self._held, self._fresh = _CLOSE, start[len(_OPEN) :], True
        elif not _OPEN.startswith(start):
            self._tag = None
            yield from self.end()

    def _thinking(self) -> Iterator[ProviderEvent]:
        thought, closed, rest = self._held.partition(_CLOSE)
        kept = 0 if closed else _overlap(thought, _CLOSE)
        self._held = thought[len(thought) - kept :]
        if thought := self._trimmed(thought[: len(thought) - kept]):
            yield ReasoningDelta(thought)
        if closed:
            self._tag, self._held, self._fresh = None, "", True
            yield from self._answer(rest)

    def _answer(self, text: str) -> Iterator[ProviderEvent]:
        if text := self._trimmed(text):
            yield TextDelta(text)

    def _trimmed(self, text: str) -> str:
        # Empty lines beside a tag belong neither to the thoughts nor to the answer.
        if self._fresh:
            text = text.lstrip("\n")
            self._fresh = not text
        return text


class Answer:
    """Folds `data:` payloads into events. Pure: knows no connection.

    Attributes:
        done: The server said that nothing follows.
        reason: Its `finish_reason`, once it came.
        started: Whether any text or reasoning came.
        failure: What ended the answer, in the same read as the last of its text.
    """

    def __init__(self) -> None:
        self.done = False
        self.reason: str | None = None
        self.started = False
        self.failure: ProviderError | None = None
        self._usage: UsageReport | None = None
        self._thinking = InlineThinking()

    def read(self, payloads: Iterable[bytes]) -> list[ProviderEvent]:
        """The events of one batch, neighbours of one kind joined.

        Raises:
            ProviderError: or a kind of it, for an error of the server and for what is not the dialect. Text that came
                before it in the same batch is given out first; then it is the `failure`.
        """
        found: list[ProviderEvent] = []
        for payload in payloads:
            if payload == _DONE:
                self.done = True
                break
            try:
                found.extend(self._chunk_events(payload))
            except ProviderError as error:
                if not found:
                    raise
                self.failure = error
                break
        self.started = self.started or bool(found)
        return _joined(found)

    def held(self) -> Iterator[ProviderEvent]:
        """Text that was held back because it may have been the start of a tag."""
        return self._thinking.end()

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
        return [*([self._usage] if self._usage else []), Finished(self.reason or "stop")]

    def _chunk_events(self, payload: bytes) -> Iterator[ProviderEvent]:
        try:
            chunk = _chunk.decode(payload)
        except MALFORMED:
            raise ProviderError from None
        if (error := bytes(chunk.error)) not in {b"", b"null"}:
            raise failure_kind(error.decode(errors="replace"))
        if chunk.usage:
            self._usage = UsageReport(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        for choice in (chunk.choices or [])[:1]:
            yield from self._delta_events(choice.delta or Delta())
            if choice.finish_reason:
                self.reason = choice.finish_reason[:_MAX_REASON]

    def _delta_events(self, delta: Delta) -> Iterator[ProviderEvent]:
        if thought := delta.reasoning_content or delta.reasoning:
            yield ReasoningDelta(thought)
        if delta.content:
            yield from self._thinking.feed(delta.content)


class OpenAICompatProvider:
    """A server of the dialect.

    Args:
        provider_id: Its id here.
        label: For people.
        location: Whether it runs at home.
        upstream: Its connection.
        prefix: What stands before `/chat/completions` under the connection's root.
    """

    def __init__(
        self, provider_id: str, label: str, location: Location, upstream: Upstream, *, prefix: str = ""
    ) -> None:
        self.id = provider_id
        self.label = label
        self.location = location
        self._upstream = upstream
        self._prefix = prefix

    async def models(self) -> list[Model]:
        """The dialect's own list, which tells names only."""
        return await self._listed(self._upstream.soon())

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """Answer a call."""
        answer, patience = Answer(), self._upstream.patience()
        batches = self._upstream.events(f"{self._prefix}/chat/completions", _body(call), patience)
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

    async def aclose(self) -> None:
        """Give back connections."""
        await self._upstream.aclose()

    async def _listed(self, until: float) -> list[Model]:
        listed = await self._upstream.get_json(f"{self._prefix}/models", ModelList, until)
        return unique(
            Model(name.id, self.id, name.id, kind=kind_of(name.id), location=self.location) for name in listed.data
        )


def openai_compat(settings: ProviderSettings, base_url: str) -> OpenAICompatProvider:
    """The server that the settings name."""
    upstream = Upstream(base_url, bearer(settings.openai_compat_api_key), deadlines_of(settings))
    return OpenAICompatProvider("openai_compat", "OpenAI-compatible server", location_of(base_url), upstream)


def deadlines_of(settings: ProviderSettings) -> Deadlines:
    """The settings' deadlines."""
    return Deadlines(settings.connect_seconds, settings.first_token_seconds, settings.idle_seconds)


def kind_of(name: str) -> ModelKind:
    """What a model is for, when its server tells nothing but the name."""
    return "embedding" if name.startswith("text-embedding-") else "chat"


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


def _body(call: ChatCall) -> dict[str, object]:
    wishes = {"temperature": call.temperature, "top_p": call.top_p, "max_tokens": call.max_tokens}
    return {
        "model": call.model,
        "messages": [{"role": message.role, "content": message.content} for message in call.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        **{name: value for name, value in wishes.items() if value is not None},
    }


def _joined(events: list[ProviderEvent]) -> list[ProviderEvent]:
    joined: list[ProviderEvent] = []
    for kind, group in groupby(events, type):
        text = "".join(event.text for event in group if isinstance(event, (TextDelta, ReasoningDelta)))
        joined.append(ReasoningDelta(text) if kind is ReasoningDelta else TextDelta(text))
    return joined


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of the text may be the start of the tag."""
    return next((size for size in range(min(len(text), len(tag) - 1), 0, -1) if text.endswith(tag[:size])), 0)
