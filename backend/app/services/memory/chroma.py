"""The store that is Chroma, in a folder of its own: loaded when first used, on one thread of one process."""

import asyncio
import hashlib
import importlib
import importlib.util
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypedDict, cast

from app.db.session import Database
from app.domain.memories import repository
from app.domain.memories.repository import Version
from app.providers.base import Vector
from app.services.memory.store import StoreUnusable
from app.services.memory.vectors import unpacked

LIBRARY: Final = "chromadb"
MISSING: Final = "Chroma is not installed; `make run` installs it where OMNIAI_MEMORY_STORE=chroma is set."
BATCH: Final = 500

type Stamps = Mapping[str, tuple[str, str, datetime]]


class _Mark(TypedDict):
    user: str
    stamp: str


class _Held(TypedDict):
    ids: list[str]
    metadatas: list[_Mark]


class _Found(TypedDict):
    ids: list[list[str]]
    distances: list[list[float]]


class _Collection(Protocol):
    """What is used of Chroma's collections."""

    name: str

    def get(self, *, where: dict[str, str] | None, include: list[str]) -> _Held: ...
    def delete(self, *, ids: list[str]) -> None: ...
    def upsert(self, *, ids: list[str], embeddings: list[list[float]], metadatas: list[_Mark]) -> None: ...
    def query(
        self, *, query_embeddings: list[list[float]], n_results: int, where: dict[str, str], include: list[str]
    ) -> _Found: ...


class _Client(Protocol):
    """What is used of Chroma's client."""

    def list_collections(self) -> Sequence[_Collection]: ...
    def get_or_create_collection(
        self, name: str, *, embedding_function: None, configuration: dict[str, object]
    ) -> _Collection: ...
    def close(self) -> None: ...


class ChromaStore:
    """Vectors in Chroma; see VectorStore.

    Args:
        database: Where the truth is.
        folder: Chroma's own.
    """

    name = "chroma"

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chroma")
        self._client: _Client | None = None
        self._ready = False

    async def nearest(
        self,
        owner_id: str,
        space: str,
        vector: Vector,
        most: int,
        version: Version | None = None,  # noqa: ARG002 - it keeps its own count
    ) -> list[tuple[str, float]] | None:
        """See VectorStore."""
        return await self._run(partial(self._nearest, owner_id, space, vector, most)) if self._ready else None

    async def follow(self, owner_id: str | None = None) -> None:
        """See VectorStore; the first time it is everybody, since others may have been forgotten meanwhile."""
        whose = owner_id if self._ready else None
        truth = await self._database.read(lambda session: repository.stamps_any_owner(session, whose))
        if not truth and not self._ready and not self._folder.exists():
            return
        missing = await self._run(partial(self._drop_the_rest, truth, whose))
        by_home = defaultdict[tuple[str, str], list[str]](list)
        for key in missing:
            by_home[truth[key][:2]].append(key)
        for (owner, space), keys in by_home.items():
            for start in range(0, len(keys), BATCH):
                some = keys[start : start + BATCH]
                rows = await self._database.read(partial(repository.vectors, owner_id=owner, ids=some))
                await self._run(partial(self._put, owner, space, rows, truth))
        self._ready = True

    async def rebuild(self) -> None:
        """See VectorStore."""
        if self._client is None and not self._folder.exists():
            return
        await self._run(self._forget_client)
        try:
            await asyncio.to_thread(shutil.rmtree, self._folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StoreUnusable(f"the folder of Chroma cannot be emptied ({error.strerror}).") from None
        await self.follow()

    def close(self) -> None:
        """See VectorStore."""
        self._thread.submit(self._tried, self._forget_client)
        self._thread.shutdown()

    async def _run[T](self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._tried, work)

    def _tried[T](self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:  # a damaged folder brings out anything, up to an AttributeError of its own
            raise StoreUnusable(
                f"Chroma does not work ({type(error).__name__}); stop OmniAI and run `omniai memory reindex`."
            ) from error

    def _opened(self) -> _Client:
        if self._client is None:
            library = importlib.import_module(LIBRARY)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            settings = library.config.Settings(anonymized_telemetry=False)
            self._client = cast("_Client", library.PersistentClient(str(self._folder), settings=settings))
        return self._client

    def _forget_client(self) -> None:
        client, self._client, self._ready = self._client, None, False
        if client is not None:
            client.close()
        if LIBRARY in sys.modules:
            # It keeps what it once opened under the folder's name, even where that was damaged.
            importlib.import_module(f"{LIBRARY}.api.client").SharedSystemClient.clear_system_cache()

    def _collection(self, space: str) -> _Collection:
        cosine: dict[str, object] = {"hnsw": {"space": "cosine"}}
        return self._opened().get_or_create_collection(_name(space), embedding_function=None, configuration=cosine)

    def _nearest(self, owner_id: str, space: str, vector: Vector, most: int) -> list[tuple[str, float]]:
        found = self._collection(space).query(
            query_embeddings=[list(vector)], n_results=most, where={"user": owner_id}, include=["distances"]
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(key, 1 - distance) for key, distance in pairs]

    def _drop_the_rest(self, truth: Stamps, owner_id: str | None) -> list[str]:
        """Delete what the tables do not hold; gives what is missing."""
        held: set[str] = set()
        for collection in self._opened().list_collections():
            where = None if owner_id is None else {"user": owner_id}
            rows = collection.get(where=where, include=["metadatas"])
            marks = dict(zip(rows["ids"], rows["metadatas"], strict=True))
            good = {key for key, mark in marks.items() if key in truth and _is_same(collection, mark, truth[key])}
            held |= good
            gone = [key for key in marks if key not in good]
            for start in range(0, len(gone), BATCH):
                collection.delete(ids=gone[start : start + BATCH])
        return [key for key in truth if key not in held]

    def _put(self, owner_id: str, space: str, rows: Sequence[tuple[str, bytes]], truth: Stamps) -> None:
        if rows:
            self._collection(space).upsert(
                ids=[key for key, _ in rows],
                embeddings=[list(unpacked(numbers)) for _, numbers in rows],
                metadatas=[{"user": owner_id, "stamp": truth[key][2].isoformat()} for key, _ in rows],
            )


def is_installed() -> bool:
    """Whether Chroma could be loaded; nothing is."""
    return importlib.util.find_spec(LIBRARY) is not None


def _name(space: str) -> str:
    # Chroma takes few characters in a name, models are called what their makers like.
    return f"space-{hashlib.sha256(space.encode()).hexdigest()[:32]}"


def _is_same(collection: _Collection, mark: _Mark, row: tuple[str, str, datetime]) -> bool:
    owner_id, space, made_at = row
    return (collection.name, mark["user"], mark["stamp"]) == (_name(space), owner_id, made_at.isoformat())
