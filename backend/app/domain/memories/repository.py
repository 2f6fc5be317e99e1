"""Every query about memories; each takes the owner's id."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from app.core.pagination import PageRequest
from app.domain.memories.models import Memory


def get(session: Session, owner_id: str, memory_id: str) -> Memory | None:
    """One memory."""
    return session.scalars(select(Memory).where(Memory.id == memory_id, Memory.user_id == owner_id)).one_or_none()


type Version = tuple[int, datetime | None, str | None, str | None]
"""Differs whenever a person's memories do."""


def version(session: Session, owner_id: str) -> Version:
    """What tells that somebody's memories are as they were."""
    newest = (func.max(Memory.updated_at), func.min(Memory.id), func.max(Memory.id))
    row = session.execute(select(func.count(), *newest).where(Memory.user_id == owner_id)).one()
    return row[0], row[1], row[2], row[3]


def page(session: Session, owner_id: str, wanted: PageRequest) -> list[Memory]:
    """Newest first, one row more than asked for."""
    order = (Memory.created_at, Memory.id)
    statement = select(Memory).where(Memory.user_id == owner_id).order_by(*(column.desc() for column in order))
    if wanted.cursor:
        statement = statement.where(tuple_(*order) < (wanted.cursor.at, wanted.cursor.id))
    return list(session.scalars(statement.limit(wanted.limit + 1)))


def after(session: Session, owner_id: str, wanted: PageRequest) -> list[Memory]:
    """Everything from a cursor on, newest first."""
    return page(session, owner_id, PageRequest(count(session, owner_id), wanted.cursor))


def texts(session: Session, owner_id: str) -> Sequence[tuple[str, str, str, str | None]]:
    """Id, owner, text and message of everything that is remembered, newest first."""
    statement = select(Memory.id, Memory.user_id, Memory.content, Memory.message_id).where(Memory.user_id == owner_id)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(statement.order_by(Memory.created_at.desc()))]


def same(session: Session, owner_id: str, fingerprint: str) -> Memory | None:
    """The memory that says the same."""
    statement = select(Memory).where(Memory.user_id == owner_id, Memory.fingerprint == fingerprint)
    return session.scalars(statement).one_or_none()


def count(session: Session, owner_id: str) -> int:
    """How many somebody has."""
    return session.scalar(select(func.count()).select_from(Memory).where(Memory.user_id == owner_id)) or 0


def taken_any_owner(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these ids are in use, whosesoever they are."""
    return set(session.scalars(select(Memory.id).where(Memory.id.in_(ids))))


def note_use(session: Session, owner_id: str, ids: Sequence[str], now: datetime) -> None:
    """Note that memories were brought back."""
    session.execute(update(Memory).where(Memory.id.in_(ids), Memory.user_id == owner_id).values(last_used_at=now))


def delete_all(session: Session, owner_id: str) -> None:
    """Forget everything."""
    session.execute(delete(Memory).where(Memory.user_id == owner_id))
