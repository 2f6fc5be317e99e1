"""Somebody with the file, but without the key, changes one thing: verification names the first entry that is bad."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app.db.engine import WRITE_OPTION, make_engine, sqlite_url
from app.db.migrate import migrate
from app.domain.audit import repository, rules
from app.domain.audit.rules import Checkpoint, Facts, Fault, Verdict
from app.domain.audit.service import Act, append, checkpoint, erase_person, verify
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import Session

KEY = "key-of-the-audit-log-0123456789abcdef"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ROWS = 300
TAMPERINGS = 1_000
COLUMNS = Facts._fields
OTHERS = COLUMNS[1:]
GOOD = Verdict(ok=True, checked=ROWS)
Case = tuple[int, Sequence[Checkpoint]]


def act_of(number: int, chance: random.Random) -> Act:
    person = f"id-{chance.randrange(6)}"
    if number in {120, 240}:
        return Act(
            "user.deleted", actor_id="id-0", actor_name="owner", target_type="user", target_id=f"id-{number // 120}"
        )
    return Act(
        action=chance.choice(["auth.login", "user.updated", "access.refused", "invite.created"]),
        outcome=chance.choice(["success", "refused"]),
        actor_id=chance.choice([person, None]),
        actor_name="somebody",
        target_type=chance.choice(["user", None]),
        target_id=chance.choice([f"id-{chance.randrange(6)}", None]),
        address=f"203.0.113.{chance.randrange(256)}",
        user_agent="Firefox",
        request_id=f"req-{number}",
        detail=chance.choice([{"n": number}, None]),
    )


def write_log(path: Path, seed: int) -> list[Checkpoint]:
    """A log of 300 entries with two deleted people, and a checkpoint at every fiftieth."""
    chance, checkpoints = random.Random(seed), []
    engine = make_engine(sqlite_url(path))
    migrate(engine)
    with Session(engine.execution_options(**{WRITE_OPTION: True})) as session:
        for number in range(1, ROWS + 1):
            act = act_of(number, chance)
            append(session, KEY, act, NOW + timedelta(seconds=number))
            if act.action == rules.DELETION and act.target_id:
                erase_person(session, act.target_id)
            made = checkpoint(session, KEY, NOW) if number % 50 == 0 else None
            checkpoints += [made] if made else []
        session.commit()
    engine.dispose()
    return checkpoints


class Log:
    """A log on the disk, and copies of it without triggers or constraints for whoever tampers with them."""

    def __init__(self, path: Path, seed: int) -> None:
        self.checkpoints = write_log(path, seed)
        self._base = sqlite3.connect(":memory:", isolation_level=None)
        names = ", ".join(COLUMNS)
        self._base.execute("ATTACH ? AS disk", [str(path)])
        text = ", ".join(f"{column} TEXT" for column in OTHERS)
        self._base.execute(f"CREATE TABLE audit_entries (seq INTEGER PRIMARY KEY, {text})")
        self._base.execute(f"INSERT INTO audit_entries SELECT {names} FROM disk.audit_entries")
        self._base.execute("CREATE INDEX target ON audit_entries (target_id)")
        self._base.execute("DETACH disk")

    def copy(self) -> sqlite3.Connection:
        made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._base.backup(made)
        return made

    def close(self) -> None:
        self._base.close()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    made = Log(tmp_path_factory.mktemp("audit") / "log.db", seed=1)
    yield made
    made.close()


def verdict(file: sqlite3.Connection, checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
    engine = create_engine("sqlite://", creator=lambda: file, poolclass=StaticPool)
    with Session(engine) as session:
        return verify(session, KEY, checkpoints)


def value(file: sqlite3.Connection, seq: int, column: str) -> object:
    found: object = file.execute(f"SELECT {column} FROM audit_entries WHERE seq = ?", [seq]).fetchone()[0]
    return found


def put(file: sqlite3.Connection, seq: int, column: str, new: object) -> None:
    file.execute(f"UPDATE audit_entries SET {column} = ? WHERE seq = ?", [new, seq])


def other_values(old: object, another: object) -> list[object]:
    """What a column could be changed to: as good as the old to the eye, or of another type."""
    if not isinstance(old, str):
        return ["", "x", b"", "null", 0]
    flipped = old[:-1] + ("0" if old[-1:] != "0" else "1")
    values = [None, "", b"\xff", old.encode(), flipped, old + " ", old.swapcase(), another, float("inf"), 7]
    return [found for found in values if found != old]


def edit(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    seq, column = chance.randint(1, ROWS), chance.choice(OTHERS)
    another = value(file, chance.randint(1, ROWS), column)
    put(file, seq, column, chance.choice(other_values(value(file, seq, column), another)))
    return seq, chance.choice([(), log.checkpoints])


def move(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    seq, to = chance.randint(1, ROWS - 1), chance.choice([0, -1, -(2**63), ROWS + 1, 2**63 - 1])
    put(file, seq, "seq", to)
    return min(seq, to), chance.choice([(), log.checkpoints])


def delete(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    seq = chance.randint(1, ROWS)
    file.execute("DELETE FROM audit_entries WHERE seq = ?", [seq])
    return seq, log.checkpoints if seq == ROWS else chance.choice([(), log.checkpoints])


def forged(file: sqlite3.Connection, chance: random.Random, seq: int) -> Facts:
    """An entry as the server would write it, under a key that is not the server's."""
    model = Facts(
        *file.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_entries WHERE seq = ?", [max(seq - 1, 1)]).fetchone()
    )
    salt = chance.randbytes(16).hex()
    who = ("forger", "203.0.113.1", "curl")
    named = model._replace(actor_name=who[0], address=who[1], user_agent=who[2], who_salt=salt, detail_salt=salt)
    told = named._replace(
        who_digest=rules.who_digest(salt, *who), detail_digest=rules.detail_digest(salt, named.detail)
    )
    linked = told._replace(seq=seq, previous_hash=model.hash if seq > 1 else rules.GENESIS)
    return linked._replace(hash=rules.entry_hash(chance.choice(["", "guess", KEY[:-1]]), linked))


def insert(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    seq = chance.choice([0, 1, ROWS + 1, ROWS + 1, ROWS + 1, chance.randint(2, ROWS)])
    new = chance.choice([forged(file, chance, seq), forged(file, chance, chance.randint(2, ROWS))._replace(seq=seq)])
    file.execute("UPDATE audit_entries SET seq = -seq - 1000 WHERE seq >= ?", [seq or 1_000])
    file.execute("UPDATE audit_entries SET seq = -seq - 1000 + 1 WHERE seq < -1000")
    file.execute(f"INSERT INTO audit_entries VALUES ({', '.join('?' * len(new))})", new)
    return seq, chance.choice([(), log.checkpoints])


def swap(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    low, high = sorted(chance.sample(range(1, ROWS + 1), 2))
    for old, new in ((low, -9), (high, low), (-9, high)):
        put(file, old, "seq", new)
    return low, chance.choice([(), log.checkpoints])


def truncate(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    last = chance.randint(0, ROWS - 1)
    file.execute("DELETE FROM audit_entries WHERE seq > ?", [last])
    return last + 1, chance.choice([log.checkpoints, log.checkpoints[-1:]])


def behead(file: sqlite3.Connection, chance: random.Random, log: Log) -> Case:
    file.execute("DELETE FROM audit_entries WHERE seq < ?", [chance.randint(2, ROWS)])
    return 1, ()


KINDS: Sequence[Callable[[sqlite3.Connection, random.Random, Log], Case]] = (
    *(edit, edit, edit, edit, move, delete, insert, swap, truncate, behead),
)


def test_the_copy_is_whole_before_anybody_touches_it(log: Log) -> None:
    with closing(log.copy()) as file:
        assert verdict(file) == GOOD
        assert verdict(file, log.checkpoints) == GOOD
        assert file.execute("SELECT count(*) FROM audit_entries WHERE who_salt IS NULL").fetchone()[0] > 10


def test_a_thousand_single_tamperings_are_all_found_and_named(log: Log) -> None:
    chance, kinds, wrong = random.Random(3), Counter[str](), []
    for number in range(TAMPERINGS):
        kind = KINDS[number % len(KINDS)]
        with closing(log.copy()) as file:
            bad, checkpoints = kind(file, chance, log)
            found = verdict(file, checkpoints)
        kinds[kind.__name__] += 1
        if found.ok or found.first_bad != bad or found.fault is None:
            wrong.append((number, kind.__name__, bad, found))
    assert wrong == []
    assert sum(kinds.values()) == TAMPERINGS
    assert len(kinds) == 7
    assert min(kinds.values()) == 100


@pytest.mark.parametrize("column", OTHERS)
@pytest.mark.parametrize("seq", [1, 120, 121, ROWS])
def test_every_column_is_held(log: Log, seq: int, column: str) -> None:
    with closing(log.copy()) as file:
        old = value(file, seq, column)
        for new in other_values(old, None):
            put(file, seq, column, new)
            assert (verdict(file).ok, verdict(file).first_bad) == (False, seq), new
        put(file, seq, column, old)
        assert verdict(file) == GOOD


@pytest.mark.parametrize("chunk", [1, 64, 1_000])
@pytest.mark.parametrize("seq", [1, 2, 64, 65, ROWS])
def test_bytes_that_are_no_text_are_named(log: Log, seq: int, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "CHUNK", chunk)
    with closing(log.copy()) as file:
        file.execute("UPDATE audit_entries SET action = CAST(x'ff' AS TEXT) WHERE seq = ?", [seq])
        assert verdict(file) == Verdict(ok=False, checked=seq, first_bad=seq, fault=Fault.UNREADABLE)


def test_what_is_first_is_told_first(log: Log) -> None:
    with closing(log.copy()) as file:
        put(file, 200, "action", "x")
        put(file, 40, "detail", "x")
        assert verdict(file, log.checkpoints) == Verdict(ok=False, checked=40, first_bad=40, fault=Fault.ALTERED)


def test_a_cut_off_end_is_seen_against_a_checkpoint_only(log: Log) -> None:
    with closing(log.copy()) as file:
        file.execute("DELETE FROM audit_entries WHERE seq > 290")
        assert verdict(file, log.checkpoints[:-1]) == Verdict(ok=True, checked=290)
        expected = Verdict(ok=False, checked=290, first_bad=291, fault=Fault.CUT_OFF)
        assert verdict(file, log.checkpoints) == expected
        file.execute("DELETE FROM audit_entries")
        assert verdict(file, log.checkpoints[:1]).first_bad == 1


def test_a_chain_written_anew_contradicts_the_checkpoints(log: Log, tmp_path: Path) -> None:
    anew = Log(tmp_path / "anew.db", seed=2)
    with closing(anew.copy()) as file:
        assert verdict(file, anew.checkpoints) == GOOD
        expected = Verdict(ok=False, checked=50, first_bad=50, fault=Fault.CONTRADICTED)
        assert verdict(file, log.checkpoints) == expected
        both = [*anew.checkpoints[:2], log.checkpoints[1]]
        assert verdict(file, both).first_bad == 100
    anew.close()


def test_two_chains_of_one_key_cannot_be_spliced(log: Log, tmp_path: Path) -> None:
    other = Log(tmp_path / "other.db", seed=2)
    with closing(log.copy()) as file, closing(other.copy()) as donor:
        rows = donor.execute("SELECT * FROM audit_entries WHERE seq > 260").fetchall()
        file.execute("DELETE FROM audit_entries WHERE seq > 260")
        file.executemany(f"INSERT INTO audit_entries VALUES ({', '.join('?' * len(COLUMNS))})", rows)
        assert verdict(file) == Verdict(ok=False, checked=261, first_bad=261, fault=Fault.UNLINKED)
    other.close()


def test_an_erasure_whose_deletion_was_cut_off_is_named(log: Log) -> None:
    with closing(log.copy()) as file:
        file.execute("DELETE FROM audit_entries WHERE seq >= 240")
        first = file.execute(
            "SELECT min(seq) FROM audit_entries WHERE seq < 240 AND 'id-2' IN (actor_id, target_id) "
            "AND detail_salt IS NULL "
            "AND NOT (seq < 120 AND (actor_id = 'id-1' OR who_salt IS NOT NULL AND target_id = 'id-1'))"
        ).fetchone()[0]
        assert verdict(file) == Verdict(ok=False, checked=239, first_bad=first, fault=Fault.ERASED)
