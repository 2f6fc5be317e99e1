"""Acts on allowances: what is left, reserve before a model is called, settle after, whatever the end was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.quotas import repository
from app.domain.quotas.errors import QuotaExceeded
from app.domain.quotas.models import Quota
from app.domain.quotas.rules import HELD_SECONDS, Allowance, Limits, Resource, Used, allowance, next_day


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person has used of a day, of how much."""

    day: date
    messages: int
    tokens: int
    limits: Limits
    resets_at: datetime


def limits_of(session: Session, user_id: str, defaults: Limits) -> tuple[Limits, bool]:
    """A person's limits, and whether they are the defaults."""
    own = repository.quota(session, user_id)
    return (defaults, True) if own is None else (own, False)


def set_limits(session: Session, user_id: str, limits: Limits, now: datetime) -> Quota:
    """Give a person limits of their own."""
    return repository.put_quota(session, user_id, limits.messages, limits.tokens, now)


def standing(session: Session, user_id: str, defaults: Limits, now: datetime) -> Standing:
    """How a person stands today."""
    day = now.date()
    limits, _ = limits_of(session, user_id, defaults)
    count = repository.day_count(session, user_id, day)
    messages, tokens = (count.messages, count.tokens) if count else (0, 0)
    return Standing(day, messages, tokens, limits, next_day(day))


def refuse_spent(session: Session, user_id: str, defaults: Limits, now: datetime) -> None:
    """Refuse early, before a model is chosen, what cannot be answered today anyhow.

    Raises:
        QuotaExceeded: Nothing is left of the day.
    """
    limits, _ = limits_of(session, user_id, defaults)
    count = repository.day_count(session, user_id, now.date())
    if spent := _spent(count, limits):
        raise _exceeded(count, limits, spent, now)


def reserve(
    session: Session,
    *,
    user_id: str,
    generation_id: str,
    provider: str,
    model: str,
    prompt_tokens: int,
    wished: int | None,
    window: int | None,
    defaults: Limits,
    now: datetime,
) -> Allowance:
    """Count a message and hold the tokens that its answer may take.

    Args:
        session: The transaction that opens the turn.
        user_id: Whose allowance.
        generation_id: The answer.
        provider: Who answers.
        model: With which model.
        prompt_tokens: Estimated tokens of the prompt.
        wished: The longest answer that the person wants, if said.
        window: The model's context in tokens, if known.
        defaults: Limits of those who have none of their own.
        now: The day is that of this moment, in UTC.

    Raises:
        QuotaExceeded: Not enough is left of the day.
    """
    limits, _ = limits_of(session, user_id, defaults)
    day = now.date()
    count = repository.open_day(session, user_id, day)
    left = None if limits.tokens is None else limits.tokens - count.tokens - count.held_tokens
    granted = allowance(left, prompt_tokens, wished, window)
    held = granted.held if granted else 0
    taken = granted is not None and repository.take(
        session, user_id, day, held=held, messages=limits.messages, tokens=limits.tokens
    )
    if granted is None or not taken:
        spent = _spent(count, limits)
        free = None if left is None else left + count.held_tokens
        if spent is None and count.held_tokens and allowance(free, prompt_tokens, wished, window):
            raise _held(count, limits, now)
        raise _exceeded(count, limits, spent or "tokens", now)
    reservation = {
        "generation_id": generation_id,
        "user_id": user_id,
        "day": day,
        "held_tokens": held,
        "prompt_tokens": prompt_tokens,
        "provider": provider,
        "model": model,
    }
    repository.hold(session, reservation)
    return granted


def settle(session: Session, generation_id: str, tokens: tuple[int, int] | None) -> None:
    """Count what an answer took and let go of what it held; a second time changes nothing.

    Args:
        session: The transaction that ends the answer.
        generation_id: The answer.
        tokens: Of the prompt and of the answer; None when no token came, then the message is given back too.
    """
    held = repository.claim_reservation(session, generation_id)
    if held is None:
        return
    repository.let_go(session, held, tokens)
    if tokens is not None:
        repository.enter(session, held, *tokens)


def set_answering(session: Session, generation_id: str, provider: str, model: str) -> None:
    """Another model answers: the ledger names the one that did."""
    repository.set_answering(session, generation_id, provider, model)


def recover(session: Session, answers: Mapping[str, int], *, crashed: bool = True) -> None:
    """Settle what dead runs held, by what had been stored of each answer.

    Args:
        session: The transaction of recovery.
        answers: Generation id → estimated tokens of its stored text.
        crashed: Nothing runs any more, so what else was held is let go as well.
    """
    for held in repository.reservations_any_owner(session):
        if crashed or held.generation_id in answers:
            completion = answers.get(held.generation_id, 0)
            settle(session, held.generation_id, (held.prompt_tokens, completion) if completion else None)


def _spent(count: Used | None, limits: Limits) -> Resource | None:
    messages, tokens = (count.messages, count.tokens) if count else (0, 0)
    if limits.messages is not None and messages >= limits.messages:
        return "messages"
    return "tokens" if limits.tokens is not None and tokens >= limits.tokens else None


def _exceeded(count: Used | None, limits: Limits, resource: Resource, now: datetime) -> QuotaExceeded:
    seconds = (next_day(now.date()) - now).total_seconds()
    return QuotaExceeded(_told(count, limits, resource, now), retry_after=max(1, int(seconds)))


def _held(count: Used, limits: Limits, now: datetime) -> QuotaExceeded:
    detail = {**_told(count, limits, "tokens", now), "held": count.held_tokens}
    text = "What is left of the day's allowance is held for answers under way."
    return QuotaExceeded(detail, text=text, retry_after=HELD_SECONDS)


def _told(count: Used | None, limits: Limits, resource: Resource, now: datetime) -> dict[str, object]:
    return {
        "resource": resource,
        "used": getattr(count, resource) if count else 0,
        "limit": limits.messages if resource == "messages" else limits.tokens,
        "resets_at": f"{next_day(now.date()):%Y-%m-%dT%H:%M:%SZ}",
    }
