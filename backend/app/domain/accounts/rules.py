"""Pure decisions about names and passwords, and what a credential stands for."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Role = Literal["user", "admin"]
UserStatus = Literal["active", "disabled"]

WRONG_TRIES: Final = 5
TRIES_WINDOW: Final = timedelta(minutes=5)
LOCK_TIME: Final = timedelta(minutes=15)
RESET_LIFETIME: Final = timedelta(hours=24)
PASSWORD_MIN: Final = 10
PASSWORD_MAX: Final = 256
MAX_PREFERENCES_BYTES: Final = 16_384

# Control characters, ends of lines, and what turns the direction of writing: with these a name can pass for another.
_MISLEADING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_USERNAME: Final = re.compile(r"[a-z0-9_.-]{3,32}")
_RUNS: Final = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
_COMMON: Final = """
admin adminadmin administrator baseball changeme charlie computer dragon football hello helloworld iloveyou
internet jennifer letmein liverpool login manchester master michael monkey mustang mypassword newpassword
omniai pass passpass passw passwd password passwordpassword princess qazwsx qazwsxedc qwerty qwertyqwerty
qwertz secret shadow starwars sunshine superman superuser test testtest trustno trustnoone user username
welcome whatever zaqxsw
"""
_STEMS: Final = frozenset(_COMMON.split())
"""Words that, with figures and signs around them, make up the ten-character-and-longer part of the published lists of
common passwords (checked by stem: `Password123!` and `welcome2024` both fall)."""
_LEET: Final = str.maketrans("04135$@!", "oaiessai")


@dataclass(frozen=True, slots=True)
class Shown:
    """A person and their sign-in, as the credential brings them that came with a request.

    Attributes:
        expires_at: When the sign-in ends at the latest.
        token_expires_at: When the credential itself does.
    """

    user_id: str
    username: str
    role: str
    status: str
    preferences: Mapping[str, object]
    session_id: str
    proved_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    expires_at: datetime
    token_expires_at: datetime


def normal_username(text: str) -> str:
    """A user name in its one form: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower().strip()


def username_problem(name: str) -> str | None:
    """What is wrong with a normalised user name, None when nothing is."""
    return None if _USERNAME.fullmatch(name) else "must be 3 to 32 of the characters a-z 0-9 _ . -"


def display_name_problem(name: str) -> str | None:
    """What is wrong with a name to be shown, None when nothing is."""
    return "must not hold characters that are not seen" if _MISLEADING.search(name) else None


def password_problem(password: str, username: str) -> str | None:
    """What is wrong with a new password, None when nothing is."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return f"must have {PASSWORD_MIN} to {PASSWORD_MAX} characters"
    if password.lower() == username or _is_common(password.lower()):
        return "is on the list of common passwords"
    return None


def _is_common(password: str) -> bool:
    if len(set(password)) <= 2:  # noqa: PLR2004 - "aaaaaaaaaa", "1212121212"
        return True
    if any(password in run or password in run[::-1] for run in _RUNS):
        return True
    bare = {re.sub(r"[^a-z]", "", form) for form in (password, password.translate(_LEET))}
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    return bool(bare & _STEMS) or stripped in _STEMS or stripped.translate(_LEET) in _STEMS
