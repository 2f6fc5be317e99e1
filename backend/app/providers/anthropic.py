"""Anthropic's Messages API, and whatever else speaks it: its pages of models, its named events for an answer.

Thinking is not asked for; where a server thinks all the same, its thoughts are reasoning.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Final
from urllib.parse import quote

import msgspec
from pydantic import SecretStr

from app.config.settings import ProviderSettings
from app.providers.adapter import MAX_NAME, Answer, Count, Question, StreamingProvider, deadlines_of, unique
from app.providers.base import (
    Capabilities,
    ChatCall,
    Model,
    ModelMissing,
    ProviderBusy,
    ProviderError,
    ProviderEvent,
    ProviderTimedOut,
    ReasoningDelta,
    SamplingRefused,
    TextDelta,
    UsageReport,
)
from app.providers.http import MALFORMED, SseLines, Upstream, failure_kind

VERSION: Final = b"2023-06-01"
_PAGES: Final = 10
_PAGE: Final = 1_000
_WINDOW: Final = 200_000  # of every model since 2023 whose length is not told
_LONGEST: Final = 8_192  # an answer of a model that does not tell how long one may be
_USUAL: Final = 16_384  # an answer for which nobody named a length
_HOTTEST: Final = 1.0  # other dialects go up to 2
_PING_BYTES: Final = 32
_REASONS: Final = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
"""Why an answer ended, in the words that the other dialects use."""
_KINDS: Final[dict[str, type[ProviderError]]] = {
    "overloaded_error": ProviderBusy,
    "rate_limit_error": ProviderBusy,
    "timeout_error": ProviderTimedOut,
    "not_found_error": ModelMissing,
}

Tokens = Annotated[int, msgspec.Meta(gt=0, lt=2**31)]


class Support(msgspec.Struct):
    supported: bool = False


class Abilities(msgspec.Struct):
    image_input: Support | None = None
    thinking: Support | None = None


class ListedModel(msgspec.Struct):
    id: str
    display_name: str | None = None
    max_input_tokens: Tokens | None = None
    max_tokens: Tokens | None = None
    capabilities: Abilities | None = None


class ModelPage(msgspec.Struct):
    data: list[ListedModel]
    has_more: bool = False
    last_id: str | None = None


class Figures(msgspec.Struct):
    input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    output_tokens: Count | None = None

    @property
    def read(self) -> int:
        """Tokens of the prompt, wherever they came from."""
        return (self.input_tokens or 0) + (self.cache_creation_input_tokens or 0) + (self.cache_read_input_tokens or 0)


class Message(msgspec.Struct):
    usage: Figures | None = None


class Delta(msgspec.Struct):
    text: str | None = None
    thinking: str | None = None
    stop_reason: str | None = None


class Failure(msgspec.Struct):
    type: str = ""
    message: str = ""


class Event(msgspec.Struct):
    """Any event of the stream; `type` tells which of the others are there."""

    type: str
    message: Message | None = None
    delta: Delta | None = None
    usage: Figures | None = None
    error: Failure | None = None


_event = msgspec.json.Decoder(Event)


class PinglessLines(SseLines):
    """Events without the pings: a server that only pings is not getting on with its answer."""

    __slots__ = ()

    def _payloads(self, lines: list[bytes]) -> list[bytes]:
        payloads = super()._payloads(lines)
        return [payload for payload in payloads if len(payload) > _PING_BYTES or b'"ping"' not in payload]


class EventsAnswer(Answer):
    """Reads the events of a message."""

    def __init__(self) -> None:
        super().__init__()
        self._read = 0

    def events_of(self, payload: bytes) -> Iterator[ProviderEvent]:
        """Text and reasoning of one event."""
        try:
            event = _event.decode(payload)
        except MALFORMED:
            raise ProviderError from None
        match event.type:
            case "message_start" if event.message and event.message.usage:
                self._read = event.message.usage.read
            case "content_block_delta":
                yield from _said(event.delta or Delta())
            case "message_delta":
                self._close(event)
            case "message_stop":
                self.done = True
            case "error":
                raise _kind_of(event.error or Failure())
            case _:
                pass  # blocks beginning and ending, and what is still to be invented

    def _close(self, event: Event) -> None:
        if event.delta and (reason := event.delta.stop_reason):
            self.reason = _REASONS.get(reason, reason)
        if event.usage and event.usage.output_tokens is not None:
            self.usage = UsageReport(event.usage.read or self._read, event.usage.output_tokens)


class AnthropicProvider(StreamingProvider):
    """Anthropic.

    Args:
        upstream: Connection to the server's root, bearing the key.
    """

    def __init__(self, upstream: Upstream) -> None:
        super().__init__("anthropic", "Anthropic", "remote", upstream)
        self._longest: dict[str, int] = {}
        self._set_in_their_ways: set[str] = set()

    async def models(self) -> list[Model]:
        """Every page of its list, within one deadline."""
        until = self._upstream.soon()
        listed: list[ListedModel] = []
        path = f"/v1/models?limit={_PAGE}"
        for _ in range(_PAGES):
            page = await self._upstream.get_json(path, ModelPage, until)
            listed += page.data
            if not page.has_more or not page.last_id:
                break
            path = f"/v1/models?limit={_PAGE}&after_id={quote(page.last_id, safe='')}"
        self._longest = {entry.id: entry.max_tokens for entry in listed if entry.max_tokens}
        return unique(self._model(entry) for entry in listed)

    async def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """Answer a call; newer models refuse to be told a temperature, and are asked without."""
        if call.model not in self._set_in_their_ways:
            try:
                async with aclosing(super().stream(call)) as events:
                    async for event in events:
                        yield event
            except SamplingRefused:
                self._set_in_their_ways.add(call.model)
            else:
                return
        async with aclosing(super().stream(replace(call, temperature=None, top_p=None))) as events:
            async for event in events:
                yield event

    def _question(self, call: ChatCall) -> Question:
        system = [message.content for message in call.messages if message.role == "system"]
        turns = [{"role": turn.role, "content": turn.content} for turn in call.messages if turn.role != "system"]
        longest = self._longest.get(call.model, _LONGEST)
        body: dict[str, object] = {
            "model": call.model,
            "messages": turns,
            "max_tokens": min(call.max_tokens or _USUAL, longest),
            "stream": True,
        }
        if system:
            body["system"] = "\n\n".join(system)
        if call.temperature is not None:
            body["temperature"] = min(call.temperature, _HOTTEST)
        elif call.top_p is not None:
            body["top_p"] = call.top_p  # never both: most models refuse that
        return Question("/v1/messages", body, EventsAnswer(), PinglessLines)

    def _model(self, entry: ListedModel) -> Model:
        able = entry.capabilities or Abilities()
        return Model(
            id=entry.id,
            provider=self.id,
            label=(entry.display_name or entry.id)[:MAX_NAME],
            context_length=entry.max_input_tokens or _WINDOW,
            capabilities=Capabilities(
                vision=bool(able.image_input and able.image_input.supported),
                tools=True,
                reasoning=bool(able.thinking and able.thinking.supported),
            ),
            location=self.location,
        )


def anthropic(settings: ProviderSettings, api_key: SecretStr) -> AnthropicProvider:
    """The server that the settings name."""
    headers = [(b"x-api-key", api_key.get_secret_value().strip().encode()), (b"anthropic-version", VERSION)]
    root = settings.anthropic_base_url.removesuffix("/v1")
    return AnthropicProvider(Upstream(root, headers, deadlines_of(settings)))


def _said(delta: Delta) -> Iterator[ProviderEvent]:
    if delta.thinking:
        yield ReasoningDelta(delta.thinking)
    if delta.text:
        yield TextDelta(delta.text)


def _kind_of(failure: Failure) -> type[ProviderError]:
    return _KINDS.get(failure.type) or failure_kind(failure.message)
