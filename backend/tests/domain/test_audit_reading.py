"""The audit log: what it signs for, lists and exports."""

import csv
import hashlib
import hmac
import io
import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from app.core.errors import Code
from app.domain.audit import repository, rules
from app.domain.audit.errors import CheckpointInvalid
from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import Filter, Verdict, spreadsheet_safe, stamp
from app.domain.audit.service import (
    Act,
    Trail,
    append,
    detail_of,
    export_lines,
    list_entries,
    verify,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.domain.chain import KEY, MARIA, NOW, OWNER, grow, unguarded


def test_checkpoints_go_out_and_come_back(session: Session, trail: Trail) -> None:
    lines = []
    for number in range(1, 4):
        grow(session, 2)
        made = trail.checkpoint(session, NOW)
        assert made is not None
        assert made.seq == number * 2
        lines.append(made.line())
    assert set(json.loads(lines[0])) == {"seq", "hash", "at", "signature"}
    read = trail.parse_checkpoints("\n".join(lines) + "\n\n").whole()
    assert [found.seq for found in read] == [2, 4, 6]
    assert trail.verify(session, read) == Verdict(ok=True, checked=6)


def test_a_damaged_checkpoint_is_named_by_its_line(session: Session, trail: Trail) -> None:
    grow(session)
    made = trail.checkpoint(session, NOW)
    assert made is not None
    good = json.loads(made.line())
    bad: list[object] = [
        *({**good, "seq": 7}, {**good, "hash": "0" * 64}, {**good, "at": stamp(NOW + timedelta(1))}),
        *({**good, "signature": "0" * 64}, {**good, "signature": good["signature"] + "0"}, {**good, "signature": None}),
        *({**good, "signature": "\ud800"}, {**good, "seq": True}, {**good, "more": 1}, [good], 1, None),
        {name: good[name] for name in ("seq", "hash", "at")},
    ]
    for line in (*map(json.dumps, bad), "{", made.line()[:-1], "[" * 100_000, "1" * 5_000):
        with pytest.raises(CheckpointInvalid) as caught:
            trail.parse_checkpoints(f"{made.line()}\n{line}\n").whole()
        assert (caught.value.code, caught.value.detail) == (Code.CONFLICT, {"line": 2})
    with pytest.raises(CheckpointInvalid):
        Trail("another key").parse_checkpoints(made.line()).whole()
    assert CheckpointInvalid().detail is None
    assert "\n" not in CheckpointInvalid().text


def test_a_last_line_that_was_not_written_to_its_end_says_nothing(session: Session, trail: Trail) -> None:
    grow(session)
    made = trail.checkpoint(session, NOW)
    assert made is not None
    line = made.line()
    for cut in range(1, len(line)):
        assert trail.parse_checkpoints(f"{line}\n{line[:cut]}") == ([made], None, line[:cut])
        assert trail.parse_checkpoints(line[:cut]) == ([], None, line[:cut])
    assert trail.parse_checkpoints(f"{line}\n\x00\x00") == ([made], None, "\x00\x00")
    assert trail.parse_checkpoints(f"{line}\n{line}") == ([made, made], None, "")
    for bad in (f"{line}\n{line[:9]}\n{line}\n", f"{line}\n{line}{line}\n", f"{line}\n{{}}"):
        assert trail.parse_checkpoints(bad).bad_line == 2


def test_entries_are_listed_newest_first_in_pages(session: Session) -> None:
    grow(session, 5)
    seen, before, pages = [], None, 0
    while True:
        rows, before = list_entries(session, Filter(), 2, before)
        seen += [entry.seq for entry in rows]
        pages += 1
        if before is None:
            break
    assert (seen, pages) == ([5, 4, 3, 2, 1], 3)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(action="auth.login"), [1]),
        (Filter(action="auth."), [2, 1]),
        (Filter(action="auth"), [3]),
        (Filter(action="."), []),
        (Filter(action="auth%"), []),
        (Filter(actor="id-maria"), [4, 1]),
        (Filter(actor="maria"), [4, 1]),
        (Filter(actor="owner", outcome="refused"), [2]),
        (Filter(outcome="success"), [4, 3, 1]),
        (Filter(since=NOW + timedelta(hours=1)), [4, 3, 2]),
        (Filter(until=NOW + timedelta(hours=1)), [1]),
        (Filter(since=NOW.astimezone(timezone(timedelta(hours=5))), until=NOW + timedelta(hours=2)), [2, 1]),
        (Filter(since=datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))), [4, 3, 2, 1]),
        (Filter(until=datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))), [4, 3, 2, 1]),
    ],
)
def test_filters(session: Session, wanted: Filter, found: list[int]) -> None:
    acts = (
        Act("auth.login", actor_id="id-maria", actor_name="maria"),
        Act("auth.logout", "refused", actor_id="id-owner", actor_name="owner"),
        Act("auth", actor_id="id-owner", actor_name="owner"),
        Act("authority.given", actor_id="id-maria", actor_name="maria"),
    )
    for hour, act in enumerate(acts):
        append(session, KEY, act, NOW + timedelta(hours=hour))
    assert [entry.seq for entry in list_entries(session, wanted, 10)[0]] == found


def exported(session: Session, kind: rules.Format, limit: int = 2) -> str:
    text, after = "", 0
    while True:
        part, following = export_lines(session, kind, after, limit)
        text += part
        if following is None:
            return text
        after = following


def test_an_export_is_verified_elsewhere_with_the_key_alone(session: Session, trail: Trail) -> None:
    trail.note(session, MARIA, "auth.login", detail={"ü": "ß\u2029", "b": [1.5, None], "a": {"z": 1, "y": True}})
    trail.note_deletion(session, OWNER, "id-maria")
    trail.note(session, OWNER, "auth.login", detail={"b": 1, "a": "=1+1"})

    def text_of(value: object) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    def sha(salt: object, value: object) -> str:
        return hashlib.sha256(text_of([salt, value]).encode()).hexdigest()

    previous = "0" * 64
    lines = exported(session, "jsonl").splitlines()
    for seq, line in enumerate(lines, 1):
        entry = json.loads(line)
        detail = None if entry["detail"] is None else text_of(entry["detail"])
        if entry["who_salt"]:
            who = [entry[name] for name in ("actor_name", "address", "user_agent")]
            assert entry["who_digest"] == sha(entry["who_salt"], who)
        if entry["detail_salt"]:
            assert entry["detail_digest"] == sha(entry["detail_salt"], detail)
        names = ("at", "action", "outcome", "actor_id", "target_type", "target_id", "request_id")
        fixed = [seq, *(entry[name] for name in names), entry["who_digest"], entry["detail_digest"], previous]
        made = hmac.new(KEY.encode(), f"audit-entry|{text_of(fixed)}".encode(), hashlib.sha256).hexdigest()
        assert (entry["hash"], entry["previous_hash"]) == (made, previous)
        previous = entry["hash"]
    assert len(lines) == 3


def test_a_csv_has_one_header_and_every_column(session: Session) -> None:
    grow(session, 5)
    rows = list(csv.reader(io.StringIO(exported(session, "csv"))))
    assert rows[0] == list(rules.Facts._fields)
    assert rows[0][:13] == [
        *("seq", "at", "action", "outcome", "actor_id", "actor_name", "target_type", "target_id", "address"),
        *("user_agent", "request_id", "detail", "hash"),
    ]
    assert [line[0] for line in rows[1:]] == ["1", "2", "3", "4", "5"]
    assert rows[1][rows[0].index("detail")] == '{"n":0}'
    assert rows[1][rows[0].index("user_agent")] == ""
    assert {column.name for column in AuditEntry.__table__.columns} == set(rows[0])


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =cmd|' /C calc'!A0",
            "\u00a0\u2003@x",
            "\tx",
            "\rx",
        ),
        *("\uff1d1", " \uff20x"),
    ],
)
def test_no_spreadsheet_runs_a_cell(session: Session, cell: str) -> None:
    assert spreadsheet_safe(cell) == f"'{cell}"
    append(session, KEY, Act("auth.login", actor_name=cell, user_agent=cell, request_id=cell), NOW)
    for line in csv.reader(io.StringIO(exported(session, "csv"))):
        assert not [found for found in line if found.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff20"))]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("formula", ["=1+1", " @x", '"=1+1"', '""=1+1', "\uff1d1"])
def test_a_spreadsheet_that_parts_cells_elsewhere_runs_none_either(
    session: Session, delimiter: str, formula: str
) -> None:
    agent = f"a{delimiter}{formula}{delimiter}b"
    append(session, KEY, Act("auth.login", user_agent=agent, detail={"note": agent}), NOW)
    for line in csv.reader(io.StringIO(exported(session, "csv")), delimiter=delimiter):
        assert not [found for found in line if found.lstrip('" ').startswith(("=", "+", "-", "@", "\uff1d"))]
    assert all(line.startswith('"') for line in exported(session, "csv").splitlines())


@pytest.mark.parametrize("cell", ["", "maria", "1-1", "a=b", "a; b", "a;b=c", "'=1", '{"a":1}', "203.0.113.7"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert spreadsheet_safe(cell) == cell


def test_a_spoilt_detail_stops_neither_list_nor_export(session: Session, path: Path) -> None:
    grow(session, 4)
    with closing(unguarded(path)) as file:
        file.execute("UPDATE audit_entries SET detail = '{' WHERE seq = 1")
        file.execute("UPDATE audit_entries SET detail = '[1]' WHERE seq = 2")
        file.execute("UPDATE audit_entries SET detail = ? WHERE seq = 3", ["[" * 100_000])
        file.execute("UPDATE audit_entries SET user_agent = x'fe' WHERE seq = 4")
    session.expunge_all()
    session.rollback()
    rows, _ = list_entries(session, Filter(), 10)
    assert [detail_of(entry) for entry in rows] == [{"n": 3}, None, None, None]
    assert [json.loads(line)["detail"] for line in exported(session, "jsonl").splitlines()] == [
        None,
        None,
        None,
        {"n": 3},
    ]
    assert len(exported(session, "csv").splitlines()) == 5


def test_a_lock_is_not_taken_for_a_spoilt_row(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> list[rules.Facts]:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(repository, "facts_after", locked)
    with pytest.raises(OperationalError, match="locked"):
        verify(session, KEY)
