"""Every query about conversations and messages; each takes the owner's id."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from app.core.pagination import PageRequest
from app.db.base import table_of
from app.db.prepared import Prepared
from app.domain.conversations.models import Conversation, Message, SearchEntry
from app.domain.conversations.rules import MessageState, Search

LIKE_ESCAPE: Final = "\\"
PARAMETERS: Final = 10_000
"""Values of one statement; SQLite takes 32,766, Postgres 65,535."""
type ModelName = tuple[str | None, str | None]
"""A provider and a model; None leaves it open."""

RUNNING: Final = ("queued", "streaming")
_WORDS: Final = table("search_words", column("rowid"), column("search_words"))
"""The index of words (SQLite's FTS5), which the migration's triggers keep."""

_MESSAGES: Final = table_of(Message)
_CONVERSATIONS: Final = table_of(Conversation)
_THE_MESSAGE: Final = update(_MESSAGES).where(
    _MESSAGES.c.id == bindparam("message"), _MESSAGES.c.user_id == bindparam("owner")
)
_SET_MESSAGE: Final = Prepared(_THE_MESSAGE)
_SET_RUNNING: Final = Prepared(_THE_MESSAGE.where(or_(*(_MESSAGES.c.state == state for state in RUNNING))))
_THE_CONVERSATION: Final = update(_CONVERSATIONS).where(
    _CONVERSATIONS.c.id == bindparam("conversation"), _CONVERSATIONS.c.user_id == bindparam("owner")
)
_SET_CONVERSATION: Final = Prepared(_THE_CONVERSATION)
_RENAME: Final = Prepared(_THE_CONVERSATION.where(_CONVERSATIONS.c.title == bindparam("old")))


@dataclass(frozen=True, slots=True)
class Partial:
    """What has arrived of an answer that is still running."""

    owner_id: str
    message_id: str
    content: str
    reasoning: str | None
    state: MessageState


@dataclass(frozen=True, slots=True)
class Match:
    """A title (then without a message) or a message that a search found."""

    conversation_id: str
    title: str
    archived: bool
    message_id: str | None
    role: str | None
    text: str
    at: datetime


def conversation(session: Session, owner_id: str, conversation_id: str) -> Conversation | None:
    """One conversation."""
    statement = select(Conversation).where(Conversation.id == conversation_id, Conversation.user_id == owner_id)
    return session.scalars(statement).one_or_none()


def conversations(
    session: Session, owner_id: str, page: PageRequest, *, archived: bool, pinned: bool | None, title_part: str | None
) -> list[Conversation]:
    """Newest activity first, one row more than asked for."""
    order = (Conversation.last_message_at, Conversation.id)
    statement = (
        select(Conversation)
        .where(Conversation.user_id == owner_id, Conversation.archived.is_(archived), Conversation.temporary.is_(False))
        .order_by(*(column.desc() for column in order))
        .limit(page.limit + 1)
    )
    if pinned is not None:
        statement = statement.where(Conversation.pinned.is_(pinned))
    if title_part:
        statement = statement.where(Conversation.title.ilike(f"%{_literal(title_part)}%", escape=LIKE_ESCAPE))
    if page.cursor:
        statement = statement.where(tuple_(*order) < (page.cursor.at, page.cursor.id))
    return list(session.scalars(statement))


def conversation_after(session: Session, owner_id: str, after_id: str) -> Conversation | None:
    """The next conversation that is kept, in the order of their making."""
    statement = select(Conversation).where(
        Conversation.user_id == owner_id, Conversation.id > after_id, Conversation.temporary.is_(False)
    )
    return session.scalars(statement.order_by(Conversation.id).limit(1)).first()


def unchanged_since(session: Session, owner_id: str, moment: datetime, limit: int) -> list[str]:
    """Conversations that nobody changed or answered since, longest first; what is pinned is kept."""
    statement = select(Conversation.id).where(
        Conversation.user_id == owner_id,
        Conversation.updated_at < moment,
        Conversation.pinned.is_(False),
        Conversation.temporary.is_(False),
        Conversation.active_generation_id.is_(None),
    )
    return list(session.scalars(statement.order_by(Conversation.updated_at).limit(limit)))


def over_any_owner(session: Session, moment: datetime, limit: int) -> list[tuple[str, str]]:
    """Temporary conversations in which nothing happened since: (owner, id)."""
    over = (Conversation.temporary.is_(True), Conversation.updated_at < moment)
    statement = select(Conversation.user_id, Conversation.id).where(*over, Conversation.active_generation_id.is_(None))
    return [(owner_id, found) for owner_id, found in session.execute(statement.limit(limit))]


def conversation_from(
    session: Session, owner_id: str, own_id: str | None, sources: Sequence[str]
) -> Conversation | None:
    """The conversation that an import made before, or that was exported here: by its id, or by its source's name."""
    wanted: list[ColumnElement[bool]] = [Conversation.source_id.in_(sources)]
    if own_id is not None:
        wanted.append(Conversation.id == own_id)
    statement = select(Conversation).where(Conversation.user_id == owner_id, or_(*wanted)).limit(1)
    return session.scalars(statement).first()


def message_names(session: Session, owner_id: str, conversation_id: str) -> dict[str, str]:
    """What each message of a conversation is called, here and where it came from → its id."""
    statement = select(Message.id, Message.source_id).where(
        Message.conversation_id == conversation_id, Message.user_id == owner_id
    )
    rows = session.execute(statement).all()
    return {name: row.id for row in rows for name in (row.id, row.source_id) if name}


def taken_any_owner(session: Session, ids: Sequence[str], *, messages: bool = False) -> set[str]:
    """Which of these ids are in use, whosesoever they are."""
    column = Message.id if messages else Conversation.id
    parts = (ids[start : start + PARAMETERS] for start in range(0, len(ids), PARAMETERS))
    return {found for part in parts for found in session.scalars(select(column).where(column.in_(part)))}


def insert_messages(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Store messages, parents first, as they are."""
    session.execute(insert(_MESSAGES), list(rows))


def message(session: Session, owner_id: str, message_id: str) -> Message | None:
    """One message."""
    statement = select(Message).where(Message.id == message_id, Message.user_id == owner_id)
    return session.scalars(statement).one_or_none()


def message_in(session: Session, owner_id: str, conversation_id: str, message_id: str) -> Message | None:
    """One message, if it is in this conversation."""
    found = message(session, owner_id, message_id)
    return found if found and found.conversation_id == conversation_id else None


def question_of(session: Session, owner_id: str, message_id: str | None) -> Message | None:
    """A question, or the one that an answer stands below."""
    found = message(session, owner_id, message_id) if message_id else None
    if found is not None and found.role == "assistant" and found.parent_id:
        found = message(session, owner_id, found.parent_id)
    return found


def path_ids(session: Session, owner_id: str, leaf_id: str | None) -> list[str]:
    """Ids from the root down to a leaf."""
    if leaf_id is None:
        return []
    start = select(Message.id, Message.parent_id, literal(0).label("depth")).where(
        Message.id == leaf_id, Message.user_id == owner_id
    )
    walk = start.cte("walk", recursive=True)
    parent = aliased(Message)
    step = select(parent.id, parent.parent_id, walk.c.depth + 1).join(walk, parent.id == walk.c.parent_id)
    whole = walk.union_all(step)
    return list(session.scalars(select(whole.c.id).order_by(whole.c.depth.desc())))


def path_texts(session: Session, owner_id: str, leaf_id: str) -> list[tuple[str, str]]:
    """Role and text of every message from the root down to a leaf."""
    columns = (Message.id, Message.parent_id, Message.role, Message.content)
    start = select(*columns, literal(0).label("depth")).where(Message.id == leaf_id, Message.user_id == owner_id)
    walk = start.cte("walk", recursive=True)
    parent = aliased(Message)
    step = select(parent.id, parent.parent_id, parent.role, parent.content, walk.c.depth + 1)
    whole = walk.union_all(step.join(walk, parent.id == walk.c.parent_id))
    rows = session.execute(select(whole.c.role, whole.c.content).order_by(whole.c.depth.desc()))
    return [(role, content) for role, content in rows]


def descendant_ids(session: Session, owner_id: str, message_id: str) -> list[str]:
    """Ids of a message and all that follows it."""
    start = select(Message.id).where(Message.id == message_id, Message.user_id == owner_id)
    tree = start.cte("tree", recursive=True)
    whole = tree.union_all(select(Message.id).join(tree, Message.parent_id == tree.c.id))
    return list(session.scalars(select(whole.c.id)))


def newest_leaf_id(session: Session, owner_id: str, conversation_id: str, below_id: str | None) -> str | None:
    """The end of the newest branch below a message, itself if nothing follows it; of the conversation for None."""
    statement = select(func.max(Message.id)).where(
        Message.conversation_id == conversation_id, Message.user_id == owner_id
    )
    if below_id is not None:
        statement = statement.where(Message.id.in_(descendant_ids(session, owner_id, below_id)))
    return session.scalar(statement)


def messages_by_id(session: Session, owner_id: str, ids: Sequence[str]) -> list[Message]:
    """Messages in the order of their ids as given."""
    statement = select(Message).where(Message.id.in_(ids), Message.user_id == owner_id)
    found = {row.id: row for row in session.scalars(statement)}
    return [found[row_id] for row_id in ids if row_id in found]


def all_messages(session: Session, owner_id: str, conversation_id: str, after_id: str, limit: int) -> list[Message]:
    """The whole tree in the order of its making, from behind an id."""
    statement = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.user_id == owner_id, Message.id > after_id)
        .order_by(Message.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def sibling_ids(session: Session, conversation_id: str, parents: Iterable[str | None]) -> dict[str | None, list[str]]:
    """Children of each parent in the order of their making; the key None stands for the roots."""
    wanted = set(parents)
    statement = select(Message.parent_id, Message.id).where(Message.conversation_id == conversation_id)
    statement = statement.where(
        Message.parent_id.in_([parent for parent in wanted if parent])
        | (Message.parent_id.is_(None) if None in wanted else Message.id.is_(None))
    )
    children: dict[str | None, list[str]] = {parent: [] for parent in wanted}
    for parent_id, child_id in session.execute(statement.order_by(Message.id)):
        children[parent_id].append(child_id)
    return children


def rename(session: Session, owner_id: str, conversation_id: str, old: str, new: str) -> None:
    """Give a conversation a title, unless somebody else has since."""
    _RENAME.rows(session, {"conversation": conversation_id, "owner": owner_id, "old": old, "title": new})


def count_children(session: Session, conversation_id: str, parent_id: str | None) -> int:
    """How many messages stand directly below one; how many roots a conversation has for None."""
    below = Message.parent_id.is_(None) if parent_id is None else Message.parent_id == parent_id
    statement = select(func.count()).select_from(Message).where(Message.conversation_id == conversation_id, below)
    return session.scalar(statement) or 0


def models_of(session: Session, owner_id: str, conversation_id: str) -> tuple[ModelName | None, str | None]:
    """What a conversation wishes to be answered by, and the provider that answered it last."""
    newest = (
        select(Message.provider)
        .where(Message.conversation_id == Conversation.id, Message.provider.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = select(Conversation.provider, Conversation.model, newest)
    found = session.execute(
        statement.where(Conversation.id == conversation_id, Conversation.user_id == owner_id)
    ).first()
    return ((found[0], found[1]), found[2]) if found else (None, None)


def delete_messages(session: Session, owner_id: str, ids: Sequence[str]) -> None:
    """Delete messages."""
    session.execute(delete(Message).where(Message.id.in_(ids), Message.user_id == owner_id))


def save_partials(session: Session, partials: Iterable[Partial]) -> None:
    """Keep what has arrived of answers, unless they have ended since."""
    rows: list[dict[str, object]] = [
        {
            "message": partial.message_id,
            "owner": partial.owner_id,
            "content": partial.content,
            "reasoning": partial.reasoning,
            "state": partial.state,
        }
        for partial in partials
    ]
    _SET_RUNNING.run_all(session, rows)


def set_answering(session: Session, owner_id: str, message_id: str, provider: str, model: str) -> None:
    """Another model writes an answer."""
    _SET_MESSAGE.rows(session, {"message": message_id, "owner": owner_id, "provider": provider, "model": model})


def save_ending(session: Session, owner_id: str, message_id: str, columns: dict[str, object]) -> None:
    """Keep how an answer ended, and all of its text."""
    _SET_MESSAGE.rows(session, {"message": message_id, "owner": owner_id, **columns})


def note_ending(
    session: Session, owner_id: str, conversation_id: str, active_generation_id: str | None, now: datetime
) -> None:
    """An answer of a conversation has ended; another one may still be under way."""
    columns = {"active_generation_id": active_generation_id, "last_message_at": now, "updated_at": now}
    _SET_CONVERSATION.rows(session, {"conversation": conversation_id, "owner": owner_id, **columns})


def interrupt_running_any_owner(session: Session, dead: Mapping[str, str]) -> dict[str, str]:
    """Answers of runs that are dead stand as `interrupted`, with what was stored of them.

    Args:
        session: The transaction.
        dead: Ids of the runs → of their answers.

    Returns:
        Ids of the answers → the text that was stored, reasoning included.
    """
    statement = update(Message).where(Message.id.in_(dead.values()), Message.state.in_(RUNNING))
    values = statement.values(state="interrupted").returning(Message.id, Message.content, Message.reasoning)
    texts = {row.id: row.content + (row.reasoning or "") for row in session.execute(values)}
    theirs = update(Conversation).where(Conversation.active_generation_id.in_(dead.keys()))
    session.execute(theirs.values(active_generation_id=None))
    return texts


def counts_any_owner(session: Session) -> tuple[int, int]:
    """How many conversations and messages there are in all."""
    conversations = session.scalar(select(func.count()).select_from(Conversation)) or 0
    return conversations, session.scalar(select(func.count()).select_from(Message)) or 0


def matches(session: Session, owner_id: str, search: Search, limit: int) -> list[Match]:
    """What a search finds among a person's titles and messages, the last stored first."""
    expression = f'owner:"{owner_id.replace("-", "")}"' + (f" AND {search.words}" if search.words else "")
    text = func.coalesce(Message.content, Conversation.title)
    at = func.coalesce(Message.created_at, Conversation.last_message_at, type_=Conversation.last_message_at.type)
    statement = (
        select(Conversation.id, Conversation.title, Conversation.archived, Message.id, Message.role, text, at)
        .select_from(_WORDS)
        .join(SearchEntry, SearchEntry.id == _WORDS.c.rowid)
        .outerjoin(Message, Message.id == SearchEntry.source_id)
        .join(Conversation, Conversation.id == func.coalesce(Message.conversation_id, SearchEntry.source_id))
        .where(_WORDS.c.search_words.op("MATCH")(expression), Conversation.user_id == owner_id)
        .where(Conversation.temporary.is_(False))
        .where(*_narrowed(search, text, at))
        .order_by(_WORDS.c.rowid.desc())
        .limit(limit)
    )
    return [Match(*row) for row in session.execute(statement)]


def merge_words(session: Session) -> None:
    """Have the index of words written anew, without what was deleted; older versions of SQLite keep that until then."""
    session.execute(insert(_WORDS).values(search_words="optimize"))


def _narrowed(search: Search, text: ColumnElement[str], at: ColumnElement[datetime]) -> Iterator[ColumnElement[bool]]:
    if search.literal is not None:
        yield text.contains(search.literal, autoescape=True)
    if search.place is not None:
        yield Message.id.is_(None) if search.place == "title" else Message.id.is_not(None)
    if search.role is not None:
        yield Message.role == search.role
    if search.model is not None:
        yield Message.model.icontains(search.model, autoescape=True)
    if search.home is not None:
        yield Conversation.title.icontains(search.home, autoescape=True)
    if search.archived is not None:
        yield Conversation.archived.is_(search.archived)
    if search.after is not None:
        yield at >= search.after
    if search.before is not None:
        yield at < search.before


def _literal(text: str) -> str:
    for char in (LIKE_ESCAPE, "%", "_"):
        text = text.replace(char, LIKE_ESCAPE + char)
    return text
