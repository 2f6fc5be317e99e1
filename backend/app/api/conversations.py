"""The door of conversations: list, make, read, change, delete, and the messages of one."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from app.api.deps import Acting, CurrentUser, Paging, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.messages import MessageOut, message_out
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.core.clock import now
from app.core.errors import InvalidFields
from app.core.ids import is_id
from app.domain.conversations import service as conversations
from app.domain.conversations.errors import AlreadyKept, AnswerRunning, ConversationMissing, MessageMissing

router = APIRouter(prefix="/conversations", tags=["conversations"], route_class=DoorRoute)

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
NOT_NULL = ("title", "pinned", "archived", "use_memory", "temporary")


class ConversationOut(WireOut):
    id: str
    title: str
    pinned: bool
    archived: bool
    project_id: None = None
    provider: str | None
    model: str | None
    current_leaf_id: str | None
    message_count: int
    created_at: datetime
    updated_at: datetime
    last_message_at: datetime
    active_generation_id: str | None
    temporary: bool


class ConversationDetail(ConversationOut):
    system: str | None
    use_memory: bool


class ConversationIn(WireIn):
    title: Title | None = None
    provider: str | None = Field(None, max_length=64)
    model: str | None = Field(None, max_length=200)
    system: str | None = Field(None, max_length=100_000)


class ConversationChanges(ConversationIn):
    pinned: bool | None = None
    archived: bool | None = None
    current_leaf_id: str | None = None
    use_memory: bool | None = None
    temporary: bool | None = None


class AppendIn(WireIn):
    role: Literal["user", "assistant"]
    content: str = Field(min_length=1)


@router.get("", operation_id="list_conversations")
@door("user", whose="caller", limit="read")
async def list_conversations(
    user: CurrentUser,
    tx: Tx,
    paging: Paging,
    q: Annotated[str | None, Query(max_length=200)] = None,
    archived: bool = False,
    pinned: bool | None = None,
) -> Page[ConversationOut]:
    """The caller's conversations, newest activity first; `q` looks in titles, `pinned` leaves out the others."""
    rows = await tx.read(
        lambda session: conversations.list_page(
            session, user.user_id, paging, archived=archived, pinned=pinned, title_part=q
        )
    )
    return page(rows, ConversationOut.model_validate)


@router.post("", status_code=201, operation_id="create_conversation")
@door("user", whose="caller", limit="write", size=None)
async def create_conversation(body: ConversationIn, user: CurrentUser, tx: Tx) -> ConversationDetail:
    """Make an empty conversation."""
    row = await tx.write(lambda session: conversations.create(session, user.user_id, now(), **body.changes()))
    return ConversationDetail.model_validate(row)


@router.get("/{conversation_id}", operation_id="get_conversation", responses=errors(ConversationMissing))
@door("user", whose="by id", limit="read")
async def get_conversation(conversation_id: str, user: CurrentUser, tx: Tx) -> ConversationDetail:
    """One conversation."""
    row = await tx.read(lambda session: conversations.get(session, user.user_id, conversation_id))
    return ConversationDetail.model_validate(row)


@router.patch(
    "/{conversation_id}", operation_id="update_conversation", responses=errors(ConversationMissing, AlreadyKept)
)
@door("user", whose="by id", limit="write", size=None)
async def update_conversation(
    conversation_id: str, body: ConversationChanges, user: CurrentUser, tx: Tx
) -> ConversationDetail:
    """Rename, pin, archive, choose a model, show another branch, or keep what was temporary."""
    changes = body.changes()
    nulls = {field: "must not be null" for field in NOT_NULL if field in changes and changes[field] is None}
    leaf_id = changes.get("current_leaf_id", "")
    if leaf_id is None or (leaf_id and not is_id(str(leaf_id))):
        nulls["current_leaf_id"] = "is not a message of this conversation"
    if nulls:
        raise InvalidFields(nulls)
    row = await tx.write(lambda session: conversations.change(session, user.user_id, conversation_id, changes, now()))
    return ConversationDetail.model_validate(row)


@router.delete(
    "/{conversation_id}", status_code=204, operation_id="delete_conversation", responses=errors(ConversationMissing)
)
@door("user", whose="by id", limit="write")
async def delete_conversation(
    conversation_id: str, user: CurrentUser, wired: Wired, source: Acting, *, purge: bool = False
) -> Response:
    """Move a conversation to the trash, or delete it for good: when `purge` says so, or there is no trash.

    An answer being written stops.
    """
    await wired.removal.delete_conversation(user.user_id, conversation_id, source, purge=purge)
    return Response(status_code=204)


@router.get(
    "/{conversation_id}/messages",
    operation_id="list_messages",
    responses=errors(ConversationMissing, MessageMissing),
)
@door("user", whose="by id", limit="read")
async def list_messages(
    conversation_id: str,
    user: CurrentUser,
    tx: Tx,
    paging: Paging,
    leaf: str | None = None,
    whole: Annotated[bool, Query(alias="all")] = False,
) -> Page[MessageOut]:
    """The path to a leaf (the shown one by default), root first; or the whole tree in the order of its making."""
    if whole:
        rows = await tx.read(lambda session: conversations.read_tree(session, user.user_id, conversation_id, paging))
    else:
        rows = await tx.read(
            lambda session: conversations.read_path(session, user.user_id, conversation_id, leaf, paging)
        )
    return page(rows, message_out)


@router.post(
    "/{conversation_id}/messages",
    status_code=201,
    operation_id="append_message",
    responses=errors(ConversationMissing, AnswerRunning),
)
@door("user", whose="by id", limit="write", size=None)
async def append_message(conversation_id: str, body: AppendIn, user: CurrentUser, tx: Tx, wired: Wired) -> MessageOut:
    """Add a message at the end without asking a model."""
    limit = wired.settings.chat.max_message_chars
    if not body.content.strip() or len(body.content) > limit:
        raise InvalidFields({"content": f"must have 1 to {limit} characters and not be blank"})
    placed = await tx.write(
        lambda session: conversations.append_alone(
            session, user.user_id, conversation_id, body.role, body.content, now()
        )
    )
    return message_out(placed)
