"""What doors may ask for: the annotated aliases. The only Depends() besides `auth`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.api.schemas import page_request
from app.auth import guards
from app.auth.cookies import Cookies
from app.auth.devices import DeviceTokens
from app.auth.invites import JoiningService
from app.auth.passwords import PasswordService
from app.auth.principal import Principal
from app.auth.sessions import SessionService
from app.auth.watch import StreamWatch
from app.config.settings import Settings
from app.core.pagination import PageRequest
from app.db.session import Database
from app.domain.audit.service import Source, Trail
from app.domain.quotas.rules import Limits
from app.observability.metrics import Metrics
from app.providers.discovery import Discovery
from app.providers.registry import ProviderRegistry
from app.services.administration import AdministrationService
from app.services.backup.schedule import BackupService
from app.services.chat.service import ChatService
from app.services.checkpoints import CheckpointKeeper
from app.services.generation.manager import GenerationManager
from app.services.importing.service import ImportService
from app.services.keeping import KeepingService
from app.services.memory.service import MemoryService
from app.services.model_selection import ModelSelector
from app.services.removal import RemovalService
from app.services.seats import Seats
from app.services.trash import TrashService


@dataclass(frozen=True, slots=True)
class Services:
    """The long-lived objects that doors use; `wiring` makes them."""

    settings: Settings
    version: str
    started_at: datetime
    database: Database
    sessions: SessionService
    passwords: PasswordService
    joining: JoiningService
    cookies: Cookies
    devices: DeviceTokens
    watch: StreamWatch
    trail: Trail
    checkpoints: CheckpointKeeper
    limits: Limits
    registry: ProviderRegistry
    discovery: Discovery
    selector: ModelSelector
    manager: GenerationManager
    seats: Seats
    metrics: Metrics
    chat: ChatService
    memory: MemoryService
    backups: BackupService
    importing: ImportService
    removal: RemovalService
    trash: TrashService
    keeping: KeepingService
    administration: AdministrationService


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


async def services(request: Request) -> Services:
    """The long-lived objects."""
    return _services(request)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, of what, and under which id: for the hot path, where a dependency costs as much as a query."""

    user: Principal
    wired: Services
    request_id: str


async def caller(request: Request) -> Caller:
    """The person who was let in, with all that their call needs.

    Raises:
        AuthRequired: The door is open to anyone, so nobody was asked for.
    """
    return Caller(await guards.principal(request), _services(request), request.state.request_id)


Calling = Annotated[Caller, Depends(caller)]
Wired = Annotated[Services, Depends(services)]
CurrentUser = Annotated[Principal, Depends(guards.principal)]
From = Annotated[Source, Depends(guards.source)]
Acting = Annotated[Source, Depends(guards.acting)]
Paging = Annotated[PageRequest, Depends(page_request)]


async def database(request: Request) -> Database:
    """Where doors run their units of work: `await tx.read(work)`, `await tx.write(work)`."""
    return _services(request).database


Tx = Annotated[Database, Depends(database)]


async def known_device(request: Request) -> str | None:
    """The device that the request's cookie names, if that cookie was made here."""
    found = _services(request)
    return found.devices.read(found.cookies.device(request))


KnownDevice = Annotated[str | None, Depends(known_device)]


async def device_cookie(request: Request) -> str | None:
    """The device cookie as it came."""
    return _services(request).cookies.device(request)


DeviceCookie = Annotated[str | None, Depends(device_cookie)]
