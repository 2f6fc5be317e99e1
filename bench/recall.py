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
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from pathlib import Path
from typing import Final

from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.memories.models import MemoryVector
from app.tables import accounts
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wire import BIN, BenchError, Server, lines, post, run, running

BACKEND: Final = BIN.parent.parent
FIRST: Final = 3
SETTLING_SECONDS: Final = 120
PASSWORD: Final = "correct horse battery"  # noqa: S105 - of an account that lives as long as the measurement
CHAT: Final = {"provider": "lmstudio", "model": "tokens-5-every-0", "max_tokens": 5}
_WRITTEN: Final = runpy.run_path(str(BACKEND / "tests" / "services" / "facts.py"))
FACTS: Final[Mapping[str, tuple[str, str]]] = _WRITTEN["FACTS"]
PARAPHRASES: Final[Mapping[str, str]] = _WRITTEN["PARAPHRASES"]
UNANSWERED: Final[Sequence[str]] = _WRITTEN["UNANSWERED"]


@contextmanager
def _omniai(upstream: Server, model: Path | None, folder: str, token: str) -> Iterator[Server]:
    environ = {
        **os.environ,
        "OMNIAI_DATA_DIR": folder,
        "OMNIAI_PORT": "0",
        "OMNIAI_BOOTSTRAP_TOKEN": token,
        "OMNIAI_RATE_LIMIT_ENABLED": "false",
        "OMNIAI_QUOTA_MESSAGES_PER_DAY": "unlimited",
        "OMNIAI_QUOTA_TOKENS_PER_DAY": "unlimited",
        "OMNIAI_LMSTUDIO_BASE_URL": f"{upstream.address}/v1",
        "OMNIAI_MEMORY_EMBEDDING_MODEL": "none",
    }
    with ExitStack() as stack:
        if model is not None:
            command = [sys.executable, "-m", "tests.peers.llama", "--embedding", str(model.resolve())]
            engine = stack.enter_context(running(command, os.environ, quiet=True))
            environ["OMNIAI_OPENAI_COMPAT_BASE_URL"] = f"{engine.address}/v1"
            environ["OMNIAI_MEMORY_EMBEDDING_MODEL"] = f"openai_compat/{model.stem}"
        yield stack.enter_context(running([str(BIN / "omniai"), "serve"], environ, quiet=True))


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
    token = secrets.token_urlsafe(32)
    with (
        tempfile.TemporaryDirectory(prefix="omniai-bench-") as folder,
        _omniai(upstream, model, folder, token) as omniai,
    ):
        owner = {"username": "owner", "password": PASSWORD, "transport": "bearer"}
        signed_in = await post(f"{omniai.address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
        headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
        database = Database(make_engine(sqlite_url(Path(folder) / "omniai.db")))
        database.write_now(_switch_on)
        kept = {}
        for fact in FACTS:
            made = await post(f"{omniai.address}/memory", {"content": fact}, headers)
            kept[str(made["id"])] = fact
        if model is not None:
            await _settle(omniai, database, headers)
        database.close()

        async def found(asked: Sequence[tuple[str, str]]) -> str:
            hits = [
                fact in [kept[each] for each in (await _used(omniai, said, headers))[:FIRST]] for fact, said in asked
            ]
            return f"{sum(hits)}/{len(hits)}"

        sharing = await found([(fact, said) for fact, questions in FACTS.items() for said in questions])
        other = await found(list(PARAPHRASES.items()))
        unasked = sum([bool(await _used(omniai, said, headers)) for said in UNANSWERED])
    how = "by words alone" if model is None else f"and by {model.stem}"
    print(f"  {how:28} {sharing} sharing a word, {other} sharing none; unasked {unasked}/{len(UNANSWERED)}")


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
