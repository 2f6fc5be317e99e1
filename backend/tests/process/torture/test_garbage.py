"""Streams of every dialect with bytes changed: each answer ends as answers end; the server neither falls nor grows."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.client import Person, text_of
from tests.peers.mutants import DIALECTS, MODEL
from tests.peers.process import Peer, running
from tests.process.conftest import ModelServer, signed_in
from tests.process.server import serving
from tests.process.torture.books import balance, vitals
from tests.process.torture.conftest import unlimited
from tests.process.torture.crowd import ENDS
from tests.process.torture.streams import settled

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
AT_ONCE, RESUME_SECONDS = 16, 0.5
MUTANTS, WARM_UP, SOME = 1_200, 400, 500
"""Warm is the server once SQLite's pages of every reading thread are in memory, which takes some hundred answers."""
GROWTH = 2_048
"""kB that come and go; a thousand streams that were kept would be more than twice as much."""


async def _ask(person: Person, provider: str, seed: int) -> str:
    events = await person.ask(str(seed), provider=provider, model=MODEL)
    names = [event.name for event in events]
    assert names[0] == "meta", seed
    assert names.count("done") == 1, seed
    assert names[-1] == "done", seed
    assert [event.id for event in events] == list(range(1, len(events) + 1)), seed
    status = str(events[-1].data["status"])
    assert status in ENDS, seed
    assert (status == "error") == ("error" in names), seed
    path = f"/conversations/{events[0].data['conversation_id']}/messages"
    answer = (await person.get(path)).json()["items"][-1]
    assert (answer["content"], answer["state"]) == (text_of(events), status), seed
    return status if status != "error" else str(events[-2].data["code"])


async def _ask_all(person: Person, provider: str, seeds: range) -> Counter[str]:
    rest, outcomes = iter(seeds), Counter[str]()

    async def asker() -> None:
        for seed in rest:
            outcomes[await _ask(person, provider, seed)] += 1

    await asyncio.gather(*(asker() for _ in range(AT_ONCE)))
    await settled(person)
    return outcomes


def _speaking(provider: str, peer: Peer) -> dict[str, str]:
    """Settings that name the peer as this provider."""
    others = {
        "ollama": {"OLLAMA_BASE_URL": peer.url},
        "anthropic": {"ANTHROPIC_BASE_URL": peer.url, "ANTHROPIC_API_KEY": "any"},
    }
    own = others.get(provider, {})
    return unlimited(ModelServer(peer), STREAM_RESUME_SECONDS=str(RESUME_SECONDS), LOG_LEVEL="error", **own)


@pytest.mark.parametrize("provider", DIALECTS)
async def test_no_mutant_of_a_stream_breaks_the_server_or_makes_it_grow(
    tmp_path: Path, provider: str, full: bool
) -> None:
    mutants = MUTANTS if full or provider == "lmstudio" else SOME
    log = tmp_path / "log"
    with running("tests.peers.mutants", provider) as peer:
        settings = _speaking(provider, peer)
        async with serving(tmp_path / "data", log, **settings) as server, signed_in(server) as person:
            outcomes = await _ask_all(person, provider, range(WARM_UP))
            await asyncio.sleep(2 * RESUME_SECONDS)
            before = vitals(server.process.pid)
            outcomes += await _ask_all(person, provider, range(WARM_UP, mutants))
            await asyncio.sleep(2 * RESUME_SECONDS)
            after = vitals(server.process.pid)
            print(provider, outcomes, before, after)
            assert server.process.returncode is None
    assert outcomes.total() == mutants
    assert set(outcomes) <= {"complete", "PROVIDER_ERROR", "PROVIDER_INTERRUPTED", "PROVIDER_TIMEOUT"}
    assert min(outcomes["complete"], outcomes["PROVIDER_ERROR"], outcomes["PROVIDER_INTERRUPTED"]) > mutants / 50
    assert after.memory - before.memory <= GROWTH
    assert await asyncio.to_thread(log.read_text) == ""
    balance(tmp_path / "data")
