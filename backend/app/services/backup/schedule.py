"""Backups that the server makes by itself: each is proven before it counts, and the oldest make room."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import structlog

from app.config.settings import BackupSettings
from app.core.clock import now
from app.services.backup import archive, restoring
from app.services.backup.restoring import Home
from app.services.backup.sealing import SealError, seal

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 60.0
STANDING_FILE: Final = "last-backup.json"
NAME: Final = "omniai-auto-"


class Standing(msgspec.Struct, frozen=True):
    """How the last backups went.

    Attributes:
        proven_at: When one was last restored into a scratch folder and found whole.
        tried_at: When the last one was begun.
        problem: Why that one failed; None when it did not.
    """

    proven_at: datetime | None = None
    tried_at: datetime | None = None
    problem: str | None = None


class BackupService:
    """Makes backups as often as the settings say.

    Args:
        settings: How often, where to, how many, for whom.
        home: What is backed up.
        version: Of OmniAI.
    """

    def __init__(self, settings: BackupSettings, home: Home, version: str) -> None:
        self._settings = settings
        self._home = home
        self._version = version
        self._note = home.data_dir / STANDING_FILE

    @property
    def every_hours(self) -> float | None:
        """How often; None for never."""
        return self._settings.every_hours

    async def standing(self) -> Standing:
        """How the last ones went, those before a restart included."""
        return await asyncio.to_thread(self._read)

    async def run_forever(self) -> None:
        """Make one whenever it is time; does nothing where none are wanted."""
        hours = self._settings.every_hours
        while hours is not None:
            last = await self.standing()
            if last.tried_at is None or now() - last.tried_at >= timedelta(hours=hours):
                await self.make()
            await asyncio.sleep(min(LOOK_SECONDS, hours * 3600))

    async def make(self) -> Standing:
        """Make one now, and prove it."""
        made = await asyncio.to_thread(self._make)
        if made.problem:
            log.error("backup_failed", problem=made.problem)
        else:
            log.info("backup_made")
        return made

    def _make(self) -> Standing:
        at, before = now(), self._read()
        try:
            self._write(at)
            made = Standing(proven_at=at, tried_at=at)
        except (archive.BackupError, SealError) as error:
            made = Standing(before.proven_at, at, str(error))
        except OSError as error:
            made = Standing(before.proven_at, at, f"the backup cannot be written ({error.strerror}).")
        self._note_down(made)
        return made

    def _write(self, at: datetime) -> None:
        folder, recipient = self._settings.folder, self._settings.recipient
        name = f"{NAME}{at:%Y%m%dT%H%M%S%f}Z.zip"
        with archive.scratch_beside(folder / name) as scratch:
            # Proven before it is encrypted: the key to read it is elsewhere, as it should be.
            plain = scratch / "plain" / name
            archive.write(archive.Source(self._home.database, self._home.data_dir), plain, self._version, at)
            restoring.verify(plain, plain, self._home.audit_key)
            ready = plain
            if recipient is not None:
                ready = plain.with_name(f"{name}.age")
                seal(plain, ready, recipient)
            archive.publish(ready, folder / ready.name)
        for old in sorted(folder.glob(f"{NAME}*"))[: -self._settings.keep]:
            old.unlink(missing_ok=True)

    def _read(self) -> Standing:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Standing)
        except (OSError, msgspec.MsgspecError):
            return Standing()

    def _note_down(self, standing: Standing) -> None:
        part = Path(f"{self._note}.part")
        try:
            part.write_bytes(msgspec.json.encode(standing))
            part.replace(self._note)
        except OSError:
            log.exception("backup_not_noted")
