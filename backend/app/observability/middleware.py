"""Around every request, as plain ASGI: its id, its line in the log, the headers of answers, HEAD, and the last resort.

Wrapping middleware (`BaseHTTPMiddleware`) would break streams and cost 40 % of the relay.
"""

import time
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import OmniError
from app.core.ids import new_id
from app.observability.errors import ErrorAnswer
from app.observability.metrics import Metrics

log = structlog.get_logger(__name__)

STANDARD_HEADERS: Final = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others are counted together: a client may call its method what it likes."""
OTHERWISE: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
HSTS: Final = {"strict-transport-security": "max-age=31536000"}


def _raw(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode("latin-1") for name, value in headers.items()}


_OTHERWISE: Final = _raw(OTHERWISE)


class RequestContext:
    """Gives a request its id and its headers, and writes one access line when the answer is over.

    Args:
        app: What lies behind.
        https: Whether people reach the server over https only.
        metrics: Told of every request.
    """

    def __init__(self, app: ASGIApp, *, https: bool, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = _raw({**STANDARD_HEADERS, **(HSTS if https else {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, started, status = new_id(), time.perf_counter(), 0
        method = scope["method"]
        inner: Scope = {**scope, "state": {**scope.get("state", {}), "request_id": request_id}}
        if method == "HEAD":
            inner["method"] = "GET"

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = _raw({"x-request-id": request_id, **inner["state"].get("headers", {})}) | self._headers
                given = [(name, value) for name, value in message["headers"] if name not in own]
                rest = _OTHERWISE.keys() - dict(given).keys()
                message["headers"] = [*given, *own.items(), *((name, _OTHERWISE[name]) for name in sorted(rest))]
                await send(message)
                if method == "HEAD":
                    # The answer is over here, also one that would stream for minutes.
                    await send({"type": "http.response.body", "body": b""})
            elif method != "HEAD":
                await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(inner, receive, send_marked)
        finally:
            route = inner.get("route")
            path = getattr(route, "path", None) or "-"
            seconds = time.perf_counter() - started
            log.info("request", method=method, route=path, status=status, elapsed_ms=round(seconds * 1000, 1))
            known = method if method in METHODS else "other"
            self._metrics.request(known, path, status, seconds, inner["state"].get("error_code"))
            structlog.contextvars.unbind_contextvars("request_id")


class LastResort:
    """Turns an unforeseen failure into the one error shape; its traceback goes to the log only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except ClientDisconnect:
            log.info("client_left")
        except Exception:
            if scope["type"] != "http" or started:
                raise
            log.exception("request_failed")
            await ErrorAnswer(OmniError())(scope, receive, send)
