"""The table of deleted conversations, which lie whole and packed beside all that is searched, listed and exported."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, PrimaryId


class TrashedConversation(Base):
    """`document` is the conversation as an export writes it (docs/export.md), compressed by zlib."""

    __tablename__ = "trashed_conversations"
    __table_args__ = (
        Index("ix_trashed_conversations_list", "user_id", "deleted_at", "id"),
        Index("ix_trashed_conversations_deleted_at", "deleted_at"),
    )

    id: Mapped[PrimaryId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    message_count: Mapped[int]
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    deleted_at: Mapped[Moment]
