"""What search takes for a word, in any script: one place for the index, the query and the highlighted snippet."""

import re
import unicodedata
from typing import Final

INDEXED_CHARS: Final = 200_000
"""What of a message is found by its words; a longer one is found by its beginning."""
UNSPACED: Final = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1100-\u11ff"  # Hangul letters
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u3100-\u312f"  # Kana, Bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\uff66-\uff9f"  # Kana, half as wide
    "\U00020000-\U0003ffff"  # Han, rare
)
"""Scripts that put no spaces between words, or join to a word what English puts beside it. Fixed ranges instead of
Unicode's tables, which change with Python's version: what was indexed must be split alike when it is taken out."""

_ONE: Final = re.compile(f"([{UNSPACED}])")


class _Folding(dict[int, int]):
    """A character → one character without case and accents, found when first asked for."""

    def __missing__(self, point: int) -> int:
        char = chr(point)
        base = unicodedata.normalize("NFD", char)[0].lower()
        self[point] = folded = ord(base) if len(base) == 1 else point
        return folded


_FOLDING: Final = _Folding()


def searchable(text: str) -> str:
    """A text as SQLite's `unicode61` tokenizer shall read it: each character of an unspaced script is a word.

    A word of such a script is then a phrase of its characters, found also in the middle of a sentence.
    """
    return _ONE.sub(r" \1 ", text[:INDEXED_CHARS].replace("\x00", " "))


def folded(text: str) -> str:
    """A text without case and accents, character by character: every place in it is a place in the original."""
    return text.translate(_FOLDING)


def is_unspaced(char: str) -> bool:
    """Whether a character is a word by itself."""
    return _ONE.fullmatch(char) is not None
