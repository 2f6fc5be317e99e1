"""Readers who do not read, in crowds, on a long answer: they cost next to nothing and hold up nobody, nor the end."""

import asyncio
import json
import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.client import Person, text_of
from tests.process.conftest import ModelServer, signed_in
from tests.process.server import Server, serving
from tests.process.torture.books import vitals
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import frames, opened

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
READERS, MODEL, CHARACTERS = 40, "bulk-8000", 8_000_000
COST = 512
"""kB that such a reader may take; the answer is sixteen times that."""


def _stuck(server: Server, person: Person, generation_id: str) -> socket.socket:
    """A connection that asks for a stream and takes nothing of it, like one whose other end has vanished."""
    address = urlsplit(server.url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect((address.hostname, address.port))
    head = f"GET /chat/stream/{generation_id} HTTP/1.1\r\nHost: {address.netloc}\r\n"
    connection.sendall(f"{head}Authorization: {person.headers['Authorization']}\r\n\r\n".encode())
    return connection


async def test_readers_who_do_not_read_cost_little_and_hold_up_nobody(tmp_path: Path, studio: ModelServer) -> None:
    async with serving(tmp_path, **unlimited(studio)) as server, signed_in(server) as person:
        unused = vitals(server.process.pid)
        alone = await person.ask("Count.", model=MODEL)
        assert len(text_of(alone)) == CHARACTERS
        before = vitals(server.process.pid)
        body = {"message": {"content": "Count."}, "model": MODEL}
        with ExitStack() as crowd:
            async with opened(person, "POST", "/chat/stream", json=body) as response:
                first = await frames(response, 1)
            generation_id = json.loads(first[0].partition(b"data: ")[2])["generation_id"]
            for _ in range(READERS):
                crowd.enter_context(_stuck(server, person, generation_id))
            other = asyncio.create_task(person.ask("Count.", model="pace-5-60"))
            whole = await person.get(f"/chat/stream/{generation_id}")
            assert whole.text.endswith("\n\n")
            assert (await other)[-1].data["status"] == "complete"
            after = vitals(server.process.pid)
            print(f"{READERS} readers of {len(whole.content)} bytes: {unused} → {before} → {after}")
            assert after.descriptors >= before.descriptors + READERS
            # The first answer of this size, which nobody held up, shows what the second costs without them.
            assert after.memory - before.memory <= before.memory - unused.memory + READERS * COST
            assert await server.stop() == 0
