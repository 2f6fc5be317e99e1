"""Acts on the audit log: append, erase, verify, note the newest, read. Each runs in the caller's transaction."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from app.core.clock import now as clock
from app.domain.audit import repository, rules
from app.domain.audit.errors import EntryUnreadable, ErasureUnproven
from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import (
    DELETION,
    SALT_BYTES,
    Checkpoint,
    Facts,
    Fault,
    Filter,
    Format,
    Notes,
    Outcome,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be logged.

    Attributes:
        action: What was done, as `noun.happened`.
        outcome: Whether it was.
        actor_id: Who did it; None for a stranger.
        actor_name: Their name; personal.
        target_type: What kind of thing it was done to.
        target_id: Which.
        address: Where it came from; personal.
        user_agent: With what program; personal.
        request_id: The request's id.
        detail: Facts, JSON-ready and without secrets; personal.
    """

    action: str
    outcome: Outcome = "success"
    actor_id: str | None = None
    actor_name: str | None = None
    target_type: str | None = None
    target_id: str | None = None
    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    detail: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an act comes from: who, from which address, in which request."""

    address: str
    user_agent: str
    request_id: str | None
    actor_id: str | None = None
    actor_name: str | None = None

    def by(self, actor_id: str, actor_name: str) -> "Source":
        """The same place with a person."""
        return replace(self, actor_id=actor_id, actor_name=actor_name)


def append(session: Session, key: str, act: Act, now: datetime) -> AuditEntry:
    """Log an act at the end of the chain, in the transaction of what it records.

    Nothing personal of a deleted person enters: not with the deletion itself, nor with a request that it overtook.

    Args:
        session: A write transaction.
        key: The audit key.
        act: What happened.
        now: When.

    Raises:
        ValueError: The detail has a name of a secret.
        TypeError: The detail is not JSON-ready.
    """
    last, previous_hash = repository.tip(session)
    detail = rules.detail_text(act.detail)
    who = {name: _fitting(act, name) for name in ("actor_name", "address", "user_agent")}
    kept = {name: _fitting(act, name) for name in ("actor_id", "target_type", "target_id", "request_id")}
    # Nobody is asked for too: an entry must cost the same whether its actor is known or not.
    gone = {found for found in (kept["actor_id"] or "", kept["target_id"] or "") if _is_gone(session, act, found)}
    if kept["actor_id"] in gone:
        who = dict.fromkeys(who)
    if gone:
        detail = None
    who_salt, detail_salt = secrets.token_hex(SALT_BYTES), secrets.token_hex(SALT_BYTES)
    facts = Facts(
        seq=last + 1,
        at=rules.stamp(now),
        action=act.action,
        outcome=act.outcome,
        **kept,
        **who,
        detail=detail,
        hash="",
        who_salt=who_salt,
        who_digest=rules.who_digest(who_salt, **who),
        detail_salt=detail_salt,
        detail_digest=rules.detail_digest(detail_salt, detail),
        previous_hash=previous_hash,
    )
    return repository.add(session, facts._replace(hash=rules.entry_hash(key, facts)))


def _is_gone(session: Session, act: Act, user_id: str) -> bool:
    return (act.action == DELETION and user_id == act.target_id) or repository.deletion_seq(session, user_id) > 0


def _fitting(act: Act, name: str) -> str | None:
    value: str | None = getattr(act, name)
    return None if value is None else rules.fit(value, rules.SIZES[name])


def erase_person(session: Session, user_id: str) -> None:
    """Erase a person's traces from every entry before the one that tells of their deletion.

    The order is: append `user.deleted`, then erase, in one transaction. Verification accepts an erased entry only with
    such an entry behind it, and the database refuses to erase without.

    Args:
        session: A write transaction.
        user_id: Whose name, address, user agent and details go.

    Raises:
        ErasureUnproven: The deletion has not been logged.
    """
    deleted_at = repository.deletion_seq(session, user_id)
    if not deleted_at:
        raise ErasureUnproven
    repository.erase(session, user_id, deleted_at)


def verify(session: Session, key: str, checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
    """Walk the whole chain in bounded memory and name the first entry that is bad or missing.

    Without checkpoints a cut-off end cannot be seen: the chain that is left is whole.

    Args:
        session: A read transaction.
        key: The audit key.
        checkpoints: What was noted before, read by `rules.parse_checkpoints`.
    """

    @lru_cache(maxsize=4_096)
    def deleted_at(user_id: str) -> int:
        return repository.deletion_seq(session, user_id)

    walk = rules.Walk(key, deleted_at, checkpoints)
    try:
        for row in repository.walk(session):
            found = walk.step(row)
            if found is not None:
                return found
    except EntryUnreadable as error:
        return walk.broken(error.seq, Fault.UNREADABLE)
    return walk.end()


def checkpoint(session: Session, key: str, now: datetime) -> Checkpoint | None:
    """A signed note of the newest entry; None when the log is empty."""
    seq, entry_hash = repository.tip(session)
    return Checkpoint.signed(key, seq, entry_hash, rules.stamp(now)) if seq else None


def list_entries(
    session: Session, filters: Filter, limit: int, before_seq: int | None = None
) -> tuple[list[AuditEntry], int | None]:
    """Entries that match, newest first.

    Returns:
        At most `limit` of them, and the number to give as `before_seq` for those that follow, None at the end.
    """
    rows = repository.entries(session, filters, limit, before_seq)
    return rows[:limit], rows[limit - 1].seq if len(rows) > limit else None


def export_lines(session: Session, kind: Format, after_seq: int, limit: int) -> tuple[str, int | None]:
    """A part of the log as text, oldest first. Entries keep their places, so each part may have its own transaction.

    Args:
        session: A read transaction.
        kind: One JSON object a line, or CSV with a header line in the first part.
        after_seq: Where the part before ended, 0 for the first.
        limit: Rows at most.

    Returns:
        The text, and what to give as `after_seq` for the next part, None at the end.
    """
    rows = repository.facts_after(session, after_seq, limit)
    text = rules.jsonl_text(rows) if kind == "jsonl" else rules.csv_text(rows, header=after_seq == 0)
    return text, rows[-1].seq if len(rows) == limit else None


def detail_of(entry: AuditEntry) -> dict[str, object] | None:
    """The facts of an entry; None when it has none, or when they were erased."""
    return rules.detail_object(entry.detail)


class Trail:
    """The audit log with its key, for those who write and check it.

    Args:
        key: The audit key.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def note(
        self,
        session: Session,
        source: Source,
        action: str,
        *,
        outcome: Outcome = "success",
        target: tuple[str, str] | None = None,
        detail: Mapping[str, object] | None = None,
    ) -> AuditEntry:
        """Log an act in the transaction of what it records.

        Args:
            session: A write transaction.
            source: Who acted, and from where.
            action: What was done, as `noun.happened`.
            outcome: Whether it was.
            target: Kind and id of what it was done to.
            detail: Facts, JSON-ready and without secrets.

        Raises:
            ValueError: The detail has a name of a secret.
            TypeError: The detail is not JSON-ready.
        """
        act = Act(
            action=action,
            outcome=outcome,
            actor_id=source.actor_id,
            actor_name=source.actor_name,
            target_type=target[0] if target else None,
            target_id=target[1] if target else None,
            address=source.address,
            user_agent=source.user_agent,
            request_id=source.request_id,
            detail=detail,
        )
        return append(session, self._key, act, clock())

    def note_deletion(self, session: Session, source: Source, user_id: str) -> None:
        """Log that a person was deleted, and erase their traces from what was logged before."""
        self.note(session, source, DELETION, target=("user", user_id))
        erase_person(session, user_id)

    def verify(self, session: Session, checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
        """Walk the whole chain."""
        return verify(session, self._key, checkpoints)

    def checkpoint(self, session: Session, now: datetime) -> Checkpoint | None:
        """A signed note of the newest entry; None when the log is empty."""
        return checkpoint(session, self._key, now)

    def parse_checkpoints(self, text: str) -> Notes:
        """Read checkpoints, one a line."""
        return rules.parse_checkpoints(text, self._key)

    def newest(self, session: Session) -> int:
        """Number of the newest entry, 0 when there is none."""
        return repository.last_seq(session)
