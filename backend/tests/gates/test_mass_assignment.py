"""Every column of every table offered in every write: only what a door lists is taken, and only that changes."""

import pytest
from app.api import openapi
from app.tables import metadata
from sqlalchemy import select

from tests.client import Api
from tests.gates.world import World, example, make_world

COLUMNS = sorted(
    {column.name for table in metadata.sorted_tables for column in table.columns}
    | {"is_admin", "owner_id", "__class__"}
)


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


def fields_of(world: World, operation_id: str) -> set[str]:
    """The fields that a door lists, by the document."""
    document = openapi.document(world.api.app)
    for item in document["paths"].values():
        for operation in item.values():
            if operation["operationId"] == operation_id:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                name = schema["$ref"].rsplit("/", 1)[1]
                return set(document["components"]["schemas"][name]["properties"])
    raise AssertionError(operation_id)


async def test_no_column_is_taken_that_a_door_does_not_list(world: World) -> None:
    tried = 0
    before = world.rows_of(world.annas.user_id)
    for (method, path), route in world.doors().items():
        body = example(route)
        if body is None:
            continue
        person = world.owner if route.door.who == "admin" else world.anna
        for column in set(COLUMNS) - fields_of(world, route.operation_id or ""):
            answer = await person.request(method, world.annas.fill(path), json={**body, column: "active"})
            assert answer.status_code == 422, (path, column, answer.text)
            assert {"field": column, "problem": "Extra inputs are not permitted"} in answer.json()["detail"]["fields"]
            tried += 1
    assert tried > 700
    assert world.rows_of(world.annas.user_id) == before


LISTED = (
    ("users", "/auth/me", {"display_name": "New"}, {"display_name"}),
    ("users", "/auth/me", {"default_model": "m"}, {"default_model"}),
    ("users", "/auth/me", {"preferences": {"theme": "dark"}}, {"preferences"}),
    ("conversations", "/conversations/{conversation_id}", {"title": "New"}, {"title"}),
    ("conversations", "/conversations/{conversation_id}", {"pinned": True}, {"pinned"}),
    ("messages", "/messages/{message_id}", {"content": "New"}, {"content"}),
    ("messages", "/messages/{message_id}", {"feedback": {"rating": "good"}}, {"rating"}),
)
KEYS = {"users": "user_id", "conversations": "conversation_id", "messages": "message_id"}


async def stored(world: World, table: str) -> dict[str, object]:
    """Anna's row of a table."""
    found = metadata.tables[table]
    statement = select(found).where(found.c.id == getattr(world.annas, KEYS[table]))
    services = world.api.app.state.services
    row = await services.database.read(lambda session: session.execute(statement).one())
    return dict(row._mapping)


async def test_a_listed_field_changes_nothing_but_itself(world: World) -> None:
    for table, path, body, changed in LISTED:
        before = await stored(world, table)
        answer = await world.anna.patch(world.annas.fill(path), body)
        assert answer.status_code == 200, answer.text
        after = await stored(world, table)
        assert {name for name in after if after[name] != before[name]} - {"updated_at"} == changed, path


async def test_preferences_take_no_field_of_a_person(world: World) -> None:
    for column in ("role", "status", "password_hash", "id"):
        answer = await world.anna.patch("/auth/me", {"preferences": {"theme": "dark", column: "admin"}})
        assert answer.status_code == 422
    kept = await world.anna.patch("/auth/me", {"preferences": {"ui": {"role": "admin"}}})
    assert kept.json()["role"] == "user"
