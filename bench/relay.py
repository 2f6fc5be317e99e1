"""Measures what OmniAI adds to a model server's answer: both are asked in turn, in one run, so that the ratios hold.

The model server is the test suite's double of LM Studio; OmniAI runs as people run it, on a throw-away data folder.
"""

import asyncio
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from wire import BIN, BenchError, Server, lines, post, running

ANSWERS: Final = 100
WARM_UP: Final = 10
STREAMS: Final = 50
ROUNDS: Final = 3
SHORT_MODEL: Final = "tiny-chat-1b"
PACED_MODEL: Final = "pace-20-100"
PACED_TOKENS: Final = 100

Ask = Callable[[str], Awaitable["Timed"]]


@dataclass(frozen=True)
class Timed:
    """One answer: seconds from the request to the first text, and its words, which are the double's tokens."""

    first_text: float
    tokens: int


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    ask: Ask
    server: Server


async def _timed(
    url: str, body: Mapping[str, object], headers: Mapping[str, str], text_of: Callable[[bytes], str]
) -> Timed:
    first: float | None = None
    texts = []
    begun = time.perf_counter()
    async with aclosing(lines(url, body, headers)) as answer:
        async for line in answer:
            text = text_of(line)
            if text and first is None:
                first = time.perf_counter() - begun
            texts.append(text)
    if first is None:
        raise BenchError(f"{url} answered without text")
    return Timed(first, len("".join(texts).split()))


def _text_of_chunk(line: bytes) -> str:
    """The text in one line of the model server's stream."""
    if not line.startswith(b"data: {"):
        return ""
    choices = json.loads(line[6:])["choices"]
    return str(choices[0]["delta"].get("content") or "") if choices else ""


def _text_of_event(line: bytes) -> str:
    """The text in one line of OmniAI's stream; an answer that failed ends the benchmark."""
    if not line.startswith(b"data: {"):
        return ""
    data = json.loads(line[6:])
    if data.get("status", "complete") != "complete":
        raise BenchError(f"an answer ended as {data['status']}")
    return str(data["text"]) if data.keys() == {"text"} else ""


def _direct(double: Server) -> Side:
    url = f"{double.address}/v1/chat/completions"

    async def ask(model: str) -> Timed:
        body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
        return await _timed(url, body, {}, _text_of_chunk)

    return Side(ask, double)


async def _through(omniai: Server, token: str) -> Side:
    owner = {"username": "owner", "password": secrets.token_urlsafe(16), "transport": "bearer"}
    signed_in = await post(f"{omniai.address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}

    async def ask(model: str) -> Timed:
        body = {"message": {"content": "Hello"}, "provider": "lmstudio", "model": model}
        return await _timed(f"{omniai.address}/chat/stream", body, headers, _text_of_event)

    return Side(ask, omniai)


async def _first_text(sides: dict[str, Side]) -> dict[str, list[float]]:
    """Milliseconds to the first text of single answers, the sides taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(WARM_UP + ANSWERS):
        for name, side in sides.items():
            timed = await side.ask(SHORT_MODEL)
            if turn >= WARM_UP:
                taken[name].append(timed.first_text * 1000)
    return taken


async def _tokens_per_cpu_second(sides: dict[str, Side]) -> dict[str, float]:
    """Tokens of paced streams per processor second of the side's server, the sides taking turns."""
    tokens = dict.fromkeys(sides, 0)
    spent = dict.fromkeys(sides, 0.0)
    for _ in range(ROUNDS):
        for name, side in sides.items():
            before = side.server.cpu_seconds()
            answers = await asyncio.gather(*(side.ask(PACED_MODEL) for _ in range(STREAMS)))
            spent[name] += side.server.cpu_seconds() - before
            if {answer.tokens for answer in answers} != {PACED_TOKENS}:
                raise BenchError(f"a paced answer, {name}, did not have {PACED_TOKENS} tokens")
            tokens[name] += PACED_TOKENS * STREAMS
    return {name: tokens[name] / spent[name] for name in sides}


def _row(name: str, direct: float, through: float, unit: str) -> None:
    print(f"{name:<40}{direct:>10.1f}{through:>12.1f}  {unit:<10}{through / direct:>8.2f}")


async def _measure(double: Server, omniai: Server, token: str) -> None:
    sides = {"direct": _direct(double), "OmniAI": await _through(omniai, token)}
    taken = await _first_text(sides)
    rate = await _tokens_per_cpu_second(sides)
    print(f"{'':<40}{'direct':>10}{'OmniAI':>12}  {'':<10}{'ratio':>8}")
    for label, percent in (("p50", 50), ("p99", 99)):
        direct, through = (statistics.quantiles(taken[name], n=100, method="inclusive")[percent - 1] for name in sides)
        _row(f"first text, {ANSWERS} single answers, {label}", direct, through, "ms")
    _row(f"{STREAMS} paced streams, the server asked", rate["direct"], rate["OmniAI"], "tok/CPU-s")
    print("\nCompare ratios, and only within one run. The last line is what each server itself spends on a token.")


def _bench() -> None:
    token = secrets.token_urlsafe(32)
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
    with (
        tempfile.TemporaryDirectory() as data,
        running([str(BIN / "python"), "-m", "tests.peers.lmstudio", "--port", "0"], own) as double,
    ):
        settings = {
            "OMNIAI_PORT": "0",
            "OMNIAI_DATA_DIR": data,
            "OMNIAI_LOG_LEVEL": "warning",
            "OMNIAI_BOOTSTRAP_TOKEN": token,
            "OMNIAI_LMSTUDIO_BASE_URL": f"{double.address}/v1",
        }
        with running([str(BIN / "omniai"), "serve"], {**own, **settings}) as omniai:
            asyncio.run(_measure(double, omniai, token))


def main() -> int:
    if sys.platform != "linux":
        print("OmniAI: make bench reads processor times from /proc, so it runs on Linux only.", file=sys.stderr)
        return 1
    try:
        _bench()
    except BenchError as problem:
        print(f"OmniAI: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
