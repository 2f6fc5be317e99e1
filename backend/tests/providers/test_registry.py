"""The registry: asks no more than it must, says quickly what is down, and believes nothing for too long."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from app.config.settings import EmbeddedSettings, ProviderSettings
from app.core.errors import Code
from app.providers.base import (
    ChatCall,
    Finished,
    Location,
    Model,
    ProviderError,
    ProviderEvent,
    ProviderHungUp,
    ProviderTimedOut,
    ProviderUnreachable,
    Vector,
)
from app.providers.registry import ProviderMissing, ProviderRegistry, build_registry


@dataclass
class Fake:
    """A provider that counts, waits and fails as told."""

    id: str = "one"
    label: str = "One"
    location: Location = "home"
    asked: int = 0
    closed: bool = False
    error: ProviderError | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def models(self) -> list[Model]:
        self.asked += 1
        await self.gate.wait()
        if self.error:
            raise self.error
        return [Model(f"{self.id}-model", self.id, "Model")]

    async def stream(self, _call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        yield Finished("stop")

    async def embed(self, _model: str, _texts: Sequence[str]) -> list[Vector]:
        return []

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Hands:
    """A clock that a test moves."""

    time: float = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def one() -> Fake:
    fake = Fake()
    fake.gate.set()
    return fake


@pytest.fixture
def two() -> Fake:
    fake = Fake(id="two", label="Two")
    fake.gate.set()
    return fake


@pytest.fixture
def registry(one: Fake, two: Fake, clock: Hands) -> ProviderRegistry:
    return ProviderRegistry({"two": lambda: two, "one": lambda: one}, clock=clock)


async def test_the_order_is_the_registrations(registry: ProviderRegistry) -> None:
    assert registry.ids() == ("two", "one")
    assert [model.id for model in (await registry.catalogue()).models] == ["two-model", "one-model"]


async def test_providers_are_made_once_and_only_when_needed() -> None:
    made: list[Fake] = []

    def make() -> Fake:
        made.append(Fake())
        return made[-1]

    registry = ProviderRegistry({"one": make})
    assert made == []
    assert registry.get("one") is registry.get("one")
    assert len(made) == 1


async def test_what_is_not_configured_is_missing(registry: ProviderRegistry) -> None:
    with pytest.raises(ProviderMissing):
        registry.get("three")
    with pytest.raises(ProviderMissing):
        await registry.models_of("three")
    with pytest.raises(ProviderMissing):
        await registry.health("three")


async def test_a_catalogue_is_believed_for_half_a_minute(registry: ProviderRegistry, one: Fake, clock: Hands) -> None:
    await registry.catalogue()
    clock.time += 29.9
    await registry.catalogue()
    await registry.models_of("one")
    assert one.asked == 1
    await registry.catalogue(refresh=True)
    assert one.asked == 2


async def test_a_stale_catalogue_is_given_out_and_asked_for_once_behind_it(
    registry: ProviderRegistry, one: Fake, clock: Hands
) -> None:
    await registry.catalogue()
    one.gate.clear()
    clock.time += 31
    for _ in range(3):
        assert [model.id for model in (await registry.catalogue()).models] == ["two-model", "one-model"]
    await asyncio.sleep(0)
    assert one.asked == 2
    one.id = "new"
    one.gate.set()
    async with asyncio.timeout(5):
        while [model.id for model in (await registry.catalogue()).models] != ["two-model", "new-model"]:
            await asyncio.sleep(0)
    assert one.asked == 2


async def test_a_catalogue_of_yesterday_is_waited_for(registry: ProviderRegistry, one: Fake, clock: Hands) -> None:
    await registry.catalogue()
    one.id = "new"
    clock.time += 3_600
    assert [model.id for model in (await registry.models_of("one"))] == ["new-model"]


async def test_many_who_ask_at_once_ask_once(registry: ProviderRegistry, one: Fake) -> None:
    one.gate.clear()
    waiting = [asyncio.create_task(registry.models_of("one")) for _ in range(50)]
    refreshing = [asyncio.create_task(registry.catalogue(refresh=True)) for _ in range(50)]
    await asyncio.sleep(0.01)
    one.gate.set()
    assert {models[0].id for models in await asyncio.gather(*waiting)} == {"one-model"}
    await asyncio.gather(*refreshing)
    assert one.asked == 1


async def test_servers_are_asked_side_by_side(registry: ProviderRegistry, one: Fake, two: Fake) -> None:
    one.gate.clear()
    two.gate.clear()
    asking = asyncio.create_task(registry.catalogue())
    await asyncio.sleep(0.01)
    assert (one.asked, two.asked) == (1, 1)
    one.gate.set()
    two.gate.set()
    assert len((await asking).models) == 2


async def test_who_stops_waiting_does_not_end_it_for_the_others(registry: ProviderRegistry, one: Fake) -> None:
    one.gate.clear()
    first, second = (asyncio.create_task(registry.models_of("one")) for _ in range(2))
    await asyncio.sleep(0.01)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    one.gate.set()
    assert len(await second) == 1
    assert one.asked == 1


async def test_a_server_that_is_down_is_named_and_the_rest_stays(
    registry: ProviderRegistry, one: Fake, clock: Hands
) -> None:
    one.error = ProviderUnreachable()
    catalogue = await registry.catalogue()
    assert [model.provider for model in catalogue.models] == ["two"]
    assert {key: type(error) for key, error in catalogue.down.items()} == {"one": ProviderUnreachable}
    with pytest.raises(ProviderUnreachable):
        await registry.models_of("one")
    assert one.asked == 1
    clock.time += 1.1
    one.error = None
    assert (await registry.catalogue()).down == {}


async def test_a_remembered_error_gathers_no_stacks(registry: ProviderRegistry, one: Fake) -> None:
    one.error = ProviderError()
    depths = []
    for _ in range(5):
        with pytest.raises(ProviderError) as caught:
            await registry.models_of("one")
        depths.append(len(caught.traceback))
    assert len(set(depths[1:])) == 1


async def test_five_failed_connections_open_the_circuit(registry: ProviderRegistry, one: Fake, clock: Hands) -> None:
    one.error = ProviderUnreachable()
    for _ in range(5):
        await registry.catalogue()
        clock.time += 1.1
    assert one.asked == 5
    clock.time += 3.8
    await registry.catalogue(refresh=True)
    assert one.asked == 5, "an open circuit asks nobody"
    one.error = None
    clock.time += 0.2
    assert (await registry.catalogue()).down == {}
    one.error = ProviderUnreachable()
    await registry.catalogue(refresh=True)
    clock.time += 1.1
    await registry.catalogue()
    assert one.asked == 8, "one success closes it"


async def test_other_failures_do_not_open_it(registry: ProviderRegistry, one: Fake, clock: Hands) -> None:
    for number in range(12):
        one.error = ProviderError() if number % 5 == 4 else ProviderUnreachable()
        await registry.catalogue()
        clock.time += 1.1
    assert one.asked == 12


async def test_four_calls_that_found_it_away_change_nothing_and_the_fifth_opens(
    registry: ProviderRegistry, one: Fake, clock: Hands
) -> None:
    await registry.catalogue()
    for _ in range(4):
        registry.note_failure("one", ProviderUnreachable())
    assert len((await registry.catalogue()).models) == 2
    registry.note_failure("one", ProviderUnreachable())
    assert {state.id: state.state for state in registry.states()} == {"two": "up", "one": "down"}
    assert [model.provider for model in (await registry.catalogue(refresh=True)).models] == ["two"]
    assert one.asked == 1
    clock.time += 5
    assert len((await registry.catalogue()).models) == 2


@pytest.mark.parametrize("error", [ProviderHungUp(), ProviderTimedOut(), ProviderError()])
async def test_what_was_reached_does_not_count_as_away(
    registry: ProviderRegistry, one: Fake, error: ProviderError
) -> None:
    await registry.catalogue()
    for failure in [*[ProviderUnreachable()] * 4, error] * 3:
        registry.note_failure("one", failure)
    for _ in range(3):
        for _ in range(4):
            registry.note_failure("one", ProviderUnreachable())
        registry.note_success("one")
    assert len((await registry.catalogue()).models) == 2
    assert one.asked == 1


async def test_states_touch_no_network(registry: ProviderRegistry, one: Fake) -> None:
    assert [(state.id, state.state, state.checked_at) for state in registry.states()] == [
        ("two", "unknown", None),
        ("one", "unknown", None),
    ]
    assert one.asked == 0
    await registry.catalogue()
    state = registry.states()[1]
    assert (state.label, state.location, state.state) == ("One", "home", "up")
    assert state.checked_at is not None
    assert state.checked_at.utcoffset() is not None


async def test_health_asks_now(registry: ProviderRegistry, one: Fake, clock: Hands) -> None:
    await registry.catalogue()
    good = await registry.health("one")
    assert (good.state, good.latency_ms, good.error_code, one.asked) == ("up", 0.0, None, 2)
    one.error = ProviderTimedOut()
    bad = await registry.health("one")
    assert (bad.state, bad.latency_ms, bad.error_code) == ("down", None, Code.PROVIDER_TIMEOUT)
    assert bad.checked_at is not None
    assert registry.states()[1].state == "down"


async def test_closing_ends_what_is_asked_and_closes_what_was_made(one: Fake) -> None:
    one.gate.clear()
    registry = ProviderRegistry({"one": lambda: one, "never": lambda: pytest.fail("made for nothing")})
    waiting = asyncio.create_task(registry.models_of("one"))
    await asyncio.sleep(0.01)
    await registry.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert one.closed


async def test_the_settings_name_the_servers() -> None:
    plain = build_registry(ProviderSettings.model_validate({}), guide=False)
    assert plain.ids() == ("lmstudio",)
    settings = {
        "openai_compat_base_url": "https://api.example.com/v1",
        "ollama_base_url": "http://127.0.0.1:11434",
        "anthropic_api_key": "key",
        "openai_compat_servers": "desk=http://127.0.0.1:8080/v1, far=https://far.example.com/v1",
    }
    every = build_registry(ProviderSettings.model_validate(settings), guide=True)
    assert [(state.id, state.label, state.location) for state in every.states()] == [
        ("lmstudio", "LM Studio", "home"),
        ("ollama", "Ollama", "home"),
        ("openai_compat", "OpenAI-compatible server", "remote"),
        ("desk", "desk", "home"),
        ("far", "far", "remote"),
        ("anthropic", "Anthropic", "remote"),
        ("guide", "Guide (no AI)", "home"),
    ]
    await every.aclose()


async def test_models_of_our_own_are_a_server_once_there_are_any(tmp_path: Path) -> None:
    def ids() -> tuple[str, ...]:
        own = EmbeddedSettings.model_validate({"models": str(tmp_path)})
        return build_registry(ProviderSettings.model_validate({}), own, guide=True).ids()

    assert ids() == ("lmstudio", "guide")
    (tmp_path / "m.gguf").touch()
    assert ids() == ("lmstudio", "embedded", "guide")
