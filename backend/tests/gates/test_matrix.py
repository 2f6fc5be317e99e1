"""Every route by every verb by everybody who should not: strangers, other people, the switched off, admins."""

import json

import httpx2
import pytest
from app.api.doors import DoorRoute

from tests.client import Api, Json, Person
from tests.gates.world import CANARY, ENDING, FILE, Owned, World, example, make_world

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CELLS = 500
OPEN = {"anyone", "probe"}
"""In development anybody may ask how the server does."""
IGNORED = {"x-request-id", "content-length"}


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def call(person: Person, route: DoorRoute, ids: Owned) -> httpx2.Response:
    method = next(iter(route.methods or ()))
    body = example(route)
    if route.door.takes == "file":
        return await person.request(method, ids.fill(route.path), files=FILE)
    filled = None if body is None else json.loads(ids.fill(json.dumps(body)))
    return await person.request(method, ids.fill(route.path), json=filled)


def said(answer: httpx2.Response) -> tuple[int, dict[str, str], Json | str]:
    """What an answer tells, the request's id aside."""
    headers = {name: value for name, value in answer.headers.items() if name not in IGNORED}
    kind = answer.headers.get("content-type", "")
    if not kind.startswith("application/json"):
        return answer.status_code, headers, answer.text
    told: Json = answer.json()
    return answer.status_code, headers, {name: value for name, value in told.items() if name != "request_id"}


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["code"])


async def walk_strangers(world: World, nobody: Person) -> int:
    cells = 0
    for route in world.doors().values():
        if route.door.who not in OPEN:
            for ids in (world.annas, Owned.random()):
                assert code(await call(nobody, route, ids)) == (401, "AUTH_REQUIRED"), route.path
        cells += 1
    return cells


async def walk_others(world: World, role: str) -> int:
    """Somebody else, with the ids of Anna's things and with ids of nothing."""
    cells = 0
    standing = await world.fresh(role)
    for (method, path), route in world.doors().items():
        cells += 1
        if route.door.who in {"admin", "scraper"} and role == "user":
            assert code(await call(standing, route, world.annas)) == (403, "ADMIN_REQUIRED"), path
            continue
        if route.door.who == "admin":
            # An admin may act on Anna; by reading alone nothing of her words is seen.
            if method == "GET":
                answer = await call(standing, route, world.annas)
                assert answer.status_code == 200, (path, answer.text)
                assert CANARY not in answer.text, path
            continue
        caller = await world.fresh(role) if route.operation_id in ENDING else standing
        foreign = await call(caller, route, world.annas)
        assert CANARY not in foreign.text, path
        assert world.annas.conversation_id not in foreign.text, path
        assert foreign.status_code < 500 or route.operation_id == "list_provider_models", path
        if route.door.whose == "by id":
            nothing = await call(caller, route, Owned.random())
            assert said(foreign) == said(nothing), (method, path)
            # Which model would answer is told for an unknown conversation too.
            assert foreign.status_code == 404 or route.operation_id == "resolve_model", (method, path)
    return cells


async def walk_other_verbs(world: World, people: list[Person]) -> int:
    cells = 0
    declared = set(world.doors())
    for path in {path for _, path in declared}:
        known = {method for method, known_path in declared if known_path == path}
        for verb in set(VERBS) - known:
            if any(method == verb and other != path and _matches(other, path) for method, other in declared):
                continue
            for person in people:
                answer = await person.request(verb, world.annas.fill(path), json={} if verb != "GET" else None)
                assert code(answer) == (405, "METHOD_NOT_ALLOWED"), (verb, path)
                cells += 1
    return cells


def _matches(pattern: str, path: str) -> bool:
    parts, others = pattern.split("/"), path.split("/")
    return len(parts) == len(others) and all(
        part == other or part.startswith("{") or other.startswith("{")
        for part, other in zip(parts, others, strict=True)
    )


async def walk_switched_off(world: World) -> int:
    """Anna herself, once her account is switched off."""
    cells = 0
    await world.owner.patch(f"/admin/users/{world.anna.user['id']}", {"status": "disabled"})
    for route in world.doors().values():
        cells += 1
        if route.door.who not in OPEN:
            assert code(await call(world.anna, route, world.annas)) == (403, "USER_INACTIVE"), route.path
    return cells


async def test_nobody_reaches_what_is_annas(world: World) -> None:
    nobody = Person(world.api.http, {})
    before = world.rows_of(world.annas.user_id)
    cells = await walk_strangers(world, nobody)
    cells += await walk_others(world, "user")
    cells += await walk_others(world, "admin")
    cells += await walk_other_verbs(world, [nobody, world.bert, world.owner, world.anna])
    assert world.rows_of(world.annas.user_id) == before
    cells += await walk_switched_off(world)
    print(f"{cells} cells of routes, verbs and people")
    assert cells >= CELLS


@pytest.mark.parametrize("outsider", ["bert", "owner"])
async def test_ids_in_bodies_and_queries_reach_nothing_either(world: World, outsider: str) -> None:
    person: Person = getattr(world, outsider)
    mine = (await person.post("/conversations", {"title": "mine"})).json()["id"]
    own = {"conversation_id": mine, "message": {"content": "x"}}
    before = world.rows_of(world.annas.user_id)
    for ids in zip(vars(world.annas).values(), vars(Owned.random()).values(), strict=True):
        asks = [[await person.post("/chat/stream", {**own, "parent_id": one}) for one in ids]]
        asks += [[await person.post("/chat/retry", {"conversation_id": mine, "message_id": one}) for one in ids]]
        asks += [[await person.post("/chat/continue", {"conversation_id": mine, "message_id": one}) for one in ids]]
        asks += [[await person.patch(f"/conversations/{mine}", {"current_leaf_id": one}) for one in ids]]
        asks += [[await person.get(f"/conversations/{mine}/messages?leaf={one}") for one in ids]]
        asks += [[await person.get(f"/models/resolve?conversation_id={one}") for one in ids]]
        for foreign, nothing in asks:
            assert said(foreign) == said(nothing)
    assert world.rows_of(world.annas.user_id) == before


async def test_a_question_to_a_foreign_conversation_begins_one_of_ones_own(world: World) -> None:
    before = world.rows_of(world.annas.user_id)
    events = await world.bert.ask("hello", conversation_id=world.annas.conversation_id)
    assert events[0].data["conversation_created"] is True
    assert events[0].data["conversation_id"] != world.annas.conversation_id
    assert world.rows_of(world.annas.user_id) == before


@pytest.mark.parametrize(
    "form", ["x", "..%2f", "0", "A" * 300, "%00", "01a2098a-4418-7320-b01f-c3caf292cc3Z", "%F0%9F%92%A9"]
)
async def test_an_id_of_a_wrong_form_is_not_found(world: World, form: str) -> None:
    for route in world.doors().values():
        if route.door.whose != "by id" or "{" not in route.path:
            continue
        body = example(route)
        path = route.path
        for name in ("conversation_id", "message_id", "generation_id", "session_id"):
            path = path.replace(f"{{{name}}}", form)
        answer = await world.bert.request(next(iter(route.methods or ())), path, json=body)
        assert answer.status_code == 404, (path, answer.text)
