"""A large export from a running server: it takes little memory, and ends with the sign-in that asked for it."""

import asyncio
import io
import json
import random
import zipfile
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from app.core.clock import now
from app.core.ids import new_id
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.conversations.models import Conversation, Message
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.client import Person
from tests.process.conftest import signed_in
from tests.process.server import serving

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
CONVERSATIONS, MESSAGES = 20, 5_000
MOST_MEMORY = 200_000
"""kB of resident memory, at any time."""


def fill(folder: Path, owner: Person) -> None:
    """Store 100,000 messages that hardly compress."""
    chance = random.Random(3)
    owner_id, at = str(owner.user["id"]), now()
    times = {"created_at": at, "updated_at": at}
    with closing(Database(make_engine(sqlite_url(folder / "omniai.db")))) as database:
        for number in range(CONVERSATIONS):
            home = {"id": new_id(), "user_id": owner_id, "title": f"talk {number}", "last_message_at": at, **times}
            fixed = {"conversation_id": home["id"], "user_id": owner_id, "role": "user", "state": "complete", **times}
            texts = [{**fixed, "id": new_id(), "content": chance.randbytes(100).hex()} for _ in range(MESSAGES)]

            def store(session: Session, home: dict[str, object] = home, texts: list[dict[str, object]] = texts) -> None:
                session.execute(insert(Conversation), [home])
                session.execute(insert(Message), texts)

            database.write_now(store)


def peak_memory(pid: int) -> int:
    """The most that a process has held, in kB."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0])


async def drained(pieces: AsyncIterator[bytes]) -> int:
    """How many bytes come before the end."""
    return sum([len(piece) async for piece in pieces])


async def test_a_hundred_thousand_messages_are_exported_in_little_memory(tmp_path: Path) -> None:
    async with serving(tmp_path, tmp_path / "log", LOG_LEVEL="info") as server, signed_in(server) as owner:
        fill(tmp_path, owner)
        answer = await owner.get("/export", timeout=120)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            manifest = json.loads(packed.read("manifest.json"))
            names = [file["name"] for file in manifest["files"] if file["name"].startswith("conversations/")]
            counts = [len(json.loads(packed.read(name))["messages"]) for name in names]
        assert counts == [MESSAGES] * CONVERSATIONS
        assert peak_memory(server.process.pid) < MOST_MEMORY

        async with owner.http.stream("GET", "/export", headers=owner.headers, timeout=60) as cut:
            pieces = cut.aiter_bytes()
            await anext(pieces)
            assert (await owner.post("/auth/logout")).status_code == 204
            await asyncio.sleep(3)  # longer than a sign-in's end takes to reach an open stream
            with pytest.raises(httpx2.RemoteProtocolError):
                await drained(pieces)
    log = (tmp_path / "log").read_text()
    assert "download_cut_off" in log
    assert "Traceback" not in log
    assert "exc_type" not in log
