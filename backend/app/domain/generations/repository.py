"""Every query about runs; each takes the owner's id, save those of recovery."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.core.pagination import PageRequest
from app.db.base import table_of
from app.db.prepared import Prepared
from app.domain.generations.models import Generation, IdempotencyKey

ACTIVE = ("queued", "streaming")

_RUNS: Final = table_of(Generation)
# Not IN, which SQLAlchemy writes anew each time.
_IS_ACTIVE: Final = or_(*(_RUNS.c.status == status for status in ACTIVE))
_COUNT_ACTIVE: Final = Prepared(select(func.count()).where(_RUNS.c.user_id == bindparam("owner"), _IS_ACTIVE))
_NEWEST_ACTIVE: Final = Prepared(
    select(func.max(_RUNS.c.id)).where(
        _RUNS.c.conversation_id == bindparam("conversation"), _RUNS.c.user_id == bindparam("owner"), _IS_ACTIVE
    )
)
_END: Final = Prepared(update(_RUNS).where(_RUNS.c.id == bindparam("run"), _IS_ACTIVE).returning(_RUNS.c.id))
_BEAT: Final = update(_RUNS).where(_RUNS.c.id.in_(bindparam("runs", expanding=True)), _IS_ACTIVE)
_START: Final = update(_RUNS).where(_RUNS.c.id.in_(bindparam("runs", expanding=True)), _RUNS.c.status == "queued")
_SET: Final = update(_RUNS).where(_RUNS.c.id == bindparam("run"))


def generation(session: Session, owner_id: str, generation_id: str) -> Generation | None:
    """One run."""
    statement = select(Generation).where(Generation.id == generation_id, Generation.user_id == owner_id)
    return session.scalars(statement).one_or_none()


def active(session: Session, owner_id: str, page: PageRequest) -> list[Generation]:
    """A person's runs under way, oldest first, one row more than asked for."""
    statement = (
        select(Generation)
        .where(Generation.status.in_(ACTIVE), Generation.user_id == owner_id)
        .order_by(Generation.started_at, Generation.id)
        .limit(page.limit + 1)
    )
    if page.cursor:
        statement = statement.where(tuple_(Generation.started_at, Generation.id) > (page.cursor.at, page.cursor.id))
    return list(session.scalars(statement))


def active_in(session: Session, owner_id: str, conversation_id: str) -> list[Generation]:
    """Runs under way in one conversation, newest first."""
    statement = (
        select(Generation)
        .where(
            Generation.conversation_id == conversation_id, Generation.user_id == owner_id, Generation.status.in_(ACTIVE)
        )
        .order_by(Generation.id.desc())
    )
    return list(session.scalars(statement))


def newest_active_id(session: Session, owner_id: str, conversation_id: str) -> str | None:
    """The newest run under way in a conversation."""
    [(found,)] = _NEWEST_ACTIVE.rows(session, {"conversation": conversation_id, "owner": owner_id})
    return found if isinstance(found, str) else None


def count_active(session: Session, owner_id: str) -> int:
    """How many answers are under way for a person."""
    [(count,)] = _COUNT_ACTIVE.rows(session, {"owner": owner_id})
    return int(count)


def active_ids(session: Session, owner_id: str) -> list[str]:
    """A person's answers under way."""
    statement = select(Generation.id).where(Generation.user_id == owner_id, Generation.status.in_(ACTIVE))
    return list(session.scalars(statement))


def claim_ending(session: Session, generation_id: str, *, status: str, error_code: str | None, now: datetime) -> bool:
    """Write a run's ending if it has none; True for the one who wrote it."""
    columns = {"status": status, "error_code": error_code, "ended_at": now}
    return _END.first(session, {"run": generation_id, **columns}) is not None


def beat(session: Session, alive: Sequence[str], started: Sequence[str], now: datetime) -> None:
    """Note that runs are alive, and that those which have started wait no longer."""
    session.execute(_BEAT, {"runs": alive, "heartbeat_at": now})
    session.execute(_START, {"runs": started, "status": "streaming"})


def set_answering(session: Session, generation_id: str, provider: str, model: str) -> None:
    """Another model does a run."""
    session.execute(_SET, {"run": generation_id, "provider": provider, "model": model})


def interrupt_running_any_owner(
    session: Session, now: datetime, *, silent_since: datetime | None = None, alive: Collection[str] = ()
) -> dict[str, str]:
    """What nobody runs any more is `interrupted`: after a crash everything, else what gave no sign of life.

    Args:
        session: The transaction.
        now: When.
        silent_since: Only runs whose heart has not beaten since.
        alive: Not these, whatever their rows say.

    Returns:
        Ids of the runs concerned → of their answers.
    """
    statement = update(Generation).where(Generation.status.in_(ACTIVE)).values(status="interrupted", ended_at=now)
    if silent_since is not None:
        statement = statement.where(Generation.heartbeat_at < silent_since, Generation.id.not_in(alive))
    rows = session.execute(statement.returning(Generation.id, Generation.message_id))
    return {generation_id: message_id for generation_id, message_id in rows}  # noqa: C416 - rows are no pairs to dict()


def count_running_any_owner(session: Session) -> int:
    """How many answers are under way in all."""
    return session.scalar(select(func.count()).where(Generation.status.in_(ACTIVE))) or 0


def key(session: Session, owner_id: str, name: str) -> IdempotencyKey | None:
    """A key of a person's, whatever its age."""
    statement = select(IdempotencyKey).where(IdempotencyKey.user_id == owner_id, IdempotencyKey.key == name)
    return session.scalars(statement).one_or_none()


def delete_key(session: Session, owner_id: str, name: str) -> None:
    """Forget a key."""
    statement = delete(IdempotencyKey).where(IdempotencyKey.user_id == owner_id, IdempotencyKey.key == name)
    session.execute(statement)


def purge_keys_any_owner(session: Session, made_before: datetime) -> int:
    """Forget old keys.

    Returns:
        How many.
    """
    statement = delete(IdempotencyKey).where(IdempotencyKey.created_at < made_before)
    return len(session.execute(statement.returning(IdempotencyKey.key)).all())
