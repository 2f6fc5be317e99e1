"""Keyset pages: an opaque cursor names the last row seen by its sort key and id. Knows no table."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.core.errors import InvalidFields
from app.core.ids import is_id

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
MAX_DIGITS: Final = 19


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the last page ended.

    Attributes:
        at: Sort key of its last row.
        id: Id of its last row, which decides between equal keys.
    """

    at: datetime
    id: str

    def encode(self) -> str:
        """The cursor as URL-safe text."""
        return base64.urlsafe_b64encode(f"{self.at.timestamp():.6f} {self.id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Read a cursor that `encode` made.

        Raises:
            InvalidFields: It was not made here.
        """
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            stamp, _, row_id = raw.partition(" ")
            cursor = cls(datetime.fromtimestamp(float(stamp), UTC), row_id)
        except (ValueError, OverflowError, OSError, binascii.Error):
            raise InvalidFields({"cursor": "is not a cursor of this list"}) from None
        if not is_id(cursor.id) or cursor.encode() != text:
            raise InvalidFields({"cursor": "is not a cursor of this list"})
        return cursor


@dataclass(frozen=True, slots=True)
class NumberCursor:
    """Where the last page of a numbered list ended.

    Attributes:
        number: The last number seen.
    """

    number: int

    def encode(self) -> str:
        """The cursor as URL-safe text."""
        return base64.urlsafe_b64encode(str(self.number).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "NumberCursor":
        """Read a cursor that `encode` made.

        Raises:
            InvalidFields: It was not made here.
        """
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        except (ValueError, binascii.Error):
            raw = ""
        if not (raw.isascii() and raw.isdigit() and len(raw) < MAX_DIGITS) or cls(int(raw)).encode() != text:
            raise InvalidFields({"cursor": "is not a cursor of this list"})
        return cls(int(raw))


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What part of a list is asked for.

    Attributes:
        limit: Rows at most, 1 to 200.
        cursor: Where the page before ended; None for the first.
    """

    limit: int = DEFAULT_LIMIT
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class PageOf[T]:
    """A part of a list and the cursor of the next part, None at the end."""

    items: Sequence[T]
    next_cursor: str | None


def page_of[T](rows: Sequence[T], limit: int, key: Callable[[T], Cursor]) -> PageOf[T]:
    """Make a page of up to `limit + 1` fetched rows; the row too many only tells that there is more."""
    items = rows[:limit]
    return PageOf(items, key(items[-1]).encode() if len(rows) > limit else None)
