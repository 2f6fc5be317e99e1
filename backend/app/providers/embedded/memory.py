"""Which models are in memory: loads one when it is asked for, lets the next one in in its turn, and drops the idle.

Owns the tasks that load. Knows no folder and no dialect.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from app.providers.base import ProviderError, ProviderInterrupted, ProviderTimedOut, ProviderUnreachable
from app.providers.embedded.child import Child
from app.providers.embedded.shelf import ModelFile

log = structlog.get_logger(__name__)

Start = Callable[[ModelFile], Awaitable[Child]]

_LONGEST_REST: Final = 60.0


@dataclass(slots=True)
class _Place:
    """A model in memory, or on its way there.

    Attributes:
        loading: Ends with the child, or with why there is none.
        slots: Who holds none of them waits, so that no deadline of an answer runs meanwhile.
        users: Answers that run or wait here.
        failed: Whether its end has been counted.
        idle: Drops it when nobody comes back.
    """

    file: ModelFile
    loading: asyncio.Task[Child | ProviderError]
    slots: asyncio.Semaphore
    users: int = 0
    failed: bool = False
    idle: asyncio.TimerHandle | None = None

    @property
    def child(self) -> Child | None:
        """The child, once it is there."""
        if not self.loading.done() or self.loading.cancelled():
            return None
        outcome = self.loading.result()
        return outcome if isinstance(outcome, Child) else None

    @property
    def is_over(self) -> bool:
        """Whether nothing will come of it any more."""
        return self.loading.done() and (self.child is None or self.child.exit_code is not None)


@dataclass(slots=True)
class _Failures:
    """How often a model failed in a row, and until when it rests."""

    count: int = 0
    until: float = 0.0


class Memory:
    """Models in memory, each in a child process.

    Args:
        start: Starts a child.
        most: Models in memory at once.
        slots: Answers at once from each.
        idle_seconds: After so long without a question a model is dropped.
    """

    def __init__(self, start: Start, *, most: int, slots: int, idle_seconds: float) -> None:
        self._start = start
        self._most = most
        self._slots = slots
        self._idle_seconds = idle_seconds
        self._places: dict[ModelFile, _Place] = {}
        self._failures: dict[ModelFile, _Failures] = {}
        self._turn = asyncio.Lock()
        self._freed = asyncio.Event()
        self._closed = False

    def children(self) -> dict[ModelFile, Child]:
        """What is in memory now."""
        places = [place for place in self._places.values() if not place.is_over]
        return {place.file: place.child for place in places if place.child}

    @asynccontextmanager
    async def lent(self, file: ModelFile) -> AsyncGenerator[Child]:
        """A child that has the model, for one answer.

        Raises:
            ProviderInterrupted: It died.
            ProviderError: or another of its kinds: the model cannot be loaded, or rests after it failed repeatedly.
        """
        place = await self._take(file)
        try:
            child = await self._loaded(place)
            async with place.slots:
                yield child
        except (ProviderUnreachable, ProviderInterrupted):
            await self._look_after(place)
            raise ProviderInterrupted from None
        except ProviderTimedOut:
            await self._look_after(place)
            raise
        else:
            self._failures.pop(file, None)
        finally:
            self._give_back(place)

    async def aclose(self) -> None:
        """Drop everything, wait until it is gone, and load nothing more."""
        self._closed = True
        for place in list(self._places.values()):
            await self._drop(place)

    async def _take(self, file: ModelFile) -> _Place:
        # Who waits for room keeps the turn, so that later questions to the old model do not pass by for ever.
        async with self._turn:
            place = self._places.pop(file, None)
            if place and place.idle:
                place.idle.cancel()
            if place and place.is_over:
                self._note_end(place)
                place = None
            if place is None:
                place = await self._new_place(file)
            self._places[file] = place  # at the end: the first is the one that was not asked for longest
            place.users += 1
            return place

    async def _new_place(self, file: ModelFile) -> _Place:
        self._refuse_resting(file)
        await self._make_room()
        if self._closed:
            raise ProviderInterrupted
        loading = asyncio.create_task(self._load(file), name=f"load {file.id}")
        return _Place(file, loading, asyncio.Semaphore(self._slots))

    async def _make_room(self) -> None:
        while len(self._places) >= self._most:
            idle = next((place for place in self._places.values() if not place.users), None)
            if idle:
                await self._drop(idle)
            else:
                self._freed.clear()
                await self._freed.wait()

    async def _load(self, file: ModelFile) -> Child | ProviderError:
        try:
            return await self._start(file)
        except ProviderError as error:
            return error

    async def _loaded(self, place: _Place) -> Child:
        await asyncio.wait({place.loading})  # who stops waiting does not stop the loading
        if place.loading.cancelled():
            raise ProviderInterrupted
        outcome = place.loading.result()
        if isinstance(outcome, Child):
            return outcome
        self._note_end(place)
        raise outcome.with_traceback(None)

    def _give_back(self, place: _Place) -> None:
        place.users -= 1
        if place.users == 0:
            self._freed.set()
        if place.users == 0 and self._places.get(place.file) is place:
            place.idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._drop_idle, place)

    def _drop_idle(self, place: _Place) -> None:
        del self._places[place.file]
        place.loading.cancel()
        if place.child and not place.is_over:
            place.child.kill()
            log.info("model_unloaded", model=place.file.id)

    async def _drop(self, place: _Place) -> None:
        self._places.pop(place.file, None)
        if place.idle:
            place.idle.cancel()
        place.loading.cancel()
        if place.child:
            place.child.kill()  # before anything is waited for, lest a cancelled wait leaves a child that nobody knows
        await asyncio.wait({place.loading})
        if place.child:
            await place.child.aclose()

    async def _look_after(self, place: _Place) -> None:
        """An answer broke off: tell a child that died or hangs from one that only was slow."""
        child = place.child
        if child and not await child.is_well():
            await child.aclose()
            self._note_end(place)

    def _note_end(self, place: _Place) -> None:
        if place.failed:
            return
        place.failed = True
        if place.child:
            log.warning("model_process_ended", model=place.file.id, exit_code=place.child.exit_code)
        failures = self._failures.setdefault(place.file, _Failures())
        rest = min(2.0 ** (failures.count - 1), _LONGEST_REST) if failures.count else 0.0
        failures.count += 1
        failures.until = asyncio.get_running_loop().time() + rest

    def _refuse_resting(self, file: ModelFile) -> None:
        failures = self._failures.get(file, _Failures())
        rest = failures.until - asyncio.get_running_loop().time()
        if failures.count and rest > 0:
            text = "This model failed several times in a row and rests for a moment. The server's log says why."
            raise ProviderError(text=text, retry_after=math.ceil(rest))
