"""Acts that ask for the password once more when it was given too long ago, and the proof that satisfies them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import PASSWORD, Api, Person, running_app
from tests.conftest import migrated, settings_for

NEEDED = (403, "REAUTH_REQUIRED")


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """An application where a proof holds for a second."""
    async with running_app(migrated(settings_for(tmp_path, REAUTH_SECONDS="1"))) as running:
        yield running


async def outcome(person: Person, method: str, path: str, body: object = None) -> tuple[int, str]:
    answer = await person.request(method, path, json=body)
    return answer.status_code, "" if answer.status_code < 300 else answer.json()["code"]


async def test_a_role_and_the_end_of_an_account_need_a_fresh_proof(api: Api) -> None:
    owner = await api.bootstrap()
    maria = await api.join(owner, "maria")
    path = f"/admin/users/{maria.user['id']}"
    # The age of the proof is what is tested: nothing happens that could be waited for.
    await asyncio.sleep(1.1)
    assert await outcome(owner, "PATCH", path, {"role": "admin"}) == NEEDED
    assert await outcome(maria, "DELETE", "/auth/me") == NEEDED
    assert await outcome(owner, "PATCH", path, {"display_name": "M"}) == (200, "")
    assert (await maria.get("/auth/me")).json()["role"] == "user"
    assert await outcome(owner, "POST", "/auth/reauth", {"password": "not this one"}) == (401, "INVALID_CREDENTIALS")
    assert await outcome(owner, "PATCH", path, {"role": "admin"}) == NEEDED
    assert await outcome(owner, "POST", "/auth/reauth", {"password": PASSWORD}) == (204, "")
    assert await outcome(owner, "PATCH", path, {"role": "admin"}) == (200, "")
    assert await outcome(maria, "DELETE", "/auth/me") == NEEDED
    assert await outcome(maria, "POST", "/auth/reauth", {"password": PASSWORD}) == (204, "")
    assert await outcome(maria, "DELETE", "/auth/me") == (204, "")


async def test_a_refresh_is_no_proof(api: Api) -> None:
    owner = await api.bootstrap()
    maria = await api.join(owner, "maria")
    await asyncio.sleep(1.1)
    fresh = (await api.http.post("/auth/refresh", json={"refresh_token": owner.refresh_token})).json()
    owner.headers = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert await outcome(owner, "PATCH", f"/admin/users/{maria.user['id']}", {"role": "admin"}) == NEEDED


async def test_a_refusal_for_want_of_proof_stands_in_the_log(api: Api) -> None:
    owner = await api.bootstrap()
    await asyncio.sleep(1.1)
    assert await outcome(owner, "DELETE", "/auth/me") == NEEDED
    entry = (await owner.get("/admin/audit?outcome=refused")).json()["items"][0]
    assert entry["detail"] == {"reason": "REAUTH_REQUIRED", "route": "DELETE /auth/me"}


async def test_what_makes_an_admin_or_opens_their_account_needs_a_fresh_proof(api: Api) -> None:
    owner = await api.bootstrap()
    maria = await api.join(owner, "maria")
    await asyncio.sleep(1.1)
    assert await outcome(owner, "POST", "/admin/invites", {"role": "admin"}) == NEEDED
    assert await outcome(owner, "POST", "/admin/invites", {"role": "user"}) == (201, "")
    assert await outcome(owner, "POST", f"/admin/users/{owner.user['id']}/reset-password") == NEEDED
    assert await outcome(owner, "POST", f"/admin/users/{maria.user['id']}/reset-password") == (201, "")
    assert await outcome(owner, "POST", "/admin/users/none/reset-password") == (404, "USER_NOT_FOUND")
    assert await outcome(owner, "POST", "/auth/reauth", {"password": PASSWORD}) == (204, "")
    assert await outcome(owner, "POST", "/admin/invites", {"role": "admin"}) == (201, "")
    assert await outcome(owner, "POST", f"/admin/users/{owner.user['id']}/reset-password") == (201, "")
