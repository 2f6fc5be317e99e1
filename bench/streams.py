"""Reads streamed answers cheaply: counts the marks of the model server's tokens, whatever the events look like."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httptools

from wire import BenchError, Server

MARK: Final = b"~"


@dataclass(frozen=True)
class Heard:
    """One answer: seconds from the request to its first token, its tokens, and the bytes of its body as sent."""

    first: float
    tokens: int
    size: int


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Attributes:
        server: Its process.
        path: Where it is asked,
        headers: with what beside the body,
        body: and what, save the model.
    """

    server: Server
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, object]

    def request(self, model: str) -> bytes:
        """The question as it is sent."""
        payload = json.dumps({**self.body, "model": model}).encode()
        fixed = {"Host": urlsplit(self.server.address).netloc, "Content-Type": "application/json"}
        named = {**fixed, "Content-Length": str(len(payload)), **self.headers}
        fields = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return f"POST {self.path} HTTP/1.1\r\n{fields}\r\n".encode() + payload


class _Listener(asyncio.Protocol):
    def __init__(self) -> None:
        self.first: float | None = None
        self.tokens = 0
        self.size = 0
        self.over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._head = 0

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self.size += len(data)
        if count := data.count(MARK):
            self.first = self.first or time.perf_counter()
            self.tokens += count
        elif not self._head:
            self._head = data.find(b"\r\n\r\n") + 4
            self.size -= self._head
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio calls it so
        """See asyncio.Protocol."""
        self._end(whole=False)

    def on_message_complete(self) -> None:
        """See httptools."""
        self._end(whole=self._parser.get_status_code() == HTTPStatus.OK)

    def _end(self, *, whole: bool) -> None:
        if not self.over.done():
            self.over.set_result(whole)


async def hear(side: Side, model: str, tokens: int) -> Heard:
    """Ask on a new connection and read the answer to its end.

    Args:
        side: Who is asked.
        model: What the model server is to do.
        tokens: What it will say.

    Raises:
        BenchError: That is not what came.
    """
    place = urlsplit(side.server.address)
    loop = asyncio.get_running_loop()
    transport, listener = await loop.create_connection(_Listener, place.hostname or "", place.port or 0)
    begun = time.perf_counter()
    try:
        transport.write(side.request(model))
        whole = await listener.over
    finally:
        transport.close()
    if not whole or listener.tokens != tokens or listener.first is None:
        raise BenchError(f"{side.path} gave {listener.tokens} of {tokens} tokens")
    return Heard(listener.first - begun, tokens, listener.size)
