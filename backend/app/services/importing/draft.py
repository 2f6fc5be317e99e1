"""What every format becomes on its way in: a conversation whose messages stand parents first. It trusts nothing."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from app.domain.conversations.rules import UNTITLED, MessageRole, MessageState

MOST_MESSAGES: Final = 100_000
MOST_CHARS: Final = 4_000_000
TITLE_CHARS: Final = 200
ID_CHARS: Final = 200
RAW_CHARS: Final = 20_000
"""What is shown of a block that nobody understands."""
LATEST_SECONDS: Final = 4_102_444_800
"""The year 2100: a later time is no time."""

type Json = Mapping[str, object]

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TICKS: Final = re.compile("`+")


class Unreadable(Exception):
    """Something that cannot be taken in; its text says why, for a person."""


@dataclass(slots=True)
class DraftMessage:
    """A message that is to be stored.

    Attributes:
        source_id: What the file calls it.
        parent: Place of the message above it in the draft; None for a root.
        role: Who wrote it.
        content: What was written.
        at: When; None when the file does not say.
        thoughts: What was thought aloud.
        model: What wrote it.
        state: How it ended.
        id: Its id where an export of OmniAI's own has one.
        known_as: What an import called it there before.
        columns: More of the table's columns, from such an export.
    """

    source_id: str
    parent: int | None
    role: MessageRole
    content: str
    at: datetime | None
    thoughts: str = ""
    model: str | None = None
    state: MessageState = "complete"
    id: str | None = None
    known_as: str | None = None
    columns: dict[str, object] = field(default_factory=dict)

    def add(self, content: str, thoughts: str) -> None:
        """Let more of the same answer follow."""
        self.content = joined(self.content, content)
        self.thoughts = joined(self.thoughts, thoughts)


@dataclass(slots=True)
class Draft:
    """A conversation that is to be stored.

    Attributes:
        source: The format's name.
        source_id: What the file calls it.
        title: Of at most 200 characters.
        messages: Parents first, siblings in their order.
        leaf: Place of the end of the branch that is shown.
        at: When it was made; None when the file does not say.
        archived: Whether it is put away.
        pinned: Whether it stands on top.
        system: What the model is told.
        id, known_as, columns: As for messages.
    """

    source: str
    source_id: str
    title: str
    messages: list[DraftMessage]
    leaf: int | None
    at: datetime | None
    archived: bool = False
    pinned: bool = False
    system: str | None = None
    id: str | None = None
    known_as: str | None = None
    columns: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is known by when it comes again; made of what is in it where the file has no name for it."""
        said = [self.title, str(self.at), *(message.source_id for message in self.messages)]
        return f"{self.source}:{self.source_id or sha256(repr(said).encode()).hexdigest()}"

    def checked(self) -> "Draft":
        """Itself, if it is not larger than anything that people write.

        Raises:
            Unreadable: It is, or it has nothing in it.
        """
        if not self.messages:
            raise Unreadable("It has no messages.")
        if len(self.messages) > MOST_MESSAGES:
            raise Unreadable(f"It has more than {MOST_MESSAGES:,} messages.")
        if any(len(message.content) + len(message.thoughts) > MOST_CHARS for message in self.messages):
            raise Unreadable(f"A message has more than {MOST_CHARS:,} characters.")
        return self


def text(value: object) -> str:
    """A text as it can be stored; empty for what is none."""
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else ""


def short(value: object, chars: int = TITLE_CHARS) -> str:
    """A text on one line, cut."""
    return " ".join(text(value).split())[:chars]


def title_of(value: object) -> str:
    """A title, also for what has none."""
    return short(value) or UNTITLED


def mapping(value: object) -> Json:
    """A JSON object; empty for what is none."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Json]:
    """The objects of a JSON list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def joined(*parts: str) -> str:
    """Paragraphs below each other."""
    return "\n\n".join(part for part in parts if part.strip())


def fenced(content: str, language: str = "") -> str:
    """A text that is shown as it stands, whatever it holds."""
    longest = max((len(ticks) for ticks in _TICKS.findall(content)), default=0)
    fence = "`" * max(3, longest + 1)
    named = "".join(char for char in language if char.isalnum() or char in "+-#_")
    return f"{fence}{named}\n{content}\n{fence}"


def labelled(label: str, content: str, language: str = "") -> str:
    """A block that says what it is."""
    return f"**{escaped(label)}**\n\n{fenced(content, language)}"


def raw(kind: object, value: object) -> str:
    """A block as it stands: of a kind that nobody here knows, or what went to a tool."""
    shown = json.dumps(value, ensure_ascii=False, indent=1, default=str)
    return labelled(short(kind, 80) or "block", text(shown[:RAW_CHARS]), "json")


def escaped(label: str) -> str:
    """A label that cannot be taken for Markdown."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", short(label))


def moment(value: object) -> datetime | None:
    """A time: seconds since 1970, or ISO 8601 (UTC where it names no zone)."""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            seconds = found.timestamp()
        except (ValueError, OverflowError):
            return None
        return found.astimezone(UTC) if 0 <= seconds < LATEST_SECONDS else None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and 0 < value < LATEST_SECONDS:
        return datetime.fromtimestamp(float(value), UTC)
    return None
