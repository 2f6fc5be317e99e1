"""The store that is the tables themselves: it looks at one person's vectors and can never be behind."""

from app.db.session import Database
from app.domain.memories import repository
from app.providers.base import Vector
from app.services.memory.vectors import cosine, likeliest, packed, unpacked


class SqlStore:
    """Compares with what one person has; see VectorStore.

    Args:
        database: Where the vectors are.
    """

    name = "sql"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def nearest(self, owner_id: str, space: str, vector: Vector, most: int) -> list[tuple[str, float]]:
        """See VectorStore."""
        asked = packed(vector).signs
        rows = await self._database.read(
            lambda session: repository.vectors(
                session, owner_id, likeliest(asked, repository.signs(session, owner_id, space))
            )
        )
        size = 4 * len(vector)
        near = [(key, cosine(vector, unpacked(numbers))) for key, numbers in rows if len(numbers) == size]
        return sorted(near, key=lambda found: -found[1])[:most]

    async def follow(self, owner_id: str | None = None) -> None:
        """Nothing to do."""

    async def rebuild(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to give back."""
