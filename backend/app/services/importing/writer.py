"""Stores a draft: what is there already stays as it is, what is missing is added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.core.ids import is_id, new_id
from app.domain.conversations import repository
from app.domain.conversations.models import Conversation
from app.domain.imports.rules import Outcome
from app.domain.memories import repository as memories
from app.domain.memories.models import Memory
from app.domain.memories.rules import MOST, fingerprint, secret_in
from app.services.importing import own
from app.services.importing.draft import Draft, DraftMessage, text

THERE: Final = "It is here already."
MEMORIES: Final = "Memories"
BATCH: Final = 1_000
"""Messages of one transaction: others' answers wait for it to be stored."""
_WITHOUT: Final[Mapping[str, object]] = {
    "error_code": None,
    "provider": None,
    "prompt_tokens": None,
    "completion_tokens": None,
    "usage_estimated": False,
    "finish_reason": None,
    "ttft_ms": None,
    "elapsed_ms": None,
    "rating": None,
    "rating_note": None,
    "memory_ids": None,
}

type Row = dict[str, object]


def store(session: Session, owner_id: str, draft: Draft, now: datetime, *, dry_run: bool) -> tuple[Outcome, bool]:
    """Store a conversation, or tell what storing it would do.

    Args:
        session: The transaction.
        owner_id: Whose it becomes.
        draft: The conversation.
        now: The time of what the file gives no time.
        dry_run: Only tell.

    Returns:
        What becomes of it, and whether more of it waits for another transaction.
    """
    home = repository.conversation_from(session, owner_id, draft.id, names(draft))
    known = repository.message_names(session, owner_id, home.id) if home else {}
    ids = [
        known.get(message.known_as or message.source_id) or known.get(message.source_id) for message in draft.messages
    ]
    missing = ids.count(None)
    if not missing:
        return Outcome(draft.source_id or None, draft.title, "skipped", THERE), False
    outcome = Outcome(draft.source_id or None, draft.title, "imported", f"New messages: {missing}." if home else None)
    if dry_run:
        return outcome, False
    if home is None:
        home = _home(session, owner_id, draft, now)
        session.add(home)
        session.flush()
    rows = _rows(session, home, draft, ids)
    repository.insert_messages(session, rows)
    _placed(home, draft, ids, rows)
    return outcome, missing > len(rows)


def names(draft: Draft) -> list[str]:
    """What a conversation that came this way before is called here."""
    return [draft.name, draft.known_as] if draft.known_as else [draft.name]


def _home(session: Session, owner_id: str, draft: Draft, now: datetime) -> Conversation:
    made = draft.at or _earliest(draft) or now
    kept_id = None if draft.id is None or repository.taken_any_owner(session, [draft.id]) else draft.id
    last = draft.columns.get("last_message_at") or max((each.at for each in draft.messages if each.at), default=made)
    columns: Row = {
        "id": kept_id or new_id(),
        "user_id": owner_id,
        "title": draft.title,
        "pinned": draft.pinned,
        "archived": draft.archived,
        "provider": draft.columns.get("provider"),
        "model": draft.columns.get("model"),
        "system": draft.system,
        # What keeps its id is found by that.
        "source_id": draft.known_as or (None if kept_id else draft.name),
        "use_memory": draft.columns.get("use_memory", True),
        "current_leaf_id": None,
        "active_generation_id": None,
        "message_count": 0,
        "created_at": made,
        "updated_at": draft.columns.get("updated_at") or last,
        "last_message_at": last,
    }
    return Conversation(**columns)


def _rows(session: Session, home: Conversation, draft: Draft, ids: list[str | None]) -> list[Row]:
    """Rows of what is missing, of the first that are; `ids` has their ids afterwards."""
    taken = repository.taken_any_owner(session, [each.id for each in draft.messages if each.id], messages=True)
    rows: list[Row] = []
    at = home.created_at
    for place, message in enumerate(draft.messages):
        above = message.parent
        at = message.at or at
        if ids[place] is not None or len(rows) == BATCH:
            continue
        kept_id = None if message.id in taken else message.id
        ids[place] = kept_id or new_id()
        rows.append(
            {
                **_WITHOUT,
                **message.columns,
                "id": ids[place],
                "conversation_id": home.id,
                "user_id": home.user_id,
                "parent_id": None if above is None else ids[above],
                "role": message.role,
                "content": message.content,
                "reasoning": message.thoughts or None,
                "state": message.state,
                "provider": message.columns.get("provider") or _provider(draft, message),
                "model": message.model,
                "source_id": message.known_as or (None if kept_id else message.source_id),
                "created_at": at,
                "updated_at": message.columns.get("updated_at") or at,
            }
        )
    return rows


def _placed(home: Conversation, draft: Draft, ids: Sequence[str | None], rows: Sequence[Row]) -> None:
    """The branch that is shown ends where the file says, or at the newest message."""
    there = [place for place, stored in enumerate(ids) if stored is not None]
    newest = max(there, key=lambda place: (draft.messages[place].at or home.created_at, place))
    home.current_leaf_id = ids[draft.leaf if draft.leaf in there else newest]
    home.message_count += len(rows)


def _provider(draft: Draft, message: DraftMessage) -> str | None:
    """Who answered elsewhere; an own export says so itself."""
    return draft.source if message.role == "assistant" and draft.source != own.SOURCE else None


def _earliest(draft: Draft) -> datetime | None:
    return min((each.at for each in draft.messages if each.at), default=None)


def store_memories(session: Session, owner_id: str, found: own.Memories, now: datetime, *, dry_run: bool) -> Outcome:
    """Store what was remembered elsewhere, or tell what storing it would do; arguments as for `store`."""
    room = MOST - memories.count(session, owner_id)
    open_ones = {fingerprint(row.content): row for row in found.memories if secret_in(row.content) is None}
    fresh = [row for mark, row in open_ones.items() if memories.same(session, owner_id, mark) is None][:room]
    if not fresh:
        return Outcome(None, MEMORIES, "skipped", THERE)
    if not dry_run:
        taken = memories.taken_any_owner(session, [row.id for row in fresh])
        for row in fresh:
            session.add(_memory(session, owner_id, row, now, keeps=is_id(row.id) and row.id not in taken))
    return Outcome(None, MEMORIES, "imported", f"New memories: {len(fresh)}.")


def _memory(session: Session, owner_id: str, row: own.Memory, now: datetime, *, keeps: bool) -> Memory:
    """A row; no date of it is yet to come, since the newest one tells whether somebody's memories have changed."""
    home, message = row.conversation_id or "", row.message_id or ""
    content = text(row.content)
    return Memory(
        id=row.id if keeps else new_id(),
        user_id=owner_id,
        content=content,
        fingerprint=fingerprint(content),
        source=row.source,
        conversation_id=home if repository.conversation(session, owner_id, home) else None,
        message_id=message if repository.message(session, owner_id, message) else None,
        created_at=min(row.created_at, now),
        updated_at=min(row.updated_at, now),
        last_used_at=row.last_used_at,
    )
