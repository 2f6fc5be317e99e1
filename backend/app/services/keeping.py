"""What ends by itself: temporary conversations soon, old ones when their owner or the administrator wishes so."""

from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.config.settings import KeepingSettings
from app.core.clock import now
from app.db.session import Database
from app.domain.accounts import repository as accounts
from app.domain.audit.service import Source, Trail
from app.domain.conversations import repository as conversation_rows
from app.domain.conversations import service as conversations
from app.services.trash import TrashService, remove

KEEPER: Final = Source(address="retention", user_agent="omniai", request_id=None)
BATCH: Final = 20
"""Conversations of one transaction: others' answers wait for it."""


class KeepingService:
    """Looks after how long conversations stay.

    Args:
        database: Where they are stored.
        trail: Where it is noted that some went.
        trash: Where they go.
        settings: How long each kind stays.
    """

    def __init__(self, database: Database, trail: Trail, trash: TrashService, settings: KeepingSettings) -> None:
        self._database = database
        self._trail = trail
        self._trash = trash
        self._settings = settings

    async def end_temporary(self) -> int:
        """Erase temporary conversations in which nothing happened for a while; returns how many there were."""
        before = now() - timedelta(seconds=self._settings.temporary_seconds)

        def write(session: Session) -> int:
            over = conversation_rows.over_any_owner(session, before, BATCH)
            for owner_id, conversation_id in over:
                conversations.delete(session, owner_id, conversation_id)
            return len(over)

        ended = 0
        while await self._database.read(partial(conversation_rows.over_any_owner, moment=before, limit=1)):
            ended += await self._database.write(write)
        return ended

    async def tidy(self) -> None:
        """Move to the trash what its owner or the administrator wants kept no longer, and empty the trash by age."""
        for owner_id, wished in await self._database.read(accounts.keep_days_any_owner):
            days = min((days for days in (wished, self._settings.retention_days) if days is not None), default=None)
            if days is not None:
                while await self._database.write(partial(self._retire, owner_id, days)) == BATCH:
                    pass
        await self._trash.purge()

    def _retire(self, owner_id: str, days: int, session: Session) -> int:
        old = conversation_rows.unchanged_since(session, owner_id, now() - timedelta(days=days), BATCH)
        for conversation_id in old:
            remove(session, owner_id, conversation_id, purge=self._settings.trash_days == 0)
        if old:
            kind, detail = ("user", owner_id), {"count": len(old)}
            self._trail.note(session, KEEPER, "conversation.expired", target=kind, detail=detail)
        return len(old)
