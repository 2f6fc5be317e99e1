"""The port of what finds memories that are near a question. The tables hold the truth; a store follows them."""

from typing import Protocol

from app.domain.memories.repository import Version
from app.providers.base import Vector


class StoreUnusable(Exception):
    """A store is missing or damaged; the message says so in a few words, for the administrator."""


class VectorStore(Protocol):
    """Finds vectors among those of one person."""

    @property
    def name(self) -> str: ...

    async def nearest(
        self, owner_id: str, space: str, vector: Vector, most: int, version: Version | None = None
    ) -> list[tuple[str, float]] | None:
        """Ids of somebody's memories and how near each is, by cosine, nearest first; None while it is not ready.

        Args:
            owner_id: Whose.
            space: The embedding model; vectors of others are not looked at.
            vector: The question's, of length 1.
            most: How many.
            version: Of their memories, if each of them has its vector: what was read of them holds as long as it does.

        Raises:
            StoreUnusable: It cannot tell.
        """
        ...

    async def follow(self, owner_id: str | None = None) -> None:
        """Hold what the tables hold, of one person or of everybody, and nothing else of theirs.

        Raises:
            StoreUnusable: It cannot.
        """
        ...

    async def rebuild(self) -> None:
        """Begin anew with what the tables hold, whatever state it is in; nothing else stays in its files.

        Raises:
            StoreUnusable: That does not help either.
        """
        ...

    def close(self) -> None:
        """Give back threads and files."""
        ...
