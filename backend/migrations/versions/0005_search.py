"""The index of words: what people wrote and were answered, found by its words.

Kept by triggers, so that whatever writes, changes or deletes a text (a cascade included) does so here too.
"""

import sqlite3
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SECURE_DELETE = (3, 42)
WRITTEN = "{row}.state NOT IN ('queued', 'streaming') AND {row}.content <> ''"
ABSENT = "NOT EXISTS (SELECT 1 FROM search_entries WHERE source_id = NEW.id)"
ADD = """
    INSERT INTO search_entries (source_id) VALUES ({row}.id);
    INSERT INTO search_words (rowid, owner, title, text)
    SELECT id, replace({row}.user_id, '-', ''), {title}, {text} FROM search_entries WHERE source_id = {row}.id;
"""
TAKE_OUT = """
    INSERT INTO search_words (search_words, rowid, owner, title, text)
    SELECT 'delete', id, replace({row}.user_id, '-', ''), {title}, {text}
    FROM search_entries WHERE source_id = {row}.id;
    DELETE FROM search_entries WHERE source_id = {row}.id;
"""
OF_MESSAGE = {"title": "''", "text": "searchable({row}.content)"}
OF_CONVERSATION = {"title": "searchable({row}.title)", "text": "''"}


def _filled(template: str, row: str, columns: dict[str, str]) -> str:
    return template.format(row=row, **{name: value.format(row=row) for name, value in columns.items()})


TRIGGERS = {
    "search_message_added": (
        f"AFTER INSERT ON messages WHEN {WRITTEN.format(row='NEW')}",
        _filled(ADD, "NEW", OF_MESSAGE),
    ),
    "search_message_gone": ("BEFORE DELETE ON messages", _filled(TAKE_OUT, "OLD", OF_MESSAGE)),
    # A running answer is written to the table many times and indexed once, with its ending.
    "search_message_changing": (
        f"BEFORE UPDATE OF content, state ON messages WHEN {WRITTEN.format(row='OLD')} "
        f"AND (OLD.content <> NEW.content OR NOT ({WRITTEN.format(row='NEW')}))",
        _filled(TAKE_OUT, "OLD", OF_MESSAGE),
    ),
    "search_message_changed": (
        f"AFTER UPDATE OF content, state ON messages WHEN {WRITTEN.format(row='NEW')} AND {ABSENT}",
        _filled(ADD, "NEW", OF_MESSAGE),
    ),
    "search_title_added": ("AFTER INSERT ON conversations", _filled(ADD, "NEW", OF_CONVERSATION)),
    "search_title_gone": ("BEFORE DELETE ON conversations", _filled(TAKE_OUT, "OLD", OF_CONVERSATION)),
    "search_title_changing": (
        "BEFORE UPDATE OF title ON conversations WHEN OLD.title <> NEW.title",
        _filled(TAKE_OUT, "OLD", OF_CONVERSATION),
    ),
    "search_title_changed": (
        "AFTER UPDATE OF title ON conversations WHEN OLD.title <> NEW.title",
        _filled(ADD, "NEW", OF_CONVERSATION),
    ),
}
FILL = (
    "INSERT INTO search_entries (source_id) SELECT id FROM (SELECT id FROM conversations UNION ALL "
    "SELECT id FROM messages WHERE state NOT IN ('queued', 'streaming') AND content <> '') ORDER BY id",
    "INSERT INTO search_words (rowid, owner, title, text) "
    "SELECT e.id, replace(c.user_id, '-', ''), searchable(c.title), '' "
    "FROM search_entries e JOIN conversations c ON c.id = e.source_id",
    "INSERT INTO search_words (rowid, owner, title, text) "
    "SELECT e.id, replace(m.user_id, '-', ''), '', searchable(m.content) "
    "FROM search_entries e JOIN messages m ON m.id = e.source_id",
)


def upgrade() -> None:
    """Make the index, fill it with what is there, and have it kept."""
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("source_id", name=op.f("uq_search_entries_source_id")),
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5("
        "owner, title, text, content='', columnsize=0, prefix='3', tokenize='unicode61 remove_diacritics 2')"
    )
    if sqlite3.sqlite_version_info >= SECURE_DELETE:
        # The words of what is deleted leave the file at once; before, they leave it with the next merge.
        op.execute("INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1)")
    for statement in FILL:
        op.execute(statement)
    for name, (when, acts) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN {acts} END")


def downgrade() -> None:
    """Take it away."""
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE search_words")
    op.drop_table("search_entries")
