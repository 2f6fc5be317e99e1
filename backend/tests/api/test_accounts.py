"""Accounts at the door: the owner, invites, joining, both transports, profile."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from app.api.doors import declared_doors
from app.domain.accounts.models import KnownDevice, LoginSession, User
from sqlalchemy import select, update

from tests.client import PASSWORD, Api, Person, running_app
from tests.conftest import BOOTSTRAP, migrated, settings_for

pytestmark = pytest.mark.asyncio


async def test_a_fresh_server_wants_its_owner_and_then_no_other(api: Api) -> None:
    assert (await api.http.get("/auth/config")).json()["setup_required"] is True
    body = {"username": "Owner", "password": PASSWORD}
    for headers in ({}, {"X-Bootstrap-Token": "x" * 40}):
        refused = await api.http.post("/admin/bootstrap", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "AUTH_REQUIRED")
        assert refused.headers["www-authenticate"]
    owner = await api.bootstrap()
    assert (owner.user["username"], owner.user["role"], owner.user["status"]) == ("owner", "admin", "active")
    second = await api.http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})
    assert (second.status_code, second.json()["code"]) == (403, "BOOTSTRAP_CLOSED")
    assert (await api.http.get("/auth/config")).json()["setup_required"] is False


async def test_ten_owners_at_once_leave_one(api: Api) -> None:
    async def attempt(number: int) -> int:
        body = {"username": f"owner{number}", "password": PASSWORD}
        answer = await api.http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})
        return answer.status_code

    statuses = await asyncio.gather(*(attempt(number) for number in range(10)))
    assert sorted(statuses) == [201] + [403] * 9


async def test_an_invite_says_what_it_offers_and_is_taken_once(api: Api, owner: Person) -> None:
    made = await owner.post("/admin/invites", {"note": "for Maria", "expires_in_hours": 5})
    assert made.status_code == 201
    invite = made.json()
    assert invite["link"].endswith(f"/#/join?code={invite['code']}")
    offer = (await api.http.post("/auth/invite", json={"invite_code": invite["code"]})).json()
    assert offer == {"invited_by": "owner", "expires_at": invite["expires_at"], "note": "for Maria"}
    body = {"invite_code": invite["code"], "username": "Maria", "password": PASSWORD, "display_name": "María"}
    joined = await api.http.post("/auth/register", json=body)
    assert joined.status_code == 201
    user = joined.json()["user"]
    assert (user["username"], user["display_name"], user["role"]) == ("maria", "María", "user")
    again = await api.http.post("/auth/register", json={**body, "username": "second"})
    assert (again.status_code, again.json()["code"]) == (400, "INVALID_INVITE")
    listed = (await owner.get("/admin/invites")).json()["items"]
    assert [(item["id"], item["used_count"], item["prefix"]) for item in listed] == [
        (invite["id"], 1, invite["code"][:4])
    ]
    assert invite["code"] not in (await owner.get("/admin/invites")).text


async def test_a_hundred_people_at_one_invite_are_one(api: Api, owner: Person) -> None:
    code = await api.invite(owner)

    async def attempt(number: int) -> int:
        body = {"invite_code": code, "username": f"guest{number}", "password": PASSWORD}
        return (await api.http.post("/auth/register", json=body)).status_code

    statuses = await asyncio.gather(*(attempt(number) for number in range(100)))
    assert sorted(statuses) == [201] + [400] * 99


async def test_a_hundred_people_of_one_name_are_one(api: Api, owner: Person) -> None:
    code = await api.invite(owner, max_uses=100)

    async def attempt() -> int:
        body = {"invite_code": code, "username": "same", "password": PASSWORD}
        return (await api.http.post("/auth/register", json=body)).status_code

    statuses = await asyncio.gather(*(attempt() for _ in range(100)))
    assert sorted(statuses) == [201] + [409] * 99
    assert (await owner.get("/admin/invites")).json()["items"][0]["used_count"] == 1


async def test_a_taken_name_leaves_the_invite_to_another_one(api: Api, owner: Person, member: Person) -> None:
    code = await api.invite(owner)
    body = {"invite_code": code, "username": member.user["username"], "password": PASSWORD}
    refused = await api.http.post("/auth/register", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "USERNAME_EXISTS")
    joined = await api.http.post("/auth/register", json={**body, "username": "another"})
    assert joined.status_code == 201


async def test_bad_invites_all_answer_alike(api: Api, owner: Person) -> None:
    revoked = (await owner.post("/admin/invites", {})).json()
    first = await owner.post(f"/admin/invites/{revoked['id']}/revoke")
    assert first.status_code == 200
    assert first.json()["revoked_at"] is not None
    assert (await owner.post(f"/admin/invites/{revoked['id']}/revoke")).json() == first.json()
    bodies = set()
    for code in (revoked["code"], "never-made"):
        answer = await api.http.post("/auth/invite", json={"invite_code": code})
        assert answer.status_code == 400
        bodies.add(answer.json()["code"] + answer.json()["message"])
        body = {"invite_code": code, "username": "maria", "password": PASSWORD}
        joined = await api.http.post("/auth/register", json=body)
        bodies.add(joined.json()["code"] + joined.json()["message"])
    assert len(bodies) == 1
    unknown = await owner.post("/admin/invites/0198a000-0000-7000-8000-000000000000/revoke")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "INVITE_NOT_FOUND")


async def test_only_admins_make_invites(member: Person, api: Api) -> None:
    refused = await member.post("/admin/invites", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "ADMIN_REQUIRED")
    nobody = await api.http.post("/admin/invites", json={})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "AUTH_REQUIRED")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"username": "a"}, "username"),
        ({"username": "two words"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "P@ssw0rd2024!"}, "password"),
        ({"username": "maria.lopez", "password": "Maria.Lopez"}, "password"),
        ({"display_name": "  "}, "display_name"),
        ({"extra": 1}, "extra"),
        ({"username": 7}, "username"),
    ],
)
async def test_what_does_not_fit_is_named_and_never_repeated(
    api: Api, owner: Person, fields: dict[str, object], named: str
) -> None:
    body = {"invite_code": await api.invite(owner), "username": "maria", "password": PASSWORD, **fields}
    answer = await api.http.post("/auth/register", json=body)
    assert answer.status_code == 422
    shape = answer.json()
    assert shape["code"] == "VALIDATION_ERROR"
    assert named in [item["field"] for item in shape["detail"]["fields"]]
    assert not any(str(value) in answer.text for value in fields.values() if value not in {"a", 1, 7, "  "})


async def test_bearer_sign_in_refresh_and_log_out(api: Api, owner: Person) -> None:
    wrong = await api.http.post("/auth/login", json={"username": "owner", "password": "wrong password"})
    unknown = await api.http.post("/auth/login", json={"username": "nobody", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    person = await api.login("OWNER")
    assert (await person.get("/auth/me")).json()["id"] == owner.user["id"]
    first = await api.http.post("/auth/refresh", json={"refresh_token": person.refresh_token})
    within_grace = await api.http.post("/auth/refresh", json={"refresh_token": person.refresh_token})
    assert first.json()["refresh_token"] == within_grace.json()["refresh_token"] != person.refresh_token
    assert first.json()["access_token"] == within_grace.json()["access_token"]
    second = await api.http.post("/auth/refresh", json={"refresh_token": first.json()["refresh_token"]})
    assert second.status_code == 200
    replay = await api.http.post("/auth/refresh", json={"refresh_token": person.refresh_token})
    assert (replay.status_code, replay.json()["code"]) == (401, "REFRESH_REUSED")
    headers = {"Authorization": f"Bearer {second.json()['access_token']}"}
    ended = await api.http.get("/auth/me", headers=headers)
    assert (ended.status_code, ended.json()["code"]) == (401, "SESSION_EXPIRED")


async def test_logging_out_ends_the_token_at_once(api: Api, owner: Person) -> None:
    person = await api.login("owner")
    assert (await person.post("/auth/logout")).status_code == 204
    assert (await person.get("/auth/me")).json()["code"] == "SESSION_EXPIRED"
    assert (await owner.get("/auth/me")).status_code == 200
    assert (await api.http.post("/auth/logout")).json()["code"] == "AUTH_REQUIRED"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic b3duZXI6eA==", "Bearer a b"])
async def test_a_bad_authorization_header_never_falls_back_to_the_cookie(api: Api, owner: Person, header: str) -> None:
    body = {"username": "owner", "password": PASSWORD, "transport": "session"}
    assert (await api.http.post("/auth/login", json=body)).status_code == 200
    assert (await api.http.get("/auth/me")).status_code == 200
    answer = await api.http.get("/auth/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH_REQUIRED")


async def test_session_transport_keeps_its_secret_in_the_cookie_and_wants_csrf(api: Api, owner: Person) -> None:
    body = {"username": "owner", "password": PASSWORD, "transport": "session"}
    answer = await api.http.post("/auth/login", json=body)
    assert set(answer.json()) == {"user", "csrf_token"}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("omniai_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secret = cookie.split("=", 1)[1].split(";")[0]
    assert secret not in answer.text
    token = answer.json()["csrf_token"]
    assert (await api.http.get("/auth/csrf")).json() == {"csrf_token": token}
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": token.upper()}):
        refused = await api.http.post("/conversations", json={}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "CSRF_INVALID")
    assert (await api.http.post("/conversations", json={}, headers={"X-CSRF-Token": token})).status_code == 201
    out = await api.http.post("/auth/logout", headers={"X-CSRF-Token": token})
    assert out.status_code == 204
    assert "Max-Age=0" in out.headers["set-cookie"]
    stale = await api.http.get("/auth/me", headers={"Cookie": f"omniai_session={secret}"})
    assert stale.json()["code"] == "SESSION_EXPIRED"


async def test_a_page_from_elsewhere_cannot_sign_anybody_in(api: Api, owner: Person) -> None:
    body = {"username": "owner", "password": PASSWORD, "transport": "session"}
    for origin in ("https://evil.example", "null", "http://127.0.0.1:9999"):
        answer = await api.http.post("/auth/login", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_NOT_ALLOWED")
        assert "access-control-allow-origin" not in answer.headers
    own = await api.http.post("/auth/login", json=body, headers={"Origin": "http://127.0.0.1:8787"})
    assert own.status_code == 200


async def test_a_disabled_person_is_out_at_the_next_request(api: Api, owner: Person, member: Person) -> None:
    database = api.app.state.services.database
    await database.write(
        lambda session: session.execute(update(User).where(User.id == member.user["id"]).values(status="disabled"))
    )
    refused = await member.get("/auth/me")
    assert (refused.status_code, refused.json()["code"]) == (403, "USER_INACTIVE")
    body = {"username": "maria", "password": PASSWORD}
    assert (await api.http.post("/auth/login", json=body)).json()["code"] == "USER_INACTIVE"
    wrong = await api.http.post("/auth/login", json={**body, "password": "wrong password"})
    assert wrong.json()["code"] == "INVALID_CREDENTIALS"


async def test_old_sign_ins_expire_and_are_forgotten_later(api: Api, owner: Person) -> None:
    person = await api.login("owner")
    database, sessions = api.app.state.services.database, api.app.state.services.sessions

    async def age(days: int) -> None:
        past = datetime.now(UTC) - timedelta(days=days)
        values = {"expires_at": past, "ended_at": None}
        await database.write(lambda session: session.execute(update(LoginSession).values(values)))

    await age(1)
    assert (await person.get("/auth/me")).json()["code"] == "SESSION_EXPIRED"
    await age(31)
    assert await sessions.purge() == 2
    assert (await person.get("/auth/me")).json()["code"] == "AUTH_REQUIRED"


async def test_a_device_that_nobody_used_for_long_is_a_stranger_again(api: Api, owner: Person) -> None:
    await api.login("owner")
    database, sessions = api.app.state.services.database, api.app.state.services.sessions

    async def age(days: int) -> None:
        past = datetime.now(UTC) - timedelta(days=days)
        await database.write(lambda session: session.execute(update(KnownDevice).values(last_seen_at=past)))

    await age(399)
    assert await sessions.purge() == 0
    await age(401)
    assert await sessions.purge() == 2
    assert await database.read(lambda session: session.scalars(select(KnownDevice)).all()) == []


MISLEADING = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]


async def test_no_name_can_pass_for_another_by_what_is_not_seen(api: Api, owner: Person) -> None:
    writes = [
        ("POST", "/auth/register", {"invite_code": await api.invite(owner), "username": "x-y-z", "password": PASSWORD}),
        ("PATCH", "/auth/me", {}),
        ("PATCH", f"/admin/users/{owner.user['id']}", {}),
    ]
    named = [
        key
        for key, route in declared_doors(api.app).items()
        if route.body_field and "display_name" in getattr(route.body_field.field_info.annotation, "model_fields", {})
    ]
    assert len(named) == len(writes)
    for method, path, body in writes:
        for number in MISLEADING:
            answer = await owner.request(method, path, json={**body, "display_name": f"ow{chr(number)}ner"})
            assert answer.json()["detail"]["fields"][0]["field"] == "display_name", (path, hex(number))
        kept = await owner.request(method, path, json={**body, "display_name": "Zoë 🦉 \u05d0"})
        assert kept.status_code in {200, 201}, kept.text


async def test_a_profile_keeps_what_was_set(member: Person) -> None:
    changed = await member.patch("/auth/me", {"display_name": "M.", "preferences": {"theme": "dark", "ui": {"a": [1]}}})
    assert changed.status_code == 200
    user = (await member.get("/auth/me")).json()
    assert user["display_name"] == "M."
    assert user["preferences"] == {"memory_enabled": False, "theme": "dark", "language": None, "ui": {"a": [1]}}
    for body in ({"role": "admin"}, {"display_name": None}, {"preferences": {"ui": {"a": "x" * 20_000}}}):
        assert (await member.patch("/auth/me", body)).status_code == 422
    assert (await member.get("/auth/me")).json() == user


@pytest.mark.parametrize(
    ("mode", "allowed", "refused"), [("bearer", "bearer", "session"), ("session", "session", "bearer")]
)
async def test_the_mode_decides_the_transport(
    tmp_path_factory: pytest.TempPathFactory, mode: str, allowed: str, refused: str
) -> None:
    settings = settings_for(tmp_path_factory.mktemp(mode), AUTH_MODE=mode)
    migrated(settings)
    async with running_app(settings) as api:
        body = {"username": "owner", "password": PASSWORD}
        headers = {"X-Bootstrap-Token": BOOTSTRAP}
        wrong = await api.http.post("/admin/bootstrap", json={**body, "transport": refused}, headers=headers)
        assert (wrong.status_code, wrong.json()["code"]) == (400, "AUTH_MODE_INVALID")
        right = await api.http.post("/admin/bootstrap", json=body, headers=headers)
        assert right.status_code == 201
        assert ("access_token" in right.json()) == (allowed == "bearer")
        assert (await api.http.get("/auth/config")).json()["transports"] == [allowed]
