"""A model server gone mad: replays recorded streams of LM Studio's double with bytes changed by a seed.

    python -m tests.peers.mutants [--port 0]

The last question is the seed, so that an answer that breaks something can be had again.
"""

import asyncio
import json
import random
from collections.abc import Callable
from typing import Final

import httpx2

from tests.peers.lmstudio import LMStudio
from tests.peers.wire import Reply, Request, arguments, serve, served

MODEL: Final = "mutant"
RECORDED: Final = ("tiny-chat-1b", "tiny-think-1b", "fault-think-inline", "fault-nousage", "fault-error-chunk")
NASTY: Final = (
    b"\n\n",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"data: ",
    b"data: [DONE]\n\n",
    b"event: error\n",
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

type Mutation = Callable[[random.Random, bytes], bytes]


async def record() -> list[bytes]:
    """What the double streams, as bodies."""
    double = LMStudio(None, 0.0, plain=False)
    async with served(double.answer) as url, httpx2.AsyncClient(base_url=url) as http:
        messages = [{"role": "user", "content": "Say it."}]
        bodies = [
            {"model": model, "messages": messages, "stream": True, "stream_options": {"include_usage": True}}
            for model in RECORDED
        ]
        return [(await http.post("/v1/chat/completions", json=body)).content for body in bodies]


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
    word = rng.choice((b'"content"', b'"choices"', b'"delta"', b'"usage"', b'"finish_reason"', b'"index"', b"data"))
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
        recorded: Streams as they should be.
    """

    def __init__(self, recorded: list[bytes]) -> None:
        self._recorded = recorded

    async def answer(self, request: Request, reply: Reply) -> None:
        """A list of the one model, or a mutant of an answer."""
        if request.method == "GET":
            await reply.send_json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
            return
        seed = int(json.loads(request.body)["messages"][-1]["content"])
        await self._stream(random.Random(seed), mutated(seed, self._recorded), reply)

    async def _stream(self, rng: random.Random, body: bytes, reply: Reply) -> None:
        """In pieces of any size, now and then with the framing broken too."""
        await reply.begin_stream()
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


async def _main(port: int) -> None:
    await serve(Mutants(await record()).answer, port)


if __name__ == "__main__":
    asyncio.run(_main(arguments("Streams with bytes changed.").parse_args().port))
