"""What ends a sign-in ends it everywhere: each credential at the next request, open streams within five seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from app.core.pagination import PageRequest

from tests.client import ORIGIN, PASSWORD, Api, Event, Json, Person, parse_events, running_app
from tests.conftest import migrated, settings_for
from tests.process.conftest import ModelServer, deadlines, signed_in
from tests.process.server import Server, read_stream, serving

SLOW = "pace-50-200"
NEW_PASSWORD = "another horse battery"
ENDED = (401, "SESSION_EXPIRED")
UNKNOWN = (401, "AUTH_REQUIRED")
INACTIVE = (403, "USER_INACTIVE")
AT_MOST_SECONDS = 5


class Marie:
    """Somebody with a cookie, two tokens, and another sign-in to act from."""

    def __init__(self, api: Api, owner: Person, cookie: str, tokens: Json, other: Person) -> None:
        self.api, self.owner, self.cookie, self.tokens, self.other = api, owner, cookie, tokens, other
        self.id = str(other.user["id"])

    async def sessions(self) -> list[Json]:
        items: list[Json] = (await self.other.get("/auth/sessions")).json()["items"]
        return [item for item in items if not item["current"]]

    async def answers(self) -> dict[str, tuple[int, str]]:
        """What each kind of credential brings now."""
        bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        refresh = {"refresh_token": self.tokens["refresh_token"]}
        found = {
            "cookie": await self.api.http.get("/auth/me", headers={"Cookie": f"omniai_session={self.cookie}"}),
            "access": await self.api.http.get("/auth/me", headers=bearer),
            "refresh": await self.api.http.post("/auth/refresh", json=refresh),
        }
        return {kind: (answer.status_code, answer.json().get("code", "")) for kind, answer in found.items()}


async def marie(api: Api) -> Marie:
    owner = await api.bootstrap()
    other = await api.join(owner, "marie")
    body = {"username": "marie", "password": PASSWORD}
    signed = await api.http.post("/auth/login", json={**body, "transport": "session"})
    cookie = signed.cookies["omniai_session"]
    api.http.cookies.clear()
    tokens = (await api.http.post("/auth/login", json={**body, "transport": "bearer"})).json()
    return Marie(api, owner, cookie, tokens, other)


async def end_each(person: Marie) -> None:
    for session in await person.sessions():
        assert (await person.other.delete(f"/auth/sessions/{session['id']}")).status_code == 204


async def end_others(person: Marie) -> None:
    assert (await person.other.delete("/auth/sessions")).status_code == 204


async def revoke(person: Marie) -> None:
    assert (await person.owner.post(f"/admin/users/{person.id}/revoke-sessions")).status_code == 204


async def change_password(person: Marie) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await person.other.post("/auth/password", body)).status_code == 200


async def reset_password(person: Marie) -> None:
    made = await person.owner.post(f"/admin/users/{person.id}/reset-password")
    body = {"token": made.json()["token"], "new_password": NEW_PASSWORD}
    assert (await person.api.http.post("/auth/reset", json=body)).status_code == 204


async def disable(person: Marie) -> None:
    assert (await person.owner.patch(f"/admin/users/{person.id}", {"status": "disabled"})).status_code == 200


async def delete(person: Marie) -> None:
    assert (await person.owner.delete(f"/admin/users/{person.id}")).status_code == 204


async def close(person: Marie) -> None:
    assert (await person.other.delete("/auth/me")).status_code == 204


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        (end_each, ENDED),
        (end_others, ENDED),
        (revoke, ENDED),
        (change_password, ENDED),
        (reset_password, ENDED),
        (disable, INACTIVE),
        (delete, UNKNOWN),
        (close, UNKNOWN),
    ],
)
async def test_every_credential_is_dead_at_the_next_request(
    api: Api, act: Callable[[Marie], Awaitable[None]], answer: tuple[int, str]
) -> None:
    person = await marie(api)
    assert {status for status, _ in (await person.answers()).values()} == {200}
    await act(person)
    assert await person.answers() == dict.fromkeys(("cookie", "access", "refresh"), answer)


async def test_signing_out_ends_its_own_sign_in_only(api: Api) -> None:
    person = await marie(api)
    headers = {"Cookie": f"omniai_session={person.cookie}"}
    token = (await api.http.get("/auth/csrf", headers=headers)).json()["csrf_token"]
    gone = await api.http.post("/auth/logout", headers={**headers, "X-CSRF-Token": token})
    assert (gone.status_code, gone.headers["set-cookie"].split(";")[2]) == (204, " Max-Age=0")
    answers = await person.answers()
    assert answers["cookie"] == ENDED
    assert answers["access"][0] == answers["refresh"][0] == 200
    bearer = {"Authorization": f"Bearer {person.tokens['access_token']}"}
    assert (await api.http.post("/auth/logout", headers=bearer)).status_code == 204
    assert (await person.answers())["refresh"] == ENDED


async def test_a_new_role_holds_at_the_next_request(api: Api) -> None:
    person = await marie(api)
    path = f"/admin/users/{person.id}"
    for role, status in (("admin", 200), ("user", 403)):
        await person.owner.patch(path, {"role": role})
        assert (await person.other.get("/admin/overview")).status_code == status


async def test_switched_on_again_one_is_who_one_was(api: Api) -> None:
    person = await marie(api)
    await disable(person)
    await person.owner.patch(f"/admin/users/{person.id}", {"status": "active"})
    assert {status for status, _ in (await person.answers()).values()} == {200}


async def test_a_replayed_refresh_token_ends_its_family(tmp_path: Path) -> None:
    async with running_app(migrated(settings_for(tmp_path, REFRESH_GRACE_SECONDS="0"))) as api:
        owner = await api.bootstrap()
        body = {"refresh_token": owner.refresh_token}
        first = (await api.http.post("/auth/refresh", json=body)).json()
        replayed = await api.http.post("/auth/refresh", json=body)
        assert (replayed.status_code, replayed.json()["code"]) == (401, "REFRESH_REUSED")
        for token in (owner.headers["Authorization"], f"Bearer {first['access_token']}"):
            answer = await api.http.get("/auth/me", headers={"Authorization": token})
            assert (answer.status_code, answer.json()["code"]) == ENDED
        again = await api.http.post("/auth/refresh", json={"refresh_token": first["refresh_token"]})
        assert (again.status_code, again.json()["code"]) == ENDED


async def test_a_replay_ends_its_family_however_old_the_token_is(tmp_path: Path) -> None:
    names = {"REFRESH_GRACE_SECONDS": "0", "REFRESH_IDLE_SECONDS": "1"}
    async with running_app(migrated(settings_for(tmp_path, **names))) as api:
        first = (await api.bootstrap()).refresh_token
        await asyncio.sleep(0.6)
        second = (await api.http.post("/auth/refresh", json={"refresh_token": first})).json()
        await asyncio.sleep(0.6)
        replayed = await api.http.post("/auth/refresh", json={"refresh_token": first})
        assert (replayed.status_code, replayed.json()["code"]) == (401, "REFRESH_REUSED")
        again = await api.http.post("/auth/refresh", json={"refresh_token": second["refresh_token"]})
        assert (again.status_code, again.json()["code"]) == ENDED
        live = {"Authorization": f"Bearer {second['access_token']}"}
        assert (await api.http.get("/auth/me", headers=live)).json()["code"] == "SESSION_EXPIRED"


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        ({"SESSION_IDLE_SECONDS": "1"}, ["bearer", "bearer"]),
        ({"REFRESH_IDLE_SECONDS": "1", "ACCESS_TTL_SECONDS": "1"}, ["session"]),
        ({"REFRESH_IDLE_SECONDS": "1"}, ["bearer", "session", "bearer"]),
    ],
)
async def test_the_list_of_sign_ins_goes_by_what_ends_each(
    tmp_path: Path, names: dict[str, str], listed: list[str]
) -> None:
    async with running_app(migrated(settings_for(tmp_path, **names))) as api:
        person = await marie(api)
        await asyncio.sleep(1.1)
        sessions = api.app.state.services.sessions
        found = await sessions.list_live(person.id, PageRequest(50, None))
        assert [row.transport for row in found.items] == listed
        used = {kind for kind, answer in (await person.answers()).items() if answer[0] == 200}
        assert ("session" in listed) == ("cookie" in used)
        assert ("bearer" in listed) == bool({"access", "refresh"} & used)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("ACCESS_TTL_SECONDS", {"access"}),
        ("SESSION_IDLE_SECONDS", {"cookie"}),
        ("REFRESH_IDLE_SECONDS", {"refresh"}),
        ("SESSION_ABSOLUTE_SECONDS", {"access", "cookie", "refresh"}),
    ],
)
async def test_time_ends_what_it_should(tmp_path: Path, name: str, kinds: set[str]) -> None:
    async with running_app(migrated(settings_for(tmp_path, **{name: "1"}))) as api:
        person = await marie(api)
        # The time itself is what is tested: nothing happens that could be waited for.
        await asyncio.sleep(1.1)
        answers = await person.answers()
        assert {kind for kind, answer in answers.items() if answer == ENDED} == kinds


@asynccontextmanager
async def reading(
    server: Server, headers: dict[str, str], path: str, body: object = None
) -> AsyncIterator[httpx2.Response]:
    """Somebody who reads a stream."""
    async with (
        httpx2.AsyncClient(base_url=server.url, timeout=30) as http,
        http.stream("GET" if body is None else "POST", path, headers=headers, json=body) as response,
    ):
        assert response.status_code == 200
        yield response


async def joined(server: Server, owner: Person, name: str) -> tuple[Json, dict[str, str]]:
    code = (await owner.post("/admin/invites", {})).json()["code"]
    body = {"invite_code": code, "username": name, "password": PASSWORD}
    signed: Json = (await owner.http.post(f"{server.url}/auth/register", json=body)).json()
    return signed, {"Authorization": f"Bearer {signed['access_token']}"}


async def rest_of(response: httpx2.Response) -> list[Event]:
    async with asyncio.timeout(AT_MOST_SECONDS):
        return await read_stream(response)


@pytest.mark.process
@pytest.mark.parametrize(
    ("act", "code", "goes_on"),
    [("end", "SESSION_EXPIRED", True), ("disable", "USER_INACTIVE", False), ("delete", "SESSION_EXPIRED", False)],
)
async def test_open_streams_end_and_say_why(
    tmp_path: Path, studio: ModelServer, act: str, code: str, goes_on: bool
) -> None:
    async with serving(tmp_path, **deadlines(studio)) as server, signed_in(server) as owner:
        signed, headers = await joined(server, owner, "marie")
        user = f"/admin/users/{signed['user']['id']}"  # type: ignore[index]
        question = {"message": {"content": "Count."}, "model": SLOW}
        async with reading(server, headers, "/chat/stream", question) as asked:
            chunks = asked.aiter_text()
            meta = parse_events(await anext(chunks))[0].data
            async with reading(server, headers, f"/chat/stream/{meta['generation_id']}") as attached:
                if act == "end":
                    answer = await owner.post(f"{user}/revoke-sessions")
                elif act == "disable":
                    answer = await owner.patch(user, {"status": "disabled"})
                else:
                    answer = await owner.delete(user)
                assert answer.status_code < 300

                async def first_rest() -> list[Event]:
                    async with asyncio.timeout(AT_MOST_SECONDS):
                        return parse_events("".join([chunk async for chunk in chunks]))

                for events in await asyncio.gather(first_rest(), rest_of(attached)):
                    last = events[-1]
                    assert (last.name, last.id, last.data["code"]) == ("error", None, code)
                    assert not any(event.name == "done" for event in events)
        figures = (await owner.get("/admin/overview")).json()
        assert (figures["active_streams"] == 1) == goes_on


@pytest.mark.process
async def test_an_answer_outlives_the_sign_in_that_asked_for_it(tmp_path: Path, studio: ModelServer) -> None:
    async with serving(tmp_path, **deadlines(studio)) as server, signed_in(server) as owner:
        _, headers = await joined(server, owner, "marie")
        question = {"message": {"content": "Count."}, "model": SLOW}
        async with reading(server, headers, "/chat/stream", question) as asked:
            chunks = asked.aiter_text()
            meta = parse_events(await anext(chunks))[0].data
            await owner.http.post(f"{server.url}/auth/logout", headers=headers)
            async with asyncio.timeout(AT_MOST_SECONDS):
                assert "SESSION_EXPIRED" in "".join([chunk async for chunk in chunks])
        body = {"username": "marie", "password": PASSWORD}
        again = (await owner.http.post(f"{server.url}/auth/login", json=body)).json()
        bearer = {"Authorization": f"Bearer {again['access_token']}"}
        async with reading(server, bearer, f"/chat/stream/{meta['generation_id']}") as attached:
            events = await read_stream(attached)
        assert (events[-1].name, events[-1].data["status"]) == ("done", "complete")


async def test_the_cookie_of_another_origin_is_not_taken(api: Api) -> None:
    person = await marie(api)
    headers = {"Cookie": f"omniai_session={person.cookie}", "Origin": "https://evil.example"}
    answer = await api.http.post(f"{ORIGIN}/auth/logout", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_NOT_ALLOWED")
