"""A backup as one file: the database as it was at one moment, the secrets of the data folder, and what proves both.

Reads a stranger's archive: names, sizes and contents are looked at before anything is used. Touches no data folder.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import msgspec

from app.services.backup.sealing import SealError, is_sealed, seal, unseal

FORMAT: Final = "omniai-backup"
VERSION: Final = 1
DATABASE: Final = "omniai.db"
CHECKPOINTS: Final = "audit-checkpoints.jsonl"
MANIFEST: Final = "manifest.json"
SECRETS: Final = tuple(f"secrets/{name}" for name in ("secret_key", "csrf_secret", "audit_key", "bootstrap_token"))
PARTS: Final = (DATABASE, CHECKPOINTS, *SECRETS)
SCRATCH: Final = ".omniai-backup-"
MANIFEST_BYTES: Final = 1024 * 1024
PIECE: Final = 1024 * 1024


class BackupError(Exception):
    """Why there is no backup, or why it cannot be used, in one line."""


class Part(msgspec.Struct, frozen=True):
    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds.

    Attributes:
        format: `omniai-backup`,
        version: in this version.
        made_at: When, ISO 8601 in UTC.
        omniai: Version of OmniAI.
        schema: Revision of the database.
        rows: Of each table.
        parts: The files.
    """

    format: str
    version: int
    made_at: str
    omniai: str
    schema: str
    rows: dict[str, int]
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: the database file, and the folder with secrets and checkpoints."""

    database: Path
    data_dir: Path


def write(source: Source, target: Path, version: str, at: datetime, recipient: str | None = None) -> Manifest:
    """Make a backup while the server may be writing; the file is there whole, or not at all.

    Args:
        source: What to back up.
        target: The file to make; nothing may be there.
        version: Of OmniAI.
        at: Now.
        recipient: Public key to encrypt for.

    Raises:
        BackupError: It cannot be made.
    """
    if target.exists():
        raise BackupError(f"{target} is there already; name another file.")
    try:
        with scratch_beside(target) as scratch:
            _copy(source, scratch)
            manifest = _manifest(scratch, version, at)
            (scratch / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
            made = scratch / "backup.zip"
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in (MANIFEST, *(part.name for part in manifest.parts)):
                    archive.write(scratch / name, name)
            if recipient is not None:
                sealed = scratch / "backup.age"
                seal(made, sealed, recipient)
                made = sealed
            publish(made, target)
            return manifest
    except SealError as error:
        raise BackupError(str(error)) from None
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be copied ({error}).") from None
    except OSError as error:
        raise BackupError(f"{target} cannot be written ({error.strerror}).") from None


def unpack(path: Path, scratch: Path, identity: str | None = None) -> Manifest:
    """Lay the parts of a backup into a folder, once each is as it was written.

    Args:
        path: The backup.
        scratch: An empty folder.
        identity: The secret key, where it is encrypted.

    Raises:
        BackupError: It is damaged, of another kind, or encrypted for somebody else.
    """
    try:
        plain = path
        if is_sealed(path):
            if identity is None:
                raise BackupError("the backup is encrypted; name the file with its secret key by --identity.")
            plain = scratch / "backup.zip"
            unseal(path, plain, identity)
        with zipfile.ZipFile(plain) as archive:
            manifest = _manifest_of(archive)
            for part in manifest.parts:
                _extract(archive, part, scratch)
            return manifest
    except SealError as error:
        raise BackupError(str(error)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError):
        raise BackupError(f"{path} is no backup of OmniAI, or it is damaged.") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror or 'damaged'}).") from None


def faults(scratch: Path, manifest: Manifest) -> list[str]:
    """What is wrong with an unpacked database, one line each; nothing when it is as it was counted."""
    try:
        with closing(sqlite3.connect(f"file:{scratch / DATABASE}?mode=ro", uri=True)) as database:
            found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(5)")]
            if found != ["ok"]:
                return [f"the database is damaged: {found[0]}"]
            rows = _rows(database)
    except sqlite3.Error as error:
        return [f"the database cannot be read: {error}"]
    wrong = [name for name in sorted({*rows, *manifest.rows}) if rows.get(name) != manifest.rows.get(name)]
    return [f"{name} has {rows.get(name, 0)} rows instead of {manifest.rows.get(name, 0)}" for name in wrong]


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """A private folder on the disk of a file, for the time of a block; what killed runs left there goes too."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Held while one looks and makes: nobody sees a folder that is made and not yet locked.
    with _locked(target.parent):
        for left in target.parent.glob(f"{SCRATCH}*"):
            if not _is_in_use(left):
                shutil.rmtree(left, ignore_errors=True)
        scratch = Path(mkdtemp(prefix=SCRATCH, dir=target.parent))
        handle = os.open(scratch, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_in_use(scratch: Path) -> bool:
    """Whether another run works there: it holds a lock on the folder, which ends with it, however it ends."""
    try:
        handle = os.open(scratch, os.O_RDONLY)
    except OSError:
        return False  # it has just ended
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def _copy(source: Source, scratch: Path) -> None:
    if not source.database.is_file():
        raise BackupError("there is no database in this data folder; set OMNIAI_DATA_DIR to the installation's.")
    with (
        closing(sqlite3.connect(f"file:{source.database}?mode=ro", uri=True)) as database,
        closing(sqlite3.connect(scratch / DATABASE)) as copy,
    ):
        # In one step: it reads one snapshot, and writers go on beside it.
        database.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    for name in (CHECKPOINTS, *SECRETS):
        if (source.data_dir / name).is_file():
            (scratch / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(source.data_dir / name, scratch / name)


def _manifest(scratch: Path, version: str, at: datetime) -> Manifest:
    with closing(sqlite3.connect(scratch / DATABASE)) as database:
        rows = _rows(database)
        schema = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    parts = [
        Part(name, (scratch / name).stat().st_size, _digest(scratch / name))
        for name in PARTS
        if (scratch / name).is_file()
    ]
    return Manifest(FORMAT, VERSION, f"{at:%Y-%m-%dT%H:%M:%SZ}", version, schema, rows, parts)


def _rows(database: sqlite3.Connection) -> dict[str, int]:
    tables = dict(
        database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    )
    virtual = [name for name, sql in tables.items() if str(sql).upper().startswith("CREATE VIRTUAL")]
    own = [name for name in tables if not any(name == one or name.startswith(f"{one}_") for one in virtual)]
    return {name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in sorted(own)}  # noqa: S608 - names of our own schema


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if len(set(names)) != len(names) or not {MANIFEST, DATABASE} <= set(names) <= {MANIFEST, *PARTS}:
        raise BackupError("the backup holds other files than a backup of OmniAI does.")
    if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
        raise BackupError("the backup's list of contents is too large.")
    try:
        manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise BackupError("the backup's list of contents is damaged.") from None
    if manifest.format != FORMAT or manifest.version != VERSION:
        raise BackupError("the backup was made by another version of OmniAI; install that one to restore it.")
    if sorted(part.name for part in manifest.parts) != sorted(set(names) - {MANIFEST}):
        raise BackupError("the backup holds other files than its list says.")
    return manifest


def _extract(archive: zipfile.ZipFile, part: Part, scratch: Path) -> None:
    if part.bytes > shutil.disk_usage(scratch).free:
        raise BackupError(f"there is no room for {part.name}, which takes {part.bytes:,} bytes.")
    target, digest, size = scratch / part.name, hashlib.sha256(), 0
    target.parent.mkdir(exist_ok=True)
    with archive.open(part.name) as packed, target.open("xb") as plain:
        os.fchmod(plain.fileno(), 0o600)
        while size <= part.bytes and (piece := packed.read(PIECE)):
            size += len(piece)
            digest.update(piece)
            plain.write(piece)
        plain.flush()
        os.fsync(plain.fileno())
    if size != part.bytes or digest.hexdigest() != part.sha256:
        raise BackupError(f"{part.name} in the backup is not as it was written.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish(made: Path, target: Path) -> None:
    """Give a whole file its name, so that it outlives a power cut.

    Raises:
        BackupError: Something bears that name.
    """
    made.chmod(0o600)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    try:
        # A link and not a renaming: what came there meanwhile is not written over.
        os.link(made, target)
    except FileExistsError:
        raise BackupError(f"{target} is there already; name another file.") from None
    except OSError:
        made.rename(target)  # some disks know no links
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
