"""Readers who do not read, in crowds, on a long answer: they cost next to nothing and hold up nobody, nor the end."""

import asyncio
import json
import socket
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from app.services.chat.recorder import PIECE_CHARS

from tests.client import Person, parse_events, text_of
from tests.process.conftest import ModelServer, signed_in
from tests.process.server import Server, serving
from tests.process.torture.books import Vitals, vitals
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import frames, opened

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
READERS, MODEL, CHARACTERS = 100, "bulk-8000", 8_000_000
COST = 256
"""kB that such a reader may take; the answer is thirty times that."""
STEADY = 512
"""kB"""
FILLING = 2


def _stuck(server: Server, person: Person, generation_id: str) -> socket.socket:
    """A connection that asks for a stream and takes nothing of it, like one whose other end has vanished."""
    address = urlsplit(server.url)
    connection = socket.socket()
    connection.settimeout(20)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect((address.hostname, address.port))
    head = f"GET /chat/stream/{generation_id} HTTP/1.1\r\nHost: {address.netloc}\r\n"
    connection.sendall(f"{head}Authorization: {person.headers['Authorization']}\r\n\r\n".encode())
    return connection


async def _join(crowd: ExitStack, server: Server, person: Person, generation_id: str) -> None:
    """So many who do not read, each with the beginning of an answer before it."""
    readers = [crowd.enter_context(_stuck(server, person, generation_id)) for _ in range(READERS)]
    for reader in readers:
        assert await asyncio.to_thread(reader.recv, 1, socket.MSG_PEEK) == b"H"


async def _begun(person: Person) -> str:
    """Start a long answer and leave it alone; returns its run."""
    body = {"message": {"content": "Count."}, "model": MODEL}
    async with opened(person, "POST", "/chat/stream", json=body) as response:
        first = await frames(response, 1)
    found: str = json.loads(first[0].partition(b"data: ")[2])["generation_id"]
    return found


async def _whole(person: Person, generation_id: str) -> None:
    """Read an answer from its beginning to its end."""
    answer = await person.get(f"/chat/stream/{generation_id}")
    assert answer.text.endswith("\n\n")
    events = parse_events(answer.text)
    assert len(text_of(events)) == CHARACTERS
    # Each reader has the event that they do not take in a copy of their own.
    assert max(len(str(event.data["text"])) for event in events if event.name == "delta") <= PIECE_CHARS


async def _read_beside_another(person: Person, generation_id: str) -> None:
    """Read an answer to its end while another one is asked for and written."""
    other = asyncio.create_task(person.ask("Count.", model="pace-5-60"))
    await _whole(person, generation_id)
    assert (await other)[-1].data["status"] == "complete"


async def _steady(server: Server) -> Vitals:
    """What the server takes once that changes no more: after such an answer much is freed, little by little."""
    seen = vitals(server.process.pid)
    async with asyncio.timeout(30):
        while True:
            await asyncio.sleep(0.25)
            later = vitals(server.process.pid)
            if abs(later.memory - seen.memory) < STEADY:
                return later
            seen = later


async def test_readers_who_do_not_read_cost_little_and_hold_up_nobody(tmp_path: Path, studio: ModelServer) -> None:
    async with serving(tmp_path, **unlimited(studio)) as server, signed_in(server) as person:
        seen = [await _steady(server)]
        for _ in range(6):
            generation_id = await _begun(person)
            await _read_beside_another(person, generation_id)
            seen.append(await _steady(server))
        # What such answers cost without them, once the first have filled the server's pools; memory comes in steps.
        usual = max(after.memory - before.memory for before, after in pairwise(seen[FILLING:]))
        with ExitStack() as crowd:
            await _whole(person, generation_id)
            before = await _steady(server)
            await _join(crowd, server, person, generation_id)
            joined = await _steady(server)
            # Of an answer that is there already, nothing but they costs anything.
            assert joined.memory - before.memory <= READERS * COST
            generation_id = await _begun(person)
            await _join(crowd, server, person, generation_id)
            await _read_beside_another(person, generation_id)
            after = await _steady(server)
            print(f"{READERS} readers of {CHARACTERS} characters: {seen}, {before} → {joined} → {after}")
            assert after.memory - joined.memory <= usual + READERS * COST
            assert await server.stop() == 0
