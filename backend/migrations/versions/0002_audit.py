"""The audit log, append-only by triggers."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FIXED: Final = [
    "seq",
    "at",
    "action",
    "outcome",
    "actor_id",
    "target_type",
    "target_id",
    "request_id",
    "who_digest",
    "detail_digest",
    "previous_hash",
    "hash",
]
ERASABLE: Final = (
    (("who_salt", "actor_name", "address", "user_agent"), "OLD.actor_id"),
    (("detail_salt", "detail"), "OLD.actor_id, OLD.target_id"),
)
"""Columns that go together, and whose deletion lets them go."""


def upgrade() -> None:
    """Make the table and what guards it."""
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=True),
        sa.Column("target_type", sa.String(length=20), nullable=True),
        sa.Column("target_id", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=128), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=True),
        sa.Column("who_salt", sa.String(length=32), nullable=True),
        sa.Column("who_digest", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("detail_salt", sa.String(length=32), nullable=True),
        sa.Column("detail_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_action", "audit_entries", ["action", "seq"])
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor_id", "seq"])
    op.create_index("ix_audit_entries_target", "audit_entries", ["target_id"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()


def _guard_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END"
    )
    # REPLACE deletes without asking the trigger above, so a number is never given twice.
    op.execute(
        "CREATE TRIGGER audit_entries_append BEFORE INSERT ON audit_entries "
        "WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_entries) "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are only appended'); END"
    )
    same = [f"NEW.{name} IS OLD.{name}" for name in FIXED]
    for columns, people in ERASABLE:
        kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns)
        gone = " AND ".join(f"NEW.{name} IS NULL" for name in columns)
        same.append(f"(({kept}) OR ({gone} AND {_deleted_later(people)}))")
    op.execute(
        "CREATE TRIGGER audit_entries_change BEFORE UPDATE ON audit_entries "
        f"WHEN NOT ({' AND '.join(same)}) "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
    )


def _deleted_later(people: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM audit_entries AS later WHERE later.action = 'user.deleted' "  # noqa: S608 - columns only
        "AND later.outcome = 'success' AND later.target_type = 'user' "
        f"AND later.target_id IN ({people}) AND later.seq > OLD.seq)"
    )


def downgrade() -> None:
    """Take the table away, and its triggers with it."""
    op.drop_table("audit_entries")
