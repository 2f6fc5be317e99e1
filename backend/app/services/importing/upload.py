"""What somebody brought, opened with care: a zip or JSON, counted as it inflates, one conversation in memory at a time.

Names inside a zip are never names of files here.
"""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

import ijson

from app.services.importing import chatgpt, claude, own
from app.services.importing.draft import Draft, Json, Unreadable, mapping, objects, short

DIRECTORY_BYTES: Final = 64 << 20
ENTRIES: Final = 200_000
INFLATED_BYTES: Final = 8 << 30
RATIO: Final = 200
"""Text of conversations shrinks to a tenth or so; what shrinks to less than this is made to do harm."""
FREE_BYTES: Final = 10 << 20
"""What may inflate whatever its ratio: small texts repeat themselves."""
IN_ZIP64: Final = 0xFFFFFFFF
"""Written for a number that stands in the larger record."""
DEPTH: Final = 200
ENTRY_BYTES: Final = 64 << 20
"""Of one conversation: in memory it takes many times as much."""
READ_BYTES: Final = 1 << 16
ENCRYPTED: Final = 1
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

_CONVERSATIONS: Final = re.compile(r"(?:^|/)conversations(?:-\d+)?\.json$")
_OWN: Final = re.compile(r"conversations/[^/]+\.json$|memories\.json$")
_STEPS: Final = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_END: Final = struct.Struct("<4s4H2LH")
_END64_PLACE: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_BROKEN: Final = "The file is damaged."


@dataclass(frozen=True, slots=True)
class Unfit:
    """A conversation that cannot be taken in."""

    source_id: str | None
    title: str
    reason: str


type Found = Draft | own.Memories | Unfit


class _Source:
    """Bytes of JSON, counted and summed up as they come, one conversation of them at a time.

    Args:
        file: Where they are.
        most: How many there may be.
    """

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._left = most
        self._of_entry = 0
        self._ahead = b""
        self.digest = hashlib.sha256()

    def read(self, size: int = READ_BYTES) -> bytes:
        """The next bytes.

        Raises:
            Unreadable: There are more than any export has.
        """
        if not size:  # so ijson finds out that these are bytes
            return b""
        data, self._ahead = self._ahead or self._file.read(size), b""
        self._left -= len(data)
        self._of_entry += len(data)
        if self._left < 0:
            raise Unreadable("The file inflates to more than any export does.")
        if self._of_entry > ENTRY_BYTES:
            raise Unreadable("A conversation in the file is larger than any that people have.")
        self.digest.update(data)
        return data

    def begin_entry(self) -> None:
        """The next conversation comes."""
        self._of_entry = 0

    def first_sign(self) -> bytes:
        """The first character behind empty space and a mark of the encoding, which is skipped."""
        self._ahead = self._file.read(READ_BYTES).removeprefix(BYTE_ORDER_MARK)
        return self._ahead.lstrip()[:1]


def conversations(file: IO[bytes], name: str) -> Iterator[Found]:
    """Every conversation of an upload, in its order.

    Args:
        file: What came; it can be read from any place.
        name: How the person calls it.

    Raises:
        Unreadable: It is none of the formats, or damaged; what came before it stands.
    """
    try:
        start = file.read(4)
        file.seek(0)
        zipped = start == b"PK\x03\x04"
        yield from _in_zip(file) if zipped else _in_json(_Source(file, INFLATED_BYTES), name)
    except (
        ijson.JSONError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        struct.error,
        ValueError,
        OverflowError,
    ):
        raise Unreadable(_BROKEN) from None


def _in_zip(file: IO[bytes]) -> Iterator[Found]:
    if _directory_bytes(file) > DIRECTORY_BYTES:
        raise Unreadable("The zip lists more files than any export does.")
    with zipfile.ZipFile(file) as packed:
        if len(packed.infolist()) > ENTRIES:
            raise Unreadable("The zip lists more files than any export does.")
        sums = _own_manifest(packed)
        pattern = _CONVERSATIONS if sums is None else _OWN
        names = sorted({entry.filename for entry in packed.infolist() if pattern.search(entry.filename)})
        if not names and sums is None:
            raise Unreadable("There are no conversations in the zip. Choose the export as it was downloaded.")
        budget = INFLATED_BYTES
        for name in names:
            with _opened(packed, name, budget) as source:
                yield from _in_json(source, name) if sums is None else _in_own(source, name, sums)
            budget -= packed.getinfo(name).file_size
        for name in sorted(set(sums or {}) - set(names)):
            if _OWN.search(name):
                yield Unfit(None, name, "The manifest names it, and it is not in the zip.")


def _in_own(source: _Source, name: str, sums: Mapping[str, str]) -> Iterator[Found]:
    """The one object of a file, if the file is as the manifest says."""
    found = next(_in_json(source, name), Unfit(None, name, "It is empty."))
    while source.read():
        source.begin_entry()
    if source.digest.hexdigest() != sums.get(name):
        found = Unfit(None, name, "Its checksum is not the manifest's.")
    yield found


def _own_manifest(packed: zipfile.ZipFile) -> dict[str, str] | None:
    """The checksums of an export of OmniAI's own; None for another one."""
    if "manifest.json" not in packed.namelist():
        return None
    with _opened(packed, "manifest.json", ENTRY_BYTES) as source:
        read = mapping(next(_entries(source), None))
    if read.get("format") != "omniai.export":
        return None
    version = read.get("version")
    if not isinstance(version, int) or version > own.VERSION:
        raise Unreadable("A newer OmniAI made this export.")
    return {str(row.get("name")): str(row.get("sha256")) for row in objects(read.get("files"))}


def _in_json(source: _Source, name: str) -> Iterator[Found]:
    if source.first_sign() not in {b"[", b"{"}:
        raise Unreadable(f"{short(name, 80)} is neither a zip nor JSON. Choose the export as it was downloaded.")
    for place, entry in enumerate(_entries(source)):
        yield _found(entry, place)


def _entries(source: _Source) -> Iterator[object]:
    """The entries of a JSON list, or the one object that is there, no deeper than anybody writes them.

    ijson's faster builder recurses in C, so that depth would end the process.
    """
    built, depth, bottom = ijson.ObjectBuilder(), 0, 0
    for event, value in ijson.basic_parse(source):
        if event == "start_array" and depth == bottom == 0:
            depth = bottom = 1
            continue
        depth += _STEPS.get(event, 0)
        if depth > DEPTH:
            raise Unreadable("The file is nested deeper than any export is.")
        if depth < bottom:
            return
        built.event(event, value)
        if depth == bottom:
            yield built.value
            built = ijson.ObjectBuilder()
            source.begin_entry()


def _found(entry: object, place: int) -> Found:
    row = mapping(entry)
    if row.get("format") == own.MEMORIES:
        return _memories(row)
    reader, name = _reader(row)
    source_id = short(row.get(name)) or None
    title = short(row.get("title") or row.get("name")) or f"No. {place + 1}"
    if reader is None:
        return Unfit(source_id, title, "It is no conversation of ChatGPT, Claude or OmniAI.")
    try:
        return reader(row).checked()
    except Unreadable as reason:
        return Unfit(source_id, title, str(reason))


def _memories(row: Json) -> Found:
    try:
        return own.memories_of(row)
    except Unreadable as reason:
        return Unfit(None, "Memories", str(reason))


def _reader(row: Json) -> tuple[Callable[[Json], Draft] | None, str]:
    """Who can read an entry, and where its id stands; told by what only one format has."""
    if row.get("format") == own.FORMAT:
        return own.draft_of, "id"
    if "chat_messages" in row:
        return claude.draft_of, "uuid"
    if "mapping" in row or "current_node" in row:
        return chatgpt.draft_of, "id"
    return None, "id"


@contextmanager
def _opened(packed: zipfile.ZipFile, name: str, most: int) -> Iterator[_Source]:
    info = packed.getinfo(name)
    if info.flag_bits & ENCRYPTED:
        raise Unreadable("The zip is protected by a password.")
    with packed.open(info) as file:
        yield _Source(file, min(most, FREE_BYTES + RATIO * info.compress_size))


def _directory_bytes(file: IO[bytes]) -> int:
    """How large a zip says its directory is, before anybody reads it whole (APPNOTE 4.3.14 to 4.3.16)."""
    size = file.seek(0, io.SEEK_END)
    start = file.seek(max(0, size - _END.size - 65_535))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0:
        raise zipfile.BadZipFile
    plain = int(_END.unpack_from(tail, place)[5])
    before = start + place - _END64_PLACE.size
    if before < 0:
        return plain
    file.seek(before)
    signature, _, where, _ = _END64_PLACE.unpack(file.read(_END64_PLACE.size))
    file.seek(0)
    if signature != b"PK\x06\x07":
        return plain
    file.seek(where)
    large = int(_END64.unpack(file.read(_END64.size))[8])
    file.seek(0)
    return large if plain == IN_ZIP64 else max(plain, large)
