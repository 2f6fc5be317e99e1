"""Measures finding: the search and the list of conversations, in an installation where somebody has written a lot."""

import asyncio
import os
import random
import secrets
import statistics
import sys
import tempfile
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from app.core.clock import now
from app.core.ids import new_id
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.accounts.models import User
from app.domain.conversations.models import Conversation, Message
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from wire import BIN, BenchError, line_to, post, run, running

CONVERSATIONS: Final = 10_000
MESSAGES: Final = 20
WORDS: Final = 24
"""In each message."""
VOCABULARY: Final = 20_000
AT_A_TIME: Final = 500
TRIES: Final = 200
BOUNDS: Final = {"two words": 50, "rare word": 5, "common word": 5, "absent word": 5, "list, page of 60": 10}
"""Milliseconds at the 95th percentile, answer included."""
PASSWORD: Final = "correct horse battery"  # noqa: S105 - of an account that lives as long as the measurement


def _word(chance: random.Random) -> str:
    """Words as people use them: a few often, most hardly ever (Zipf's law, by the inverse of a uniform chance)."""
    return f"word{min(VOCABULARY, int(1 / (1 - chance.random())))}"


def _fill(database: Database) -> None:
    """Write the conversations of years, the oldest first."""
    chance = random.Random(7)  # noqa: S311 - the same texts in every run
    owner_id = database.read_now(lambda session: session.scalars(select(User.id)).one())
    newest = now()
    for first in range(0, CONVERSATIONS, AT_A_TIME):
        homes: list[dict[str, object]] = []
        texts: list[dict[str, object]] = []
        for number in range(first, first + AT_A_TIME):
            at = newest - timedelta(hours=CONVERSATIONS - number)
            title = " ".join(_word(chance) for _ in range(4))
            times = {"created_at": at, "updated_at": at}
            home = {"id": new_id(), "user_id": owner_id, "title": title, "message_count": MESSAGES, **times}
            homes.append({**home, "last_message_at": at})
            for place in range(MESSAGES):
                text = {
                    "id": new_id(),
                    "conversation_id": home["id"],
                    "user_id": owner_id,
                    "state": "complete",
                    **times,
                }
                content = " ".join(_word(chance) for _ in range(WORDS))
                texts.append({**text, "role": "assistant" if place % 2 else "user", "content": content})

        def store(
            session: Session, homes: list[dict[str, object]] = homes, texts: list[dict[str, object]] = texts
        ) -> None:
            session.execute(insert(Conversation), homes)
            session.execute(insert(Message), texts)

        database.write_now(store)


def _paths(chance: random.Random) -> dict[str, str]:
    def search(words: str) -> str:
        return f"/search?q={quote(words)}"

    return {
        "two words": search(f"word{chance.randrange(2, 30)} word{chance.randrange(2, 30)} "),
        "rare word": search(f"word{chance.randrange(5_000, VOCABULARY)} "),
        "common word": search("word1 "),
        "absent word": search("nowhere "),
        "list, page of 60": "/conversations?limit=60",
    }


async def _measure() -> None:
    token = secrets.token_urlsafe(32)
    with tempfile.TemporaryDirectory(prefix="omniai-bench-") as folder:
        environ = {
            **os.environ,
            "OMNIAI_DATA_DIR": folder,
            "OMNIAI_PORT": "0",
            "OMNIAI_BOOTSTRAP_TOKEN": token,
            "OMNIAI_RATE_LIMIT_ENABLED": "false",
        }
        with running([str(BIN / "omniai"), "serve"], environ, quiet=True) as omniai:
            owner = {"username": "owner", "password": PASSWORD, "transport": "bearer"}
            signed_in = await post(f"{omniai.address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
            database = Database(make_engine(sqlite_url(Path(folder) / "omniai.db")))
            _fill(database)
            database.close()
            taken: dict[str, list[float]] = {name: [] for name in BOUNDS}
            chance = random.Random(8)  # noqa: S311 - the same questions in every run
            headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
            async with line_to(omniai.address) as line:
                for _ in range(TRIES):
                    for name, path in _paths(chance).items():
                        status, seconds = await line.ask("GET", path, headers=headers)
                        if status != HTTPStatus.OK:
                            raise BenchError(f"{path} was answered {status}")
                        taken[name].append(seconds * 1000)
        size = (Path(folder) / "omniai.db").stat().st_size / 1e6
    print(f"\n{CONVERSATIONS:,} conversations of {MESSAGES} messages of {WORDS} words, {size:,.0f} MB; {TRIES} tries:")
    for name, times in taken.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        verdict = "met" if p95 <= BOUNDS[name] else "missed"
        print(f"  {name:17} p50 {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms   (≤ {BOUNDS[name]}: {verdict})")


if __name__ == "__main__":
    sys.exit(run(lambda: asyncio.run(_measure())))
