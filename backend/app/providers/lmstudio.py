"""LM Studio: the OpenAI-compatible dialect for chat, its own interface for what the models are and to load them.

Unknown paths and some refusals come as HTTP 200 with an error text, so only a document of the right shape counts.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Final, Literal

import msgspec

from app.config.settings import ProviderSettings
from app.providers.adapter import MAX_NAME, Question, deadlines_of, unique
from app.providers.base import (
    Capabilities,
    ChatCall,
    Model,
    ProviderBusy,
    ProviderError,
    ProviderUnreachable,
)
from app.providers.http import Upstream, bearer
from app.providers.openai_compat import OpenAICompatProvider
from app.providers.single_flight import SingleFlight

LOAD_SECONDS: Final = 300.0
_SURE_SECONDS: Final = 60.0  # a model that was in memory just now is taken to be there still


class InstanceConfig(msgspec.Struct):
    context_length: int | None = None


class Instance(msgspec.Struct):
    id: str = ""
    config: InstanceConfig | None = None


class NativeCapabilities(msgspec.Struct):
    vision: bool = False
    trained_for_tool_use: bool = False
    reasoning: dict[str, object] | bool | None = None


class NativeModel(msgspec.Struct):
    """An entry of `/api/v1/models` (LM Studio 0.4 and newer)."""

    key: str
    type: str
    display_name: str | None = None
    loaded_instances: list[Instance] = []
    max_context_length: int | None = None
    capabilities: NativeCapabilities | None = None


class NativeList(msgspec.Struct):
    models: list[NativeModel]


class FlatModel(msgspec.Struct):
    """An entry of `/api/v0/models` (LM Studio 0.3.6 and newer)."""

    id: str
    type: str
    state: Literal["loaded", "not-loaded", "loading", "unloading"] | None = None
    loaded_context_length: int | None = None
    max_context_length: int | None = None
    capabilities: list[str] = []


class FlatList(msgspec.Struct):
    data: list[FlatModel]


class LoadedModel(msgspec.Struct):
    instance_id: str
    status: Literal["loaded"]


class UnloadedModel(msgspec.Struct):
    instance_id: str


class LMStudioProvider(OpenAICompatProvider):
    """LM Studio on this machine or in this house.

    A model that is not in memory is loaded before it is asked, where the server is new enough to be told so; an older
    one loads it by itself or says that it does not. LM Studio never lets go of what it was told to load, so of the
    models loaded from here the idle ones make room for the next.

    Args:
        upstream: Connection to the server's root, beside which all its interfaces stand.
        load_seconds: How long loading a model may take.
        cold_seconds: To the first token of a model that the server loads by itself, where it is not the usual time.
    """

    def __init__(self, upstream: Upstream, load_seconds: float, cold_seconds: float | None = None) -> None:
        super().__init__("lmstudio", "LM Studio", "home", upstream, prefix="/v1")
        self._load_seconds = load_seconds
        self._cold_seconds = cold_seconds
        self._can_load = False
        self._loading = SingleFlight()
        self._asleep: set[str] = set()
        self._sure_until: dict[str, float] = {}
        self._loaded_here: dict[str, str] = {}
        self._wanted = Counter[str]()

    async def models(self) -> list[Model]:
        """The newest of its lists that the server has, all within one deadline."""
        until = self._upstream.soon()
        for ask, can_load in ((self._native, True), (self._flat, False)):
            try:
                return self._learned(await ask(until), can_load=can_load)
            except (ProviderUnreachable, ProviderBusy):
                raise
            except ProviderError:
                continue
        return self._learned(await self._listed(until), can_load=False)

    async def aclose(self) -> None:
        """Give back connections, and leave what is loading to itself."""
        await self._loading.aclose()
        await super().aclose()

    @asynccontextmanager
    async def _ready(self, call: ChatCall) -> AsyncGenerator[None]:
        name = call.model
        self._wanted[name] += 1
        try:
            if self._can_load and self._now() >= self._sure_until.get(name, 0):
                await self._loading.run(name, partial(self._wake, name))
            yield
            self._sure([name])
        finally:
            self._wanted[name] -= 1

    def _question(self, call: ChatCall) -> Question:
        question = super()._question(call)
        return replace(question, first_token=self._cold_seconds) if call.model in self._asleep else question

    async def _wake(self, name: str) -> None:
        """See that a model is in memory.

        Raises:
            ProviderError: A kind of it: why it is not. A mere refusal is none, since the server may still load it when
                it is asked, and has its say in that answer if not.
        """
        try:
            listed = await self._upstream.get_json("/api/v1/models", NativeList, self._upstream.soon())
            entry = next((entry for entry in listed.models if entry.key == name), None)
            if entry is not None and not entry.loaded_instances:
                await self._make_room(name)
                until = self._now() + self._load_seconds
                loaded = await self._upstream.post_json("/api/v1/models/load", {"model": name}, LoadedModel, until)
                self._loaded_here[name] = loaded.instance_id
            self._sure([name])
        except ProviderError as error:
            if type(error) is not ProviderError:
                raise

    async def _make_room(self, name: str) -> None:
        for other in [other for other in self._loaded_here if other != name and not self._wanted[other]]:
            instance = self._loaded_here.pop(other)
            self._sure_until.pop(other, None)
            try:
                body, until = {"instance_id": instance}, self._upstream.soon()
                await self._upstream.post_json("/api/v1/models/unload", body, UnloadedModel, until)
            except ProviderError:
                continue  # somebody else has unloaded it

    def _learned(self, models: list[Model], *, can_load: bool) -> list[Model]:
        self._can_load = can_load
        self._asleep = {model.id for model in models if model.loaded is False}
        self._sure(model.id for model in models if model.loaded)
        return models

    def _sure(self, names: Iterable[str]) -> None:
        found = set(names)
        self._asleep -= found
        self._sure_until |= dict.fromkeys(found, self._now() + _SURE_SECONDS)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _native(self, until: float) -> list[Model]:
        listed = await self._upstream.get_json("/api/v1/models", NativeList, until)
        return unique(_from_native(entry) for entry in listed.models)

    async def _flat(self, until: float) -> list[Model]:
        listed = await self._upstream.get_json("/api/v0/models", FlatList, until)
        return unique(_from_flat(entry) for entry in listed.data)


def lmstudio(settings: ProviderSettings) -> LMStudioProvider:
    """The server that the settings name."""
    root = settings.lmstudio_base_url.removesuffix("/v1")
    upstream = Upstream(root, bearer(settings.lmstudio_api_key), deadlines_of(settings))
    return LMStudioProvider(upstream, settings.load_seconds or LOAD_SECONDS, settings.load_seconds)


def _from_native(entry: NativeModel) -> Model:
    able = entry.capabilities or NativeCapabilities()
    windows = [instance.config.context_length for instance in entry.loaded_instances if instance.config]
    return Model(
        id=entry.key,
        provider="lmstudio",
        label=(entry.display_name or entry.key)[:MAX_NAME],
        kind="embedding" if entry.type == "embedding" else "chat",
        context_length=next(filter(None, windows), None) or entry.max_context_length,
        loaded=bool(entry.loaded_instances),
        capabilities=Capabilities(able.vision, able.trained_for_tool_use, bool(able.reasoning)),
    )


def _from_flat(entry: FlatModel) -> Model:
    loaded = None if entry.state is None else entry.state == "loaded"
    return Model(
        id=entry.id,
        provider="lmstudio",
        label=entry.id,
        kind="embedding" if entry.type == "embeddings" else "chat",
        context_length=entry.loaded_context_length or entry.max_context_length,
        loaded=loaded,
        capabilities=Capabilities(vision=entry.type == "vlm", tools="tool_use" in entry.capabilities),
    )
