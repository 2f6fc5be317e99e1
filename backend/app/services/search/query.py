"""Reads what somebody typed. Whatever is not a filter is text to look for: no query is an error."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from app.core.words import folded, is_unspaced, searchable
from app.domain.conversations.rules import MessageRole, Search

MAX_TERMS: Final = 24
GROWING: Final = re.compile(r"\w{3,}\Z")
"""A last word that may be the beginning of a longer one: the index has the beginnings of words of this length."""
ROLES: Final[dict[str, MessageRole]] = {"user": "user", "assistant": "assistant"}
PLACES: Final[dict[str, Literal["title", "text"]]] = {"title": "title", "messages": "text"}
ARCHIVE: Final = "archive"
WORD: Final = re.compile(r"[^\s!-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u3003\u3008-\u303f\uff00-\uff0f]+")
"""Neither blanks nor punctuation. The marks of Indian scripts belong to a word, and `\\w` leaves them out."""
DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")
PIECE: Final = re.compile(r'(?:(?P<name>[a-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase.

    Attributes:
        text: As it was typed.
        growing: Whether longer words that begin so are meant too.
    """

    text: str
    growing: bool = False

    @property
    def indexed(self) -> bool:
        """Whether the index knows anything of it: it has a letter or a digit."""
        return any(char.isalnum() for char in self.text)

    @property
    def expression(self) -> str:
        """The term in the language of the index: always a quoted string, which has no operators."""
        quoted = searchable(self.text).replace('"', '""')
        return f'"{quoted}"*' if self.growing else f'"{quoted}"'

    @property
    def pattern(self) -> str:
        """A regular expression for the term in a folded text: its words in a row, whatever stands between them."""
        words = WORD.findall(folded(searchable(self.text)))
        start = "" if not words or is_unspaced(words[0][0]) else r"(?<!\w)"
        end = "" if self.growing or not words or is_unspaced(words[-1][-1]) else r"(?!\w)"
        return start + r"[\W_]*".join(map(re.escape, words)) + end if words else re.escape(folded(self.text))


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words to show in the results, and all of it for the tables."""

    terms: tuple[Term, ...]
    search: Search

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not self.terms and self.search == Search()


def parse(text: str) -> Query:
    """Read a query: words, "phrases", and `role:`, `model:`, `in:`, `before:`, `after:`.

    Args:
        text: As typed. `in:` takes `title`, `messages`, `archive`, or a part of a conversation's title; dates are
            `2026`, `2026-11` or `2026-11-26`, in UTC. A filter that says nothing known is text like any other.
    """
    terms: list[Term] = []
    search = Search()
    for piece in PIECE.finditer(text.replace("\x00", " ")):
        phrase, word, name = piece["phrase"], piece["word"], piece["name"]
        value = (phrase if phrase is not None else word).strip()
        narrowed = _narrowed(search, name.lower(), value) if name and value else None
        if narrowed is not None:
            search = narrowed
        elif phrase is not None and not name:
            terms.append(Term(value))
        else:
            typed = piece[0].replace('"', " ").strip()
            growing = piece.end() == len(text) and phrase is None and GROWING.search(typed) is not None
            terms.append(Term(typed, growing))
    return _query(tuple(term for term in terms if term.text)[:MAX_TERMS], search)


def _query(terms: tuple[Term, ...], search: Search) -> Query:
    words = " AND ".join(term.expression for term in terms if term.indexed)
    if words:
        return Query(terms, replace(search, words=f"{{title text}}:({words})"))
    return Query(terms, replace(search, literal=terms[0].text if terms else None))


def _narrowed(search: Search, name: str, value: str) -> Search | None:
    """The search with one more filter; None when that is none."""
    known = value.lower()
    match name:
        case "role" if known in ROLES:
            return replace(search, role=ROLES[known])
        case "model":
            return replace(search, model=value)
        case "in":
            return _placed(search, known, value)
        case "before" | "after" if moment := _moment(value):
            return replace(search, before=moment) if name == "before" else replace(search, after=moment)
    return None


def _placed(search: Search, known: str, value: str) -> Search:
    if known in PLACES:
        return replace(search, place=PLACES[known])
    return replace(search, archived=True) if known == ARCHIVE else replace(search, home=value)


def _moment(value: str) -> datetime | None:
    parts = DATE.fullmatch(value)
    if parts is None:
        return None
    try:
        year, month, day = (int(part or 1) for part in parts.groups())
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
