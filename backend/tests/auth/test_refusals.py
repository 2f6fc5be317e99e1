"""What refusals leave in the audit log: those that matter, a flood as one, and nothing of it may break an answer."""

import pytest
from app.auth import refusals
from app.auth.errors import AuthRequired, CsrfInvalid
from app.auth.refusals import RefusalLog
from app.core.errors import NotFound, Overloaded
from app.domain.audit.service import Source

from tests.client import Api, Person

STRANGER = Source("203.0.113.7", "curl/8", "request-1")


def log_of(api: Api) -> RefusalLog:
    services = api.app.state.services
    return RefusalLog(services.database, services.trail)


async def noted(owner: Person) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await owner.get("/admin/audit?action=access.refused")).json()["items"]
    return items


async def test_what_anybody_may_run_into_is_not_noted(api: Api, owner: Person) -> None:
    log = log_of(api)
    await log.note(STRANGER, NotFound(), "GET /x")
    await log.note(STRANGER, AuthRequired(), "GET /x")
    assert await noted(owner) == []
    await log.note(STRANGER, AuthRequired(), "GET /x", credential=True)
    assert [entry["detail"] for entry in await noted(owner)] == [{"reason": "AUTH_REQUIRED", "route": "GET /x"}]


async def test_a_flood_is_one_entry_a_minute_that_counts_the_rest(
    api: Api, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(api)
    for _ in range(5):
        await log.note(STRANGER, CsrfInvalid(), "POST /x")
    assert len(await noted(owner)) == 1
    monkeypatch.setattr(refusals, "QUIET_SECONDS", 0.0)
    await log.note(STRANGER, CsrfInvalid(), "POST /x")
    newest = (await noted(owner))[0]
    assert newest["detail"] == {"reason": "CSRF_INVALID", "route": "POST /x", "like_it_before": 4}


async def test_what_is_remembered_of_floods_is_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MAX_KEYS", 2)
    log = log_of(api)
    for number in range(4):
        await log.note(Source(f"203.0.113.{number}", "", None), CsrfInvalid(), "POST /x")
    assert len(log._seen) == 2


async def test_a_log_that_cannot_be_written_breaks_no_answer(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(api)

    async def full(_work: object) -> None:
        raise Overloaded

    monkeypatch.setattr(api.app.state.services.database.__class__, "write", lambda _self, work: full(work))
    await log.note(STRANGER, CsrfInvalid(), "POST /x")
