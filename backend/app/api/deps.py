"""What doors may ask for: the annotated aliases. The only Depends() besides `auth`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.api.schemas import page_request
from app.auth import guards
from app.auth.cookies import SessionCookie
from app.auth.invites import JoiningService
from app.auth.principal import Client, Principal
from app.auth.sessions import SessionService
from app.config.settings import Settings
from app.core.pagination import PageRequest
from app.db.session import Database
from app.providers.registry import ProviderRegistry
from app.services.chat.service import ChatService
from app.services.generation.manager import GenerationManager
from app.services.model_selection import ModelSelector
from app.services.removal import RemovalService


@dataclass(frozen=True, slots=True)
class Services:
    """The long-lived objects that doors use; `wiring` makes them."""

    settings: Settings
    version: str
    database: Database
    sessions: SessionService
    joining: JoiningService
    cookie: SessionCookie
    registry: ProviderRegistry
    selector: ModelSelector
    manager: GenerationManager
    chat: ChatService
    removal: RemovalService


def services(request: Request) -> Services:
    """The long-lived objects."""
    found: Services = request.app.state.services
    return found


def request_id(request: Request) -> str:
    """The id that the middleware gave this request."""
    found: str = request.state.request_id
    return found


Wired = Annotated[Services, Depends(services)]
RequestId = Annotated[str, Depends(request_id)]
CurrentUser = Annotated[Principal, Depends(guards.principal)]
Admin = Annotated[Principal, Depends(guards.admin)]
From = Annotated[Client, Depends(guards.client)]
Paging = Annotated[PageRequest, Depends(page_request)]


def database(request: Request) -> Database:
    """Where doors run their units of work: `await tx.read(work)`, `await tx.write(work)`."""
    return services(request).database


Tx = Annotated[Database, Depends(database)]
