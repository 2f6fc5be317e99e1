"""The database: durable settings, migrations that equal the tables, units of work that commit whole or not at all."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from app.core.errors import Overloaded, Overtaken
from app.db.engine import CONNECTIONS, READERS, WRITE_OPTION, make_engine, sqlite_url
from app.db.migrate import MIGRATIONS, NewerSchema, migrate
from app.db.session import Database
from app.tables import metadata
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session


def test_the_migrations_make_the_tables_that_the_code_has(tmp_path: Path) -> None:
    engine = make_engine(sqlite_url(tmp_path / "a.db"))
    migrate(engine)
    with engine.connect() as connection:
        # The index of words and what SQLite keeps for it are no tables of the code.
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: not str(name).startswith("search_words")}
        )
        assert compare_metadata(context, metadata) == []
    migrate(engine)
    engine.dispose()


def test_migrations_go_back_and_forth(tmp_path: Path) -> None:
    engine = make_engine(sqlite_url(tmp_path / "a.db"))
    migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert connection.execute(text("SELECT name FROM sqlite_master WHERE name = 'users'")).first() is None
    migrate(engine)
    engine.dispose()


def test_a_file_of_migrations_is_named_for_its_revision() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert f'revision: str = "{path.name[:4]}"' in path.read_text()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    engine = make_engine(sqlite_url(tmp_path / "a.db"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema):
        migrate(engine)
    engine.dispose()


async def test_what_is_written_survives_a_power_cut_and_foreign_keys_hold(tmp_path: Path) -> None:
    database = Database(make_engine(sqlite_url(tmp_path / "a.db")))

    def pragmas(session: Session) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [session.scalar(text(f"PRAGMA {name}")) for name in names]

    assert await database.read(pragmas) == ["wal", 2, 1]
    database.close()


def test_what_people_wrote_is_for_nobody_elses_eyes(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    engine = make_engine(sqlite_url(tmp_path / "a.db"))
    migrate(engine)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert made == dict.fromkeys(("a.db", "a.db-wal", "a.db-shm"), 0o600)
    engine.dispose()


async def test_a_unit_of_work_is_whole_or_not_at_all(tmp_path: Path) -> None:
    database = Database(make_engine(sqlite_url(tmp_path / "a.db")))
    await database.write(lambda session: session.execute(text("CREATE TABLE t (n INTEGER)")))

    def half(session: Session) -> None:
        session.execute(text("INSERT INTO t VALUES (1)"))
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await database.write(half)
    assert await database.read(lambda session: session.scalar(text("SELECT count(*) FROM t"))) == 0
    database.close()


async def test_every_connection_is_open_before_the_first_unit_of_work(tmp_path: Path) -> None:
    engine, opened = make_engine(sqlite_url(tmp_path / "a.db")), list[object]()
    event.listen(engine, "connect", lambda connection, _entry: opened.append(connection))
    database, everybody = Database(engine), Barrier(CONNECTIONS)
    database.open()
    assert len(opened) == CONNECTIONS

    def meet(session: Session) -> None:
        session.execute(text("SELECT 1"))
        everybody.wait(10)

    await asyncio.gather(database.write(meet), *(database.read(meet) for _ in range(READERS)))
    assert len(opened) == CONNECTIONS
    database.close()


async def test_a_hundred_writers_queue_and_none_is_told_of_a_lock(tmp_path: Path) -> None:
    database = Database(make_engine(sqlite_url(tmp_path / "a.db")))
    await database.write(lambda session: session.execute(text("CREATE TABLE t (n INTEGER)")))

    def count_up(session: Session) -> None:
        number = session.scalar(text("SELECT coalesce(max(n), 0) FROM t")) or 0
        session.execute(text("INSERT INTO t VALUES (:n)"), {"n": number + 1})

    await asyncio.gather(*(database.write(count_up) for _ in range(100)))
    assert await database.read(lambda session: session.scalar(text("SELECT max(n) FROM t"))) == 100
    database.close()


async def test_a_commit_that_fails_leaves_nothing_to_the_next_unit_of_work(tmp_path: Path) -> None:
    database = Database(make_engine(sqlite_url(tmp_path / "a.db")))

    def tables(session: Session) -> None:
        session.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)"))

    await database.write(tables)
    for _ in range(3):
        with pytest.raises(Overtaken):
            await database.write(lambda session: session.execute(text("INSERT INTO b VALUES (7)")))
        await database.write(lambda session: session.execute(text("INSERT INTO a VALUES (NULL)")))
    counted = text("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)")
    assert await database.read(lambda session: tuple(session.execute(counted).one())) == (3, 0)
    database.close()


async def test_a_database_that_cannot_be_opened_now_is_an_overload_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.engine.PRAGMAS", ("busy_timeout=50", "journal_mode=WAL"))
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    database = Database(make_engine(sqlite_url(tmp_path / "a.db")))
    with pytest.raises(Overloaded):
        await database.read(lambda session: session.scalar(text("SELECT count(*) FROM sqlite_master")))
    with pytest.raises(Overloaded):
        database.write_now(lambda session: session.scalar(text("SELECT count(*) FROM sqlite_master")))
    other.execute("ROLLBACK")
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    engine = make_engine(sqlite_url(tmp_path / "a.db")).execution_options(**{WRITE_OPTION: True})
    with engine.connect() as connection, pytest.raises(DatabaseError):
        connection.begin()
    other.execute("ROLLBACK")
    other.close()
    database.close()


async def test_a_foreign_lock_is_an_overload_not_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.engine.PRAGMAS", ("journal_mode=WAL", "busy_timeout=50"))
    database = Database(make_engine(sqlite_url(tmp_path / "a.db")))
    await database.write(lambda session: session.execute(text("CREATE TABLE t (n INTEGER)")))
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Overloaded):
        await database.write(lambda session: session.execute(text("INSERT INTO t VALUES (1)")))
    other.execute("ROLLBACK")
    other.close()
    await database.write(lambda session: session.execute(text("INSERT INTO t VALUES (1)")))
    database.close()


def _read_elsewhere(path: Path) -> str:
    """What another process reads, which closes the database as the last one there if no lock tells it otherwise."""
    program = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM kept').fetchone())"
    return subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True).stdout


def test_another_process_that_comes_and_goes_takes_no_writes_away(tmp_path: Path) -> None:
    path = tmp_path / "omniai.db"
    engine = make_engine(sqlite_url(path))
    writing = engine.execution_options(**{WRITE_OPTION: True})
    with writing.begin() as first:
        first.exec_driver_sql("CREATE TABLE kept (id INTEGER)")
        with engine.connect() as second:
            # A process that closes a file of its own loses every lock on it; a new connection must not do that.
            second.exec_driver_sql("SELECT 1")
    assert _read_elsewhere(path) == "(0,)\n"
    with writing.begin() as connection:
        connection.exec_driver_sql("INSERT INTO kept VALUES (1)")
    assert _read_elsewhere(path) == "(1,)\n"
    engine.dispose()
