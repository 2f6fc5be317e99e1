"""HTTP/1.1 connections to one model server, kept and used again: a request out, an answer in as it comes.

Parsed by httptools. Knows no dialect; what it gives out are bytes.
"""

import asyncio
from collections.abc import Callable
from typing import Final, cast

import httptools

from app.core.egress import Endpoint, Gate

MAX_HEAD_BYTES: Final = 64 * 1024
HIGH_WATER: Final = 256 * 1024
"""Bytes that wait for their reader before the server is told to wait."""
KEEP: Final = 8
MOST: Final = 1_024
# Shorter than the 5 s after which Node's servers drop an idle connection, so that none dies under a new call.
KEEP_SECONDS: Final = 2.0
_FIRST_FINAL_STATUS: Final = 200


class Cut(Exception):
    """The server closed the connection before its answer was whole."""


class NotHttp(Exception):
    """What came is not an answer in HTTP/1.1."""


class NoneFree(Exception):
    """As many connections are open as one server gets."""


class Connection(asyncio.Protocol):
    """One connection, which answers one request at a time.

    Attributes:
        status: Of the answer, once `head` has returned.
        headers: Of the answer, names in lower case; of a repeated one the first.
        received: Bytes of the answer so far, framing included.
        whole: Whether the answer came to its end.
    """

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.received = 0
        self.whole = False
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._head_done = False
        self._framed = False
        self._reusable = False
        self._stray = False
        self._paused = False
        self._chunks: list[bytes] = []
        self._waiting = 0
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._until: Callable[[], float] = lambda: float("inf")
        self._timer: asyncio.TimerHandle | None = None

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent."""
        return self._reusable and self._failure is None

    def send(self, request: bytes, until: Callable[[], float]) -> None:
        """Send a request.

        Args:
            request: Head and body.
            until: When, on the loop's clock, the next bytes must be here; asked again before it is given up.
        """
        self.status, self.received = 0, 0
        self.headers = {}
        self.whole = self._head_done = self._framed = self._reusable = False
        self._parser = httptools.HttpResponseParser(self)
        self._until = until
        self._disarm()
        if self._transport is not None:
            self._transport.write(request)

    async def head(self) -> None:
        """Wait for the answer's head.

        Raises:
            Cut, NotHttp, TimeoutError: There is none.
        """
        while not self._head_done:
            await self._more()

    async def read(self) -> bytes:
        """Everything of the body that has come since; waits for some. Empty at the end.

        Raises:
            Cut, NotHttp, TimeoutError: The end will not come.
        """
        while not self._chunks:
            if self.whole:
                return b""
            await self._more()
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks, self._waiting = [], 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return data

    def close(self) -> None:
        """Close at once, whatever is under way. Closing twice does nothing."""
        self._reusable = False
        self._disarm()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is of no class of asyncio's

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self.received += len(data)
        if self._parser is None or self.whole:
            self._fail(NotHttp())  # nobody asked
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(NotHttp())
            return
        if not self._head_done and self.received > MAX_HEAD_BYTES:
            self._fail(NotHttp())
            return
        if self._waiting > HIGH_WATER and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """See asyncio.Protocol."""
        self._ended()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._ended(reset=exc is not None)

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools."""
        if not self._head_done:
            self.headers.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        """See httptools."""
        if self.whole:
            self._reusable, self._stray = False, True
            return
        status = self._parser.get_status_code() if self._parser else 0
        if status < _FIRST_FINAL_STATUS:
            self.headers = {}
            return
        self.status = status
        self._head_done = True
        self._framed = b"content-length" in self.headers or b"transfer-encoding" in self.headers

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        if self.whole:
            return
        self._chunks.append(body)
        self._waiting += len(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        if self._head_done:
            self.whole = True
            self._reusable = not self._stray and self._parser is not None and self._parser.should_keep_alive()

    def _ended(self, *, reset: bool = False) -> None:
        # Without a length of its own an answer ends with the connection (RFC 9112, 6.3).
        if self._head_done and not self._framed and not reset:
            self.whole = True
        self._reusable = False
        self._fail(Cut())

    def _fail(self, failure: Exception) -> None:
        if self._failure is None:
            self._failure = failure
            self._wake()
            if self._transport is not None:
                self._transport.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _more(self) -> None:
        if self._failure is not None:
            raise self._failure
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        if self._timer is None or self._until() < self._timer.when():
            self._disarm()
            self._arm(loop)
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        # One timer for a whole answer: it looks when it fires whether the deadline has moved on.
        self._timer = loop.call_at(self._until(), self._look, loop)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if loop.time() < self._until():
            self._arm(loop)
        elif self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(TimeoutError())


class Connections:
    """The connections to one server.

    Args:
        gate: Opens them.
        endpoint: The server.
    """

    def __init__(self, gate: Gate, endpoint: Endpoint) -> None:
        self._gate = gate
        self._endpoint = endpoint
        self._idle: list[tuple[float, Connection]] = []
        self._open: set[Connection] = set()
        self._opening = 0
        self._closed = False

    async def take(self) -> Connection:
        """A connection for one request; give it back, whatever happens.

        Raises:
            AddressRefused, OSError: There is no way there.
            NoneFree: Too many are in use.
        """
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, kept = self._idle.pop()
            if kept.reusable and now - since < KEEP_SECONDS:
                return kept
            self._drop(kept)
        if len(self._open) + self._opening >= MOST:
            raise NoneFree
        self._opening += 1
        try:
            made = await self._gate.connect(self._endpoint, Connection)
        finally:
            self._opening -= 1
        self._open.add(made)
        return made

    def give_back(self, connection: Connection) -> None:
        """Keep a connection whose answer is whole for the next request; close any other."""
        if not connection.reusable or len(self._idle) >= KEEP or self._closed:
            self._drop(connection)
            return
        loop = asyncio.get_running_loop()
        entry = (loop.time(), connection)
        self._idle.append(entry)
        loop.call_later(KEEP_SECONDS, self._let_go, entry)

    def close(self) -> None:
        """Close them all."""
        self._closed = True
        self._idle.clear()
        for connection in list(self._open):
            self._drop(connection)

    def _let_go(self, entry: tuple[float, Connection]) -> None:
        # By itself, not by the clock: a timer of uvloop may fire a fraction of a millisecond early.
        if entry in self._idle:
            self._idle.remove(entry)
            self._drop(entry[1])

    def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        connection.close()
