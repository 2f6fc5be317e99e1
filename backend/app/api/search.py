"""The door of the search."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.deps import CurrentUser, Tx
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireOut
from app.core.clock import now
from app.services.search import service
from app.services.search.service import Hit

router = APIRouter(tags=["search"], route_class=DoorRoute)

MAX_HITS = 50


class SnippetPart(WireOut):
    text: str
    hit: bool


class SearchHit(WireOut):
    """`message_id` and `role` are null for a conversation that was found by its title; its snippet is the title."""

    conversation_id: str
    title: str
    archived: bool
    message_id: str | None
    role: Literal["user", "assistant"] | None
    snippet: list[SnippetPart]
    at: datetime


@router.get("/search", operation_id="search")
@door("user", whose="caller", limit="read")
async def search(
    user: CurrentUser,
    tx: Tx,
    q: Annotated[str, Query(max_length=1_000)],
    limit: Annotated[int, Query(ge=1, le=MAX_HITS)] = 20,
) -> Page[SearchHit]:
    """Titles and messages of the caller that hold what `q` says, the best first; all of them on one page.

    `q` holds words, "phrases" and filters: `role:user`, `role:assistant`, `model:`, `in:title`, `in:messages`,
    `in:archive`, `in:` a part of a title, `before:` and `after:` a date (UTC). Anything else is text to look for.
    """
    hits = await tx.read(lambda session: service.search(session, user.user_id, q, now(), limit))
    return Page(items=[_wire(hit) for hit in hits], next_cursor=None)


def _wire(hit: Hit) -> SearchHit:
    found = hit.match
    return SearchHit.model_validate(
        {
            "conversation_id": found.conversation_id,
            "title": found.title,
            "archived": found.archived,
            "message_id": found.message_id,
            "role": found.role,
            "snippet": [SnippetPart.model_validate(part) for part in hit.snippet],
            "at": found.at,
        }
    )
