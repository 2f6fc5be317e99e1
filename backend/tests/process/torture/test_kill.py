"""`kill -9` at random moments under load: nothing acknowledged is lost, doubled or stuck, and it is soon back."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.client import PASSWORD, Person
from tests.process.conftest import BOOTSTRAP, ModelServer
from tests.process.torture.books import balance, doubled
from tests.process.torture.conftest import unlimited
from tests.process.torture.crowd import Asker, Item, compare, note_death, under_load
from tests.process.torture.lives import Installation, Life, installed

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
ASKERS = 8
READY_SECONDS = 3.0


async def test_no_kill_loses_doubles_or_holds_up_what_was_acknowledged(
    tmp_path: Path, studio: ModelServer, full: bool
) -> None:
    rng = random.Random(4)
    askers = [Asker(f"asker{number}", random.Random(number)) for number in range(ASKERS)]
    async with installed(tmp_path, **unlimited(studio)) as installation:
        headers = await _signed_up(await installation.start(fresh=True))
        await installation.lives[-1].kill()
        for turn in range(200 if full else 50):
            if turn % 5 == 4:
                await _kill_while_starting(installation, rng.uniform(0, 0.3))
            async with _back(installation, headers, fresh=full) as (life, person):
                balance(tmp_path)
                assert doubled(tmp_path) == []
                await _check_latest(person, askers)
                waited = life.waited()
                tasks = await under_load(askers, person, _until_the_kill(rng, turn))
                note_death(askers, life.waited() - waited)
                await life.kill()
                await asyncio.gather(*tasks)
        async with _back(installation, headers, fresh=full) as (_, person):
            balance(tmp_path)
            assert doubled(tmp_path) == []
            await _check_everything(person, askers)
        assert max(life.ready_after for life in installation.lives[1:]) <= READY_SECONDS
    await _check_calls(studio, askers)
    _tell(installation, askers)


def _until_the_kill(rng: random.Random, turn: int) -> float:
    """Seconds; now and then long enough for text that must have been stored since."""
    return rng.uniform(1.5, 2.5) if turn % 10 == 2 else rng.uniform(0.05, 0.7)


async def _signed_up(life: Life) -> dict[str, str]:
    """The owner's credential, which outlives every server."""
    body = {"username": "owner", "password": PASSWORD}
    async with httpx2.AsyncClient(base_url=life.url) as http:
        answer = await http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@asynccontextmanager
async def _back(
    installation: Installation, headers: dict[str, str], *, fresh: bool
) -> AsyncIterator[tuple[Life, Person]]:
    life = await installation.start(fresh=fresh)
    async with httpx2.AsyncClient(base_url=life.url, timeout=30) as http:
        yield life, Person(http, {}, headers)


async def _kill_while_starting(installation: Installation, seconds: float) -> None:
    life, _ = await installation.begin()
    await asyncio.sleep(seconds)
    await life.kill()


async def _path(person: Person, conversation_id: str) -> list[Item]:
    items: list[Item] = (await person.get(f"/conversations/{conversation_id}/messages?limit=200")).json()["items"]
    return items


async def _check_latest(person: Person, askers: list[Asker]) -> None:
    """What was under way when the server died."""
    assert (await person.get("/chat/active")).json()["items"] == []
    for asker in askers:
        if asker.conversations:
            conversation_id, turns = asker.conversations[-1]
            if conversation_id is not None:
                compare(await _path(person, conversation_id), turns)


async def _check_everything(person: Person, askers: list[Asker]) -> None:
    assert (await person.get("/admin/audit/verify")).json()["ok"]
    invites = {item["id"] for item in await _all(person, "/admin/invites")}
    assert {invite for asker in askers for invite in asker.invites} <= invites
    stored: Counter[str] = Counter()
    for conversation in await _all(person, "/conversations"):
        path = await _path(person, conversation["id"])
        stored.update(str(item["content"]) for item in path if item["role"] == "user")
    assert {turn.content for asker in askers for turn in asker.turns() if turn.acknowledged} <= set(stored)
    assert set(stored.values()) <= {1}
    for asker in askers:
        for conversation_id, turns in asker.conversations:
            if conversation_id is not None:
                compare(await _path(person, conversation_id), turns)


async def _all(person: Person, path: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    cursor = ""
    while True:
        page = (await person.get(f"{path}?limit=200{cursor}")).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def _check_calls(studio: ModelServer, askers: list[Asker]) -> None:
    """The model server heard every question once at most, and every one whose answer was acknowledged."""
    bodies = [json.loads(json.dumps(entry["body"])) for entry in await studio.chats()]
    heard = Counter(body["messages"][-1]["content"].rpartition("\n\n")[2] for body in bodies)
    assert set(heard.values()) == {1}
    assert {turn.content for asker in askers for turn in asker.turns() if turn.status == "complete"} <= set(heard)


def _tell(installation: Installation, askers: list[Asker]) -> None:
    waits = sorted(life.ready_after for life in installation.lives[1:] if life.url)
    turns = [turn for asker in askers for turn in asker.turns()]
    print(
        f"{len(installation.lives) - 1} starts, ready after {waits[len(waits) // 2]:.2f} s (median), "
        f"{waits[-1]:.2f} s (worst); {len(turns)} turns, {sum(turn.acknowledged for turn in turns)} acknowledged, "
        f"{sum(turn.done is not None for turn in turns)} answers to their end"
    )
