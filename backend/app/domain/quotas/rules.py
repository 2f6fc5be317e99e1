"""Pure decisions about allowances: when a day begins again, what is left of it, and how much an answer may take."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

Resource = Literal["messages", "tokens"]
Group = Literal["day", "user", "model"]

ANSWER_ALLOWANCE: Final = 8_192
"""Tokens held for an answer whose length nobody limited; more than 99 in 100 chat answers stay below it."""
HELD_SECONDS: Final = 10
"""When to ask again for what is held for answers under way: nobody knows how long those are."""
UNCAPPED_ABOVE: Final = 32_768
"""With more than this left, or than the model's window, an answer is not capped for the day's sake."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person may use in a day; None is no limit."""

    messages: int | None
    tokens: int | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one answer may take.

    Attributes:
        max_tokens: What the model is told; None leaves it to the model.
        held: Tokens kept for prompt and answer until it is settled.
    """

    max_tokens: int | None
    held: int


@dataclass(frozen=True, slots=True)
class Used:
    """What a person has used of a day, and what answers under way may still take of it."""

    messages: int
    tokens: int
    held_tokens: int


@dataclass(frozen=True, slots=True)
class Held:
    """What one answer held of its day, and who was to be written down for it."""

    user_id: str
    day: date
    tokens: int
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class UsageSum:
    """A sum of the ledger; None where it was not grouped by."""

    day: date | None
    user_id: str | None
    provider: str | None
    model: str | None
    messages: int
    prompt_tokens: int
    completion_tokens: int


def next_day(day: date) -> datetime:
    """When a day's allowance begins again."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def allowance(left: int | None, prompt_tokens: int, wished: int | None, window: int | None) -> Allowance | None:
    """How much an answer may take of what is left.

    Args:
        left: Tokens of the day that are neither used nor held; None without a limit.
        prompt_tokens: Estimated tokens of the prompt.
        wished: The longest answer that the person wants, if said.
        window: The model's context in tokens, if known.

    Returns:
        None when nothing is left for an answer.
    """
    if left is None:
        return Allowance(wished, 0)
    room = left - prompt_tokens
    if room < 1:
        return None
    if wished is not None:
        cap = min(wished, room)
        return Allowance(cap, prompt_tokens + cap)
    if room >= min(window or UNCAPPED_ABOVE, UNCAPPED_ABOVE):
        return Allowance(None, prompt_tokens + min(room, window or room, ANSWER_ALLOWANCE))
    return Allowance(room, prompt_tokens + room)
