"""Looks whether what the server stands on works: database, schema, disk, what finds memories. Mends nothing."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import Code, OmniError
from app.db.migrate import is_current
from app.db.session import Database
from app.providers.registry import ProviderRegistry
from app.services.memory.service import MemoryService

State = Literal["ok", "failed", "off"]
SECONDS: Final = 5.0
"""What does not answer for so long does not work."""
LEAST_FREE: Final = 64 * 1024 * 1024
"""Bytes of the disk: below that a day of chatting may not fit."""


class DeepHealthFailed(OmniError):
    code = Code.DEEP_HEALTH_FAILED


@dataclass(frozen=True, slots=True)
class Findings:
    """What works; the model servers are told, and count for nothing: the house is in order while they sleep."""

    database: State
    migrations: State
    disk: State
    vector_store: State
    providers: dict[str, str]

    @property
    def good(self) -> bool:
        """Whether all that counts works."""
        return "failed" not in (self.database, self.migrations, self.disk, self.vector_store)


async def inspect(database: Database, data_dir: Path, memory: MemoryService, registry: ProviderRegistry) -> Findings:
    """Look at everything; touches no network.

    Args:
        database: Is read from.
        data_dir: Where the server writes.
        memory: Whose store is asked how it does.
        registry: Whose servers are told as they were when last asked.
    """
    answers, current = await _database(database)
    store: State = "failed" if memory.notice else "ok"
    return Findings(
        database=answers,
        migrations=current,
        disk=await asyncio.to_thread(_disk, data_dir),
        vector_store=store if memory.enabled else "off",
        providers={server.id: server.state for server in registry.states()},
    )


async def _database(database: Database) -> tuple[State, State]:
    try:
        async with asyncio.timeout(SECONDS):
            await database.read(lambda session: session.execute(text("SELECT 1")).all())
            return "ok", "ok" if await database.read(is_current) else "failed"
    except (TimeoutError, OmniError, SQLAlchemyError):
        return "failed", "failed"


def _disk(folder: Path) -> State:
    try:
        return "ok" if shutil.disk_usage(folder).free >= LEAST_FREE else "failed"
    except OSError:
        return "failed"
