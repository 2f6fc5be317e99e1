"""OmniAI's own conversations and memories (docs/export.md), which keep their ids, dates and what was noted of them."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from app.core.ids import is_id
from app.domain.conversations.rules import MessageRole, MessageState
from app.domain.memories.rules import CHARS, Source
from app.services.importing.draft import Draft, DraftMessage, Json, Unreadable, text, title_of
from app.services.importing.tree import walk

SOURCE: Final = "omniai"
FORMAT: Final = "omniai.conversation"
MEMORIES: Final = "omniai.memories"
VERSION: Final = 1

type Name = Annotated[str, msgspec.Meta(max_length=200)]
type Moment = Annotated[datetime, msgspec.Meta(tz=True)]
type Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class _Message(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    parent_id: str | None
    role: MessageRole
    content: str
    state: MessageState
    created_at: Moment
    updated_at: Moment
    source_id: Name | None = None
    reasoning: str | None = None
    error_code: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    provider: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    model: Name | None = None
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    usage_estimated: bool = False
    finish_reason: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    ttft_ms: Count | None = None
    elapsed_ms: Count | None = None
    rating: Literal["good", "bad"] | None = None
    rating_note: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    memory_ids: Annotated[list[str], msgspec.Meta(max_length=50)] | None = None


class _Conversation(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    title: Name
    created_at: Moment
    updated_at: Moment
    last_message_at: Moment
    messages: list[_Message]
    source_id: Annotated[str, msgspec.Meta(max_length=220)] | None = None
    pinned: bool = False
    use_memory: bool = True
    archived: bool = False
    provider: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    model: Name | None = None
    system: str | None = None
    current_leaf_id: str | None = None


class Memory(msgspec.Struct):
    """Something that was remembered of the person elsewhere."""

    id: str
    content: Annotated[str, msgspec.Meta(min_length=1, max_length=CHARS)]
    source: Source
    created_at: Moment
    updated_at: Moment
    conversation_id: str | None = None
    message_id: str | None = None
    last_used_at: Moment | None = None


class Memories(msgspec.Struct):
    """All of that."""

    memories: list[Memory]


_KEPT: Final = (
    "error_code",
    "provider",
    "prompt_tokens",
    "completion_tokens",
    "usage_estimated",
    "finish_reason",
    "ttft_ms",
    "elapsed_ms",
    "rating",
    "rating_note",
    "memory_ids",
)


def draft_of(entry: Json) -> Draft:
    """One conversation.

    Raises:
        Unreadable: A newer OmniAI made it, or a field is not what docs/export.md says.
    """
    found = _read(entry, _Conversation)
    rows = {row.id: row for row in found.messages}
    messages: list[DraftMessage] = []
    places: dict[str | None, int | None] = {None: None}
    for node in walk({row.id: row.parent_id for row in rows.values()}):
        places[node.id] = len(messages)
        messages.append(_message(rows[node.id], places[node.parent]))
    return Draft(
        source=SOURCE,
        source_id=found.id,
        title=title_of(found.title) if text(found.title) != found.title or not found.title.strip() else found.title,
        messages=messages,
        leaf=places.get(found.current_leaf_id) if found.current_leaf_id else None,
        at=found.created_at,
        archived=found.archived,
        pinned=found.pinned,
        system=text(found.system) or None,
        id=found.id if is_id(found.id) else None,
        known_as=found.source_id,
        columns={
            "provider": found.provider,
            "model": found.model,
            "use_memory": found.use_memory,
            "updated_at": found.updated_at,
            "last_message_at": found.last_message_at,
        },
    )


def memories_of(entry: Json) -> Memories:
    """What was remembered.

    Raises:
        Unreadable: As for a conversation.
    """
    return _read(entry, Memories)


def _read[Kind](entry: Json, kind: type[Kind]) -> Kind:
    version = entry.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise Unreadable("A newer OmniAI made this export.")
    try:
        return msgspec.convert(entry, kind)
    except msgspec.ValidationError as error:
        raise Unreadable(f"It is not as an export is: {str(error)[:200]}.") from None


def _message(row: _Message, parent: int | None) -> DraftMessage:
    return DraftMessage(
        source_id=row.id,
        parent=parent,
        role=row.role,
        content=text(row.content),
        at=row.created_at,
        thoughts=text(row.reasoning),
        model=row.model,
        state="interrupted" if row.state in {"queued", "streaming"} else row.state,
        id=row.id if is_id(row.id) else None,
        known_as=row.source_id,
        columns={**{name: getattr(row, name) for name in _KEPT}, "updated_at": row.updated_at},
    )
