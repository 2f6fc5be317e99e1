"""Acts on memories: keep, change, forget."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import InvalidFields
from app.core.ids import is_id, new_id
from app.core.pagination import Cursor, PageOf, PageRequest, page_of
from app.core.words import folded
from app.domain.memories import repository
from app.domain.memories.errors import MemoryFull, MemoryMissing
from app.domain.memories.models import Memory
from app.domain.memories.rules import CHARS, MOST, Source, fingerprint, secret_in


def get(session: Session, owner_id: str, memory_id: str) -> Memory:
    """One memory.

    Raises:
        MemoryMissing: It is not the owner's.
    """
    found = repository.get(session, owner_id, memory_id) if is_id(memory_id) else None
    if found is None:
        raise MemoryMissing
    return found


def read_page(session: Session, owner_id: str, wanted: PageRequest, words: str | None) -> PageOf[Memory]:
    """Newest first; those that hold every one of some words, in any script."""
    parts = folded(words or "").split()
    if not parts:
        return page_of(repository.page(session, owner_id, wanted), wanted.limit, _cursor)
    rows = repository.after(session, owner_id, wanted)
    found = [row for row in rows if all(part in folded(row.content) for part in parts)]
    return page_of(found[: wanted.limit + 1], wanted.limit, _cursor)


def keep(
    session: Session,
    owner_id: str,
    content: str,
    source: Source,
    now: datetime,
    *,
    conversation_id: str | None = None,
    message_id: str | None = None,
) -> tuple[Memory, bool]:
    """Remember something.

    Returns:
        The memory, and whether it is new; what says the same is kept once.

    Raises:
        InvalidFields: It holds a secret, or is too long.
        MemoryFull: There is no room.
    """
    mark = _mark(content)
    known = repository.same(session, owner_id, mark)
    if known is not None:
        return known, False
    if repository.count(session, owner_id) >= MOST:
        raise MemoryFull
    made = Memory(
        id=new_id(),
        user_id=owner_id,
        content=content,
        fingerprint=mark,
        source=source,
        conversation_id=conversation_id,
        message_id=message_id,
        created_at=now,
        updated_at=now,
        last_used_at=None,
    )
    session.add(made)
    session.flush()
    return made, True


def change(session: Session, owner_id: str, memory_id: str, content: str, now: datetime) -> Memory:
    """Say a memory otherwise.

    Raises:
        MemoryMissing: It is not the owner's.
        InvalidFields: It holds a secret, or another memory says the same.
    """
    found, mark = get(session, owner_id, memory_id), _mark(content)
    known = repository.same(session, owner_id, mark)
    if known is not None and known.id != found.id:
        raise InvalidFields({"content": "is remembered already"})
    found.content, found.fingerprint, found.updated_at = content, mark, now
    repository.displace(session, owner_id, [found.id])
    return found


def forget(session: Session, owner_id: str, memory_id: str) -> None:
    """Forget one.

    Raises:
        MemoryMissing: It is not the owner's.
    """
    session.delete(get(session, owner_id, memory_id))


def _mark(content: str) -> str:
    if len(content) > CHARS:
        raise InvalidFields({"content": f"must have at most {CHARS} characters"})
    secret = secret_in(content)
    if secret is not None:
        raise InvalidFields({"content": f"seems to hold {secret}; secrets are not remembered"})
    return fingerprint(content)


def _cursor(row: Memory) -> Cursor:
    return Cursor(row.created_at, row.id)
