"""Brings a database to the newest schema; the migrations lie beside `app/` and are numbered by their file names."""

from importlib import import_module
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect, text

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
    known = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    present = _revision(engine)
    if present == known[-1]:
        return
    if present is not None and present not in known:
        raise NewerSchema(
            "the database was made by a newer version of OmniAI; install that version or restore a backup."
        )
    # Alembic takes a third of a start's time and is needed at the first start of a version only.
    import_module("app.db.upgrade").upgrade(engine, MIGRATIONS)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found
