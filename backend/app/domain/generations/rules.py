"""What makes two submissions the same one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

KEY_LIFETIME: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request that its sender may repeat without effect.

    Attributes:
        key: The sender's name for it, the sender's own.
        digest: Of what is asked for; the same key with another one is a mistake.
    """

    key: str
    digest: str
