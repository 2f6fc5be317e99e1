"""Pure: vectors as bytes, how near two of them are, and which of many are nearest."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from app.providers.base import Vector

WEIGHED: Final = 128
"""Of this many the distance is computed in full; of more, those whose signs agree best with the question's go on."""


type Signed = tuple[str, int]
"""The id of something, and the signs of its vector as one number."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A vector as it is stored.

    Attributes:
        signs: One bit for each number, set where it is positive.
        numbers: 32-bit floats, of length 1 together.
    """

    signs: bytes
    numbers: bytes


def unit(vector: Vector) -> Vector | None:
    """A vector of length 1; None for one that points nowhere."""
    length = math.sqrt(math.sumprod(vector, vector))
    return tuple(number / length for number in vector) if 0 < length < math.inf else None


def packed(vector: Vector) -> Placed:
    """A vector of length 1 as bytes."""
    bits = "".join("1" if number > 0 else "0" for number in vector)
    return Placed(int(bits, 2).to_bytes((len(bits) + 7) // 8), struct.pack(f"<{len(vector)}f", *vector))


def unpacked(numbers: bytes) -> Vector:
    """The vector that was stored."""
    return struct.unpack(f"<{len(numbers) // 4}f", numbers)


def cosine(one: Vector, other: Vector) -> float:
    """How near two vectors of length 1 are: 1 for the same direction, 0 for nothing in common.

    Raises:
        ValueError: They are of different sizes.
    """
    return math.sumprod(one, other)


def likeliest(signs: bytes, held: Sequence[Signed]) -> list[str]:
    """Those to compute the distance of: all of few; of many, those whose signs agree best.

    Two vectors disagree in a share of their signs that grows with the angle between them (Charikar 2002).

    Args:
        signs: Of the question.
        held: What is there.
    """
    if len(held) <= WEIGHED:
        return [key for key, _ in held]
    asked = int.from_bytes(signs)
    return [key for key, _ in nsmallest(WEIGHED, held, key=lambda row: (asked ^ row[1]).bit_count())]
