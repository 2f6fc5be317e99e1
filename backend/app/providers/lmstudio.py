"""LM Studio: chat over the OpenAI dialect; the catalogue from its native API, which knows kinds and what is loaded."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

import msgspec

from app.providers.base import Capabilities, Model, ModelKind, ProviderError, ProviderUnreachable
from app.providers.http import Upstream
from app.providers.openai_compat import OpenAICompatProvider

PROVIDER_ID: Final = "lmstudio"
KINDS: Final[dict[str, ModelKind]] = {
    "llm": "chat",
    "vlm": "chat",
    "embedding": "embedding",
    "embeddings": "embedding",
}


class _InstanceConfig(msgspec.Struct):
    context_length: int | None = None


class _Instance(msgspec.Struct):
    config: _InstanceConfig | None = None


class _Abilities(msgspec.Struct):
    vision: bool = False
    trained_for_tool_use: bool = False
    reasoning: object = None


class _ModelV1(msgspec.Struct):
    key: str
    type: str
    display_name: str | None = None
    loaded_instances: list[_Instance] = []
    max_context_length: int | None = None
    capabilities: _Abilities | None = None


class _ListV1(msgspec.Struct):
    models: list[_ModelV1]


class _ModelV0(msgspec.Struct):
    id: str
    type: str
    state: str
    max_context_length: int | None = None
    loaded_context_length: int | None = None
    capabilities: list[str] = []


class _ListV0(msgspec.Struct):
    data: list[_ModelV0]


class LMStudioProvider(OpenAICompatProvider):
    """LM Studio at home.

    Args:
        upstream: How to reach it; its base URL ends in `/v1`.
    """

    def __init__(self, upstream: Upstream) -> None:
        super().__init__(upstream, provider_id=PROVIDER_ID, label="LM Studio", location="home")
        parts = urlsplit(upstream.base_url)
        self._root = urlunsplit((parts.scheme, parts.netloc, parts.path.removesuffix("/v1"), "", ""))

    async def models(self) -> list[Model]:
        """See Provider. Native v1 since 0.4.0, v0 since 0.3.6, the dialect's list before."""
        for native in (self._native_v1, self._native_v0):
            try:
                return await native()
            except ProviderUnreachable:
                raise
            except (ProviderError, msgspec.ValidationError):
                continue
        return await super().models()

    async def _native_v1(self) -> list[Model]:
        listed = msgspec.convert(await self._upstream.get_json(f"{self._root}/api/v1/models"), _ListV1)
        return [self._from_v1(entry) for entry in listed.models]

    async def _native_v0(self) -> list[Model]:
        listed = msgspec.convert(await self._upstream.get_json(f"{self._root}/api/v0/models"), _ListV0)
        return [self._from_v0(entry) for entry in listed.data]

    def _from_v1(self, entry: _ModelV1) -> Model:
        windows = [instance.config.context_length for instance in entry.loaded_instances if instance.config]
        abilities = entry.capabilities or _Abilities()
        return Model(
            id=entry.key,
            provider=self.id,
            label=entry.display_name or entry.key,
            kind=KINDS.get(entry.type, "chat"),
            context_length=next(filter(None, windows), entry.max_context_length),
            loaded=bool(entry.loaded_instances),
            capabilities=Capabilities(abilities.vision, abilities.trained_for_tool_use, bool(abilities.reasoning)),
            location=self.location,
        )

    def _from_v0(self, entry: _ModelV0) -> Model:
        return Model(
            id=entry.id,
            provider=self.id,
            label=entry.id,
            kind=KINDS.get(entry.type, "chat"),
            context_length=entry.loaded_context_length or entry.max_context_length,
            loaded=entry.state == "loaded",
            capabilities=Capabilities(vision=entry.type == "vlm", tools="tool_use" in entry.capabilities),
            location=self.location,
        )
