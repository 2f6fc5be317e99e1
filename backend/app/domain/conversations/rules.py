"""Pure decisions about conversations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

MessageState = Literal["queued", "streaming", "complete", "stopped", "interrupted", "error"]
MessageRole = Literal["user", "assistant"]

UNTITLED: Final = "New conversation"
TITLE_CHARS: Final = 60
CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; None does not matter.

    Attributes:
        words: In the index's language, without its owner; empty for anything.
        literal: Characters that the text must hold as they stand.
        place: In titles only, or in messages only.
        role: Who wrote the message.
        model: A part of the name of the model that wrote it.
        home: A part of the title of its conversation.
        archived: Whether its conversation is.
        after: Written then or later.
        before: Written earlier.
    """

    words: str = ""
    literal: str | None = None
    place: Literal["title", "text"] | None = None
    role: MessageRole | None = None
    model: str | None = None
    home: str | None = None
    archived: bool | None = None
    after: datetime | None = None
    before: datetime | None = None


def title_from(text: str) -> str:
    """A title from a question's first words: one line, cut at a word within 60 characters."""
    line = next((part for part in (" ".join(row.split()) for row in text.splitlines()) if part.strip("#>*-` ")), "")
    line = line.lstrip("#>*- ").strip("`").strip()
    if not line:
        return UNTITLED
    if len(line) <= TITLE_CHARS:
        return line
    cut = line[: TITLE_CHARS - 1]
    head, _, _ = cut.rpartition(" ")
    return f"{head if len(head) > TITLE_CHARS // 2 else cut}{CUT}"


def is_cut(title: str) -> bool:
    """Whether a title is the beginning of something longer."""
    return title.endswith(CUT)
