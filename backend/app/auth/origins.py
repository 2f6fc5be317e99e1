"""Host, CORS and Origin rules as plain ASGI before routing. Knows addresses, no people."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.errors import Misdirected, OriginNotAllowed
from app.auth.guards import SAFE_METHODS
from app.config.settings import ServerSettings
from app.observability.errors import ErrorAnswer

ALLOWED_HEADERS: Final = (
    "authorization, content-type, x-csrf-token, idempotency-key, last-event-id, ngrok-skip-browser-warning"
)
ALLOWED_METHODS: Final = "GET, HEAD, POST, PATCH, PUT, DELETE"
EXPOSED_HEADERS: Final = "x-request-id, retry-after, ratelimit, ratelimit-policy"
PREFLIGHT_SECONDS: Final = 7200
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
DEV_ORIGINS: Final = frozenset({"http://localhost:5173", "http://127.0.0.1:5173"})


class OriginGate:
    """Refuses foreign hosts and foreign pages, answers preflights, and names allowed origins on every answer.

    Args:
        app: What lies behind.
        settings: The server's own addresses and the allowed origins.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        public = urlsplit(settings.public_url or "")
        own = {f"{public.scheme}://{public.netloc}"} if settings.public_url else set()
        dev = DEV_ORIGINS if settings.env == "dev" else frozenset[str]()
        self._origins = frozenset({origin.lower() for origin in settings.cors_origins} | own | dev)
        self._hosts = _host_names(settings.allowed_hosts or (*LOOPBACK, settings.host, public.hostname or ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _without_port(headers.get("host", "")) not in self._hosts or len(headers.getlist("host")) != 1:
            await ErrorAnswer(Misdirected())(scope, receive, send)
            return
        origins = headers.getlist("origin")
        origin = origins[0].lower() if len(origins) == 1 else None
        allowed = origin is not None and self._is_allowed(origin, headers, scope)
        preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
        if preflight and allowed and origin:
            await _send_preflight(origin, send)
        elif origins and not allowed and (preflight or scope["method"] not in SAFE_METHODS):
            await ErrorAnswer(OriginNotAllowed())(scope, receive, send)
        else:
            await self._app(scope, receive, _naming(origin, send) if allowed and origin else send)

    def _is_allowed(self, origin: str, headers: Headers, scope: Scope) -> bool:
        own = f"{scope.get('scheme', 'http')}://{headers.get('host', '').lower()}"
        return origin in self._origins or origin == own


def _host_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_without_port(name) for name in names if name)


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() and (name.startswith("[") or ":" not in name) else host.lower()


def _cors(headers: MutableHeaders, origin: str) -> None:
    headers["access-control-allow-origin"] = origin
    headers["access-control-allow-credentials"] = "true"
    headers["access-control-expose-headers"] = EXPOSED_HEADERS


def _naming(origin: str, send: Send) -> Send:
    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            _cors(headers, origin)
            headers.add_vary_header("Origin")
        await send(message)

    return send_named


async def _send_preflight(origin: str, send: Send) -> None:
    message: Message = {"type": "http.response.start", "status": 204, "headers": []}
    headers = MutableHeaders(scope=message)
    _cors(headers, origin)
    headers["access-control-allow-methods"] = ALLOWED_METHODS
    headers["access-control-allow-headers"] = ALLOWED_HEADERS
    headers["access-control-max-age"] = str(PREFLIGHT_SECONDS)
    headers["vary"] = "Origin"
    await send(message)
    await send({"type": "http.response.body", "body": b""})
