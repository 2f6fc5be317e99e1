"""Measures what memory adds to the time to the first token, for somebody of whom a thousand things are remembered."""

import asyncio
import hashlib
import json
import os
import statistics
import sys
import time
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Final

from app.core.clock import now
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.memories import repository
from app.domain.memories import service as memories
from app.services.memory import chroma
from app.tables import accounts
from sqlalchemy import select
from sqlalchemy.orm import Session

from wire import BenchError, Server, installed, lines, run, running

REMEMBERED: Final = 1_000
TRIES: Final = 200
SETTLING_SECONDS: Final = 120
FOLLOWING_SECONDS: Final = 10
"""What a store gets to hold what the tables hold, after the last vector was made."""
BOUNDS: Final = {"sql": 30, "chroma": 60}
"""Milliseconds that the 95th percentile may grow by."""
MODEL: Final = {"provider": "lmstudio", "model": "tokens-5-every-0", "max_tokens": 5}
SPACE: Final = "lmstudio/text-embedding-768"
LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


def _word(number: int) -> str:
    """A word of its own for each number."""
    return hashlib.sha256(str(number).encode()).hexdigest().translate(LETTERS)[:7]


def _remember(session: Session) -> str:
    """Write the memories, and switch memory on; gives the person."""
    owner = session.scalars(select(accounts.User)).one()
    owner.preferences = {**owner.preferences, "memory_enabled": True}
    for number in range(REMEMBERED):
        fact = f"In {_word(number)} I keep the {_word(number + REMEMBERED)} of {_word(number % 40)}"
        memories.keep(session, owner.id, fact, "manual", now())
    return owner.id


async def _first_token(omniai: Server, question: str, headers: Mapping[str, str], *, memory: bool) -> tuple[float, int]:
    """Milliseconds to the first token, and how many memories went along."""
    body = {**MODEL, "message": {"content": question}, "use_memory": memory}
    begun, used = time.perf_counter(), 0
    taken: float | None = None
    async with aclosing(lines(f"{omniai.address}/chat/stream", body, headers)) as answer:
        async for line in answer:
            if line.startswith(b"data: ") and b'"memory":' in line:
                used = int(json.loads(line[6:])["memory"]["used"])
            if line == b"event: delta" and taken is None:
                taken = (time.perf_counter() - begun) * 1000
    if taken is None:
        raise BenchError("an answer had no text")
    return taken, used


async def _settle(omniai: Server, database: Database, owner_id: str, headers: Mapping[str, str]) -> None:
    """Ask until every memory has its vector: they are made behind answers."""
    until = time.monotonic() + SETTLING_SECONDS
    while len(database.read_now(lambda session: repository.signs(session, owner_id, SPACE))) < REMEMBERED:
        if time.monotonic() > until:
            raise BenchError("the memories got no vectors")
        await _first_token(omniai, "Hello?", headers, memory=True)
        await asyncio.sleep(1)
    await _first_token(omniai, "Hello?", headers, memory=True)
    await asyncio.sleep(FOLLOWING_SECONDS)


async def _measure(store: str, upstream: Server) -> None:
    async with installed(upstream, {"MEMORY_STORE": store}) as (omniai, headers, path):
        database = Database(make_engine(sqlite_url(path)))
        await _settle(omniai, database, database.write_now(_remember), headers)
        database.close()
        taken: dict[bool, list[float]] = {True: [], False: []}
        helped = 0
        for number in range(TRIES):
            for memory in (True, False):
                ms, used = await _first_token(
                    omniai, f"Where do I keep the {_word(number + REMEMBERED)}?", headers, memory=memory
                )
                taken[memory].append(ms)
                helped += used > 0
        size = omniai.memory_kib() / 1024
    _report(store, taken[False], taken[True], f"{helped} of {TRIES} brought something back; {size:.0f} MiB")


def _report(store: str, without: list[float], having: list[float], rest: str) -> None:
    p95 = [statistics.quantiles(times, n=20)[-1] for times in (without, having)]
    added = p95[1] - p95[0]
    verdict = "met" if added <= BOUNDS[store] else "missed"
    print(
        f"  {store:6} p50 {statistics.median(without):5.1f} ms without, {statistics.median(having):5.1f} with; "
        f"p95 {p95[0]:5.1f} and {p95[1]:5.1f}: {added:+.1f} ms (≤ {BOUNDS[store]}: {verdict}); {rest}"
    )


def _all() -> None:
    upstream = [sys.executable, str(Path(__file__).with_name("upstream.py"))]
    with running(upstream, os.environ) as server:
        print(f"\nTime to the first token with {REMEMBERED:,} memories of vectors of 768 numbers, {TRIES} tries:")
        for store in BOUNDS:
            if store == "chroma" and not chroma.is_installed():
                print(f"  chroma not measured: {chroma.MISSING}")
            else:
                asyncio.run(_measure(store, server))


if __name__ == "__main__":
    sys.exit(run(_all))
