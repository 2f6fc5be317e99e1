"""Readers of streams and the sign-ins they read by: told once, whatever ended it, and forgotten when they leave."""

import asyncio
from datetime import UTC, datetime

import pytest
from app.auth import watch as watching
from app.auth.principal import Principal
from app.auth.watch import StreamWatch
from app.core.errors import Code, Overloaded
from app.db.session import Database

from tests.client import Api, Person


async def reader(person: Person) -> Principal:
    session = (await person.get("/auth/sessions")).json()["items"][0]
    now = datetime.now(UTC)
    return Principal(str(person.user["id"]), "maria", "user", session["id"], "bearer", now)


def watch_of(api: Api) -> StreamWatch:
    found: StreamWatch = api.app.state.services.watch
    return found


async def test_a_reader_is_told_when_the_sign_in_ends_and_not_before(api: Api, owner: Person, member: Person) -> None:
    watch, principal = watch_of(api), await reader(member)
    with watch.watching(principal) as first, watch.watching(principal) as second:
        await watch.check()
        assert not first.done()
        await owner.post(f"/admin/users/{member.user['id']}/revoke-sessions")
        assert first.result().code is second.result().code is Code.SESSION_EXPIRED
        await watch.check()


async def test_a_reader_who_is_switched_off_is_told_so(api: Api, owner: Person, member: Person) -> None:
    with watch_of(api).watching(await reader(member)) as verdict:
        await owner.patch(f"/admin/users/{member.user['id']}", {"status": "disabled"})
        assert verdict.result().code is Code.USER_INACTIVE


async def test_a_reader_without_a_sign_in_is_told_too(api: Api, member: Person) -> None:
    gone = Principal(str(member.user["id"]), "maria", "user", "no-such-session", "bearer", datetime.now(UTC))
    with watch_of(api).watching(gone) as verdict:
        await watch_of(api).check()
        assert verdict.result().code is Code.SESSION_EXPIRED


async def test_who_has_left_is_asked_for_no_more(api: Api, member: Person) -> None:
    watch = watch_of(api)
    with watch.watching(await reader(member)) as verdict:
        pass
    assert verdict.cancelled()
    await watch.check()


async def test_the_watch_goes_on_after_a_busy_database(
    api: Api, member: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = api.app.state.services.database
    watch, asked = StreamWatch(database), asyncio.Event()
    monkeypatch.setattr(watching, "PAUSE_SECONDS", 0.01)
    times = 0

    async def busy_once() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise Overloaded
        asked.set()

    monkeypatch.setattr(watch, "check", busy_once)
    task = asyncio.create_task(watch.run_forever())
    async with asyncio.timeout(5):
        await asked.wait()
    task.cancel()
    assert times > 1
