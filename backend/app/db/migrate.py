"""Brings a database to the newest schema with Alembic; the migrations lie beside `app/`."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.db.engine import WRITE_OPTION

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"


class NewerSchema(Exception):
    """The database was made by a newer version. Its text is one line."""


def migrate(engine: Engine) -> None:
    """Migrate to the newest schema, all or nothing; does nothing when it is there.

    Args:
        engine: The database.

    Raises:
        NewerSchema: Its schema is not one that this version knows.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == script.get_current_head():
        return
    if present is not None and present not in {revision.revision for revision in script.walk_revisions()}:
        raise NewerSchema(
            "the database was made by a newer version of OmniAI; install that version or restore a backup."
        )
    with engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
