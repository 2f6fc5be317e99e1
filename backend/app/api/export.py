"""The door of what people take along: one conversation, or everything."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Final, Literal
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.deps import CurrentUser, Services, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import errors
from app.auth.principal import Principal
from app.core.clock import now
from app.core.errors import OmniError
from app.domain.conversations import service as conversations
from app.domain.conversations.errors import ConversationMissing
from app.services.export import document
from app.services.export.archive import Archive
from app.services.export.document import Now

router = APIRouter(tags=["export"], route_class=DoorRoute)

log = structlog.get_logger(__name__)

JSON: Final = "application/json"
MARKDOWN: Final = "text/markdown"
ZIP: Final = "application/zip"


class Download(StreamingResponse):
    """A long answer. One that must end early lacks its end, so that nobody takes a part for the whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is."""
        try:
            await super().__call__(scope, receive, send)
        except OmniError as error:
            log.info("download_cut_off", reason=error.code.value)


@router.get(
    "/conversations/{conversation_id}/export",
    operation_id="export_conversation",
    response_class=Download,
    responses={200: {"content": {JSON: {}, MARKDOWN: {}}}, **errors(ConversationMissing)},
)
@door("user", whose="by id", limit="read")
async def export_conversation(
    conversation_id: str,
    user: CurrentUser,
    tx: Tx,
    wired: Wired,
    kind: Annotated[Literal["json", "markdown"], Query(alias="format")] = "json",
) -> Response:
    """One conversation as a file: with all its branches as JSON, or the branch that is shown as Markdown."""
    found = await tx.read(lambda session: conversations.get(session, user.user_id, conversation_id))
    if kind == "json":
        texts = _own(wired, user, lambda session: document.pieces(session, user.user_id, found))
        return Download(texts, media_type=JSON, headers=_named(f"{found.title}.json"))
    path = await tx.read(lambda session: conversations.path(session, user.user_id, conversation_id, None))
    return Response(document.markdown(found, path), media_type=MARKDOWN, headers=_named(f"{found.title}.md"))


@router.get(
    "/export",
    operation_id="export_everything",
    response_class=Download,
    responses={200: {"content": {ZIP: {}}}},
)
@door("user", whose="caller", limit="read")
async def export_everything(user: CurrentUser, wired: Wired) -> Download:
    """Everything that the caller owns as a zip: account, conversations, and a manifest with checksums."""
    at = now()
    pieces = _own(wired, user, lambda session: Archive(session, user.user_id, wired.version, at).pieces())
    return Download(pieces, media_type=ZIP, headers=_named(f"omniai-{user.username}-{at:%Y-%m-%d}.zip"))


async def _own[Piece: (str, bytes)](
    wired: Services, user: Principal, steps: Callable[[Now], Iterator[Piece]]
) -> AsyncIterator[Piece]:
    """A long answer, which is cut off when its reader's sign-in ends."""
    with wired.watch.watching(user) as verdict:
        async for piece in wired.database.read_in_steps(steps):
            if verdict.done():
                raise verdict.result()
            if piece:
                yield piece


def _named(name: str) -> dict[str, str]:
    """The header that gives a download its name (RFC 6266), without what file systems refuse."""
    safe = "".join(" " if char in '<>:"/\\|?*' or not char.isprintable() else char for char in name).strip(" .")
    plain = "".join(char if char.isascii() and char not in '"%' else "_" for char in safe)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"}
