"""Imports, what became of each conversation in them, and what the source calls what came from it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables, and the columns beside what is there."""
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_imports_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_user_id"), "imports", ["user_id"])
    op.create_table(
        "import_results",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_results_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_results")),
    )
    op.add_column("conversations", sa.Column("source_id", sa.String(length=220), nullable=True))
    op.create_index("ix_conversations_source", "conversations", ["user_id", "source_id"], unique=True)
    op.add_column("messages", sa.Column("source_id", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("messages", "source_id")
    op.drop_index("ix_conversations_source", "conversations")
    op.drop_column("conversations", "source_id")
    op.drop_table("import_results")
    op.drop_table("imports")
