"""Fills the database of a running server with conversations of its first person, for the benchmark of the sidebar.

Writes into the table that the server's migrations made; knows nothing of the page.
"""

import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

SUBJECTS: Final = ("A boat for the lake", "Soup for many", "Why the lamp breathes", "Letters to a landlord", "Sums")
APART: Final = timedelta(hours=2)
PINNED: Final = 5
STORE: Final = """
INSERT INTO conversations
    (id, user_id, title, pinned, archived, message_count, created_at, updated_at, last_message_at)
SELECT :id, users.id, :title, :pinned, FALSE, 2, :at, :at, :at FROM users
"""


def fill(path: Path, count: int) -> None:
    """Store conversations, the newest first, each two hours older than the one before."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = (
        {
            "id": f"0198a000-0000-7000-8000-{number:012x}",
            "title": f"{SUBJECTS[number % len(SUBJECTS)]}, part {number}",
            "pinned": number < PINNED,
            "at": (now - number * APART).isoformat(" ", "microseconds"),
        }
        for number in range(count)
    )
    with sqlite3.connect(path) as database:
        database.executemany(STORE, rows)


if __name__ == "__main__":
    fill(Path(sys.argv[1]) / "omniai.db", int(sys.argv[2]))
    print("stored", flush=True)
