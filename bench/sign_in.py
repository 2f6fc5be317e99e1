"""Measures what signing in costs and tells: unknown names beside wrong passwords, and a crowd that signs in at once.

OmniAI runs as people run it, with its own cost of a password, on a throw-away data folder.
"""

import asyncio
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from wire import BIN, BenchError, Server, line_to, post, run, running

ACCOUNTS: Final = 50
TRIES: Final = 4
"""By each name, on either side: one below what locks an account."""
CROWD: Final = 200
PASSWORD: Final = "correct horse battery"  # noqa: S105 - of accounts that live as long as the measurement
SAMPLE_SECONDS: Final = 0.02
MEGABYTE: Final = 1_000_000


async def _accounts(omniai: Server, token: str) -> list[str]:
    """Make the owner and the people; gives their names."""
    owner = {"username": "owner", "password": PASSWORD, "transport": "bearer"}
    signed_in = await post(f"{omniai.address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
    invite = await post(f"{omniai.address}/admin/invites", {"max_uses": ACCOUNTS}, headers)
    names = [f"person{number:03}" for number in range(ACCOUNTS)]
    for name in names:
        body = {"invite_code": invite["code"], "username": name, "password": PASSWORD}
        await post(f"{omniai.address}/auth/register", body, {})
    return names


async def _refusals(omniai: Server, names: list[str]) -> dict[str, list[float]]:
    """Milliseconds of refused sign-ins by names that exist and names that do not, in random turns."""
    taken: dict[str, list[float]] = {"wrong password": [], "unknown name": []}
    wanted = [(side, name) for name in names for side in taken]
    async with line_to(omniai.address) as line:
        for number in range(TRIES):
            random.shuffle(wanted)
            for side, name in wanted:
                named = name if side == "wrong password" else f"nobody{name[-3:]}"
                body = {"username": named, "password": f"a wrong password {number}"}
                status, seconds = await line.ask("POST", "/auth/login", body)
                if status != HTTPStatus.UNAUTHORIZED:
                    raise BenchError(f"a wrong sign-in was answered {status}")
                taken[side].append(seconds * 1000)
    return taken


@dataclass
class Pulse:
    """How a server does while something else goes on.

    Attributes:
        waits: Milliseconds that `/health` took.
        peak: Bytes of resident memory at most.
    """

    waits: list[float] = field(default_factory=list)
    peak: int = 0

    async def feel(self, omniai: Server) -> None:
        """Look again and again. Runs until cancelled."""
        async with line_to(omniai.address) as line:
            while True:
                status, seconds = await line.ask("GET", "/health")
                if status != HTTPStatus.OK:
                    raise BenchError(f"/health was answered {status}")
                self.waits.append(seconds * 1000)
                self.peak = max(self.peak, _resident_bytes(omniai))
                await asyncio.sleep(SAMPLE_SECONDS)


@dataclass(frozen=True)
class Rush:
    """A crowd that signed in at once.

    Attributes:
        seconds: Until the last was answered.
        waits: Seconds of each.
        statuses: How many got which.
        grown: Bytes of memory taken meanwhile.
        pulse: The server meanwhile.
    """

    seconds: float
    waits: list[float]
    statuses: Counter[int]
    grown: int
    pulse: Pulse


async def _rush(omniai: Server, names: list[str]) -> Rush:
    async def sign_in(name: str) -> tuple[int, float]:
        async with line_to(omniai.address) as line:
            return await line.ask("POST", "/auth/login", {"username": name, "password": PASSWORD})

    before, pulse = _resident_bytes(omniai), Pulse()
    watching = asyncio.create_task(pulse.feel(omniai))
    await asyncio.sleep(SAMPLE_SECONDS * 5)
    pulse.waits.clear()
    begun = time.perf_counter()
    answers = await asyncio.gather(*(sign_in(names[number % len(names)]) for number in range(CROWD)))
    seconds = time.perf_counter() - begun
    watching.cancel()
    await asyncio.wait({watching})
    if not watching.cancelled():
        watching.result()
    waits = [wait for _, wait in answers]
    return Rush(seconds, waits, Counter(status for status, _ in answers), pulse.peak - before, pulse)


def _resident_bytes(omniai: Server) -> int:
    pages = int(Path(f"/proc/{omniai.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _row(name: str, value: float, unit: str, wanted: str) -> None:
    print(f"{name:<52}{value:>10.3f} {unit:<6}{wanted}")


async def _measure(omniai: Server, token: str) -> None:
    names = await _accounts(omniai, token)
    taken = await _refusals(omniai, names)
    medians = {side: statistics.median(values) for side, values in taken.items()}
    for side, median in medians.items():
        _row(f"{side}, {len(taken[side])} tries, median", median, "ms", "")
    _row("wrong password over unknown name", medians["wrong password"] / medians["unknown name"], "", "0.97 to 1.03")
    rush = await _rush(omniai, names)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(rush.statuses.items()))
    _row(f"{CROWD} sign-ins at once ({told}), all answered", rush.seconds, "s", "at most 10")
    _row("one of them, p50", _percentile(rush.waits, 50), "s", "")
    _row("memory taken meanwhile", rush.grown / MEGABYTE, "MB", "at most 400")
    _row(f"/health meanwhile, {len(rush.pulse.waits)} times, p50", _percentile(rush.pulse.waits, 50), "ms", "")
    _row("/health meanwhile, p99", _percentile(rush.pulse.waits, 99), "ms", "at most 200")


def _bench() -> None:
    token = secrets.token_urlsafe(32)
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
    with tempfile.TemporaryDirectory() as data:
        settings = {
            "OMNIAI_PORT": "0",
            "OMNIAI_DATA_DIR": data,
            "OMNIAI_LOG_LEVEL": "warning",
            "OMNIAI_BOOTSTRAP_TOKEN": token,
            # Counted as for people, but for one address that stands for many.
            "OMNIAI_RATE_LIMIT_AUTH": "1000000",
        }
        with running([str(BIN / "omniai"), "serve"], {**own, **settings}) as omniai:
            asyncio.run(_measure(omniai, token))


if __name__ == "__main__":
    sys.exit(run(_bench))
