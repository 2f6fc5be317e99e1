"""Wrong passwords for one account: five lock it, for strangers alike whether it exists, never for a known device."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from app.api.deps import Services
from app.config.settings import Settings
from app.domain.accounts import service as accounts
from app.domain.accounts.models import LoginSession, WrongTries
from app.domain.accounts.rules import LOCK_TIME, TRIES_WINDOW, WRONG_TRIES
from app.wiring import engine_of
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.client import PASSWORD, Api, Person, running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NEW_PASSWORD = "another horse entirely"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """An application that counts wrong passwords and hardly anything else."""
    names = {f"RATE_LIMIT_{name}": "100000" for name in ("AUTH", "ANONYMOUS", "READ", "WRITE")}
    async with running_app(migrated(settings_for(tmp_path, RATE_LIMIT_ENABLED="true", **names))) as running:
        yield running


async def attempt(api: Api, name: str, password: str = "a wrong password", **fields: object) -> httpx2.Response:
    body = {"username": name, "password": password, **fields}
    return await api.http.post("/auth/login", json=body)


async def wrong(api: Api, name: str, times: int, device_token: str | None = None) -> None:
    for _ in range(times):
        answer = await attempt(api, name, device_token=device_token)
        assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_CREDENTIALS")


def is_locked(answer: httpx2.Response) -> bool:
    if answer.status_code != 429:
        return False
    assert answer.json()["code"] == "ACCOUNT_LOCKED"
    assert LOCK_TIME.total_seconds() - 30 <= int(answer.headers["retry-after"]) <= LOCK_TIME.total_seconds()
    return True


async def device_of(api: Api, name: str) -> str:
    token: str = (await attempt(api, name, PASSWORD)).json()["device_token"]
    return token


async def test_five_wrong_passwords_lock_also_the_right_one_and_also_nobody(
    api: Api, owner: Person, member: Person
) -> None:
    refusals = []
    for name in ("maria", "nobody"):
        await wrong(api, name, WRONG_TRIES)
        for password in ("a wrong password", PASSWORD):
            refused = await attempt(api, name, password)
            assert is_locked(refused)
            assert "set-cookie" not in refused.headers
            headers = sorted(set(refused.headers) - {"date"})
            refusals.append(({**refused.json(), "request_id": ""}, headers))
    assert all(refusal == refusals[0] for refusal in refusals)
    assert is_locked(await attempt(api, "MARIA", PASSWORD)), "a name has one form"
    assert (await attempt(api, "owner", PASSWORD)).status_code == 200, "others sign in as ever"
    assert (await member.get("/auth/me")).status_code == 200, "sign-ins that are there go on"


async def test_a_right_password_in_time_forgives_the_wrong_ones(api: Api, owner: Person) -> None:
    for _ in range(3):
        await wrong(api, "owner", WRONG_TRIES - 1)
        assert (await attempt(api, "owner", PASSWORD)).status_code == 200


async def test_strangers_do_not_lock_a_known_device_out(api: Api, owner: Person, member: Person) -> None:
    token = await device_of(api, "maria")
    cookie = await attempt(api, "maria", PASSWORD, transport="session")
    assert api.http.cookies["omniai_device"]
    api.http.cookies.clear()
    assert "device_token" not in cookie.json()
    await wrong(api, "maria", WRONG_TRIES)
    assert is_locked(await attempt(api, "maria", PASSWORD))
    assert (await attempt(api, "maria", PASSWORD, device_token=token)).status_code == 200
    jar = cookie.cookies["omniai_device"]
    by_cookie = await api.http.post(
        "/auth/login",
        json={"username": "maria", "password": PASSWORD},
        headers={"Cookie": f"omniai_device={jar}"},
    )
    assert by_cookie.status_code == 200
    assert is_locked(await attempt(api, "maria", PASSWORD)), "a known device's success does not let strangers go on"


async def test_a_known_device_locks_itself_and_no_other(api: Api, owner: Person, member: Person) -> None:
    one, two = await device_of(api, "maria"), await device_of(api, "maria")
    assert one != two
    await wrong(api, "maria", WRONG_TRIES, device_token=one)
    assert is_locked(await attempt(api, "maria", PASSWORD, device_token=one))
    assert (await attempt(api, "maria", PASSWORD, device_token=two)).status_code == 200
    assert (await attempt(api, "maria", PASSWORD)).status_code == 200


async def test_no_made_up_or_foreign_device_is_known(api: Api, owner: Person, member: Person) -> None:
    foreign, own = await device_of(api, "owner"), await device_of(api, "maria")
    device_id, _, proof = own.partition(".")
    altered = proof[:-1] + ("0" if proof[-1] != "0" else "1")
    forged = [
        foreign,
        f"{device_id}.{altered}",
        f"{device_id}.",
        f"{foreign.partition('.')[0]}.{proof}",
        device_id,
        f"{own}.0",
        own.upper(),
        f"{device_id}.ü",
    ]
    await wrong(api, "maria", WRONG_TRIES - 1)
    await wrong(api, "maria", 1, device_token=forged[0])
    for token in forged:
        assert is_locked(await attempt(api, "maria", PASSWORD, device_token=token)), token
    # Guesses for many names from one device of one's own count against each name, as a stranger's do.
    await wrong(api, "owner", WRONG_TRIES, device_token=own)
    assert is_locked(await attempt(api, "owner", PASSWORD))


async def test_a_new_password_makes_known_devices_strangers(api: Api, owner: Person, member: Person) -> None:
    old = await device_of(api, "maria")
    made = await owner.post(f"/admin/users/{member.user['id']}/reset-password")
    await wrong(api, "maria", WRONG_TRIES)
    body = {"token": made.json()["token"], "new_password": NEW_PASSWORD}
    assert (await api.http.post("/auth/reset", json=body)).status_code == 204
    assert (await attempt(api, "maria", NEW_PASSWORD)).status_code == 200, "a reset forgives"
    await wrong(api, "maria", WRONG_TRIES)
    assert is_locked(await attempt(api, "maria", NEW_PASSWORD, device_token=old))


@pytest.mark.parametrize("path", ["/auth/reauth", "/auth/password"])
async def test_guessing_at_an_open_sign_in_locks_too(api: Api, owner: Person, member: Person, path: str) -> None:
    def body(password: str) -> dict[str, str]:
        if path == "/auth/reauth":
            return {"password": password}
        return {"current_password": password, "new_password": NEW_PASSWORD}

    for _ in range(WRONG_TRIES):
        answer = await member.post(path, body("a wrong password"))
        assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_CREDENTIALS")
    assert is_locked(await member.post(path, body(PASSWORD)))
    sibling = "/auth/password" if path == "/auth/reauth" else "/auth/reauth"
    assert (await member.post(sibling, body("x"))).status_code in {422, 429}
    assert (await member.get("/auth/me")).status_code == 200, "the sign-in itself goes on"
    assert (await attempt(api, "maria", PASSWORD)).status_code == 200, "the front door is counted apart"
    assert (await owner.post(path, body(PASSWORD))).status_code in {200, 204}


async def test_no_lock_leaves_a_sign_in_behind_and_each_is_noted(api: Api, owner: Person, member: Person) -> None:
    services: Services = api.app.state.services
    counted = select(func.count()).select_from(LoginSession)
    before = await services.database.read(lambda session: session.scalar(counted))
    await wrong(api, "maria", WRONG_TRIES)
    for _ in range(3):
        assert is_locked(await attempt(api, "maria", PASSWORD))
    assert await services.database.read(lambda session: session.scalar(counted)) == before
    noted = (await owner.get("/admin/audit?action=auth.account_locked")).json()["items"]
    assert [(entry["outcome"], entry["actor_name"]) for entry in noted] == [("refused", "maria")]
    # Once the lock is over, the account opens as ever.
    over = update(WrongTries).values(locked_until=datetime.now(UTC) - SECOND)
    await services.database.write(lambda session: session.execute(over) and None)
    assert (await attempt(api, "maria", PASSWORD)).status_code == 200


async def test_the_lock_by_the_clock(settings: Settings) -> None:
    engine = engine_of(settings)
    with Session(engine) as session:

        def tries(key: str, *moments: datetime) -> list[bool]:
            return [accounts.count_wrong_try(session, key, moment) for moment in moments]

        # One below, at, and one above the figure.
        assert tries("a", *(NOON + number * SECOND for number in range(WRONG_TRIES - 1))) == [False] * 4
        assert accounts.locked_until(session, "a", NOON + 4 * SECOND) is None
        fifth = NOON + TRIES_WINDOW
        assert tries("a", fifth) == [True], "the fifth at the window's very end counts"
        assert accounts.locked_until(session, "a", fifth) == fifth + LOCK_TIME
        assert accounts.locked_until(session, "a", fifth + LOCK_TIME - SECOND) == fifth + LOCK_TIME
        assert accounts.locked_until(session, "a", fifth + LOCK_TIME) is None
        # After the lock the count begins anew.
        assert tries("a", *[fifth + LOCK_TIME] * WRONG_TRIES) == [False] * 4 + [True]
        # A fifth behind the window begins a new one.
        assert tries("b", *[NOON] * 4, NOON + TRIES_WINDOW + SECOND) == [False] * 5
        assert accounts.locked_until(session, "b", NOON + TRIES_WINDOW + SECOND) is None
        # Housekeeping forgets what counts no more and keeps what does.
        tries("c", *[NOON] * 5)
        assert accounts.purge_tries(session, NOON + TRIES_WINDOW + 2 * SECOND) == 0
        assert accounts.purge_tries(session, fifth + LOCK_TIME + SECOND) == 2
        assert accounts.locked_until(session, "a", fifth + LOCK_TIME + SECOND) is not None
    engine.dispose()
