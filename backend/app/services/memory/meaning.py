"""Finds what is near a question in meaning: vectors by a model at home, looked up in a store. Fails open to nothing."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.errors import OmniError
from app.db.session import Database
from app.domain.memories import repository
from app.domain.memories.repository import Version
from app.providers.base import ProviderError, Vector
from app.services.memory.embedder import Embedder, Space
from app.services.memory.sql import SqlStore
from app.services.memory.store import StoreUnusable, VectorStore
from app.services.memory.vectors import packed

log = structlog.get_logger(__name__)

SECONDS: Final = 0.25
"""What a question waits for meanings; after that it goes by words alone."""
FOLLOW_UP_SECONDS: Final = 60.0
AT_ONCE: Final = 16
"""New memories whose vectors are made together with the question's."""
BATCH: Final = 64
NEAREST: Final = 50
MOST_REFUSED: Final = 10_000
PEOPLE_KEPT: Final = 256

type Texts = Sequence[tuple[str, str]]
"""Ids of memories, and what they say."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How memories are found now.

    Attributes:
        model: The embedding model, with its server; None when there is none, so that words decide alone.
        store: What looks vectors up.
        notice: What is wrong with the store that the settings name.
    """

    model: str | None
    store: str
    notice: str | None


class Meaning:
    """Near in meaning.

    Args:
        database: Where vectors are kept.
        embedder: What makes them.
        store: What looks them up; when it cannot, the tables do.
        notice: Why it is not the one that the settings name.
    """

    def __init__(self, database: Database, embedder: Embedder, store: VectorStore, notice: str | None = None) -> None:
        self._database = database
        self._embedder = embedder
        self._tables = SqlStore(database)
        self._store: VectorStore = store
        self._notice = notice
        self._refused: set[str] = set()
        self._whole: OrderedDict[str, tuple[str, Version]] = OrderedDict()

    @property
    def notice(self) -> str | None:
        """What is wrong with the store that the settings name."""
        return self._notice

    async def standing(self) -> Standing:
        """How memories are found now."""
        space = await self._embedder.space()
        return Standing(space.name if space else None, self._store.name, self._notice)

    async def near(self, owner_id: str, question: str, among: int, version: Version) -> Mapping[str, float]:
        """Memories that a question is about.

        Args:
            owner_id: Whose.
            question: What is asked.
            among: How many they have.
            version: Of those; while it is the same, none can be without its vector that had it.

        Returns:
            Ids → how surely, up to 1; empty when that cannot be told in time, which is logged.
        """
        try:
            async with asyncio.timeout(SECONDS):
                space = await self._embedder.space()
                if space is None or not among:
                    return {}
                vector = await self._ask(owner_id, space, question, version)
                scale = self._embedder.scale(space)
                if vector is None or scale is None:
                    return {}
                whole = self._whole.get(owner_id) == (space.name, version)
                found = await self._nearest(owner_id, space, vector, version if whole else None)
                return {key: score for key, cosine in found if (score := scale.score(cosine, among)) > 0}
        except (TimeoutError, OmniError, SQLAlchemyError) as error:
            log.warning("memory_by_words_alone", error=type(error).__name__)
            return {}

    async def index(self, owner_id: str) -> None:
        """Make the vectors that are missing, and have the store follow; may fail without consequence."""
        try:
            async with asyncio.timeout(FOLLOW_UP_SECONDS):
                space = await self._embedder.space()
                if space is None:
                    return
                missing = await self._missing(owner_id, space)
                for start in range(0, len(missing), BATCH):
                    await self._place_each(owner_id, space, missing[start : start + BATCH])
                await self.follow(owner_id)
        except (TimeoutError, OmniError, SQLAlchemyError) as error:
            log.warning("memory_not_indexed", error=type(error).__name__)

    async def follow(self, owner_id: str) -> None:
        """Have the store hold what the tables hold of a person, after something was changed or forgotten."""
        try:
            await self._store.follow(owner_id)
        except StoreUnusable as error:
            self._give_up(error)

    async def purge(self) -> None:
        """Have the store begin anew, so that its files hold nothing of what was forgotten."""
        try:
            await self._store.rebuild()
        except StoreUnusable as error:
            self._give_up(error)

    async def reindex(self) -> tuple[int, int]:
        """Build the store anew, and make the vectors that are missing.

        Returns:
            How many memories can be found by their meaning now, and how many there are.

        Raises:
            StoreUnusable: The store cannot be built.
        """
        if self._notice:
            raise StoreUnusable(self._notice)
        await self._store.rebuild()
        for owner_id in await self._database.read(repository.owners_any_owner):
            await self.index(owner_id)
        return await self._database.read(repository.counts_any_owner)

    def close(self) -> None:
        """Give back what the store holds."""
        self._store.close()

    async def _ask(self, owner_id: str, space: Space, question: str, version: Version) -> Vector | None:
        whole = self._whole.get(owner_id) == (space.name, version)
        missing = [] if whole else (await self._missing(owner_id, space))[:AT_ONCE]
        if not missing and not whole:
            self._note_whole(owner_id, space, version)
        try:
            first, *rest = await self._embedder.embed(space, [question, *(text for _, text in missing)])
        except ProviderError:
            if not missing:
                raise
            # One of the new ones may be what the model does not take: they are tried one by one after the answer.
            [first] = await self._embedder.embed(space, [question])
            return first
        await self._place(owner_id, space, missing, rest)
        return first

    def _note_whole(self, owner_id: str, space: Space, version: Version) -> None:
        self._whole[owner_id] = (space.name, version)
        self._whole.move_to_end(owner_id)
        if len(self._whole) > PEOPLE_KEPT:
            self._whole.popitem(last=False)

    async def _missing(self, owner_id: str, space: Space) -> Texts:
        rows = await self._database.read(lambda session: repository.unplaced(session, owner_id, space.name))
        return [row for row in rows if row[0] not in self._refused]

    async def _place_each(self, owner_id: str, space: Space, texts: Texts) -> None:
        try:
            await self._place(owner_id, space, texts, await self._embedder.embed(space, [text for _, text in texts]))
        except ProviderError:
            if len(texts) > 1:
                for one in texts:
                    await self._place_each(owner_id, space, [one])
            elif len(self._refused) < MOST_REFUSED:
                self._refused.add(texts[0][0])

    async def _place(self, owner_id: str, space: Space, texts: Texts, vectors: Sequence[Vector | None]) -> None:
        made = {key: packed(vector) for key, vector in zip(texts, vectors, strict=True) if vector}
        self._refused.update(key for (key, _), vector in zip(texts, vectors, strict=True) if vector is None)
        if not made:
            return
        rows = {key: (placed.signs, placed.numbers) for key, placed in made.items()}
        await self._database.write(
            partial(repository.place, owner_id=owner_id, space=space.name, placed=rows, now=now())
        )

    async def _nearest(
        self, owner_id: str, space: Space, vector: Vector, version: Version | None
    ) -> list[tuple[str, float]]:
        try:
            found = await self._store.nearest(owner_id, space.name, vector, NEAREST, version)
        except StoreUnusable as error:
            self._give_up(error)
            found = None
        return (
            found if found is not None else await self._tables.nearest(owner_id, space.name, vector, NEAREST, version)
        )

    def _give_up(self, error: StoreUnusable) -> None:
        log.error("memory_store_unusable", store=self._store.name, reason=str(error))
        self._store.close()
        self._store, self._notice = self._tables, str(error)
