"""Looking after the server: how it does in depth, and its figures; each for those who may, without anybody's words."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from app.core.errors import Code
from app.services import inspection
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from tests.api.test_meaning import house, load, settled, stored, studio  # noqa: F401 - a fixture
from tests.api.test_memories import remember, switch_on
from tests.client import Api, Person, running_app
from tests.conftest import migrated, settings_for
from tests.process.conftest import ModelServer

pytestmark = pytest.mark.asyncio

TOKEN = "a-scraper-bears-this-0123456789abcdef"
DASHBOARD = Path(__file__).resolve().parents[3] / "deploy" / "grafana" / "omniai.json"


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def figures(answer: httpx2.Response) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Samples by name, as Prometheus reads them."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


@pytest.fixture
async def scraped(tmp_path: Path, studio: ModelServer) -> AsyncIterator[Api]:  # noqa: F811
    """An installation whose figures are gathered with a token."""
    settings = settings_for(tmp_path, METRICS_TOKEN=TOKEN, LMSTUDIO_BASE_URL=studio.base_url)
    async with running_app(migrated(settings)) as api:
        yield api


async def test_figures_are_for_admins_and_for_who_bears_the_token(scraped: Api) -> None:
    owner = await scraped.bootstrap()
    anna = await scraped.join(owner, "anna")
    for headers in ({}, bearing(TOKEN[:-1]), bearing(""), {"Authorization": f"Basic {TOKEN}"}):
        assert (await scraped.http.get("/metrics", headers=headers)).status_code == 401, headers
    assert (await anna.get("/metrics")).json()["code"] == "ADMIN_REQUIRED"
    assert "omniai_request_seconds_count" in figures(await owner.get("/metrics"))
    assert "omniai_request_seconds_count" in figures(await scraped.http.get("/metrics", headers=bearing(TOKEN)))


@pytest.mark.parametrize("token", [None, ""])
async def test_without_a_token_nobody_gets_in_with_an_empty_one(tmp_path: Path, token: str | None) -> None:
    names = {} if token is None else {"METRICS_TOKEN": token}
    async with running_app(migrated(settings_for(tmp_path, **names))) as api:
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
            assert (await api.http.get("/metrics", headers=headers)).status_code == 401


async def test_the_token_opens_nothing_else(scraped: Api) -> None:
    await scraped.bootstrap()
    for path in ("/auth/me", "/admin/overview", "/conversations"):
        assert (await scraped.http.get(path, headers=bearing(TOKEN))).status_code == 401


async def test_what_happens_is_counted_and_nobody_is_named(scraped: Api) -> None:
    owner = await scraped.bootstrap()
    await owner.ask("My secret canary is a zebrafish")
    await owner.get(f"/conversations/{'0' * 36}")
    await scraped.http.request("BREW", "/auth/me")
    await scraped.http.get("/nowhere/canary")
    answer = await scraped.http.get("/metrics", headers=bearing(TOKEN))
    found = figures(answer)
    assert ({"code": "CONVERSATION_NOT_FOUND"}, 1.0) in found["omniai_errors_total"]
    assert ({"provider": "lmstudio", "status": "complete", "code": "none"}, 1.0) in found["omniai_answers_total"]
    routes = {labels["route"] for labels, _ in found["omniai_request_seconds_count"]}
    assert {"/chat/stream", "/conversations/{conversation_id}", "-"} <= routes
    assert {labels["method"] for labels, _ in found["omniai_request_seconds_count"]} == {"GET", "POST", "other"}
    assert ({"provider": "lmstudio"}, 1.0) in found["omniai_first_token_seconds_count"]
    assert {labels["kind"]: value for labels, value in found["omniai_tokens_total"]}["completion"] > 0
    assert ({"provider": "lmstudio"}, 1.0) in found["omniai_provider_up"]
    assert ({"provider": "lmstudio"}, 0.0) in found["omniai_queue_length"]
    assert {labels["kind"] for labels, _ in found["omniai_database_wait_seconds_count"]} == {"read", "write"}
    assert "canary" not in answer.text
    assert str(owner.user["id"]) not in answer.text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", answer.text)


async def test_the_dashboard_shows_what_there_is(scraped: Api) -> None:
    owner = await scraped.bootstrap()
    await owner.ask("Hello?")
    there = {
        family.name + suffix
        for family in text_string_to_metric_families((await owner.get("/metrics")).text)
        for suffix in ("", "_total", "_bucket", "_count", "_sum")
    }
    asked = set(re.findall(r"omniai_\w+", json.dumps(json.loads(DASHBOARD.read_text())["panels"])))
    assert len(asked) >= 10
    assert asked <= there


async def test_everything_that_the_server_stands_on_is_told(api: Api) -> None:
    answer = await api.http.get("/health/deep")
    assert answer.status_code == 200
    said = answer.json()
    assert said["status"] == "ok"
    providers = said["checks"].pop("providers")
    assert said["checks"] == {"database": "ok", "migrations": "ok", "disk": "ok", "vector_store": "ok"}
    assert set(providers) == {"lmstudio", "guide"}
    assert set(providers.values()) <= {"up", "down", "unknown"}


async def test_in_production_without_a_lock_it_is_for_admins(tmp_path: Path) -> None:
    async with running_app(migrated(settings_for(tmp_path, ENV="production", MEMORY_ENABLED="false"))) as api:
        owner = await api.bootstrap()
        anna = await api.join(owner, "anna")
        assert (await api.http.get("/health/deep")).json()["code"] == "AUTH_REQUIRED"
        assert (await anna.get("/health/deep")).json()["code"] == "ADMIN_REQUIRED"
        answer = await owner.get("/health/deep")
        assert (answer.status_code, answer.json()["checks"]["vector_store"]) == (200, "off")


async def test_behind_the_lock_it_is_for_who_has_the_secret(tmp_path: Path) -> None:
    secret = "lock-of-the-tests-0123456789-abcdefgh"
    names = {"ENV": "production", "ORIGIN_LOCK_ENABLED": "true", "ORIGIN_LOCK_SECRET": secret}
    async with running_app(migrated(settings_for(tmp_path, **names))) as api:
        assert (await api.http.get("/health/deep")).json()["code"] == "ORIGIN_LOCKED"
        assert (await api.http.get("/health/deep", headers={"X-Origin-Secret": secret})).status_code == 200


async def test_a_schema_that_is_not_this_ones_is_told(api: Api) -> None:
    await api.app.state.services.database.write(
        lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    )
    answer = await api.http.get("/health/deep")
    assert (answer.status_code, answer.json()["code"]) == (503, Code.DEEP_HEALTH_FAILED)
    assert answer.headers["retry-after"]
    assert answer.json()["detail"]["checks"]["migrations"] == "failed"
    assert answer.json()["detail"]["checks"]["database"] == "ok"


async def test_a_disk_without_room_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(api.app.state.services.settings.server.data_dir).free
    monkeypatch.setattr(inspection, "LEAST_FREE", free * 2)
    answer = await api.http.get("/health/deep")
    assert (answer.status_code, answer.json()["detail"]["checks"]["disk"]) == (503, "failed")


async def test_a_damaged_store_of_vectors_is_told(tmp_path: Path, studio: ModelServer) -> None:  # noqa: F811
    async with house(tmp_path, studio, "chroma") as api:
        owner = await api.bootstrap()
        await switch_on(owner)
        await remember(owner, "My sister lives in Tromsø")
        await settled(owner, "Where is my sibling's home?", 1)
        await stored(tmp_path)
        assert (await api.http.get("/health/deep")).json()["checks"]["vector_store"] == "ok"
    (tmp_path / "data" / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 999)
    async with house(tmp_path, studio, "chroma") as api:
        owner = Person(api.http, owner.user, owner.headers)
        async with asyncio.timeout(20):
            while (answer := await api.http.get("/health/deep")).status_code == 200:
                await settled(owner, "Where is my sibling's home?", 1)
        assert answer.json()["detail"]["checks"]["vector_store"] == "failed"
