"""Pure decisions about conversations."""

from typing import Final, Literal

MessageState = Literal["queued", "streaming", "complete", "stopped", "interrupted", "error"]
MessageRole = Literal["user", "assistant"]

UNTITLED: Final = "New conversation"
TITLE_CHARS: Final = 60
CUT: Final = "…"


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
