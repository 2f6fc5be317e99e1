"""A hundred at once for what only so many may have, round after round, against one real server process.

An invite, a name, a reset link, the last message of a day, one refresh token, the owner's place, the last admin.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.client import PASSWORD, Api, Person, parse_events, running_app
from tests.conftest import BOOTSTRAP, migrated, settings_for
from tests.gates.crowd import CROWD, Call, outcome, outcomes, race, refuse_failures
from tests.peers.process import running
from tests.process.conftest import ModelServer, signed_in
from tests.process.server import Server, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.process]

ROUNDS = 20
FEW_ROUNDS = 5
"""For the siblings of what is tested in full."""


@pytest.fixture
def studio() -> Iterator[ModelServer]:
    with running("tests.peers.lmstudio", "--token-ms", "0") as peer:
        yield ModelServer(peer)


@pytest.fixture
async def server(tmp_path: Path, studio: ModelServer) -> AsyncIterator[Server]:
    names = {"MAX_STREAMS_PER_USER": "1000", "REFRESH_GRACE_SECONDS": "300"}
    async with serving(tmp_path, LMSTUDIO_BASE_URL=studio.base_url, **names) as running:
        yield running


@pytest.fixture
async def owner(server: Server) -> AsyncIterator[Person]:
    async with signed_in(server) as person:
        yield person


def wide(text: str) -> str:
    """Full-width letters, which NFKC makes plain ones."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def sign_up(code: str, username: str) -> Call:
    return Call("POST", "/auth/register", {"invite_code": code, "username": username, "password": PASSWORD})


async def join(owner: Person, username: str, role: str = "user") -> Person:
    code = (await owner.post("/admin/invites", {"role": role})).json()["code"]
    answer = await owner.http.post("/auth/register", json=sign_up(code, username).body)
    assert answer.status_code == 201, answer.text
    signed = answer.json()
    headers = {"Authorization": f"Bearer {signed['access_token']}"}
    return Person(owner.http, signed["user"], headers, signed["refresh_token"])


async def uses_of_invites(owner: Person) -> set[int]:
    return {invite["used_count"] for invite in (await owner.get("/admin/invites")).json()["items"]}


async def test_one_invite_lets_one_in(server: Server, owner: Person) -> None:
    for turn in range(ROUNDS):
        code = (await owner.post("/admin/invites", {})).json()["code"]
        answers = await race(server.url, [sign_up(code, f"guest{turn}-{number}") for number in range(CROWD)])
        assert outcomes(answers) == {(201, ""): 1, (400, "INVALID_INVITE"): CROWD - 1}
        winner = next(answer.json()["user"]["username"] for answer in answers if answer.status_code == 201)
        made = (await owner.get(f"/admin/users?q=guest{turn}-")).json()["items"]
        assert [person["username"] for person in made] == [winner]
    assert await uses_of_invites(owner) == {1}


async def test_one_name_is_one_persons_however_it_is_written(server: Server, owner: Person) -> None:
    for turn in range(ROUNDS):
        code = (await owner.post("/admin/invites", {"max_uses": CROWD})).json()["code"]
        spellings = (f"maria{turn}", f"MARIA{turn}", f"Maria{turn}", wide(f"maria{turn}"))
        answers = await race(server.url, [sign_up(code, spellings[number % 4]) for number in range(CROWD)])
        assert outcomes(answers) == {(201, ""): 1, (409, "USERNAME_EXISTS"): CROWD - 1}
    # Those who lost took nothing of the invite.
    assert await uses_of_invites(owner) == {1}


async def test_one_reset_link_sets_one_password(server: Server, owner: Person) -> None:
    member = await join(owner, "maria")
    for turn in range(FEW_ROUNDS):
        made = await owner.post(f"/admin/users/{member.user['id']}/reset-password")
        passwords = [f"one of a hundred {turn} {number}" for number in range(CROWD)]
        bodies = [{"token": made.json()["token"], "new_password": password} for password in passwords]
        answers = await race(server.url, [Call("POST", "/auth/reset", body) for body in bodies])
        assert outcomes(answers) == {(204, ""): 1, (400, "INVALID_RESET"): CROWD - 1}
        winner = [answer.status_code for answer in answers].index(204)
        body = {"username": "maria", "password": passwords[winner]}
        assert (await owner.http.post("/auth/login", json=body)).status_code == 200


async def allow(owner: Person, person: Person, messages: int | None, tokens: int | None) -> None:
    body = {"messages_per_day": messages, "tokens_per_day": tokens}
    answer = await owner.request("PUT", f"/admin/quotas/{person.user['id']}", json=body)
    assert answer.status_code == 200, answer.text


def question(person: Person, model: str = "tiny-chat-1b", *, head_only: bool = False) -> Call:
    body = {"message": {"content": "Hello"}, "model": model, "provider": "lmstudio"}
    return Call("POST", "/chat/stream", body, person.headers, head_only)


async def used(person: Person) -> tuple[int, int]:
    usage = (await person.get("/usage/me")).json()
    return usage["messages"]["used"], usage["tokens"]["used"]


async def conversations(person: Person) -> int:
    return len((await person.get("/conversations?limit=200")).json()["items"])


async def test_the_last_message_of_a_day_is_one_message(server: Server, owner: Person, studio: ModelServer) -> None:
    member = await join(owner, "maria")
    for turn in range(1, ROUNDS + 1):
        await allow(owner, member, turn, None)
        answers = await race(server.url, [question(member)] * CROWD)
        assert outcomes(answers) == {(200, ""): 1, (429, "QUOTA_EXCEEDED"): CROWD - 1}
        events = next(parse_events(answer.text) for answer in answers if answer.status_code == 200)
        assert events[-1].data["status"] == "complete"
        assert (await used(member))[0] == turn
        assert len(await studio.chats()) == turn
        assert await conversations(member) == turn


async def test_the_last_tokens_of_a_day_are_one_answer(server: Server, owner: Person, studio: ModelServer) -> None:
    member = await join(owner, "maria")
    room = 20
    for turn in range(1, FEW_ROUNDS + 1):
        before = (await used(member))[1]
        await allow(owner, member, None, before + room)
        answers = await race(server.url, [question(member)] * CROWD)
        assert outcomes(answers) == {(200, ""): 1, (429, "QUOTA_EXCEEDED"): CROWD - 1}
        assert before < (await used(member))[1] <= before + room
        assert len(await studio.chats()) == turn
        assert await conversations(member) == turn


async def test_no_more_streams_open_at_once_than_one_may_have(tmp_path: Path, studio: ModelServer) -> None:
    async with (
        serving(tmp_path, LMSTUDIO_BASE_URL=studio.base_url, MAX_STREAMS_PER_USER="3") as server,
        signed_in(server) as owner,
    ):
        await allow(owner, owner, None, None)
        for turn in range(1, FEW_ROUNDS + 1):
            answers = await race(server.url, [question(owner, "fault-hang", head_only=True)] * CROWD)
            assert outcomes(answers) == {(200, ""): 3, (429, "TOO_MANY_STREAMS"): CROWD - 3}
            under_way = (await owner.get("/chat/active")).json()["items"]
            assert len(under_way) == 3
            for run in under_way:
                assert (await owner.post(f"/chat/cancel/{run['generation_id']}")).json()["status"] == "stopped"
            assert len(await studio.chats()) <= 3 * turn


async def sign_in(http: httpx2.AsyncClient) -> str:
    token: str = (await http.post("/auth/login", json={"username": "owner", "password": PASSWORD})).json()[
        "refresh_token"
    ]
    return token


async def refresh(http: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await http.post("/auth/refresh", json={"refresh_token": token})


async def test_one_refresh_token_has_one_successor(server: Server, owner: Person) -> None:
    for _ in range(ROUNDS):
        first = await sign_in(owner.http)
        answers = await race(server.url, [Call("POST", "/auth/refresh", {"refresh_token": first})] * CROWD)
        assert outcomes(answers) == {(200, ""): CROWD}
        successors = {(answer.json()["access_token"], answer.json()["refresh_token"]) for answer in answers}
        assert len(successors) == 1
        access, second = successors.pop()
        live = {"Authorization": f"Bearer {access}"}
        assert (await owner.http.get("/auth/me", headers=live)).status_code == 200
        # The grace is the immediate predecessor's alone: once the successor was used, the first is a replay.
        assert (await refresh(owner.http, second)).status_code == 200
        assert outcome(await refresh(owner.http, first)) == (401, "REFRESH_REUSED")
        assert outcome(await owner.http.get("/auth/me", headers=live)) == (401, "SESSION_EXPIRED")


async def test_without_a_grace_a_crowd_ends_its_own_sign_in(tmp_path: Path) -> None:
    async with serving(tmp_path, REFRESH_GRACE_SECONDS="0") as server, signed_in(server) as owner:
        for _ in range(FEW_ROUNDS):
            first = await sign_in(owner.http)
            answers = await race(server.url, [Call("POST", "/auth/refresh", {"refresh_token": first})] * CROWD)
            assert outcomes(answers) == {
                (200, ""): 1,
                (401, "REFRESH_REUSED"): 1,
                (401, "SESSION_EXPIRED"): CROWD - 2,
            }
            won = next(answer.json() for answer in answers if answer.status_code == 200)
            live = {"Authorization": f"Bearer {won['access_token']}"}
            assert outcome(await owner.http.get("/auth/me", headers=live)) == (401, "SESSION_EXPIRED")
            assert outcome(await refresh(owner.http, won["refresh_token"])) == (401, "SESSION_EXPIRED")


async def bootstrap(api: Api, number: int) -> httpx2.Response:
    body = {"username": f"owner{number}", "password": PASSWORD}
    return await api.http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})


async def test_one_owner_of_a_fresh_place(tmp_path: Path) -> None:
    for turn in range(ROUNDS):
        async with running_app(migrated(settings_for(tmp_path / str(turn)))) as api:
            answers = await asyncio.gather(*(bootstrap(api, number) for number in range(CROWD)))
            refuse_failures(answers)
            assert outcomes(answers) == {(201, ""): 1, (403, "BOOTSTRAP_CLOSED"): CROWD - 1}
            won = next(answer.json() for answer in answers if answer.status_code == 201)
            headers = {"Authorization": f"Bearer {won['access_token']}"}
            people = (await api.http.get("/admin/users", headers=headers)).json()["items"]
            assert [person["id"] for person in people] == [won["user"]["id"]]


REFUSED = {
    (409, "LAST_ADMIN"),
    (403, "ADMIN_REQUIRED"),
    (403, "USER_INACTIVE"),
    (401, "AUTH_REQUIRED"),
    (401, "SESSION_EXPIRED"),
    (404, "USER_NOT_FOUND"),
}
"""What the side that lost may hear, by how far its requests had come."""
ACTS = ("demote", "disable", "delete", "step down", "leave")


def removal(act: str, person: Person, other: Person) -> Call:
    """How one of two admins tries to leave one less."""
    mine, theirs = (f"/admin/users/{admin.user['id']}" for admin in (person, other))
    method, path, body = {
        "demote": ("PATCH", theirs, {"role": "user"}),
        "disable": ("PATCH", theirs, {"status": "disabled"}),
        "delete": ("DELETE", theirs, None),
        "step down": ("PATCH", mine, {"role": "user"}),
        "leave": ("DELETE", "/auth/me", None),
    }[act]
    return Call(method, path, body, person.headers)


async def test_of_two_admins_one_is_always_left(server: Server, owner: Person, tmp_path: Path) -> None:
    survivor = owner
    with closing(sqlite3.connect(tmp_path / "omniai.db")) as database:
        seen: list[int] = []
        watching = asyncio.create_task(watch_admins(database, seen))
        for turn in range(ROUNDS):
            act = ACTS[turn % len(ACTS)]
            pair = survivor, await join(survivor, f"second{turn}", "admin")
            calls = [removal(act, pair[number % 2], pair[1 - number % 2]) for number in range(CROWD)]
            answers = await race(server.url, calls)
            sides = [{outcome(answer) for answer in answers[side::2]} for side in (0, 1)]
            won = [side for side in (0, 1) if any(status < 300 for status, _ in sides[side])]
            assert len(won) == 1, (act, sides)
            assert sides[1 - won[0]] <= REFUSED, (act, sides)
            assert admins(database) == 1
            survivor = pair[won[0] if act in {"demote", "disable", "delete"} else 1 - won[0]]
            assert (await survivor.get("/admin/overview")).json()["users"]["admins"] == 1
        watching.cancel()
        await asyncio.wait({watching})
    assert set(seen) == {1, 2}


def admins(database: sqlite3.Connection) -> int:
    statement = "SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'"
    return int(database.execute(statement).fetchone()[0])


async def watch_admins(database: sqlite3.Connection, seen: list[int]) -> None:
    """Look all the time, not only when a race is over."""
    while True:
        seen.append(admins(database))
        await asyncio.sleep(0.002)


async def test_wrong_passwords_at_once_do_not_outrun_the_lock(tmp_path: Path) -> None:
    figures = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_AUTH": "100000"}
    async with serving(tmp_path, **figures) as server, signed_in(server):
        for name in ("owner", *(f"nobody{turn}" for turn in range(1, FEW_ROUNDS))):
            bodies = [{"username": name, "password": f"a wrong guess {number}"} for number in range(CROWD)]
            found = outcomes(await race(server.url, [Call("POST", "/auth/login", body) for body in bodies]))
            assert found == {(401, "INVALID_CREDENTIALS"): 5, (429, "ACCOUNT_LOCKED"): CROWD - 5}, name


async def test_a_crowd_gets_as_many_answers_as_its_limit_says(tmp_path: Path) -> None:
    figures = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_ANONYMOUS": "40", "RATE_LIMIT_READ": "30"}
    async with serving(tmp_path, **figures) as server, signed_in(server) as owner:
        found = outcomes(await race(server.url, [Call("GET", "/auth/config")] * CROWD))
        assert found == {(200, ""): 40, (429, "RATE_LIMITED"): CROWD - 40}
        found = outcomes(await race(server.url, [Call("GET", "/auth/me", headers=owner.headers)] * CROWD))
        assert found == {(200, ""): 30, (429, "RATE_LIMITED"): CROWD - 30}
