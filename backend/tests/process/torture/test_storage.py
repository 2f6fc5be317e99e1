"""A database that somebody else locks, or that has no room: clear refusals, nothing half-written, the rest goes on."""

import asyncio
import resource
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.client import Person, text_of
from tests.peers.answers import counted
from tests.process.conftest import ModelServer
from tests.process.server import Server, serving
from tests.process.torture.books import balance
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import settled

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
WRITERS = 100
WITHIN_SECONDS, PATIENCE_SECONDS = 2.0, 24.0


@pytest.fixture
async def server(tmp_path: Path, studio: ModelServer) -> AsyncIterator[Server]:
    async with serving(tmp_path, **unlimited(studio)) as running:
        yield running


@pytest.fixture
async def reader(server: Server, person: Person) -> AsyncIterator[Person]:
    """The same person on connections that no writer takes."""
    async with httpx2.AsyncClient(base_url=server.url, timeout=30) as http:
        yield Person(http, person.user, person.headers)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The database as a backup or a curious owner may hold it."""
    with closing(sqlite3.connect(folder / "omniai.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


@contextmanager
def _no_room(server: Server, size: int = 0) -> Iterator[None]:
    """No file of the server may be written to behind a size, as on a disk that is full."""
    _, most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, most))
    yield
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))


def _size(folder: Path) -> int:
    """Of the file that is written to first."""
    return (folder / "omniai.db-wal").stat().st_size


async def _titles(person: Person) -> Counter[str]:
    found: Counter[str] = Counter()
    cursor = ""
    while True:
        page = (await person.get(f"/conversations?limit=200{cursor}")).json()
        found.update(item["title"] for item in page["items"])
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def _write(person: Person, title: str) -> httpx2.Response:
    begun = time.monotonic()
    answer = await person.post("/conversations", {"title": title})
    assert time.monotonic() - begun < PATIENCE_SECONDS, "a refusal that nobody waits for"
    return answer


async def test_a_hundred_writers_at_once_are_all_served(person: Person) -> None:
    titles = [f"writer-{number}" for number in range(WRITERS)]
    answers = await asyncio.gather(*(_write(person, title) for title in titles))
    assert {answer.status_code for answer in answers} == {201}
    assert await _titles(person) == Counter(titles)


async def _reads_quickly(person: Person) -> None:
    begun = time.monotonic()
    assert (await person.get("/conversations")).status_code == 200
    assert time.monotonic() - begun < WITHIN_SECONDS, "readers wait for nobody"


@pytest.mark.parametrize("seconds", [10, 25])
async def test_a_foreign_lock_is_waited_for_or_said_and_never_shown(
    person: Person, reader: Person, tmp_path: Path, seconds: int
) -> None:
    titles = [f"writer-{number}" for number in range(WRITERS)]
    answering = asyncio.create_task(reader.ask("Count.", model="pace-20-100"))
    await asyncio.sleep(0.5)
    with _locked(tmp_path):
        begun = time.monotonic()
        writing = [asyncio.create_task(_write(person, title)) for title in titles]
        while time.monotonic() - begun < seconds:
            await _reads_quickly(reader)
            await asyncio.sleep(0.2)
    answers = await asyncio.gather(*writing)
    for answer in answers:
        assert answer.status_code in {201, 503}
        assert "locked" not in answer.text
        if answer.status_code == 503:
            assert answer.json()["code"] == "OVERLOADED"
            assert int(answer.headers["retry-after"]) > 0
    stored = [title for title, answer in zip(titles, answers, strict=True) if answer.status_code == 201]
    assert await _titles(person) == Counter([*stored, "Count."])
    events = await answering
    assert (events[-1].data["status"], text_of(events)) == ("complete", "".join(counted(100)))
    await settled(person)
    balance(tmp_path)


async def test_without_room_writes_are_refused_whole_and_reads_go_on(
    person: Person, server: Server, studio: ModelServer, tmp_path: Path
) -> None:
    asked = await person.ask("Before.", model="tiny-chat-1b")
    path = f"/conversations/{asked[0].data['conversation_id']}/messages"
    before = (await person.get(path)).json()
    calls = len(await studio.chats())
    running = asyncio.create_task(person.ask("Count.", model="pace-20-100"))
    await asyncio.sleep(0.5)
    for size in (_size(tmp_path) + 20_000, 0):
        with _no_room(server, size):
            for body in ({"role": "user", "content": "x" * 150_000},) * 3:
                refused = await person.post(path, body)
                assert (refused.status_code, refused.json()["code"]) == (507, "STORAGE_FULL")
            assert (await person.get(path)).json() == before
    with _no_room(server):
        refused = await person.post("/chat/stream", {"message": {"content": "Now?"}, "model": "tiny-chat-1b"})
        assert (refused.status_code, refused.json()["code"]) == (507, "STORAGE_FULL")
        assert (await person.get("/chat/active")).json()["items"] != []
        await asyncio.sleep(3)
        assert not running.done(), "an ending is said when it is stored, and not before"
    events = await running
    assert (events[-1].data["status"], text_of(events)) == ("complete", "".join(counted(100)))
    assert len(await studio.chats()) == calls + 1
    assert (await person.get(path)).json() == before
    assert (await person.ask("After.", model="tiny-chat-1b"))[-1].data["status"] == "complete"
    balance(tmp_path)
