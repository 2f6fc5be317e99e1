"""Host, CORS, Origin and lock as plain ASGI before routing, and whose address a request has. Knows no people."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.errors import Misdirected, OriginLocked, OriginNotAllowed
from app.auth.guards import SAFE_METHODS, USER_AGENT_CHARS
from app.config.settings import ServerSettings
from app.core.addresses import UNKNOWN, parse_address
from app.core.errors import OmniError
from app.core.security import same
from app.domain.audit.service import Source
from app.observability.errors import ErrorAnswer

ALLOWED_HEADERS: Final = (
    "authorization, content-type, x-csrf-token, idempotency-key, last-event-id, ngrok-skip-browser-warning"
)
ALLOWED_METHODS: Final = "GET, HEAD, POST, PATCH, PUT, DELETE"
EXPOSED_HEADERS: Final = "x-request-id, retry-after, ratelimit, ratelimit-policy"
PREFLIGHT_SECONDS: Final = 7200
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
DEV_ORIGINS: Final = frozenset({"http://localhost:5173", "http://127.0.0.1:5173"})
LOCK_HEADER: Final = "x-origin-secret"
UNLOCKED: Final = frozenset({b"/health", b"/version"})
"""Paths, as sent, that answer a GET without the lock's secret."""

Report = Callable[[Source, OmniError, str], Awaitable[None]]


class Origins:
    """The hosts that are served, and the pages that may read the answers.

    Args:
        settings: The server's own addresses and the allowed origins.
    """

    def __init__(self, settings: ServerSettings) -> None:
        public = urlsplit(settings.public_url or "")
        own = {f"{public.scheme}://{public.netloc}"} if settings.public_url else set()
        dev = DEV_ORIGINS if settings.env == "dev" else frozenset[str]()
        self._origins = frozenset({origin.lower() for origin in settings.cors_origins} | own | dev)
        self._hosts = _host_names(settings.allowed_hosts or (*LOOPBACK, settings.host, public.hostname or ""))
        self._https_hosts = _host_names([public.hostname or ""] if public.scheme == "https" else [])

    def serves(self, headers: Headers) -> bool:
        """Whether a request names a host that is served."""
        return len(headers.getlist("host")) == 1 and _without_port(headers["host"]) in self._hosts

    def named(self, headers: Headers, scheme: str) -> str | None:
        """The origin of a request, if it is an allowed one.

        Args:
            headers: The request's.
            scheme: How the request came here, which in front of a tunnel may have been another way.
        """
        origins = [origin.lower() for origin in headers.getlist("origin")]
        if len(origins) != 1 or not (origins[0] in self._origins or self._is_own(origins[0], headers, scheme)):
            return None
        return origins[0]

    def _is_own(self, origin: str, headers: Headers, scheme: str) -> bool:
        if not self.serves(headers):
            return False
        scheme = "https" if _without_port(headers["host"]) in self._https_hosts else scheme
        return origin == f"{scheme}://{headers['host'].lower()}"


class OriginGate:
    """Refuses foreign hosts, foreign pages and whoever comes round the tunnel; names allowed origins on every answer.

    Args:
        app: What lies behind.
        settings: Hosts and origins, the lock and the trusted proxies.
        report: Told of every refusal.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings, report: Report) -> None:
        self._app = app
        self._report = report
        self._origins = Origins(settings)
        secret = settings.origin_lock_secret
        self._lock = secret.get_secret_value() if settings.origin_lock_enabled and secret else None
        self._client_header = settings.client_ip_header
        self._proxies = settings.trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        passed = self._passes_lock(headers)
        scope.setdefault("state", {})["client_address"] = self._client_address(scope, headers, passed=passed)
        named = self._origins.named(headers, scope.get("scheme", "http"))
        foreign = "origin" in headers and not named
        preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
        sending = _naming(named, send)
        if not self._origins.serves(headers):
            await self._refuse(Misdirected(), scope, receive, sending)
        elif preflight and named:
            await _send_preflight(named, send)
        elif foreign and (preflight or scope["method"] not in SAFE_METHODS):
            await self._refuse(OriginNotAllowed(), scope, receive, send)
        elif not passed and not _is_unlocked(scope):
            await self._refuse(OriginLocked(), scope, receive, sending)
        else:
            await self._app(scope, receive, sending)

    def _passes_lock(self, headers: Headers) -> bool:
        # A tunnel that only appends lets a client's own value come first, so a second one is never accepted.
        given = headers.getlist(LOCK_HEADER)
        return self._lock is None or (len(given) == 1 and same(given[0], self._lock))

    def _client_address(self, scope: Scope, headers: Headers, *, passed: bool) -> str:
        peer = parse_address((scope.get("client") or (UNKNOWN,))[0])
        behind_lock = self._lock is not None and passed
        if behind_lock or (peer is not None and any(peer in network for network in self._proxies)):
            # The last value is the one that the proxy itself set.
            told = parse_address(",".join(headers.getlist(self._client_header)).rpartition(",")[2])
            peer = told or peer
        return str(peer) if peer else UNKNOWN

    async def _refuse(self, error: OmniError, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        agent = Headers(scope=scope).get("user-agent", "")[:USER_AGENT_CHARS]
        await ErrorAnswer(error)(scope, receive, send)
        await self._report(Source(state["client_address"], agent, state.get("request_id")), error, "-")


def _is_unlocked(scope: Scope) -> bool:
    return scope["method"] == "GET" and scope.get("raw_path", scope["path"].encode()) in UNLOCKED


def _host_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_without_port(_bracketed(name)) for name in names if name)


def _bracketed(name: str) -> str:
    # An IPv6 address stands in brackets in a Host header, and without in a setting.
    return f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() and (name.startswith("[") or ":" not in name) else host.lower()


def cors_headers(origin: str | None) -> dict[str, str]:
    """What lets a page of an allowed origin read an answer; nothing without one."""
    if origin is None:
        return {}
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": EXPOSED_HEADERS,
    }


def _naming(origin: str | None, send: Send) -> Send:
    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(cors_headers(origin))
            # Also without: a cache must not give this answer to a page that may read it.
            headers.add_vary_header("Origin")
        await send(message)

    return send_named


async def _send_preflight(origin: str, send: Send) -> None:
    message: Message = {"type": "http.response.start", "status": 204, "headers": []}
    headers = MutableHeaders(scope=message)
    headers.update(cors_headers(origin))
    headers["access-control-allow-methods"] = ALLOWED_METHODS
    headers["access-control-allow-headers"] = ALLOWED_HEADERS
    headers["access-control-max-age"] = str(PREFLIGHT_SECONDS)
    headers["vary"] = "Origin"
    await send(message)
    await send({"type": "http.response.body", "body": b""})
