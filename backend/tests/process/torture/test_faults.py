"""Model servers that fail in every way at once: the right code in time, the prefix kept, nobody else disturbed."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.client import Event, Person, text_of
from tests.peers.answers import counted
from tests.peers.process import running
from tests.process.conftest import ModelServer
from tests.process.server import Server, serving
from tests.process.torture.books import balance
from tests.process.torture.conftest import unlimited
from tests.process.torture.streams import settled

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
KEY: Final = "sk-canary-9f3a51c7"
FIRST, IDLE, MARGIN = 2.0, 1.0, 5.0
"""The deadlines of the server, and what a busy machine may add to them."""
FAULTS: Final = {
    "fault-hang": ("PROVIDER_TIMEOUT", 0, FIRST),
    "fault-stall-3": ("PROVIDER_TIMEOUT", 3, IDLE),
    "fault-cut-5": ("PROVIDER_INTERRUPTED", 5, 0.0),
    "fault-cut-1": ("PROVIDER_INTERRUPTED", 1, 0.0),
    "fault-reset": ("PROVIDER_UNREACHABLE", 0, 0.0),
    "fault-noise": ("PROVIDER_ERROR", 0, 0.0),
    "fault-html": ("PROVIDER_ERROR", 0, 0.0),
    "fault-garbage": ("PROVIDER_ERROR", 3, 0.0),
    "fault-badutf8": ("PROVIDER_ERROR", 3, 0.0),
    "fault-longline": ("PROVIDER_ERROR", 3, 0.0),
    "fault-error-chunk": ("PROVIDER_ERROR", 3, 0.0),
    "fault-401": ("PROVIDER_ERROR", 0, 0.0),
    "fault-403": ("PROVIDER_ERROR", 0, 0.0),
    "fault-404": ("MODEL_NOT_FOUND", 0, 0.0),
    "fault-413": ("PROVIDER_ERROR", 0, 0.0),
    "fault-429": ("PROVIDER_BUSY", 0, 0.0),
    "fault-500": ("PROVIDER_ERROR", 0, 0.0),
    "fault-503": ("PROVIDER_BUSY", 0, 0.0),
}
"""Model → code, tokens that came before, seconds that pass at least."""


@pytest.fixture
def studio() -> Iterator[ModelServer]:
    """A model server that asks for a key, and says it in its errors."""
    with running("tests.peers.lmstudio", "--api-key", KEY) as peer:
        yield ModelServer(peer)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
async def server(tmp_path: Path, log: Path, studio: ModelServer) -> AsyncIterator[Server]:
    settings = unlimited(studio, LMSTUDIO_API_KEY=KEY, LOG_LEVEL="debug")
    async with serving(tmp_path / "data", log, **settings) as running:
        yield running


async def _fails(person: Person, model: str) -> list[Event]:
    """Ask a model that fails, and hold it to its row of the list."""
    code, tokens, least = FAULTS[model]
    started = time.monotonic()
    events = await person.ask("Please.", model=model)
    assert least <= time.monotonic() - started < least + MARGIN, model
    assert [event.name for event in events][-2:] == ["error", "done"], model
    error, done = events[-2].data, events[-1].data
    assert (error["code"], done["status"]) == (code, "error"), model
    assert set(error) - {"retry_after"} == {"code", "message", "retryable", "request_id"}
    assert text_of(events) == "".join(counted(tokens)), model
    path = f"/conversations/{events[0].data['conversation_id']}/messages"
    answer = (await person.get(path)).json()["items"][-1]
    assert (answer["state"], answer["content"]) == ("error", text_of(events)), model
    assert answer["parts"][-1] == {"type": "error", "text": code}, model
    return events


async def _succeeds(person: Person, model: str, tokens: int) -> None:
    events = await person.ask("Count.", model=model)
    assert events[-1].data["status"] == "complete", model
    assert text_of(events) == "".join(counted(tokens)), model


async def test_every_fault_at_once_has_its_code_and_disturbs_nobody(
    person: Person, server: Server, studio: ModelServer, log: Path, tmp_path: Path
) -> None:
    failing = [_fails(person, model) for model in FAULTS]
    others = [_succeeds(person, "pace-20-100", 100) for _ in range(5)]
    failed, _ = await asyncio.gather(asyncio.gather(*failing), asyncio.gather(*others))
    await settled(person)
    assert KEY not in str(failed)
    assert KEY not in await asyncio.to_thread(log.read_text)
    assert len(await studio.chats()) == len(failed) + len(others)
    used = (await person.get("/usage/me")).json()
    # What brought no token is given back.
    assert used["messages"]["used"] == len(others) + sum(tokens > 0 for _, tokens, _ in FAULTS.values())
    balance(tmp_path / "data")


async def test_a_drip_is_no_fault(person: Person) -> None:
    events = await person.ask("Please.", model="fault-drip-200", max_tokens=15)
    assert (events[-1].data["status"], events[-1].data["finish_reason"]) == ("complete", "length")
