"""SIGTERM with fifty answers under way: no new work, time to end, then `interrupted` with all the text, and exit 0."""

import asyncio
import signal
import time
from pathlib import Path

import httpx2
import pytest

from tests.client import Event, Person, parse_events, text_of
from tests.process.conftest import ModelServer, signed_in
from tests.process.server import Server, serving
from tests.process.torture.books import balance
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import opened

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
STREAMS, QUICK = 50, 5
EXIT_SECONDS = 25.0


async def _read(person: Person, model: str, begun: asyncio.Semaphore) -> list[Event]:
    """One answer to its end; tells when its text begins."""
    body = {"message": {"content": "Count."}, "model": model}
    text = b""
    async with opened(person, "POST", "/chat/stream", json=body) as response:
        async for chunk in response.aiter_bytes():
            if b"event: delta" not in text and b"event: delta" in text + chunk:
                begun.release()
            text += chunk
    return parse_events(text.decode())


async def _refuses(server: Server, headers: dict[str, str]) -> None:
    """New work gets its answer, on new connections too: not here, come back later."""
    async with httpx2.AsyncClient(base_url=server.url, timeout=10) as http:
        ready = await http.get("/ready")
        asked = await http.post("/chat/stream", json={"message": {"content": "More?"}}, headers=headers)
        for refused in (ready, asked):
            assert (refused.status_code, refused.json()["code"]) == (503, "DRAINING")
            assert int(refused.headers["retry-after"]) > 0
        assert (await http.get("/health")).status_code == 200


async def test_sigterm_ends_every_answer_and_loses_no_text(tmp_path: Path, studio: ModelServer, full: bool) -> None:
    patience, slow = (20, "pace-100-400") if full else (3, "pace-50-200")
    settings = unlimited(studio, DRAIN_SECONDS=str(patience))
    async with serving(tmp_path, **settings) as server, signed_in(server) as person:
        begun = asyncio.Semaphore(0)
        slows = [asyncio.create_task(_read(person, slow, begun)) for _ in range(STREAMS - QUICK)]
        for _ in slows:
            await begun.acquire()
        quicks = [asyncio.create_task(_read(person, "pace-5-60", begun)) for _ in range(QUICK)]
        for _ in quicks:
            await begun.acquire()
        told = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0)
        while (await person.get("/ready")).status_code == 200:
            assert time.monotonic() - told < 1
        await _refuses(server, person.headers)
        interrupted, complete = await asyncio.gather(asyncio.gather(*slows), asyncio.gather(*quicks))
        async with asyncio.timeout(EXIT_SECONDS):
            code = await server.process.wait()
        assert code == 0
        assert patience <= time.monotonic() - told < EXIT_SECONDS
    assert {events[-1].data["status"] for events in interrupted} == {"interrupted"}
    assert {events[-1].data["status"] for events in complete} == {"complete"}
    balance(tmp_path)
    async with serving(tmp_path, **settings) as server, signed_in(server) as person:
        for events in (*interrupted, *complete):
            await _kept(person, events)


async def _kept(person: Person, events: list[Event]) -> None:
    """After the restart the answer stands as its reader saw it."""
    path = f"/conversations/{events[0].data['conversation_id']}/messages"
    answer = (await person.get(path)).json()["items"][-1]
    assert (answer["state"], answer["content"]) == (events[-1].data["status"], text_of(events))
    assert answer["content"]
