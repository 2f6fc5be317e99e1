"""Who is asking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Transport = Literal["bearer", "session"]


@dataclass(frozen=True, slots=True)
class Principal:
    """A person with a live sign-in.

    Attributes:
        user_id: Whose.
        username: The name they sign in with.
        role: As it is now, not as it was at sign-in.
        session_id: The sign-in.
        transport: How the credential travelled.
        proved_at: When the password was last given.
        remembered: Whether they want to be remembered between conversations.
    """

    user_id: str
    username: str
    role: str
    session_id: str
    transport: Transport
    proved_at: datetime
    remembered: bool = False
