"""Authority that is taken away while a request is under way: it does not get what it came for, and nothing breaks."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from app.api.deps import Tx
from app.api.doors import DoorRoute, door
from app.domain.accounts.models import User
from fastapi import APIRouter

from tests.client import PASSWORD, Api, Person
from tests.gates.crowd import CROWD, Call, outcomes, race
from tests.process.conftest import signed_in
from tests.process.server import serving

SLOW_SECONDS = 0.6
"""Longer than what was known of a sender is good for."""
Act = Callable[[Person, Person], Awaitable[object]]


async def demote(owner: Person, person: Person) -> None:
    await owner.patch(f"/admin/users/{person.user['id']}", {"role": "user"})


async def disable(owner: Person, person: Person) -> None:
    await owner.patch(f"/admin/users/{person.user['id']}", {"status": "disabled"})


async def delete(owner: Person, person: Person) -> None:
    await owner.delete(f"/admin/users/{person.user['id']}")


async def sign_out(owner: Person, person: Person) -> None:
    await owner.post(f"/admin/users/{person.user['id']}/revoke-sessions")


async def dripped(body: object, meanwhile: Awaitable[object], seconds: float) -> AsyncIterator[bytes]:
    """A body in two parts, between which something happens."""
    raw = json.dumps(body).encode()
    yield raw[:5]
    await meanwhile
    # The time itself is what is tested.
    await asyncio.sleep(seconds)
    yield raw[5:]


async def admin_named(owner: Person, name: str) -> Person:
    code = (await owner.post("/admin/invites", {"role": "admin"})).json()["code"]
    body = {"invite_code": code, "username": name, "password": PASSWORD}
    signed = (await owner.http.post("/auth/register", json=body)).json()
    return Person(owner.http, signed["user"], {"Authorization": f"Bearer {signed['access_token']}"})


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (demote, (403, "ADMIN_REQUIRED")),
        (disable, (403, "USER_INACTIVE")),
        (delete, (401, "AUTH_REQUIRED")),
        (sign_out, (401, "SESSION_EXPIRED")),
    ],
)
async def test_a_slow_body_outlives_no_authority(api: Api, owner: Person, act: Act, code: tuple[int, str]) -> None:
    second = await admin_named(owner, "second")
    before = len((await owner.get("/admin/invites")).json()["items"])
    body = dripped({"role": "admin"}, act(owner, second), SLOW_SECONDS)
    headers = {"Content-Type": "application/json"}
    answer = await second.request("POST", "/admin/invites", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == code
    assert len((await owner.get("/admin/invites")).json()["items"]) == before


async def test_a_slow_question_of_somebody_switched_off_is_not_asked(api: Api, owner: Person, member: Person) -> None:
    body = dripped({"message": {"content": "hello"}}, disable(owner, member), SLOW_SECONDS)
    headers = {"Content-Type": "application/json"}
    answer = await member.request("POST", "/chat/stream", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "USER_INACTIVE")
    assert (await owner.get("/admin/overview")).json()["messages"] == 0


async def test_a_slow_body_of_a_stranger_is_read(api: Api, owner: Person) -> None:
    code = await api.invite(owner)
    body = dripped({"invite_code": code}, asyncio.sleep(0), SLOW_SECONDS)
    answer = await api.http.post("/auth/invite", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/conversations", {"title": "mine"}),
        ("PATCH", "/auth/me", {"display_name": "changed"}),
        ("POST", "/chat/stream", {"message": {"content": "hello"}}),
        ("POST", "/admin/invites", {"note": "one more"}),
    ],
)
async def test_somebody_who_is_deleted_meanwhile_is_told_to_sign_in(
    api: Api, owner: Person, method: str, path: str, body: object
) -> None:
    second = await admin_named(owner, "second")
    headers = {"Content-Type": "application/json"}
    answer = await second.request(method, path, content=dripped(body, delete(owner, second), 0), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH_REQUIRED")


@pytest.mark.parametrize(("act", "code"), [(demote, "ADMIN_REQUIRED"), (disable, "USER_INACTIVE")])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/admin/invites", {"role": "admin"}),
        ("PATCH", "/admin/users/{user}", {"display_name": "changed"}),
        ("PUT", "/admin/quotas/{user}", {"messages_per_day": 1, "tokens_per_day": 1}),
    ],
)
async def test_an_act_of_an_admin_needs_one_when_its_turn_comes(
    api: Api, owner: Person, act: Act, code: str, method: str, path: str, body: object
) -> None:
    second = await admin_named(owner, "second")
    headers = {"Content-Type": "application/json"}
    path = path.format(user=owner.user["id"])
    answer = await second.request(method, path, content=dripped(body, act(owner, second), 0), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert (await owner.get("/auth/me")).json()["display_name"] == "owner"


async def test_a_question_needs_somebody_when_its_turn_comes(api: Api, owner: Person, member: Person) -> None:
    headers = {"Content-Type": "application/json"}
    body = dripped({"message": {"content": "hello"}}, disable(owner, member), 0)
    answer = await member.request("POST", "/chat/stream", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "USER_INACTIVE")
    figures = (await owner.get("/admin/overview")).json()
    assert (figures["messages"], figures["active_streams"]) == (0, 0)


async def test_an_account_is_closed_once(api: Api, owner: Person, member: Person) -> None:
    answers = await asyncio.gather(*(member.delete("/auth/me") for _ in range(20)))
    assert outcomes(answers) == {(204, ""): 1, (401, "AUTH_REQUIRED"): 19}


async def test_what_is_gone_under_the_hands_of_somebody_who_is_not_is_a_conflict(api: Api, owner: Person) -> None:
    router = APIRouter(route_class=DoorRoute)

    @router.get("/nowhere")
    @door("user", whose="caller", limit="read")
    async def nowhere(tx: Tx) -> None:
        await tx.read(lambda session: session.get_one(User, "none"))

    api.app.include_router(router)
    answer = await owner.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")


@pytest.mark.process
async def test_whoever_leaves_while_a_hundred_of_their_requests_are_under_way_breaks_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, signed_in(server) as owner:
        for turn in range(5):
            person = await admin_named(owner, f"leaver{turn}")
            calls = [
                Call("GET", "/auth/me"),
                Call("PATCH", "/auth/me", {"display_name": "still here"}),
                Call("POST", "/conversations", {"title": "mine"}),
                Call("GET", "/models/resolve"),
                Call("POST", "/chat/stream", {"message": {"content": "hello"}}, head_only=True),
                Call("POST", "/admin/invites", {}),
                Call("GET", "/usage/me"),
                Call("GET", "/auth/sessions"),
                Call("POST", "/auth/reauth", {"password": PASSWORD}),
            ]
            crowd = [replace(calls[number % len(calls)], headers=person.headers) for number in range(CROWD)]
            crowd.insert(CROWD // 4, Call("DELETE", f"/admin/users/{person.user['id']}", None, owner.headers))
            answers = await race(server.url, crowd)
            assert outcomes(answers)[(204, "")] == 1
            assert {status for status, _ in outcomes(answers)} <= {200, 201, 204, 401, 429}
        assert (await owner.get("/admin/overview")).json()["active_streams"] == 0
