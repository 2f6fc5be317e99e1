"""The base of every wire model, pages, and the error shape."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, model_validator

from app.core.errors import Code, OmniError
from app.core.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor, PageOf, PageRequest


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


async def page_request(
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
