"""The port of rate limits: one hit of one class by one key, and how things stand after it."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from app.core.errors import Code, OmniError

LimitClass = Literal["auth", "chat", "write", "read", "anonymous"]
WINDOW_SECONDS: Final = 60


class RateLimited(OmniError):
    code = Code.RATE_LIMITED


@dataclass(frozen=True, slots=True)
class Standing:
    """How a key stands in its class.

    Attributes:
        name: The class.
        limit: Hits that a window takes.
        remaining: Hits that are left now.
        reset_seconds: Until the oldest hit is forgotten and room comes back.
        allowed: Whether this hit was taken.
    """

    name: LimitClass
    limit: int
    remaining: int
    reset_seconds: int
    allowed: bool


class Limiter(Protocol):
    """Counts hits in moving windows of a minute."""

    async def hit(self, name: LimitClass, key: str) -> Standing | None:
        """Take a hit.

        Args:
            name: The class.
            key: Whose: an address or a person's id.

        Returns:
            How it stands; None when limits are off.
        """
        ...
