"""Measures what OmniAI costs beside a bare relay in the same stack: both are asked in turn, so that the ratios hold.

OmniAI runs with its rights, allowances, storage and audit, as a signed-in person meets it; the bare relay has none of
that. Only the limits that would end the measurement are lifted.
"""

import asyncio
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import uvloop

from streams import Heard, Side, hear
from wire import BIN, post, run, running

HERE: Final = Path(__file__).resolve().parent
PYTHON: Final = str(BIN / "python")
ROUNDS: Final = 3
ANSWERS: Final = 60
WARM_UP: Final = 10
STREAMS: Final = 100
UNPACED_STREAMS: Final = 32
IN_A_ROW: Final = 2
RAMP_SECONDS: Final = 2.0
SETTLED_SECONDS: Final = 3.0
WINDOW_SECONDS: Final = 5.0
PACE: Final = 50
"""Tokens a second that a paced model says."""
SHORT: Final = ("tokens-5-every-0", 5)
PACED: Final = ("tokens-100-every-20", 100)
LONG: Final = ("tokens-500-every-20", 500)
UNPACED: Final = ("tokens-2000-by-8", 2000)
SETTINGS: Final = {
    "PORT": "0",
    "LOG_LEVEL": "info",
    "RATE_LIMIT_ENABLED": "false",
    "MAX_STREAMS_PER_USER": "1000",
    "QUOTA_MESSAGES_PER_DAY": "unlimited",
    "QUOTA_TOKENS_PER_DAY": "unlimited",
    "PROVIDER_SEATS": "1000",
}


@dataclass
class Costs:
    """What was measured of one side, a value for each round or answer."""

    first_ms: list[float] = field(default_factory=list)
    answer_ms: list[float] = field(default_factory=list)
    going: list[float] = field(default_factory=list)
    long: list[float] = field(default_factory=list)
    unpaced: list[float] = field(default_factory=list)
    token_bytes: list[float] = field(default_factory=list)
    stream_kib: list[float] = field(default_factory=list)


async def _single(side: Side, costs: Costs) -> None:
    """Short answers one after the other: the first text, and processor time for each."""
    for _ in range(WARM_UP):
        await hear(side, *SHORT)
    before = side.server.cpu_seconds()
    heard = [await hear(side, *SHORT) for _ in range(ANSWERS)]
    costs.answer_ms.append((side.server.cpu_seconds() - before) * 1000 / ANSWERS)
    costs.first_ms += [answer.first * 1000 for answer in heard]


async def _going(side: Side, costs: Costs) -> None:
    """Paced answers that come and go."""

    async def ask_on(number: int) -> list[Heard]:
        await asyncio.sleep(RAMP_SECONDS * number / STREAMS)
        return [await hear(side, *PACED) for _ in range(IN_A_ROW)]

    before = side.server.cpu_seconds()
    rows = await asyncio.gather(*(ask_on(number) for number in range(STREAMS)))
    heard = [answer for row in rows for answer in row]
    tokens = sum(answer.tokens for answer in heard)
    costs.going.append(tokens / (side.server.cpu_seconds() - before))
    costs.token_bytes.append(sum(answer.size for answer in heard) / tokens)


async def _long(side: Side, costs: Costs) -> None:
    """Paced answers of which none begins or ends while it is measured."""
    empty = side.server.memory_kib()
    answers = [asyncio.create_task(hear(side, *LONG)) for _ in range(STREAMS)]
    await asyncio.sleep(SETTLED_SECONDS)
    before, begun = side.server.cpu_seconds(), time.perf_counter()
    await asyncio.sleep(WINDOW_SECONDS)
    spent, passed = side.server.cpu_seconds() - before, time.perf_counter() - begun
    costs.stream_kib.append((side.server.memory_kib() - empty) / STREAMS)
    costs.long.append(STREAMS * PACE * passed / spent)
    await asyncio.gather(*answers)


async def _unpaced(side: Side, costs: Costs) -> None:
    """Answers as fast as they are taken."""
    before = side.server.cpu_seconds()
    heard = await asyncio.gather(*(hear(side, *UNPACED) for _ in range(UNPACED_STREAMS)))
    costs.unpaced.append(sum(answer.tokens for answer in heard) / (side.server.cpu_seconds() - before))


STEPS: Final[tuple[Callable[[Side, Costs], Awaitable[None]], ...]] = (_single, _going, _long, _unpaced)


async def _measure(bare: Side, omniai: Side) -> None:
    sides = {"bare": (bare, Costs()), "OmniAI": (omniai, Costs())}
    for step in STEPS:
        for _ in range(ROUNDS):
            for side, costs in sides.values():
                await step(side, costs)
    _print(sides["bare"][1], sides["OmniAI"][1])


def _print(bare: Costs, omniai: Costs) -> None:
    print(f"{'':<44}{'bare':>12}{'OmniAI':>12}  {'':<12}{'ratio':>6}")
    for percent in (50, 99):
        one, two = (statistics.quantiles(costs.first_ms, n=100)[percent - 1] for costs in (bare, omniai))
        _row(f"first text of single answers, p{percent}", one, two, "ms")
    paced = f"{STREAMS} paced streams"
    rows: tuple[tuple[str, Callable[[Costs], list[float]], str], ...] = (
        ("processor time of a new answer", lambda costs: costs.answer_ms, "ms"),
        (f"{paced}, answers coming and going", lambda costs: costs.going, "tok/CPU-s"),
        (f"{paced}, long answers", lambda costs: costs.long, "tok/CPU-s"),
        (f"{UNPACED_STREAMS} streams, unpaced", lambda costs: costs.unpaced, "tok/CPU-s"),
        (f"{paced}, to the page", lambda costs: costs.token_bytes, "bytes/token"),
        (f"{paced}, memory of each", lambda costs: costs.stream_kib, "KiB"),
    )
    for name, values, unit in rows:
        _row(name, statistics.median(values(bare)), statistics.median(values(omniai)), unit)
    print("\nCompare ratios, and only within one run.")


def _row(name: str, bare: float, omniai: float, unit: str) -> None:
    ratio = f"{omniai / bare:.2f}" if bare > 0 else "-"
    print(f"{name:<44}{bare:>12,.1f}{omniai:>12,.1f}  {unit:<12}{ratio:>6}")


async def _signed_in(address: str, token: str) -> Mapping[str, str]:
    owner = {"username": "owner", "password": secrets.token_urlsafe(16), "transport": "bearer"}
    signed_in = await post(f"{address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
    return {"Authorization": f"Bearer {signed_in['access_token']}"}


def _start_again(environ: Mapping[str, str]) -> None:
    """How long a start on a database takes that is there, and what the server needs before anybody asks."""
    begun = time.perf_counter()
    with running([str(BIN / "omniai"), "serve"], environ, quiet=True) as server:
        with urlopen(f"{server.address}/health") as answer:  # noqa: S310 - our own address
            answer.read()
        passed = time.perf_counter() - begun
        spent, memory = server.cpu_seconds(), server.memory_kib() / 1024
    print(f"start to /health {passed:.2f} s, of it processor time {spent:.2f} s; memory then {memory:.0f} MiB\n")


def _bench() -> None:
    token = secrets.token_urlsafe(32)
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
    with (
        tempfile.TemporaryDirectory() as data,
        running([PYTHON, str(HERE / "upstream.py")], own) as upstream,
        running([PYTHON, str(HERE / "bare.py"), upstream.address], own) as bare,
    ):
        model_server = {"OPENAI_COMPAT_BASE_URL": f"{upstream.address}/v1"}
        settings = {**SETTINGS, **model_server, "DATA_DIR": data, "BOOTSTRAP_TOKEN": token}
        environ = {**own, **{f"OMNIAI_{name}": value for name, value in settings.items()}}

        async def measure(address: str) -> None:
            body = {"message": {"content": "Hello"}, "provider": "openai_compat"}
            with_rights = Side(omniai, "/chat/stream", await _signed_in(address, token), body)
            await _measure(Side(bare, "/", {}, {"stream": True, "messages": []}), with_rights)

        with running([str(BIN / "omniai"), "serve"], environ, quiet=True) as omniai:
            asyncio.run(measure(omniai.address), loop_factory=uvloop.new_event_loop)
        _start_again(environ)


if __name__ == "__main__":
    sys.exit(run(_bench))
