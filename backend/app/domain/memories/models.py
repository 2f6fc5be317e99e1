"""The tables of what is remembered, and of where it stands among the meanings that an embedding model knows."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
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


class MemoryVector(Base):
    """A memory's place in the space of one embedding model; gone when the memory says something else.

    Attributes:
        space: The model, with its server: vectors of two spaces are never compared.
        signs: One bit for each number of the vector, set where it is positive.
        vector: The numbers, as 32-bit floats of length 1.
    """

    __tablename__ = "memory_vectors"
    # The signs stand in the index, so that looking through them reads no vector.
    __table_args__ = (Index("ix_memory_vectors_signs", "user_id", "space", "memory_id", "signs"),)

    memory_id: Mapped[str] = mapped_column(ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    space: Mapped[str] = mapped_column(String(300))
    signs: Mapped[bytes] = mapped_column(LargeBinary)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Moment]
