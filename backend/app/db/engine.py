"""Makes the one engine. SQLite runs in WAL with `synchronous=FULL`: what was acknowledged survives a power cut."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.words import searchable

WRITE_OPTION: Final = "omniai_write"
READERS: Final = 4
CONNECTIONS: Final = READERS + 1
"""One for each thread that reads, and one for the thread that writes: nobody waits for one, none comes and goes."""
BESIDE: Final = 1
"""One more may be opened for a while by code that has no thread of these: the command line, and start-up."""
BUSY_TIMEOUT_MS: Final = 10_000
PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "temp_store=MEMORY",
    # What was deleted is overwritten in the file too.
    "secure_delete=ON",
)


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.resolve()}"


def make_engine(url: str) -> Engine:
    """Make an engine whose write transactions take SQLite's writer lock at their start, never half-way.

    Args:
        url: A `sqlite:///` URL.
    """
    # A failure is logged with its statement; the values in it are people's words.
    engine = create_engine(make_url(url), pool_size=CONNECTIONS, max_overflow=BESIDE, hide_parameters=True)
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_unless_begun)
    return engine


def _make_private(_dialect: Dialect, _entry: ConnectionPoolEntry, arguments: Sequence[str], _more: object) -> None:
    # SQLite would let everybody read what it makes; the files beside the database get its mode. One that is there is
    # never opened here: closing it would drop every lock that this process holds on it (fcntl(2)).
    with suppress(OSError):
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL, 0o600))


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions itself: a deferred one that reads first and writes later fails under load.
    connection.isolation_level = None
    # The triggers of the index of words call it.
    connection.create_function("searchable", 1, searchable, deterministic=True)
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection) -> None:
    """Begin a transaction of the driver's, one that writes at once if the connection is for writing.

    Raises:
        sqlite3.OperationalError: The lock was not to be had, or there is a transaction already.
    """
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(_begin_statement(connection))


def _begin_unless_begun(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        # By way of SQLAlchemy, which names what fails as its callers expect it.
        connection.exec_driver_sql(_begin_statement(connection))


def _begin_statement(connection: Connection) -> str:
    return "BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITE_OPTION, False) else "BEGIN"


def stored_bytes(session: Session) -> int:
    """What the database takes on the disk, in bytes, without its write-ahead log."""
    pages = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    return int(session.execute(pages).scalar_one())
