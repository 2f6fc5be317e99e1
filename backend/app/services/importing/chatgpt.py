"""ChatGPT's conversations, as its data export has them (`mapping`). Pure; nothing in them is trusted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.conversations.rules import MessageRole, MessageState
from app.services.importing.draft import (
    ID_CHARS,
    Draft,
    DraftMessage,
    Json,
    Unreadable,
    escaped,
    fenced,
    joined,
    labelled,
    mapping,
    moment,
    objects,
    raw,
    short,
    text,
    title_of,
)
from app.services.importing.tree import walk

SOURCE: Final = "chatgpt"
_MARKERS: Final = re.compile("\ue200[^\ue201]*\ue201|[\ue200-\ue206]")
"""How newer texts mark citations: in private-use characters, for a page that knows what they refer to."""
_STATES: Final[Mapping[str, MessageState]] = {"in_progress": "interrupted", "finished_partial_completion": "stopped"}
_CONTEXT: Final = frozenset({"user_editable_context", "model_editable_context"})
"""What the model was told about the person: nobody's message."""


@dataclass(frozen=True, slots=True)
class _Piece:
    role: MessageRole
    content: str
    thoughts: str


def draft_of(entry: Json) -> Draft:
    """One conversation.

    Raises:
        Unreadable: It has no messages, or too many.
    """
    nodes = {name: node for name, node in mapping(entry.get("mapping")).items() if isinstance(node, dict)}
    if not nodes:
        raise Unreadable("It has no messages (the entry is damaged).")
    order = {name: [str(child) for child in _list(node.get("children"))] for name, node in nodes.items()}
    listed = {child: name for name, children in order.items() for child in children if child in nodes}
    parents = {name: _name(node.get("parent")) or listed.get(name) for name, node in nodes.items()}
    slug = short(entry.get("default_model_slug")) or None
    messages: list[DraftMessage] = []
    places: dict[str | None, int | None] = {None: None}
    unbroken: dict[str | None, bool] = {None: False}
    for node in walk(parents, order):
        message, above = mapping(nodes[node.id].get("message")), places[node.parent]
        piece, follows = _piece(message), unbroken[node.parent] and node.alone
        if piece is None:
            places[node.id], unbroken[node.id] = above, follows
            continue
        if follows and above is not None and piece.role == messages[above].role == "assistant":
            # What the model did on the way to its answer is part of it.
            messages[above].add(piece.content, piece.thoughts)
            places[node.id] = above
        else:
            places[node.id] = len(messages)
            messages.append(_message(node.id, above, message, piece, slug))
        unbroken[node.id] = True
    made = moment(entry.get("create_time"))
    return Draft(
        source=SOURCE,
        source_id=short(entry.get("conversation_id") or entry.get("id"), ID_CHARS),
        title=title_of(entry.get("title")),
        messages=messages,
        leaf=places.get(_name(entry.get("current_node")) or ""),
        at=made,
        archived=entry.get("is_archived") is True,
        pinned=entry.get("is_starred") is True,
    )


def _message(name: str, above: int | None, message: Json, piece: _Piece, slug: str | None) -> DraftMessage:
    answer = piece.role == "assistant"
    return DraftMessage(
        source_id=name[:ID_CHARS],
        parent=above,
        role=piece.role,
        content=piece.content,
        thoughts=piece.thoughts,
        at=moment(message.get("create_time")),
        model=(short(mapping(message.get("metadata")).get("model_slug")) or slug) if answer else None,
        state=_STATES.get(text(message.get("status")), "complete") if answer else "complete",
    )


def _piece(message: Json) -> _Piece | None:
    author, about = mapping(message.get("author")), mapping(message.get("metadata"))
    hidden = message.get("weight") == 0 or about.get("is_visually_hidden_from_conversation") is True
    content = mapping(message.get("content"))
    kind = text(content.get("content_type"))
    if not message or hidden or author.get("role") == "system" or kind in _CONTEXT:
        return None
    if author.get("role") == "user":
        return _unless_empty(_Piece("user", _shown(content), ""))
    if kind in {"thoughts", "reasoning_recap"}:
        return _unless_empty(_Piece("assistant", "", _thoughts(content)))
    shown = _cited(_shown(content), about)
    recipient = message.get("recipient") or "all"
    if author.get("role") == "tool" or recipient != "all":
        shown = _acted(kind, shown, author.get("name") if author.get("role") == "tool" else recipient)
    elif message.get("channel") == "commentary":
        return _unless_empty(_Piece("assistant", "", shown))
    return _unless_empty(_Piece("assistant", shown, ""))


def _unless_empty(piece: _Piece) -> _Piece | None:
    return piece if piece.content.strip() or piece.thoughts.strip() else None


def _acted(kind: str, shown: str, tool: object) -> str:
    """What went to a tool or came from it: texts as they stand, what is a block already under the tool's name."""
    if not shown.strip():
        return ""
    name = short(tool, 80) or "tool"
    return labelled(name, shown) if kind == "text" else joined(f"**{escaped(name)}**", shown)


def _shown(content: Json) -> str:
    kind = text(content.get("content_type"))
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(content)
    return raw(kind, content) if content else ""


def _parts(content: Json) -> str:
    return "\n\n".join(_part(part) for part in _list(content.get("parts")))


def _part(part: object) -> str:
    if isinstance(part, str):
        return text(part)
    found = mapping(part)
    kind = found.get("content_type")
    if isinstance(said := found.get("text"), str) and kind == "audio_transcription":
        return text(said)
    if isinstance(pointer := found.get("asset_pointer"), str):
        return f"*{escaped(kind if isinstance(kind, str) else 'file')}: {escaped(pointer)}*"
    return raw(kind, part)


def _quote(content: Json) -> str:
    quoted = "\n".join(f"> {line}" for line in text(content.get("text")).splitlines())
    source = short(content.get("title") or content.get("url") or content.get("domain"))
    return joined(quoted, f"— {escaped(source)}" if source else "")


def _thoughts(content: Json) -> str:
    recap = text(content.get("content"))
    each = (
        joined(f"**{escaped(text(one.get('summary')))}**" if text(one.get("summary")) else "", text(one.get("content")))
        for one in objects(content.get("thoughts"))
    )
    return joined(recap, *each)


def _cited(shown: str, about: Json) -> str:
    for reference in objects(about.get("content_references")):
        marked, alternative = reference.get("matched_text"), reference.get("alt")
        if isinstance(marked, str) and _MARKERS.search(marked):
            shown = shown.replace(marked, text(alternative))
    return _MARKERS.sub("", shown)


def _text_in(name: str, label: str = "") -> Callable[[Json], str]:
    def read(content: Json) -> str:
        found = text(content.get(name))
        shown = fenced(found, text(content.get("language")).replace("unknown", "")) if found.strip() else ""
        return joined(f"**{label}**", shown) if label and shown else shown

    return read


_READERS: Final[Mapping[str, Callable[[Json], str]]] = {
    "text": _parts,
    "multimodal_text": _parts,
    "code": _text_in("text"),
    "execution_output": _text_in("text"),
    "tether_browsing_display": _text_in("result"),
    "tether_quote": _quote,
    "system_error": _text_in("text", "Error"),
}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _name(value: object) -> str | None:
    return value if isinstance(value, str) else None
