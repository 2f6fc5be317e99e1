"""Pure: how entries are hashed, checked, signed for and written into a file. Knows no database."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Protocol

from app.domain.audit.errors import CheckpointInvalid

Outcome = Literal["success", "refused"]
Format = Literal["jsonl", "csv"]

GENESIS: Final = "0" * 64
DELETION: Final = "user.deleted"
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a cell (OWASP, "CSV Injection")."""
SECRET_NAMES: Final = re.compile(r"(^|_)(password|token|secret|code|cookie|authorization|otp|key|content|prompt|text)$")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")


class Link(Protocol):
    """The columns of an entry."""

    seq: int
    at: str
    action: str
    outcome: str
    actor_id: str | None
    target_type: str | None
    target_id: str | None
    request_id: str | None
    actor_name: str | None
    address: str | None
    user_agent: str | None
    who_salt: str | None
    who_digest: str
    detail: str | None
    detail_salt: str | None
    detail_digest: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; an action that ends with a dot names a family, an actor is an id or a name."""

    action: str | None = None
    actor: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found.

    Attributes:
        ok: Whether every entry is as it was written.
        checked: Entries looked at.
        first_bad: Number of the first that is not, or that is missing.
        fault: What is wrong with it, in words.
    """

    ok: bool
    checked: int
    first_bad: int | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement that the log had an entry `seq` with this hash at a moment."""

    seq: int
    hash: str
    at: str
    signature: str

    def line(self) -> str:
        """As one line of a file."""
        return canonical({"seq": self.seq, "hash": self.hash, "at": self.at, "signature": self.signature})


def canonical(value: object) -> str:
    """The one JSON text of a value (sorted keys, no spaces)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def stamp(moment: datetime) -> str:
    """A moment as it is stored and hashed: ISO 8601 in UTC with microseconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def salted(salt: str, *parts: str | None) -> str:
    """SHA-256 of a salt and of what it protects."""
    return hashlib.sha256(canonical([salt, *parts]).encode()).hexdigest()


def link_hash(key: str, entry: Link) -> str:
    """HMAC-SHA256 over what never changes in an entry, the hash before it included."""
    fixed = [
        "entry",
        entry.seq,
        entry.at,
        entry.action,
        entry.outcome,
        entry.actor_id,
        entry.target_type,
        entry.target_id,
        entry.request_id,
        entry.who_digest,
        entry.detail_digest,
        entry.previous_hash,
    ]
    return hmac.new(key.encode(), canonical(fixed).encode(), hashlib.sha256).hexdigest()


def fault_of(key: str, entry: Link, seq: int, previous_hash: str) -> str | None:
    """What is wrong with an entry that should be number `seq` behind `previous_hash`; None when nothing is.

    An erased one passes here: whether it was right to erase it, the deletion of its person tells.
    """
    if entry.seq != seq:
        return "is missing"
    if entry.previous_hash != previous_hash:
        return "does not follow the entry before it"
    if not hmac.compare_digest(link_hash(key, entry), entry.hash):
        return "was changed"
    who = (entry.actor_name, entry.address, entry.user_agent)
    if not _holds(entry.who_salt, entry.who_digest, *who):
        return "says another actor, address or program than it did"
    return None if _holds(entry.detail_salt, entry.detail_digest, entry.detail) else "says other details than it did"


def erased_for(entry: Link) -> set[str]:
    """Ids of people whose deletion alone explains what was erased of an entry; empty when nothing was.

    The actor's deletion explains everything, the target's only the details.
    """
    if entry.who_salt is None:
        return {entry.actor_id or ""}
    if entry.detail_salt is None:
        return {entry.actor_id or "", entry.target_id or ""} - {""} or {""}
    return set()


def _holds(salt: str | None, digest: str, *parts: str | None) -> bool:
    if salt is None:
        return all(part is None for part in parts)
    return hmac.compare_digest(salted(salt, *parts), digest)


def sign(key: str, seq: int, entry_hash: str, moment: datetime) -> Checkpoint:
    """Sign for an entry."""
    at = stamp(moment)
    return Checkpoint(seq, entry_hash, at, _signature(key, seq, entry_hash, at))


def read_checkpoints(key: str, text: str) -> list[Checkpoint]:
    """The checkpoints of a file, one a line.

    Raises:
        CheckpointInvalid: A line is not one that was signed with this key.
    """
    return [_checkpoint(key, line) for line in text.splitlines() if line.strip()]


def _checkpoint(key: str, line: str) -> Checkpoint:
    try:
        found = Checkpoint(**json.loads(line))
        right = hmac.compare_digest(_signature(key, found.seq, found.hash, found.at), found.signature)
    except (ValueError, TypeError):
        raise CheckpointInvalid from None
    if not right:
        raise CheckpointInvalid
    return found


def _signature(key: str, seq: int, entry_hash: str, at: str) -> str:
    signed = canonical(["checkpoint", seq, entry_hash, at])
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()


def printable(text: str | None, most: int) -> str | None:
    """A stranger's text, cut, with what could forge a line or break a terminal replaced."""
    return None if text is None else _UNPRINTABLE.sub("\ufffd", text)[:most]


def refuse_secrets(detail: Mapping[str, object]) -> None:
    """Guard against a secret in the log.

    Raises:
        ValueError: A key names one; that is an error in the program.
    """
    for name, value in detail.items():
        if SECRET_NAMES.search(name):
            raise ValueError(f"audit detail {name} names a secret")
        if isinstance(value, Mapping):
            refuse_secrets(value)


def spreadsheet_safe(cell: object) -> str:
    """A cell that no spreadsheet runs."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA_STARTS) else text


def in_order(checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Checkpoints by number."""
    return sorted(checkpoints, key=lambda checkpoint: checkpoint.seq)
