"""Every query about the trash; each takes the owner's id, save that of its age."""

from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from app.core.pagination import PageRequest
from app.domain.trash.models import TrashedConversation


def page(session: Session, owner_id: str, page: PageRequest) -> list[TrashedConversation]:
    """What was deleted last comes first; one row more than asked for."""
    order = (TrashedConversation.deleted_at, TrashedConversation.id)
    statement = select(TrashedConversation).where(TrashedConversation.user_id == owner_id)
    if page.cursor:
        statement = statement.where(tuple_(*order) < (page.cursor.at, page.cursor.id))
    return list(session.scalars(statement.order_by(*(column.desc() for column in order)).limit(page.limit + 1)))


def get(session: Session, owner_id: str, trashed_id: str) -> TrashedConversation | None:
    """One deleted conversation."""
    statement = select(TrashedConversation).where(
        TrashedConversation.id == trashed_id, TrashedConversation.user_id == owner_id
    )
    return session.scalars(statement).one_or_none()


def delete_all(session: Session, owner_id: str) -> int:
    """Empty somebody's trash; returns how many there were."""
    statement = delete(TrashedConversation).where(TrashedConversation.user_id == owner_id)
    return len(session.scalars(statement.returning(TrashedConversation.id)).all())


def purge_any_owner(session: Session, deleted_before: datetime) -> int:
    """Take out what lay long enough; returns how many there were."""
    statement = delete(TrashedConversation).where(TrashedConversation.deleted_at < deleted_before)
    return len(session.scalars(statement.returning(TrashedConversation.id)).all())
