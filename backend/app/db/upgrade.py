"""Runs Alembic. Imported by `migrate` only when there is something to do."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.db.engine import WRITE_OPTION


def upgrade(engine: Engine, migrations: Path) -> None:
    """Run every migration that is missing, in one transaction.

    Args:
        engine: The database.
        migrations: Alembic's folder.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    with engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
