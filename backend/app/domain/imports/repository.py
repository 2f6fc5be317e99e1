"""Every query about imports; each takes the owner's id, save those of recovery."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.imports.models import Import, ImportResult
from app.domain.imports.rules import UNDER_WAY


def get(session: Session, owner_id: str, import_id: str) -> Import | None:
    """One import."""
    return session.scalars(select(Import).where(Import.id == import_id, Import.user_id == owner_id)).one_or_none()


def under_way(session: Session, owner_id: str) -> Import | None:
    """A person's import that has not ended."""
    statement = select(Import).where(Import.user_id == owner_id, Import.state.in_(UNDER_WAY)).limit(1)
    return session.scalars(statement).first()


def results(session: Session, owner_id: str, import_id: str) -> list[ImportResult]:
    """What became of each conversation, in the order of the file."""
    statement = select(ImportResult).join(Import).where(Import.id == import_id, Import.user_id == owner_id)
    return list(session.scalars(statement.order_by(ImportResult.place)))


def next_place(session: Session, import_id: str) -> int:
    """Behind the last conversation of a report."""
    newest = session.scalar(select(func.max(ImportResult.place)).where(ImportResult.import_id == import_id))
    return 0 if newest is None else newest + 1


def under_way_any_owner(session: Session) -> list[Import]:
    """Imports that have not ended."""
    return list(session.scalars(select(Import).where(Import.state.in_(UNDER_WAY))))


def set_state(session: Session, owner_id: str, import_id: str, state: str, finished_at: datetime | None) -> bool:
    """Note where an import stands; False when it is gone."""
    statement = update(Import).where(Import.id == import_id, Import.user_id == owner_id)
    values = statement.values(state=state, finished_at=finished_at).returning(Import.id)
    return session.scalars(values).first() is not None


def purge_any_owner(session: Session, made_before: datetime) -> None:
    """Forget old reports."""
    session.execute(delete(Import).where(Import.created_at < made_before, Import.state.not_in(UNDER_WAY)))
