"""Pure decisions of the audit log: how an entry is hashed, when a chain is broken, what may stand in an export."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from app.core.security import derive, digest, same
from app.domain.audit.errors import CheckpointInvalid

Outcome = Literal["success", "refused"]
Format = Literal["jsonl", "csv"]

GENESIS: Final = "0" * 64
"""What stands before the first entry."""
DELETION: Final = "user.deleted"
"""The action that makes it right to erase a person's traces from earlier entries."""
SALT_BYTES: Final = 16
ENTRY_PURPOSE: Final = "audit-entry"
CHECKPOINT_PURPOSE: Final = "audit-checkpoint"
SIZES: Final[Mapping[str, int]] = {
    "actor_id": 36,
    "actor_name": 64,
    "target_type": 20,
    "target_id": 64,
    "address": 64,
    "user_agent": 200,
    "request_id": 128,
}
"""Characters that the columns take of what may come from outside."""
NAME_CHARS: Final = 64
VALUE_CHARS: Final = 500

canonical: Final[Callable[[object], str]] = json.JSONEncoder(
    ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
"""The one text of a JSON value: ASCII, sorted keys, no spaces."""

# Control characters, halves of surrogate pairs, line separators and what turns the direction of writing.
_HOSTILE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS: Final = frozenset(
    {"apikey", "authorization", "bearer", "code", "codes", "content", "cookie", "cookies", "credential", "credentials"}
    | {"csrf", "key", "keys", "otp", "passphrase", "passwd", "password", "passwords", "pin", "prompt", "prompts", "pwd"}
    | {"secret", "secrets", "token"}
)
# Some spreadsheets part cells at semicolons, and then also in the middle of ours.
_FORMULA: Final = re.compile('(\\A|;)(?=[\\s"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])')


class Facts(NamedTuple):
    """One row as it is stored; the order is that of the export's columns."""

    seq: int
    at: str
    action: str
    outcome: str
    actor_id: str | None
    actor_name: str | None
    target_type: str | None
    target_id: str | None
    address: str | None
    user_agent: str | None
    request_id: str | None
    detail: str | None
    hash: str
    who_salt: str | None
    who_digest: str
    detail_salt: str | None
    detail_digest: str
    previous_hash: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted.

    Attributes:
        action: The exact action, or a family of them when it ends with a dot.
        actor: Id or name of who acted.
        outcome: How it ended.
        since: From this moment on.
        until: Before this moment.
    """

    action: str | None = None
    actor: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


class Fault(StrEnum):
    """How a chain can be broken, as the end of a sentence that begins with the entry."""

    ALTERED = "was altered or forged"
    MISSING = "is missing"
    MISPLACED = "stands where no entry can be"
    UNLINKED = "does not follow the entry before it"
    UNREADABLE = "cannot be read"
    ERASED = "was erased although nobody it tells of was deleted"
    CUT_OFF = "is missing although a checkpoint knows it or a later one"
    CONTRADICTED = "is not the entry that a checkpoint knows"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        ok: Whether the chain is whole.
        checked: Entries looked at.
        first_bad: Number of the first entry that is bad or missing.
        fault: What is wrong with it.
    """

    ok: bool
    checked: int
    first_bad: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed note of the newest entry: kept elsewhere, it shows a cut-off end and a chain written anew.

    Attributes:
        seq: The entry's number.
        hash: The entry's hash.
        at: When the note was made.
        signature: Over the three, with the audit key.
    """

    seq: int
    hash: str
    at: str
    signature: str

    @classmethod
    def signed(cls, key: str, seq: int, entry_hash: str, at: str) -> "Checkpoint":
        """Make one."""
        return cls(seq, entry_hash, at, derive(key, CHECKPOINT_PURPOSE, canonical([seq, entry_hash, at])))

    def line(self) -> str:
        """The checkpoint as one JSON line, without its end."""
        return canonical({"seq": self.seq, "hash": self.hash, "at": self.at, "signature": self.signature})


class Notes(NamedTuple):
    """What a file of checkpoints holds.

    Attributes:
        checkpoints: Those that were signed with the key.
        bad_line: Number of the first line that is none of them, from 1; None when every line is.
        torn: A last line that was not written to its end, as in a crash or on a full disk; it says nothing.
    """

    checkpoints: list[Checkpoint]
    bad_line: int | None
    torn: str

    def whole(self) -> list[Checkpoint]:
        """The checkpoints of a file that holds nothing else.

        Raises:
            CheckpointInvalid: A line is not one that was signed with the key.
        """
        if self.bad_line is not None:
            raise CheckpointInvalid(self.bad_line)
        return self.checkpoints


def parse_checkpoints(text: str, key: str) -> Notes:
    """Read checkpoints, one a line; empty lines say nothing."""
    lines = text.split("\n")
    torn = lines.pop() if _parsed(lines[-1]) is None else ""
    read = {number: _checkpoint(line, key) for number, line in enumerate(lines, 1) if line.strip()}
    bad = [number for number, found in read.items() if found is None]
    return Notes([found for found in read.values() if found], min(bad, default=None), torn)


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _checkpoint(line: str, key: str) -> Checkpoint | None:
    found = _parsed(line)
    match found:
        case {"seq": int(seq), "hash": str(known), "at": str(at), "signature": str(), **rest} if not rest:
            made = Checkpoint.signed(key, seq, known, at)
            if same(made.line(), canonical(found)):
                return made
    return None


def stamp(moment: datetime) -> str:
    """A moment as the log writes it: ISO 8601, UTC, microseconds, `Z`; texts sort as the moments do.

    Raises:
        ValueError: It has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a stored time must be aware")
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = moment  # at the ends of the calendar are no entries, so a few hours do not matter
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def fit(text: str, size: int) -> str:
    """Cut a text and put a mark in place of what could mislead a reader: requests can hold anything."""
    return _HOSTILE.sub("\ufffd", text[:size])


def detail_text(detail: Mapping[str, object] | None) -> str | None:
    """A detail as canonical JSON, its texts cut and cleaned.

    Raises:
        ValueError: A name at any depth is one of a secret, or a number is not finite.
        TypeError: It holds what JSON cannot.
    """
    return None if detail is None else canonical(_plain(detail))


def detail_object(text: str | None) -> dict[str, object] | None:
    """A stored detail as an object; None when there is none, or when it was spoilt."""
    try:
        found = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {_name(name, inner): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return fit(value, VALUE_CHARS)
    if value is None or isinstance(value, (int, float)):
        return value
    raise TypeError(f"a detail cannot hold a {type(value).__name__}")


def _name(name: object, value: object) -> str:
    if not isinstance(name, str):
        raise TypeError("the names in a detail are texts")
    words = {word.lower() for word in _WORDS.findall(name)}
    # "tokens" that are counted are an allowance.
    counted = value is None or isinstance(value, (int, float))
    if words & _SECRET_WORDS or ("tokens" in words and not counted):
        raise ValueError(f"a detail must not hold {name!r}: the log keeps no secrets")
    return fit(name, NAME_CHARS)


def who_digest(salt: str, actor_name: str | None, address: str | None, user_agent: str | None) -> str:
    """What stands for the columns that tell of a person in the hash."""
    return digest(canonical([salt, [actor_name, address, user_agent]]))


def detail_digest(salt: str, detail: str | None) -> str:
    """What stands for the detail in the hash."""
    return digest(canonical([salt, detail]))


def entry_hash(key: str, row: Facts) -> str:
    """HMAC-SHA256 over every column that stays, the digests of those that may go, and the hash before."""
    kept = (row.seq, row.at, row.action, row.outcome, row.actor_id, row.target_type, row.target_id, row.request_id)
    return derive(key, ENTRY_PURPOSE, canonical([*kept, row.who_digest, row.detail_digest, row.previous_hash]))


def fault_of(key: str, row: Facts, seq: int, previous_hash: str) -> Fault | None:
    """What is wrong with a row, given what it must follow; whether an erasure was right is not judged here.

    Args:
        key: The audit key.
        row: As stored; whoever writes into the file can put any type into any column.
        seq: The number that it must have.
        previous_hash: The hash of the row before.
    """
    if row.seq != seq:
        return Fault.MISSING if row.seq > seq else Fault.MISPLACED
    if not all(value is None or isinstance(value, str) for value in row[1:]) or entry_hash(key, row) != row.hash:
        return Fault.ALTERED
    if row.previous_hash != previous_hash:
        return Fault.UNLINKED
    return None if _is_who_true(row) and _is_detail_true(row) else Fault.ALTERED


def _is_who_true(row: Facts) -> bool:
    who = (row.actor_name, row.address, row.user_agent)
    if row.who_salt is None:
        return who == (None, None, None)
    return who_digest(row.who_salt, *who) == row.who_digest


def _is_detail_true(row: Facts) -> bool:
    if row.detail_salt is None:
        return row.detail is None
    return detail_digest(row.detail_salt, row.detail) == row.detail_digest


class Walk:
    """Judges a chain row by row, lowest number first.

    Args:
        key: The audit key.
        deleted_at: Number of the newest entry that tells of a person's deletion, 0 if there is none.
        checkpoints: What was signed before.
    """

    def __init__(self, key: str, deleted_at: Callable[[str], int], checkpoints: Sequence[Checkpoint]) -> None:
        self._key = key
        self._deleted_at = deleted_at
        self._known: dict[int, set[str]] = {}
        for checkpoint in checkpoints:
            self._known.setdefault(checkpoint.seq, set()).add(checkpoint.hash)
        self._seq = 0
        self._hash = GENESIS
        self._erased: int | None = None

    def step(self, row: Facts) -> Verdict | None:
        """Judge the next row.

        Returns:
            None to go on, else what was found.
        """
        fault = fault_of(self._key, row, self._seq + 1, self._hash)
        if fault is None and self._known.get(row.seq, {row.hash}) != {row.hash}:
            fault = Fault.CONTRADICTED
        if fault is not None:
            return self.broken(row.seq, fault)
        self._seq, self._hash = row.seq, row.hash
        if self._erased is None and not self._is_erasure_proven(row):
            self._erased = row.seq
        return None

    def broken(self, seq: int, fault: Fault) -> Verdict:
        """The verdict on a chain that is broken at a row; what should stand before that row may be missing."""
        return Verdict(ok=False, checked=self._seq + 1, first_bad=min(seq, self._seq + 1), fault=fault)

    def end(self) -> Verdict:
        """The verdict when there are no more rows.

        An erasure without its deletion is told last: the entry of the deletion may be what was cut off or altered.
        """
        if max(self._known, default=0) > self._seq:
            return Verdict(ok=False, checked=self._seq, first_bad=self._seq + 1, fault=Fault.CUT_OFF)
        if self._erased is not None:
            return Verdict(ok=False, checked=self._seq, first_bad=self._erased, fault=Fault.ERASED)
        return Verdict(ok=True, checked=self._seq)

    def _is_erasure_proven(self, row: Facts) -> bool:
        if row.who_salt is not None and row.detail_salt is not None:
            return True
        if self._is_deleted_after(row.actor_id, row.seq):
            return True
        return row.who_salt is not None and self._is_deleted_after(row.target_id, row.seq)

    def _is_deleted_after(self, user_id: str | None, seq: int) -> bool:
        return user_id is not None and self._deleted_at(user_id) > seq


def spreadsheet_safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return _FORMULA.sub(r"\1'", cell)


def jsonl_text(rows: Iterable[Facts]) -> str:
    """Rows as JSON, one object a line; `detail` is an object, whose canonical text is what was hashed."""
    objects = ({**row._asdict(), "detail": detail_object(row.detail)} for row in rows)
    return "".join(f"{json.dumps(entry, default=str)}\n" for entry in objects)


def csv_text(rows: Iterable[Facts], *, header: bool) -> str:
    """Rows as CSV, every cell in quotes and safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    if header:
        writer.writerow(Facts._fields)
    for row in rows:
        writer.writerow(["" if cell is None else spreadsheet_safe(str(cell)) for cell in row])
    return text.getvalue()
