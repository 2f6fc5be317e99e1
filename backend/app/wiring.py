"""Settings → long-lived objects. The only place that chooses implementations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, make_url

from app.api.deps import Services
from app.api.doors import Doorkeeper, Takes, Watchers
from app.auth.cookies import Cookies
from app.auth.devices import DeviceTokens
from app.auth.guards import Guard
from app.auth.invites import JoiningService
from app.auth.passwords import PasswordService
from app.auth.refusals import RefusalLog
from app.auth.sessions import SessionService
from app.auth.watch import StreamWatch
from app.config.settings import ServerSettings, Settings
from app.core.clock import now
from app.core.security import PasswordHasher
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.domain.audit.service import Trail
from app.observability.metrics import Metrics
from app.providers.discovery import Discovery
from app.providers.registry import ProviderRegistry, build_registry
from app.services.administration import AdministrationService
from app.services.backup.restoring import Home
from app.services.backup.schedule import BackupService
from app.services.chat.recorder import Recorder
from app.services.chat.service import ChatService, default_limits
from app.services.chat.turn import Stage
from app.services.checkpoints import CheckpointKeeper
from app.services.generation.manager import GenerationManager
from app.services.generation.memory_bus import MemoryBus
from app.services.importing.service import ImportService
from app.services.keeping import KeepingService
from app.services.memory import chroma
from app.services.memory.embedder import Embedder
from app.services.memory.meaning import Meaning
from app.services.memory.service import MemoryService
from app.services.memory.sql import SqlStore
from app.services.model_selection import ModelSelector
from app.services.rate_limit.memory import MemoryLimiter
from app.services.removal import RemovalService
from app.services.seats import Seats
from app.services.trash import TrashService

DATABASE_FILE: Final = "omniai.db"
CHECKPOINT_FILE: Final = "audit-checkpoints.jsonl"
CHROMA_FOLDER: Final = "chroma"


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that lives as long as the server."""

    services: Services
    hasher: PasswordHasher
    recorder: Recorder
    refusals: RefusalLog
    doorkeeper: Doorkeeper

    async def close(self) -> None:
        """Give back threads, files and connections."""
        await self.services.registry.aclose()
        self.services.memory.close()
        self.hasher.close()
        self.services.database.close()


def engine_of(settings: Settings) -> Engine:
    """The database that the settings name."""
    url = settings.database.url
    return make_engine(url.get_secret_value() if url else sqlite_url(settings.server.data_dir / DATABASE_FILE))


def home_of(settings: Settings) -> Home:
    """Where the installation keeps what a backup holds."""
    url = settings.database.url
    named = make_url(url.get_secret_value()).database if url else None
    database = Path(named) if named else settings.server.data_dir / DATABASE_FILE
    return Home(settings.server.data_dir, database, settings.auth.audit_key.get_secret_value())


def trail_of(settings: Settings) -> Trail:
    """The writer and reader of the audit log."""
    return Trail(settings.auth.audit_key.get_secret_value())


def checkpoints_of(settings: Settings, database: Database, trail: Trail) -> CheckpointKeeper:
    """The keeper of the audit log's checkpoints."""
    return CheckpointKeeper(database, trail, settings.server.data_dir / CHECKPOINT_FILE)


def watchers_of(server: ServerSettings) -> Watchers:
    """Who may look after the server without being an admin."""
    token = server.metrics_token.get_secret_value().encode() if server.metrics_token else None
    return Watchers(server.env == "dev" or server.origin_lock_enabled, token)


def meaning_of(settings: Settings, database: Database, registry: ProviderRegistry) -> Meaning:
    """What finds memories by their meaning, with the store that the settings name unless it is missing."""
    embedder = Embedder(registry, settings.memory.embedding_model)
    if settings.memory.store == "sql":
        return Meaning(database, embedder, SqlStore(database))
    if not chroma.is_installed():
        return Meaning(database, embedder, SqlStore(database), chroma.MISSING)
    return Meaning(database, embedder, chroma.ChromaStore(database, settings.server.data_dir / CHROMA_FOLDER))


def wire(settings: Settings, version: str) -> Wiring:
    """Make every long-lived object."""
    metrics = Metrics()
    database = Database(engine_of(settings), metrics.waited)
    hasher = PasswordHasher(settings.auth.argon2_memory_kib)
    trail = trail_of(settings)
    refusals = RefusalLog(database, trail)
    watch = StreamWatch(database)
    key = settings.auth.secret_key.get_secret_value()
    devices = DeviceTokens(key)
    sessions = SessionService(database, settings.auth, devices, trail)
    cookies = Cookies.of(settings.server)
    registry = build_registry(settings.providers, settings.embedded, guide=settings.server.env == "dev")
    selector = ModelSelector(registry, settings.selection)
    bus = MemoryBus(settings.chat.resume_seconds)
    manager = GenerationManager(bus, settings.chat.detached_seconds)
    recorder = Recorder(database, bus)
    stage = Stage(recorder, registry, Seats(registry.ids(), settings.providers.seats, settings.embedded.slots), metrics)
    memory = MemoryService(database, settings.memory, meaning_of(settings, database, registry))
    limits = default_limits(settings.quotas)
    trash = TrashService(database, trail, settings.keeping.trash_days)
    services = Services(
        settings=settings,
        version=version,
        started_at=now(),
        database=database,
        sessions=sessions,
        passwords=PasswordService(database, hasher, sessions, devices, trail, key=key, locking=settings.limits.enabled),
        joining=JoiningService(database, hasher, sessions, trail, settings.auth.bootstrap_token.get_secret_value()),
        cookies=cookies,
        devices=devices,
        watch=watch,
        trail=trail,
        checkpoints=checkpoints_of(settings, database, trail),
        limits=limits,
        registry=registry,
        discovery=Discovery(settings.providers, settings.server.port),
        selector=selector,
        manager=manager,
        seats=stage.seats,
        metrics=metrics,
        chat=ChatService(database, stage, selector, manager, bus, settings.quotas, settings.chat, memory),
        memory=memory,
        backups=BackupService(settings.backup, home_of(settings), version),
        importing=ImportService(database, settings.server.data_dir),
        removal=RemovalService(database, manager, trail, watch.check, memory, settings.keeping),
        trash=trash,
        keeping=KeepingService(database, trail, trash, settings.keeping),
        administration=AdministrationService(database, manager, trail, watch.check, limits),
    )
    guard = Guard(sessions, cookies, settings.auth)
    sizes: dict[Takes, int] = {"json": settings.server.max_request_bytes, "file": settings.server.max_import_bytes}
    keeper = Doorkeeper(guard, MemoryLimiter(settings.limits), refusals, sizes, watchers_of(settings.server))
    return Wiring(services, hasher, recorder, refusals, keeper)
