"""LM Studio: the OpenAI-compatible dialect for chat, its own lists for what the models are and which are in memory.

Unknown paths and some refusals come as HTTP 200 with an error text, so only a document of the right shape counts.
"""

from typing import Literal

import msgspec

from app.config.settings import ProviderSettings
from app.providers.adapter import MAX_NAME, deadlines_of, unique
from app.providers.base import (
    Capabilities,
    Model,
    ProviderBusy,
    ProviderError,
    ProviderUnreachable,
)
from app.providers.http import Upstream, bearer
from app.providers.openai_compat import OpenAICompatProvider


class InstanceConfig(msgspec.Struct):
    context_length: int | None = None


class Instance(msgspec.Struct):
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


class LMStudioProvider(OpenAICompatProvider):
    """LM Studio on this machine or in this house.

    Args:
        upstream: Connection to the server's root, beside which all its interfaces stand.
    """

    def __init__(self, upstream: Upstream) -> None:
        super().__init__("lmstudio", "LM Studio", "home", upstream, prefix="/v1")

    async def models(self) -> list[Model]:
        """The newest of its lists that the server has, all within one deadline."""
        until = self._upstream.soon()
        for ask in (self._native, self._flat):
            try:
                return await ask(until)
            except (ProviderUnreachable, ProviderBusy):
                raise
            except ProviderError:
                continue
        return await self._listed(until)

    async def _native(self, until: float) -> list[Model]:
        listed = await self._upstream.get_json("/api/v1/models", NativeList, until)
        return unique(_from_native(entry) for entry in listed.models)

    async def _flat(self, until: float) -> list[Model]:
        listed = await self._upstream.get_json("/api/v0/models", FlatList, until)
        return unique(_from_flat(entry) for entry in listed.data)


def lmstudio(settings: ProviderSettings) -> LMStudioProvider:
    """The server that the settings name."""
    root = settings.lmstudio_base_url.removesuffix("/v1")
    return LMStudioProvider(Upstream(root, bearer(settings.lmstudio_api_key), deadlines_of(settings)))


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
