"""The upstream client: JSON and SSE from a model server, within deadlines and size caps, its failures as ProviderError.

Its connections are made by `core.egress`. Knows no dialect and no vendor. What a server says on failure is read to
recognise its kind, and never passed on.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec
from pydantic import SecretStr

from app.core.egress import AddressRefused, Endpoint, Gate
from app.providers.base import (
    ModelMissing,
    ProviderBusy,
    ProviderContextTooLong,
    ProviderError,
    ProviderHungUp,
    ProviderInterrupted,
    ProviderTimedOut,
    ProviderUnreachable,
    SamplingRefused,
)
from app.providers.connection import Connection, Connections, Cut, NoneFree, NotHttp

MAX_JSON_BYTES: Final = 8 * 1024 * 1024
MAX_ERROR_BYTES: Final = 64 * 1024
MAX_LINE_BYTES: Final = 1024 * 1024
MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
MALFORMED: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What msgspec raises for bytes that are not the JSON we asked for."""

Headers = Sequence[tuple[bytes, bytes]]

_OWN_HEADERS: Final = ((b"user-agent", b"OmniAI"), (b"accept-encoding", b"identity"), (b"accept", b"application/json"))
_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_OVERLOADED: Final = 529  # Anthropic's own
_BUSY: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, _OVERLOADED}
_MAX_RETRY_AFTER: Final = 3_600
_MARGIN_SECONDS: Final = 0.25  # lets the connect deadline name the failure before the deadline of the whole call does
_FINISHING_SECONDS: Final = 2.0
_BROKEN: Final = re.compile(r"failed to load model|model has crashed")
_MISSING: Final = re.compile(
    r"no models loaded|model is unloaded|model_not_found|\bmodel\b[^}]{0,300}?\b(not found|does not exist)"
)
_TOO_LONG: Final = re.compile(r"context_length_exceeded|exceed_context_size|context the overflows|prompt is too long")
_WINDOW: Final = re.compile(r"context (length|size|window|limit)")
_EXCEEDED: Final = re.compile(r"exceed|too long|not enough|maximum")
_SAMPLING: Final = re.compile(r"\b(temperature|top_p)\b[^}]{0,80}?\b(deprecated|not support|unsupported|cannot)")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds to connect, to the first token, and between reads after it."""

    connect: float
    first_token: float
    idle: float


class Patience:
    """Until when the next read may take. Only who reads the dialect knows a first token, so it tells.

    Args:
        deadlines: The first-token deadline runs from here on.
    """

    __slots__ = ("_idle", "_started", "until")

    def __init__(self, deadlines: Deadlines) -> None:
        self._idle = deadlines.idle
        self._started = False
        self.until = asyncio.get_running_loop().time() + deadlines.first_token

    def start(self) -> None:
        """The first token is here."""
        if not self._started:
            self._started = True
            self.heard()

    def finish(self) -> None:
        """The answer is whole; only its figures may still come."""
        self._idle = min(self._idle, _FINISHING_SECONDS)

    def heard(self) -> None:
        """Something of the answer came."""
        if self._started:
            self.until = asyncio.get_running_loop().time() + self._idle


class SseLines:
    """Bytes in, whole `data:` payloads out, wherever the reads split them."""

    __slots__ = ("_tail",)
    kind = "text/event-stream"

    def __init__(self) -> None:
        self._tail = bytearray()

    @property
    def amid(self) -> bool:
        """Whether a line other than a comment is on its way."""
        return bool(self._tail) and not self._tail.startswith(b":")

    def feed(self, data: bytes) -> list[bytes]:
        """Take what one read brought.

        Raises:
            ProviderError: A line is too long.
        """
        lines = data.split(b"\n")
        self._tail += lines[0]
        if len(lines) == 1:
            if len(self._tail) > MAX_LINE_BYTES:
                raise ProviderError
            return []
        whole = [bytes(self._tail), *lines[1:-1]]
        self._tail = bytearray(lines[-1])
        if max(map(len, whole)) > MAX_LINE_BYTES:
            raise ProviderError
        return self._payloads(whole)

    def _payloads(self, lines: list[bytes]) -> list[bytes]:
        return [payload for line in lines if line.startswith(b"data:") and (payload := line[5:].strip())]


class JsonLines(SseLines):
    """Bytes in, whole lines of JSON out (NDJSON)."""

    __slots__ = ()
    kind = "application/x-ndjson"

    def _payloads(self, lines: list[bytes]) -> list[bytes]:
        return [payload for line in lines if (payload := line.strip())]


class Upstream:
    """One model server.

    Args:
        root: Its address, without a slash at the end; paths are appended to it.
        headers: Sent with every request, beside the client's own; `bearer` makes those of a key.
        deadlines: How long to wait.

    Raises:
        AddressRefused: The address is none of a server.
    """

    def __init__(self, root: str, headers: Headers, deadlines: Deadlines) -> None:
        place = urlsplit(root)
        self._prefix = place.path
        self._deadlines = deadlines
        self._connections = Connections(Gate(root), Endpoint.of(root))
        named = [(b"host", place.netloc.rpartition("@")[2].encode("idna")), *_OWN_HEADERS, *headers]
        self._head = b"".join(b"%s: %s\r\n" % header for header in named)

    def patience(self, first_token: float | None = None) -> Patience:
        """Start the deadlines of one answer.

        Args:
            first_token: Seconds for the first token, where it is not the usual time.
        """
        return Patience(self._deadlines if first_token is None else replace(self._deadlines, first_token=first_token))

    def soon(self) -> float:
        """Until when, on the loop's clock, a list asked for now must be here."""
        return asyncio.get_running_loop().time() + self._deadlines.connect + _MARGIN_SECONDS

    async def get_json[T](self, path: str, shape: type[T], until: float) -> T:
        """Ask for a small document of a known shape.

        Raises:
            ProviderUnreachable: Nobody answers in time.
            ProviderError: or another of its kinds; a document of another shape included.
        """
        try:
            return await self._json(self._request(b"GET", path), shape, until)
        except ProviderTimedOut:
            raise ProviderUnreachable from None
        except ModelMissing:
            raise ProviderError from None  # it is the document that is not there

    async def post_json[T](self, path: str, body: Mapping[str, object], shape: type[T], until: float) -> T:
        """Send a small document and read the one that answers it.

        Raises:
            ProviderTimedOut: The answer is not here in time.
            ProviderError: or another of its kinds, as for `events`; a document of another shape included.
        """
        return await self._json(self._request(b"POST", path, body), shape, until)

    async def events(
        self, path: str, body: Mapping[str, object], patience: Patience, framing: type[SseLines] = SseLines
    ) -> AsyncGenerator[list[bytes]]:
        """Post a question and read its streamed answer; each batch holds the payloads of one read.

        Closing the generator closes the connection at once.

        Raises:
            ProviderError: or one of its kinds.
        """
        async with self._answer(self._request(b"POST", path, body), lambda: patience.until) as answer:
            if not _is_stream(answer, framing.kind):
                raise await self._refusal(answer)
            lines = framing()
            while data := await _read(answer):
                if answer.received > MAX_ANSWER_BYTES:
                    raise ProviderError
                if payloads := lines.feed(data):
                    yield payloads
                if payloads or lines.amid:
                    patience.heard()

    async def aclose(self) -> None:
        """Close every connection."""
        self._connections.close()

    def _request(self, method: bytes, path: str, body: Mapping[str, object] | None = None) -> bytes:
        head = b"%s %s HTTP/1.1\r\n%s" % (method, (self._prefix + path).encode("ascii"), self._head)
        if body is None:
            return head + b"\r\n"
        content = msgspec.json.encode(body)
        return b"%scontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (head, len(content), content)

    @asynccontextmanager
    async def _answer(self, request: bytes, until: Callable[[], float]) -> AsyncGenerator[Connection]:
        """An answer whose head is here; its connection is kept if it was read to its end."""
        connection = await self._connected(until)
        try:
            try:
                connection.send(request, until)
                await connection.head()
            except TimeoutError:
                raise ProviderTimedOut from None
            except Cut:
                raise ProviderHungUp from None
            except NotHttp:
                raise ProviderError from None
            yield connection
        finally:
            self._connections.give_back(connection)

    async def _connected(self, until: Callable[[], float]) -> Connection:
        soon = asyncio.get_running_loop().time() + self._deadlines.connect
        try:
            async with asyncio.timeout_at(min(soon, until())):
                return await self._connections.take()
        except (OSError, AddressRefused):
            raise ProviderUnreachable from None
        except NoneFree:
            raise ProviderBusy from None

    async def _json[T](self, request: bytes, shape: type[T], until: float) -> T:
        async with self._answer(request, lambda: until) as answer:
            body = await _whole(answer, MAX_JSON_BYTES)
        if body is None:
            raise ProviderError
        if answer.status != HTTPStatus.OK:
            raise refusal(answer.status, body[:MAX_ERROR_BYTES].decode(errors="replace"), _retry_after(answer))
        try:
            return msgspec.json.decode(body, type=shape)
        except MALFORMED:
            raise ProviderError from None

    async def _refusal(self, answer: Connection) -> ProviderError:
        said = bytearray()
        try:
            async with asyncio.timeout(self._deadlines.connect):
                while len(said) < MAX_ERROR_BYTES and (data := await answer.read()):
                    said += data
        except (TimeoutError, Cut, NotHttp):
            pass  # the status says enough
        words = said[:MAX_ERROR_BYTES].decode(errors="replace")
        return refusal(answer.status, words, _retry_after(answer))


def refusal(status: int, said: str, retry_after: int | None = None) -> ProviderError:
    """What a status other than a stream means.

    Args:
        status: The server's HTTP status.
        said: Its body, read only to tell the kinds apart.
        retry_after: Seconds, when the server named them.
    """
    if status in _REFUSED:
        return ProviderError()
    if status in _BUSY:
        return ProviderBusy(retry_after=retry_after)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and (kind := failure_kind(said)) is not ProviderError:
        return kind()
    return ModelMissing() if status == HTTPStatus.NOT_FOUND else ProviderError()


def bearer(api_key: SecretStr | None) -> Headers:
    """The header that bears a key, if there is one."""
    return [(b"authorization", b"Bearer " + api_key.get_secret_value().strip().encode())] if api_key else []


def failure_kind(said: str) -> type[ProviderError]:
    """Recognise, in a server's own words, the failures that a person can do something about."""
    words = said.lower()
    if _BROKEN.search(words):
        return ProviderError
    if _MISSING.search(words):
        return ModelMissing
    if _TOO_LONG.search(words) or (_WINDOW.search(words) and _EXCEEDED.search(words)):
        return ProviderContextTooLong
    return SamplingRefused if _SAMPLING.search(words) else ProviderError


async def _read(answer: Connection) -> bytes:
    try:
        return await answer.read()
    except TimeoutError:
        raise ProviderTimedOut from None
    except Cut:
        raise ProviderInterrupted from None
    except NotHttp:
        raise ProviderError from None


async def _whole(answer: Connection, most: int) -> bytes | None:
    body = bytearray()
    while data := await _read(answer):
        body += data
        if answer.received > most:
            return None
    return bytes(body)


def _is_stream(answer: Connection, wanted: str) -> bool:
    kind = answer.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return answer.status == HTTPStatus.OK and kind == wanted.encode()


def _retry_after(answer: Connection) -> int | None:
    given = answer.headers.get(b"retry-after", b"")
    return int(given) if re.fullmatch(b"[0-9]{1,4}", given) and 0 < int(given) <= _MAX_RETRY_AFTER else None
