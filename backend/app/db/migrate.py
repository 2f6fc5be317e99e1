"""Brings a database to the newest schema; the migrations lie beside `app/` and are numbered by their file names."""

from importlib import import_module
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"
_PRESENT: Final = text("SELECT version_num FROM alembic_version")


class NewerSchema(Exception):
    """The database was made by a newer version. Its text is one line."""


def migrate(engine: Engine) -> None:
    """Migrate to the newest schema, all or nothing; does nothing when it is there.

    Args:
        engine: The database.

    Raises:
        NewerSchema: Its schema is not one that this version knows.
    """
    known = _known()
    present = _revision(engine)
    if present == known[-1]:
        return
    if present is not None and present not in known:
        raise NewerSchema(
            "the database was made by a newer version of OmniAI; install that version or restore a backup."
        )
    # Alembic takes a third of a start's time and is needed at the first start of a version only.
    import_module("app.db.upgrade").upgrade(engine, MIGRATIONS)


def is_current(session: Session) -> bool:
    """Whether the database has the newest schema."""
    present: str | None = session.scalar(_PRESENT)
    return present == _known()[-1]


def knows(revision: str) -> bool:
    """Whether this version can migrate a database of a revision."""
    return revision in _known()


def _known() -> list[str]:
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(_PRESENT)
        return found
