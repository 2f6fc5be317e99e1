"""Memories are found by what they mean where a model at home knows meanings, and by their words where none does."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx2
import pytest
from app.domain.memories import repository
from app.maintenance import reindex_memory
from app.wiring import meaning_of

from tests.api.test_memories import eventually, held, remember, switch_on, used
from tests.client import Api, Json, Person, running_app
from tests.conftest import migrated, settings_for
from tests.peers.lmstudio import EMBEDDING
from tests.peers.process import running
from tests.process.conftest import ModelServer

pytestmark = pytest.mark.asyncio

STORES = ("sql", "chroma")


async def load(studio: ModelServer, act: str = "load") -> None:
    """Have the model server hold its embedding model, or let go of it."""
    name = "model" if act == "load" else "instance_id"
    async with httpx2.AsyncClient(base_url=studio.peer.url) as http:
        assert (await http.post(f"/api/v1/models/{act}", json={name: EMBEDDING})).status_code == 200


@pytest.fixture
async def studio() -> AsyncIterator[ModelServer]:
    """A model server with an embedding model in memory."""
    with running("tests.peers.lmstudio") as peer:
        server = ModelServer(peer)
        await load(server)
        yield server


def house(folder: Path, studio: ModelServer, store: str) -> AbstractAsyncContextManager[Api]:
    """An OmniAI with one of the stores."""
    return running_app(migrated(settings_for(folder, LMSTUDIO_BASE_URL=studio.base_url, MEMORY_STORE=store,
        QUOTA_MESSAGES_PER_DAY="unlimited", QUOTA_TOKENS_PER_DAY="unlimited")))  # fmt: skip


async def settled(person: Person, question: str, count: int) -> Json:
    """Ask until so many memories are used: the store is opened behind an answer, the catalogue read anew."""
    async with asyncio.timeout(30):
        while used(meta := (await person.ask(question))[0]) != count:
            await asyncio.sleep(0.05)
    note = meta.data["memory"]
    assert isinstance(note, dict)
    return note


async def stored(folder: Path) -> None:
    """Wait until Chroma holds something: that comes after an answer."""
    async with asyncio.timeout(20):
        while not list((folder / "data" / "chroma").glob("*/*.bin")):
            await asyncio.sleep(0.05)


async def standing(person: Person) -> Json:
    """What the server says of how memories are found."""
    found: Json = (await person.get("/memory/state")).json()
    return found


@pytest.mark.parametrize("store", STORES)
async def test_other_words_for_the_same_find_a_memory(tmp_path: Path, studio: ModelServer, store: str) -> None:
    async with house(tmp_path, studio, store) as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        sister = await remember(owner, "My sister lives in Tromsø")
        await remember(owner, "I play the cello")
        assert (await standing(owner)) == {
            "by": "meaning", "model": f"lmstudio/{EMBEDDING}", "store": store, "notice": None,
        }  # fmt: skip
        assert (await settled(owner, "Where is my sibling's home?", 1))["ids"] == [sister["id"]]
        for other in ("What is the capital of Peru?", "Explain photosynthesis", "How are you?"):
            assert used((await owner.ask(other))[0]) == 0, other
        # By the first question after the start already, before the store was opened.
        assert used((await owner.ask("Which instrument do I practise?"))[0]) == 1


async def test_without_such_a_model_words_decide(tmp_path: Path, studio: ModelServer) -> None:
    await load(studio, "unload")
    async with house(tmp_path, studio, "sql") as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        await remember(owner, "My sister lives in Tromsø")
        assert (await standing(owner))["by"] == "words"
        assert used((await owner.ask("Where is my sibling's home?"))[0]) == 0
        assert used((await owner.ask("Where does my sister live?"))[0]) == 1


@pytest.mark.parametrize("store", STORES)
async def test_what_was_said_anew_or_forgotten_is_not_found_as_it_was(
    tmp_path: Path, studio: ModelServer, store: str
) -> None:
    async with house(tmp_path, studio, store) as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        made = await remember(owner, "My sister lives in Tromsø")
        await settled(owner, "Where is my sibling's home?", 1)
        await owner.patch(f"/memory/{made['id']}", {"content": "I drive a red car"})
        assert used((await owner.ask("Where is my sibling's home?"))[0]) == 0
        await settled(owner, "Which van is mine?", 1)
        assert (await owner.delete(f"/memory/{made['id']}")).status_code == 204
        assert used((await owner.ask("Which van is mine?"))[0]) == 0


@pytest.mark.parametrize("store", STORES)
async def test_nothing_of_one_person_reaches_another_by_its_meaning(
    tmp_path: Path, studio: ModelServer, store: str
) -> None:
    async with house(tmp_path, studio, store) as api:
        owner = await api.bootstrap()
        anna, bert = await api.join(owner, "anna"), await api.join(owner, "bert")
        for person in (anna, bert):
            await switch_on(person)
        await remember(anna, "My sister zebrafish lives in Tromsø")
        await remember(bert, "I drink espresso")
        await settled(anna, "Where is my sibling's home?", 1)
        await settled(bert, "Do I like coffee?", 1)
        before = len(await studio.chats())
        for _ in range(50):
            assert used((await bert.ask("Where is my sibling's home?", max_tokens=1))[0]) == 0
        assert [entry for entry in (await studio.chats())[before:] if "zebrafish" in str(entry["body"])] == []


@pytest.mark.parametrize("store", STORES)
async def test_who_is_gone_leaves_nothing_in_the_store(tmp_path: Path, studio: ModelServer, store: str) -> None:
    async with house(tmp_path, studio, store) as api:
        owner = await api.bootstrap()
        anna = await api.join(owner, "anna")
        await switch_on(anna)
        made = await remember(anna, "My sister lives in Tromsø")
        await settled(anna, "Where is my sibling's home?", 1)
        if store == "chroma":
            await stored(tmp_path)
        assert (await anna.delete("/auth/me")).status_code == 204
    folder = tmp_path / "data" / "chroma"
    left = [path for path in folder.rglob("*") if path.is_file() and str(made["id"]).encode() in path.read_bytes()]
    assert left == []


async def test_a_text_that_the_model_does_not_take_hinders_no_other(tmp_path: Path, studio: ModelServer) -> None:
    async with house(tmp_path, studio, "sql") as api:
        owner = await api.bootstrap()
        owner_id, services = str(owner.user["id"]), api.app.state.services
        meaning = meaning_of(services.settings, services.database, services.registry)
        sister = await remember(owner, "My sister lives in Tromsø")
        await meaning.index(owner_id)
        await remember(owner, "long " * 199)
        version = await services.database.read(lambda session: repository.version(session, owner_id))
        assert set(await meaning.near(owner_id, "Where is my sibling's home?", 2, version)) == {sister["id"]}
        cello = await remember(owner, "I play the cello")
        await meaning.index(owner_id)
        version = await services.database.read(lambda session: repository.version(session, owner_id))
        assert set(await meaning.near(owner_id, "Which instrument do I practise?", 3, version)) == {cello["id"]}


async def test_a_slow_model_holds_no_question_up(tmp_path: Path, studio: ModelServer) -> None:
    async with house(tmp_path, studio, "sql") as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        sister = await remember(owner, "My sister lives in Tromsø")
        meta = (await owner.ask("slowly now: where does my sister live?"))[0]
        assert meta.data["memory"] == {"used": 1, "ids": [sister["id"]]}


async def test_a_damaged_store_is_told_and_chats_go_on(tmp_path: Path, studio: ModelServer) -> None:
    async with house(tmp_path, studio, "chroma") as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        await remember(owner, "My sister lives in Tromsø")
        await settled(owner, "Where is my sibling's home?", 1)
        await stored(tmp_path)
    (tmp_path / "data" / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 999)
    async with house(tmp_path, studio, "chroma") as api:
        owner = Person(api.http, owner.user, owner.headers)
        await settled(owner, "Where is my sibling's home?", 1)
        async with asyncio.timeout(20):
            while (said := await standing(owner))["notice"] is None:
                await asyncio.sleep(0.05)
        assert said["store"] == "sql"
        assert "omniai memory reindex" in str(said["notice"])
        await settled(owner, "Where is my sibling's home?", 1)
    settings = settings_for(tmp_path, LMSTUDIO_BASE_URL=studio.base_url, MEMORY_STORE="chroma")
    line = await asyncio.to_thread(reindex_memory, settings)
    assert line == f"1 of 1 memories can be found by their meaning (with lmstudio/{EMBEDDING}); store: chroma."
    shutil.rmtree(tmp_path / "data" / "chroma")
    async with house(tmp_path, studio, "chroma") as api:
        owner = Person(api.http, owner.user, owner.headers)
        await settled(owner, "Where is my sibling's home?", 1)
        assert await standing(owner) == {
            "by": "meaning", "model": f"lmstudio/{EMBEDDING}", "store": "chroma", "notice": None,
        }  # fmt: skip


async def test_what_was_remembered_before_there_was_a_model_is_found_with_it(
    tmp_path: Path, studio: ModelServer
) -> None:
    await load(studio, "unload")
    async with house(tmp_path, studio, "sql") as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        await owner.ask("Remember that my sister lives in Tromsø")
        await eventually(owner, ["My sister lives in Tromsø"])
        for number in range(40):
            await remember(owner, f"Box {number} holds wool")
    await load(studio)
    async with house(tmp_path, studio, "sql") as api:
        owner = Person(api.http, owner.user, owner.headers)
        assert len(await held(owner)) == 41
        await settled(owner, "Where is my sibling's home?", 1)
