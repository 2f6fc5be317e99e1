"""Fills a data folder's database with conversations of its first person, for the benchmark of the sidebar.

Goes through the tables of the application, beside the running server; knows nothing of the page.
"""

import sys
from datetime import timedelta
from pathlib import Path

from app.core.clock import now
from app.core.ids import new_id
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.accounts.models import User
from app.domain.conversations.models import Conversation
from sqlalchemy import insert, select

SUBJECTS = (
    "A boat for the lake",
    "Soup for many",
    "Why the lamp breathes",
    "Letters to a landlord",
    "Sums and their proofs",
)
APART = timedelta(hours=2)
PINNED = 5


def fill(path: Path, count: int) -> None:
    """Store conversations, the newest first, each two hours older than the one before."""
    database = Database(make_engine(sqlite_url(path)))
    owner_id = database.read_now(lambda session: session.scalars(select(User.id)).one())
    moment = now()
    rows = []
    for number in range(count):
        at = moment - number * APART
        title = f"{SUBJECTS[number % len(SUBJECTS)]}, part {number}"
        rows.append(
            {
                "id": new_id(),
                "user_id": owner_id,
                "title": title,
                "pinned": number < PINNED,
                "created_at": at,
                "updated_at": at,
                "last_message_at": at,
            }
        )
    database.write_now(lambda session: session.execute(insert(Conversation), rows))
    database.close()


if __name__ == "__main__":
    fill(Path(sys.argv[1]) / "omniai.db", int(sys.argv[2]))
    print("stored", flush=True)
