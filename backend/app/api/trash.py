"""The doors of how long conversations stay: the trash, and what the administrator has set."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.conversations import ConversationDetail
from app.api.deps import Acting, CurrentUser, Paging, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.config.settings import KeepingSettings
from app.core.clock import now
from app.domain.accounts import service as accounts
from app.domain.trash import service as trash
from app.domain.trash.errors import TrashedMissing
from app.domain.trash.models import TrashedConversation

router = APIRouter(tags=["trash"], route_class=DoorRoute)


class TrashedOut(WireOut):
    """A deleted conversation; it is deleted for good at `purge_at`."""

    id: str
    title: str
    message_count: int
    deleted_at: datetime
    purge_at: datetime


class KeepingOut(WireOut):
    """How long conversations stay that nothing is changed in, as the caller wishes and at most (null: for ever); in
    the trash (0: there is none); and temporary ones after the last word in them."""

    keep_days: int | None
    trash_days: int
    retention_days: int | None
    temporary_seconds: float


class KeepingIn(WireIn):
    keep_days: int | None = Field(ge=1, le=36_500)


@router.get("/keeping", operation_id="get_keeping")
@door("user", whose="caller", limit="read")
async def get_keeping(user: CurrentUser, tx: Tx, wired: Wired) -> KeepingOut:
    """What the caller wishes, and what the administrator has set."""
    wished = await tx.read(lambda session: accounts.get_keep_days(session, user.user_id))
    return _keeping(wished, wired.settings.keeping)


@router.put("/keeping", operation_id="set_keeping")
@door("user", whose="caller", limit="write")
async def set_keeping(body: KeepingIn, user: CurrentUser, tx: Tx, wired: Wired) -> KeepingOut:
    """Say how long one's own conversations stay that nothing is changed in."""
    await tx.write(lambda session: accounts.set_keep_days(session, user.user_id, body.keep_days, now()))
    return _keeping(body.keep_days, wired.settings.keeping)


def _keeping(keep_days: int | None, settings: KeepingSettings) -> KeepingOut:
    return KeepingOut(keep_days=keep_days, **settings.model_dump())


@router.get("/trash", operation_id="list_trash")
@door("user", whose="caller", limit="read")
async def list_trash(user: CurrentUser, tx: Tx, wired: Wired, paging: Paging) -> Page[TrashedOut]:
    """What the caller has deleted, last first."""
    stays = timedelta(days=wired.settings.keeping.trash_days)

    def item(row: TrashedConversation) -> TrashedOut:
        columns = {name: getattr(row, name) for name in TrashedOut.model_fields if name != "purge_at"}
        return TrashedOut.model_validate({**columns, "purge_at": row.deleted_at + stays})

    return page(await tx.read(lambda session: trash.list_page(session, user.user_id, paging)), item)


@router.post("/trash/{trashed_id}/restore", operation_id="restore_conversation", responses=errors(TrashedMissing))
@door("user", whose="by id", limit="write")
async def restore_conversation(trashed_id: str, user: CurrentUser, wired: Wired, source: Acting) -> ConversationDetail:
    """Bring a conversation back as it was."""
    return ConversationDetail.model_validate(await wired.trash.restore(user.user_id, trashed_id, source))


@router.delete("/trash/{trashed_id}", status_code=204, operation_id="discard", responses=errors(TrashedMissing))
@door("user", whose="by id", limit="write")
async def discard(trashed_id: str, user: CurrentUser, wired: Wired, source: Acting) -> Response:
    """Delete a conversation for good."""
    await wired.trash.discard(user.user_id, trashed_id, source)
    return Response(status_code=204)


@router.delete("/trash", status_code=204, operation_id="empty_trash")
@door("user", whose="caller", limit="write")
async def empty_trash(user: CurrentUser, wired: Wired, source: Acting) -> Response:
    """Delete everything in the trash for good."""
    await wired.trash.empty(user.user_id, source)
    return Response(status_code=204)
