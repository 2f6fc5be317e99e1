"""Everything that somebody owns as one zip, made piece by piece: no more than one page of messages is held."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from app.core.pagination import Cursor, PageRequest
from app.domain.accounts import repository as accounts
from app.domain.conversations import repository
from app.domain.memories import repository as memories
from app.domain.memories.models import Memory
from app.services.export import document
from app.services.export.document import Json, Now, dumped, stamp

FORMAT: Final = "omniai.export"
MEMORIES: Final = "omniai.memories"
VERSION: Final = 1
_OF_ACCOUNT: Final = ("username", "display_name", "role", "default_provider", "default_model", "preferences")

_OF_MEMORY: Final = ("id", "content", "source", "conversation_id", "message_id")


class _Sink:
    """Where the zip is written: what has come since the last look, and no way back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """What was written since."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class Archive:
    """An archive that is being made.

    Args:
        session: Gives the session of the moment.
        owner_id: Whose.
        version: Of OmniAI, for the manifest.
        at: When it is made.
    """

    def __init__(self, session: Now, owner_id: str, version: str, at: datetime) -> None:
        self._session = session
        self._owner_id = owner_id
        self._version = version
        self._at = at
        self._sink = _Sink()
        self._files: list[Json] = []

    def pieces(self) -> Iterator[bytes]:
        """The zip, in order. What is written meanwhile may or may not be in it; what is in it is whole."""
        with zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED) as packed:
            yield from self._file(packed, "account.json", [self._account()])
            after = ""
            while (found := repository.conversation_after(self._session(), self._owner_id, after)) is not None:
                after = found.id
                texts = document.pieces(self._session, self._owner_id, found)
                yield from self._file(packed, f"conversations/{found.id}.json", texts)
            if memories.count(self._session(), self._owner_id):
                yield from self._file(packed, "memories.json", self._memories())
            yield from self._file(packed, "manifest.json", [self._manifest()])
        yield self._sink.take()

    def _file(self, packed: zipfile.ZipFile, name: str, texts: Iterable[str]) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name, self._at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        with packed.open(entry, "w", force_zip64=True) as file:
            for text in texts:
                data = text.encode()
                digest.update(data)
                size += file.write(data)
                yield self._sink.take()
        self._files.append({"name": name, "bytes": size, "sha256": digest.hexdigest()})

    def _account(self) -> str:
        user = accounts.user_by_id(self._session(), self._owner_id)
        fields = {name: getattr(user, name, None) for name in _OF_ACCOUNT}
        return dumped({**fields, "created_at": stamp(user.created_at) if user else None}) + "\n"

    def _memories(self) -> Iterator[str]:
        yield dumped({"format": MEMORIES, "version": VERSION}).removesuffix("}") + ', "memories": ['
        before, wanted = "\n", PageRequest(document.PAGE)
        while rows := memories.page(self._session(), self._owner_id, wanted)[: wanted.limit]:
            yield before + ",\n".join(dumped(_memory(row)) for row in rows)
            before, wanted = ",\n", PageRequest(document.PAGE, Cursor(rows[-1].created_at, rows[-1].id))
        yield "\n]}\n"

    def _manifest(self) -> str:
        about = {"format": FORMAT, "version": VERSION, "omniai": self._version, "exported_at": stamp(self._at)}
        files = ",\n".join(dumped(file) for file in self._files)
        return dumped(about).removesuffix("}") + f', "files": [\n{files}\n]}}\n'


def _memory(row: Memory) -> Json:
    moments = {name: stamp(getattr(row, name)) for name in ("created_at", "updated_at")}
    used = {"last_used_at": stamp(row.last_used_at) if row.last_used_at else None}
    return {**{name: getattr(row, name) for name in _OF_MEMORY}, **moments, **used}
