"""The store that is the tables themselves: it looks at one person's vectors and can never be behind."""

import threading
from collections import OrderedDict
from typing import Final

from sqlalchemy.orm import Session

from app.db.session import Database
from app.domain.memories import repository
from app.domain.memories.repository import Version
from app.providers.base import Vector
from app.services.memory.vectors import Signed, cosine, likeliest, packed, unpacked

PEOPLE_KEPT: Final = 64
"""Whose signs stay in memory: a thousand vectors have 0.2 MB of them."""


class SqlStore:
    """Compares with what one person has; see VectorStore.

    Args:
        database: Where the vectors are.
    """

    name = "sql"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: OrderedDict[str, tuple[str, Version, list[Signed]]] = OrderedDict()
        self._lock = threading.Lock()

    async def nearest(
        self, owner_id: str, space: str, vector: Vector, most: int, version: Version | None = None
    ) -> list[tuple[str, float]]:
        """See VectorStore."""
        asked = packed(vector).signs

        def look(session: Session) -> list[tuple[str, bytes]]:
            held = self._signs(session, owner_id, space, version)
            return repository.vectors(session, owner_id, likeliest(asked, held))

        rows = await self._database.read(look)
        size = 4 * len(vector)
        near = [(key, cosine(vector, unpacked(numbers))) for key, numbers in rows if len(numbers) == size]
        return sorted(near, key=lambda found: -found[1])[:most]

    def _signs(self, session: Session, owner_id: str, space: str, version: Version | None) -> list[Signed]:
        known = self._read.get(owner_id)
        if known is not None and version is not None and known[:2] == (space, version):
            return known[2]
        signs = [(key, int.from_bytes(each)) for key, each in repository.signs(session, owner_id, space)]
        if version is not None:
            with self._lock:
                self._read[owner_id] = (space, version, signs)
                self._read.move_to_end(owner_id)
                if len(self._read) > PEOPLE_KEPT:
                    self._read.popitem(last=False)
        return signs

    async def follow(self, owner_id: str | None = None) -> None:
        """Nothing to do."""

    async def rebuild(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to give back."""
