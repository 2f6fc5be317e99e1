"""What holds for every answer: the error shape, headers, bodies that do not parse, hosts, CORS, HEAD."""

import json

import pytest
from app.api.doors import door

from tests.client import Api, Person, running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio

SHAPE = {"code", "message", "request_id"}


async def test_an_unknown_path_is_json_whatever_is_accepted(api: Api) -> None:
    for path in ("/nowhere", "/health/", "/Health", "/conversations/x/y/z", "/docs", "/assets/x.js", "/%00", "/..%2f"):
        answer = await api.http.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path
        assert set(answer.json()) == SHAPE
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_wrong_method_names_the_right_ones_without_a_sign_in(api: Api) -> None:
    for path, allowed in {
        "/conversations": "GET, HEAD, POST",
        "/conversations/x": "DELETE, GET, HEAD, PATCH",
        "/chat/stream": "POST",
        "/chat/stream/x": "GET, HEAD",
    }.items():
        answer = await api.http.put(path, json={})
        assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == allowed
    assert (await api.http.options("/conversations")).status_code == 405


async def test_every_answer_bears_the_standard_headers(api: Api, owner: Person) -> None:
    for answer in (
        await api.http.get("/health"),
        await api.http.get("/nowhere"),
        await owner.get("/auth/me"),
        await api.http.get("/health", headers={"X-Request-ID": "mine"}),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert len(answer.headers["x-request-id"]) == 36


async def test_head_answers_as_get_without_the_body(api: Api) -> None:
    got, headed = await api.http.get("/health"), await api.http.head("/health")
    assert headed.status_code == got.status_code == 200
    assert headed.content == b""
    assert headed.headers["content-length"] == got.headers["content-length"]
    assert (await api.http.head("/nowhere")).status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"",
        b'{"title": "\xff"}',
        '{"title": "x"}'.encode("utf-16"),
        b'{"title": NaN}',
        b'{"title": 1e999}',
        b'{"title": "\\ud800"}',
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000,
    ],
    ids=["broken", "empty", "latin", "utf16", "nan", "infinite", "surrogate", "deep", "abyss"],
)
async def test_a_body_that_does_not_parse_is_a_bad_request(owner: Person, raw: bytes) -> None:
    answer = await owner.request("POST", "/conversations", content=raw, headers={"Content-Type": "application/json"})
    if raw == b"":
        assert (answer.status_code, answer.json()["code"]) == (422, "VALIDATION_ERROR")
    else:
        assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")
    assert set(answer.json()) <= SHAPE | {"detail"}


@pytest.mark.parametrize(
    "body", [{"title": "a\0b"}, {"title": 7}, {"title": " "}, {"title": "x" * 201}, {"no": 1}, [], "x", None, 2**63]
)
async def test_a_body_that_parses_and_does_not_fit_is_422(owner: Person, body: object) -> None:
    answer = (
        await owner.post("/conversations", body)
        if body is not None
        else await owner.request(
            "POST", "/conversations", content=b"null", headers={"Content-Type": "application/json"}
        )
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "VALIDATION_ERROR")
    assert all(set(item) == {"field", "problem"} for item in answer.json()["detail"]["fields"])


async def test_only_json_is_accepted(owner: Person) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = await owner.request("POST", "/conversations", content=b"{}", headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE"), kind


async def test_the_credential_is_checked_before_the_body(api: Api) -> None:
    answer = await api.http.post("/conversations", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH_REQUIRED")


async def test_a_large_body_is_refused_by_its_bytes(owner: Person) -> None:
    async def endless() -> object:
        for _ in range(64):
            yield b" " * 65_536

    answer = await owner.request(
        "POST", "/conversations", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_pages_refuse_odd_limits_and_cursors(owner: Person) -> None:
    for query in ("limit=0", "limit=201", "limit=x", "cursor=x", "cursor=AAAA", "cursor=%00", "limit=1e9", "limit=-1"):
        answer = await owner.get(f"/conversations?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "VALIDATION_ERROR"), query
    assert (await owner.get("/conversations?unknown=1")).status_code == 200


async def test_foreign_hosts_are_misdirected(api: Api) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", ""):
        answer = await api.http.get("/health", headers={"Host": host})
        assert (answer.status_code, answer.json()["code"]) == (421, "MISDIRECTED")
    for host in ("localhost:8787", "LOCALHOST", "[::1]:8787"):
        assert (await api.http.get("/health", headers={"Host": host})).status_code == 200


async def test_cors_names_allowed_origins_on_errors_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    page = "https://family.example.org"
    settings = migrated(settings_for(tmp_path_factory.mktemp("cors"), CORS_ORIGINS=page))
    async with running_app(settings) as api:
        preflight = {"Origin": page, "Access-Control-Request-Method": "POST"}
        answer = await api.http.options("/chat/stream", headers=preflight)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == page
        assert int(answer.headers["access-control-max-age"]) >= 7200
        assert "idempotency-key" in answer.headers["access-control-allow-headers"]
        for response in (
            await api.http.get("/auth/me", headers={"Origin": page}),
            await api.http.get("/nowhere", headers={"Origin": page}),
            await api.http.post("/auth/login", content=b"{", headers={"Origin": page}),
        ):
            assert response.headers["access-control-allow-origin"] == page
            assert response.headers["access-control-allow-credentials"] == "true"
            assert response.headers["vary"] == "Origin"
        foreign = await api.http.options("/chat/stream", headers={**preflight, "Origin": "https://evil.example"})
        assert foreign.status_code == 403
        assert "access-control-allow-origin" not in foreign.headers
        read = await api.http.get("/health", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in read.headers


async def test_an_unforeseen_failure_tells_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    @api.app.get("/broken")
    @door("anyone", whose="nobody", limit=None)
    async def broken() -> None:
        raise RuntimeError("secret detail /srv/path")

    answer = await api.http.get("/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


async def test_the_document_of_the_api_is_for_development_only(
    api: Api, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert json.loads((await api.http.get("/openapi.json")).text)["openapi"].startswith("3.")
    settings = migrated(settings_for(tmp_path_factory.mktemp("production"), ENV="production"))
    async with running_app(settings) as production:
        for path in ("/openapi.json", "/docs", "/redoc"):
            assert (await production.http.get(path)).status_code == 404


async def test_health_ready_and_version(api: Api) -> None:
    assert (await api.http.get("/health")).json() == {"status": "ok"}
    assert (await api.http.get("/ready")).json() == {"status": "ready"}
    assert set((await api.http.get("/version")).json()) == {"version", "protocol"}
    api.app.state.services.manager.drain()
    draining = await api.http.get("/ready")
    assert (draining.status_code, draining.json()["code"]) == (503, "DRAINING")
    assert int(draining.headers["retry-after"]) > 0
