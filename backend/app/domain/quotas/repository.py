"""Every query about allowances; each takes the person's id, save those that sum up for admins and recovery."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, null, select, update
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.prepared import Prepared
from app.domain.quotas.models import DayCount, Quota, Reservation, Usage
from app.domain.quotas.rules import Group, Held, Limits, UsageSum, Used

_QUOTAS: Final = table_of(Quota).c
_DAYS: Final = table_of(DayCount)
_HELD: Final = table_of(Reservation)
_USAGE: Final = table_of(Usage)
_QUOTA: Final = Prepared(
    select(_QUOTAS.messages_per_day, _QUOTAS.tokens_per_day).where(_QUOTAS.user_id == bindparam("user"))
)
_THE_DAY: Final = (_DAYS.c.user_id == bindparam("user"), _DAYS.c.day == bindparam("date"))
_DAY: Final = Prepared(select(_DAYS.c.messages, _DAYS.c.tokens, _DAYS.c.held_tokens).where(*_THE_DAY))
_OPEN_DAY: Final = Prepared(insert(_DAYS))
_TAKE: Final = Prepared(
    update(_DAYS)
    .where(
        *_THE_DAY,
        _DAYS.c.messages < bindparam("most_messages"),
        _DAYS.c.tokens + _DAYS.c.held_tokens + bindparam("more") <= bindparam("most_tokens"),
    )
    .values(messages=_DAYS.c.messages + 1, held_tokens=_DAYS.c.held_tokens + bindparam("more"))
    .returning(_DAYS.c.user_id)
)
_LET_GO: Final = Prepared(
    update(_DAYS)
    .where(*_THE_DAY)
    .values(
        messages=_DAYS.c.messages - bindparam("given_back"),
        tokens=_DAYS.c.tokens + bindparam("taken"),
        held_tokens=_DAYS.c.held_tokens - bindparam("held"),
    )
)
_OF_GENERATION: Final = _HELD.c.generation_id == bindparam("generation")
_CLAIM: Final = Prepared(
    delete(_HELD)
    .where(_OF_GENERATION)
    .returning(_HELD.c.user_id, _HELD.c.day, _HELD.c.held_tokens, _HELD.c.provider, _HELD.c.model)
)
_MOVE: Final = update(_HELD).where(_OF_GENERATION)
_ENTER: Final = Prepared(
    update(_USAGE)
    .where(
        _USAGE.c.user_id == bindparam("user"),
        _USAGE.c.day == bindparam("date"),
        _USAGE.c.provider == bindparam("by"),
        _USAGE.c.model == bindparam("with"),
    )
    .values(
        messages=_USAGE.c.messages + 1,
        prompt_tokens=_USAGE.c.prompt_tokens + bindparam("prompt"),
        completion_tokens=_USAGE.c.completion_tokens + bindparam("completion"),
    )
    .returning(_USAGE.c.user_id)
)
_HOLD: Final = Prepared(insert(_HELD))
_FIRST_ENTRY: Final = Prepared(insert(_USAGE))
_UNLIMITED: Final = 2**62


def quota(session: Session, user_id: str) -> Limits | None:
    """A person's own limits, None when the settings' apply."""
    found = _QUOTA.first(session, {"user": user_id})
    return Limits(*found) if found else None


def put_quota(session: Session, user_id: str, messages: int | None, tokens: int | None, now: datetime) -> Quota:
    """Give a person limits of their own."""
    row = Quota(user_id=user_id, messages_per_day=messages, tokens_per_day=tokens, updated_at=now)
    return session.merge(row)


def drop_quota(session: Session, user_id: str) -> None:
    """Take a person's own limits away."""
    session.execute(delete(Quota).where(Quota.user_id == user_id))


def day_count(session: Session, user_id: str, day: date) -> Used | None:
    """A person's count of a day."""
    found = _DAY.first(session, {"user": user_id, "date": day})
    return Used(*found) if found else None


def open_day(session: Session, user_id: str, day: date) -> Used:
    """A person's count of a day, made if it is not there."""
    found = day_count(session, user_id, day)
    if found is None:
        found = Used(messages=0, tokens=0, held_tokens=0)
        _OPEN_DAY.rows(session, {"user_id": user_id, "day": day, **asdict(found)})
    return found


def take(session: Session, user_id: str, day: date, *, held: int, messages: int | None, tokens: int | None) -> bool:
    """Count a message and hold tokens, in one conditional update; False when the day has no room."""
    most_messages = _UNLIMITED if messages is None else messages
    most_tokens = _UNLIMITED if tokens is None else tokens
    values = {"user": user_id, "date": day, "more": held, "most_messages": most_messages, "most_tokens": most_tokens}
    return _TAKE.first(session, values) is not None


def hold(session: Session, reservation: Mapping[str, object]) -> None:
    """Write down what an answer holds; `reservation` are the columns."""
    _HOLD.rows(session, reservation)


def claim_reservation(session: Session, generation_id: str) -> Held | None:
    """Take an answer's reservation away; None when it was settled before."""
    found = _CLAIM.first(session, {"generation": generation_id})
    return Held(*found) if found else None


def set_answering(session: Session, generation_id: str, provider: str, model: str) -> None:
    """Another model answers what was reserved for."""
    session.execute(_MOVE, {"generation": generation_id, "provider": provider, "model": model})


def reservations_any_owner(session: Session) -> list[Reservation]:
    """Every reservation, for recovery after a crash."""
    return list(session.scalars(select(Reservation)))


def let_go(session: Session, held: Held, tokens: tuple[int, int] | None) -> None:
    """Undo a reservation in its day and count what the answer took, or give its message back if nothing came."""
    counts = {"given_back": 0 if tokens else 1, "taken": sum(tokens or ()), "held": held.tokens}
    _LET_GO.rows(session, {"user": held.user_id, "date": held.day, **counts})


def enter(session: Session, held: Held, prompt_tokens: int, completion_tokens: int) -> None:
    """Enter what an answer took in the ledger."""
    line = {"user": held.user_id, "date": held.day, "by": held.provider, "with": held.model}
    took = {"prompt": prompt_tokens, "completion": completion_tokens}
    if _ENTER.first(session, {**line, **took}) is None:
        columns = {
            "user_id": held.user_id,
            "day": held.day,
            "provider": held.provider,
            "model": held.model,
            "messages": 1,
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
        }
        _FIRST_ENTRY.rows(session, columns)


def usage_by(session: Session, first: date, last: date, group: Group) -> list[UsageSum]:
    """Everybody's ledger of a range of days, both ends included, summed up by day, person or model."""
    nothing = null()
    keys = {
        "day": (Usage.day, nothing, nothing, nothing),
        "user": (nothing, Usage.user_id, nothing, nothing),
        "model": (nothing, nothing, Usage.provider, Usage.model),
    }[group]
    grouped = [key for key in keys if key is not nothing]
    counts = (func.sum(Usage.messages), func.sum(Usage.prompt_tokens), func.sum(Usage.completion_tokens))
    statement = select(*keys, *counts).where(Usage.day.between(first, last)).group_by(*grouped).order_by(*grouped)
    return [UsageSum(*row[:4], *(int(count) for count in row[4:])) for row in session.execute(statement)]


def used_on(session: Session, day: date) -> tuple[int, int, int]:
    """Everybody's messages, prompt tokens and answer tokens of a day."""
    counts = (func.sum(Usage.messages), func.sum(Usage.prompt_tokens), func.sum(Usage.completion_tokens))
    row = session.execute(select(*counts).where(Usage.day == day)).one()
    return int(row[0] or 0), int(row[1] or 0), int(row[2] or 0)
