"""What the command line does to an installation besides serving it; a server may be running meanwhile."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.config.settings import Settings
from app.core.clock import now
from app.db.migrate import migrate
from app.db.session import Database
from app.domain.accounts import repository as account_rows
from app.domain.accounts import service as accounts
from app.domain.accounts.rules import normal_username
from app.domain.audit.service import Source
from app.providers.registry import build_registry
from app.services.backup import archive, restoring
from app.services.memory.store import StoreUnusable
from app.wiring import CHECKPOINT_FILE, DATABASE_FILE, engine_of, home_of, meaning_of, trail_of

COMMAND_LINE = Source(address="command line", user_agent="omniai", request_id=None)


class Failed(Exception):
    """What went wrong, in one line."""


def verify_audit(settings: Settings, kept_elsewhere: Path | None = None) -> str:
    """Walk the audit log, and compare it with the checkpoints beside the database and with those of a file.

    Args:
        settings: Of the installation.
        kept_elsewhere: A copy of the checkpoint file.

    Returns:
        What was found, in one line.

    Raises:
        Failed: An entry is bad or missing, or a file cannot be read.
        CheckpointInvalid: A checkpoint was not signed here.
    """
    trail = trail_of(settings)
    own = settings.server.data_dir / CHECKPOINT_FILE
    files = [path for path in (own if own.exists() else None, kept_elsewhere) if path]
    notes = [trail.parse_checkpoints(_read(path)) for path in files]
    checkpoints = [found for read in notes for found in read.whole()]
    with _opened(settings) as database:
        verdict = database.read_now(lambda session: trail.verify(session, checkpoints))
    if not verdict.ok:
        raise Failed(f"audit entry {verdict.first_bad}: {verdict.fault}; entries before it are as they were written.")
    torn = "; a last line that was not written to its end was skipped" if any(read.torn for read in notes) else ""
    return f"{verdict.checked} audit entries are as they were written ({len(checkpoints)} checkpoints compared{torn})."


def sign_audit(settings: Settings) -> str:
    """A checkpoint of the newest entry, as one line to keep elsewhere.

    Raises:
        Failed: There is no entry yet.
    """
    trail = trail_of(settings)
    with _opened(settings) as database:
        made = database.read_now(lambda session: trail.checkpoint(session, now()))
    if made is None:
        raise Failed("the audit log is empty; there is nothing to sign for.")
    return made.line()


def reset_password(settings: Settings, name: str) -> str:
    """A one-time link to a new password, for somebody whom no admin can help.

    Raises:
        Failed: There is nobody of that name.
    """
    trail = trail_of(settings)

    def write(session: Session) -> str | None:
        user = account_rows.user_by_name(session, normal_username(name))
        if user is None:
            return None
        _, token = accounts.create_reset(session, user.id, now())
        trail.note(session, COMMAND_LINE, "user.reset_link_created", target=("user", user.id))
        return token

    with _opened(settings) as database:
        token = database.write_now(write)
    if token is None:
        raise Failed("there is nobody of that name.")
    home = settings.server.public_url or f"http://{settings.server.host}:{settings.server.port}"
    return f"{home}/#/reset?token={token}"


def back_up(settings: Settings, target: Path | None, recipient: str | None) -> str:
    """Make a backup, and prove that it can be restored; a server may be writing meanwhile.

    Args:
        settings: Of the installation.
        target: The file to make, or a folder for it; None for `backups/` in the data folder.
        recipient: The age public key to encrypt it for.

    Returns:
        What it holds, and where it is.

    Raises:
        BackupError: There is none.
    """
    home, at = home_of(settings), now()
    name = f"omniai-{at:%Y%m%dT%H%M%SZ}.zip{'' if recipient is None else '.age'}"
    folder = settings.backup.folder if target is None else target
    path = folder / name if target is None or target.is_dir() else target
    manifest = archive.write(archive.Source(home.database, home.data_dir), path, version("omniai"), at, recipient)
    if recipient is None:
        said = restoring.verify(path, path, home.audit_key).lines()
    else:
        said = [f"{sum(manifest.rows.values()):,} rows. Whoever holds the key can prove them: `omniai backup verify`."]
    missing = [part for part in archive.SECRETS if part not in {found.name for found in manifest.parts}]
    if missing:
        said.append("Secrets that the environment sets are not in it; keep them yourself.")
    return "\n".join([*said, f"Backed up to {path}."])


def verify_backup(settings: Settings, path: Path, identity: Path | None) -> str:
    """Prove that a backup can be restored.

    Raises:
        BackupError: It cannot.
    """
    key = _read(identity) if identity else None
    return "\n".join(restoring.verify(path, path, home_of(settings).audit_key, key).lines())


def restore(settings: Settings, path: Path, identity: Path | None, *, replace: bool) -> str:
    """Restore a backup; nothing else may use the data folder meanwhile.

    Raises:
        BackupError: Nothing was changed.
    """
    key = _read(identity) if identity else None
    return "\n".join(restoring.restore(path, home_of(settings), now(), identity=key, replace=replace))


def reindex_memory(settings: Settings) -> str:
    """Build what finds memories by their meaning anew, and make the vectors that are missing.

    Args:
        settings: Of the installation; nothing else may use its store meanwhile.

    Returns:
        What can be found now, in one line.

    Raises:
        Failed: The store cannot be built.
    """
    with _opened(settings) as database:
        placed, all_of_them, model = asyncio.run(_reindex(settings, database))
    by = f"with {model}" if model else "no embedding model answers, so none was added"
    return f"{placed} of {all_of_them} memories can be found by their meaning ({by}); store: {settings.memory.store}."


async def _reindex(settings: Settings, database: Database) -> tuple[int, int, str | None]:
    registry = build_registry(settings.providers, settings.embedded, guide=False)
    meaning = meaning_of(settings, database, registry)
    try:
        placed, all_of_them = await meaning.reindex()
        return placed, all_of_them, (await meaning.standing()).model
    except StoreUnusable as error:
        raise Failed(str(error)) from None
    finally:
        meaning.close()
        await registry.aclose()


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    if settings.database.url is None and not (settings.server.data_dir / DATABASE_FILE).is_file():
        raise Failed("there is no database in this data folder; set OMNIAI_DATA_DIR to the installation's.")
    engine = engine_of(settings)
    database = Database(engine)
    try:
        migrate(engine)
        yield database
    except DatabaseError as error:
        raise Failed(f"the database cannot be used ({type(error.orig).__name__}).") from None
    finally:
        database.close()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Failed(f"{path} cannot be read.") from None
