"""Seats: fair between people whatever they send, nobody passed over, nothing kept of those who leave."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest
from app.services.seats import Place, Seats
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.asyncio


class Table:
    """One server's seats, and who sits there."""

    def __init__(self, seats: int | None = 1) -> None:
        self.seats = Seats(["home"], {"home": seats})
        self.order: list[str] = []
        self.told: dict[str, list[Place]] = {}
        self.leaving: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, person: str, name: str) -> None:
        """Somebody asks for a seat, and keeps it until they are told to go."""
        self.leaving[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._sit(person, name))
        await self.settle()

    async def go(self, name: str) -> None:
        """Whoever has this seat leaves it."""
        self.leaving[name].set()
        await self.tasks[name]
        await self.settle()

    async def give_up(self, name: str) -> None:
        """Somebody stops waiting, or is stopped."""
        self.tasks[name].cancel()
        await asyncio.gather(self.tasks[name], return_exceptions=True)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _sit(self, person: str, name: str) -> None:
        async with self.seats.seat("home", person, lambda place: self.told.setdefault(name, []).append(place)):
            self.order.append(name)
            await self.leaving[name].wait()

    async def play_out(self) -> list[str]:
        """Everybody who sits goes, one after the other, until nobody is left."""
        for number in range(len(self.tasks)):
            await self.go(self.order[number])
        return self.order


async def test_twenty_questions_of_one_delay_anothers_by_one_answer() -> None:
    table = Table(1)
    for number in range(20):
        await table.come("anna", f"a{number}")
    await table.come("bert", "b0")
    assert (await table.play_out())[:3] == ["a0", "b0", "a1"]
    assert table.told["b0"][0] == Place(position=1, ahead=0, estimate_seconds=10)


async def test_who_asks_again_at_once_takes_turns_with_who_waits() -> None:
    table = Table(1)
    for number in range(4):
        await table.come("anna", f"a{number}")
    await table.come("bert", "b0")
    for number in range(3):
        await table.go(table.order[-1])
        assert table.order[-1] == f"b{number}"
        await table.come("bert", f"b{number + 1}")
        await table.go(table.order[-1])
        assert table.order[-1] == f"a{number + 1}"


async def test_with_more_seats_who_holds_fewest_is_next() -> None:
    table = Table(3)
    for number in range(6):
        await table.come("anna", f"a{number}")
    await table.come("bert", "b0")
    await table.come("carl", "c0")
    assert table.order == ["a0", "a1", "a2"]
    await table.go("a0")
    await table.go("a1")
    assert table.order[3:] == ["b0", "c0"]
    await table.go("b0")
    assert table.order[5:] == ["a3"]


async def test_places_are_told_at_once_and_again_when_they_change() -> None:
    table = Table(1)
    for number in range(3):
        await table.come("anna", f"a{number}")
    assert [place.position for place in table.told["a2"]] == [2]
    assert "a0" not in table.told
    await table.come("bert", "b0")
    await table.give_up("a1")
    await asyncio.sleep(0.6)
    assert [place.position for place in table.told["b0"]] == [1]
    assert table.told["a2"][-1] == Place(position=2, ahead=1, estimate_seconds=20)
    await table.go("a0")
    await asyncio.sleep(0.6)
    assert table.told["a2"][-1].position == 1


async def test_a_seat_given_to_who_leaves_in_the_same_moment_goes_on() -> None:
    table = Table(1)
    await table.come("anna", "a0")
    await table.come("bert", "b0")
    await table.come("carl", "c0")
    table.leaving["a0"].set()
    await asyncio.sleep(0)  # the seat is bert's now, and he does not know it yet
    table.tasks["b0"].cancel()
    await asyncio.gather(table.tasks["b0"], return_exceptions=True)
    await table.settle()
    assert table.order == ["a0", "c0"]
    await table.go("c0")
    assert table.seats.is_free("home")


async def test_seats_are_as_set_else_as_the_server_does_by_itself() -> None:
    ids = ["lmstudio", "ollama", "guide", "other"]
    usual, one, some = Seats(ids, {}), Seats(ids, {"*": 1}), Seats(ids, {"ollama": 2, "lmstudio": None})

    async def most(seats: Seats, provider_id: str) -> int:
        async with AsyncExitStack() as held:
            for number in range(9):
                if not seats.is_free(provider_id):
                    return number
                await held.enter_async_context(seats.seat(provider_id, "anna", lambda _place: None))
        return 9

    assert [await most(usual, name) for name in ids] == [4, 1, 9, 4]
    assert [await most(one, name) for name in ids] == [1, 1, 1, 1]
    assert [await most(some, name) for name in ids] == [9, 2, 9, 4]


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["come", "go", "give up"])), max_size=60),
)
async def test_no_seat_is_lost_or_given_twice_and_nobody_is_forgotten(seats: int, acts: list[tuple[str, str]]) -> None:
    table, made, gone = Table(seats), Counter[str](), set[str]()
    for person, act in acts:
        sitting = [name for name in table.order if name not in gone]
        waiting = [name for name in table.tasks if name not in table.order and name not in gone]
        assert len(sitting) <= seats
        assert not waiting or len(sitting) == seats
        if act == "come":
            made[person] += 1
            await table.come(person, f"{person}{made[person]}")
        elif act == "go" and sitting:
            gone.add(sitting[0])
            await table.go(sitting[0])
        elif act == "give up" and waiting:
            gone.add(waiting[0])
            await table.give_up(waiting[0])
    for _ in range(len(table.tasks)):
        for name in [name for name in table.order if name not in gone]:
            gone.add(name)
            await table.go(name)
    assert gone == set(table.tasks)
    assert table.seats.is_free("home")
