"""Host, Origin, CORS, lock and client address, rule by rule at the gate; the lock on the whole app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from app.api.doors import declared_doors
from app.auth.origins import OriginGate
from app.config.load import SettingsError
from app.config.settings import ServerSettings
from app.core.addresses import UNKNOWN
from app.core.errors import OmniError
from app.domain.audit.service import Source
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from tests.client import running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio

PAGE = "https://page.example"
HOST = "127.0.0.1:8787"
SECRET = "lock-Secret-of-the-tests-9f8e7d6c5b4a"
LOCK = {"ORIGIN_LOCK_ENABLED": "true", "ORIGIN_LOCK_SECRET": SECRET}
CORS = ("access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers")
PREFLIGHT = (("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-csrf-token"))
Fields = tuple[tuple[str, str], ...]


@dataclass
class Gate:
    """A gate before an app that says yes to everything.

    Attributes:
        names: Settings, named as in the environment.
        inside: The scopes that came through.
        reports: The refusals.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    inside: list[Scope] = field(default_factory=list)
    reports: list[tuple[Source, OmniError]] = field(default_factory=list)

    async def __call__(
        self, method: str, *fields: tuple[str, str], path: str = "/x", **parts: object
    ) -> tuple[str, Headers]:
        """Send a request; gives the error's code, or the status if there is none, and the answer's headers."""
        given = fields if any(name == "Host" for name, _ in fields) else (("Host", HOST), *fields)
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in given]
        scope: Scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": raw}
        sent = await self.pass_on({"scheme": "http", "client": ("192.0.2.9", 1234), **scope, **parts})
        code = self.reports[-1][1].code.value if sent[0]["status"] >= 400 else str(sent[0]["status"])
        return code, Headers(raw=sent[0]["headers"])

    async def pass_on(self, scope: Scope) -> list[Message]:
        """Give the gate a scope; returns what it sent."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        settings = ServerSettings.model_validate(dict(self.names))
        await OriginGate(self._app, settings, self._note)(scope, receive, send)
        return sent

    async def address(self, *fields: tuple[str, str], client: tuple[str, int] | None = ("192.0.2.9", 1)) -> str:
        """The address that a request is taken to come from."""
        await self("GET", *fields, client=client)
        found: str = self.inside[-1]["state"]["client_address"]
        return found

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside.append(scope)
        if scope["type"] == "http":
            await PlainTextResponse("yes", headers={"Vary": "Accept"})(scope, receive, send)

    async def _note(self, source: Source, error: OmniError, route: str) -> None:
        assert route == "-"
        self.reports.append((source, error))


def bears_cors(headers: Mapping[str, str]) -> bool:
    return any(name.startswith("access-control-") for name in headers)


NONE: dict[str, str] = {}
LISTED = {"CORS_ORIGINS": f"{PAGE}, https://Other.Example:8443", "ENV": "production"}
PUBLIC = {"PUBLIC_URL": "https://Chat.Example.org:443/sub/", "ENV": "production"}


@pytest.mark.parametrize(
    ("names", "origin", "allowed"),
    [
        (LISTED, PAGE, True),
        (LISTED, "HTTPS://PAGE.example", True),
        (LISTED, "https://other.example:8443", True),
        (LISTED, "https://other.example", False),
        (LISTED, f"{PAGE}/", False),
        (LISTED, f"{PAGE}:443", False),
        (LISTED, f"{PAGE}.evil.example", False),
        (LISTED, "https://evil.page.example", False),
        (LISTED, "https://evilpage.example", False),
        (LISTED, "http://page.example", False),
        (LISTED, f"{PAGE} {PAGE}", False),
        (LISTED, f"{PAGE}, {PAGE}", False),
        (LISTED, "null", False),
        (LISTED, "NULL", False),
        (LISTED, "*", False),
        (LISTED, "", False),
        (PUBLIC, "https://chat.example.org", True),
        (PUBLIC, "https://chat.example.org/sub", False),
        (PUBLIC, "http://chat.example.org", False),
        (NONE, f"http://{HOST}", True),
        (NONE, f"https://{HOST}", False),
        (NONE, "http://127.0.0.1", False),
        (NONE, "http://127.0.0.1:8788", False),
        (NONE, "http://localhost:8787", False),
        (NONE, "http://localhost:5173", True),
        ({"ENV": "production"}, "http://localhost:5173", False),
        (NONE, "https://localhost:5173", False),
        (NONE, "null", False),
    ],
)
async def test_only_listed_origins_may_write_and_are_named(names: dict[str, str], origin: str, allowed: bool) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        gate = Gate(names)
        code, headers = await gate(method, ("Origin", origin))
        assert (code, bool(gate.inside)) == (("200", True) if allowed else ("ORIGIN_NOT_ALLOWED", False))
        assert bears_cors(headers) == allowed
    for method in ("GET", "HEAD", "OPTIONS"):
        code, headers = await Gate(names)(method, ("Origin", origin))
        assert (code, bears_cors(headers)) == ("200", allowed)
        assert headers["vary"] == "Accept, Origin"
        if allowed:
            assert [headers[name] for name in CORS] == [
                origin.lower(),
                "true",
                "x-request-id, retry-after, ratelimit, ratelimit-policy",
            ]


async def test_an_origin_of_the_requests_own_scheme_and_host_is_allowed() -> None:
    own = ("Origin", "https://[::1]:8787")
    assert (await Gate()("POST", ("Host", "[::1]:8787"), own, scheme="https"))[0] == "200"
    assert (await Gate()("POST", ("Host", "[::1]:8787"), own))[0] == "ORIGIN_NOT_ALLOWED"
    evil = (("Host", "evil.example"), ("Origin", "http://evil.example"))
    assert not bears_cors((await Gate()("GET", *evil))[1])
    assert (await Gate()("POST", *evil))[0] == "MISDIRECTED"


async def test_behind_https_the_public_hosts_own_origin_is_the_https_one() -> None:
    for host in ("chat.example.org", "CHAT.example.org:8443"):
        for method, fields in (("POST", ()), ("GET", ()), ("OPTIONS", PREFLIGHT)):
            own = (("Host", host), ("Origin", f"https://{host}"), *fields)
            code, headers = await Gate(PUBLIC)(method, *own)
            assert (code in {"200", "204"}, bears_cors(headers)) == (True, True)
            plain = (("Host", host), ("Origin", f"http://{host}"), *fields)
            code, headers = await Gate(PUBLIC)(method, *plain)
            assert (code, bears_cors(headers)) == ("200" if method == "GET" else "ORIGIN_NOT_ALLOWED", False)
    # Whoever comes to the server itself still comes by http.
    assert (await Gate(PUBLIC)("POST", ("Origin", f"http://{HOST}")))[0] == "200"
    plain_home = {"PUBLIC_URL": "http://home.example"}
    assert (await Gate(plain_home)("POST", ("Host", "home.example:81"), ("Origin", "http://home.example:81")))[
        0
    ] == "200"


async def test_two_origins_are_none_that_is_allowed() -> None:
    for second in (PAGE, "null"):
        both = (("Origin", PAGE), ("Origin", second))
        assert (await Gate(LISTED)("POST", *both))[0] == "ORIGIN_NOT_ALLOWED"
        code, headers = await Gate(LISTED)("GET", *both)
        assert (code, bears_cors(headers)) == ("200", False)
        code, headers = await Gate(LISTED)("OPTIONS", *both, *PREFLIGHT)
        assert (code, bears_cors(headers)) == ("ORIGIN_NOT_ALLOWED", False)


async def test_without_an_origin_nothing_is_named_and_nothing_refused() -> None:
    for method in ("GET", "POST", "OPTIONS"):
        code, headers = await Gate(LISTED)(method)
        assert (code, bears_cors(headers), headers["vary"]) == ("200", False, "Accept, Origin")


async def test_a_preflight_is_answered_at_the_gate_with_exactly_this() -> None:
    for names in (LISTED, {**LISTED, **LOCK}):
        gate = Gate(names)
        code, headers = await gate("OPTIONS", ("Origin", PAGE), *PREFLIGHT, path="/chat/stream")
        assert (code, gate.inside) == ("204", [])
        assert dict(headers) == {
            "access-control-allow-origin": PAGE,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "x-request-id, retry-after, ratelimit, ratelimit-policy",
            "access-control-allow-methods": "GET, HEAD, POST, PATCH, PUT, DELETE",
            "access-control-allow-headers": "authorization, content-type, x-csrf-token, idempotency-key, "
            "last-event-id, ngrok-skip-browser-warning",
            "access-control-max-age": "7200",
            "vary": "Origin",
        }
        for origin in ("https://evil.example", "null", ""):
            code, headers = await gate("OPTIONS", ("Origin", origin), *PREFLIGHT)
            assert (code, bears_cors(headers)) == ("ORIGIN_NOT_ALLOWED", False)


@pytest.mark.parametrize(
    ("names", "served", "refused"),
    [
        (
            NONE,
            ("127.0.0.1", "127.0.0.1:1", "localhost", "LocalHost:8787", "[::1]", "[::1]:8787"),
            (
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "localhost.",
                "localhost:80:80",
                "localhost:x",
                "127.0.0.2",
                "0.0.0.0",
                "::1",
                "[::1",
                "[::1]x",
                "a@localhost",
                "",
            ),
        ),
        (PUBLIC, ("chat.example.org", "CHAT.example.org:443", "localhost"), ("example.org", "x.chat.example.org")),
        ({"PUBLIC_URL": "https://[fd00::5]:8443"}, ("[fd00::5]:8443", "[FD00::5]"), ("[fd00::6]", "fd00::5")),
        ({"HOST": "192.0.2.1"}, ("192.0.2.1:8787", "127.0.0.1"), ("192.0.2.2",)),
        ({"HOST": "fd00::5"}, ("[fd00::5]:8787",), ("[fd00::6]",)),
        (
            {"ALLOWED_HOSTS": "Chat.Example.org, [fd00::7], fd00::8, x.example:81", "PUBLIC_URL": "https://y.example"},
            ("chat.example.org", "chat.example.org:8443", "[fd00::7]:1", "[fd00::8]", "x.example", "x.example:82"),
            ("localhost", "127.0.0.1", "y.example", "[::1]"),
        ),
    ],
)
async def test_only_the_hosts_of_the_server_are_served(
    names: dict[str, str], served: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    for host in served:
        assert (await Gate(names)("GET", ("Host", host)))[0] == "200", host
    for host in refused:
        for method, fields in (("GET", ()), ("POST", (("Origin", PAGE),)), ("OPTIONS", (("Origin", PAGE), *PREFLIGHT))):
            code, headers = await Gate({**LISTED, **LOCK, **names})(method, ("Host", host), *fields, path="/health")
            # A page that may read answers may read this one too.
            assert (code, bears_cors(headers)) == ("MISDIRECTED", bool(fields)), host


async def test_a_request_names_its_host_once() -> None:
    for headers in ([], [(b"host", b"localhost"), (b"host", b"localhost")]):
        scope: Scope = {"type": "http", "method": "GET", "path": "/health", "headers": headers}
        assert (await Gate().pass_on(scope))[0]["status"] == 421


async def test_what_is_no_request_passes() -> None:
    gate = Gate(LOCK)
    await gate.pass_on({"type": "lifespan"})
    assert gate.inside == [{"type": "lifespan"}]


@pytest.mark.parametrize(
    "given",
    [(), ("",), (SECRET[:-1],), (f"{SECRET}x",), (SECRET.lower(),), (SECRET, SECRET), (SECRET, ""), ("\xe4" * 40,)],
)
async def test_the_lock_wants_its_secret_once(given: tuple[str, ...]) -> None:
    fields = tuple(("X-Origin-Secret", value) for value in given)
    gate = Gate({**LOCK, **LISTED})
    for method in ("GET", "POST", "OPTIONS"):
        code, headers = await gate(method, *fields, ("Origin", PAGE))
        assert (code, headers["access-control-allow-origin"]) == ("ORIGIN_LOCKED", PAGE)
        assert not bears_cors((await gate(method, *fields))[1])
    assert (await gate("POST", *fields, ("Origin", "https://evil.example")))[0] == "ORIGIN_NOT_ALLOWED"
    assert gate.inside == []
    assert (await gate("POST", ("x-origin-secret", SECRET)))[0] == "200"


async def test_a_lock_that_is_switched_off_asks_nothing_and_trusts_nothing() -> None:
    gate = Gate({**LOCK, "ORIGIN_LOCK_ENABLED": "false"})
    assert (await gate("POST"))[0] == "200"
    assert await gate.address(("X-Origin-Secret", SECRET), ("X-Client-IP", "203.0.113.7")) == "192.0.2.9"


@pytest.mark.parametrize("env", ["dev", "production"])
@pytest.mark.parametrize("secret", ["", "short", "x" * 31])
async def test_a_lock_without_a_long_secret_does_not_start(tmp_path: Path, env: str, secret: str) -> None:
    with pytest.raises(SettingsError, match="OMNIAI_ORIGIN_LOCK_SECRET is too weak"):
        settings_for(tmp_path, ENV=env, ORIGIN_LOCK_ENABLED="true", ORIGIN_LOCK_SECRET=secret)


OPEN = ("X-Origin-Secret", SECRET)
TRUSTED = {"TRUSTED_PROXIES": "192.0.2.0/28, 2001:db8::/32"}


@pytest.mark.parametrize(
    ("names", "fields", "address"),
    [
        (NONE, (("X-Client-IP", "203.0.113.7"),), "192.0.2.9"),
        (LOCK, (OPEN,), "192.0.2.9"),
        (LOCK, (OPEN, ("X-Client-IP", "203.0.113.7")), "203.0.113.7"),
        (LOCK, (OPEN, ("X-Client-IP", "203.0.113.6"), ("X-Client-IP", "203.0.113.7")), "203.0.113.7"),
        (LOCK, (OPEN, ("X-Client-IP", "203.0.113.6, 203.0.113.7")), "203.0.113.7"),
        (LOCK, (OPEN, ("X-Client-IP", "203.0.113.7, nonsense")), "192.0.2.9"),
        (LOCK, (OPEN, ("X-Client-IP", "")), "192.0.2.9"),
        (LOCK, (OPEN, ("X-Client-IP", "2001:DB8::0:1%eth0")), "2001:db8::1"),
        (LOCK, (OPEN, ("X-Client-IP", "::ffff:203.0.113.7")), "203.0.113.7"),
        (LOCK, (OPEN, ("X-Forwarded-For", "203.0.113.7")), "192.0.2.9"),
        ({**LOCK, "CLIENT_IP_HEADER": "X-Forwarded-For"}, (OPEN, ("X-Forwarded-For", "a, 203.0.113.7")), "203.0.113.7"),
        ({**LOCK, "CLIENT_IP_HEADER": "X-Forwarded-For"}, (OPEN, ("X-Client-IP", "203.0.113.7")), "192.0.2.9"),
        (TRUSTED, (("X-Client-IP", "203.0.113.7"),), "203.0.113.7"),
        ({"TRUSTED_PROXIES": "192.0.2.10"}, (("X-Client-IP", "203.0.113.7"),), "192.0.2.9"),
    ],
)
async def test_an_address_is_the_peers_or_what_a_proven_proxy_says_last(
    names: dict[str, str], fields: Fields, address: str
) -> None:
    assert await Gate(names).address(*fields) == address


async def test_the_peer_itself_is_read_in_one_form() -> None:
    told = ("X-Client-IP", "203.0.113.7")
    assert await Gate(TRUSTED).address(told, client=("::ffff:192.0.2.3", 1)) == "203.0.113.7"
    assert await Gate(TRUSTED).address(told, client=("2001:db8::9", 1)) == "203.0.113.7"
    assert await Gate(TRUSTED).address(told, client=("2001:db9::9", 1)) == "2001:db9::9"
    assert await Gate(TRUSTED).address(told, client=None) == UNKNOWN


async def test_who_is_refused_is_reported() -> None:
    gate = Gate({**LOCK, **LISTED})
    agent = ("User-Agent", "a" * 300)
    await gate("GET", agent, ("X-Client-IP", "203.0.113.7"), state={"request_id": "r1"})
    await gate("POST", OPEN, ("X-Client-IP", "203.0.113.7"), ("Origin", "null"))
    await gate("GET", ("Host", "evil.example"))
    assert [(source, error.code.value) for source, error in gate.reports] == [
        (Source("192.0.2.9", "a" * 200, "r1"), "ORIGIN_LOCKED"),
        (Source("203.0.113.7", "", None), "ORIGIN_NOT_ALLOWED"),
        (Source("192.0.2.9", "", None), "MISDIRECTED"),
    ]


async def test_the_lock_stands_before_every_door_but_two(tmp_path: Path) -> None:
    async with running_app(migrated(settings_for(tmp_path, **LOCK))) as api:
        doors = declared_doors(api.app)
        assert len(doors) > 50
        for method, path in [*doors, ("GET", "/openapi.json"), ("GET", "/nowhere")]:
            answer = await api.http.request(method, path.replace("{", "").replace("}", ""))
            if (method, path) in {("GET", "/health"), ("GET", "/version")}:
                assert answer.status_code == 200
            else:
                assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_LOCKED"), path
        assert (await api.http.get("/ready", headers={"X-Origin-Secret": SECRET})).status_code == 200
