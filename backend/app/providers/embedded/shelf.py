"""The models that lie on this machine's disk, read at every question. Its reads block; it starts nothing."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from app.providers.adapter import MAX_NAME
from app.providers.base import ModelKind
from app.providers.embedded.gguf import Head, NotGguf, read_head

log = structlog.get_logger(__name__)

_PART: Final = re.compile(r"-(\d{5})-of-\d{5}$")
_PROJECTORS: Final = {"clip", "mmproj"}
_ENCODER: Final = re.compile(r"bert|t5encoder|gemma-embedding")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model on the shelf. A file that was written again is another one.

    Attributes:
        id: The file's name without its ending.
        path: The file; of a model in parts the first.
        stamp: Size and time of its last change.
        kind: What it is for.
        window: Tokens it was trained for; None when it does not say.
    """

    id: str
    path: Path
    stamp: tuple[int, int]
    kind: ModelKind
    window: int | None


class Shelf:
    """GGUF files.

    Args:
        places: Folders of such files, or files; earlier places win over a later file of the same name.
    """

    def __init__(self, places: Sequence[Path]) -> None:
        self._places = places
        self._heads: dict[tuple[Path, tuple[int, int]], Head | None] = {}

    def is_empty(self) -> bool:
        """Whether there is no file at all."""
        return next(self._paths(), None) is None

    def files(self) -> list[ModelFile]:
        """Every model, each name once."""
        found: dict[str, ModelFile] = {}
        for path in self._paths():
            if (file := self._read(path)) is not None:
                found.setdefault(file.id, file)
        return list(found.values())

    def _paths(self) -> Iterator[Path]:
        for place in self._places:
            yield from filter(_is_model, sorted(_inside(place)))

    def _read(self, path: Path) -> ModelFile | None:
        try:
            status = path.stat()
        except OSError:
            return None  # gone since the folder was read
        stamp = (status.st_size, status.st_mtime_ns)
        key = (path, stamp)
        if key not in self._heads:
            self._heads[key] = _head(path)
        head = self._heads[key]
        if head is None or head.architecture in _PROJECTORS:
            return None
        return ModelFile(_PART.sub("", path.stem), path, stamp, _kind(head), head.window)


def _inside(place: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(place)] if place.is_dir() else [place]
    except OSError:
        return []


def _is_model(path: Path) -> bool:
    """Whether it is a whole model's file: no later part of one, and not the part that sees for another."""
    part = _PART.search(path.stem)
    begins = part is None or int(part[1]) == 1
    usable = len(path.stem) <= MAX_NAME and path.stem.isprintable()
    return path.suffix.lower() == ".gguf" and begins and usable and "mmproj" not in path.stem and path.is_file()


def _head(path: Path) -> Head | None:
    try:
        return read_head(path)
    except NotGguf:
        log.warning("model_file_unreadable", file=path.name)
        return None


def _kind(head: Head) -> ModelKind:
    return "embedding" if head.pooling or _ENCODER.search(head.architecture) else "chat"
