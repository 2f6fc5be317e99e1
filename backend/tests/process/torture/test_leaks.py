"""Many short answers, a fifth of them left or stopped half-way: the server is afterwards what it was before."""

import asyncio
import json
from pathlib import Path

import httpx2
import pytest

from tests.client import Person
from tests.process.conftest import ModelServer, signed_in
from tests.process.server import Server, serving
from tests.process.torture.books import Vitals, balance, vitals
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import frames, opened, settled

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
AT_ONCE, RESUME_SECONDS = 16, 0.5
IDLE_DESCRIPTORS = 40
SLOPE, NOISE, NOISE_EARLY = 0.2, 384, 1_024
"""kB that an answer may leave behind, and that come and go with none; early the holes between what lives and the
database's caches still grow."""
BODY = {"message": {"content": "Hi."}, "model": "tiny-chat-1b", "max_tokens": 5}


async def _short(person: Person, number: int) -> None:
    """One answer; of ten, one is left after its first event and one is stopped."""
    async with opened(person, "POST", "/chat/stream", json=BODY) as response:
        first = await frames(response, 1 if number % 5 == 0 else None)
    if number % 10 == 0:
        generation_id = json.loads(first[0].partition(b"data: ")[2])["generation_id"]
        assert (await person.post(f"/chat/cancel/{generation_id}")).status_code == 200


async def _many(server: Server, headers: dict[str, str], number: int) -> None:
    """So many answers, over connections that are closed afterwards."""
    turns = iter(range(number))

    async def asker(person: Person) -> None:
        for turn in turns:
            await _short(person, turn)

    async with httpx2.AsyncClient(base_url=server.url, timeout=60) as http:
        person = Person(http, {}, headers)
        await asyncio.gather(*(asker(person) for _ in range(AT_ONCE)))
        await settled(person)


async def _at_rest(server: Server, most: int) -> Vitals:
    """What the server takes once it holds no more than so many descriptors; what is kept of answers has gone."""
    await asyncio.sleep(2 * RESUME_SECONDS)
    async with asyncio.timeout(20):
        while (now := vitals(server.process.pid)).descriptors > most:
            await asyncio.sleep(0.1)
    return now


async def test_answers_leave_nothing_behind(tmp_path: Path, studio: ModelServer, full: bool) -> None:
    warm_up, streams, noise = (2_000, 20_000, NOISE) if full else (800, 500, NOISE_EARLY)
    settings = unlimited(studio, STREAM_RESUME_SECONDS=str(RESUME_SECONDS))
    async with serving(tmp_path, **settings) as server:
        async with signed_in(server) as person:
            await _many(server, person.headers, warm_up)
        before = await _at_rest(server, AT_ONCE + IDLE_DESCRIPTORS)
        await _many(server, person.headers, streams)
        after = await _at_rest(server, before.descriptors)
        print(f"{streams} answers: {before} → {after}")
        assert after.threads <= before.threads
        assert after.memory - before.memory <= streams * SLOPE + noise
    balance(tmp_path)
