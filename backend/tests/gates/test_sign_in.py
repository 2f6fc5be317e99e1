"""Signing in under attack: the cost of a refusal, a full queue of hashes, older hashes, and races with changes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from app.api.deps import Services
from app.core.security import WAITING_HASHES, PasswordHasher
from app.domain.accounts.models import LoginSession, User
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher
from sqlalchemy import event, func, select, update
from sqlalchemy.engine import Engine

from tests.client import PASSWORD, Api, Person, running_app
from tests.conftest import BOOTSTRAP, migrated, settings_for

pytestmark = pytest.mark.asyncio

NEW_PASSWORD = "another horse entirely"
ARGON2 = "$argon2id$v=19$m=1024,t=2,p=1$"


def services(api: Api) -> Services:
    found: Services = api.app.state.services
    return found


async def stored_hash(api: Api, username: str) -> str:
    statement = select(User.password_hash).where(User.username == username)
    return await services(api).database.read(lambda session: session.scalars(statement).one())


async def put_hash(api: Api, username: str, password_hash: str) -> None:
    statement = update(User).where(User.username == username).values(password_hash=password_hash)
    await services(api).database.write(lambda session: session.execute(statement) and None)


async def sign_ins(api: Api) -> int:
    statement = select(func.count()).select_from(LoginSession)
    return await services(api).database.read(lambda session: session.scalar(statement)) or 0


async def log_in(api: Api, username: str, password: str) -> httpx2.Response:
    return await api.http.post("/auth/login", json={"username": username, "password": password})


def told(answer: httpx2.Response) -> tuple[int, dict[str, object], list[str]]:
    """All that somebody outside can see of an answer, but for its own id."""
    names = sorted(name for name in answer.headers if name != "date")
    return answer.status_code, {**answer.json(), "request_id": ""}, names


@dataclass
class Steps:
    """What was done for an answer."""

    hashes: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    """Note every hash with its cost, and every statement."""
    steps = Steps()
    verify, make = Argon2Hasher.verify, Argon2Hasher.hash

    def noting_verify(self: Argon2Hasher, password: str | bytes, stored: str | bytes) -> bool:
        steps.hashes.append(f"verify {str(stored)[: len(ARGON2)]}")
        return verify(self, password, stored)

    def noting_hash(self: Argon2Hasher, password: str | bytes, *, salt: bytes | None = None) -> str:
        made = make(self, password, salt=salt)
        steps.hashes.append(f"hash {made[: len(ARGON2)]}")
        return made

    def note(*arguments: object) -> None:
        steps.statements.append(str(arguments[2]))

    with monkeypatch.context() as patch:
        patch.setattr(Argon2Hasher, "verify", noting_verify)
        patch.setattr(Argon2Hasher, "hash", noting_hash)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield steps
        finally:
            event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def locking(tmp_path: Path) -> AsyncIterator[Api]:
    """An application that counts wrong passwords."""
    names = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_AUTH": "100000", "RATE_LIMIT_WRITE": "100000"}
    async with running_app(migrated(settings_for(tmp_path, **names))) as api:
        yield api


async def test_a_refusal_does_the_same_work_and_says_the_same_whatever_is_wrong(
    locking: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = locking
    owner = await api.bootstrap()
    await api.join(owner, "maria")
    off = await api.join(owner, "luis")
    assert (await owner.patch(f"/admin/users/{off.user['id']}", {"status": "disabled"})).status_code == 200
    # The second try of a name finds its count already there: first tries and later ones are compared apart.
    for turn in range(3):
        done: dict[str, Steps] = {}
        answers = {}
        for name in ("nobody", "owner", "maria", "luis", "not a name at all"):
            with watched(monkeypatch) as steps:
                answers[name] = told(await log_in(api, name, f"a wrong password {turn}"))
            done[name] = steps
        expected = done["nobody"]
        assert expected.hashes == [f"verify {ARGON2}"]
        writes = [statement for statement in expected.statements if statement.startswith(("INSERT", "UPDATE"))]
        assert len(writes) == 2, "the try is counted and noted"
        assert answers["nobody"][:2] == (401, answers["owner"][1])
        assert answers["nobody"][1]["code"] == "INVALID_CREDENTIALS"
        for name, steps in done.items():
            assert steps == expected, name
            assert answers[name] == answers["nobody"], name


async def test_a_disabled_account_is_told_so_only_after_its_password(api: Api, owner: Person, member: Person) -> None:
    await owner.patch(f"/admin/users/{member.user['id']}", {"status": "disabled"})
    wrong, unknown = await log_in(api, "maria", "a wrong password"), await log_in(api, "nobody", "a wrong password")
    assert told(wrong) == told(unknown)
    before = await sign_ins(api)
    right = await log_in(api, "maria", PASSWORD)
    assert (right.status_code, right.json()["code"]) == (403, "USER_INACTIVE")
    assert "set-cookie" not in right.headers
    assert await sign_ins(api) == before
    await owner.patch(f"/admin/users/{member.user['id']}", {"status": "active"})
    assert (await log_in(api, "maria", PASSWORD)).status_code == 200


@dataclass
class Gate:
    """Holds checks of passwords after they were computed and before they are answered."""

    passwords: set[str] = field(default_factory=set)
    opened: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    async def wait_for_somebody(self) -> None:
        async with asyncio.timeout(10):
            while not self.reached.is_set():
                await asyncio.sleep(0.005)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    found = Gate()
    verify = PasswordHasher._verify

    def held(self: PasswordHasher, password: str, stored: str) -> tuple[bool, str | None]:
        result = verify(self, password, stored)
        if password in found.passwords:
            found.reached.set()
            assert found.opened.wait(30)
        return result

    monkeypatch.setattr(PasswordHasher, "_verify", held)
    yield found
    found.opened.set()


async def test_a_full_queue_of_hashes_is_said_at_once_at_every_door(
    api: Api, owner: Person, member: Person, gate: Gate
) -> None:
    invite = await api.invite(owner)
    reset = (await owner.post(f"/admin/users/{owner.user['id']}/reset-password")).json()["token"]
    gate.passwords.add("a guess among many")
    waiting = [
        asyncio.create_task(log_in(api, f"name{number}", "a guess among many")) for number in range(WAITING_HASHES)
    ]
    hasher = services(api).passwords._hasher
    async with asyncio.timeout(20):
        while hasher._waiting < WAITING_HASHES:
            await asyncio.sleep(0.01)
    bodies: list[tuple[str, dict[str, object], dict[str, str]]] = [
        ("/auth/login", {"username": "owner", "password": PASSWORD}, {}),
        ("/auth/login", {"username": "nobody", "password": PASSWORD}, {}),
        ("/auth/register", {"invite_code": invite, "username": "ana", "password": PASSWORD}, {}),
        ("/auth/reset", {"token": reset, "new_password": NEW_PASSWORD}, {}),
        ("/auth/reauth", {"password": PASSWORD}, member.headers),
        ("/auth/password", {"current_password": PASSWORD, "new_password": NEW_PASSWORD}, member.headers),
    ]
    for path, body, headers in bodies:
        async with asyncio.timeout(10):
            refused = await api.http.post(path, json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (503, "OVERLOADED"), path
        assert int(refused.headers["retry-after"]) > 0
    assert (await api.http.get("/health")).status_code == 200
    assert (await member.get("/auth/me")).status_code == 200, "whoever is signed in is not held up"
    gate.opened.set()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {401}
    assert hasher._waiting == 0
    # What was refused for lack of room was neither used up nor changed.
    for path, body, headers in bodies[2:]:
        answer = await api.http.post(path, json=body, headers=headers)
        assert answer.status_code in {200, 201, 204}, (path, answer.text)


async def test_the_owners_door_is_behind_the_same_queue(api: Api, gate: Gate) -> None:
    gate.passwords.add("a guess among many")
    waiting = [
        asyncio.create_task(log_in(api, f"name{number}", "a guess among many")) for number in range(WAITING_HASHES)
    ]
    hasher = services(api).passwords._hasher
    async with asyncio.timeout(20):
        while hasher._waiting < WAITING_HASHES:
            await asyncio.sleep(0.01)
    body = {"username": "owner", "password": PASSWORD}
    async with asyncio.timeout(10):
        refused = await api.http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})
    assert (refused.status_code, refused.json()["code"]) == (503, "OVERLOADED")
    gate.opened.set()
    await asyncio.gather(*waiting)
    assert (await api.bootstrap()).user["role"] == "admin"


async def test_older_hashes_are_verified_and_renewed_at_sign_in(api: Api, member: Person) -> None:
    olds = (
        BcryptHasher(rounds=4).hash(PASSWORD),
        BcryptHasher(rounds=4, prefix="2a").hash(PASSWORD),
        Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD),
    )
    for old in olds:
        await put_hash(api, "maria", old)
        assert (await log_in(api, "maria", "a wrong password")).status_code == 401
        assert await stored_hash(api, "maria") == old, "a wrong password renews nothing"
        live = await api.login("maria")
        renewed = await stored_hash(api, "maria")
        assert renewed.startswith(ARGON2)
        await api.login("maria")
        assert await stored_hash(api, "maria") == renewed, "a hash of today's kind stays"
        assert (await live.get("/auth/me")).status_code == 200, "renewing a hash is no change of password"


async def test_proving_and_changing_take_older_hashes_too(api: Api, member: Person) -> None:
    await put_hash(api, "maria", BcryptHasher(rounds=4).hash(PASSWORD))
    assert (await member.post("/auth/reauth", {"password": PASSWORD})).status_code == 204
    assert (await stored_hash(api, "maria")).startswith(ARGON2)
    await put_hash(api, "maria", BcryptHasher(rounds=4).hash(PASSWORD))
    changed = await member.post("/auth/password", {"current_password": PASSWORD, "new_password": NEW_PASSWORD})
    assert changed.status_code == 200
    assert (await stored_hash(api, "maria")).startswith(ARGON2)
    assert (await log_in(api, "maria", PASSWORD)).status_code == 401
    assert (await log_in(api, "maria", NEW_PASSWORD)).status_code == 200


async def test_a_hash_that_cannot_be_right_is_a_wrong_password(api: Api, member: Person) -> None:
    long = "p" * 72
    for stored, tried in (
        # bcrypt reads 72 bytes: a longer password must not pass by its beginning.
        (BcryptHasher(rounds=4).hash(long), f"{long} and more"),
        ("$2b$04$damaged", PASSWORD),
        ("$argon2id$damaged", PASSWORD),
        ("plain", "plain"),
        ("", PASSWORD),
    ):
        await put_hash(api, "maria", stored)
        refused = await log_in(api, "maria", tried)
        assert (refused.status_code, refused.json()["code"]) == (401, "INVALID_CREDENTIALS"), stored


async def test_a_password_that_changes_while_it_is_checked_opens_nothing(
    api: Api, owner: Person, member: Person, gate: Gate
) -> None:
    await put_hash(api, "maria", BcryptHasher(rounds=4).hash(PASSWORD))
    gate.passwords.add(PASSWORD)
    late = asyncio.create_task(log_in(api, "maria", PASSWORD))
    await gate.wait_for_somebody()
    made = await owner.post(f"/admin/users/{member.user['id']}/reset-password")
    body = {"token": made.json()["token"], "new_password": NEW_PASSWORD}
    assert (await api.http.post("/auth/reset", json=body)).status_code == 204
    before, renewed = await sign_ins(api), await stored_hash(api, "maria")
    gate.opened.set()
    refused = await late
    assert (refused.status_code, refused.json()["code"]) == (401, "INVALID_CREDENTIALS")
    assert await sign_ins(api) == before
    assert await stored_hash(api, "maria") == renewed, "the late sign-in must not put the old password back"
    assert (await log_in(api, "maria", NEW_PASSWORD)).status_code == 200


@pytest.mark.parametrize(("change", "status"), [("disable", 403), ("delete", 401)])
async def test_an_account_that_goes_while_its_password_is_checked_stays_shut(
    api: Api, owner: Person, member: Person, gate: Gate, change: str, status: int
) -> None:
    gate.passwords.add(PASSWORD)
    late = asyncio.create_task(log_in(api, "maria", PASSWORD))
    await gate.wait_for_somebody()
    path = f"/admin/users/{member.user['id']}"
    if change == "delete":
        assert (await owner.delete(path)).status_code == 204
    else:
        assert (await owner.patch(path, {"status": "disabled"})).status_code == 200
    before = await sign_ins(api)
    gate.opened.set()
    assert (await late).status_code == status
    assert await sign_ins(api) == before


async def test_of_two_changes_at_once_the_later_one_is_refused(api: Api, member: Person, gate: Gate) -> None:
    second = await api.login("maria")
    gate.passwords.add(PASSWORD)
    wishes = [
        asyncio.create_task(
            person.post("/auth/password", {"current_password": PASSWORD, "new_password": f"{NEW_PASSWORD} {number}"})
        )
        for number, person in enumerate((member, second))
    ]
    await gate.wait_for_somebody()
    gate.opened.set()
    statuses = [answer.status_code for answer in await asyncio.gather(*wishes)]
    assert sorted(statuses) == [200, 401]
    winner = statuses.index(200)
    assert (await log_in(api, "maria", f"{NEW_PASSWORD} {winner}")).status_code == 200
    assert (await log_in(api, "maria", f"{NEW_PASSWORD} {1 - winner}")).status_code == 401
