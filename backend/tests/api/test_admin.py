"""What admins can do to people and see of the whole, and that each act of theirs stands in the audit log."""

import json

import pytest
from app.providers.discovery import Discovery, FoundServer

from tests.client import PASSWORD, Api, Person

pytestmark = pytest.mark.asyncio


async def log_of(owner: Person, **wanted: str) -> list[dict[str, object]]:
    answer = await owner.get("/admin/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def test_people_are_listed_found_and_paged(api: Api, owner: Person) -> None:
    for name in ("anna", "bert", "carla"):
        await api.join(owner, name)
    first = (await owner.get("/admin/users?limit=3")).json()
    assert [item["username"] for item in first["items"]] == ["carla", "bert", "anna"]
    rest = (await owner.get("/admin/users", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [item["username"] for item in rest["items"]] == ["owner"]
    assert rest["next_cursor"] is None
    assert [item["username"] for item in (await owner.get("/admin/users?q=BER")).json()["items"]] == ["bert"]
    assert (await owner.get("/admin/users?q=%25")).json()["items"] == []
    assert (await owner.get("/admin/users?status=disabled")).json()["items"] == []
    assert (await owner.get("/admin/users?status=asleep")).status_code == 422


async def test_an_admin_changes_a_person_and_the_log_tells_before_and_after(owner: Person, member: Person) -> None:
    path = f"/admin/users/{member.user['id']}"
    changed = (await owner.patch(path, {"display_name": "Maria B", "role": "admin"})).json()
    assert (changed["display_name"], changed["role"]) == ("Maria B", "admin")
    assert (await member.get("/admin/users")).status_code == 200
    entry = (await log_of(owner, action="user.updated"))[0]
    assert entry["detail"] == {
        "before": {"display_name": "maria", "role": "user"},
        "after": {"display_name": "Maria B", "role": "admin"},
    }
    assert (entry["actor_name"], entry["target_id"], entry["outcome"]) == ("owner", member.user["id"], "success")
    assert (await owner.patch(path, {"role": None})).status_code == 422
    assert (await owner.patch(path, {"username": "other"})).status_code == 422
    assert (await owner.patch("/admin/users/none", {"status": "active"})).json()["code"] == "USER_NOT_FOUND"


async def test_the_last_admin_stays(api: Api, owner: Person, member: Person) -> None:
    path = f"/admin/users/{owner.user['id']}"
    for body in ({"status": "disabled"}, {"role": "user"}):
        assert (await owner.patch(path, body)).json()["code"] == "LAST_ADMIN"
    assert (await owner.delete(path)).json()["code"] == "LAST_ADMIN"
    assert (await owner.delete("/auth/me")).json()["code"] == "LAST_ADMIN"
    await owner.patch(f"/admin/users/{member.user['id']}", {"role": "admin"})
    assert (await owner.patch(path, {"role": "user"})).status_code == 200
    assert (await owner.get("/admin/users")).json()["code"] == "ADMIN_REQUIRED"


async def test_a_reset_link_sets_a_password_once_and_ends_every_sign_in(
    api: Api, owner: Person, member: Person
) -> None:
    made = await owner.post(f"/admin/users/{member.user['id']}/reset-password")
    assert made.status_code == 201
    token = made.json()["token"]
    assert made.json()["link"].endswith(f"/#/reset?token={token}")
    weak = await api.http.post("/auth/reset", json={"token": token, "new_password": "password123"})
    assert weak.json()["detail"]["fields"][0]["field"] == "new_password"
    body = {"token": token, "new_password": "a new horse battery"}
    assert (await api.http.post("/auth/reset", json=body)).status_code == 204
    assert (await api.http.post("/auth/reset", json=body)).json()["code"] == "INVALID_RESET"
    assert (await member.get("/auth/me")).json()["code"] == "SESSION_EXPIRED"
    login = {"username": "maria", "password": PASSWORD}
    assert (await api.http.post("/auth/login", json=login)).status_code == 401
    assert (await api.http.post("/auth/login", json={**login, "password": body["new_password"]})).status_code == 200
    assert (await log_of(owner, action="auth.password_reset"))[0]["actor_name"] == "maria"


async def test_a_later_reset_link_voids_the_earlier(api: Api, owner: Person, member: Person) -> None:
    path = f"/admin/users/{member.user['id']}/reset-password"
    first, second = [(await owner.post(path)).json()["token"] for _ in range(2)]
    body = {"token": first, "new_password": "a new horse battery"}
    assert (await api.http.post("/auth/reset", json=body)).json()["code"] == "INVALID_RESET"
    assert (await api.http.post("/auth/reset", json={**body, "token": second})).status_code == 204


async def test_a_new_password_voids_the_links_to_another(api: Api, owner: Person, member: Person) -> None:
    token = (await owner.post(f"/admin/users/{member.user['id']}/reset-password")).json()["token"]
    changed = {"current_password": PASSWORD, "new_password": "a new horse battery"}
    assert (await member.post("/auth/password", changed)).status_code == 200
    late = await api.http.post("/auth/reset", json={"token": token, "new_password": "another horse battery"})
    assert (late.status_code, late.json()["code"]) == (400, "INVALID_RESET")


async def test_quotas_are_set_shown_and_taken_back(owner: Person, member: Person) -> None:
    path = f"/admin/quotas/{member.user['id']}"
    assert (await owner.get(path)).json()["is_default"]
    limits = {"messages_per_day": 3, "tokens_per_day": None}
    assert (await owner.request("PUT", path, json=limits)).json() == {
        **limits,
        "user_id": member.user["id"],
        "is_default": False,
    }
    mine = (await member.get("/usage/me")).json()
    assert (mine["messages"]["limit"], mine["tokens"]["limit"]) == (3, None)
    assert (await owner.request("PUT", path, json={"messages_per_day": -1, "tokens_per_day": 1})).status_code == 422
    assert (await owner.request("PUT", path, json={"messages_per_day": 1})).status_code == 422
    assert (await owner.delete(path)).status_code == 204
    assert (await member.get("/usage/me")).json()["messages"]["limit"] == 200
    entry = (await log_of(owner, action="quota.updated"))[0]
    assert entry["detail"] == {"before": {"messages_per_day": 200, "tokens_per_day": 200_000}, "after": limits}


async def test_usage_is_summed_by_day_person_and_model(owner: Person, member: Person) -> None:
    await member.ask("hello")
    await member.ask("hello again")
    await owner.ask("hello")
    by_day = (await owner.get("/admin/usage")).json()["items"]
    assert [(item["messages"], item["user_id"], item["model"]) for item in by_day] == [(3, None, None)]
    by_user = (await owner.get("/admin/usage?group=user")).json()["items"]
    assert {item["user_id"]: item["messages"] for item in by_user} == {member.user["id"]: 2, owner.user["id"]: 1}
    by_model = (await owner.get("/admin/usage?group=model")).json()["items"]
    assert [(item["provider"], item["messages"]) for item in by_model] == [("guide", 3)]
    assert by_model[0]["prompt_tokens"] > 0 < by_model[0]["completion_tokens"]
    assert (await owner.get("/admin/usage?from=2020-01-01&to=2020-01-31")).json()["items"] == []
    assert (await owner.get("/admin/usage?from=2020-01-01&to=2026-01-31")).status_code == 422
    assert (await owner.get("/admin/usage?from=soon")).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-29", "1969-12-31", "10000-01-01"])
async def test_days_at_the_ends_of_the_calendar_are_refused(owner: Person, day: str) -> None:
    for name in ("from", "to"):
        answer = await owner.get(f"/admin/usage?{name}={day}")
        assert (answer.status_code, answer.json()["detail"]["fields"][0]["field"]) == (422, name)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"])
async def test_moments_at_the_ends_of_the_calendar_are_only_far_away(owner: Person, moment: str) -> None:
    for name in ("since", "until"):
        assert (await owner.get(f"/admin/audit?{name}={moment}")).status_code == 200
    assert (await owner.get("/admin/usage?to=9999-12-31")).json()["items"] == []
    assert (await owner.get("/admin/usage?to=1970-01-01")).json()["items"] == []


async def test_the_log_is_filtered_and_paged(owner: Person, member: Person) -> None:
    await member.post("/auth/logout")
    assert [item["action"] for item in await log_of(owner, action="auth.", actor="maria")] == [
        "auth.logout",
        "auth.register",
    ]
    assert await log_of(owner, outcome="refused") == []
    assert len(await log_of(owner, actor=str(owner.user["id"]))) == 2
    assert await log_of(owner, until="2020-01-01T00:00:00Z") == []
    first = (await owner.get("/admin/audit?limit=3")).json()
    rest = (await owner.get("/admin/audit", params={"cursor": first["next_cursor"]})).json()
    assert [item["seq"] for item in first["items"] + rest["items"]] == [4, 3, 2, 1]
    for wrong in ("cursor=x", "cursor=NQ==", "since=2020-01-01T00:00:00", "outcome=maybe", "limit=0"):
        assert (await owner.get(f"/admin/audit?{wrong}")).status_code == 422, wrong


async def test_the_log_verifies_and_is_exported_whole(owner: Person, member: Person) -> None:
    assert (await owner.get("/admin/audit/verify")).json() == {"ok": True, "checked": 3, "first_bad": None}
    lines = (await owner.get("/admin/audit/export?format=jsonl")).text.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [1, 2, 3, 4]
    assert json.loads(lines[-1])["action"] == "audit.exported"
    answer = await owner.get("/admin/audit/export?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="omniai-audit.csv"'
    assert len(answer.text.splitlines()) == 6
    assert (await owner.get("/admin/audit/export?format=xlsx")).status_code == 422


async def test_a_deleted_person_is_gone_and_the_log_still_verifies(owner: Person, member: Person) -> None:
    await member.ask("a secret of mine")
    assert (await owner.delete(f"/admin/users/{member.user['id']}")).status_code == 204
    assert (await member.get("/auth/me")).json()["code"] == "AUTH_REQUIRED"
    whole = (await owner.get("/admin/audit/export")).text
    assert "maria" not in whole
    assert (await owner.get("/admin/audit/verify")).json()["ok"]
    figures = (await owner.get("/admin/overview")).json()
    assert (figures["users"]["total"], figures["conversations"], figures["messages"]) == (1, 0, 0)
    assert (await owner.get("/admin/usage")).json()["items"] == []


async def test_people_close_their_own_account(owner: Person, member: Person) -> None:
    assert (await member.delete("/auth/me")).status_code == 204
    assert [item["username"] for item in (await owner.get("/admin/users")).json()["items"]] == ["owner"]
    entry = (await log_of(owner, action="user.deleted"))[0]
    assert (entry["actor_id"], entry["actor_name"], entry["address"]) == (member.user["id"], None, None)
    assert (await owner.get("/admin/audit/verify")).json()["ok"]


async def test_model_servers_are_listed(owner: Person) -> None:
    await owner.get("/models")
    found = {item["id"]: item for item in (await owner.get("/admin/providers")).json()["items"]}
    assert (found["lmstudio"]["state"], found["lmstudio"]["error_code"]) == ("down", "PROVIDER_UNREACHABLE")
    assert (found["guide"]["state"], found["guide"]["models"]) == ("up", 1)


async def test_servers_on_the_machine_are_offered_only_when_asked_for(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    async def look(_self: Discovery) -> list[FoundServer]:
        nonlocal looked
        looked += 1
        return [FoundServer("ollama", "Ollama", "http://127.0.0.1:11434", "OMNIAI_OLLAMA_BASE_URL=…")]

    monkeypatch.setattr(Discovery, "look", look)
    assert (await owner.get("/admin/providers")).json()["found"] == []
    assert looked == 0
    page = (await owner.get("/admin/providers?discover=true")).json()
    assert page["found"] == [
        {
            "kind": "ollama",
            "label": "Ollama",
            "base_url": "http://127.0.0.1:11434",
            "setting": "OMNIAI_OLLAMA_BASE_URL=…",
        }
    ]
    assert "ollama" not in {item["id"] for item in page["items"]}, "what is offered is not used"
