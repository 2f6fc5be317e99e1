"""What a double answers as vectors: texts that speak of the same things are near, whatever the words are."""

import random
import re
from functools import cache
from typing import Final

SIZE: Final = 96
MOST_CHARS: Final = 900
_COMMON: Final = re.compile(
    r"a|am|an|and|are|as|at|do|for|from|has|have|i|in|is|it|me|my|of|on|our|the|to|we|what|which|with"
)
_THINGS: Final = (
    "sister sibling",
    "lives home resides",
    "lisbon portugal",
    "allergic allergy avoid react",
    "peanuts nuts peanut satay",
    "dog pet puppy animals",
    "drive car van",
    "cello instrument play practise",
    "works job profession",
    "nurse hospital",
    "birthday born",
    "coffee espresso drink",
)


def vector(text: str) -> list[float]:
    """Of a text: the sum of what its words mean, where other words for the same mean the same."""
    total = [0.001] * SIZE
    for word in re.findall(r"\w+", text.lower()):
        if not _COMMON.fullmatch(word):
            total = [number + part for number, part in zip(total, _direction(_thing(word)), strict=True)]
    return total


def _thing(word: str) -> str:
    return next((thing for thing in _THINGS if word in thing.split()), word)


@cache
def _direction(thing: str) -> tuple[float, ...]:
    rng = random.Random(thing)
    return tuple(rng.gauss(0, 1) for _ in range(SIZE))
