"""Ollama by its own interface: its lists for what the models are, lines of JSON for an answer.

Told nothing, Ollama cuts a long history to a few thousand tokens without a word, so each call names a window: the same
one for a model every time, because another one loads the model anew.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
    Capabilities,
    ChatCall,
    Location,
    Model,
    ModelKind,
    ModelMissing,
    ProviderError,
    ProviderEvent,
    ProviderUnreachable,
    ReasoningDelta,
    UsageReport,
    Vector,
)
from app.providers.http import MALFORMED, JsonLines, Upstream, failure_kind
from app.providers.thinking import InlineThinking

_SHOWN_AT_ONCE: Final = 4
# Ollama unloads a model five minutes after its last answer unless told otherwise; well before that it is still there.
_WARM_SECONDS: Final = 60.0
_CHOSEN_WINDOW: Final = re.compile(r"^num_ctx\s+([0-9]{1,8})\s*$", re.MULTILINE)
_NOT_TALKING: Final = "bert"  # the families of encoders; older servers do not tell what a model is for


class Family(msgspec.Struct):
    family: str | None = None


class Tag(msgspec.Struct):
    """An entry of `/api/tags`; `remote_host` is set for what runs in Ollama's cloud."""

    name: str
    digest: str = ""
    details: Family | None = None
    remote_host: str | None = None

    @property
    def content(self) -> str:
        """Changes when the model behind the name does."""
        return self.digest or self.name


class Tags(msgspec.Struct):
    models: list[Tag]


class RunningModel(msgspec.Struct):
    name: str


class Running(msgspec.Struct):
    models: list[RunningModel]


class Shown(msgspec.Struct):
    """What `/api/show` tells of a model; `parameters` are lines of its Modelfile."""

    remote_host: str | None = None
    capabilities: list[str] | None = None
    model_info: dict[str, object] | None = None
    parameters: str | None = None


class Said(msgspec.Struct):
    content: str | None = None
    thinking: str | None = None


class Line(msgspec.Struct):
    message: Said | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: Count = 0
    eval_count: Count | None = None
    error: msgspec.Raw = msgspec.Raw()


class Embedded(msgspec.Struct):
    embeddings: list[Vector]


_line = msgspec.json.Decoder(Line)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a model can do, and in which window.

    Attributes:
        abilities: As Ollama names them; None when it does not say.
        longest: Tokens it was made for.
        chosen: The window that it gets whatever may be spent, such as the one that its Modelfile asks for.
    """

    abilities: frozenset[str] | None = None
    longest: int | None = None
    chosen: int | None = None

    def window(self, most: int) -> int:
        """The window to load it with, where `most` is what may be spent on one."""
        return self.chosen or min(self.longest or most, most)

    def can(self, ability: str) -> bool:
        """Whether it is known to have an ability."""
        return self.abilities is not None and ability in self.abilities


class LinesAnswer(Answer):
    """Reads Ollama's lines."""

    def __init__(self) -> None:
        super().__init__()
        self._thinking = InlineThinking()

    def events_of(self, payload: bytes) -> Iterator[ProviderEvent]:
        """Text and reasoning of one line."""
        try:
            line = _line.decode(payload)
        except MALFORMED:
            raise ProviderError from None
        if (error := bytes(line.error)) not in {b"", b"null"}:
            raise failure_kind(error.decode(errors="replace"))
        said = line.message or Said()
        if said.thinking:
            yield ReasoningDelta(said.thinking)
        if said.content:
            yield from self._thinking.feed(said.content)
        if line.done:
            self.done, self.reason = True, line.done_reason or "stop"
            if line.eval_count is not None:
                self.usage = UsageReport(line.prompt_eval_count, line.eval_count)

    def held(self) -> Iterator[ProviderEvent]:
        """Text that may have been the start of a tag."""
        return self._thinking.end()


class OllamaProvider(StreamingProvider):
    """Ollama on this machine or in this house.

    Args:
        upstream: Connection to the server's root.
        location: Whether it runs at home.
        most: The largest window that a model is loaded with, unless its own Modelfile names one.
        cold_seconds: To the first token of a model that is not in memory, where it is not the usual time.
    """

    def __init__(self, upstream: Upstream, location: Location, *, most: int, cold_seconds: float | None = None) -> None:
        super().__init__("ollama", "Ollama", location, upstream)
        self._most = most
        self._cold_seconds = cold_seconds
        self._by_content: dict[str, Traits] = {}
        self._by_name: dict[str, Traits] = {}
        self._warm_until: dict[str, float] = {}

    async def models(self) -> list[Model]:
        """What is installed, what is in memory, and what each can do; all within one deadline."""
        until = self._upstream.soon()
        tags = (await self._upstream.get_json("/api/tags", Tags, until)).models
        running = await self._running(until)
        await self._learn(tags, until)
        return unique(self._model(tag, running) for tag in tags)

    async def embed(self, model: str, texts: Sequence[str]) -> list[Vector]:
        """What `/api/embed` gives, in the order of the texts."""
        until = asyncio.get_running_loop().time() + EMBED_SECONDS
        body = {"model": model, "input": list(texts), "truncate": True}
        made = await self._upstream.post_json("/api/embed", body, Embedded, until)
        return in_place(made.embeddings, texts)

    @asynccontextmanager
    async def _ready(self, call: ChatCall) -> AsyncGenerator[None]:
        if call.model not in self._by_name:
            try:
                self._by_name[call.model] = await self._traits(call.model, self._upstream.soon())
            except (ProviderUnreachable, ModelMissing):
                raise
            except ProviderError:
                pass  # an answer without these details is better than none
        yield
        self._keep_warm([call.model])

    def _question(self, call: ChatCall) -> Question:
        traits = self._by_name.get(call.model, Traits())
        wishes = {"temperature": call.temperature, "top_p": call.top_p, "num_predict": call.max_tokens}
        body: dict[str, object] = {
            "model": call.model,
            "messages": [{"role": message.role, "content": message.content} for message in call.messages],
            "stream": True,
            "options": {
                "num_ctx": traits.window(self._most),
                **{name: value for name, value in wishes.items() if value is not None},
            },
        }
        if traits.can("thinking"):
            body["think"] = True
        warm = asyncio.get_running_loop().time() < self._warm_until.get(call.model, 0)
        return Question("/api/chat", body, LinesAnswer(), JsonLines, None if warm else self._cold_seconds)

    async def _running(self, until: float) -> frozenset[str] | None:
        try:
            found = await self._upstream.get_json("/api/ps", Running, until)
        except ProviderError:
            return None  # older servers do not tell
        names = frozenset(model.name for model in found.models)
        self._keep_warm(names)
        return names

    def _keep_warm(self, names: Sequence[str] | frozenset[str]) -> None:
        now = asyncio.get_running_loop().time()
        self._warm_until = {name: until for name, until in self._warm_until.items() if until > now}
        self._warm_until |= dict.fromkeys(names, now + _WARM_SECONDS)

    async def _learn(self, tags: Sequence[Tag], until: float) -> None:
        free = asyncio.Semaphore(_SHOWN_AT_ONCE)

        async def show(tag: Tag) -> tuple[str, Traits] | None:
            async with free:
                try:
                    return tag.content, await self._traits(tag.name, until)
                except ProviderError:
                    return None  # it is asked again with the next list

        new = {tag.content: tag for tag in tags if tag.content not in self._by_content}
        found = await asyncio.gather(*(show(tag) for tag in new.values()))
        known = self._by_content | dict(pair for pair in found if pair)
        self._by_content = {tag.content: known[tag.content] for tag in tags if tag.content in known}
        self._by_name = {tag.name: known[tag.content] for tag in tags if tag.content in known}

    async def _traits(self, name: str, until: float) -> Traits:
        shown = await self._upstream.post_json("/api/show", {"model": name}, Shown, until)
        lengths = [length for key, length in (shown.model_info or {}).items() if key.endswith(".context_length")]
        longest = next((length for length in lengths if isinstance(length, int) and length > 0), None)
        wish = _CHOSEN_WINDOW.search(shown.parameters or "")
        chosen = int(wish[1]) or None if wish else None
        return Traits(
            None if shown.capabilities is None else frozenset(shown.capabilities),
            longest,
            chosen or (longest if shown.remote_host else None),  # elsewhere it takes no memory of this house
        )

    def _model(self, tag: Tag, running: frozenset[str] | None) -> Model:
        traits = self._by_name.get(tag.name, Traits())
        return Model(
            id=tag.name,
            provider=self.id,
            label=tag.name.removesuffix(":latest"),
            kind=_kind_of(tag, traits),
            context_length=traits.window(self._most),
            loaded=None if running is None else tag.name in running,
            capabilities=Capabilities(traits.can("vision"), traits.can("tools"), traits.can("thinking")),
            location="remote" if tag.remote_host else self.location,
        )


def ollama(settings: ProviderSettings, base_url: str) -> OllamaProvider:
    """The server that the settings name."""
    upstream = Upstream(base_url.removesuffix("/v1"), (), deadlines_of(settings))
    return OllamaProvider(
        upstream,
        location_of(base_url),
        most=settings.ollama_context_length,
        cold_seconds=settings.load_seconds,
    )


def _kind_of(tag: Tag, traits: Traits) -> ModelKind:
    if traits.abilities is None:
        family = tag.details.family if tag.details else None
        return "embedding" if _NOT_TALKING in (family or "") else "chat"
    return "embedding" if traits.can("embedding") and not traits.can("completion") else "chat"
