"""Authority that is taken away while a request is still on its way in: the request does not get what it came for."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.client import PASSWORD, Api, Person

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


async def second_admin(api: Api, owner: Person) -> Person:
    body = {"invite_code": await api.invite(owner, role="admin"), "username": "second", "password": PASSWORD}
    signed = (await api.http.post("/auth/register", json=body)).json()
    return Person(api.http, signed["user"], {"Authorization": f"Bearer {signed['access_token']}"})


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
    second = await second_admin(api, owner)
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
