"""Every query of the audit log. Nothing here updates an entry save to erase, and nothing deletes one."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import DELETION, Filter, stamp

CHUNK: Final = 1_000


def newest(session: Session) -> AuditEntry | None:
    """The last entry."""
    return session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one_or_none()


def last_seq(session: Session) -> int:
    """The last entry's number, 0 when there is none."""
    return session.scalar(select(func.max(AuditEntry.seq))) or 0


def walk(session: Session) -> Iterator[AuditEntry]:
    """Every entry in order, a thousand at a time in memory."""
    after: int | None = None
    while True:
        found = following(session, after, CHUNK)
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1].seq
        session.expunge_all()


def following(session: Session, after: int | None, limit: int) -> list[AuditEntry]:
    """Entries behind a number, in order."""
    statement = select(AuditEntry).order_by(AuditEntry.seq).limit(limit)
    if after is not None:
        statement = statement.where(AuditEntry.seq > after)
    return list(session.scalars(statement))


def deletions(session: Session) -> dict[str, int]:
    """Ids of deleted people → number of the entry that says so."""
    statement = select(AuditEntry.target_id, func.max(AuditEntry.seq)).where(
        AuditEntry.action == DELETION, AuditEntry.outcome == "success", AuditEntry.target_id.is_not(None)
    )
    return {str(person): seq for person, seq in session.execute(statement.group_by(AuditEntry.target_id))}


def is_deleted(session: Session, user_id: str) -> bool:
    """Whether the log says that a person was deleted."""
    told = select(AuditEntry.seq).where(AuditEntry.target_id == user_id, AuditEntry.action == DELETION)
    return session.scalar(told.limit(1)) is not None


def entries(session: Session, wanted: Filter, limit: int, before: int | None) -> list[AuditEntry]:
    """Newest first, one row more than asked for."""
    statement = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(AuditEntry.seq < before)
    if wanted.action:
        family = AuditEntry.action.startswith(wanted.action, autoescape=True)
        statement = statement.where(family if wanted.action.endswith(".") else AuditEntry.action == wanted.action)
    if wanted.actor:
        statement = statement.where(or_(AuditEntry.actor_id == wanted.actor, AuditEntry.actor_name == wanted.actor))
    if wanted.outcome:
        statement = statement.where(AuditEntry.outcome == wanted.outcome)
    if wanted.since:
        statement = statement.where(AuditEntry.at >= stamp(wanted.since))
    if wanted.until:
        statement = statement.where(AuditEntry.at < stamp(wanted.until))
    return list(session.scalars(statement))


def erase_actor(session: Session, user_id: str) -> None:
    """Take what tells of a person out of the entries of their own acts."""
    statement = update(AuditEntry).where(AuditEntry.actor_id == user_id)
    nothing = dict.fromkeys(("actor_name", "address", "user_agent", "who_salt", "detail", "detail_salt"))
    session.execute(statement.values(nothing))


def erase_target(session: Session, user_id: str) -> None:
    """Take the details out of the entries of acts upon a person."""
    statement = update(AuditEntry).where(AuditEntry.target_id == user_id, AuditEntry.action != DELETION)
    session.execute(statement.values(detail=None, detail_salt=None))
