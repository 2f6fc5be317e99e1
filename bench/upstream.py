"""The model server of the relay's benchmark: speaks the chat-completions dialect as fast as it can, or paced.

A model's name says what it does: `tokens-300-every-20` says 300 tokens, one every 20 ms; `tokens-2000-by-8` says them
as fast as they are taken, eight in one write. `text-embedding-768` makes vectors that point anywhere. Started as a
program; prints its address.
"""

import asyncio
import json
import random
import re
from typing import Final

import httptools
import uvloop

MODELS: Final = (
    "tokens-5-every-0",
    "tokens-100-every-20",
    "tokens-500-every-20",
    "tokens-2000-by-8",
    "text-embedding-768",
)
NUMBERS: Final = 768
NAME: Final = re.compile(r"tokens-(?P<tokens>\d+)(-every-(?P<pause>\d+))?(-by-(?P<by>\d+))?")
HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _event(delta: dict[str, str], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    whole = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(whole).encode() + b"\n\n"


TOKEN: Final = _event({"content": " ~token"})
END: Final = _chunk(_event({}, "stop") + b"data: [DONE]\n\n") + b"0\r\n\r\n"


class Speaker(asyncio.Protocol):
    """One connection; answers one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._body = bytearray()
        self._path = b""
        self._transport: asyncio.Transport | None = None
        self._free = asyncio.Event()
        self._free.set()
        self._saying: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = transport  # type: ignore[assignment] # uvloop's is of no class of asyncio's

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio calls it so
        """See asyncio.Protocol."""
        if self._saying:
            self._saying.cancel()

    def pause_writing(self) -> None:
        """See asyncio.Protocol."""
        self._free.clear()

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        self._free.set()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """See httptools."""
        self._body.clear()

    def on_url(self, url: bytes) -> None:
        """See httptools."""
        self._path = url

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        self._body += body

    def on_message_complete(self) -> None:
        """See httptools."""
        if self._path.endswith(b"/models"):
            self._send({"data": [{"id": name} for name in MODELS]})
        elif self._path.endswith(b"/embeddings"):
            texts = json.loads(self._body)["input"]
            self._send({"data": [{"index": place, "embedding": _vector(text)} for place, text in enumerate(texts)]})
        else:
            self._saying = asyncio.create_task(self._say(json.loads(self._body)["model"]))

    def _send(self, whole: dict[str, object]) -> None:
        body = json.dumps(whole).encode()
        self._write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )

    async def _say(self, model: str) -> None:
        said = NAME.fullmatch(model)
        if said is None:
            raise ValueError(model)
        tokens, pause, by = int(said["tokens"]), int(said["pause"] or 0) / 1000, int(said["by"] or 1)
        piece, loop = _chunk(TOKEN * by), asyncio.get_running_loop()
        self._write(HEAD)
        due = loop.time()
        for _ in range(tokens // by):
            if pause:
                due += pause
                await asyncio.sleep(due - loop.time())
            await self._free.wait()
            self._write(piece)
        self._write(END)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def _vector(text: str) -> list[float]:
    chance = random.Random(text)  # noqa: S311 - the same for the same text
    return [round(chance.gauss(0, 1), 4) for _ in range(NUMBERS)]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Speaker, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(), loop_factory=uvloop.new_event_loop)
