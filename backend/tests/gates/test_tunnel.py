"""The origin lock and the client's address behind a real tunnel, with the policy that ships and with a naive one.

Clients come from loopback addresses of their own, so that each can be told from the tunnel, which calls from 127.0.0.1.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio

from tests.client import PASSWORD, Json, parse_events, text_of
from tests.conftest import BOOTSTRAP
from tests.peers.process import running
from tests.peers.tunnel import POLICY, SECRET_WORDS, WARNING, read_policy
from tests.process.server import Server, serving

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.process]

SECRET = "lock-Secret-of-the-tests-9f8e7d6c5b4a"
PHONE = "127.0.0.2"
FORGED = "203.0.113.77"
EXEMPT = ("/health", "/version")
LOCK = {"ORIGIN_LOCK_ENABLED": "true", "ORIGIN_LOCK_SECRET": SECRET}
FORGERIES = (
    f"X-Origin-Secret: {SECRET}",
    f"x-ORIGIN-secret: {SECRET}",
    f"X-Origin-Secret: {SECRET} \t",
    f"X-Origin-Secret: {SECRET}, {SECRET}",
    f"X-Origin-Secret: {SECRET}\r\nX-Origin-Secret: {SECRET}",
    f"X-Origin-Secret: {SECRET.upper()}",
    f"X-Origin-Secret: {'0' * len(SECRET)}",
    "X-Origin-Secret:",
)
"""What a client may try; the first three would open the lock without the tunnel."""
_octets = count(10)


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    head: str
    body: bytes

    @property
    def code(self) -> str:
        """The error's code."""
        return str(json.loads(self.body)["code"])


async def call(url: str, line: str, *fields: str, body: Json | None = None, source: str = PHONE) -> Answer:
    """Send header lines as they stand, from an address, and read the whole answer."""
    parts = urlsplit(url)
    named = [*fields, "Connection: close"]
    if not any(field.lower().startswith("host:") for field in fields):
        named.append(f"Host: {parts.netloc}")
    content = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        named += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    async with asyncio.timeout(15):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, local_addr=(source, 0))
        writer.write("\r\n".join([f"{line} HTTP/1.1", *named, "\r\n"]).encode("latin-1") + content)
        raw = await reader.read()
        writer.close()
    head, _, rest = raw.partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ")[1]), head.decode("latin-1").lower(), rest)


def stranger() -> str:
    """A loopback address that no test has used."""
    return f"127.0.1.{next(_octets)}"


@dataclass(frozen=True)
class Site:
    """A locked server, and the two tunnels before it."""

    server: str
    right: str
    naive: str
    bearer: str


async def own_bearer(url: str, *fields: str) -> str:
    """The header of the owner, made at this address."""
    body: Json = {"username": "owner", "password": PASSWORD}
    made = await call(url, "POST /admin/bootstrap", f"X-Bootstrap-Token: {BOOTSTRAP}", *fields, body=body)
    assert made.status == 201, made.body
    return f"Authorization: Bearer {json.loads(made.body)['access_token']}"


async def sign_in(url: str, *fields: str, source: str = PHONE) -> str:
    """Sign the owner in from an address; gives the header."""
    body: Json = {"username": "owner", "password": PASSWORD}
    made = await call(url, "POST /auth/login", *fields, body=body, source=source)
    assert made.status == 200, made.body
    return f"Authorization: Bearer {json.loads(made.body)['access_token']}"


async def address_of(url: str, bearer: str, *fields: str) -> tuple[str, str]:
    """The address of a sign-in by the person's list, and of the newest one by the audit log."""
    found = await call(url, "GET /auth/sessions", bearer, *fields)
    (own,) = (item for item in json.loads(found.body)["items"] if item["current"])
    log = await call(url, "GET /admin/audit?action=auth.login&limit=1", bearer, *fields)
    return own["address"], json.loads(log.body)["items"][0]["address"]


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    """A model server's address."""
    with running("tests.peers.lmstudio") as peer:
        yield f"{peer.url}/v1"


@asynccontextmanager
async def tunnelled(server: Server) -> AsyncIterator[tuple[str, str]]:
    """Both tunnels before a server: the right policy, the naive one."""
    given = ("tests.peers.tunnel", "--upstream", server.url, "--secret", SECRET, "--policy")
    with running(*given, "right") as right, running(*given, "naive") as naive:
        yield right.url, naive.url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory, model: str) -> AsyncIterator[Site]:
    """A locked server whose owner came through the tunnel."""
    folder = tmp_path_factory.mktemp("locked")
    async with serving(folder, LMSTUDIO_BASE_URL=model, **LOCK) as server, tunnelled(server) as (right, naive):
        yield Site(server.url, right, naive, await own_bearer(right))


async def test_the_double_appends_as_ngrok_does_and_keeps_what_is_doubled() -> None:
    heads: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n")
        heads.put_nowait(head + await reader.read())
        writer.close()

    upstream = await asyncio.start_server(listen, "127.0.0.1")
    address = f"http://127.0.0.1:{upstream.sockets[0].getsockname()[1]}"
    sent = ("x-Origin-Secret: mine", f"X-Client-IP: {FORGED}", f"X-Forwarded-For: {FORGED}", "X-Odd: 1", "X-Odd: 2")
    seen = {}
    for policy in ("right", "naive"):
        given = ("--upstream", address, "--secret", SECRET, "--policy", policy)
        with running("tests.peers.tunnel", *given) as peer:
            parts = urlsplit(peer.url)
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port, local_addr=(PHONE, 0))
            lines = "\r\n".join(["POST /x HTTP/1.1", "Host: chat.example.org", *sent, "Content-Length: 2", "\r\n"])
            # A second request behind the first must not pass round the policy.
            writer.write(f"{lines}{{}}GET /y HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            async with asyncio.timeout(10):
                answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.count(b"Set-Cookie") == 2
            writer.close()
            seen[policy] = (await heads.get()).decode()
    upstream.close()
    for head in seen.values():
        assert "GET /y" not in head
        assert head.endswith("\r\n\r\n{}")
        assert f"x-forwarded-for: {FORGED}, {PHONE}\r\nx-forwarded-proto: https\r\n" in head
        assert "x-forwarded-host: chat.example.org\r\n" in head
        assert "X-Odd: 1\r\nX-Odd: 2\r\n" in head
    own = f"x-origin-secret: {SECRET}\r\nx-client-ip: {PHONE}\r\n"
    assert f"x-Origin-Secret: mine\r\nX-Client-IP: {FORGED}\r\n" in seen["naive"]
    assert seen["naive"].index("mine") < seen["naive"].index(own)
    assert own in seen["right"]
    assert "mine" not in seen["right"]
    assert seen["right"].count(FORGED) == 1


async def test_the_policy_that_ships_removes_before_it_adds_and_holds_no_secret() -> None:
    removes, adds = read_policy(POLICY, SECRET, naive=False)
    assert (removes.kind, adds.kind) == ("remove-headers", "add-headers")
    assert removes.headers.keys() == adds.headers.keys() == {"x-origin-secret", "x-client-ip"}
    assert adds.headers["x-origin-secret"] == SECRET
    assert adds.headers["x-client-ip"] == "${conn.client_ip}"
    assert POLICY.read_text().count(SECRET_WORDS) == 1


async def test_whoever_comes_through_the_tunnel_is_served(site: Site) -> None:
    for url in (site.right, site.naive):
        assert (await call(url, "GET /auth/me", site.bearer)).status == 200
        assert (await call(url, "GET /auth/config", "X_Origin_Secret: whatever")).status == 200
        assert (await call(url, "GET /health")).status == 200


@pytest.mark.parametrize("forged", FORGERIES)
async def test_a_forged_secret_changes_nothing_or_shuts_the_door(site: Site, forged: str) -> None:
    assert (await call(site.right, "GET /auth/config", forged)).status == 200
    refused = await call(site.naive, "GET /auth/config", forged)
    assert (refused.status, refused.code) == (403, "ORIGIN_LOCKED")


@pytest.mark.parametrize(
    "forged", [*FORGERIES[3:], f"X_Origin_Secret: {SECRET}", f"X-Origin-Secret: {SECRET[:-1]}", f"X-Secret: {SECRET}"]
)
async def test_round_the_tunnel_only_the_secret_itself_opens(site: Site, forged: str) -> None:
    refused = await call(site.server, "GET /auth/me", forged, site.bearer)
    assert (refused.status, refused.code) == (403, "ORIGIN_LOCKED")
    assert (await call(site.server, "GET /auth/me", f"X-Origin-Secret: {SECRET}", site.bearer)).status == 200


@pytest.mark.parametrize(
    "told",
    [
        "Host: localhost",
        "Host: 127.0.0.1",
        "Host: [::1]:8787",
        "X-Forwarded-For: 127.0.0.1",
        "Forwarded: for=127.0.0.1;proto=https;host=localhost",
        "X-Real-IP: 127.0.0.1",
        "X-Client-IP: 127.0.0.1",
        "X-Forwarded-Host: localhost",
        "X-Original-URL: /health",
        "X-Rewrite-URL: /health",
        "X-HTTP-Method-Override: OPTIONS",
        "Upgrade-Insecure-Requests: 1",
    ],
)
async def test_nothing_that_a_caller_says_of_itself_opens_the_lock(site: Site, told: str) -> None:
    for source in ("127.0.0.1", PHONE):
        refused = await call(site.server, "GET /auth/me", told, site.bearer, source=source)
        assert (refused.status, refused.code) == (403, "ORIGIN_LOCKED")


async def test_a_foreign_host_is_misdirected_before_anything_else(site: Site) -> None:
    for fields in ((), (f"X-Origin-Secret: {SECRET}",)):
        refused = await call(site.server, "GET /health", "Host: evil.example", *fields)
        assert (refused.status, refused.code) == (421, "MISDIRECTED")


async def test_exempt_are_two_paths_and_real_preflights(site: Site) -> None:
    own = f"Origin: {site.server}"
    asks = "Access-Control-Request-Method: POST"
    for path in EXEMPT:
        assert (await call(site.server, f"GET {path}")).status == 200
    assert (await call(site.server, "OPTIONS /chat/stream", own, asks)).status == 204
    odd = [f"GET /{path}" for path in ("Health", "health/", "%68ealth", "/health", "./health", "x/../health", "ready")]
    odd += ["GET /health;x", "GET /version%00", "GET /health%3Fx", "GET /", "GET /openapi.json"]
    odd += [f"{method} /health?x" for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS")]
    for line in odd:
        refused = await call(site.server, line)
        assert (refused.status, refused.code) == (403, "ORIGIN_LOCKED"), line
    for fields in ((own,), (asks,)):
        refused = await call(site.server, "OPTIONS /chat/stream", *fields)
        assert (refused.status, refused.code) == (403, "ORIGIN_LOCKED"), fields


async def test_an_address_cannot_be_told_by_its_owner(site: Site) -> None:
    lies = (f"X-Client-IP: {FORGED}", f"X-Client-IP: {FORGED}, 10.0.0.1", f"X-Forwarded-For: {FORGED}")
    for url in (site.right, site.naive):
        for source in (PHONE, "127.0.0.3"):
            bearer = await sign_in(url, *lies, source=source)
            assert await address_of(url, bearer) == (source, source)


async def refusal_of(site: Site, source: str) -> Json:
    """The refusal noted for an address; it is written after the answer went out."""
    async with asyncio.timeout(5):
        while True:
            log = await call(site.right, "GET /admin/audit?action=access.refused&limit=20", site.bearer)
            for entry in json.loads(log.body)["items"]:
                if entry["address"] == source:
                    found: Json = entry["detail"]
                    return found
            await asyncio.sleep(0.02)


async def test_a_refusal_is_noted_with_the_callers_own_address(site: Site) -> None:
    lies = (f"X-Client-IP: {FORGED}", f"X-Forwarded-For: {FORGED}", f"Forwarded: for={FORGED}")
    for fields in (lies, (*lies, f"X-Origin-Secret: {SECRET}x")):
        source = stranger()
        assert (await call(site.server, "GET /auth/me", *fields, source=source)).status == 403
        assert (await refusal_of(site, source))["reason"] == "ORIGIN_LOCKED"
    log = await call(site.right, "GET /admin/audit?limit=200", site.bearer)
    assert FORGED not in log.body.decode()


async def test_a_forged_address_neither_escapes_a_limit_nor_uses_up_anothers(tmp_path: Path) -> None:
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_ANONYMOUS": "3"}
    async with serving(tmp_path, **limits, **LOCK) as server, tunnelled(server) as urls:
        for url in urls:
            source, other = stranger(), stranger()
            lies = [(f"X-Client-IP: {other}", f"X-Forwarded-For: 198.51.100.{number}") for number in range(4)]
            found = [await call(url, "GET /auth/config", *fields, source=source) for fields in lies]
            assert [answer.status for answer in found] == [200, 200, 200, 429]
            assert (await call(url, "GET /auth/config", source=other)).status == 200


async def test_without_a_lock_only_a_trusted_proxy_may_tell_addresses(tmp_path: Path) -> None:
    lie = f"X-Client-IP: {FORGED}"
    async with serving(tmp_path / "plain") as server, tunnelled(server) as urls:
        await own_bearer(server.url)
        for url, peer in ((server.url, "127.0.0.6"), *((url, "127.0.0.1") for url in urls)):
            bearer = await sign_in(url, lie, source="127.0.0.6")
            assert await address_of(url, bearer) == (peer, peer)
    trusted = {"TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"}
    async with serving(tmp_path / "trusted", **trusted) as server, tunnelled(server) as urls:
        await own_bearer(server.url)
        for url in (server.url, *urls):
            bearer = await sign_in(url, lie, source="127.0.0.6")
            assert await address_of(url, bearer) == ("127.0.0.6", "127.0.0.6")


async def test_an_answer_streams_through_the_tunnel_and_can_be_taken_up_again(site: Site) -> None:
    name, _, value = site.bearer.partition(": ")
    asked: Json = {"message": {"content": "Count."}, "model": "pace-20-100"}
    async with httpx2.AsyncClient(base_url=site.right, headers={name: value}, timeout=15) as http:
        text = ""
        active: list[Json] = []
        async with http.stream("POST", "/chat/stream", json=asked) as stream:
            assert stream.status_code == 200
            async for piece in stream.aiter_text():
                text += piece
                if "event: delta" in text and not active:
                    active = (await http.get("/chat/active")).json()["items"]
        events = parse_events(text)
        assert active, "the first words came only when all was over"
        assert (events[-1].name, events[-1].data["status"]) == ("done", "complete")
        begun = ""
        async with http.stream("POST", "/chat/stream", json=asked) as stream:
            async for piece in stream.aiter_text():
                begun += piece
                if begun.count("event: delta") >= 3:
                    break
        first = parse_events(begun[: begun.rfind("\n\n") + 2])
        again = {"Last-Event-ID": str(first[-1].id)}
        rest = parse_events((await http.get(f"/chat/stream/{first[0].data['generation_id']}", headers=again)).text)
    whole = [*first, *rest]
    assert [event.id for event in whole] == list(range(1, len(whole) + 1))
    assert text_of(whole) == text_of(events)


async def test_a_browser_meets_the_tunnels_page_unless_it_names_it(site: Site) -> None:
    browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64)"
    warned = await call(site.right, "GET /auth/config", browser)
    assert (warned.body, "x-request-id" in warned.head) == (WARNING, False)
    named = await call(site.right, "GET /auth/config", browser, "ngrok-skip-browser-warning: 1")
    assert "auth_mode" in json.loads(named.body)
