"""Every query about allowances; each takes the person's id, save those that sum up for admins and recovery."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, func, null, select, update
from sqlalchemy.orm import Session

from app.domain.quotas.models import DayCount, Quota, Reservation, Usage
from app.domain.quotas.rules import Group, UsageSum

AS_IT_STANDS: Final = {"synchronize_session": False}
"""For updates of rows that nobody holds as objects: the session need not look for them."""


def quota(session: Session, user_id: str) -> Quota | None:
    """A person's own limits, None when the settings' apply."""
    return session.get(Quota, user_id)


def put_quota(session: Session, user_id: str, messages: int | None, tokens: int | None, now: datetime) -> Quota:
    """Give a person limits of their own."""
    row = Quota(user_id=user_id, messages_per_day=messages, tokens_per_day=tokens, updated_at=now)
    return session.merge(row)


def drop_quota(session: Session, user_id: str) -> None:
    """Take a person's own limits away."""
    session.execute(delete(Quota).where(Quota.user_id == user_id))


def day_count(session: Session, user_id: str, day: date) -> DayCount | None:
    """A person's count of a day."""
    return session.get(DayCount, (user_id, day), populate_existing=True)


def open_day(session: Session, user_id: str, day: date) -> DayCount:
    """A person's count of a day, made if it is not there."""
    found = day_count(session, user_id, day)
    if found is None:
        found = DayCount(user_id=user_id, day=day, messages=0, tokens=0, held_tokens=0)
        session.add(found)
        session.flush()
    return found


def take(session: Session, user_id: str, day: date, *, held: int, messages: int | None, tokens: int | None) -> bool:
    """Count a message and hold tokens, in one conditional update; False when the day has no room."""
    statement = update(DayCount).where(DayCount.user_id == user_id, DayCount.day == day)
    if messages is not None:
        statement = statement.where(DayCount.messages < messages)
    if tokens is not None:
        statement = statement.where(DayCount.tokens + DayCount.held_tokens + held <= tokens)
    values = {"messages": DayCount.messages + 1, "held_tokens": DayCount.held_tokens + held}
    statement = statement.values(values).returning(DayCount.user_id)
    return session.execute(statement, execution_options=AS_IT_STANDS).first() is not None


def claim_reservation(session: Session, generation_id: str) -> Reservation | None:
    """Take an answer's reservation away; None when it was settled before."""
    statement = delete(Reservation).where(Reservation.generation_id == generation_id).returning(Reservation)
    return session.scalars(statement).one_or_none()


def set_answering(session: Session, generation_id: str, provider: str, model: str) -> None:
    """Another model answers what was reserved for."""
    statement = update(Reservation).where(Reservation.generation_id == generation_id)
    session.execute(statement.values(provider=provider, model=model), execution_options=AS_IT_STANDS)


def reservations_any_owner(session: Session) -> list[Reservation]:
    """Every reservation, for recovery after a crash."""
    return list(session.scalars(select(Reservation)))


def let_go(session: Session, held: Reservation, tokens: tuple[int, int] | None) -> None:
    """Undo a reservation in its day and count what the answer took, or give its message back if nothing came."""
    values = {
        "held_tokens": DayCount.held_tokens - held.held_tokens,
        "messages": DayCount.messages - (0 if tokens else 1),
        "tokens": DayCount.tokens + sum(tokens or ()),
    }
    statement = update(DayCount).where(DayCount.user_id == held.user_id, DayCount.day == held.day).values(values)
    session.execute(statement, execution_options=AS_IT_STANDS)


def enter(session: Session, held: Reservation, prompt_tokens: int, completion_tokens: int) -> None:
    """Enter what an answer took in the ledger."""
    of_them = (Usage.user_id == held.user_id, Usage.day == held.day)
    of_it = (Usage.provider == held.provider, Usage.model == held.model)
    values = {
        "messages": Usage.messages + 1,
        "prompt_tokens": Usage.prompt_tokens + prompt_tokens,
        "completion_tokens": Usage.completion_tokens + completion_tokens,
    }
    statement = update(Usage).where(*of_them, *of_it).values(values).returning(Usage.user_id)
    if session.execute(statement, execution_options=AS_IT_STANDS).first() is None:
        session.add(
            Usage(
                user_id=held.user_id,
                day=held.day,
                provider=held.provider,
                model=held.model,
                messages=1,
                prompt_tokens=prompt_tokens,
                completion_tokens=completion_tokens,
            )
        )


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
