"""Errors of every kind, as a page of an allowed origin reads them and no other one can."""

from pathlib import Path

import httpx2
import pytest

from tests.auth.test_origins import CORS, PAGE, bears_cors
from tests.client import PASSWORD, Api, Person, running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio


async def broken(*_: object) -> None:
    raise RuntimeError


Asked = tuple[str, str, Person | None, dict[str, object]]
"""Method, path, who asks, and what they send."""


def errors(owner: Person, member: Person) -> dict[tuple[int, str], Asked]:
    """A request for each kind of error."""
    return {
        (400, "BAD_REQUEST"): ("POST", "/conversations", owner, {"content": "{", **typed("application/json")}),
        (401, "AUTH_REQUIRED"): ("GET", "/auth/me", None, {}),
        (403, "ADMIN_REQUIRED"): ("GET", "/admin/users", member, {}),
        (404, "CONVERSATION_NOT_FOUND"): ("GET", "/conversations/none", owner, {}),
        (404, "NOT_FOUND"): ("GET", "/nowhere", owner, {}),
        (405, "METHOD_NOT_ALLOWED"): ("PUT", "/conversations", owner, {}),
        (413, "PAYLOAD_TOO_LARGE"): ("POST", "/auth/reauth", owner, {"json": {"password": "x" * 20_000}}),
        (415, "UNSUPPORTED_MEDIA_TYPE"): ("POST", "/conversations", owner, {"content": "{}", **typed("text/plain")}),
        (422, "VALIDATION_ERROR"): ("POST", "/conversations", owner, {"json": {"extra": 1}}),
        (429, "RATE_LIMITED"): ("POST", "/auth/login", None, {"json": {"username": "owner", "password": PASSWORD}}),
        (500, "INTERNAL_ERROR"): ("GET", "/auth/sessions", owner, {}),
    }


def typed(kind: str) -> dict[str, object]:
    return {"headers": {"Content-Type": kind}}


async def asked(api: Api, call: Asked, origin: str | None) -> httpx2.Response:
    """Send a request as a page of an origin would."""
    method, path, person, options = call
    headers = {**options.get("headers", {}), **({"Origin": origin} if origin else {})}  # type: ignore[dict-item]
    who = person or Person(api.http, {})
    return await who.request(method, path, **{**options, "headers": headers})


async def test_every_error_can_be_read_by_an_allowed_page_and_by_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_AUTH": "2", "CORS_ORIGINS": PAGE}
    async with running_app(migrated(settings_for(tmp_path, **limits))) as api:
        owner = await api.bootstrap()
        member = await api.join(owner, "maria")
        monkeypatch.setattr(api.app.state.services.sessions, "list_live", broken)
        for (status, code), call in errors(owner, member).items():
            told = await asked(api, call, PAGE)
            assert (told.status_code, told.json()["code"]) == (status, code)
            assert [told.headers[name] for name in CORS[:2]] == [PAGE, "true"]
            assert "Origin" in told.headers["vary"]
            silent = await asked(api, call, None)
            assert (silent.json()["code"], bears_cors(silent.headers)) == (code, False)
            for origin in ("https://evil.example", "null"):
                refused = await asked(api, call, origin)
                expected = code if call[0] == "GET" else "ORIGIN_NOT_ALLOWED"
                assert (refused.json()["code"], bears_cors(refused.headers)) == (expected, False)
