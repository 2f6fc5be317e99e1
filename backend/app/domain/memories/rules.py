"""Pure decisions about memories: what says the same, and what may never be kept."""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, Literal

from app.core.words import folded

Source = Literal["user", "assistant", "manual"]
MOST: Final = 2_000
"""Of one person."""
CHARS: Final = 2_000

_KEYS: Final = re.compile(
    r"""
    \b(?:sk|pk|rk)[-_](?=[\w-]*\d)[\w-]{16,}      # OpenAI, Anthropic, Stripe
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,} | \bnpm_[A-Za-z0-9]{20,}
    | \bAKIA[0-9A-Z]{16}\b | \bAIza[\w-]{30,} | \bxox[abprs]-[\w-]{10,} | \bhf_[A-Za-z0-9]{20,}
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}        # a JSON Web Token
    | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----
    """,
    re.VERBOSE,
)
_SPOKEN: Final = (
    r"(?:pass(?:word|phrase|code|wort)|contraseña|\bclave|kennwort|mot\s+de\s+passe|\bsenha|пароль|密码|パスワード)"
)
_PASSWORDS: Final = re.compile(
    rf"{_SPOKEN}(?:'s)?\s*(?:\w+\s+){{0,3}}?(?:\b(?:is|es|ist|est|é|was|lautet)\b|[:=は是—-])\s*\S"
    rf"|{_SPOKEN}(?:'s)?\s+(?=\S*\d)\S+"
    r"|\bpin\b\s*(?:code|number|nummer)?\s*(?:is|es|ist|est|lautet|[:=])?\s*\d",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+(?:[ .\u00a0\u202f-]\d+)*")
_CARD_DIGITS: Final = range(13, 20)


def fingerprint(content: str) -> str:
    """What two texts share that differ in case, accents, space or punctuation only; C++ and C#, 5 and -5 differ."""
    kept = (char if _tells_apart(content, place) else " " for place, char in enumerate(content))
    return sha256(" ".join(folded("".join(kept)).split()).encode()).hexdigest()


def secret_in(content: str) -> str | None:
    """What kind of secret a text seems to hold; None for none."""
    if _KEYS.search(content):
        return "a key"
    if _PASSWORDS.search(content):
        return "a password"
    if any(_is_card(digits) for found in _DIGITS.finditer(content) for digits in _numbers(found[0])):
        return "a card number"
    return None


def _tells_apart(content: str, place: int) -> bool:
    char = content[place]
    if char == "-":
        return content[place + 1 : place + 2].isdigit()
    return char == "#" or unicodedata.category(char)[0] in "LNSM"


def _numbers(run: str) -> Iterator[str]:
    """Every number of a card's length that begins and ends where a group of digits does."""
    groups = re.split(r"\D", run)
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) in _CARD_DIGITS:
                yield digits
            elif len(digits) >= _CARD_DIGITS.stop:
                break


def _is_card(number: str) -> bool:
    """The check of card numbers (ISO/IEC 7812-1, Luhn)."""
    digits = [int(char) for char in number]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - half of the base
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0
