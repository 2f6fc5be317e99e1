"""Which model answers: explicit → conversation → user default → settings' default → priorities → first by id.

The choice itself is a pure function of the catalogue; the registry touches the network only while its cache is cold.
What would be answered at home is never answered by a remote model without a person's word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.config.settings import SelectionSettings
from app.core.errors import Code, OmniError
from app.providers.base import (
    Model,
    ModelMissing,
    ProviderBusy,
    ProviderError,
    ProviderTimedOut,
    ProviderUnreachable,
)
from app.providers.registry import Catalogue, ProviderMissing, ProviderRegistry

GUIDE: Final = "guide"
AWAY: Final = "its model server is away"
GONE: Final = "it is not there any more"
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
        others: Who may answer in its place, best first; nobody when the choice was explicit.
    """

    model: Model
    source: Source
    reason: str | None = None
    fallback_from: str | None = None
    others: "tuple[Choice, ...]" = ()

    def instead(self, error: ProviderError, prompt_tokens: int) -> "Choice | None":
        """The next candidate after this one failed before its first token.

        Args:
            error: How it failed; a server that is away or busy is left with all its models.
            prompt_tokens: What the next one must have room for.
        """
        leaves_server = isinstance(error, (ProviderUnreachable, ProviderBusy, ProviderTimedOut))
        for other in self.others:
            leaves = other.model.provider != self.model.provider or not leaves_server
            window = other.model.context_length
            if leaves and (window is None or window > prompt_tokens):
                missed = f"{self.model.provider}/{self.model.id}"
                reason = "its model server did not take the question" if leaves_server else "it could not answer"
                return replace(other, reason=reason, fallback_from=missed)
        return None


def select(
    catalogue: Catalogue, wishes: Sequence[Wish], settings: SelectionSettings, answered_by: str | None = None
) -> Choice:
    """Choose deterministically.

    Args:
        catalogue: What there is, and which providers are down.
        wishes: In order of weight. An explicit one is kept or refused, the others are skipped when they cannot be had.
        settings: Defaults and priorities.
        answered_by: The provider of the conversation's newest answer, if there is one.

    Raises:
        ModelMissing: An explicit model is nowhere.
        ProviderUnreachable: An explicit choice cannot be looked up, or nothing fit is left because providers are down.
        NoModelsAvailable: There is no model that chats, or none at home where only those will do.
    """
    ranked = rank([model for model in catalogue.models if model.kind == "chat"], settings)
    bound = answered_by in catalogue.down and catalogue.locations.get(answered_by or "") == "home"
    fallback_from, reason = (answered_by, AWAY) if bound else (None, None)
    default = Wish("default", settings.default_provider, settings.default_model)
    for wish in filter(None, (*wishes, default)):
        fitting = [model for model in ranked if _fits(model, wish)]
        down = wish.provider in catalogue.down if wish.provider else bool(catalogue.down)
        if wish.source == "explicit":
            if fitting:
                return Choice(fitting[0], wish.source)
            raise ProviderUnreachable if down else ModelMissing
        if wish.source == "conversation" and fitting:
            return Choice(fitting[0], wish.source, others=_others(fitting, ranked, settings))
        if fitting := _at_home(fitting) if bound else fitting:
            return Choice(fitting[0], wish.source, reason, fallback_from, _others(fitting, ranked, settings))
        # What was wished for at home waits for home, until a person says otherwise.
        bound = bound or catalogue.locations.get(wish.provider or "", "home") == "home"
        fallback_from, reason = fallback_from or str(wish), reason or (AWAY if down else GONE)
    if (bound or catalogue.missed) and not _names_remote(catalogue, settings):
        ranked = _at_home(ranked)
    if not ranked:
        raise ProviderUnreachable if catalogue.down else NoModelsAvailable
    return Choice(ranked[0], _source_of(ranked[0], settings), reason, fallback_from, _others(ranked, ranked, settings))


def rank(models: Sequence[Model], settings: SelectionSettings) -> list[Model]:
    """Models by provider priority, then model priority, then those at home, then id; the guide last."""

    def key(model: Model) -> tuple[bool, int, int, bool, str, str]:
        by_provider = _place(model.provider, settings.provider_priority)
        by_model = _place(model.id, settings.model_priority)
        return model.provider == GUIDE, by_provider, by_model, model.location == "remote", model.provider, model.id

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

    async def choose(self, wishes: Sequence[Wish], answered_by: str | None = None) -> Choice:
        """Choose for these wishes, then the settings' default, then the priorities; arguments as for `select`.

        Raises:
            ProviderMissing: An explicit provider is not configured.
            ModelMissing: An explicit model is nowhere; the catalogue was asked afresh for it.
            ProviderUnreachable: An explicit provider is away, or everything is.
            NoModelsAvailable: There is no model that chats.
        """
        for wish in wishes:
            if wish.source == "explicit" and wish.provider and wish.provider not in self._registry.ids():
                raise ProviderMissing
        try:
            return select(await self._registry.catalogue(), wishes, self._settings, answered_by)
        except ModelMissing:
            return select(await self._registry.catalogue(refresh=True), wishes, self._settings, answered_by)


def _fits(model: Model, wish: Wish) -> bool:
    return wish.provider in {None, model.provider} and wish.model in {None, model.id}


def _at_home(models: Iterable[Model]) -> list[Model]:
    return [model for model in models if model.location == "home"]


def _others(fitting: Sequence[Model], ranked: Iterable[Model], settings: SelectionSettings) -> tuple[Choice, ...]:
    first = fitting[0]
    rest = (model for model in dict.fromkeys((*fitting, *ranked)) if model != first and model.provider != GUIDE)
    fit = (model for model in rest if model.location == "home" or first.location == "remote")
    return () if first.provider == GUIDE else tuple(Choice(model, _source_of(model, settings)) for model in fit)


def _names_remote(catalogue: Catalogue, settings: SelectionSettings) -> bool:
    remote = {model.id for model in catalogue.models if model.location == "remote"}
    by_provider = any(catalogue.locations.get(name) == "remote" for name in settings.provider_priority)
    return by_provider or not remote.isdisjoint(settings.model_priority)


def _place(name: str, priority: Sequence[str]) -> int:
    return priority.index(name) if name in priority else len(priority)


def _source_of(model: Model, settings: SelectionSettings) -> Source:
    if model.provider == GUIDE:
        return "guide"
    named = model.provider in settings.provider_priority or model.id in settings.model_priority
    return "priority" if named else "first"
