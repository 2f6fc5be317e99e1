"""The upstream client: one pool a server, JSON with a cap, SSE in batches, deadlines, and statuses as ProviderErrors.

The only module that knows the HTTP library. What a server says in an error tells its kind and is never passed on.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from http import HTTPStatus
from typing import Final

import httpx2
import msgspec

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
MAX_STREAM_BYTES: Final = 32 * 1024 * 1024
MAX_RETRY_AFTER: Final = 3600
MAX_CONNECTIONS: Final = 512

NO_MODEL: Final = (b"no models loaded", b"model not found", b"model_not_found", b"model is unloaded")
TOO_LONG: Final = (b"context length", b"context size", b"context_length", b"exceed_context_size")


class SseLines:
    """Splits bytes into SSE events and keeps their `data`; a character split over two reads stays whole."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The payloads that a read completes, in order.

        Raises:
            ProviderError: A line is longer than any honest server's.
        """
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > MAX_LINE_BYTES:
            raise ProviderError
        payloads = []
        for raw in lines:
            line = raw.removesuffix(b"\r")
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                payloads.append(b"\n".join(self._data))
                self._data = []
        return payloads


class Upstream:
    """Calls one model server.

    Args:
        base_url: Root of its API, without a slash at the end.
        api_key: Sent as a bearer token, if there is one.
        connect_seconds: To have a connection.
        first_token_seconds: From the request to the first text.
        idle_seconds: Between two reads afterwards.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None,
        connect_seconds: float,
        first_token_seconds: float,
        idle_seconds: float,
    ) -> None:
        self.base_url = base_url
        self._connect_seconds = connect_seconds
        self._first_token_seconds = first_token_seconds
        self._idle_seconds = idle_seconds
        self._client = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=httpx2.Timeout(None, connect=connect_seconds, pool=connect_seconds),
            limits=httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=16),
            follow_redirects=False,
            trust_env=False,
        )

    async def get_json(self, url: str) -> object:
        """Fetch a JSON document within the connect deadline.

        Raises:
            ProviderUnreachable: Nobody answers in time.
            ProviderError: Not JSON, too large, or a status that is no success.
        """
        try:
            async with asyncio.timeout(self._connect_seconds), self._client.stream("GET", url) as response:
                await _refuse(response)
                return msgspec.json.decode(await _read(response, MAX_JSON_BYTES))
        except (TimeoutError, httpx2.TransportError):
            raise ProviderUnreachable from None
        except (msgspec.DecodeError, httpx2.HTTPError, UnicodeDecodeError):
            raise ProviderError from None

    async def stream(self, url: str, body: object, begun: Callable[[], bool]) -> AsyncGenerator[list[bytes]]:
        """POST a body and read the answer's SSE `data:` payloads, all of one read together.

        Args:
            url: Where to.
            body: Sent as JSON.
            begun: Tells whether the first text has come. Until then one deadline runs, afterwards one for each read.

        Raises:
            ProviderError: or one of its kinds.
        """
        deadline = asyncio.get_running_loop().time() + self._first_token_seconds
        response = await self._open(url, msgspec.json.encode(body), deadline)
        try:
            await _refuse(response)
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                raise ProviderError
            lines, received = SseLines(), 0
            chunks = response.aiter_bytes()
            while chunk := await self._next(chunks, None if begun() else deadline):
                received += len(chunk)
                if received > MAX_STREAM_BYTES:
                    raise ProviderError
                if payloads := lines.feed(chunk):
                    yield payloads
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _open(self, url: str, content: bytes, deadline: float) -> httpx2.Response:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        request = self._client.build_request("POST", url, content=content, headers=headers)
        try:
            async with asyncio.timeout_at(deadline):
                return await self._client.send(request, stream=True)
        except TimeoutError:
            raise ProviderTimedOut from None
        except httpx2.TransportError:
            raise ProviderUnreachable from None

    async def _next(self, chunks: AsyncIterator[bytes], deadline: float | None) -> bytes | None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(deadline or loop.time() + self._idle_seconds):
                return await anext(chunks, None)
        except TimeoutError:
            raise ProviderTimedOut from None
        except httpx2.DecodingError:
            raise ProviderError from None
        except httpx2.TransportError:
            raise ProviderInterrupted from None


async def _read(response: httpx2.Response, limit: int) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            raise ProviderError
    return body


async def _refuse(response: httpx2.Response) -> None:
    status = response.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        raise ProviderBusy(retry_after=_retry_after(response))
    try:
        said = (await asyncio.wait_for(_read(response, MAX_ERROR_BYTES), 1)).lower()
    except (TimeoutError, ProviderError, httpx2.HTTPError):
        said = b""
    raise kind_of(said, missing=status == HTTPStatus.NOT_FOUND)


def kind_of(said: bytes, *, missing: bool = False) -> ProviderError:
    """The kind of an error by what a server says of it, lower case; its words go no further.

    Args:
        said: The server's words.
        missing: Whether the status was 404.
    """
    if any(words in said for words in TOO_LONG):
        return ProviderContextTooLong()
    if missing or any(words in said for words in NO_MODEL):
        return ModelMissing()
    return ProviderError()


def _retry_after(response: httpx2.Response) -> int | None:
    value = response.headers.get("retry-after", "")
    return min(int(value[:9]), MAX_RETRY_AFTER) if value.isascii() and value.isdigit() else None
