"""Which model servers there are, how they do, and the cached catalogue of their models.

Owns the tasks that ask for a catalogue. Knows vendors only where `build_registry` names them.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final, Literal

import structlog

from app.config.settings import EmbeddedSettings, ProviderSettings
from app.core.clock import now
from app.core.errors import Code, OmniError
from app.providers.anthropic import anthropic
from app.providers.base import Location, Model, Provider, ProviderError, ProviderHungUp, ProviderUnreachable
from app.providers.embedded.provider import embedded, has_models
from app.providers.lmstudio import lmstudio
from app.providers.ollama import ollama
from app.providers.openai_compat import named_server, openai_compat
from app.providers.scripted import guide as scripted_guide

log = structlog.get_logger(__name__)

State = Literal["up", "down", "unknown"]
Clock = Callable[[], float]

_FAILURE_SECONDS: Final = 1.0
_STALE_SECONDS: Final = 600.0
_REFUSALS_TO_OPEN: Final = 5


class ProviderMissing(OmniError):
    code = Code.PROVIDER_NOT_FOUND


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What every server offers.

    Attributes:
        models: Of the servers that are up, in the registry's order.
        down: Why each of the others could not be asked.
        locations: Where each server is, those that are down included.
        missed: Servers at home that are down and had models before.
    """

    models: tuple[Model, ...] = ()
    down: Mapping[str, ProviderError] = field(default_factory=dict)
    locations: Mapping[str, Location] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A server as it was when last asked; `models` counts what it offered, `cut_off` tells an open circuit."""

    id: str
    label: str
    location: Location
    state: State
    checked_at: datetime | None = None
    models: int = 0
    error_code: Code | None = None
    latency_ms: float | None = None
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """A server as it is now."""

    state: State
    latency_ms: float | None
    checked_at: datetime | None
    error_code: Code | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What asking a server brought: its models, or why there are none."""

    models: tuple[Model, ...]
    error: ProviderError | None
    latency_ms: float | None
    checked_at: datetime
    good_until: float

    @property
    def state(self) -> State:
        return "down" if self.error else "up"


@dataclass(slots=True)
class _Line:
    """A configured server and what is known of it.

    Attributes:
        refusals: Failed connections in a row; enough of them open the circuit.
        had_models: Whether it ever offered any.
    """

    make: Callable[[], Provider]
    provider: Provider | None = None
    answer: _Answer | None = None
    asking: asyncio.Task[_Answer] | None = None
    refusals: int = 0
    had_models: bool = False

    @property
    def cut_off(self) -> bool:
        """Whether so many connections failed in a row that nobody waits for the next one."""
        return self.refusals >= _REFUSALS_TO_OPEN


class ProviderRegistry:
    """Servers by id, made when first needed.

    Args:
        factories: How to make each, in the order of the catalogue.
        fresh_seconds: How long a catalogue is believed. For ten minutes more it is still given out, and asked for anew
            behind the back of who wants it.
        retry_seconds: How long a server is left alone after five failed connections in a row.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        factories: Mapping[str, Callable[[], Provider]],
        *,
        fresh_seconds: float = 30.0,
        retry_seconds: float = 5.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._lines = {provider_id: _Line(make) for provider_id, make in factories.items()}
        self._fresh_seconds = fresh_seconds
        self._retry_seconds = retry_seconds
        self._clock = clock

    def ids(self) -> tuple[str, ...]:
        """The configured servers."""
        return tuple(self._lines)

    def get(self, provider_id: str) -> Provider:
        """The server of that id.

        Raises:
            ProviderMissing: None is configured under it.
        """
        return self._made(self._line(provider_id))

    def states(self) -> tuple[ProviderState, ...]:
        """Every server as it was when last asked; touches no network."""
        return tuple(self._state(line) for line in self._lines.values())

    async def catalogue(self, *, refresh: bool = False) -> Catalogue:
        """Every server's models; what is not known is asked for, all servers at once.

        Args:
            refresh: Ask again even what is known freshly; an open circuit stays open.
        """
        answers = await asyncio.gather(*(self._known(line, refresh=refresh) for line in self._lines.values()))
        down = {key: answer.error for key, answer in zip(self._lines, answers, strict=True) if answer.error}
        locations = {key: self._made(line).location for key, line in self._lines.items()}
        missed = frozenset(key for key in down if self._lines[key].had_models and locations[key] == "home")
        return Catalogue(tuple(model for answer in answers for model in answer.models), down, locations, missed)

    async def models_of(self, provider_id: str, *, refresh: bool = False) -> tuple[Model, ...]:
        """One server's models.

        Raises:
            ProviderMissing: None is configured under the id.
            ProviderError: or one of its kinds: it could not be asked.
        """
        answer = await self._known(self._line(provider_id), refresh=refresh)
        if answer.error:
            raise answer.error.with_traceback(None)  # remembered errors must not gather the stacks of all who got them
        return answer.models

    async def health(self, provider_id: str) -> ProviderHealth:
        """Ask one server now.

        Raises:
            ProviderMissing: None is configured under the id.
        """
        answer = await self._ask(self._line(provider_id))
        error_code = answer.error.code if answer.error else None
        return ProviderHealth(answer.state, answer.latency_ms, answer.checked_at, error_code)

    def note_failure(self, provider_id: str, error: ProviderError) -> None:
        """A call failed: the fifth in a row that found nobody there opens the circuit.

        Raises:
            ProviderMissing: None is configured under the id.
        """
        line = self._line(provider_id)
        self._count(line, error)
        if line.cut_off:
            self._failed(line, error)

    def note_success(self, provider_id: str) -> None:
        """A call was answered: what failed before does not count any more.

        Raises:
            ProviderMissing: None is configured under the id.
        """
        self._line(provider_id).refusals = 0

    async def aclose(self) -> None:
        """Stop asking and give back connections."""
        tasks = [line.asking for line in self._lines.values() if line.asking]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for line in self._lines.values():
            if line.provider:
                await line.provider.aclose()

    def _line(self, provider_id: str) -> _Line:
        if provider_id not in self._lines:
            raise ProviderMissing
        return self._lines[provider_id]

    def _made(self, line: _Line) -> Provider:
        if line.provider is None:
            line.provider = line.make()
        return line.provider

    def _state(self, line: _Line) -> ProviderState:
        provider, answer = self._made(line), line.answer
        known = ProviderState(provider.id, provider.label, provider.location, "unknown", cut_off=line.cut_off)
        if answer is None:
            return known
        error_code = answer.error.code if answer.error else None
        return replace(
            known,
            state=answer.state,
            checked_at=answer.checked_at,
            models=len(answer.models),
            error_code=error_code,
            latency_ms=answer.latency_ms,
        )

    async def _known(self, line: _Line, *, refresh: bool) -> _Answer:
        answer, age = line.answer, self._clock()
        if answer and age < answer.good_until and (line.cut_off or not refresh):
            return answer
        if answer and not answer.error and age < answer.good_until + _STALE_SECONDS and not refresh:
            self._asking(line)
            return answer
        return await self._ask(line)

    async def _ask(self, line: _Line) -> _Answer:
        # Shielded: who stops waiting must not end the question for the others.
        return await asyncio.shield(self._asking(line))

    def _asking(self, line: _Line) -> asyncio.Task[_Answer]:
        if line.asking is None or line.asking.done():
            line.asking = asyncio.create_task(self._fetch(line), name="provider-catalogue")
        return line.asking

    async def _fetch(self, line: _Line) -> _Answer:
        start = self._clock()
        try:
            models = tuple(await self._made(line).models())
        except ProviderError as error:
            self._count(line, error)
            return self._failed(line, error)
        line.refusals = 0
        line.had_models = line.had_models or bool(models)
        latency_ms = round((self._clock() - start) * 1_000, 1)
        return self._learned(line, _Answer(models, None, latency_ms, now(), self._clock() + self._fresh_seconds))

    @staticmethod
    def _count(line: _Line, error: ProviderError) -> None:
        away = isinstance(error, ProviderUnreachable) and not isinstance(error, ProviderHungUp)
        line.refusals = line.refusals + 1 if away else 0

    def _failed(self, line: _Line, error: ProviderError) -> _Answer:
        remembered = self._retry_seconds if line.cut_off else _FAILURE_SECONDS
        return self._learned(line, _Answer((), error, None, now(), self._clock() + remembered))

    def _learned(self, line: _Line, answer: _Answer) -> _Answer:
        if line.answer is None or line.answer.state != answer.state:
            log.info("provider_state", provider=self._made(line).id, state=answer.state)
        line.answer = answer
        return answer


def build_registry(settings: ProviderSettings, own: EmbeddedSettings | None = None, *, guide: bool) -> ProviderRegistry:
    """The servers that the settings name; a vendor has its line here.

    Args:
        settings: Addresses and deadlines.
        own: Models that OmniAI runs itself, if there are any.
        guide: Whether the scripted guide stands at the end.
    """
    factories: dict[str, Callable[[], Provider]] = {"lmstudio": lambda: lmstudio(settings)}
    if ollama_url := settings.ollama_base_url:
        factories["ollama"] = lambda: ollama(settings, ollama_url)
    if url := settings.openai_compat_base_url:
        factories["openai_compat"] = lambda: openai_compat(settings, url)
    for name in settings.openai_compat_servers:
        factories[name] = partial(named_server, settings, name)
    if key := settings.anthropic_api_key:
        factories["anthropic"] = lambda: anthropic(settings, key)
    if own and has_models(own):
        factories["embedded"] = lambda: embedded(settings, own)
    if guide:
        factories["guide"] = lambda: scripted_guide(settings.lmstudio_base_url)
    return ProviderRegistry(factories)
