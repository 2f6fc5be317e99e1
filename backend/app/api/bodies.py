"""Reads JSON bodies strictly: counted as they come, one content type, no doubled keys, no odd numbers, not too deep."""

import email.message
import json
import math
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from fastapi import Request
from starlette.formparsers import MultiPartException, MultiPartParser

from app.core.errors import BadRequest, PayloadTooLarge, StorageFull, UnsupportedMediaType

JSON: Final = "application/json"
MAX_DEPTH: Final = 32


class StrictRequest(Request):
    """A request whose JSON is read by the rules of this file, once."""

    parsed: object = None

    async def json(self) -> object:
        """The body, as `read_body` parsed it."""
        return self.parsed


async def read_body(request: StrictRequest, most: int) -> None:
    """Read a JSON body into the request, counting what arrives; a door without one ignores what it says.

    Args:
        request: What to read from; it keeps the body.
        most: Bytes at most.

    Raises:
        PayloadTooLarge: More came.
        UnsupportedMediaType: Something other than JSON came.
        BadRequest: It does not parse.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise PayloadTooLarge
    request._body = bytes(raw)
    if raw and content_type(request) != JSON:
        raise UnsupportedMediaType
    if raw:
        request.parsed = parse_json(request._body)


async def read_form(request: StrictRequest, most: int) -> None:
    """Read one file into the request, counting what arrives; beyond a megabyte it lies on the disk.

    Args:
        request: What to read from; it keeps the file.
        most: Bytes at most.

    Raises:
        PayloadTooLarge: More came.
        UnsupportedMediaType: Something other than a form with a file came.
        BadRequest: It does not parse, or there is more than one file in it.
        StorageFull: There is no room for it.
    """
    if content_type(request) != "multipart/form-data":
        raise UnsupportedMediaType
    try:
        request._form = await MultiPartParser(
            request.headers, _counted(request, most), max_files=1, max_fields=0
        ).parse()
    except (MultiPartException, KeyError, UnicodeError):
        raise BadRequest from None
    except OSError:
        raise StorageFull from None


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes]:
    count = 0
    async for chunk in request.stream():
        count += len(chunk)
        if count > most:
            raise PayloadTooLarge
        yield chunk


def announced_bytes(request: Request) -> int:
    """What `Content-Length` says, 0 when it says nothing; it is a reason to refuse and never one to believe."""
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0  # noqa: PLR2004 - a 64-bit number


def content_type(request: Request) -> str:
    """What a body says it is; empty when it says nothing, or more than one thing."""
    named = request.headers.getlist("content-type")
    if named == [JSON]:
        return JSON
    message = email.message.Message()
    message["content-type"] = named[0] if named else ""
    return message.get_content_type() if len(named) == 1 else ""


def parse_json(raw: bytes) -> object:
    """Parse JSON in UTF-8 strictly.

    Raises:
        BadRequest: Broken, of another encoding, with a doubled key, NaN or infinite, a lone surrogate, or deeper than
            32 levels.
    """
    try:
        value: object = json.loads(
            raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_without_doubles
        )
    except (ValueError, RecursionError):
        raise BadRequest from None
    _check([value], MAX_DEPTH)
    return value


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


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
