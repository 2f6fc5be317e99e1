"""A model server gone mad: replays recorded streams of a vendor's double with bytes changed by a seed.

    python -m tests.peers.mutants lmstudio|ollama|anthropic [--port 0]

The last question is the seed, so that an answer that breaks something can be had again. Everything but answers comes
from the double as it is.
"""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx2

from tests.peers.anthropic import VERSION, Anthropic, Events
from tests.peers.double import Double, Stream
from tests.peers.lmstudio import Chunks, LMStudio
from tests.peers.ollama import Lines, Ollama
from tests.peers.wire import Reply, Request, arguments, serve, served

MODEL: Final = "tiny-chat-1b"
THINKS: Final = "tiny-think-1b"
RECORDED: Final = (MODEL, THINKS, "fault-think-inline", "fault-nousage", "fault-error-chunk")
HEADERS: Final = {"x-api-key": "any", "anthropic-version": VERSION}
NASTY: Final = (
    b"\n\n",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"data: ",
    b"data: [DONE]\n\n",
    b"event: error\n",
    b'{"type": "message_stop"}',
    b'{"done": true}\n',
    b'{"error": "x"}\n',
    b"\n",
    b'"',
    b"{" * 600,
    b"1e999",
    b"-1",
    b"null",
    b"[]",
    b"9" * 400,
    b"\\ud800",
    b"\xf0\x9f",
    b": ping\n\n",
    b"id: 1\n",
    b"retry: 0\n",
    b"\xef\xbb\xbf",
)

WORDS: Final = (
    *(b'"%b"' % word for word in b"content choices delta usage finish_reason index message done done_reason".split()),
    *(
        b'"%b"' % word
        for word in b"eval_count type text thinking stop_reason output_tokens content_block error".split()
    ),
    b"data",
)

type Mutation = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True)
class Dialect:
    """How a vendor's double is asked.

    Attributes:
        double: The double.
        path: Where questions go.
        stream: How it writes an answer.
    """

    double: Double
    path: str
    stream: type[Stream]


DIALECTS: Final = {
    "lmstudio": Dialect(LMStudio(None, 0.0, plain=True), "/v1/chat/completions", Chunks),
    "ollama": Dialect(Ollama(None, 0.0, plain=True), "/api/chat", Lines),
    "anthropic": Dialect(Anthropic(None, 0.0, plain=True), "/v1/messages", Events),
}


async def record(dialect: Dialect) -> list[bytes]:
    """What the double streams, as bodies; each vendor takes of the question what it knows."""
    asked = {"messages": [{"role": "user", "content": "Say it."}], "max_tokens": 1_000, "stream": True}
    asked["stream_options"] = {"include_usage": True}
    async with served(dialect.double.answer) as url, httpx2.AsyncClient(base_url=url, headers=HEADERS) as http:
        bodies = [{"model": model, "think": model == THINKS, **asked} for model in RECORDED]
        return [(await http.post(dialect.path, json=body)).content for body in bodies]


def _flip(rng: random.Random, stream: bytes) -> bytes:
    place = rng.randrange(len(stream))
    return stream[:place] + bytes([rng.randrange(256)]) + stream[place + 1 :]


def _insert(rng: random.Random, stream: bytes) -> bytes:
    place = rng.randrange(len(stream))
    return stream[:place] + rng.choice(NASTY) + stream[place:]


def _remove(rng: random.Random, stream: bytes) -> bytes:
    place = rng.randrange(len(stream))
    return stream[:place] + stream[place + rng.randint(1, 200) :]


def _repeat(rng: random.Random, stream: bytes) -> bytes:
    place = rng.randrange(len(stream))
    piece = stream[place : place + rng.randint(1, 400)]
    return stream[:place] + piece * rng.randint(2, 50) + stream[place:]


def _cut(rng: random.Random, stream: bytes) -> bytes:
    return stream[: rng.randrange(len(stream))]


def _replace_value(rng: random.Random, stream: bytes) -> bytes:
    word = rng.choice([word for word in WORDS if word + b": " in stream] or WORDS)
    return stream.replace(word + b": ", word + b": " + rng.choice(NASTY), rng.randint(1, 3))


MUTATIONS: Final[tuple[Mutation, ...]] = (_flip, _insert, _remove, _repeat, _cut, _replace_value)


def mutated(seed: int, recorded: list[bytes]) -> bytes:
    """One of the streams, changed in one or two places."""
    rng = random.Random(seed)
    stream = rng.choice(recorded)
    for _ in range(rng.randint(1, 2)):
        stream = rng.choice(MUTATIONS)(rng, stream) or b"\n"
    return stream


class Mutants:
    """The server.

    Args:
        dialect: What it speaks.
        recorded: Streams as they should be.
    """

    def __init__(self, dialect: Dialect, recorded: list[bytes]) -> None:
        self._dialect = dialect
        self._recorded = recorded

    async def answer(self, request: Request, reply: Reply) -> None:
        """A mutant of an answer, or what the double says."""
        if request.path != self._dialect.path:
            await self._dialect.double.answer(request, reply)
            return
        seed = int(json.loads(request.body)["messages"][-1]["content"])
        await self._stream(random.Random(seed), mutated(seed, self._recorded), reply)

    async def _stream(self, rng: random.Random, body: bytes, reply: Reply) -> None:
        """In pieces of any size, now and then with the framing broken too."""
        await reply.begin_stream(self._dialect.stream.kind)
        while body:
            size = rng.randint(1, 700)
            piece, body = body[:size], body[size:]
            if rng.random() < 0.002:
                await reply.send_raw(rng.choice((b"zz\r\n", b"-1\r\n", b"ffffffffffffffff\r\n", b"\r\n", piece)))
            else:
                await reply.send_chunk(piece)
        if rng.random() < 0.1:
            reply.cut()
        else:
            await reply.end_stream()


async def _main(dialect: Dialect, port: int) -> None:
    await serve(Mutants(dialect, await record(dialect)).answer, port)


def main() -> None:
    """Serve until told to stop."""
    parser = arguments("Streams with bytes changed.")
    parser.add_argument("dialect", choices=DIALECTS)
    given = parser.parse_args()
    asyncio.run(_main(DIALECTS[given.dialect], given.port))


if __name__ == "__main__":
    main()
