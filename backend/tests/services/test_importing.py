"""Whatever a file holds, reading it ends with drafts or reasons, and nothing grows without end."""

import contextlib
import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from app.services.importing import upload
from app.services.importing.draft import Draft, Unreadable, fenced, moment
from app.services.importing.tree import walk
from app.services.importing.upload import Found, conversations
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.peers import exports

CHATGPT, CLAUDE = exports.chatgpt(), exports.claude()
NAMES = st.sampled_from(["a", "b", "c", "root", "q"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | NAMES, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    sorted({*CHATGPT, *exports.said("user", ""), "content_type", "parts", "thoughts", "parent", "children", "message"})
    + sorted({*CLAUDE, "sender", "content", "type", "attachments", "files", "extracted_content", "input"})
)
MESSAGES = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=4), max_size=6)
NODES = st.fixed_dictionaries(
    {"parent": NAMES | VALUES, "children": st.lists(NAMES, max_size=3) | VALUES, "message": MESSAGES}
)


def read(content: bytes) -> list[Found]:
    """Everything in a file."""
    return list(conversations(io.BytesIO(content), "file"))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(KEYS, VALUES, max_size=5),
    st.dictionaries(NAMES, NODES, max_size=5),
    st.lists(
        st.dictionaries(KEYS, VALUES | st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=2), max_size=6)
    ),
)
def test_any_entry_is_a_draft_or_a_reason(
    odd: dict[str, object], mapping: dict[str, object], messages: list[dict[str, object]]
) -> None:
    entries = [{**CHATGPT, **odd}, {**odd, "mapping": mapping}, {**CLAUDE, **odd}, {**odd, "chat_messages": messages}]
    found = read(json.dumps(entries).encode())
    assert len(found) == len(entries)
    for one in found:
        if isinstance(one, Draft):
            assert all(message.parent is None or message.parent < place for place, message in enumerate(one.messages))
            json.dumps([message.content.encode().decode() for message in one.messages])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_is_a_reason(data: st.DataObject) -> None:
    whole = exports.zipped({"conversations.json": [CHATGPT], "user.json": {}})
    place = data.draw(st.integers(0, len(whole) - 1))
    piece = data.draw(st.binary(max_size=6))
    with contextlib.suppress(Unreadable):
        read(whole[:place] + piece + whole[place + data.draw(st.integers(0, 9)) :])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, st.none() | NAMES | st.just("gone")), st.dictionaries(NAMES, st.lists(NAMES, max_size=4)))
def test_a_walk_visits_every_node_once_below_its_parent(
    parents: dict[str, str | None], order: dict[str, list[str]]
) -> None:
    seen: list[str] = []
    for node in walk(parents, order):
        assert node.parent is None or node.parent in seen
        seen.append(node.id)
    assert sorted(seen) == sorted(parents)


def test_siblings_stand_in_the_order_of_the_file() -> None:
    parents = {"r": None, "a": "r", "b": "r", "c": "r"}
    assert [node.id for node in walk(parents, {"r": ["c", "a"]})] == ["r", "c", "a", "b"]


def test_deep_nesting_is_refused() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    unknown = json.dumps({**CLAUDE, "chat_messages": "DEEP"}).replace(
        '"DEEP"', f'[{{"uuid":"a","content":[{{"type":{deep}}}]}}]'
    )
    for content in (deep, f'[{{"mapping": {deep}}}]', f"[{unknown}]"):
        with pytest.raises(Unreadable, match="nested deeper"):
            read(content.encode())


def test_a_conversation_that_would_fill_the_memory_is_refused_and_many_small_ones_are_not() -> None:
    with pytest.raises(Unreadable, match="larger than any that people have"):
        read(b'[{"mapping": "' + b"x" * upload.ENTRY_BYTES + b'"}]')
    wide = json.dumps({"chat_messages": "x" * (upload.ENTRY_BYTES // 4)})
    assert len(read(f"[{', '.join([wide] * 6)}]".encode())) == 6


def test_a_directory_that_is_too_long_is_not_read() -> None:
    whole = bytearray(exports.zipped({"conversations.json": []}))
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (upload.DIRECTORY_BYTES + 1).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="lists more files"):
        read(bytes(whole))


def test_forged_sizes_inflate_no_more_than_is_told() -> None:
    whole = bytearray(exports.zipped({"conversations.json": b"[" + b" " * 100_000 + b"]"}))
    central = whole.index(b"PK\x01\x02")
    whole[central + 24 : central + 28] = (3).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        read(bytes(whole))


def test_a_name_in_a_zip_is_never_a_path_here() -> None:
    found = read(
        exports.zipped({"../../../tmp/evil/conversations.json": [CHATGPT], "/etc/conversations.json": [CLAUDE]})
    )
    assert [type(one) for one in found] == [Draft, Draft]


def test_stored_and_deflated_zips_are_read_alike() -> None:
    files: dict[str, object] = {"conversations.json": [CHATGPT, CLAUDE]}
    assert read(exports.zipped(files, zipfile.ZIP_STORED)) == read(exports.zipped(files))


@pytest.mark.parametrize("content", ["", "plain", "``` three", "````` five `````\n```"])
def test_a_fence_is_longer_than_what_it_holds(content: str) -> None:
    first, *inner, last = fenced(content).splitlines()
    assert first == last
    assert "\n".join(inner) == content
    assert first not in content


@pytest.mark.parametrize(
    "value",
    [None, True, -1, 0, 10**400, Decimal("1e300"), Decimal("-0.5"), "", "yesterday", "9999-12-31T23:59:59Z", [], {}],
)
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) is None


def test_a_time_without_a_zone_is_utc() -> None:
    assert moment("2026-03-01T09:00:00") == datetime(2026, 3, 1, 9, tzinfo=UTC) == moment("2026-03-01T10:00:00+01:00")
