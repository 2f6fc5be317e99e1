"""What is remembered of people, which answers used it, and which conversations pause it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Make the table, and the columns beside what is there."""
    op.create_table(
        "memories",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memories_user_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_memories_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_memories_message_id_messages"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memories")),
    )
    op.create_index("ix_memories_list", "memories", ["user_id", "created_at", "id"])
    op.create_index("ix_memories_fingerprint", "memories", ["user_id", "fingerprint"], unique=True)
    op.create_index(op.f("ix_memories_conversation_id"), "memories", ["conversation_id"])
    op.create_index(op.f("ix_memories_message_id"), "memories", ["message_id"])
    op.add_column("conversations", sa.Column("use_memory", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("messages", sa.Column("memory_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("messages", "memory_ids")
    op.drop_column("conversations", "use_memory")
    op.drop_table("memories")
