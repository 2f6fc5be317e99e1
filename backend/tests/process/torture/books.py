"""What must hold in a database at rest, read from the file itself; and what a process takes of the machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NOTHING: Final = {
    "a reservation of a dead run": "SELECT generation_id FROM reservations",
    "tokens held for nobody": "SELECT user_id FROM day_counts WHERE held_tokens <> 0",
    "a stuck run": "SELECT id FROM generations WHERE status IN ('queued', 'streaming') OR ended_at IS NULL",
    "a stuck message": "SELECT id FROM messages WHERE state IN ('queued', 'streaming')",
    "a conversation that waits for a run": "SELECT id FROM conversations WHERE active_generation_id IS NOT NULL",
    "a run without its message": (
        "SELECT g.id FROM generations g LEFT JOIN messages m ON m.id = g.message_id WHERE m.id IS NULL"
    ),
    "a wrong number of messages": (
        "SELECT c.id FROM conversations c WHERE c.message_count <> "
        "(SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)"
    ),
    "a day that is not the sum of its ledger": (
        "SELECT d.user_id FROM day_counts d WHERE (d.messages, d.tokens) <> (SELECT coalesce(sum(u.messages), 0), "
        "coalesce(sum(u.prompt_tokens + u.completion_tokens), 0) FROM usage u "
        "WHERE u.user_id = d.user_id AND u.day = d.day)"
    ),
}


@dataclass(frozen=True)
class Vitals:
    """What a process takes: memory of its own in kB, open descriptors, threads."""

    memory: int
    descriptors: int
    threads: int


def balance(folder: Path) -> None:
    """Nothing runs: then the file is whole and its books agree."""
    with _opened(folder) as database:
        assert database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        wrong = {what: database.execute(query).fetchall() for what, query in NOTHING.items()}
    assert not any(wrong.values()), wrong


def doubled(folder: Path) -> list[str]:
    """Questions that were stored twice, wherever."""
    query = "SELECT content FROM messages WHERE role = 'user' GROUP BY content HAVING count(*) > 1"
    with _opened(folder) as database:
        return [content for (content,) in database.execute(query)]


def vitals(pid: int) -> Vitals:
    """Read a process's vitals."""
    status = dict(_fields(pid))
    descriptors = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return Vitals(int(status["RssAnon"].split()[0]), descriptors, int(status["Threads"]))


def _opened(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"file:{folder / 'omniai.db'}?mode=ro", uri=True))


def _fields(pid: int) -> Iterator[tuple[str, str]]:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        yield name, value.strip()
