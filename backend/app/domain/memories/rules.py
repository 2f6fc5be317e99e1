"""Pure decisions about memories: what says the same, and what may never be kept."""

import re
from hashlib import sha256
from typing import Final, Literal

from app.core.words import folded

Source = Literal["user", "assistant", "manual"]
MOST: Final = 2_000
"""Of one person."""
CHARS: Final = 2_000

_KEYS: Final = re.compile(
    r"""
    \b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}          # OpenAI, Anthropic, Stripe
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,}
    | \bAKIA[0-9A-Z]{16}\b | \bAIza[\w-]{30,} | \bxox[abprs]-[\w-]{10,} | \bhf_[A-Za-z0-9]{20,}
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}        # a JSON Web Token
    | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----
    """,
    re.VERBOSE,
)
_PASSWORDS: Final = re.compile(
    r"(?:pass(?:word|phrase|code|wort)|contraseña|kennwort|пароль|\bpin\b|密码|パスワード)"
    r"\s*(?:\w+\s+){0,3}?(?:is|es|ist|was|lautet|:|=|は|是|-|—)\s*\S",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_SAME: Final = re.compile(r"[\W_]+")


def fingerprint(content: str) -> str:
    """What two texts share that differ in case, accents, space or punctuation only."""
    return sha256(_SAME.sub(" ", folded(content)).strip().encode()).hexdigest()


def secret_in(content: str) -> str | None:
    """What kind of secret a text seems to hold; None for none."""
    if _KEYS.search(content):
        return "a key"
    if _PASSWORDS.search(content):
        return "a password"
    if any(_is_card(found[0]) for found in _DIGITS.finditer(content)):
        return "a card number"
    return None


def _is_card(text: str) -> bool:
    """The check of card numbers (ISO/IEC 7812-1, Luhn)."""
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - half of the base
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0
