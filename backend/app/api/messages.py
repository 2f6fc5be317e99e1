"""The door of single messages: read, edit, rate, delete."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.deps import Acting, CurrentUser, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import WireIn, WireOut, errors
from app.core.clock import now
from app.core.errors import InvalidFields
from app.domain.conversations import service as conversations
from app.domain.conversations.errors import AnswerRunning, MessageMissing
from app.domain.conversations.rules import MessageState
from app.domain.conversations.service import Placed

router = APIRouter(prefix="/messages", tags=["messages"], route_class=DoorRoute)


class Part(WireOut):
    """A piece of an answer, in the order of its making; an error's text is its code."""

    type: Literal["reasoning", "text", "error"]
    text: str


class Usage(WireOut):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    estimated: bool


class Feedback(WireOut):
    rating: Literal["good", "bad"] | None
    note: str | None


class MessageOut(WireOut):
    id: str
    conversation_id: str
    parent_id: str | None
    role: Literal["user", "assistant"]
    content: str
    parts: list[Part]
    state: MessageState
    provider: str | None
    model: str | None
    usage: Usage | None
    finish_reason: str | None
    ttft_ms: int | None
    elapsed_ms: int | None
    sibling_index: int
    sibling_count: int
    sibling_ids: list[str]
    attachments: list[str]
    memory_ids: list[str]
    feedback: Feedback | None
    created_at: datetime


class FeedbackIn(WireIn):
    rating: Literal["good", "bad"] | None
    note: str | None = Field(None, max_length=2000)


class MessageChanges(WireIn):
    content: str | None = None
    feedback: FeedbackIn | None = None


def message_out(placed: Placed) -> MessageOut:
    """A message as the wire has it."""
    row = placed.message
    parts = [Part(type="reasoning", text=row.reasoning)] if row.reasoning else []
    parts += [Part(type="text", text=row.content)] if row.content else []
    parts += [Part(type="error", text=row.error_code)] if row.error_code else []
    counted = row.prompt_tokens is not None and row.completion_tokens is not None
    prompt, completion = row.prompt_tokens or 0, row.completion_tokens or 0
    usage = Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=prompt + completion,
        estimated=row.usage_estimated,
    )
    rated = row.rating is not None or row.rating_note is not None
    return MessageOut.model_validate(
        {
            **{name: getattr(row, name) for name in MessageOut.model_fields if hasattr(row, name)},
            "parts": parts,
            "usage": usage if counted else None,
            "sibling_index": placed.sibling_index,
            "sibling_count": len(placed.sibling_ids),
            "sibling_ids": placed.sibling_ids,
            "attachments": [],
            "memory_ids": row.memory_ids or [],
            "feedback": {"rating": row.rating, "note": row.rating_note} if rated else None,
        }
    )


@router.get("/{message_id}", operation_id="get_message", responses=errors(MessageMissing))
@door("user", whose="by id", limit="read")
async def get_message(message_id: str, user: CurrentUser, tx: Tx) -> MessageOut:
    """One message."""
    return message_out(await tx.read(lambda session: conversations.get_message(session, user.user_id, message_id)))


@router.patch("/{message_id}", operation_id="update_message", responses=errors(MessageMissing, AnswerRunning))
@door("user", whose="by id", limit="write", size=None)
async def update_message(message_id: str, body: MessageChanges, user: CurrentUser, tx: Tx, wired: Wired) -> MessageOut:
    """Change a message's text, or say how good an answer was."""
    changes: dict[str, object] = {}
    if "content" in body.model_fields_set:
        limit = wired.settings.chat.max_message_chars
        if body.content is None or not body.content.strip() or len(body.content) > limit:
            raise InvalidFields({"content": f"must have 1 to {limit} characters and not be blank"})
        changes["content"] = body.content
    if "feedback" in body.model_fields_set:
        changes["rating"] = body.feedback.rating if body.feedback else None
        changes["rating_note"] = body.feedback.note if body.feedback else None
    placed = await tx.write(
        lambda session: conversations.change_message(session, user.user_id, message_id, changes, now())
    )
    return message_out(placed)


@router.delete("/{message_id}", status_code=204, operation_id="delete_message", responses=errors(MessageMissing))
@door("user", whose="by id", limit="write")
async def delete_message(message_id: str, user: CurrentUser, wired: Wired, source: Acting) -> Response:
    """Delete a message with all that follows it."""
    await wired.removal.delete_message(user.user_id, message_id, source)
    return Response(status_code=204)
