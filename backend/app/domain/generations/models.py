"""Tables of answers under way and how they ended, and of the keys that keep one from being asked for twice."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, PrimaryId


class Generation(Base):
    """One run of a model for one answer; ids of other nouns are by table name."""

    __tablename__ = "generations"
    __table_args__ = (Index("ix_generations_active", "status", "user_id"),)

    id: Mapped[PrimaryId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    conversation_id: Mapped[Id] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[Id] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(200))
    error_code: Mapped[str | None] = mapped_column(String(40))
    started_at: Mapped[Moment]
    heartbeat_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class IdempotencyKey(Base):
    """A person's own name for one submission. It outlives the run, so that a deleted answer is not asked for again."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    generation_id: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[Moment] = mapped_column(index=True)
