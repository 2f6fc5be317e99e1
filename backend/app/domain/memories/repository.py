"""Every query about memories; each takes the owner's id."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.core.pagination import PageRequest
from app.domain.memories.models import Memory, MemoryVector


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


def texts(session: Session, owner_id: str) -> Sequence[tuple[str, str, str, str | None, datetime]]:
    """Id, owner, text, message and last change of everything that is remembered, newest first."""
    columns = (Memory.id, Memory.user_id, Memory.content, Memory.message_id, Memory.updated_at)
    rows = session.execute(select(*columns).where(Memory.user_id == owner_id).order_by(Memory.created_at.desc()))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


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


def unplaced(session: Session, owner_id: str, space: str) -> list[tuple[str, str]]:
    """Id and text of what has no vector in a space, newest first."""
    placed = select(MemoryVector.memory_id).where(MemoryVector.user_id == owner_id, MemoryVector.space == space)
    statement = select(Memory.id, Memory.content).where(Memory.user_id == owner_id, Memory.id.not_in(placed))
    return [(row[0], row[1]) for row in session.execute(statement.order_by(Memory.created_at.desc()))]


def place(
    session: Session, owner_id: str, space: str, placed: Mapping[tuple[str, str], tuple[bytes, bytes]], now: datetime
) -> None:
    """Keep vectors of memories that still say what they were made from.

    Args:
        session: Of a write.
        owner_id: Whose memories.
        space: Of the vectors.
        placed: A memory's id and text → the signs and the numbers of its vector.
        now: When.
    """
    ids = [memory_id for memory_id, _ in placed]
    held = session.execute(select(Memory.id, Memory.content).where(Memory.user_id == owner_id, Memory.id.in_(ids)))
    same = [(row[0], row[1]) for row in held if (row[0], row[1]) in placed]
    displace(session, owner_id, [memory_id for memory_id, _ in same])
    rows = [
        {"memory_id": key[0], "user_id": owner_id, "space": space, "made_at": now}
        | dict(zip(("signs", "vector"), placed[key], strict=True))
        for key in same
    ]
    if rows:
        session.execute(insert(MemoryVector), rows)


def displace(session: Session, owner_id: str, ids: Sequence[str]) -> None:
    """Forget where memories stood."""
    session.execute(delete(MemoryVector).where(MemoryVector.user_id == owner_id, MemoryVector.memory_id.in_(ids)))


def signs(session: Session, owner_id: str, space: str) -> list[tuple[str, bytes]]:
    """Memories in a space with the signs of their vectors."""
    columns = (MemoryVector.memory_id, MemoryVector.signs)
    statement = select(*columns).where(MemoryVector.user_id == owner_id, MemoryVector.space == space)
    return [(row[0], row[1]) for row in session.execute(statement)]


def vectors(session: Session, owner_id: str, ids: Sequence[str]) -> list[tuple[str, bytes]]:
    """The vectors of memories."""
    columns = (MemoryVector.memory_id, MemoryVector.vector)
    statement = select(*columns).where(MemoryVector.user_id == owner_id, MemoryVector.memory_id.in_(ids))
    return [(row[0], row[1]) for row in session.execute(statement)]


def stamps_any_owner(session: Session, owner_id: str | None) -> dict[str, tuple[str, str, datetime]]:
    """Every vector's memory → owner, space and making; of one owner, or of all."""
    columns = (MemoryVector.memory_id, MemoryVector.user_id, MemoryVector.space, MemoryVector.made_at)
    statement = select(*columns)
    if owner_id is not None:
        statement = statement.where(MemoryVector.user_id == owner_id)
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(statement)}


def owners_any_owner(session: Session) -> list[str]:
    """Everybody of whom something is remembered."""
    return list(session.scalars(select(Memory.user_id).distinct()))


def counts_any_owner(session: Session) -> tuple[int, int]:
    """How many memories have a vector, and how many there are."""
    placed = session.scalar(select(func.count()).select_from(MemoryVector)) or 0
    return placed, session.scalar(select(func.count()).select_from(Memory)) or 0
