"""Acts on conversations and messages: every one is the owner's own, or not found."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import InvalidFields
from app.core.ids import is_id, new_id
from app.core.pagination import Cursor, PageOf, PageRequest, page_of
from app.domain.conversations import repository
from app.domain.conversations.errors import AlreadyKept, AnswerRunning, ConversationMissing, MessageMissing
from app.domain.conversations.models import Conversation, Message
from app.domain.conversations.rules import UNTITLED, MessageRole, MessageState


@dataclass(frozen=True, slots=True)
class Placed:
    """A message and where it stands among its siblings, in the order of their making."""

    message: Message
    sibling_ids: list[str]

    @property
    def sibling_index(self) -> int:
        """Place among the siblings, from 0."""
        return self.sibling_ids.index(self.message.id)


def get(session: Session, owner_id: str, conversation_id: str) -> Conversation:
    """One conversation.

    Raises:
        ConversationMissing: Unknown, another's, or not an id at all.
    """
    found = repository.conversation(session, owner_id, conversation_id) if is_id(conversation_id) else None
    if found is None:
        raise ConversationMissing
    return found


def list_page(
    session: Session, owner_id: str, page: PageRequest, *, archived: bool, pinned: bool | None, title_part: str | None
) -> PageOf[Conversation]:
    """A page of a person's conversations, newest activity first."""
    rows = repository.conversations(session, owner_id, page, archived=archived, pinned=pinned, title_part=title_part)
    return page_of(rows, page.limit, lambda row: Cursor(row.last_message_at, row.id))


def create(session: Session, owner_id: str, now: datetime, **fields: object) -> Conversation:
    """Make a conversation; `fields` are columns that the door lets be set."""
    values: dict[str, object] = {
        "title": UNTITLED,
        "pinned": False,
        "archived": False,
        "use_memory": fields.get("temporary") is not True,
        "temporary": False,
        "message_count": 0,
    }
    values |= {name: value for name, value in fields.items() if value is not None}
    made = Conversation(id=new_id(), user_id=owner_id, created_at=now, updated_at=now, last_message_at=now, **values)
    session.add(made)
    return made


def change(
    session: Session, owner_id: str, conversation_id: str, changes: dict[str, object], now: datetime
) -> Conversation:
    """Set columns of a conversation; the door names which may be set.

    Raises:
        ConversationMissing: It is not the owner's.
        InvalidFields: `current_leaf_id` is not a message of it.
        AlreadyKept: It is wished to be temporary, and is kept.
    """
    found = get(session, owner_id, conversation_id)
    if changes.get("temporary") is True and not found.temporary:
        raise AlreadyKept
    leaf_id = changes.get("current_leaf_id")
    if isinstance(leaf_id, str) and repository.message_in(session, owner_id, found.id, leaf_id) is None:
        raise InvalidFields({"current_leaf_id": "is not a message of this conversation"})
    for name, value in changes.items():
        setattr(found, name, value)
    found.updated_at = now
    return found


def delete(session: Session, owner_id: str, conversation_id: str) -> None:
    """Delete a conversation and its messages.

    Raises:
        ConversationMissing: It is not the owner's.
    """
    session.delete(get(session, owner_id, conversation_id))


def get_message(session: Session, owner_id: str, message_id: str) -> Placed:
    """One message.

    Raises:
        MessageMissing: Unknown, another's, or not an id at all.
    """
    found = _message(session, owner_id, message_id)
    return _placed(session, found.conversation_id, [found])[0]


def path(session: Session, owner_id: str, conversation_id: str, leaf_id: str | None) -> list[Message]:
    """Messages from the root to a leaf, to the current one for None."""
    found = get(session, owner_id, conversation_id)
    ids = repository.path_ids(session, owner_id, leaf_id or found.current_leaf_id)
    return repository.messages_by_id(session, owner_id, ids)


def read_path(
    session: Session, owner_id: str, conversation_id: str, leaf_id: str | None, page: PageRequest
) -> PageOf[Placed]:
    """A page of the path to a leaf, root first.

    Raises:
        ConversationMissing: It is not the owner's.
        MessageMissing: The leaf is not a message of it.
    """
    found = get(session, owner_id, conversation_id)
    leaf = leaf_id or found.current_leaf_id
    if leaf is not None and repository.message_in(session, owner_id, found.id, leaf) is None:
        raise MessageMissing
    ids = repository.path_ids(session, owner_id, leaf)
    if page.cursor:
        if page.cursor.id not in ids:
            raise InvalidFields({"cursor": "is not a cursor of this list"})
        ids = ids[ids.index(page.cursor.id) + 1 :]
    rows = repository.messages_by_id(session, owner_id, ids[: page.limit + 1])
    return _placed_page(session, found.id, rows, page.limit)


def read_tree(session: Session, owner_id: str, conversation_id: str, page: PageRequest) -> PageOf[Placed]:
    """A page of the whole tree, in the order of its making.

    Raises:
        ConversationMissing: It is not the owner's.
    """
    found = get(session, owner_id, conversation_id)
    after = page.cursor.id if page.cursor else ""
    rows = repository.all_messages(session, owner_id, found.id, after, page.limit + 1)
    return _placed_page(session, found.id, rows, page.limit)


def append(
    session: Session,
    conversation: Conversation,
    *,
    parent_id: str | None,
    role: MessageRole,
    content: str,
    now: datetime,
    state: MessageState = "complete",
    provider: str | None = None,
    model: str | None = None,
) -> Message:
    """Add a message below another one (or as a root) and make it the end of the branch that is shown."""
    added = Message(
        id=new_id(),
        conversation_id=conversation.id,
        user_id=conversation.user_id,
        parent_id=parent_id,
        role=role,
        content=content,
        state=state,
        provider=provider,
        model=model,
        usage_estimated=False,
        created_at=now,
        updated_at=now,
    )
    session.add(added)
    conversation.current_leaf_id = added.id
    conversation.message_count += 1
    conversation.last_message_at = conversation.updated_at = now
    return added


def append_alone(
    session: Session, owner_id: str, conversation_id: str, role: MessageRole, content: str, now: datetime
) -> Placed:
    """Add a message at the end without asking a model.

    Raises:
        ConversationMissing: It is not the owner's.
        AnswerRunning: An answer is being written.
    """
    found = get(session, owner_id, conversation_id)
    if found.active_generation_id is not None:
        raise AnswerRunning
    added = append(session, found, parent_id=found.current_leaf_id, role=role, content=content, now=now)
    return _placed(session, found.id, [added])[0]


def change_message(
    session: Session, owner_id: str, message_id: str, changes: dict[str, object], now: datetime
) -> Placed:
    """Set columns of a message; the door names which may be set.

    Raises:
        MessageMissing: It is not the owner's.
        AnswerRunning: It is still being written.
    """
    found = _message(session, owner_id, message_id)
    if "content" in changes and found.state in {"queued", "streaming"}:
        raise AnswerRunning
    for name, value in changes.items():
        setattr(found, name, value)
    found.updated_at = now
    return _placed(session, found.conversation_id, [found])[0]


def delete_message(session: Session, owner_id: str, message_id: str, now: datetime) -> None:
    """Delete a message with all that follows it; the newest branch beside it is shown then.

    Raises:
        MessageMissing: It is not the owner's.
    """
    found = _message(session, owner_id, message_id)
    conversation = get(session, owner_id, found.conversation_id)
    doomed = repository.descendant_ids(session, owner_id, found.id)
    repository.delete_messages(session, owner_id, doomed)
    conversation.message_count -= len(doomed)
    conversation.updated_at = now
    if conversation.current_leaf_id in doomed:
        conversation.current_leaf_id = repository.newest_leaf_id(session, owner_id, conversation.id, found.parent_id)


def subtree_ids(session: Session, owner_id: str, message_id: str) -> list[str]:
    """Ids of a message and all that follows it.

    Raises:
        MessageMissing: It is not the owner's.
    """
    return repository.descendant_ids(session, owner_id, _message(session, owner_id, message_id).id)


def _message(session: Session, owner_id: str, message_id: str) -> Message:
    found = repository.message(session, owner_id, message_id) if is_id(message_id) else None
    if found is None:
        raise MessageMissing
    return found


def _placed(session: Session, conversation_id: str, rows: list[Message]) -> list[Placed]:
    siblings = repository.sibling_ids(session, conversation_id, [row.parent_id for row in rows])
    return [Placed(row, siblings[row.parent_id]) for row in rows]


def _placed_page(session: Session, conversation_id: str, rows: list[Message], limit: int) -> PageOf[Placed]:
    placed = _placed(session, conversation_id, rows)
    return page_of(placed, limit, lambda row: Cursor(row.message.created_at, row.message.id))
