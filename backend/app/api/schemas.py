"""The base of every wire model, pages, the error shape, and strict reading of JSON bodies."""

import email.message
import json
import math
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Final, Self

from fastapi import Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, model_validator

from app.core.errors import BadRequest, Code, OmniError, UnsupportedMediaType
from app.core.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor, PageOf, PageRequest

MAX_DEPTH: Final = 32
UNPARSABLE: Final = ""
"""Stands for a body that does not parse: text fits no wire model, while an object would be read by its attributes."""


class WireIn(BaseModel):
    """A request body: no coercion, no unknown fields, no NUL characters."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _without_nul(self) -> Self:
        for name, value in self:
            if isinstance(value, str) and "\x00" in value:
                raise ValueError(f"{name} must not contain NUL characters")
        return self

    def changes(self) -> dict[str, object]:
        """The fields that were sent, for a PATCH."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class WireOut(BaseModel):
    """An answer's body, filled from rows by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Page[T: WireOut](WireOut):
    items: list[T]
    next_cursor: str | None


class FieldProblem(WireOut):
    field: str
    problem: str


class ErrorBody(WireOut):
    """The one error shape. `detail` differs by code; for VALIDATION_ERROR it is `{fields: [{field, problem}]}`."""

    code: Code
    message: str
    request_id: str
    detail: dict[str, Any] | None = None


def page[Row, Item: WireOut](rows: PageOf[Row], item: Callable[[Row], Item]) -> Page[Item]:
    """A page of wire items from a page of rows."""
    return Page(items=[item(row) for row in rows.items], next_cursor=rows.next_cursor)


def page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> PageRequest:
    """Read `?limit=` and `?cursor=`.

    Raises:
        InvalidFields: The cursor is not one of ours.
    """
    return PageRequest(limit, Cursor.decode(cursor) if cursor else None)


def errors(*kinds: type[OmniError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a door: its own errors, by status."""
    by_status: dict[int | str, list[Code]] = {}
    for kind in kinds:
        by_status.setdefault(kind().status if kind.__init__ is OmniError.__init__ else 422, []).append(kind.code)
    return {
        status: {"model": ErrorBody, "description": ", ".join(sorted({code.value for code in codes}))}
        for status, codes in by_status.items()
    }


class StrictRoute(APIRoute):
    """A route whose JSON bodies are read strictly, and refused only after the credential was checked."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def strict(request: Request) -> Response:
            wrapped = _StrictRequest(request.scope, request.receive)
            try:
                return await handle(wrapped)
            except RequestValidationError:
                if takes_body and (problem := await wrapped.body_problem()):
                    raise problem from None
                raise

        return strict


class _StrictRequest(Request):
    _problem: OmniError | None = None

    async def json(self) -> object:
        """The body, or something that fits no model when it does not parse."""
        try:
            return parse_json(await self.body())
        except BadRequest as problem:
            self._problem = problem
            return UNPARSABLE

    async def body_problem(self) -> OmniError | None:
        """What is wrong with the body before any model is asked."""
        if self._problem or not await self.body():
            return self._problem
        message = email.message.Message()
        message["content-type"] = self.headers.get("content-type", "")
        return None if message.get_content_type() == "application/json" else UnsupportedMediaType()


def parse_json(raw: bytes) -> object:
    """Parse JSON in UTF-8 strictly.

    Raises:
        BadRequest: Broken, of another encoding, NaN or infinite, with a lone surrogate, or deeper than 32 levels.
    """
    try:
        value: object = json.loads(raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadRequest from None
    _check([value], MAX_DEPTH)
    return value


def _refuse(_text: str) -> object:
    raise ValueError


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def _check(level: Sequence[object], depth: int) -> None:
    while level:
        below: list[object] = []
        for value in level:
            if isinstance(value, (dict, list)) and depth == 0:
                raise BadRequest
            if isinstance(value, dict):
                below += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str) and not _is_unicode(value):
                raise BadRequest
        depth -= 1
        level = below


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
