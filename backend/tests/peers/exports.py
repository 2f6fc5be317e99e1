"""Exports of ChatGPT and Claude as their formats are described, made small; and zips of any kind."""

import io
import json
import zipfile
from collections.abc import Mapping

type Json = dict[str, object]
START = 1_750_000_000.25
NO_PARENT = "00000000-0000-4000-8000-000000000000"


def zipped(files: Mapping[str, object], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip; what is no bytes is written as JSON."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return out.getvalue()


def said(role: str, content: object, *, at: float | None = START, **fields: object) -> Json:
    """A message of ChatGPT's; a text stands for its content."""
    body = {"content_type": "text", "parts": [content]} if isinstance(content, str) else content
    return {
        "id": "inner",
        "author": {"role": role, "name": fields.pop("tool", None), "metadata": {}},
        "create_time": at,
        "content": body,
        "status": fields.pop("status", "finished_successfully"),
        "weight": fields.pop("weight", 1.0),
        "metadata": fields.pop("metadata", {}),
        "recipient": fields.pop("recipient", "all"),
        "channel": fields.pop("channel", None),
    }


def tree(*nodes: tuple[str, str | None, Json | None]) -> Json:
    """A `mapping`: (name, parent, message), children in the order of the nodes."""
    found: dict[str, Json] = {
        name: {"id": name, "parent": parent, "message": message, "children": []} for name, parent, message in nodes
    }
    for name, parent, _ in nodes:
        if parent in found:
            children = found[parent]["children"]
            assert isinstance(children, list)
            children.append(name)
    return dict(found)


def chatgpt(number: int = 0, **fields: object) -> Json:
    """A conversation of ChatGPT's: a hidden beginning, two answers to one question, a tool on the way to the second."""
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Maps", "content": "Look at the coast."}]}
    code = {"content_type": "code", "language": "unknown", "text": "search('tide')"}
    output = {"content_type": "execution_output", "text": "tide: high ``` at 9"}
    cited = {
        "content_references": [{"matched_text": "\ue200cite\ue2021\ue201", "alt": "([Tides](https://tides.example))"}]
    }
    whole = tree(
        ("root", None, None),
        ("sys", "root", said("system", "You are ChatGPT.", at=None, weight=0)),
        ("ctx", "sys", said("user", {"content_type": "user_editable_context", "user_profile": "CONTEXT"})),
        ("q", "ctx", said("user", f"When is the tide? ({number})")),
        ("a1", "q", said("assistant", "At eight.", at=START + 1, metadata={"model_slug": "gpt-4o"})),
        ("t", "q", said("assistant", thoughts, at=START + 2)),
        ("c", "t", said("assistant", code, at=START + 3, recipient="python")),
        ("o", "c", said("tool", output, at=START + 4, tool="python")),
        ("f", "o", said("assistant", "At nine.\ue200cite\ue2021\ue201 \ue203x", at=START + 5, metadata=cited)),
        ("q2", "f", said("user", "Thanks!", at=START + 6)),
    )
    made: Json = {
        "id": f"chat-{number}",
        "conversation_id": f"chat-{number}",
        "title": f"Tides {number}",
        "create_time": START,
        "update_time": START + 6,
        "mapping": whole,
        "current_node": "q2",
        "default_model_slug": "gpt-5",
        "is_archived": False,
        "is_starred": True,
    }
    return {**made, **fields}


def claude(number: int = 0, **fields: object) -> Json:
    """A conversation of Claude's: one timestamp for all, an edited question, a paste that is nowhere else."""
    at = "2026-03-01T09:00:00.000000+00:00"

    def message(name: str, parent: str, sender: str, content: list[Json], **more: object) -> Json:
        fixed = {"uuid": name, "parent_message_uuid": parent, "sender": sender, "text": "", "created_at": at}
        return {**fixed, "content": content, "attachments": [], "files": [], **more}

    def words(value: str) -> Json:
        return {"type": "text", "text": value, "citations": []}

    paste = {"file_name": "paste.txt", "file_type": "txt", "file_size": 9, "extracted_content": "A pasted list"}
    tool: list[Json] = [
        {"type": "thinking", "thinking": "Sails first."},
        {"type": "tool_use", "name": "search", "input": {"q": "sails"}},
        {"type": "tool_result", "name": "search", "content": [{"type": "text", "text": "Three sails"}]},
        {"type": "hologram", "shape": "boat"},
        words("Use three sails."),
    ]
    messages = [
        message("h1", NO_PARENT, "human", [words("Which sails?")]),
        message("r1", "h1", "assistant", [words("Two.")]),
        message("h1b", NO_PARENT, "human", [], attachments=[paste], files=[{"file_name": "boat.png"}]),
        message("r1b", "h1b", "assistant", tool),
    ]
    made: Json = {
        "uuid": f"claude-{number}",
        "name": f"Sails {number}",
        "summary": "",
        "created_at": at,
        "updated_at": at,
        "account": {"uuid": "someone"},
        "chat_messages": messages,
    }
    return {**made, **fields}
