"""What every vector store promises, checked on each: nearest first, of one person, of one space, as the tables say."""

import random
import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from app.core.clock import now
from app.db.session import Database
from app.domain.memories import repository
from app.domain.memories import service as memories
from app.providers.base import Vector
from app.services.memory.chroma import ChromaStore
from app.services.memory.sql import SqlStore
from app.services.memory.store import StoreUnusable, VectorStore
from app.services.memory.vectors import WEIGHED, cosine, packed, unit

from tests.client import Api

SPACE, SIZE = "lmstudio/text-embedding-small", 64


@pytest.fixture
def database(api: Api) -> Database:
    """The database of an installation."""
    found: Database = api.app.state.services.database
    return found


@pytest.fixture(params=["sql", "chroma"])
async def store(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> AsyncIterator[VectorStore]:
    """Each store there is."""
    made: VectorStore = SqlStore(database)
    if request.param == "chroma":
        made = ChromaStore(database, tmp_path / "chroma")
    await made.follow()
    yield made
    made.close()


@pytest.fixture
async def people(api: Api) -> tuple[str, str]:
    """Ids of two people."""
    owner = await api.bootstrap()
    other = await api.join(owner, "anna")
    found = [(await person.get("/auth/me")).json()["id"] for person in (owner, other)]
    return found[0], found[1]


def direction(rng: random.Random, size: int = SIZE) -> Vector:
    """Somewhere on the sphere."""
    found = unit(tuple(rng.gauss(0, 1) for _ in range(size)))
    assert found
    return found


async def keep(database: Database, owner_id: str, vectors: dict[str, Vector], space: str = SPACE) -> dict[str, str]:
    """Remember texts at places; gives the ids by text."""
    made: dict[str, str] = {}
    for text in vectors:
        memory, _ = await database.write(
            partial(memories.keep, owner_id=owner_id, content=text, source="manual", now=now())
        )
        made[text] = memory.id
    rows = {}
    for text, vector in vectors.items():
        placed = packed(vector)
        rows[made[text], text] = (placed.signs, placed.numbers)
    await database.write(partial(repository.place, owner_id=owner_id, space=space, placed=rows, now=now()))
    return made


async def ids(store: VectorStore, owner_id: str, vector: Vector, most: int = 10, space: str = SPACE) -> list[str]:
    """Who is near, nearest first."""
    return [key for key, _ in await store.nearest(owner_id, space, vector, most) or []]


async def test_the_nearest_come_first_with_their_cosine(
    store: VectorStore, database: Database, people: tuple[str, str]
) -> None:
    rng = random.Random(1)
    vectors = {f"fact {number}": direction(rng) for number in range(40)}
    made = await keep(database, people[0], vectors)
    await store.follow(people[0])
    asked = direction(rng)
    wanted = sorted(vectors, key=lambda text: -cosine(asked, vectors[text]))[:5]
    found = await store.nearest(people[0], SPACE, asked, 5)
    assert found is not None
    assert [key for key, _ in found] == [made[text] for text in wanted]
    assert [score for _, score in found] == pytest.approx([cosine(asked, vectors[text]) for text in wanted], abs=1e-4)


async def test_one_sees_ones_own_alone_and_one_space_alone(
    store: VectorStore, database: Database, people: tuple[str, str]
) -> None:
    rng = random.Random(2)
    place = direction(rng)
    mine = await keep(database, people[0], {"mine": place})
    elsewhere = await keep(database, people[0], {"of another model": place}, space="ollama/other")
    theirs = await keep(database, people[1], {"theirs": place, "theirs too": direction(rng)})
    await store.follow(people[0])
    await store.follow(people[1])
    assert await ids(store, people[0], place) == [mine["mine"]]
    assert await ids(store, people[0], place, space="ollama/other") == [elsewhere["of another model"]]
    assert set(await ids(store, people[1], place)) == set(theirs.values())
    assert await ids(store, "nobody", place) == []


async def test_every_query_is_of_one_person(database: Database, people: tuple[str, str]) -> None:
    """What a store asks keeps people apart by itself, whatever the store then does."""
    made = await keep(database, people[0], {"mine": direction(random.Random(9))})
    ids_of_mine = list(made.values())
    other = people[1]
    assert await database.read(lambda session: repository.signs(session, other, SPACE)) == []
    assert await database.read(lambda session: repository.vectors(session, other, ids_of_mine)) == []
    assert await database.read(lambda session: repository.stamps_any_owner(session, other)) == {}
    await database.write(lambda session: repository.displace(session, other, ids_of_mine))
    assert len(await database.read(lambda session: repository.signs(session, people[0], SPACE))) == 1


async def test_what_was_changed_or_forgotten_is_not_found(
    store: VectorStore, database: Database, people: tuple[str, str]
) -> None:
    rng = random.Random(3)
    here, there = direction(rng), direction(rng)
    made = await keep(database, people[0], {"one": here, "two": there})
    await store.follow(people[0])
    await database.write(lambda session: memories.change(session, people[0], made["one"], "one, said anew", now()))
    await store.follow(people[0])
    assert await ids(store, people[0], here) == [made["two"]]
    again = packed(there)
    rows = {(made["one"], "one, said anew"): (again.signs, again.numbers)}
    await database.write(partial(repository.place, owner_id=people[0], space=SPACE, placed=rows, now=now()))
    await store.follow(people[0])
    assert set(await ids(store, people[0], there, most=2)) == set(made.values())
    await database.write(lambda session: repository.delete_all(session, people[0]))
    await store.follow(people[0])
    assert await ids(store, people[0], there) == []


async def test_what_was_made_from_another_text_is_not_kept(database: Database, people: tuple[str, str]) -> None:
    made = await keep(database, people[0], {"one": direction(random.Random(4))})
    await database.write(lambda session: memories.change(session, people[0], made["one"], "other", now()))
    late = packed(direction(random.Random(5)))
    rows = {(made["one"], "one"): (late.signs, late.numbers)}
    await database.write(partial(repository.place, owner_id=people[0], space=SPACE, placed=rows, now=now()))
    assert await database.read(lambda session: repository.unplaced(session, people[0], SPACE)) == [
        (made["one"], "other")
    ]


async def test_a_store_that_is_gone_or_behind_is_built_anew(
    store: VectorStore, database: Database, people: tuple[str, str], tmp_path: Path
) -> None:
    rng = random.Random(6)
    vectors = {f"fact {number}": direction(rng) for number in range(20)}
    made = await keep(database, people[0], vectors)
    await store.follow()
    shutil.rmtree(tmp_path / "chroma", ignore_errors=True)
    await store.rebuild()
    assert await ids(store, people[0], vectors["fact 7"], most=1) == [made["fact 7"]]


async def test_of_many_the_nearest_are_found(database: Database, people: tuple[str, str]) -> None:
    """The signs choose whose distance is computed: what is nearer than chance is always among them."""
    rng = random.Random(7)
    vectors = {f"fact {number}": direction(rng, 256) for number in range(4 * WEIGHED)}
    made = await keep(database, people[0], vectors)
    for text in rng.sample(sorted(vectors), 50):
        noise = direction(rng, 256)
        asked = unit(tuple(0.5 * one + 0.87 * other for one, other in zip(vectors[text], noise, strict=True)))
        assert asked
        assert 0.3 < cosine(asked, vectors[text]) < 0.7
        assert await ids(SqlStore(database), people[0], asked, most=1) == [made[text]]


async def test_a_damaged_folder_is_told_and_mended(database: Database, people: tuple[str, str], tmp_path: Path) -> None:
    made = await keep(database, people[0], {"one": direction(random.Random(8))})
    store = ChromaStore(database, tmp_path / "chroma")
    await store.follow()
    store.close()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)
    store = ChromaStore(database, tmp_path / "chroma")
    with pytest.raises(StoreUnusable, match="omniai memory reindex"):
        await store.follow()
    await store.rebuild()
    assert await ids(store, people[0], direction(random.Random(8))) == [made["one"]]
    store.close()
