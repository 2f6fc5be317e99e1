"""Runs imports: one at a time in the background, a report per conversation, every conversation its own transaction."""

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import OmniError, Overtaken, StorageFull
from app.db.session import Database
from app.domain.imports import service as imports
from app.domain.imports.models import Import
from app.domain.imports.rules import ImportState, Outcome
from app.services.importing import writer
from app.services.importing.draft import Unreadable, short
from app.services.importing.own import Memories
from app.services.importing.upload import Found, Unfit, conversations

log = structlog.get_logger(__name__)

COPY_BYTES: Final = 1 << 20
BROKEN_OFF: Final = "The server was restarted. Import the file again: what is here already is skipped."
EMPTY: Final = "There are no conversations in the file."
CRASHED: Final = "Something failed here. What was read until then is kept."
STOPPED: Final = "The server could not go on. Import the file again: what is here already is skipped."


@dataclass(frozen=True, slots=True)
class _Job:
    import_id: str
    owner_id: str
    dry_run: bool
    file: IO[bytes]
    name: str


class ImportService:
    """Takes files in.

    Args:
        database: Where conversations are stored.
        folder: Where files lie until they are read; they are gone with the server.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._waiting: asyncio.Queue[_Job] = asyncio.Queue()

    async def begin(self, owner_id: str, file: IO[bytes], name: str, *, dry_run: bool) -> Import:
        """Take a file in; it is read when those before it are done.

        Args:
            owner_id: Whose its conversations become.
            file: What came; it is copied.
            name: How the person calls it.
            dry_run: Only tell what would become of it.

        Raises:
            ImportRunning: The person's last one has not ended.
            StorageFull: There is no room for it.
        """
        kept = await asyncio.to_thread(self._copy, file)
        try:
            made = await self._database.write(
                lambda session: imports.begin(session, owner_id, dry_run=dry_run, now=now())
            )
        except BaseException:
            kept.close()
            raise
        self._waiting.put_nowait(_Job(made.id, owner_id, dry_run, kept, name))
        return made

    async def run_forever(self) -> None:
        """Read one file after the other."""
        while True:
            job = await self._waiting.get()
            # As a task of its own: whatever befalls one file, the next is read.
            task = asyncio.create_task(self._run(job), name=f"import {job.import_id}")
            try:
                await asyncio.wait([task])
            finally:
                task.cancel()
                job.file.close()
            if error := task.exception():
                log.error("import_crashed", import_id=job.import_id, exc_info=error)
                await self._fail(job, CRASHED)

    async def recover(self) -> int:
        """At start-up: what was under way has failed.

        Returns:
            How many there were.
        """
        outcome = Outcome(None, "The import", "failed", BROKEN_OFF)
        return await self._database.write(lambda session: imports.recover_any_owner(session, outcome, now()))

    async def purge(self) -> None:
        """Forget old reports."""
        await self._database.write(lambda session: imports.purge_any_owner(session, now()))

    def _copy(self, file: IO[bytes]) -> IO[bytes]:
        try:
            kept = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - the job closes it
            try:
                while chunk := file.read(COPY_BYTES):
                    kept.write(chunk)
                kept.seek(0)
            except BaseException:
                kept.close()
                raise
        except OSError:
            raise StorageFull from None
        return kept

    async def _run(self, job: _Job) -> None:
        try:
            await self._advance(job, "running")
            found = conversations(job.file, job.name)
            empty = True
            while (one := await asyncio.to_thread(_next, found)) is not None:
                outcome = await self._take(job, one)
                await self._database.write(partial(imports.report, import_id=job.import_id, outcome=outcome))
                empty = False
            await (self._fail(job, EMPTY) if empty else self._advance(job, "done"))
        except Unreadable as reason:
            await self._fail(job, str(reason))
        except Overtaken:
            log.info("import_owner_gone", import_id=job.import_id)
        except OmniError as error:
            log.warning("import_stopped", import_id=job.import_id, error=error.code.value)
            await self._fail(job, f"{error.text} {STOPPED}")

    async def _take(self, job: _Job, found: Found) -> Outcome:
        if isinstance(found, Unfit):
            return Outcome(found.source_id, found.title, "failed", found.reason)
        if isinstance(found, Memories):
            keep = partial(writer.store_memories, owner_id=job.owner_id, found=found, now=now(), dry_run=job.dry_run)
            return await (self._database.read(keep) if job.dry_run else self._database.write(keep))
        work = partial(writer.store, owner_id=job.owner_id, draft=found, now=now(), dry_run=job.dry_run)
        if job.dry_run:
            return (await self._database.read(work))[0]
        outcome, more = await self._database.write(work)
        while more:
            _, more = await self._database.write(work)
        return outcome

    async def _fail(self, job: _Job, reason: str) -> None:
        """End an import with what is wrong; where that cannot be stored, the next start says so."""
        outcome = Outcome(None, short(job.name) or "The file", "failed", reason)
        with contextlib.suppress(OmniError):
            await self._database.write(partial(imports.report, import_id=job.import_id, outcome=outcome))
            await self._advance(job, "failed")

    async def _advance(self, job: _Job, state: ImportState) -> None:
        ended = now() if state in {"done", "failed"} else None

        def write(session: Session) -> None:
            imports.advance(session, job.owner_id, job.import_id, state, ended)

        await self._database.write(write)


def _next(found: Iterator[Found]) -> Found | None:
    return next(found, None)
