"""Name → Provider, made on first use; their health and catalogues, cached. The only place that knows every vendor."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, Literal

import structlog

from app.config.settings import ProviderSettings
from app.core.clock import now
from app.core.errors import Code, OmniError
from app.providers.base import Location, Model, Provider, ProviderError
from app.providers.http import Upstream
from app.providers.lmstudio import LMStudioProvider
from app.providers.openai_compat import OpenAICompatProvider
from app.providers.scripted import guide as make_guide

log = structlog.get_logger(__name__)

FRESH_SECONDS: Final = 30.0
FAILURE_SECONDS: Final = 1.0
"""How long a failure is remembered: long enough that a crowd asks once, short enough that nobody waits for recovery."""

State = Literal["up", "down", "unknown"]


class ProviderMissing(OmniError):
    code = Code.PROVIDER_NOT_FOUND


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every model of the providers that are up, and why the others could not be asked."""

    models: tuple[Model, ...]
    down: Mapping[str, ProviderError]


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A provider as it was when last asked."""

    id: str
    label: str
    location: Location
    state: State
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """A provider as it is now; the latency is that of its catalogue."""

    state: State
    latency_ms: float | None
    checked_at: datetime | None
    error_code: Code | None


@dataclass(slots=True)
class _Entry:
    factory: Callable[[], Provider]
    provider: Provider | None = None
    models: tuple[Model, ...] = ()
    error: ProviderError | None = None
    checked_at: datetime | None = None
    expires: float = 0.0
    asking: asyncio.Task[None] | None = None
    latency_ms: float = field(default=0.0)

    @property
    def state(self) -> State:
        if self.checked_at is None:
            return "unknown"
        return "up" if self.error is None else "down"


class ProviderRegistry:
    """The configured providers.

    Args:
        factories: Id → how to make the provider, in the order in which they are listed.
        fresh_seconds: How long a catalogue is believed.
    """

    def __init__(
        self, factories: Mapping[str, Callable[[], Provider]], *, fresh_seconds: float = FRESH_SECONDS
    ) -> None:
        self._entries = {provider_id: _Entry(factory) for provider_id, factory in factories.items()}
        self._fresh_seconds = fresh_seconds

    def ids(self) -> tuple[str, ...]:
        """Every configured provider."""
        return tuple(self._entries)

    def get(self, provider_id: str) -> Provider:
        """A provider, made now if it was not yet.

        Raises:
            ProviderMissing: It is not configured.
        """
        entry = self._entry(provider_id)
        if entry.provider is None:
            entry.provider = entry.factory()
        return entry.provider

    async def catalogue(self, *, refresh: bool = False) -> Catalogue:
        """What every provider offers; those whose cache is old, or all with `refresh`, are asked at once."""
        await asyncio.gather(*(self._ensure(provider_id, refresh=refresh) for provider_id in self._entries))
        models = tuple(model for entry in self._entries.values() if not entry.error for model in entry.models)
        return Catalogue(models, {name: entry.error for name, entry in self._entries.items() if entry.error})

    async def models_of(self, provider_id: str, *, refresh: bool = False) -> tuple[Model, ...]:
        """What one provider offers.

        Raises:
            ProviderMissing: It is not configured.
            ProviderError: or one of its kinds: it cannot be asked.
        """
        entry = self._entry(provider_id)
        await self._ensure(provider_id, refresh=refresh)
        if entry.error is not None:
            raise entry.error.with_traceback(None)
        return entry.models

    async def health(self, provider_id: str) -> ProviderHealth:
        """Ask one provider now.

        Raises:
            ProviderMissing: It is not configured.
        """
        entry = self._entry(provider_id)
        await self._ensure(provider_id, refresh=True)
        code = entry.error.code if entry.error else None
        return ProviderHealth(entry.state, None if code else round(entry.latency_ms, 1), entry.checked_at, code)

    def states(self) -> tuple[ProviderState, ...]:
        """Every provider as it was when last asked; asks nobody."""
        return tuple(
            ProviderState(
                provider_id, self.get(provider_id).label, self.get(provider_id).location, entry.state, entry.checked_at
            )
            for provider_id, entry in self._entries.items()
        )

    def note_failure(self, provider_id: str, error: ProviderError) -> None:
        """A call found a provider away: its catalogue is not believed any more."""
        entry = self._entry(provider_id)
        entry.models, entry.error, entry.checked_at = (), error, now()
        entry.expires = time.monotonic() + FAILURE_SECONDS

    async def aclose(self) -> None:
        """End what is being asked and give back connections."""
        asking = [entry.asking for entry in self._entries.values() if entry.asking]
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        for entry in self._entries.values():
            if entry.provider is not None:
                await entry.provider.aclose()

    def _entry(self, provider_id: str) -> _Entry:
        entry = self._entries.get(provider_id)
        if entry is None:
            raise ProviderMissing
        return entry

    async def _ensure(self, provider_id: str, *, refresh: bool) -> None:
        entry = self._entries[provider_id]
        if entry.asking is None:
            if not refresh and time.monotonic() < entry.expires:
                return
            entry.asking = asyncio.create_task(self._ask(provider_id, entry), name=f"ask {provider_id}")
        # Shielded: one who stops waiting must not end it for the others.
        await asyncio.shield(entry.asking)

    async def _ask(self, provider_id: str, entry: _Entry) -> None:
        started = time.monotonic()
        try:
            models, error = tuple(await self.get(provider_id).models()), None
        except ProviderError as failure:
            models, error = (), failure
        if (error is None) != (entry.error is None) or entry.checked_at is None:
            log.info("provider_state", provider=provider_id, state="up" if error is None else "down")
        entry.models, entry.error, entry.checked_at = models, error, now()
        entry.latency_ms = (time.monotonic() - started) * 1000
        entry.expires = time.monotonic() + (FAILURE_SECONDS if error else self._fresh_seconds)
        entry.asking = None


def build_registry(settings: ProviderSettings, *, guide: bool) -> ProviderRegistry:
    """The providers that the settings name.

    Args:
        settings: Addresses, keys and deadlines.
        guide: Whether the Guide answers while nothing else does; it is always last.
    """

    def upstream(base_url: str, api_key: str | None) -> Upstream:
        return Upstream(
            base_url,
            api_key=api_key,
            connect_seconds=settings.connect_seconds,
            first_token_seconds=settings.first_token_seconds,
            idle_seconds=settings.idle_seconds,
        )

    def lmstudio() -> Provider:
        key = settings.lmstudio_api_key
        return LMStudioProvider(upstream(settings.lmstudio_base_url, key.get_secret_value() if key else None))

    def openai_compat(base_url: str) -> Provider:
        key = settings.openai_compat_api_key
        return OpenAICompatProvider(upstream(base_url, key.get_secret_value() if key else None))

    factories: dict[str, Callable[[], Provider]] = {"lmstudio": lmstudio}
    if settings.openai_compat_base_url:
        factories["openai_compat"] = partial(openai_compat, settings.openai_compat_base_url)
    if guide:
        factories["guide"] = partial(make_guide, settings.lmstudio_base_url)
    return ProviderRegistry(factories)
