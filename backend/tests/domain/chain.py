"""People, moments and helpers of the audit log's tests."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.audit.models import AuditEntry
from app.domain.audit.service import (
    Act,
    Source,
    append,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

KEY = "key-of-the-audit-log-0123456789abcdef"
NOW = datetime(2026, 11, 23, 9, 30, 0, 250_000, UTC)
MARIA = Source("203.0.113.7", "Firefox", "req-1", "id-maria", "maria")
OWNER = Source("203.0.113.9", "Chrome", "req-2", "id-owner", "owner")
PERSONAL = ("actor_name", "address", "user_agent", "who_salt", "detail", "detail_salt")


def grow(session: Session, count: int = 6) -> None:
    for number in range(count):
        act = Act("auth.login", actor_id="id-maria", actor_name="maria", address="203.0.113.7", detail={"n": number})
        append(session, KEY, act, NOW + timedelta(seconds=number))
    session.commit()


def row(session: Session, seq: int) -> AuditEntry:
    return session.scalars(
        select(AuditEntry).where(AuditEntry.seq == seq).execution_options(populate_existing=True)
    ).one()


def unguarded(path: Path) -> sqlite3.Connection:
    """The file in the hands of somebody who took the triggers off."""
    connection = sqlite3.connect(path, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection
