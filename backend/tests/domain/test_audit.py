"""The audit log: what it takes, keeps and erases, and what its triggers refuse."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from app.domain.audit import repository, rules
from app.domain.audit.errors import ErasureUnproven
from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import Fault, Verdict, stamp
from app.domain.audit.service import (
    Act,
    Source,
    Trail,
    append,
    checkpoint,
    detail_of,
    erase_person,
    export_lines,
    verify,
)
from sqlalchemy.orm import Session

from tests.domain.chain import KEY, MARIA, NOW, OWNER, PERSONAL, grow, row, unguarded


def test_an_empty_log_is_whole_and_has_nothing_to_sign_for(session: Session) -> None:
    assert verify(session, KEY) == Verdict(ok=True, checked=0)
    assert checkpoint(session, KEY, NOW) is None
    assert export_lines(session, "jsonl", 0, 10) == ("", None)


def test_the_chain_grows_and_holds(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(session, 20)
    monkeypatch.setattr(repository, "CHUNK", 7)
    assert verify(session, KEY) == Verdict(ok=True, checked=20)
    rows = repository.facts_after(session, None, 100)
    assert [entry.seq for entry in rows] == list(range(1, 21))
    assert rows[0].previous_hash == rules.GENESIS
    assert [entry.previous_hash for entry in rows[1:]] == [entry.hash for entry in rows[:-1]]
    assert len({salt for entry in rows for salt in (entry.who_salt, entry.detail_salt)}) == 40
    assert rows[3].at == "2026-11-23T09:30:03.250000Z"


def test_another_key_holds_nothing(session: Session) -> None:
    grow(session)
    assert verify(session, "another key") == Verdict(ok=False, checked=1, first_bad=1, fault=Fault.ALTERED)


def test_an_entry_goes_with_the_transaction_of_its_act(session: Session, trail: Trail) -> None:
    grow(session, 2)
    trail.note(session, MARIA, "auth.logout")
    session.rollback()
    assert trail.newest(session) == 2
    assert trail.verify(session).ok


def test_a_trail_notes_who_what_and_where(session: Session, trail: Trail) -> None:
    source = Source("203.0.113.7", "Firefox", "req-1").by("id-maria", "maria")
    trail.note(session, source, "user.updated", outcome="refused", target=("user", "id-x"), detail={"role": "admin"})
    trail.note(session, Source("command line", "omniai", None), "invite.created")
    first, second = row(session, 1), row(session, 2)
    assert (first.actor_id, first.actor_name, first.address, first.user_agent, first.request_id) == (
        *("id-maria", "maria", "203.0.113.7", "Firefox", "req-1"),
    )
    assert (first.action, first.outcome, first.target_type, first.target_id) == (
        *("user.updated", "refused", "user", "id-x"),
    )
    assert detail_of(first) == {"role": "admin"}
    assert (second.actor_id, second.target_id, second.detail, detail_of(second)) == (None, None, None, None)
    assert trail.verify(session) == Verdict(ok=True, checked=2)


def test_what_strangers_send_is_cut_and_cleaned(session: Session, trail: Trail) -> None:
    agent = "\x1b[2J\r\nX: 1\0\u202egnp\ud800\u2028" + "x" * 5_000
    name = "a\u0300ß日本🙂" * 40
    long = Source(agent, agent, agent, "i" * 99, name)
    detail = {"name": "\ud83d\x07" + "y" * 9_000, "list": [agent, {"n\n": [1, 2.5, None, True]}], "t": ("a",)}
    entry = trail.note(session, long, "access.refused", target=("t" * 99, agent), detail=detail)
    session.commit()
    stored = rules.Facts(*(getattr(row(session, 1), column) for column in rules.Facts._fields))
    for column, most in rules.SIZES.items():
        assert getattr(stored, column) is not None
        assert len(getattr(stored, column)) <= most
        assert AuditEntry.__table__.c[column].type.length == most  # type: ignore[attr-defined]
        assert not set(getattr(stored, column)) & set("\x1b\r\n\0\u202e\ud800\u2028")
    assert entry.actor_name == name[:64]
    found = detail_of(entry)
    assert found is not None
    assert found["name"] == "\ufffd\ufffd" + "y" * 498
    assert found["list"] == [rules.fit(agent, 500), {"n\ufffd": [1, 2.5, None, True]}]
    assert trail.verify(session).ok


@pytest.mark.parametrize(
    "detail",
    [
        {"password": "x"},
        {"newPassword": "x"},
        {"password_hash": "x"},
        {"before": {"after": [{"access_token": "x"}]}},
        {"code": "x"},
        {"Set-Cookie": "x"},
        {"Authorization": "x"},
        {"APIKey": "x"},
        {"api_key": 1},
        {"secret": None},
        {"csrf": "x"},
        {"tokens": ["x"]},
        {"content": "x"},
    ],
)
def test_secrets_do_not_enter(session: Session, trail: Trail, detail: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="the log keeps no secrets"):
        trail.note(session, MARIA, "user.updated", detail=detail)
    assert trail.newest(session) == 0


@pytest.mark.parametrize("detail", [{"at": NOW}, {"raw": b"x"}, {1: "x"}, {"set": {1}}])
def test_a_detail_is_json_ready(session: Session, trail: Trail, detail: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        trail.note(session, MARIA, "user.updated", detail=detail)


def test_a_number_that_json_has_not_is_refused(session: Session, trail: Trail) -> None:
    with pytest.raises(ValueError, match="JSON"):
        trail.note(session, MARIA, "user.updated", detail={"ratio": float("nan")})


def test_allowances_and_reasons_are_no_secrets(session: Session, trail: Trail) -> None:
    detail = {"before": {"tokens_per_day": None}, "after": {"tokens_per_day": 5}, "reason": "INVALID_CREDENTIALS"}
    assert detail_of(trail.note(session, OWNER, "quota.updated", detail=detail)) == detail


def test_moments_are_utc_text_that_sorts() -> None:
    east = timezone(timedelta(hours=14))
    assert stamp(datetime(2026, 1, 1, 14, 0, tzinfo=east)) == "2026-01-01T00:00:00.000000Z"
    assert stamp(datetime(1, 1, 1, tzinfo=east)) < stamp(datetime(900, 1, 1, tzinfo=UTC)) < stamp(NOW)
    with pytest.raises(ValueError, match="aware"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001 - that it has no zone is the point


def test_erasure_keeps_the_proof_and_no_trace(session: Session, trail: Trail, path: Path) -> None:
    trail.note(session, MARIA, "auth.login", detail={"transport": "cookie"})
    trail.note(session, OWNER, "user.updated", target=("user", "id-maria"), detail={"before": "Maria Muster"})
    trail.note(session, OWNER, "invite.created", detail={"role": "user"})
    before = repository.facts_after(session, None, 10)
    trail.note_deletion(session, OWNER, "id-maria")
    session.commit()
    assert trail.verify(session) == Verdict(ok=True, checked=4)
    after = repository.facts_after(session, None, 10)
    assert [getattr(after[0], column) for column in PERSONAL] == [None] * 6
    assert after[0].actor_id == "id-maria"
    assert (after[1].actor_name, after[1].detail, after[1].detail_salt) == ("owner", None, None)
    assert (after[1].who_salt, after[2]) == (before[1].who_salt, before[2])
    assert (after[3].action, after[3].target_id, after[3].actor_name) == ("user.deleted", "id-maria", "owner")
    with closing(sqlite3.connect(path)) as file, closing(sqlite3.connect(":memory:")) as copy:
        file.backup(copy)
        # A virtual table cannot be dumped.
        copy.execute("DROP TABLE search_words")
        assert not [line for line in copy.iterdump() if "maria'" in line.replace("id-maria", "") or "Muster" in line]


def test_who_deletes_themselves_leaves_no_name(session: Session, trail: Trail) -> None:
    trail.note(session, MARIA, "auth.login")
    trail.note_deletion(session, MARIA, "id-maria")
    entry = row(session, 2)
    assert (entry.actor_id, entry.actor_name, entry.address, entry.user_agent) == ("id-maria", None, None, None)
    assert trail.verify(session) == Verdict(ok=True, checked=2)


def test_nothing_of_a_deleted_person_enters_later(session: Session, trail: Trail) -> None:
    trail.note(session, MARIA, "auth.login")
    trail.note_deletion(session, OWNER, "id-maria")
    late = trail.note(session, MARIA, "message.deleted", detail={"title": "Maria's"})
    about = trail.note(session, OWNER, "user.updated", target=("user", "id-maria"), detail={"name": "Maria"})
    session.commit()
    assert (late.actor_name, late.address, late.user_agent, late.detail) == (None, None, None, None)
    assert (about.actor_name, about.detail) == ("owner", None)
    assert trail.verify(session) == Verdict(ok=True, checked=4)


def test_a_deletion_never_holds_a_detail(session: Session) -> None:
    act = Act("user.deleted", actor_id="id-owner", target_type="user", target_id="id-maria", detail={"name": "maria"})
    assert append(session, KEY, act, NOW).detail is None


def test_erasing_asks_for_the_deletion_first(session: Session, trail: Trail) -> None:
    trail.note(session, MARIA, "auth.login")
    trail.note(session, OWNER, "user.deleted", outcome="refused", target=("user", "id-maria"))
    with pytest.raises(ErasureUnproven):
        erase_person(session, "id-maria")
    assert row(session, 1).actor_name == "maria"


@pytest.mark.parametrize(
    "columns", [("actor_name", "address", "user_agent", "who_salt"), ("detail", "detail_salt"), PERSONAL]
)
@pytest.mark.parametrize(("seq", "ok"), [(1, False), (2, True), (4, False)])
def test_an_erasure_needs_the_deletion_of_its_person_behind_it(
    session: Session, trail: Trail, path: Path, columns: tuple[str, ...], seq: int, ok: bool
) -> None:
    trail.note(session, OWNER, "auth.login")
    trail.note(session, MARIA, "auth.login", target=("session", "s"))
    trail.note_deletion(session, OWNER, "id-maria")
    trail.note(session, MARIA, "auth.logout")
    session.commit()
    with closing(unguarded(path)) as file:
        file.execute(
            f"UPDATE audit_entries SET {', '.join(f'{column} = NULL' for column in columns)} WHERE seq = ?", [seq]
        )
    session.rollback()
    expected = Verdict(ok=True, checked=4) if ok else Verdict(ok=False, checked=4, first_bad=seq, fault=Fault.ERASED)
    assert trail.verify(session) == expected


def test_the_details_of_an_act_on_a_deleted_person_may_go_its_actor_may_not(
    session: Session, trail: Trail, path: Path
) -> None:
    trail.note(session, OWNER, "user.updated", target=("user", "id-maria"))
    trail.note_deletion(session, OWNER, "id-maria")
    session.commit()
    assert trail.verify(session).ok
    session.rollback()
    with closing(unguarded(path)) as file:
        file.execute("UPDATE audit_entries SET actor_name = NULL, address = NULL, user_agent = NULL, who_salt = NULL")
    session.rollback()
    assert trail.verify(session).first_bad == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entries WHERE seq = 6",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET action = 'x' WHERE seq = 3",
        "UPDATE audit_entries SET hash = 'x'",
        "UPDATE audit_entries SET seq = 99 WHERE seq = 6",
        "UPDATE audit_entries SET actor_name = 'x' WHERE seq = 3",
        "UPDATE audit_entries SET actor_name = NULL WHERE seq = 1",
        "UPDATE audit_entries SET detail = NULL, detail_salt = NULL WHERE seq = 1",
        "UPDATE audit_entries SET actor_name = NULL, address = NULL, user_agent = NULL, who_salt = NULL WHERE seq = 1",
        "UPDATE OR REPLACE audit_entries SET seq = 1 WHERE seq = 6",
        "REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE seq = 6",
        "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE seq = 2",
        "INSERT OR IGNORE INTO audit_entries SELECT * FROM audit_entries WHERE seq = 2",
        "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE seq = 2 ON CONFLICT DO UPDATE SET action = 'x'",
    ],
)
def test_the_database_itself_refuses(session: Session, path: Path, statement: str) -> None:
    grow(session)
    with closing(sqlite3.connect(path)) as file:
        with pytest.raises(sqlite3.IntegrityError, match=r"never|only appended"):
            file.execute(statement)
        file.commit()
    assert verify(session, KEY) == Verdict(ok=True, checked=6)


def test_a_gap_cannot_be_appended(session: Session) -> None:
    grow(session, 1)
    facts = repository.facts_after(session, None, 1)[0]
    for seq in (0, -1, 3):
        with pytest.raises(Exception, match="only appended"), session.begin_nested():
            repository.add(session, facts._replace(seq=seq))


def test_half_an_erasure_is_refused_also_for_the_deleted(session: Session, trail: Trail, path: Path) -> None:
    trail.note(session, MARIA, "auth.login")
    trail.note(session, OWNER, "user.deleted", target=("user", "id-maria"))
    session.commit()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for half in ("actor_name = NULL", "who_salt = NULL", "detail_salt = NULL, hash = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                file.execute(f"UPDATE audit_entries SET {half} WHERE seq = 1")
        file.execute("UPDATE audit_entries SET detail = NULL, detail_salt = NULL WHERE seq = 1")
    assert trail.verify(session).ok


def test_a_row_at_another_place_is_named_for_what_it_is(session: Session) -> None:
    grow(session)
    stored = [
        rules.Facts(*(getattr(row(session, seq), column) for column in rules.Facts._fields)) for seq in range(1, 7)
    ]
    before = stored[2].hash
    assert rules.fault_of(KEY, stored[3], 4, before) is None
    assert rules.fault_of(KEY, stored[3], 3, before) is Fault.MISSING
    assert rules.fault_of(KEY, stored[3], 5, before) is Fault.MISPLACED
    assert rules.fault_of(KEY, stored[3], 4, stored[1].hash) is Fault.UNLINKED
