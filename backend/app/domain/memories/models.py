"""The table of what is remembered."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, PrimaryId


class Memory(Base):
    """Something that is remembered of its owner; what says the same has the same `fingerprint`."""

    __tablename__ = "memories"
    __table_args__ = (
        Index("ix_memories_list", "user_id", "created_at", "id"),
        Index("ix_memories_fingerprint", "user_id", "fingerprint", unique=True),
    )

    id: Mapped[PrimaryId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]
