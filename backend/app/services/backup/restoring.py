"""Proves that a backup can be restored, and restores it: everything is looked at first, and what was there is kept."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.db.engine import make_engine, sqlite_url
from app.db.migrate import knows
from app.db.session import Database
from app.domain.audit.service import Trail
from app.services.backup.archive import (
    CHECKPOINTS,
    DATABASE,
    BackupError,
    Manifest,
    faults,
    scratch_beside,
    unpack,
)

SECRETS: Final = "secrets"
BESIDE: Final = ("-wal", "-shm")
"""What SQLite lays beside a database."""
ASIDE: Final = "before-restore"


@dataclass(frozen=True, slots=True)
class Home:
    """Where an installation keeps what a backup holds.

    Attributes:
        data_dir: Its folder.
        database: Its database file.
        audit_key: The audit key, for backups that hold none.
    """

    data_dir: Path
    database: Path
    audit_key: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a backup was found to hold, all of it as it was written."""

    manifest: Manifest
    audit_entries: int

    def lines(self) -> list[str]:
        """In words."""
        made = self.manifest
        return [
            f"{len(made.parts)} files are as they were written at {made.made_at} by OmniAI {made.omniai}.",
            f"The database is whole: {sum(made.rows.values()):,} rows in {len(made.rows)} tables, as counted.",
            f"{self.audit_entries} audit entries are as they were written.",
        ]


def verify(path: Path, beside: Path, audit_key: str, identity: str | None = None) -> Proof:
    """Restore a backup into a scratch folder and look at all of it.

    Args:
        path: The backup.
        beside: A place on a disk with room; the folder is made next to it and removed.
        audit_key: Of this installation, for backups that hold none.
        identity: The secret key, where it is encrypted.

    Raises:
        BackupError: It could not be restored.
    """
    with scratch_beside(beside) as scratch:
        return _proven(path, scratch, audit_key, identity)


def restore(path: Path, home: Home, at: datetime, *, identity: str | None = None, replace: bool = False) -> list[str]:
    """Put a backup in the place of an installation that does not run.

    Args:
        path: The backup.
        home: Where to.
        at: Now.
        identity: The secret key, where it is encrypted.
        replace: Whether an installation that is there may be laid aside.

    Returns:
        What was restored, and where that is which was there.

    Raises:
        BackupError: Nothing was changed.
    """
    if home.database.exists() and not replace:
        raise BackupError(
            "there is a database in this data folder; restore with --replace to lay it aside, or set another "
            "OMNIAI_DATA_DIR."
        )
    with scratch_beside(home.data_dir / DATABASE) as scratch:
        proof = _proven(path, scratch, home.audit_key, identity)
        try:
            aside = _lay_aside(home, at) if home.database.exists() else None
            _put_in_place(scratch, home)
        except OSError as error:
            raise BackupError(f"the data folder cannot be written ({error.strerror}).") from None
    said = [*proof.lines(), "Restored. Start OmniAI."]
    return [*said, f"What was there lies in {aside}."] if aside else said


def _proven(path: Path, scratch: Path, audit_key: str, identity: str | None) -> Proof:
    manifest = unpack(path, scratch, identity)
    if not knows(manifest.schema):
        raise BackupError("the backup was made by a newer version of OmniAI; install that version to restore it.")
    wrong = faults(scratch, manifest)
    if wrong:
        raise BackupError(f"{wrong[0]}.")
    own_key = scratch / SECRETS / "audit_key"
    trail = Trail(own_key.read_text(encoding="utf-8").strip() if own_key.is_file() else audit_key)
    database = Database(make_engine(sqlite_url(scratch / DATABASE)))
    try:
        verdict = database.read_now(trail.verify)
    finally:
        database.close()
    if not verdict.ok:
        raise BackupError(f"audit entry {verdict.first_bad} in the backup: {verdict.fault}.")
    for name in BESIDE:
        (scratch / f"{DATABASE}{name}").unlink(missing_ok=True)
    return Proof(manifest, verdict.checked)


def _lay_aside(home: Home, at: datetime) -> Path:
    aside = home.data_dir / f"{ASIDE}-{at:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    files = [home.database, *(Path(f"{home.database}{name}") for name in BESIDE)]
    for path in (*files, home.data_dir / CHECKPOINTS, home.data_dir / SECRETS, home.data_dir / "chroma"):
        if path.exists():
            path.rename(aside / path.name)
    return aside


def _put_in_place(scratch: Path, home: Home) -> None:
    """The database last: a folder without one is taken for a new installation, and may be restored into again."""
    secrets = home.data_dir / SECRETS
    secrets.mkdir(mode=0o700, exist_ok=True)
    for path in (scratch / SECRETS).glob("*"):
        path.replace(secrets / path.name)
    checkpoints = scratch / CHECKPOINTS
    if checkpoints.is_file():
        checkpoints.replace(home.data_dir / CHECKPOINTS)
    (scratch / DATABASE).replace(home.database)
    for folder in {home.data_dir, secrets, home.database.parent}:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
