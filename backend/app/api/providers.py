"""The door of model servers: which there are, how they do, what they offer, and which model would answer."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.deps import CurrentUser, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireOut, errors
from app.core.errors import Code
from app.providers.base import Location, ModelKind, ModelMissing, ProviderUnreachable
from app.providers.registry import ProviderMissing
from app.services.model_selection import NoModelsAvailable

router = APIRouter(tags=["models"], route_class=DoorRoute)

Name = Annotated[str | None, Query(min_length=1, max_length=200)]


class ProviderOut(WireOut):
    id: str
    label: str
    location: Location
    state: Literal["up", "down", "unknown"]
    checked_at: datetime | None


class ProviderHealthOut(WireOut):
    state: Literal["up", "down", "unknown"]
    latency_ms: float | None
    checked_at: datetime | None
    error_code: Code | None


class CapabilitiesOut(WireOut):
    vision: bool
    tools: bool
    reasoning: bool


class ModelOut(WireOut):
    id: str
    provider: str
    label: str
    kind: ModelKind
    context_length: int | None
    loaded: bool | None
    capabilities: CapabilitiesOut
    location: Location


class Resolved(WireOut):
    provider: str
    model: str
    source: str
    reason: str | None
    fallback_from: str | None


@router.get("/providers", operation_id="list_providers")
@door("user", whose="nobody", limit="read")
async def list_providers(_user: CurrentUser, wired: Wired) -> Page[ProviderOut]:
    """The configured model servers, as they were when last asked."""
    return Page(items=[ProviderOut.model_validate(state) for state in wired.registry.states()], next_cursor=None)


@router.get(
    "/providers/{provider_id}/models",
    operation_id="list_provider_models",
    responses=errors(ProviderMissing, ProviderUnreachable),
)
@door("user", whose="nobody", limit="read")
async def list_provider_models(provider_id: str, _user: CurrentUser, wired: Wired) -> Page[ModelOut]:
    """The models of one server."""
    models = await wired.registry.models_of(provider_id)
    return Page(items=[ModelOut.model_validate(model) for model in models], next_cursor=None)


@router.get("/providers/{provider_id}/health", operation_id="get_provider_health", responses=errors(ProviderMissing))
@door("user", whose="nobody", limit="read")
async def get_provider_health(provider_id: str, _user: CurrentUser, wired: Wired) -> ProviderHealthOut:
    """Ask one server now how it does."""
    return ProviderHealthOut.model_validate(await wired.registry.health(provider_id))


@router.get("/models", operation_id="list_models")
@door("user", whose="nobody", limit="read")
async def list_models(_user: CurrentUser, wired: Wired) -> Page[ModelOut]:
    """The models of every server that is up."""
    catalogue = await wired.registry.catalogue()
    return Page(items=[ModelOut.model_validate(model) for model in catalogue.models], next_cursor=None)


@router.get(
    "/models/resolve",
    operation_id="resolve_model",
    responses=errors(ProviderMissing, ModelMissing, ProviderUnreachable, NoModelsAvailable),
)
@door("user", whose="by id", limit="read")
async def resolve_model(
    user: CurrentUser,
    wired: Wired,
    provider: Name = None,
    model: Name = None,
    conversation_id: str | None = None,
) -> Resolved:
    """Which model would answer, and why."""
    choice = await wired.selector.choose(*await wired.chat.wishes(user.user_id, conversation_id, provider, model))
    return Resolved(
        provider=choice.model.provider,
        model=choice.model.id,
        source=choice.source,
        reason=choice.reason,
        fallback_from=choice.fallback_from,
    )
