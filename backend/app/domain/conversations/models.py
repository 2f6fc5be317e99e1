"""Tables of conversations and their messages, which form a tree."""

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, PrimaryId


class Conversation(Base):
    """`current_leaf_id` is the end of the branch that is shown; `active_generation_id` the newest answer under way;
    `source_id` what an import calls it;
    what is `temporary` stands on no list, in no search and in no export, and ends by itself."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_list", "user_id", "archived", "temporary", "last_message_at", "id"),
        Index("ix_conversations_source", "user_id", "source_id", unique=True),
        Index("ix_conversations_temporary", "updated_at", sqlite_where=text("temporary IS 1")),
    )

    id: Mapped[PrimaryId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    pinned: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    provider: Mapped[str | None] = mapped_column(String(64))
    model: Mapped[str | None] = mapped_column(String(200))
    system: Mapped[str | None] = mapped_column(Text)
    current_leaf_id: Mapped[str | None] = mapped_column(String(36))
    active_generation_id: Mapped[str | None] = mapped_column(String(36))
    message_count: Mapped[int] = mapped_column(default=0)
    source_id: Mapped[str | None] = mapped_column(String(220))
    use_memory: Mapped[bool] = mapped_column(default=True)
    temporary: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    last_message_at: Mapped[Moment]


class Message(Base):
    """A question or an answer. `state` tells where an answer stands or how it ended; a question is `complete`."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_conversation", "conversation_id", "id"),
        Index("ix_messages_parent", "parent_id"),
    )

    id: Mapped[PrimaryId]
    conversation_id: Mapped[Id] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # No cascade: SQLite would recurse once per generation of a long conversation and give up at a depth of 1,000.
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    role: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(Text)
    reasoning: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(40))
    provider: Mapped[str | None] = mapped_column(String(64))
    model: Mapped[str | None] = mapped_column(String(200))
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    usage_estimated: Mapped[bool] = mapped_column(default=False)
    finish_reason: Mapped[str | None] = mapped_column(String(40))
    ttft_ms: Mapped[int | None]
    elapsed_ms: Mapped[int | None]
    rating: Mapped[str | None] = mapped_column(String(8))
    rating_note: Mapped[str | None] = mapped_column(String(2000))
    source_id: Mapped[str | None] = mapped_column(String(200))
    memory_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class SearchEntry(Base):
    """A number for each conversation (its title) and message in the index of words; kept by the database's triggers."""

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[Id] = mapped_column(unique=True)
