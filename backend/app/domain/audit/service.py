"""Acts on the audit log: note, erase, verify, sign, list, export. An entry joins the transaction of what it tells."""

import csv
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import now as utc_now
from app.domain.audit import repository
from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import (
    DELETION,
    GENESIS,
    Checkpoint,
    Filter,
    Format,
    Outcome,
    Verdict,
    canonical,
    erased_for,
    fault_of,
    in_order,
    link_hash,
    printable,
    read_checkpoints,
    refuse_secrets,
    salted,
    sign,
    spreadsheet_safe,
    stamp,
)

EXPORTED: Final = tuple(column.name for column in AuditEntry.__table__.columns)
"""All columns: an export can be verified elsewhere by whoever has the key."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who does something, and from where.

    Attributes:
        address: The true address, as far as the settings tell it.
        user_agent: What the program calls itself.
        request_id: The request's id.
        actor_id: The person, None for somebody unknown.
        actor_name: Their user name.
    """

    address: str
    user_agent: str
    request_id: str | None
    actor_id: str | None = None
    actor_name: str | None = None

    def by(self, actor_id: str, actor_name: str) -> "Source":
        """The same, of a person."""
        return replace(self, actor_id=actor_id, actor_name=actor_name)


COMMAND_LINE: Final = Source(address="command line", user_agent="", request_id=None)


class Trail:
    """The one writer of the log, and its verifier.

    Args:
        key: What entries and checkpoints are authenticated with.
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
        """Append an entry in the caller's transaction.

        Args:
            session: The transaction of the act itself; its rollback takes the entry along.
            source: Who and from where.
            action: What, as `noun.verb`.
            outcome: Whether it was done.
            target: Type and id of what it was done to.
            detail: Further facts, JSON-ready.

        Raises:
            ValueError: A key of `detail` names a secret.
        """
        refuse_secrets(detail or {})
        if source.actor_id and repository.is_deleted(session, source.actor_id):
            # A request that was under way when its person was deleted leaves no new trace of them.
            source, detail = Source("", "", source.request_id, source.actor_id), None
        last = repository.newest(session)
        who = (printable(source.actor_name, 64), printable(source.address, 64), printable(source.user_agent, 200))
        text = canonical(detail) if detail else None
        who_salt, detail_salt = secrets.token_hex(16), secrets.token_hex(16)
        entry = AuditEntry(
            seq=last.seq + 1 if last else 1,
            at=stamp(utc_now()),
            action=action,
            outcome=outcome,
            actor_id=source.actor_id,
            target_type=target[0] if target else None,
            target_id=target[1] if target else None,
            request_id=source.request_id,
            actor_name=who[0],
            address=who[1],
            user_agent=who[2],
            who_salt=who_salt,
            who_digest=salted(who_salt, *who),
            detail=text,
            detail_salt=detail_salt,
            detail_digest=salted(detail_salt, text),
            previous_hash=last.hash if last else GENESIS,
        )
        entry.hash = link_hash(self._key, entry)
        session.add(entry)
        session.flush()
        return entry

    def note_deletion(self, session: Session, source: Source, user_id: str) -> None:
        """Note that a person was deleted, and erase what the log tells of them.

        The entry itself names nobody; it is what makes the erasure right when the chain is verified.
        """
        own = source.actor_id == user_id
        unnamed = Source("", "", source.request_id, user_id) if own else source
        self.note(session, unnamed, DELETION, target=("user", user_id))
        repository.erase_actor(session, user_id)
        repository.erase_target(session, user_id)
        session.expire_all()

    def verify(self, session: Session, checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
        """Walk the whole chain, and compare it with what was signed for."""
        expected = in_order(checkpoints)
        deleted = repository.deletions(session)
        previous, seq, position = GENESIS, 0, 0
        for entry in repository.walk(session):
            seq += 1
            fault = fault_of(self._key, entry, seq, previous)
            people = erased_for(entry)
            if fault is None and people and not any(deleted.get(person, 0) >= seq for person in people):
                fault = "was erased although nobody it tells of was deleted"
            while fault is None and position < len(expected) and expected[position].seq == seq:
                fault = None if expected[position].hash == entry.hash else "is not the entry that was signed for"
                position += 1
            if fault is not None:
                return Verdict(ok=False, checked=seq, first_bad=seq, fault=fault)
            previous = entry.hash
        if position < len(expected):
            return Verdict(ok=False, checked=seq, first_bad=seq + 1, fault="is missing although it was signed for")
        return Verdict(ok=True, checked=seq)

    def newest(self, session: Session) -> int:
        """The last entry's number, 0 when there is none."""
        return repository.last_seq(session)

    def checkpoint(self, session: Session, now: datetime) -> Checkpoint | None:
        """Sign for the last entry; None when there is none."""
        last = repository.newest(session)
        return sign(self._key, last.seq, last.hash, now) if last else None

    def parse_checkpoints(self, text: str) -> list[Checkpoint]:
        """The checkpoints of a file.

        Raises:
            CheckpointInvalid: A line was not signed with this key.
        """
        return read_checkpoints(self._key, text)


def list_entries(
    session: Session, wanted: Filter, limit: int, before: int | None
) -> tuple[list[AuditEntry], int | None]:
    """Entries, newest first.

    Returns:
        Up to `limit` of them, and the number behind which the next page begins, None at the end.
    """
    rows = repository.entries(session, wanted, limit, before)
    shown = rows[:limit]
    return shown, shown[-1].seq if len(rows) > limit else None


def detail_of(entry: AuditEntry) -> dict[str, object] | None:
    """An entry's details as an object."""
    found: dict[str, object] | None = json.loads(entry.detail) if entry.detail else None
    return found


def export_lines(session: Session, kind: Format, after: int, limit: int) -> tuple[str, int | None]:
    """A part of the log as text, oldest first; a CSV begins with its heads.

    Returns:
        The text, and the number behind which the next part begins, None at the end.
    """
    rows = repository.following(session, after, limit)
    out = io.StringIO()
    if kind == "csv":
        writer = csv.writer(out, lineterminator="\r\n")
        if after == 0:
            writer.writerow(EXPORTED)
        writer.writerows([spreadsheet_safe(getattr(row, name)) for name in EXPORTED] for row in rows)
    else:
        for row in rows:
            values = {name: getattr(row, name) for name in EXPORTED}
            out.write(canonical({**values, "detail": detail_of(row)}) + "\n")
    return out.getvalue(), rows[-1].seq if len(rows) == limit else None
