"""Every query of the audit log. Nothing here changes an entry save to erase, and nothing deletes one."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.audit.errors import EntryUnreadable
from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import DELETION, GENESIS, Facts, Filter, stamp

CHUNK: Final = 1_000
AFTER_DOT: Final = "/"
"""The character after the dot, so that a family of actions is a range of an index."""
_COLUMNS: Final = tuple(AuditEntry.__table__.c[name] for name in Facts._fields)


def last_seq(session: Session) -> int:
    """Number of the newest entry, 0 when there is none; numbers have no gaps, so it is also how many there are."""
    return session.scalar(select(func.max(AuditEntry.seq))) or 0


def tip(session: Session) -> tuple[int, str]:
    """Number and hash of the newest entry; of nothing, 0 and what stands before the first."""
    row = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (0, GENESIS) if row is None else (row[0], row[1])


def add(session: Session, facts: Facts) -> AuditEntry:
    """Store an entry."""
    entry = AuditEntry(**facts._asdict())
    session.add(entry)
    session.flush()
    return entry


def deletion_seq(session: Session, user_id: str) -> int:
    """Number of the newest entry that tells of a person's deletion, 0 when there is none."""
    statement = select(func.max(AuditEntry.seq)).where(
        AuditEntry.target_id == user_id,
        AuditEntry.target_type == "user",
        AuditEntry.action == DELETION,
        AuditEntry.outcome == "success",
    )
    return session.scalar(statement) or 0


def erase(session: Session, user_id: str, before: int) -> None:
    """Erase a person's name and place from their own acts, and the details of acts by them or on them.

    Args:
        session: A write transaction.
        user_id: Whose.
        before: Entries below this number.
    """
    earlier = update(AuditEntry).where(AuditEntry.seq < before)
    who = dict.fromkeys(("actor_name", "address", "user_agent", "who_salt"))
    session.execute(earlier.where(AuditEntry.actor_id == user_id).values(who))
    concerned = or_(AuditEntry.actor_id == user_id, AuditEntry.target_id == user_id)
    session.execute(earlier.where(concerned).values(detail=None, detail_salt=None))


def facts_after(session: Session, seq: int | None, limit: int) -> list[Facts]:
    """Rows after a number, or from the lowest on, oldest first."""
    statement = select(*_COLUMNS).order_by(AuditEntry.seq).limit(limit)
    if seq is not None:
        statement = statement.where(AuditEntry.seq > seq)
    return [Facts(*row) for row in session.execute(statement)]


def walk(session: Session) -> Iterator[Facts]:
    """Every row, lowest number first, a chunk in memory at a time.

    Raises:
        EntryUnreadable: A row holds bytes that are no text; all before it were given.
    """
    seen: int | None = None
    size = CHUNK
    while True:
        try:
            rows = facts_after(session, seen, size)
        except OperationalError as error:
            if "decode" not in str(error.orig):
                raise
            if size == 1:
                raise EntryUnreadable(_seq_after(session, seen)) from error
            size = 1
            continue
        yield from rows
        if len(rows) < size:
            return
        seen = rows[-1].seq


def _seq_after(session: Session, seq: int | None) -> int:
    statement = select(AuditEntry.seq).order_by(AuditEntry.seq).limit(1)
    return session.scalars(statement if seq is None else statement.where(AuditEntry.seq > seq)).one()


def entries(session: Session, wanted: Filter, limit: int, before_seq: int | None) -> list[AuditEntry]:
    """Entries that match, newest first, one more than asked for."""
    statement = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit + 1)
    if before_seq is not None:
        statement = statement.where(AuditEntry.seq < before_seq)
    if wanted.action and wanted.action.endswith("."):
        after = wanted.action[:-1] + AFTER_DOT
        statement = statement.where(AuditEntry.action >= wanted.action, AuditEntry.action < after)
    elif wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.actor:
        statement = statement.where(or_(AuditEntry.actor_id == wanted.actor, AuditEntry.actor_name == wanted.actor))
    if wanted.outcome:
        statement = statement.where(AuditEntry.outcome == wanted.outcome)
    if wanted.since:
        statement = statement.where(AuditEntry.at >= stamp(wanted.since))
    if wanted.until:
        statement = statement.where(AuditEntry.at < stamp(wanted.until))
    return list(session.scalars(statement))
