"""A small HTTP/1.1 server for doubles that must also misbehave below HTTP: one request a connection.

Knows no vendor.
"""

import argparse
import asyncio
import json
import signal
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

MAX_BODY = 64 * 1024 * 1024
PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ClientGone(Exception):
    """The client closed the connection while an answer was on its way."""


class Reply:
    """One answer on one connection; notices at once when the client leaves.

    Args:
        reader: The connection's other direction: its end means that the client left.
        writer: The connection.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._gone = asyncio.create_task(self._watch(reader))

    async def send_json(self, status: int, document: object, **headers: str) -> None:
        """A whole JSON answer."""
        await self.send_whole(status, "application/json; charset=utf-8", json.dumps(document).encode(), **headers)

    async def send_whole(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        """A whole answer."""
        named = {"Content-Type": kind, "Content-Length": str(len(body))}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        self._writer.write(_head(status, named) + body)
        await self._drained()

    async def begin_stream(self, kind: str = "text/event-stream") -> None:
        """The head of a chunked answer."""
        named = {"Content-Type": kind, "Transfer-Encoding": "chunked", "Cache-Control": "no-cache"}
        await self.send_raw(_head(200, named))

    async def send_chunk(self, data: bytes) -> None:
        """One chunk of a chunked answer, in one write."""
        await self.send_raw(b"%x\r\n%b\r\n" % (len(data), data))

    async def end_stream(self) -> None:
        """The regular end of a chunked answer."""
        await self.send_raw(b"0\r\n\r\n")

    async def send_raw(self, data: bytes) -> None:
        """Bytes as they are, without HTTP."""
        if self._gone.done():
            raise ClientGone
        self._writer.write(data)
        await self._drained()

    async def wait(self, seconds: float | None) -> None:
        """Let time pass; ends at once when the client leaves."""
        await asyncio.wait({self._gone}, timeout=seconds)
        if self._gone.done():
            raise ClientGone

    def cut(self) -> None:
        """End the connection without a word, by a reset."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def close(self) -> None:
        """Stop watching, and end the connection."""
        self._gone.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await self._gone
        self._writer.close()

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        # Clients here do not pipeline: while an answer runs, the only thing that can come is the end.
        with suppress(OSError):
            await reader.read(1)

    async def _drained(self) -> None:
        try:
            await self._writer.drain()
        except OSError:
            raise ClientGone from None


Handler = Callable[[Request, Reply], Awaitable[None]]


@asynccontextmanager
async def served(handler: Handler, port: int = 0) -> AsyncIterator[str]:
    """Serve on loopback for the time of a block; gives the address."""
    server = await asyncio.start_server(lambda reader, writer: _connection(handler, reader, writer), "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def serve(handler: Handler, port: int) -> None:
    """Serve until SIGTERM; the first line printed is the address."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with served(handler, port) as address:
        announce(address)
        await stop.wait()


def announce(address: str) -> None:
    """Print the line that whoever started a peer waits for."""
    print(f"listening on {address}", flush=True)


def arguments(description: str) -> argparse.ArgumentParser:
    """A command line with what every peer takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    return parser


async def _connection(handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        request = await _request(reader)
        reply = Reply(reader, writer)
        try:
            await handler(request, reply)
        except ClientGone:
            pass
        finally:
            await reply.close()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _version = head[0].split(" ")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    size = min(int(headers.get("content-length", "0")), MAX_BODY)
    return Request(method, path, headers, await reader.readexactly(size))


def _head(status: int, headers: dict[str, str]) -> bytes:
    phrase = PHRASES.get(status, "Unknown")
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")
