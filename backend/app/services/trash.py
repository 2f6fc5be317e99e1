"""Conversations that were deleted and may come back: packed as an export writes them, unpacked as an import reads them.

So nothing that lists, searches, exports or remembers can meet one.
"""

import json
import zlib
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import now
from app.db.session import Database
from app.domain.audit.service import Source, Trail
from app.domain.conversations import repository as conversation_rows
from app.domain.conversations import service as conversations
from app.domain.conversations.models import Conversation
from app.domain.trash import repository
from app.domain.trash import service as trash
from app.domain.trash.errors import TrashedMissing
from app.services.export import document
from app.services.importing import own, writer

QUICKLY: Final = 1
"""zlib's level: the writer of all answers waits for it."""


def remove(session: Session, owner_id: str, conversation_id: str, *, purge: bool) -> None:
    """Take a conversation from where it is, into the trash unless `purge` says otherwise or there is nothing to keep.

    Raises:
        ConversationMissing: It is not the owner's.
    """
    found = conversations.get(session, owner_id, conversation_id)
    if not purge and not found.temporary and found.message_count:
        packed = zlib.compress("".join(document.pieces(lambda: session, owner_id, found)).encode(), QUICKLY)
        trash.put(session, owner_id, found.title, found.message_count, packed, now())
    conversations.delete(session, owner_id, found.id)


class TrashService:
    """What becomes of what was deleted.

    Args:
        database: Where it lies.
        trail: Where acts are noted.
        days: How long it lies; 0 for no trash.
    """

    def __init__(self, database: Database, trail: Trail, days: int) -> None:
        self._database = database
        self._trail = trail
        self._days = days

    async def restore(self, owner_id: str, trashed_id: str, source: Source) -> Conversation:
        """Bring a conversation back, with its branches, dates and ids; what has taken its place meanwhile stays.

        Raises:
            TrashedMissing: It is not in the owner's trash.
        """

        def write(session: Session) -> Conversation:
            found = trash.get(session, owner_id, trashed_id)
            draft = own.draft_of(json.loads(zlib.decompress(found.document)))
            waits = True
            while waits:
                _, waits = writer.store(session, owner_id, draft, now(), dry_run=False)
            home = conversation_rows.conversation_from(session, owner_id, draft.id, writer.names(draft))
            if home is None:
                raise TrashedMissing
            # What was fetched out is not swept up at once for its age.
            home.updated_at = now()
            trash.take_out(session, owner_id, trashed_id)
            self._trail.note(session, source, "conversation.restored", target=("conversation", home.id))
            return home

        return await self._database.write(write)

    async def discard(self, owner_id: str, trashed_id: str, source: Source) -> None:
        """Delete a conversation for good.

        Raises:
            TrashedMissing: It is not in the owner's trash.
        """

        def write(session: Session) -> None:
            trash.take_out(session, owner_id, trashed_id)
            self._trail.note(session, source, "trash.discarded", target=("user", owner_id), detail={"count": 1})

        await self._database.write(write)

    async def empty(self, owner_id: str, source: Source) -> None:
        """Delete all of somebody's trash for good."""

        def write(session: Session) -> None:
            count = repository.delete_all(session, owner_id)
            if count:
                self._trail.note(session, source, "trash.discarded", target=("user", owner_id), detail={"count": count})

        await self._database.write(write)

    async def purge(self) -> int:
        """Take out what lay long enough; returns how many there were."""
        before = now() - timedelta(days=self._days)
        return await self._database.write(lambda session: repository.purge_any_owner(session, before))
