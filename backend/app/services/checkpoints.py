"""Keeps signed checkpoints of the audit log in a file beside the database, so that a cut-off end is noticed too.

The file may be copied elsewhere; what is in it can be checked with the audit key alone.
"""

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from app.core.clock import now
from app.core.errors import OmniError
from app.db.session import Database
from app.domain.audit.errors import CheckpointInvalid
from app.domain.audit.rules import Checkpoint, Notes
from app.domain.audit.service import Trail

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 60
EVERY_ENTRIES: Final = 100
EVERY: Final = timedelta(hours=1)


class CheckpointKeeper:
    """Writes a checkpoint every hundred entries, every hour with an entry, and at the end.

    Args:
        database: Where the log is.
        trail: Makes and reads checkpoints.
        path: The file; made when first needed.
    """

    def __init__(self, database: Database, trail: Trail, path: Path) -> None:
        self._database = database
        self._trail = trail
        self._path = path
        self._newest = 0
        self._written_at: datetime | None = None

    async def read(self) -> Notes:
        """What the file holds; nothing when there is none.

        Raises:
            CheckpointInvalid: It cannot be read.
        """
        try:
            text = await asyncio.to_thread(self._path.read_text, encoding="utf-8", errors="replace")
        except FileNotFoundError:
            text = ""
        except OSError:
            raise CheckpointInvalid from None
        return self._trail.parse_checkpoints(text)

    async def write(self) -> Checkpoint | None:
        """Append a checkpoint of the newest entry, unless it is there.

        Returns:
            It; None when there is nothing new.
        """
        made = await self._database.read(lambda session: self._trail.checkpoint(session, now()))
        if made is None or made.seq <= self._newest:
            return None
        await asyncio.to_thread(self._append, made.line())
        self._newest, self._written_at = made.seq, now()
        return made

    async def keep_forever(self) -> None:
        """Write whenever it is due. Runs until cancelled."""
        try:
            notes = await self.read()
            self._newest = max((checkpoint.seq for checkpoint in notes.checkpoints), default=0)
            notes.whole()
        except CheckpointInvalid:
            log.warning("checkpoints_damaged")
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                newest = await self._database.read(self._trail.newest)
                due = self._written_at is None or now() - self._written_at >= EVERY
                if newest - self._newest >= EVERY_ENTRIES or (due and newest > self._newest):
                    await self.write()
            except (OmniError, OSError) as error:
                log.warning("checkpoint_postponed", error=type(error).__name__)

    def _append(self, line: str) -> None:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a+b") as file:
            file.seek(0)
            last = file.read().rpartition(b"\n")[2]
            if self._trail.parse_checkpoints(last.decode(errors="replace")).torn:
                # Left in the middle it would be a damaged line; it has never said anything.
                file.truncate(file.tell() - len(last))
            elif last:
                file.write(b"\n")
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
