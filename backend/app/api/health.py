"""The door for whoever watches the server: alive, ready, which version, how it does in depth, and its figures."""

from typing import Any, Final, Literal

from fastapi import APIRouter, Response

from app.api.deps import Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import WireOut, errors
from app.observability.metrics import MEDIA_TYPE, ServerFigures
from app.services.chat.events import PROTOCOL
from app.services.chat.service import Draining
from app.services.inspection import DeepHealthFailed, State, inspect

FIGURES: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

router = APIRouter(tags=["health"], route_class=DoorRoute)


class Alive(WireOut):
    status: Literal["ok"] = "ok"


class Ready(WireOut):
    status: Literal["ready"] = "ready"


class Checks(WireOut):
    database: State
    migrations: State
    disk: State
    vector_store: State
    providers: dict[str, str]


class DeepHealth(WireOut):
    status: Literal["ok"] = "ok"
    checks: Checks


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


@router.get("/health/deep", operation_id="get_deep_health", responses=errors(DeepHealthFailed))
@door("probe", whose="nobody", limit="anonymous")
async def deep_health(wired: Wired) -> DeepHealth:
    """What the server stands on works; 503 tells what does not. Model servers are told and do not count."""
    found = await inspect(wired.database, wired.settings.server.data_dir, wired.memory, wired.registry)
    checks = Checks.model_validate(found)
    if not found.good:
        raise DeepHealthFailed(detail={"checks": checks.model_dump()})
    return DeepHealth(checks=checks)


@router.get("/metrics", operation_id="get_metrics", response_class=Response, responses=FIGURES)
@door("scraper", whose="nobody", limit="anonymous")
async def metrics(wired: Wired) -> Response:
    """Figures of this process, in the text format of Prometheus."""
    servers = [
        ServerFigures(
            state.id,
            None if state.state == "unknown" else state.state == "up",
            state.cut_off,
            state.latency_ms,
            *wired.seats.figures(state.id),
        )
        for state in wired.registry.states()
    ]
    text = wired.metrics.text(active=len(wired.manager.running_ids()), draining=wired.manager.draining, servers=servers)
    return Response(text, media_type=MEDIA_TYPE)


@router.get("/version", operation_id="get_version")
@door("anyone", whose="nobody", limit=None)
async def version(wired: Wired) -> Version:
    """The version of the server and of the stream protocol."""
    return Version(version=wired.version, protocol=PROTOCOL)
