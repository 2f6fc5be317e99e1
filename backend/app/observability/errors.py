"""Turns errors into the one JSON shape of the wire contract."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from app.core.errors import MEANINGS, RETRY_AFTER_SECONDS, BadRequest, Code, NotFound, OmniError, PayloadTooLarge

FIELD: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")

log = structlog.get_logger(__name__)

NEEDS_RETRY_AFTER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class MethodNotAllowed(OmniError):
    code = Code.METHOD_NOT_ALLOWED


class ErrorAnswer:
    """An answer in the error shape.

    Args:
        error: What happened.
        headers: Further headers.
    """

    def __init__(self, error: OmniError, headers: Mapping[str, str] | None = None) -> None:
        self._error = error
        self._headers = headers or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        request_id = scope.get("state", {}).get("request_id", "")
        scope.get("state", {})["error_code"] = self._error.code.value
        headers = {**_standard_headers(self._error), **self._headers}
        await JSONResponse(body(self._error, request_id), self._error.status, headers)(scope, receive, send)


def body(error: OmniError, request_id: str) -> dict[str, object]:
    """The error shape."""
    shape: dict[str, object] = {"code": error.code.value, "message": error.text, "request_id": request_id}
    if error.detail is not None:
        shape["detail"] = dict(error.detail)
    return shape


def install(app: FastAPI) -> None:
    """Route every kind of failure of the framework into the error shape."""
    app.add_exception_handler(OmniError, _omni)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)


def _standard_headers(error: OmniError) -> dict[str, str]:
    headers: dict[str, str] = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="omniai"'
    if error.status in NEEDS_RETRY_AFTER:
        headers["Retry-After"] = str(error.retry_after or RETRY_AFTER_SECONDS)
    return headers


def _answer(request: Request, error: OmniError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    log.info("refused", error=error.code.value)
    merged = {**_standard_headers(error), **(headers or {})}
    request.state.error_code = error.code.value
    return JSONResponse(body(error, getattr(request.state, "request_id", "")), error.status, merged)


async def _omni(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, OmniError):
        raise error
    return _answer(request, error)


async def _validation(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    problem = OmniError({"fields": fields_of(error.errors())})
    problem.code = Code.VALIDATION_ERROR
    problem.text = MEANINGS[problem.code].text
    return _answer(request, problem)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _answer(request, MethodNotAllowed(), {"Allow": ", ".join(_allowed_methods(request))})
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _answer(request, PayloadTooLarge())
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _answer(request, NotFound())
    return _answer(request, BadRequest())


def fields_of(errors: Sequence[Mapping[str, object]]) -> list[dict[str, str]]:
    """Validation errors as dotted paths and problems, without what was sent."""
    fields = []
    for item in errors:
        location = item["loc"] if isinstance(item["loc"], (tuple, list)) else ()
        path = ".".join(_name(part) for part in location if part not in {"body", "query", "path", "header"})
        fields.append({"field": path or "body", "problem": str(item["msg"]).removeprefix("Value error, ")})
    return fields


def _name(part: object) -> str:
    # A field that is not ours has a name that the client chose, and what it sent is never repeated.
    text = str(part)
    return text if FIELD.fullmatch(text) else "?"


def _allowed_methods(request: Request) -> list[str]:
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path and compile_path(route.path)[0].match(request.url.path):
            methods |= route.methods
    # No route of its own: a file of the page, below its folder.
    methods = methods or {"GET"}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))
