"""Cuts out of a text what shows why it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.words import folded
from app.services.search.query import Term

BEFORE: Final = 40
LENGTH: Final = 180
"""Characters of context before the first hit, and of a snippet."""
CUT: Final = "…"
BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a snippet, and whether it is what was looked for."""

    text: str
    hit: bool


class Cutter:
    """Cuts snippets for one query.

    Args:
        terms: What is looked for.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self._each = [re.compile(term.pattern) for term in terms]
        self._any = re.compile("|".join(f"(?:{term.pattern})" for term in terms)) if terms else None

    def nearness(self, text: str) -> int:
        """How many of the terms stand in a text as they were typed, not only scattered over it."""
        flat = folded(text)
        return sum(each.search(flat) is not None for each in self._each)

    def cut(self, text: str) -> list[Part]:
        """The stretch of a text with the first hit; blanks and line ends are single blanks."""
        flat = folded(text)
        first = self._any.search(flat) if self._any else None
        start = _word_start(flat, max(0, first.start() - BEFORE)) if first else 0
        end = _word_end(flat, min(len(flat), start + LENGTH))
        parts = [Part(CUT, False)] if start > 0 else []
        at = start
        for hit in self._any.finditer(flat, start, end) if self._any else ():
            if hit.end() > hit.start():
                parts += [Part(text[at : hit.start()], False), Part(text[hit.start() : hit.end()], True)]
                at = hit.end()
        parts.append(Part(text[at:end] + (CUT if end < len(text) else ""), False))
        return [Part(BLANKS.sub(" ", part.text), part.hit) for part in parts if part.text]


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word, if one is near."""
    space = text.find(" ", at, at + BEFORE // 2) if at > 0 else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    space = text.rfind(" ", at - BEFORE // 2, at) if at < len(text) else -1
    return space if space >= 0 else at
