"""Deletes what may still be in use: the rows first, then the answer that was being written for them stops."""

from sqlalchemy.orm import Session

from app.core.clock import now
from app.db.session import Database
from app.domain.conversations import service as conversations
from app.domain.generations import repository as generations
from app.services.generation.manager import GenerationManager


class RemovalService:
    """Removes conversations and messages everywhere.

    Args:
        database: Where they are stored.
        manager: Runs what may still be writing into them.
    """

    def __init__(self, database: Database, manager: GenerationManager) -> None:
        self._database = database
        self._manager = manager

    async def delete_conversation(self, owner_id: str, conversation_id: str) -> None:
        """Delete a conversation; readers of its answers are told and sent away.

        Raises:
            ConversationMissing: It is not the owner's.
        """

        def write(session: Session) -> list[str]:
            found = conversations.get(session, owner_id, conversation_id)
            running = [run.id for run in generations.active_in(session, owner_id, found.id)]
            conversations.delete(session, owner_id, found.id)
            return running

        for generation_id in await self._database.write(write):
            await self._manager.cancel(generation_id)

    async def delete_message(self, owner_id: str, message_id: str) -> None:
        """Delete a message with all that follows it; answers being written there are stopped first.

        Raises:
            MessageMissing: It is not the owner's.
        """

        def read(session: Session) -> list[str]:
            doomed = set(conversations.subtree_ids(session, owner_id, message_id))
            found = conversations.get_message(session, owner_id, message_id).message
            running = generations.active_in(session, owner_id, found.conversation_id)
            return [run.id for run in running if run.message_id in doomed]

        for generation_id in await self._database.read(read):
            await self._manager.cancel(generation_id)
        await self._database.write(lambda session: conversations.delete_message(session, owner_id, message_id, now()))
