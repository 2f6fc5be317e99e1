"""Settings → long-lived objects. The only place that chooses implementations."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from app.api.deps import Services
from app.auth.cookies import SessionCookie
from app.auth.invites import JoiningService
from app.auth.sessions import SessionService
from app.config.settings import Settings
from app.core.security import PasswordHasher
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.providers.registry import build_registry
from app.services.chat.recorder import Recorder
from app.services.chat.service import ChatService
from app.services.generation.manager import GenerationManager
from app.services.generation.memory_bus import MemoryBus
from app.services.model_selection import ModelSelector
from app.services.removal import RemovalService

DATABASE_FILE: Final = "omniai.db"


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that lives as long as the server."""

    services: Services
    hasher: PasswordHasher
    recorder: Recorder

    async def close(self) -> None:
        """Give back threads, files and connections."""
        await self.services.registry.aclose()
        self.hasher.close()
        self.services.database.close()


def engine_of(settings: Settings) -> Engine:
    """The database that the settings name."""
    url = settings.database.url
    return make_engine(url.get_secret_value() if url else sqlite_url(settings.server.data_dir / DATABASE_FILE))


def wire(settings: Settings, version: str) -> Wiring:
    """Make every long-lived object."""
    database = Database(engine_of(settings))
    hasher = PasswordHasher(settings.auth.argon2_memory_kib)
    sessions = SessionService(database, hasher, settings.auth)
    registry = build_registry(settings.providers, guide=settings.server.env == "dev")
    selector = ModelSelector(registry, settings.selection)
    bus = MemoryBus(settings.chat.resume_seconds)
    manager = GenerationManager(bus, settings.chat.detached_seconds)
    recorder = Recorder(database, bus)
    services = Services(
        settings=settings,
        version=version,
        database=database,
        sessions=sessions,
        joining=JoiningService(database, hasher, sessions, settings.auth.bootstrap_token.get_secret_value()),
        cookie=SessionCookie.of(settings.server),
        registry=registry,
        selector=selector,
        manager=manager,
        chat=ChatService(database, registry, selector, manager, bus, recorder),
        removal=RemovalService(database, manager),
    )
    return Wiring(services, hasher, recorder)
