"""Deletes what may still be in use: the rows first, then the answer that was being written for them stops."""

from collections.abc import Awaitable, Callable

from sqlalchemy.orm import Session

from app.config.settings import KeepingSettings
from app.core.clock import now
from app.db.session import Database
from app.domain.accounts import service as accounts
from app.domain.audit.service import Source, Trail
from app.domain.conversations import repository
from app.domain.conversations import service as conversations
from app.domain.generations import repository as generations
from app.services.generation.manager import GenerationManager
from app.services.memory.service import MemoryService
from app.services.trash import remove

Revoked = Callable[[], Awaitable[None]]
"""Tells open streams at once that sign-ins have ended; they would find out by themselves within seconds."""


class RemovalService:
    """Removes people, conversations and messages everywhere.

    Args:
        database: Where they are stored.
        manager: Runs what may still be writing into them.
        trail: Where acts are noted.
        revoked: Called when a person is gone.
        memory: What may still hold something of them.
        keeping: Whether there is a trash.
    """

    def __init__(
        self,
        database: Database,
        manager: GenerationManager,
        trail: Trail,
        revoked: Revoked,
        memory: MemoryService,
        keeping: KeepingSettings,
    ) -> None:
        self._database = database
        self._manager = manager
        self._trail = trail
        self._revoked = revoked
        self._memory = memory
        self._has_trash = keeping.trash_days > 0

    async def delete_person(self, user_id: str, source: Source) -> None:
        """Delete a person with everything that is theirs; the audit log keeps its proof without their traces.

        Raises:
            UserMissing: There is no such person.
            LastAdmin: Nobody who can administer would be left.
            Overtaken: Whoever asks for it may not any more, or is gone themselves.
        """

        def write(session: Session) -> list[str]:
            accounts.refuse_overtaken(session, source.actor_id, None if source.actor_id == user_id else "admin")
            running = generations.active_ids(session, user_id)
            accounts.delete_user(session, user_id)
            repository.merge_words(session)
            self._trail.note_deletion(session, source, user_id)
            return running

        running = await self._database.write(write)
        await self._revoked()
        for generation_id in running:
            await self._manager.cancel(generation_id)
        await self._memory.purge()

    async def delete_conversation(self, owner_id: str, conversation_id: str, source: Source, *, purge: bool) -> None:
        """Move a conversation to the trash, or delete it for good; readers of its answers are told and sent away.

        Raises:
            ConversationMissing: It is not the owner's.
        """

        def write(session: Session) -> list[str]:
            found = conversations.get(session, owner_id, conversation_id)
            running = [run.id for run in generations.active_in(session, owner_id, found.id)]
            remove(session, owner_id, found.id, purge=purge or not self._has_trash)
            self._trail.note(session, source, "conversation.deleted", target=("conversation", found.id))
            return running

        for generation_id in await self._database.write(write):
            await self._manager.cancel(generation_id)

    async def delete_message(self, owner_id: str, message_id: str, source: Source) -> None:
        """Delete a message with all that follows it; answers being written there are stopped first.

        Raises:
            MessageMissing: It is not the owner's.
        """

        def read(session: Session) -> list[str]:
            doomed = set(conversations.subtree_ids(session, owner_id, message_id))
            found = conversations.get_message(session, owner_id, message_id).message
            running = generations.active_in(session, owner_id, found.conversation_id)
            return [run.id for run in running if run.message_id in doomed]

        def write(session: Session) -> None:
            conversations.delete_message(session, owner_id, message_id, now())
            self._trail.note(session, source, "message.deleted", target=("message", message_id))

        for generation_id in await self._database.read(read):
            await self._manager.cancel(generation_id)
        await self._database.write(write)
