"""The chat-completions dialect that most model servers speak, and the provider that speaks nothing else.

Reads a stranger's JSON: every field may be absent; what has the wrong type is a ProviderError. Knows no HTTP library.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from app.config.settings import ProviderSettings
from app.providers.adapter import (
    EMBED_SECONDS,
    Answer,
    Count,
    Question,
    StreamingProvider,
    deadlines_of,
    in_place,
    location_of,
    unique,
)
from app.providers.base import (
    ChatCall,
    Location,
    Model,
    ModelKind,
    ProviderError,
    ProviderEvent,
    ReasoningDelta,
    TextDelta,
    UsageReport,
    Vector,
)
from app.providers.http import MALFORMED, Upstream, bearer, failure_kind
from app.providers.thinking import InlineThinking

_DONE: Final = b"[DONE]"
_NO_ERROR: Final = msgspec.Raw()
_EMBEDDING: Final = re.compile(r"embed|(?:^|[/_-])(?:bge|gte|e5|minilm)[-_.]|all-minilm")
"""What the names of embedding models have in common: nomic-embed-text, bge-m3, multilingual-e5-large, all-minilm."""


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
    error: msgspec.Raw = _NO_ERROR


class ListedModel(msgspec.Struct):
    id: str


class ModelList(msgspec.Struct):
    data: list[ListedModel]


class Embedding(msgspec.Struct):
    embedding: Vector
    index: Count


class EmbeddingList(msgspec.Struct):
    data: list[Embedding]


_chunk = msgspec.json.Decoder(Chunk)


class ChunkedAnswer(Answer):
    """Reads the dialect's chunks."""

    def __init__(self) -> None:
        super().__init__()
        self._thinking = InlineThinking()

    def events_of(self, payload: bytes) -> Iterable[ProviderEvent]:
        """Text and reasoning of one chunk."""
        if payload == _DONE:
            self.done = True
            return ()
        try:
            chunk = _chunk.decode(payload)
        except MALFORMED:
            raise ProviderError from None
        if chunk.error is not _NO_ERROR and (error := bytes(chunk.error)) not in {b"", b"null"}:
            raise failure_kind(error.decode(errors="replace"))
        if chunk.usage:
            self.usage = UsageReport(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        if not chunk.choices:
            return ()
        choice = chunk.choices[0]
        if choice.finish_reason:
            self.reason = choice.finish_reason
        return self._delta_events(choice.delta) if choice.delta else ()

    def held(self) -> Iterator[ProviderEvent]:
        """Text that may have been the start of a tag."""
        return self._thinking.end()

    def _delta_events(self, delta: Delta) -> Iterable[ProviderEvent]:
        thought = delta.reasoning_content or delta.reasoning
        if self._thinking.over and not thought:
            return (TextDelta(delta.content),) if delta.content else ()
        spoken = self._thinking.feed(delta.content) if delta.content else ()
        return (ReasoningDelta(thought), *spoken) if thought else spoken


class OpenAICompatProvider(StreamingProvider):
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
        super().__init__(provider_id, label, location, upstream)
        self._prefix = prefix

    async def models(self) -> list[Model]:
        """The dialect's own list, which tells names only."""
        return await self._listed(self._upstream.soon())

    async def embed(self, model: str, texts: Sequence[str]) -> list[Vector]:
        """The dialect's vectors, which name the text that they belong to."""
        until = asyncio.get_running_loop().time() + EMBED_SECONDS
        body = {"model": model, "input": list(texts)}
        made = await self._upstream.post_json(f"{self._prefix}/embeddings", body, EmbeddingList, until)
        by_place = sorted(made.data, key=lambda entry: entry.index)
        return in_place([entry.embedding for entry in by_place], texts)

    def _question(self, call: ChatCall) -> Question:
        return Question(f"{self._prefix}/chat/completions", _body(call), ChunkedAnswer())

    async def _listed(self, until: float) -> list[Model]:
        listed = await self._upstream.get_json(f"{self._prefix}/models", ModelList, until)
        return unique(
            Model(name.id, self.id, name.id, kind=kind_of(name.id), location=self.location) for name in listed.data
        )


def openai_compat(settings: ProviderSettings, base_url: str) -> OpenAICompatProvider:
    """The one server that has no name of its own."""
    upstream = Upstream(base_url, bearer(settings.openai_compat_api_key), deadlines_of(settings))
    return OpenAICompatProvider("openai_compat", "OpenAI-compatible server", location_of(base_url), upstream)


def named_server(settings: ProviderSettings, name: str) -> OpenAICompatProvider:
    """One of the servers that the settings name, with the key of that name."""
    base_url = settings.openai_compat_servers[name]
    upstream = Upstream(base_url, bearer(settings.openai_compat_api_keys.get(name)), deadlines_of(settings))
    return OpenAICompatProvider(name, name, location_of(base_url), upstream)


def kind_of(name: str) -> ModelKind:
    """What a model is for, when its server tells nothing but the name."""
    return "embedding" if _EMBEDDING.search(name.lower()) else "chat"


def _body(call: ChatCall) -> dict[str, object]:
    wishes = {"temperature": call.temperature, "top_p": call.top_p, "max_tokens": call.max_tokens}
    return {
        "model": call.model,
        "messages": [{"role": message.role, "content": message.content} for message in call.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        **{name: value for name, value in wishes.items() if value is not None},
    }
