"""Acts on the trash: put in, list, take out; every one is the owner's own, or not found."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.ids import is_id, new_id
from app.core.pagination import Cursor, PageOf, PageRequest, page_of
from app.domain.trash import repository
from app.domain.trash.errors import TrashedMissing
from app.domain.trash.models import TrashedConversation


def put(session: Session, owner_id: str, title: str, message_count: int, document: bytes, now: datetime) -> None:
    """Lay a deleted conversation in."""
    session.add(
        TrashedConversation(
            id=new_id(),
            user_id=owner_id,
            title=title,
            message_count=message_count,
            document=document,
            deleted_at=now,
        )
    )


def get(session: Session, owner_id: str, trashed_id: str) -> TrashedConversation:
    """One deleted conversation.

    Raises:
        TrashedMissing: Unknown, another's, or not an id at all.
    """
    found = repository.get(session, owner_id, trashed_id) if is_id(trashed_id) else None
    if found is None:
        raise TrashedMissing
    return found


def list_page(session: Session, owner_id: str, page: PageRequest) -> PageOf[TrashedConversation]:
    """A page of somebody's trash, what was deleted last first."""
    return page_of(repository.page(session, owner_id, page), page.limit, lambda row: Cursor(row.deleted_at, row.id))


def take_out(session: Session, owner_id: str, trashed_id: str) -> None:
    """Delete for good.

    Raises:
        TrashedMissing: It is not in the owner's trash.
    """
    session.delete(get(session, owner_id, trashed_id))
