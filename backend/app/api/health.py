"""The door for whoever watches the server: alive, ready, which version."""

from typing import Literal

from fastapi import APIRouter

from app.api.deps import Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import WireOut, errors
from app.services.chat.events import PROTOCOL
from app.services.chat.service import Draining

router = APIRouter(tags=["health"], route_class=DoorRoute)


class Alive(WireOut):
    status: Literal["ok"] = "ok"


class Ready(WireOut):
    status: Literal["ready"] = "ready"


class Version(WireOut):
    version: str
    protocol: int


@router.get("/health", operation_id="get_health")
@door("anyone", whose="nobody", limit=None)
async def health() -> Alive:
    """The process answers; nothing else is touched."""
    return Alive()


@router.get("/ready", operation_id="get_ready", responses=errors(Draining))
@door("anyone", whose="nobody", limit=None)
async def ready(wired: Wired) -> Ready:
    """New work is taken."""
    if wired.manager.draining:
        raise Draining
    return Ready()


@router.get("/version", operation_id="get_version")
@door("anyone", whose="nobody", limit=None)
async def version(wired: Wired) -> Version:
    """The version of the server and of the stream protocol."""
    return Version(version=wired.version, protocol=PROTOCOL)
