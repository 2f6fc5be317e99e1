"""Measures whether people notice that others' models fail: healthy answers alone, and beside every kind of fault.

The model server is the test suite's double of LM Studio, whose model names are its faults; the two cases take turns.
"""

import asyncio
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Final

from wire import BIN, BenchError, lines, post, run, running

ROUNDS: Final = 6
HEALTHY: Final = 10
FAILING: Final = 10
PAUSE: Final = 1.0
"""Seconds before somebody tries again: what is measured is the fault, not a flood."""
MODEL: Final = "pace-20-100"
FAULTS: Final = (
    "fault-hang",
    "fault-stall-3",
    "fault-cut-5",
    "fault-noise",
    "fault-html",
    "fault-garbage",
    "fault-badutf8",
    "fault-longline",
    "fault-401",
    "fault-429",
    "fault-503",
)
"""Not the lost connection: it says that the whole server is away, and is meant to be noticed by all."""


class Omni:
    """OmniAI as one person uses it.

    Args:
        address: Where it answers.
        headers: The person's credential.
    """

    def __init__(self, address: str, headers: dict[str, str]) -> None:
        self._url = f"{address}/chat/stream"
        self._headers = headers

    async def gaps(self, model: str) -> list[float]:
        """Milliseconds before each piece of an answer's text, from the question on."""
        found, last = [], time.perf_counter()
        body = {"message": {"content": "Hello"}, "provider": "lmstudio", "model": model}
        async with aclosing(lines(self._url, body, self._headers)) as answer:
            async for line in answer:
                if line.startswith(b'data: {"text"'):
                    moment = time.perf_counter()
                    found.append((moment - last) * 1000)
                    last = moment
                elif line.startswith(b'data: {"status"') and json.loads(line[6:])["status"] == "error":
                    return []
        return found


@asynccontextmanager
async def _trouble(omni: Omni) -> AsyncIterator[None]:
    """Others who ask models that fail, again and again."""

    async def ask(number: int) -> None:
        while True:
            number += 1
            await omni.gaps(FAULTS[number % len(FAULTS)])
            await asyncio.sleep(PAUSE)

    tasks = [asyncio.create_task(ask(number)) for number in range(FAILING)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for problem in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(problem, Exception):
                raise problem


async def _healthy(omni: Omni) -> list[float]:
    answers = await asyncio.gather(*(omni.gaps(MODEL) for _ in range(HEALTHY)))
    if not all(answers):
        raise BenchError("a healthy answer failed")
    return [gap for answer in answers for gap in answer]


async def _measure(omni: Omni) -> None:
    alone: list[float] = []
    beside: list[float] = []
    await _healthy(omni)
    for _ in range(ROUNDS):
        alone += await _healthy(omni)
        async with _trouble(omni):
            beside += await _healthy(omni)
    print(f"{'time between pieces of text':<40}{'alone':>10}{'beside':>12}  {'':<10}{'ratio':>8}")
    for percent in (50, 95, 99):
        one, two = (statistics.quantiles(gaps, n=100)[percent - 1] for gaps in (alone, beside))
        name = f"{HEALTHY} answers, {FAILING} failing ones, p{percent}"
        print(f"{name:<40}{one:>10.1f}{two:>12.1f}  {'ms':<10}{two / one:>8.2f}")


async def _sign_in_and_measure(address: str, token: str) -> None:
    owner = {"username": "owner", "password": secrets.token_urlsafe(16), "transport": "bearer"}
    signed_in = await post(f"{address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
    await _measure(Omni(address, {"Authorization": f"Bearer {signed_in['access_token']}"}))


def _bench() -> None:
    token = secrets.token_urlsafe(32)
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
    with (
        tempfile.TemporaryDirectory() as data,
        running([str(BIN / "python"), "-m", "tests.peers.lmstudio", "--port", "0"], own) as double,
    ):
        settings = {
            "PORT": "0",
            "DATA_DIR": data,
            "LOG_LEVEL": "error",
            "BOOTSTRAP_TOKEN": token,
            "LMSTUDIO_BASE_URL": f"{double.address}/v1",
            "PROVIDER_FIRST_TOKEN_SECONDS": "2",
            "PROVIDER_IDLE_SECONDS": "1",
            "RATE_LIMIT_ENABLED": "false",
            "MAX_STREAMS_PER_USER": "100",
            "PROVIDER_SEATS": "100",
            "QUOTA_MESSAGES_PER_DAY": "unlimited",
            "QUOTA_TOKENS_PER_DAY": "unlimited",
        }
        named = {f"OMNIAI_{name}": value for name, value in settings.items()}
        with running([str(BIN / "omniai"), "serve"], {**own, **named}) as omniai:
            asyncio.run(_sign_in_and_measure(omniai.address, token))


if __name__ == "__main__":
    sys.exit(run(_bench))
