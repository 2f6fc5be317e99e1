"""Acts on runs: begin one, find one, list those under way."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.core.ids import is_id, new_id
from app.core.pagination import Cursor, PageOf, PageRequest, page_of
from app.domain.generations import repository
from app.domain.generations.errors import (
    AlreadySubmitted,
    GenerationMissing,
    OtherSubmission,
    StreamGone,
    TooManyStreams,
)
from app.domain.generations.models import Generation, IdempotencyKey
from app.domain.generations.rules import KEY_LIFETIME, Submission

RETRY_AFTER_SECONDS: Final = 5


def begin(
    session: Session,
    *,
    owner_id: str,
    conversation_id: str,
    message_id: str,
    provider: str,
    model: str,
    status: str,
    now: datetime,
) -> Generation:
    """Make the row of a run that starts now, or waits for its model server."""
    begun = Generation(
        id=new_id(),
        user_id=owner_id,
        conversation_id=conversation_id,
        message_id=message_id,
        status=status,
        provider=provider,
        model=model,
        error_code=None,
        started_at=now,
        heartbeat_at=now,
        ended_at=None,
    )
    session.add(begun)
    return begun


def refuse_too_many(session: Session, owner_id: str, most: int) -> None:
    """Refuse another run for a person who has as many under way as one may have.

    Raises:
        TooManyStreams: They have.
    """
    if repository.count_active(session, owner_id) >= most:
        raise TooManyStreams({"limit": most}, retry_after=RETRY_AFTER_SECONDS)


def get(session: Session, owner_id: str, generation_id: str) -> Generation:
    """One run.

    Raises:
        GenerationMissing: Unknown, another's, or not an id at all.
    """
    found = repository.generation(session, owner_id, generation_id) if is_id(generation_id) else None
    if found is None:
        raise GenerationMissing
    return found


def list_active(session: Session, owner_id: str, page: PageRequest) -> PageOf[Generation]:
    """A page of a person's runs under way, oldest first."""
    return page_of(repository.active(session, owner_id, page), page.limit, lambda row: Cursor(row.started_at, row.id))


def ended_before(session: Session, owner_id: str, submission: Submission, now: datetime) -> str | None:
    """Find the run that a submission has brought already.

    Returns:
        The id of its run, which has ended; None when the submission is new.

    Raises:
        AlreadySubmitted: The run is under way; the detail names it.
        OtherSubmission: The key stood for something else.
        StreamGone: The run has been deleted since.
    """
    found = repository.key(session, owner_id, submission.key)
    if found is None or found.created_at <= now - KEY_LIFETIME:
        return None
    if found.body_digest != submission.digest:
        raise OtherSubmission
    run = repository.generation(session, owner_id, found.generation_id)
    if run is None:
        raise StreamGone
    if run.status in repository.ACTIVE:
        raise AlreadySubmitted({"generation_id": run.id})
    return run.id


def remember(session: Session, owner_id: str, submission: Submission, generation_id: str, now: datetime) -> None:
    """Tie a new submission to its run, in the run's own transaction."""
    repository.delete_key(session, owner_id, submission.key)
    session.add(
        IdempotencyKey(
            user_id=owner_id,
            key=submission.key,
            body_digest=submission.digest,
            generation_id=generation_id,
            created_at=now,
        )
    )
