"""Measures how often the right memory comes back among the first three, by words and by the meaning a model knows.

python bench/recall.py [--model FILE.gguf]: an embedding model; without one, by words alone. Sixty facts, two questions
for each that share a word with it and one that shares none, and questions that none answers
(backend/tests/services/facts.py).
"""

import argparse
import asyncio
import json
import os
import runpy
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Final

from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.memories.models import MemoryVector
from app.tables import accounts
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wire import BACKEND, BenchError, Server, installed, lines, post, run, running

FIRST: Final = 3
SETTLING_SECONDS: Final = 120
CHAT: Final = {"provider": "lmstudio", "model": "tokens-5-every-0", "max_tokens": 5}
_WRITTEN: Final = runpy.run_path(str(BACKEND / "tests" / "services" / "facts.py"))
FACTS: Final[Mapping[str, tuple[str, str]]] = _WRITTEN["FACTS"]
PARAPHRASES: Final[Mapping[str, str]] = _WRITTEN["PARAPHRASES"]
UNANSWERED: Final[Sequence[str]] = _WRITTEN["UNANSWERED"]


@contextmanager
def _meaning(model: Path | None) -> Iterator[dict[str, str]]:
    """Settings that name the model, which runs meanwhile; or none, although the model server has one."""
    if model is None:
        yield {"MEMORY_EMBEDDING_MODEL": "none"}
        return
    command = [sys.executable, "-m", "tests.peers.llama", "--embedding", str(model.resolve())]
    with running(command, os.environ, quiet=True) as engine:
        address, name = f"{engine.address}/v1", f"openai_compat/{model.stem}"
        yield {"OPENAI_COMPAT_BASE_URL": address, "MEMORY_EMBEDDING_MODEL": name}


async def _used(omniai: Server, question: str, headers: Mapping[str, str]) -> list[str]:
    """Ids of the memories that a question got, the best first."""
    body = {**CHAT, "message": {"content": question}, "use_memory": True}
    used: list[str] = []
    async with aclosing(lines(f"{omniai.address}/chat/stream", body, headers)) as answer:
        async for line in answer:
            if line.startswith(b"data: ") and b'"memory":' in line:
                used = json.loads(line[6:])["memory"]["ids"]
    return used


def _switch_on(session: Session) -> None:
    owner = session.scalars(select(accounts.User)).one()
    owner.preferences = {**owner.preferences, "memory_enabled": True}


def _vectors(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(MemoryVector)).one()


async def _settle(omniai: Server, database: Database, headers: Mapping[str, str]) -> None:
    """Ask until every fact has its vector: they are made behind answers."""
    until = time.monotonic() + SETTLING_SECONDS
    while database.read_now(_vectors) < len(FACTS):
        if time.monotonic() > until:
            raise BenchError("the memories got no vectors")
        await _used(omniai, "Hello?", headers)
        await asyncio.sleep(1)


async def _measure(upstream: Server, model: Path | None) -> None:
    with _meaning(model) as settings:
        async with installed(upstream, settings) as (omniai, headers, path):
            database = Database(make_engine(sqlite_url(path)))
            database.write_now(_switch_on)
            kept = {}
            for fact in FACTS:
                made = await post(f"{omniai.address}/memory", {"content": fact}, headers)
                kept[str(made["id"])] = fact
            if model is not None:
                await _settle(omniai, database, headers)
            database.close()
            _report(model, await _counted(omniai, kept, headers))


async def _counted(omniai: Server, kept: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str, str]:
    """How many questions bring their fact: sharing a word, sharing none, and how many bring one that none answers."""

    async def found(asked: Sequence[tuple[str, str]]) -> str:
        hits = [fact in [kept[each] for each in (await _used(omniai, said, headers))[:FIRST]] for fact, said in asked]
        return f"{sum(hits)}/{len(hits)}"

    sharing = await found([(fact, said) for fact, questions in FACTS.items() for said in questions])
    other = await found(list(PARAPHRASES.items()))
    unasked = sum([bool(await _used(omniai, said, headers)) for said in UNANSWERED])
    return sharing, other, f"{unasked}/{len(UNANSWERED)}"


def _report(model: Path | None, counted: tuple[str, str, str]) -> None:
    sharing, other, unasked = counted
    how = "by words alone" if model is None else f"and by {model.stem}"
    print(f"  {how:28} {sharing} sharing a word, {other} sharing none; unasked {unasked}")


def _all() -> None:
    parser = argparse.ArgumentParser(description="How often the right memory comes back.")
    parser.add_argument("--model", type=Path, help="an embedding model (GGUF)")
    given = parser.parse_args()
    upstream = [sys.executable, str(Path(__file__).with_name("upstream.py"))]
    with running(upstream, os.environ) as server:
        print(f"\nAmong the first {FIRST} memories that a question gets, of {len(FACTS)}:")
        for model in dict.fromkeys((None, given.model)):
            asyncio.run(_measure(server, model))


if __name__ == "__main__":
    sys.exit(run(_all))
