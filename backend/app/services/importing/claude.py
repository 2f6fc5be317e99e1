"""Claude's conversations, as its data export has them (`chat_messages`). Pure; nothing in them is trusted."""

from collections.abc import Mapping
from typing import Final

from app.domain.conversations.rules import MessageRole
from app.services.importing.draft import (
    ID_CHARS,
    Draft,
    DraftMessage,
    Json,
    escaped,
    joined,
    labelled,
    moment,
    objects,
    raw,
    short,
    text,
    title_of,
)
from app.services.importing.tree import walk

SOURCE: Final = "claude"
_ROLES: Final[Mapping[str, MessageRole]] = {"human": "user"}


def draft_of(entry: Json) -> Draft:
    """One conversation."""
    listed = objects(entry.get("chat_messages"))
    found = {short(row.get("uuid"), ID_CHARS) or f"message-{place}": row for place, row in enumerate(listed)}
    parents = _parents(found)
    messages: list[DraftMessage] = []
    places: dict[str | None, int | None] = {None: None}
    for node in walk(parents):
        row, above = found[node.id], places[node.parent]
        content, thoughts = _said(row)
        if not content.strip() and not thoughts.strip():
            places[node.id] = above
            continue
        places[node.id] = len(messages)
        role = _ROLES.get(text(row.get("sender")), "assistant")
        messages.append(DraftMessage(node.id, above, role, content, moment(row.get("created_at")), thoughts))
    leaf = entry.get("current_leaf_message_uuid")
    return Draft(
        source=SOURCE,
        source_id=short(entry.get("uuid"), ID_CHARS),
        title=title_of(entry.get("name") or entry.get("summary")),
        messages=messages,
        leaf=places.get(leaf) if isinstance(leaf, str) else None,
        at=moment(entry.get("created_at")),
        archived=entry.get("is_archived") is True,
        pinned=entry.get("is_starred") is True,
    )


def _parents(found: dict[str, Json]) -> dict[str, str | None]:
    """The message above each: as the file says, or the one before it where the file says nothing at all."""
    if any(row.get("parent_message_uuid") for row in found.values()):
        return {name: short(row.get("parent_message_uuid"), ID_CHARS) or None for name, row in found.items()}
    names = list(found)
    return dict(zip(names, [None, *names], strict=False))


def _said(row: Json) -> tuple[str, str]:
    shown: list[str] = []
    thoughts: list[str] = []
    for block in objects(row.get("content")):
        kind = text(block.get("type"))
        if kind == "thinking":
            thoughts.append(text(block.get("thinking")))
        elif kind == "text":
            shown.append(text(block.get("text")))
        elif kind in {"tool_use", "tool_result"}:
            shown.append(_tool(block))
        else:
            shown.append(raw(kind, block))
    said = joined(*shown) or text(row.get("text"))
    return joined(said, *_attached(row)), joined(*thoughts)


def _tool(block: Json) -> str:
    name = short(block.get("name"), 80) or "tool"
    value = block.get("input") if block.get("type") == "tool_use" else block.get("content")
    words = "\n".join(text(part.get("text")) for part in objects(value)) or text(value)
    if words.strip():
        return labelled(name, words)
    return raw(name, value) if value else ""


def _attached(row: Json) -> list[str]:
    pasted = [
        labelled(short(each.get("file_name")) or "attachment", text(each.get("extracted_content")))
        for each in objects(row.get("attachments"))
        if text(each.get("extracted_content")).strip()
    ]
    files = [
        f"*file: {escaped(short(each.get('file_name') or each.get('file_uuid')))}*"
        for each in objects(row.get("files"))
    ]
    return [*pasted, *files]
