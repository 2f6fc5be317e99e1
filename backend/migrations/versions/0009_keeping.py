"""How long conversations are kept: what was deleted lies packed in the trash, what is temporary stands on no list."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Make the table and the columns, and let the list's index tell what is temporary."""
    op.create_table(
        "trashed_conversations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_trashed_conversations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trashed_conversations")),
    )
    op.create_index("ix_trashed_conversations_list", "trashed_conversations", ["user_id", "deleted_at", "id"])
    op.create_index("ix_trashed_conversations_deleted_at", "trashed_conversations", ["deleted_at"])
    op.add_column("users", sa.Column("keep_days", sa.Integer(), nullable=True))
    op.add_column("conversations", sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_conversations_temporary", "conversations", ["updated_at"], sqlite_where=sa.text("temporary IS 1")
    )
    op.drop_index("ix_conversations_list", "conversations")
    op.create_index(
        "ix_conversations_list", "conversations", ["user_id", "archived", "temporary", "last_message_at", "id"]
    )


def downgrade() -> None:
    """Take them away; what was temporary goes with its column."""
    op.execute("DELETE FROM conversations WHERE temporary")
    op.drop_index("ix_conversations_list", "conversations")
    op.create_index("ix_conversations_list", "conversations", ["user_id", "archived", "last_message_at", "id"])
    op.drop_index("ix_conversations_temporary", "conversations")
    op.drop_column("conversations", "temporary")
    op.drop_column("users", "keep_days")
    op.drop_table("trashed_conversations")
