"""Resuming at every boundary between two events: the same bytes, whoever reads and whenever they come back."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import Person
from tests.process.conftest import ModelServer
from tests.process.server import Server, serving
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import frames, opened, rest_of

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
BOUNDARIES = 200
BODY = {"message": {"content": "Count."}, "model": "pace-20-400"}


@pytest.fixture
async def server(tmp_path: Path, studio: ModelServer) -> AsyncIterator[Server]:
    async with serving(tmp_path, **unlimited(studio)) as running:
        yield running


async def _hop(person: Person, generation_id: str, read: list[bytes]) -> list[bytes]:
    """Go on reading as somebody whose connection breaks after every single event."""
    while True:
        async with opened(person, "GET", f"/chat/stream/{generation_id}?after={len(read)}") as response:
            event = await frames(response, 1)
        if not event:
            return read
        read += event


async def _come_back_once(person: Person, generation_id: str) -> list[list[bytes]]:
    """At every event that comes, somebody comes back who has read so far and stays; gives what they missed."""
    tasks: list[asyncio.Task[list[bytes]]] = []
    async with opened(person, "GET", f"/chat/stream/{generation_id}") as response:
        async for _ in response.aiter_bytes():
            tasks.append(asyncio.create_task(rest_of(person, generation_id, len(tasks) + 1)))
    return await asyncio.gather(*tasks)


async def test_a_reader_may_leave_at_every_event_and_gets_the_same_bytes(person: Person) -> None:
    async with opened(person, "POST", "/chat/stream", json=BODY) as response:
        first = await frames(response, 1)
    generation_id = str(json.loads(first[0].partition(b"data: ")[2])["generation_id"])
    original, second, rests = await asyncio.gather(
        _hop(person, generation_id, first), _hop(person, generation_id, []), _come_back_once(person, generation_id)
    )
    whole = await rest_of(person, generation_id, 0)
    assert len(whole) > BOUNDARIES
    assert [frame.partition(b"\n")[0] for frame in whole] == [b"id: %d" % (place + 1) for place in range(len(whole))]
    assert whole[-1].partition(b"\n")[2].startswith(b"event: done\n")
    assert original == second == whole
    assert len(rests) > BOUNDARIES / 2
    assert rests == [whole[place + 1 :] for place in range(len(rests))]
    for place in range(len(whole) + 1):
        assert await rest_of(person, generation_id, place) == whole[place:]
