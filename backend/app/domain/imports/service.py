"""Acts on imports: begin one, note how it goes, end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import Overtaken
from app.core.ids import is_id, new_id
from app.domain.imports import repository
from app.domain.imports.errors import ImportMissing, ImportRunning
from app.domain.imports.models import Import, ImportResult
from app.domain.imports.rules import KEPT, ImportState, Outcome, Result


@dataclass(frozen=True, slots=True)
class Reported:
    """An import and what became of each conversation so far."""

    row: Import
    results: Sequence[ImportResult]

    def count(self, result: Result) -> int:
        """How many went so."""
        return sum(each.result == result for each in self.results)


def begin(session: Session, owner_id: str, *, dry_run: bool, now: datetime) -> Import:
    """Note that a file has come.

    Raises:
        ImportRunning: The one before has not ended.
    """
    if repository.under_way(session, owner_id) is not None:
        raise ImportRunning
    made = Import(id=new_id(), user_id=owner_id, state="queued", dry_run=dry_run, created_at=now, finished_at=None)
    session.add(made)
    return made


def read(session: Session, owner_id: str, import_id: str) -> Reported:
    """An import with its report.

    Raises:
        ImportMissing: It is not the owner's.
    """
    row = repository.get(session, owner_id, import_id) if is_id(import_id) else None
    if row is None:
        raise ImportMissing
    return Reported(row, repository.results(session, owner_id, row.id))


def report(session: Session, import_id: str, outcome: Outcome) -> None:
    """Note what became of the next conversation of the file."""
    session.add(
        ImportResult(
            import_id=import_id,
            place=repository.next_place(session, import_id),
            source_id=outcome.source_id,
            title=outcome.title,
            result=outcome.result,
            reason=outcome.reason,
        )
    )


def advance(session: Session, owner_id: str, import_id: str, state: ImportState, now: datetime | None = None) -> None:
    """Note where an import stands, and when it ended.

    Raises:
        Overtaken: Its owner is gone.
    """
    if not repository.set_state(session, owner_id, import_id, state, now):
        raise Overtaken


def recover_any_owner(session: Session, outcome: Outcome, now: datetime) -> int:
    """What was under way when the server ended has failed.

    Returns:
        How many there were.
    """
    broken = repository.under_way_any_owner(session)
    for row in broken:
        row.state, row.finished_at = "failed", now
        report(session, row.id, outcome)
    return len(broken)


def purge_any_owner(session: Session, now: datetime) -> None:
    """Forget old reports."""
    repository.purge_any_owner(session, now - KEPT)
