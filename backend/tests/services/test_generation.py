"""Runs and their bus: numbered once, read from anywhere, ended once, whatever happens to the readers."""

import asyncio

import pytest
from app.core.errors import InvalidFields, Overloaded
from app.domain.generations.errors import StreamGone
from app.providers.base import ProviderInterrupted
from app.services.generation.manager import Ending, GenerationManager
from app.services.generation.memory_bus import MemoryBus, numbered

pytestmark = pytest.mark.asyncio


async def rest(bus: MemoryBus, after: int) -> bytes:
    reader, more, read = bus.subscribe("g", after), asyncio.Event(), b""
    reader.listen(more.set)
    while (frames := reader.take()) is not None:
        read += frames
        if not frames:
            await more.wait()
            more.clear()
    reader.leave()
    return read


async def test_every_reader_gets_the_same_bytes_from_wherever_it_begins() -> None:
    bus = MemoryBus(60)
    bus.open("g")
    readers = [asyncio.create_task(rest(bus, 0))]
    for number in range(1, 51):
        bus.publish("g", "delta", b'{"text":"%d"}' % number)
        readers.append(asyncio.create_task(rest(bus, number)))
        await asyncio.sleep(0)
    bus.close("g")
    frames = [numbered(number, "delta", b'{"text":"%d"}' % number) for number in range(1, 51)]
    for after, reader in enumerate(readers):
        assert await reader == b"".join(frames[after:])
        assert await rest(bus, after) == b"".join(frames[after:])


async def test_what_is_not_there_yet_or_any_more_is_refused() -> None:
    bus = MemoryBus(0.01)
    bus.open("g")
    bus.publish("g", "meta", b"{}")
    for after in (2, -1):
        with pytest.raises(InvalidFields):
            bus.subscribe("g", after)
    bus.close("g")
    await asyncio.sleep(0.05)
    with pytest.raises(StreamGone):
        bus.subscribe("g", 0)


async def test_expelled_readers_hear_why_without_a_number() -> None:
    bus = MemoryBus(60)
    bus.open("g")
    reader = asyncio.create_task(rest(bus, 0))
    await asyncio.sleep(0)
    bus.expel("g", "error", b"{}")
    assert await reader == b"event: error\ndata: {}\n\n"
    with pytest.raises(StreamGone):
        bus.subscribe("g", 0)


class Endings:
    """Collects endings, failing the first few times if told so."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.written: list[Ending] = []
        self.done = asyncio.Event()

    async def write(self, ending: Ending) -> None:
        if self.failures:
            self.failures -= 1
            raise Overloaded
        self.written.append(ending)
        self.done.set()


async def run(manager: GenerationManager, bus: MemoryBus, work: object, endings: Endings) -> None:
    bus.open("g")
    manager.start("g", work, endings.write)  # type: ignore[arg-type]


async def nothing() -> None:
    await asyncio.sleep(0)


async def forever() -> None:
    await asyncio.Event().wait()


async def broken() -> None:
    raise ProviderInterrupted


async def buggy() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("work", "status", "code"),
    [(nothing, "complete", None), (broken, "error", "PROVIDER_INTERRUPTED"), (buggy, "error", "INTERNAL_ERROR")],
)
async def test_a_run_ends_as_its_work_did(work: object, status: str, code: str | None) -> None:
    bus, endings = MemoryBus(60), Endings()
    manager = GenerationManager(bus, 60)
    await run(manager, bus, work(), endings)  # type: ignore[operator]
    async with asyncio.timeout(5):
        await endings.done.wait()
    (ending,) = endings.written
    assert (ending.status, ending.error.code.value if ending.error else None) == (status, code)


async def test_many_cancels_are_one_ending() -> None:
    bus, endings = MemoryBus(60), Endings()
    manager = GenerationManager(bus, 60)
    await run(manager, bus, forever(), endings)
    await asyncio.gather(*(manager.cancel("g") for _ in range(20)))
    assert [ending.status for ending in endings.written] == ["stopped"]
    assert await manager.cancel("g") is False


async def test_a_run_that_nobody_reads_is_interrupted_after_its_time() -> None:
    bus, endings = MemoryBus(60), Endings()
    manager = GenerationManager(bus, 0.05)
    await run(manager, bus, forever(), endings)
    reader = bus.subscribe("g", 0)
    await asyncio.sleep(0.2)
    assert endings.written == []
    reader.leave()
    async with asyncio.timeout(5):
        await endings.done.wait()
    assert [ending.status for ending in endings.written] == ["interrupted"]


async def test_an_ending_is_owed_until_it_is_written() -> None:
    bus, endings = MemoryBus(60), Endings(failures=3)
    manager = GenerationManager(bus, 60)
    await run(manager, bus, nothing(), endings)
    async with asyncio.timeout(10):
        await endings.done.wait()
    assert [ending.status for ending in endings.written] == ["complete"]


async def test_shutting_down_interrupts_what_does_not_end_by_itself() -> None:
    bus, endings = MemoryBus(60), Endings()
    manager = GenerationManager(bus, 60)
    await run(manager, bus, forever(), endings)
    await manager.shut_down(0.05)
    assert [ending.status for ending in endings.written] == ["interrupted"]
    assert manager.draining
