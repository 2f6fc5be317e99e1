"""A conversation as people keep it: whole as JSON (docs/export.md), or the branch that is shown as Markdown."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain.conversations import repository
from app.domain.conversations.models import Conversation, Message

FORMAT: Final = "omniai.conversation"
VERSION: Final = 1
PAGE: Final = 500
"""Messages that are held at once."""
SPEAKERS: Final = {"user": "You", "assistant": "Answer"}

type Json = dict[str, object]
type Now = Callable[[], Session]
"""Gives the session of the moment: a long reading is many short units of work."""

_OF_CONVERSATION: Final = (
    "id",
    "title",
    "pinned",
    "archived",
    "provider",
    "model",
    "system",
    "current_leaf_id",
    "use_memory",
    "source_id",
)
_OF_MESSAGE: Final = ("id", "parent_id", "role", "content", "reasoning", "state", "error_code", "provider", "model")
_OF_ANSWER: Final = ("prompt_tokens", "completion_tokens", "usage_estimated", "finish_reason", "ttft_ms", "elapsed_ms")
_OF_RATING: Final = ("rating", "rating_note", "source_id", "memory_ids")


def pieces(session: Now, owner_id: str, found: Conversation) -> Iterator[str]:
    """A conversation with its whole tree as JSON, a page of messages at a time."""
    moments = {name: stamp(getattr(found, name)) for name in ("created_at", "updated_at", "last_message_at")}
    head = {"format": FORMAT, "version": VERSION, **_columns(found, _OF_CONVERSATION), **moments}
    yield dumped(head).removesuffix("}") + ', "messages": ['
    before, after = "\n", ""
    while page := repository.all_messages(session(), owner_id, found.id, after, PAGE):
        yield before + ",\n".join(dumped(_message(row)) for row in page)
        before, after = ",\n", page[-1].id
    yield "\n]}\n"


def _message(row: Message) -> Json:
    moments = {name: stamp(getattr(row, name)) for name in ("created_at", "updated_at")}
    return {**_columns(row, (*_OF_MESSAGE, *_OF_ANSWER, *_OF_RATING)), **moments}


def markdown(head: Conversation, path: Iterable[Message]) -> str:
    """The branch that is shown: a heading for each message, with who wrote it and when."""
    parts = [f"# {' '.join(head.title.split())}"]
    for row in path:
        who = SPEAKERS.get(row.role, row.role) + (f" ({row.model})" if row.model else "")
        end = f"\n\n*{row.state}*" if row.state not in {"complete", "stopped"} else ""
        parts.append(f"## {who}\n\n*{row.created_at:%Y-%m-%d %H:%M} UTC*\n\n{row.content}{end}")
    return "\n\n".join(parts) + "\n"


def dumped(value: Json) -> str:
    """JSON on one line, in UTF-8's own letters."""
    return json.dumps(value, ensure_ascii=False)


def stamp(moment: datetime) -> str:
    """A time as ISO 8601 in UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _columns(row: Conversation | Message, names: Iterable[str]) -> Json:
    return {name: getattr(row, name) for name in names}
