"""The floor that OmniAI is measured against: a relay in the same stack that does nothing but relay.

uvicorn on httptools in front, an `asyncio.Protocol` on httptools behind, msgspec between; everything that arrived in
one read leaves in one write. No sign-in, no rights, no storage. Started as a program with the model server's address;
prints its own.
"""

import asyncio
import socket
import sys
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

import httptools
import msgspec
import uvicorn
from starlette.types import Receive, Scope, Send

START: Final[MutableMapping[str, Any]] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream")],
}


class Delta(msgspec.Struct):
    content: str | None = None


class Choice(msgspec.Struct):
    delta: Delta


class Chunk(msgspec.Struct):
    choices: list[Choice]


_decode: Final = msgspec.json.Decoder(Chunk).decode
_encode: Final = msgspec.json.Encoder().encode


class Line(asyncio.Protocol):
    """A kept connection to the model server."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._whole = False
        self._waiter: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = transport  # type: ignore[assignment] # uvloop's is of no class of asyncio's

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._parser.feed_data(data)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        self._whole = True

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._whole, self._parser = False, httptools.HttpResponseParser(self)
        if self._transport is not None:
            self._transport.write(request)

    async def read(self) -> bytes:
        """What has come since; empty at the end."""
        while not self._chunks and not self._whole:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        data = b"".join(self._chunks)
        self._chunks.clear()
        return data


class Relay:
    """The application.

    Args:
        address: The model server's.
    """

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._host, self._port = place.hostname or "", place.port or 0
        self._free: list[Line] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Relay one answer; a GET answers nothing."""
        body, more = b"", scope["method"] == "POST"
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        await send(dict(START))
        if body:
            await self._relay(body, send)
        await send({"type": "http.response.body", "body": b""})

    async def _relay(self, body: bytes, send: Send) -> None:
        line = self._free.pop() if self._free else await self._opened()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
        line.ask(head.encode() + body)
        tail = b""
        while data := await line.read():
            *whole, tail = (tail + data).split(b"\n")
            text = "".join([_text(event[6:]) for event in whole if event.startswith(b"data: {")])
            if text:
                event = b'event: delta\ndata: {"text":%s}\n\n' % _encode(text)
                await send({"type": "http.response.body", "body": event, "more_body": True})
        self._free.append(line)

    async def _opened(self) -> Line:
        _, line = await asyncio.get_running_loop().create_connection(Line, self._host, self._port)
        return line


def _text(payload: bytes) -> str:
    choices = _decode(payload).choices
    return (choices[0].delta.content or "") if choices else ""


def main() -> None:
    """Serve until stopped."""
    config = uvicorn.Config(
        Relay(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
