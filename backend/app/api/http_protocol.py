"""Bytes into requests, on uvicorn's protocol: deadlines, bounds, and one way to read a framing or none at all.

What is no HTTP, or could be read in two ways, gets a 400 in the error shape and a closed connection. Knows no route.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from app.api.event_stream import LINE
from app.auth.origins import Origins, cors_headers
from app.core.errors import MEANINGS, Code
from app.core.ids import new_id
from app.observability.middleware import OTHERWISE, STANDARD_HEADERS

MAX_HEAD_BYTES: Final = 65_536
MAX_HEADERS: Final = 100
MAX_TRAILER_BYTES: Final = 8_192
LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 4 * 1024 * 1024
"""How long, and how much, is thrown away after the answer, so that the answer is not lost with a reset."""
WRITE_SECONDS: Final = 60.0
WRITE_BYTES: Final = 16_384
"""What waits for a reader before no more is written; a piece that the connection did not take comes on top."""
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_CLOSE: Final = b"connection: close\r\n"


class Refused(Exception):
    """The bytes are no request that is answered."""


class ConnectionLine:
    """The Line of an answer: past ASGI and every middleware, which have seen its head, into the connection's buffer.

    Args:
        cycle: The answer.
    """

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self.resume: Callable[[], None] = _nobody
        self.leave: Callable[[], None] = _nobody

    @property
    def writable(self) -> bool:
        """See Line."""
        return not self._cycle.flow.write_paused

    def write(self, data: bytes) -> None:
        """See Line."""
        if not self._over:
            self._cycle.transport.write(b"%x\r\n%b\r\n" % (len(data), data))

    def listen(self, writable: Callable[[], None], gone: Callable[[], None]) -> None:
        """See Line."""
        self.resume, self.leave = writable, gone
        if self._over:
            gone()

    @property
    def _over(self) -> bool:
        return self._cycle.disconnected or self._cycle.response_complete


def _nobody() -> None:
    """Nobody listens yet."""


class CarefulProtocol(HttpToolsProtocol):
    """One connection.

    Attributes:
        head_seconds: For a whole head, from its first byte; also for a connection's first byte.
        body_seconds: Without a byte of a body that is due.
        write_seconds: Without a reader taking anything of a full buffer.
        origins: Whose pages may read a refusal.
    """

    head_seconds: float = 15.0
    body_seconds: float = 15.0
    write_seconds: float = WRITE_SECONDS
    origins: Origins

    _answering: RequestResponseCycle | None = None
    """The request whose turn it is; `cycle` is the newest one, which may still wait behind it."""
    _line: ConnectionLine | None = None
    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None
    _in_head = False
    _in_body = False
    _lingering = False
    _lingered = 0
    _over = False
    _head_bytes = 0
    _trailer_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base class has it
        """Begin to wait for the first byte."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=WRITE_BYTES)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock."""
        self._stop_waiting()
        self._stop_write_clock()
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)
        if self._line is not None:
            self._line.leave()

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if self._lingering:
            self._lingered += len(data)
            if self._lingered > LINGER_BYTES:
                self.transport.abort()
        if self._over or self.transport.is_closing():
            return
        if self._deadline is None and not self._in_body:
            # Empty lines before a request begin none, and must not keep a connection open either.
            self._wait(self.head_seconds)
        super().data_received(data)
        if self._in_head and not self._over:
            # A field that is not whole yet has not been counted anywhere.
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._in_head, self._head_bytes, self._trailer_bytes = True, 0, 0
        self._wait(self.head_seconds)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; those behind a body are dropped, for they would pass as checked ones.

        Raises:
            Refused: There are too many, or it holds control characters.
        """
        if not self._in_head:
            self._trailer_bytes += len(name) + len(value)
            if self._trailer_bytes > MAX_TRAILER_BYTES:
                raise Refused
            return
        if len(self.headers) >= MAX_HEADERS or _CONTROL.search(value):
            raise Refused
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole.

        Raises:
            Refused: It is too large, or could be read in two ways.
        """
        self._refuse_doubtful()
        self._in_head, self._in_body = False, True
        self._wait(self.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body."""
        if not self._lingering:
            self._wait(self.body_seconds)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._in_body = self._lingering = False
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is whole; a body that is still coming is thrown away for a moment, then the line is cut."""
        unread = self._answering is not None and self._answering.more_body
        super().on_response_complete()
        if unread and not self.transport.is_closing():
            self._lingering = True
            self._unset_keepalive_if_required()
            self._wait(LINGER_SECONDS)

    def pause_writing(self) -> None:
        """The reader is slower than the answer."""
        super().pause_writing()
        self._stop_write_clock()
        self._write_deadline = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader took something."""
        self._stop_write_clock()
        super().resume_writing()
        if self._line is not None:
            self._line.resume()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the base class's words are not ours
        """Refuse what was sent, and close."""
        self._refuse(Code.BAD_REQUEST)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering, self._line = cycle, ConnectionLine(cycle)
        cycle.scope.setdefault("extensions", {})[LINE] = {"line": self._line}
        super()._start_asgi_task(cycle, app)

    def _refuse_doubtful(self) -> None:
        lengths = [value for name, value in self.headers if name == b"content-length"]
        encodings = [value.strip().lower() for name, value in self.headers if name == b"transfer-encoding"]
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        doubtful = (
            size > MAX_HEAD_BYTES
            or len(lengths) > 1
            or any(not length.isdigit() for length in lengths)
            or (encodings and (lengths or encodings != [b"chunked"] or self.parser.get_http_version() != "1.1"))
            or self.parser.get_http_version() not in {"1.0", "1.1"}
            or not self.url.startswith(b"/")
            or b"#" in self.url
            or self.parser.should_upgrade()
        )
        if doubtful:
            raise Refused

    def _refuse(self, code: Code) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        cycle = self._answering
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                # The bad bytes stand behind a whole request, which still gets its answer, and only that.
                cycle.keep_alive = False
                self.pipeline.clear()
                self.flow.pause_reading()
                self._over = True
                return
            cycle.disconnected = True
            cycle.message_event.set()
            if self._line is not None:
                self._line.leave()
            if cycle.response_started:
                self.transport.close()
                return
        self.transport.write(_answer(code, self._named()))
        self.transport.write_eof()
        self._over = self._lingering = True
        self._wait(LINGER_SECONDS)

    def _named(self) -> str | None:
        # Between requests, and in a head that is not whole, nobody has said where they come from.
        return self.origins.named(Headers(raw=self.headers), self.scope["scheme"]) if self._in_body else None

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_write_clock(self) -> None:
        if self._write_deadline is not None:
            self._write_deadline.cancel()
            self._write_deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if self._in_body and not self._lingering and self.flow.read_paused:
            # It is we who do not read.
            self._wait(self.body_seconds)
        elif self._lingering or not (self._in_head or self._in_body):
            self.transport.close()
        else:
            self._refuse(Code.REQUEST_TIMEOUT)


def careful_protocol(seconds: float, allowed: Origins) -> type[CarefulProtocol]:
    """The protocol with its deadlines.

    Args:
        seconds: For a whole head, and without a byte of a body.
        allowed: Whose pages may read a refusal.
    """

    class Configured(CarefulProtocol):
        head_seconds = seconds
        body_seconds = seconds
        origins = allowed

    return Configured


def _answer(code: Code, origin: str | None) -> bytes:
    meaning, request_id = MEANINGS[code], new_id()
    body = json.dumps({"code": code.value, "message": meaning.text, "request_id": request_id}).encode()
    headers = {
        **STANDARD_HEADERS,
        **OTHERWISE,
        **cors_headers(origin),
        "vary": "Origin",
        "x-request-id": request_id,
        "content-type": "application/json",
        "content-length": str(len(body)),
    }
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
    return b"".join((STATUS_LINE[meaning.status], lines, _CLOSE, b"\r\n", body))
