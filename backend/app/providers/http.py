"""The upstream client: JSON and SSE from a model server, within deadlines and size caps, its failures as ProviderError.

Connections are made by `core.egress`. Knows no dialect and no vendor. What a server says on failure is read to
recognise its kind, and never passed on.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx2
import msgspec
from pydantic import SecretStr

from app.core import egress
from app.providers.base import (
    ModelMissing,
    ProviderBusy,
    ProviderContextTooLong,
    ProviderError,
    ProviderInterrupted,
    ProviderTimedOut,
    ProviderUnreachable,
)

MAX_JSON_BYTES: Final = 8 * 1024 * 1024
MAX_ERROR_BYTES: Final = 64 * 1024
MAX_LINE_BYTES: Final = 1024 * 1024
MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
MALFORMED: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What msgspec raises for bytes that are not the JSON we asked for."""

Headers = Sequence[tuple[bytes, bytes]]

_OWN_HEADERS: Final = ((b"user-agent", b"OmniAI"), (b"accept-encoding", b"identity"), (b"accept", b"application/json"))
_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_BUSY: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_MAX_RETRY_AFTER: Final = 3_600
_MARGIN_SECONDS: Final = 0.25  # lets the connect deadline name the failure before the deadline of the whole call does
_FINISHING_SECONDS: Final = 2.0
# Shorter than the 5 s after which Node's servers drop an idle connection, so that none dies under a new call.
_LIMITS: Final = httpx2.Limits(max_connections=256, max_keepalive_connections=8, keepalive_expiry=2.0)
_CUT: Final = ("Server disconnected", "peer closed connection")  # how the library words it; both have tests
_MISSING: Final = re.compile(r"no models loaded|model_not_found|\bmodel\b[^}]{0,300}?\b(not found|does not exist)")
_TOO_LONG: Final = re.compile(r"context_length_exceeded|exceed_context_size|context the overflows")
_WINDOW: Final = re.compile(r"context (length|size|window)")
_EXCEEDED: Final = re.compile(r"exceed|too long|not enough|maximum")


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
            _check_length(self._tail)
            return []
        whole = [bytes(self._tail), *lines[1:-1]]
        self._tail = bytearray(lines[-1])
        return [payload for line in whole if (payload := self._payload(line))]

    def _payload(self, line: bytes) -> bytes:
        _check_length(line)
        return line[5:].strip() if line.startswith(b"data:") else b""


class JsonLines(SseLines):
    """Bytes in, whole lines of JSON out (NDJSON)."""

    __slots__ = ()
    kind = "application/x-ndjson"

    def _payload(self, line: bytes) -> bytes:
        _check_length(line)
        return line.strip()


class Upstream:
    """One model server.

    Args:
        root: Its address, without a slash at the end; paths are appended to it.
        headers: Sent with every request, beside the client's own; `bearer` makes those of a key.
        deadlines: How long to wait.
    """

    def __init__(self, root: str, headers: Headers, deadlines: Deadlines) -> None:
        self._root = root
        self._deadlines = deadlines
        self._client = egress.open_client(
            root,
            headers=[*_OWN_HEADERS, *headers],
            timeout=httpx2.Timeout(None, connect=deadlines.connect, pool=deadlines.connect),
            limits=_LIMITS,
        )

    def patience(self) -> Patience:
        """Start the deadlines of one answer."""
        return Patience(self._deadlines)

    def soon(self) -> float:
        """Until when, on the loop's clock, a list asked for now must be here."""
        return asyncio.get_running_loop().time() + self._deadlines.connect + _MARGIN_SECONDS

    async def get_json[T](self, path: str, shape: type[T], until: float) -> T:
        """Ask for a small document of a known shape.

        Raises:
            ProviderUnreachable: Nobody answers in time.
            ProviderError: or another of its kinds; a document of another shape included.
        """
        return await self._json(self._client.build_request("GET", self._root + path), shape, until)

    async def post_json[T](self, path: str, body: Mapping[str, object], shape: type[T], until: float) -> T:
        """Send a small document and read the one that answers it.

        Raises:
            ProviderUnreachable: Nobody answers in time.
            ProviderError: or another of its kinds; a document of another shape included.
        """
        content, headers = msgspec.json.encode(body), {"content-type": "application/json"}
        request = self._client.build_request("POST", self._root + path, content=content, headers=headers)
        return await self._json(request, shape, until)

    async def _json[T](self, request: httpx2.Request, shape: type[T], until: float) -> T:
        try:
            with _failures(answered=False):
                async with asyncio.timeout_at(until):
                    response = await self._client.send(request, stream=True)
                    try:
                        body = await egress.read_capped(response, MAX_JSON_BYTES)
                    finally:
                        await response.aclose()
        except ProviderTimedOut:
            raise ProviderUnreachable from None
        if response.status_code in _BUSY:
            raise ProviderBusy(retry_after=_retry_after(response))
        if body is None or response.status_code != HTTPStatus.OK:
            raise ProviderError
        try:
            return msgspec.json.decode(body, type=shape)
        except MALFORMED:
            raise ProviderError from None

    async def events(
        self, path: str, body: Mapping[str, object], patience: Patience, framing: type[SseLines] = SseLines
    ) -> AsyncGenerator[list[bytes]]:
        """Post a question and read its streamed answer; each batch holds the payloads of one read.

        Closing the generator closes the connection at once.

        Raises:
            ProviderError: or one of its kinds.
        """
        lines, total = framing(), 0
        response = await self._post(path, body, patience)
        try:
            if not _is_stream(response, framing.kind):
                raise await self._refusal(response)
            async with aclosing(response.aiter_raw()) as chunks:
                while (data := await _next(chunks, patience)) is not None:
                    total += len(data)
                    if total > MAX_ANSWER_BYTES:
                        raise ProviderError
                    if payloads := lines.feed(data):
                        yield payloads
                    if payloads or lines.amid:
                        patience.heard()
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _post(self, path: str, body: Mapping[str, object], patience: Patience) -> httpx2.Response:
        request = self._client.build_request(
            "POST",
            self._root + path,
            content=msgspec.json.encode(body),
            headers={"content-type": "application/json"},
        )
        with _failures(answered=False):
            async with asyncio.timeout_at(patience.until):
                return await self._client.send(request, stream=True)

    async def _refusal(self, response: httpx2.Response) -> ProviderError:
        text = bytearray()
        try:
            async with asyncio.timeout(self._deadlines.connect), aclosing(response.aiter_raw()) as chunks:
                async for data in chunks:
                    text += data
                    if len(text) >= MAX_ERROR_BYTES:
                        break
        except (TimeoutError, httpx2.TransportError):
            pass  # the status says enough
        said = text[:MAX_ERROR_BYTES].decode(errors="replace")
        return refusal(response.status_code, said, _retry_after(response))


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
    if _MISSING.search(words):
        return ModelMissing
    if _TOO_LONG.search(words) or (_WINDOW.search(words) and _EXCEEDED.search(words)):
        return ProviderContextTooLong
    return ProviderError


@contextmanager
def _failures(*, answered: bool) -> Iterator[None]:
    # `from None` everywhere: the library's messages may quote headers, and with them a key.
    try:
        yield
    except TimeoutError:
        raise ProviderTimedOut from None
    except (httpx2.ConnectError, httpx2.ConnectTimeout, egress.AddressRefused):
        raise ProviderUnreachable from None
    except httpx2.PoolTimeout:
        raise ProviderBusy from None
    except httpx2.TransportError as error:
        if not isinstance(error, httpx2.NetworkError) and not str(error).startswith(_CUT):
            raise ProviderError from None
        raise (ProviderInterrupted if answered else ProviderUnreachable) from None


async def _next(chunks: AsyncIterator[bytes], patience: Patience) -> bytes | None:
    with _failures(answered=True):
        async with asyncio.timeout_at(patience.until):
            return await anext(chunks, None)


def _check_length(line: bytes | bytearray) -> None:
    if len(line) > MAX_LINE_BYTES:
        raise ProviderError


def _is_stream(response: httpx2.Response, wanted: str) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return response.status_code == HTTPStatus.OK and kind == wanted


def _retry_after(response: httpx2.Response) -> int | None:
    given = response.headers.get("retry-after", "")
    return int(given) if re.fullmatch("[0-9]{1,4}", given) and 0 < int(given) <= _MAX_RETRY_AFTER else None
