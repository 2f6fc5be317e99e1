"""Transactions: the only place that commits. A unit of work is one function, run in one thread from begin to commit.

One thread writes, so writers queue in order and SQLite never answers "locked" to another writer of this process.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, local
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, NoResultFound, SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.errors import OmniError, Overloaded, Overtaken, StorageFull
from app.db.engine import CONNECTIONS, READERS, WRITE_OPTION, begin
from app.db.prepared import Lent

QUEUE_SECONDS: Final = 15.0
"""How long a writer may wait for its turn; the lock that it then waits for has a time of its own."""
OPEN_SECONDS: Final = 60.0
"""How long opening all connections may take, the lock of another process included."""


class Database:
    """Runs units of work in threads.

    Args:
        engine: Where to.
        waited: Told whether a unit of work was a `read` or a `write`, and how many seconds it waited for its thread.
    """

    def __init__(self, engine: Engine, waited: Callable[[str, float], None] | None = None) -> None:
        self._waited = waited
        self._readable = engine
        self._writable = engine.execution_options(**{WRITE_OPTION: True})
        self._kept = local()
        self._connections: list[Connection] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="db-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="db-write")

    def open(self) -> None:
        """Open every connection that there will be, each in its thread, so that no request waits for one.

        Raises:
            DBAPIError: The database cannot be opened.
        """
        together = Barrier(CONNECTIONS, timeout=OPEN_SECONDS)

        def connect(engine: Engine) -> None:
            try:
                self._mine(engine)
            finally:
                # Who has opened one waits for the others: a thread that is free would be given their turn.
                with suppress(BrokenBarrierError):
                    together.wait()

        opening = [self._readers.submit(connect, self._readable) for _ in range(READERS)]
        for opened in [*opening, self._writer.submit(connect, self._writable)]:
            opened.result()

    async def read[T](self, work: Callable[[Session], T]) -> T:
        """Run `work` in a read transaction; what it returns may be used after it.

        Raises:
            Overloaded: The database stayed locked.
            Overtaken: A row that must be there is gone.
        """
        begun = time.monotonic()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._run_read, work, begun)

    async def read_in_steps[T](self, steps: Callable[[Callable[[], Session]], Iterator[T]]) -> AsyncIterator[T]:
        """Run a long reading as many short units of work, so that it holds nothing while its reader is slow.

        Args:
            steps: Makes the iterator; what it is given gives the session of the step that runs.

        Raises:
            Overloaded: The database stayed locked.
            Overtaken: A row that must be there is gone.
        """
        lent: list[Session] = []
        iterator = steps(lambda: lent[0])

        def step(session: Session) -> tuple[T] | None:
            lent[:] = [session]
            return next(((each,) for each in iterator), None)

        while (found := await self.read(step)) is not None:
            yield found[0]

    async def write[T](self, work: Callable[[Session], T]) -> T:
        """Run `work` in a write transaction and commit; an exception rolls everything back.

        Raises:
            Overloaded: The database stayed locked.
            Overtaken: A row that must be there, or that a new one hangs on, is gone.
            StorageFull: There is no room on the disk.
        """
        begun = time.monotonic()
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._run_in_turn, work, begun)

    def read_now[T](self, work: Callable[[Session], T]) -> T:
        """`read` for code without an event loop: the command line."""
        with _translated(), self._readable.connect() as connection:
            return self._run(connection, work, commit=False)

    def write_now[T](self, work: Callable[[Session], T]) -> T:
        """`write` for code without an event loop: the command line and start-up."""
        with _translated(), self._writable.connect() as connection:
            return self._run(connection, work, commit=True)

    def close(self) -> None:
        """Let running work end, then close every connection."""
        self._readers.shutdown()
        self._writer.shutdown()
        for connection in self._connections:
            connection.close()
        self._readable.dispose()

    def _run_read[T](self, work: Callable[[Session], T], begun: float) -> T:
        if self._waited is not None:
            self._waited("read", time.monotonic() - begun)
        with _translated():
            return self._run(self._mine(self._readable), work, commit=False)

    def _run_in_turn[T](self, work: Callable[[Session], T], begun: float) -> T:
        waited = time.monotonic() - begun
        if self._waited is not None:
            self._waited("write", waited)
        if waited > QUEUE_SECONDS:
            # A foreign lock holds each of a queue's writers in turn, and the last one's client has long left.
            raise Overloaded
        with _translated():
            return self._run(self._mine(self._writable), work, commit=True)

    def _mine(self, engine: Engine) -> Connection:
        # Taking one from the pool and giving it back costs as much as a statement does.
        connection: Connection | None = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = engine.connect()
            self._connections.append(connection)
        return connection

    @staticmethod
    def _run[T](connection: Connection, work: Callable[[Session], T], *, commit: bool) -> T:
        # The transaction is the driver's: the session's own bookkeeping of one would cost more than a short one does.
        lent = Lent.of(connection)
        try:
            begin(connection)
            with Session(connection, expire_on_commit=False, info=lent.to_session()) as session:
                result = work(session)
                if commit:
                    session.flush()
                    lent.require_transaction()
                    lent.driver.commit()
                return result
        except lent.error as error:
            raise lent.named(error, "") from error
        finally:
            _clear(connection, lent)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        expected = _expected(error)
        if expected is None:
            raise
        raise expected from error


def _clear(connection: Connection, lent: Lent) -> None:
    # What is left of a unit of work must never be committed with the next one.
    try:
        lent.driver.rollback()
    except lent.error:
        connection.invalidate()


def _expected(error: SQLAlchemyError) -> OmniError | None:
    if isinstance(error, NoResultFound):
        return Overtaken()
    name = getattr(error.orig, "sqlite_errorname", "") if isinstance(error, DBAPIError) else ""
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return Overtaken()
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Overloaded()
    # A used-up disk quota is told as a failed write.
    if name in {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}:
        return StorageFull()
    return None
