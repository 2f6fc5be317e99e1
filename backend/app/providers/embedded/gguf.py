"""Reads the head of a GGUF file: what the model is, without its weights. Believes no length that the file tells."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_MAGIC: Final = b"GGUF"
_VERSIONS: Final = {2, 3}
_SCALARS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT: Final = 8
_LIST: Final = 9
_MOST_ENTRIES: Final = 10_000
_MOST_BYTES: Final = 1024 * 1024

Value = str | int | float | bool | None


class NotGguf(Exception):
    """The file is none, or not one that can be read."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of its model.

    Attributes:
        architecture: Of the network.
        window: Tokens it was trained for.
        pooling: How it makes one vector of many, if it does; 0 is not at all.
    """

    architecture: str
    window: int | None
    pooling: int | None


def read_head(path: Path) -> Head:
    """Read a file's head.

    Raises:
        NotGguf: There is none.
    """
    try:
        with path.open("rb") as file:
            said = dict(_entries(file))
    except (OSError, struct.error, UnicodeDecodeError, KeyError):
        raise NotGguf from None
    architecture = said.get("general.architecture")
    if not isinstance(architecture, str):
        raise NotGguf
    window, pooling = (said.get(f"{architecture}.{name}") for name in ("context_length", "pooling_type"))
    return Head(architecture, _count(window), _count(pooling))


def _count(value: Value) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**31 else None


def _entries(file: BinaryIO) -> Iterator[tuple[str, Value]]:
    magic, version, _tensors, entries = struct.unpack("<4sIQQ", file.read(24))
    if magic != _MAGIC or version not in _VERSIONS:
        raise NotGguf
    for _ in range(min(entries, _MOST_ENTRIES)):
        key = _text(file)
        if key.startswith("tokenizer."):
            return  # its vocabulary is long, and what is asked for stands before it
        yield key, _value(file, _number(file, "I"))


def _value(file: BinaryIO, kind: int) -> Value:
    if kind == _TEXT:
        return _text(file)
    if kind == _LIST:
        _skip_list(file)
        return None
    (value,) = struct.unpack(f"<{_SCALARS[kind]}", file.read(struct.calcsize(f"<{_SCALARS[kind]}")))
    return value if isinstance(value, (int, float)) else None


def _skip_list(file: BinaryIO) -> None:
    kind, count = _number(file, "I"), _number(file, "Q")
    if count > _MOST_BYTES or (kind == _TEXT and count > _MOST_ENTRIES):
        raise NotGguf
    if kind == _TEXT:
        for _ in range(count):
            _text(file)
    else:
        file.seek(count * struct.calcsize(f"<{_SCALARS[kind]}"), os.SEEK_CUR)


def _text(file: BinaryIO) -> str:
    size = _number(file, "Q")
    if size > _MOST_BYTES:
        raise NotGguf
    return file.read(size).decode()


def _number(file: BinaryIO, form: str) -> int:
    (number,) = struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))
    return int(number)
