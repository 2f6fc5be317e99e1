"""Who is asking."""

from dataclasses import dataclass
from typing import Literal

Transport = Literal["bearer", "session"]


@dataclass(frozen=True, slots=True)
class Principal:
    """A person with a live sign-in.

    Attributes:
        user_id: Whose.
        role: As it is now, not as it was at sign-in.
        session_id: The sign-in.
        transport: How the credential travelled.
    """

    user_id: str
    role: str
    session_id: str
    transport: Transport


@dataclass(frozen=True, slots=True)
class Client:
    """Where a sign-in comes from, for the list of sessions.

    Attributes:
        address: Peer address of the socket.
        device: The user agent, cut to 200 characters.
    """

    address: str
    device: str
