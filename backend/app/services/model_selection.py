"""Which model answers: explicit → conversation → user default → settings' default → priorities → first by id.

The choice itself is a pure function of the catalogue; the registry touches the network only while its cache is cold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.config.settings import SelectionSettings
from app.core.errors import Code, OmniError
from app.providers.base import Model, ModelMissing, ProviderUnreachable
from app.providers.registry import Catalogue, ProviderMissing, ProviderRegistry

GUIDE: Final = "guide"
Source = Literal["explicit", "conversation", "user", "default", "priority", "first", "guide"]


class NoModelsAvailable(OmniError):
    code = Code.NO_MODELS_AVAILABLE


@dataclass(frozen=True, slots=True)
class Wish:
    """A provider, a model or both, and who wishes it."""

    source: Source
    provider: str | None
    model: str | None

    def __bool__(self) -> bool:
        return bool(self.provider or self.model)

    def __str__(self) -> str:
        return "/".join(part for part in (self.provider, self.model) if part)


@dataclass(frozen=True, slots=True)
class Choice:
    """The model that answers.

    Attributes:
        model: Its catalogue entry.
        source: Which step chose it.
        reason: In words, when an earlier wish was skipped.
        fallback_from: That wish, as `provider/model`.
    """

    model: Model
    source: Source
    reason: str | None = None
    fallback_from: str | None = None


def select(catalogue: Catalogue, wishes: Sequence[Wish], settings: SelectionSettings) -> Choice:
    """Choose deterministically.

    Args:
        catalogue: What there is, and which providers are down.
        wishes: In order of weight. An explicit one is kept or refused, the others are skipped when they cannot be had.
        settings: Priorities.

    Raises:
        ModelMissing: An explicit model is nowhere.
        ProviderUnreachable: An explicit choice cannot be looked up, or nothing is left because providers are down.
        NoModelsAvailable: There is no model that chats.
    """
    ranked = rank([model for model in catalogue.models if model.kind == "chat"], settings)
    fallback_from = reason = None
    for wish in filter(None, wishes):
        found = next((model for model in ranked if _fits(model, wish)), None)
        if found is not None:
            return Choice(found, wish.source, reason, fallback_from)
        down = wish.provider in catalogue.down if wish.provider else bool(catalogue.down)
        if wish.source == "explicit":
            raise ProviderUnreachable if down else ModelMissing
        fallback_from = fallback_from or str(wish)
        reason = reason or ("its model server is away" if down else "it is not there any more")
    if not ranked:
        raise ProviderUnreachable if catalogue.down else NoModelsAvailable
    return Choice(ranked[0], _source_of(ranked[0], settings), reason, fallback_from)


def rank(models: Sequence[Model], settings: SelectionSettings) -> list[Model]:
    """Models by provider priority, then model priority, then id; the guide last."""

    def key(model: Model) -> tuple[bool, int, int, str, str]:
        by_provider = _place(model.provider, settings.provider_priority)
        by_model = _place(model.id, settings.model_priority)
        return model.provider == GUIDE, by_provider, by_model, model.provider, model.id

    return sorted(models, key=key)


class ModelSelector:
    """Chooses from the registry's catalogue.

    Args:
        registry: The catalogue.
        settings: Defaults and priorities.
    """

    def __init__(self, registry: ProviderRegistry, settings: SelectionSettings) -> None:
        self._registry = registry
        self._settings = settings

    async def choose(self, wishes: Sequence[Wish]) -> Choice:
        """Choose for these wishes, then the settings' default, then the priorities.

        Raises:
            ProviderMissing: An explicit provider is not configured.
            ModelMissing: An explicit model is nowhere; the catalogue was asked afresh for it.
            ProviderUnreachable: An explicit provider is away, or everything is.
            NoModelsAvailable: There is no model that chats.
        """
        for wish in wishes:
            if wish.source == "explicit" and wish.provider and wish.provider not in self._registry.ids():
                raise ProviderMissing
        every = [*wishes, Wish("default", self._settings.default_provider, self._settings.default_model)]
        try:
            return select(await self._registry.catalogue(), every, self._settings)
        except ModelMissing:
            return select(await self._registry.catalogue(refresh=True), every, self._settings)


def _fits(model: Model, wish: Wish) -> bool:
    return wish.provider in {None, model.provider} and wish.model in {None, model.id}


def _place(name: str, priority: Sequence[str]) -> int:
    return priority.index(name) if name in priority else len(priority)


def _source_of(model: Model, settings: SelectionSettings) -> Source:
    if model.provider == GUIDE:
        return "guide"
    return (
        "priority" if model.provider in settings.provider_priority or model.id in settings.model_priority else "first"
    )
