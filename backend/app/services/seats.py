"""Whose turn it is at a model server: a number of seats, shared fairly between people, not between requests.

The next seat goes to the person who holds the fewest, among those to the one who was served longest ago. So one
person's twenty questions delay another's first by no more than the answer under way. Knows people only by id.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final

USUAL_SECONDS: Final = 10.0
"""How long an answer is thought to take before the first one has been measured."""
WEIGHT: Final = 0.2
"""Of the newest answer in the running mean of their lengths."""
RETELL_SECONDS: Final = 0.5
"""Those who wait hear of a new place at most so often."""
USUAL_SEATS: Final[Mapping[str, int | None]] = {"lmstudio": 4, "ollama": 1, "guide": None}
"""Where nothing was set: what LM Studio and Ollama do at once by default; other servers as LM Studio."""
OTHERS_SEATS: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in a queue.

    Attributes:
        position: 1 for the next one.
        ahead: Answers that begin before.
        estimate_seconds: Until a seat is free, by the mean of earlier answers.
    """

    position: int
    ahead: int
    estimate_seconds: int


Tell = Callable[[Place], None]


@dataclass(slots=True, eq=False)
class _Wait:
    person: str
    tell: Tell
    called: asyncio.Future[None]
    position: int = 0


@dataclass(slots=True)
class _Person:
    """Somebody who holds a seat or waits for one.

    Attributes:
        arrived: Their turn among those who were never served.
        served: When they last got a seat, counted in seats; 0 for never.
    """

    arrived: int
    held: int = 0
    served: int = 0
    waits: deque[_Wait] = field(default_factory=deque)


class _Server:
    """The seats of one model server."""

    def __init__(self, seats: int | None) -> None:
        self._seats = seats
        self._people: dict[str, _Person] = {}
        self._taken = 0
        self._waiting = 0
        self._clock = count(1)
        self._mean_seconds = USUAL_SECONDS
        self._retelling: asyncio.TimerHandle | None = None

    @property
    def is_free(self) -> bool:
        return self._seats is None or (self._taken < self._seats and not self._waiting)

    @property
    def figures(self) -> tuple[int, int]:
        return self._waiting, self._taken

    async def take(self, person_id: str, tell: Tell) -> None:
        if self.is_free:
            self._seat(self._person(person_id))
            return
        person = self._person(person_id)
        wait = _Wait(person_id, tell, asyncio.get_running_loop().create_future())
        person.waits.append(wait)
        self._waiting += 1
        self._tell_one(wait)
        self._retell_soon()
        try:
            await wait.called
        except asyncio.CancelledError:
            if wait.called.done() and not wait.called.cancelled():
                self.leave(person_id, None)  # it was called in the same moment: the seat goes on
            elif wait in person.waits:
                person.waits.remove(wait)
                self._waiting -= 1
                self._forget(person_id)
                self._retell_soon()
            raise

    def leave(self, person_id: str, seconds: float | None) -> None:
        if seconds is not None:
            self._mean_seconds += WEIGHT * (seconds - self._mean_seconds)
        self._people[person_id].held -= 1
        self._taken -= 1
        while self._waiting and (self._seats is None or self._taken < self._seats):
            chosen = min((person for person in self._people.values() if person.waits), key=_turn)
            wait = chosen.waits.popleft()
            self._waiting -= 1
            if not wait.called.done():
                self._seat(chosen)
                wait.called.set_result(None)
            self._forget(wait.person)
        self._forget(person_id)
        self._retell_soon()

    def _seat(self, person: _Person) -> None:
        person.held += 1
        person.served = next(self._clock)
        self._taken += 1

    def _person(self, person_id: str) -> _Person:
        return self._people.setdefault(person_id, _Person(next(self._clock)))

    def _forget(self, person_id: str) -> None:
        person = self._people.get(person_id)
        if person and not person.held and not person.waits:
            del self._people[person_id]

    def _order(self) -> list[_Wait]:
        """Those who wait in the order in which they would be called if those who answer went on."""
        turns = [(_turn(person), iter(person.waits)) for person in self._people.values() if person.waits]
        clock, order = count(next(self._clock)), []
        queue = [(turn, number, waits) for number, (turn, waits) in enumerate(turns)]
        heapify(queue)
        while queue:
            (held, _, arrived), number, waits = heappop(queue)
            if (wait := next(waits, None)) is not None:
                order.append(wait)
                heappush(queue, ((held + 1, next(clock), arrived), number, waits))
        return order

    def _tell(self, wait: _Wait, position: int) -> None:
        if position == wait.position:
            return
        wait.position = position
        rounds = -(-position // (self._seats or 1))
        wait.tell(Place(position, position - 1, max(1, round(rounds * self._mean_seconds))))

    def _tell_one(self, wait: _Wait) -> None:
        self._tell(wait, self._order().index(wait) + 1)

    def _retell_soon(self) -> None:
        if self._waiting and self._retelling is None:
            self._retelling = asyncio.get_running_loop().call_later(RETELL_SECONDS, self._retell)

    def _retell(self) -> None:
        self._retelling = None
        for position, wait in enumerate(self._order(), 1):
            self._tell(wait, position)


def _turn(person: _Person) -> tuple[int, int, int]:
    return person.held, person.served, person.arrived


class Seats:
    """The queues of every model server.

    Args:
        provider_ids: The servers.
        seats: How many answers each gives at once, where that was set; None for as many as are asked for, and the key
            `*` for every server that is not named.
        embedded: What the models that OmniAI runs itself do at once.
    """

    def __init__(
        self, provider_ids: Iterable[str], seats: Mapping[str, int | None], embedded: int = OTHERS_SEATS
    ) -> None:
        usual = {**USUAL_SEATS, "embedded": embedded}
        found = {name: seats.get("*", usual.get(name, OTHERS_SEATS)) for name in provider_ids}
        self._servers = {name: _Server(seats.get(name, number)) for name, number in found.items()}

    def is_free(self, provider_id: str) -> bool:
        """Whether a seat would be had without waiting."""
        return self._servers[provider_id].is_free

    def figures(self, provider_id: str) -> tuple[int, int]:
        """How many wait, and how many seats are taken."""
        return self._servers[provider_id].figures

    @asynccontextmanager
    async def seat(self, provider_id: str, person_id: str, tell: Tell) -> AsyncIterator[None]:
        """Hold a seat; waits for one. Leaving early, also while waiting, gives it to the next.

        Args:
            provider_id: Of the model server.
            person_id: Who asks.
            tell: Told of the place in the queue, at once and whenever it changes; never called without a wait.
        """
        server = self._servers[provider_id]
        await server.take(person_id, tell)
        begun = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            server.leave(person_id, asyncio.get_running_loop().time() - begun)
