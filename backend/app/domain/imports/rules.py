"""Pure decisions about imports."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

ImportState = Literal["queued", "running", "done", "failed"]
Result = Literal["imported", "skipped", "failed"]
UNDER_WAY: Final = ("queued", "running")
KEPT: Final = timedelta(days=30)
"""How long a report can be read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one conversation.

    Attributes:
        source_id: What the file calls it; None for what has no name, the file itself for one.
        title: How a person knows it.
        result: How it went.
        reason: Why, for a person; None where there is nothing to say.
    """

    source_id: str | None
    title: str
    result: Result
    reason: str | None = None
