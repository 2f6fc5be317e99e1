"""What people bring: ChatGPT's, Claude's and OmniAI's own exports, once, whole, and theirs alone."""

import asyncio
import json
import resource
import zipfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from app.core.ids import new_id

from tests.api.test_export import opened, tree
from tests.api.test_search import talk
from tests.client import Api, Json, Person, running_app
from tests.conftest import migrated, settings_for
from tests.peers import exports

pytestmark = pytest.mark.asyncio


async def bring(person: Person, content: bytes, name: str = "export.zip", *, dry_run: bool = False) -> Json:
    """Import a file and wait for its end."""
    path = f"/import?dry_run={str(dry_run).lower()}"
    answer = await person.request("POST", path, files={"file": (name, content, "application/zip")})
    assert answer.status_code == 202, answer.text
    job: Json = answer.json()
    while job["state"] in {"queued", "running"}:
        await asyncio.sleep(0.02)
        job = (await person.get(f"/import/{job['id']}")).json()
    return job


def told(job: Json) -> list[tuple[object, object, object]]:
    """What became of each conversation."""
    report = job["report"]
    assert isinstance(report, list)
    return [(row["source_id"], row["result"], row["reason"]) for row in report]


def counts(job: Json) -> tuple[object, ...]:
    """State, total, imported, skipped, failed."""
    return tuple(job[name] for name in ("state", "total", "imported", "skipped", "failed"))


async def listed(person: Person) -> list[Json]:
    """Every conversation that is not put away."""
    items: list[Json] = (await person.get("/conversations?limit=200")).json()["items"]
    return items


async def shown(person: Person, title: str) -> list[Json]:
    """The branch that is shown of a conversation."""
    [found] = [row for row in await listed(person) if row["title"] == title]
    items: list[Json] = (await person.get(f"/conversations/{found['id']}/messages")).json()["items"]
    return items


async def unpacked(person: Person) -> dict[str, object]:
    """What an export holds, without the moment of its making."""
    packed = await opened(person)
    files = {name: json.loads(packed.read(name)) for name in packed.namelist()}
    return {name: content for name, content in files.items() if name not in {"account.json", "manifest.json"}}


def outlines(messages: Iterable[Json]) -> list[tuple[object, object]]:
    """Who said what."""
    return [(message["role"], message["content"]) for message in messages]


async def test_chatgpt_keeps_branches_dates_models_and_the_way_to_an_answer(owner: Person) -> None:
    job = await bring(owner, exports.zipped({"conversations.json": [exports.chatgpt()]}))
    assert counts(job) == ("done", 1, 1, 0, 0)
    [found] = await listed(owner)
    assert (found["title"], found["pinned"], found["archived"]) == ("Tides 0", True, False)
    assert str(found["created_at"]).startswith("2025-06-15T15:06:40.25")
    assert str(found["last_message_at"]).startswith("2025-06-15T15:06:46.25")
    question, answer, thanks = await shown(owner, "Tides 0")
    assert (question["role"], question["content"], question["model"]) == ("user", "When is the tide? (0)", None)
    assert answer["content"] == (
        "**python**\n\n```\nsearch('tide')\n```\n\n**python**\n\n````\ntide: high ``` at 9\n````\n\n"
        "At nine.([Tides](https://tides.example)) x"
    )
    assert (answer["provider"], answer["model"], answer["state"]) == ("chatgpt", "gpt-5", "complete")
    assert "Look at the coast." in json.dumps(answer["parts"])
    assert answer["sibling_count"] == 2
    assert thanks["content"] == "Thanks!"
    others = [message for message in await tree(owner, str(found["id"])) if message["model"] == "gpt-4o"]
    assert outlines(others) == [("assistant", "At eight.")]
    assert found["message_count"] == 4


async def test_chatgpts_split_export_is_one(owner: Person) -> None:
    parts = {f"conversations-{part:03}.json": [exports.chatgpt(part)] for part in range(3)}
    extras = {"export_manifest.json": {"parts": 3}, "chat.html": b"<html>", "user.json": {"id": "user-1"}}
    job = await bring(owner, exports.zipped({**extras, **parts}))
    assert counts(job) == ("done", 3, 3, 0, 0)
    assert {row["title"] for row in await listed(owner)} == {"Tides 0", "Tides 1", "Tides 2"}


async def test_claude_keeps_edited_questions_pastes_and_thoughts(owner: Person) -> None:
    job = await bring(owner, exports.zipped({"conversations.json": [exports.claude()], "users.json": []}))
    assert counts(job) == ("done", 1, 1, 0, 0)
    question, answer = await shown(owner, "Sails 0")
    assert question["content"] == "**paste.txt**\n\n```\nA pasted list\n```\n\n*file: boat.png*"
    assert question["sibling_count"] == 2
    assert str(answer["content"]).endswith("Use three sails.")
    assert '"type": "hologram"' in str(answer["content"])
    assert "Sails first." in str(answer)
    [found] = await listed(owner)
    assert outlines((await tree(owner, str(found["id"])))[:2]) == [("user", "Which sails?"), ("assistant", "Two.")]


@pytest.mark.parametrize("first", ["[", " \n[", "\ufeff["])
async def test_the_bare_json_is_taken_too(owner: Person, first: str) -> None:
    text = json.dumps([exports.claude(), exports.chatgpt()]).replace("[", first, 1)
    job = await bring(owner, text.encode(), "conversations.json")
    assert counts(job) == ("done", 2, 2, 0, 0)


async def test_a_dry_run_tells_and_stores_nothing(owner: Person) -> None:
    content = exports.zipped({"conversations.json": [exports.chatgpt(), exports.chatgpt(1, mapping=None)]})
    dry = await bring(owner, content, dry_run=True)
    assert (dry["dry_run"], *counts(dry)) == (True, "done", 2, 1, 0, 1)
    assert await listed(owner) == []
    assert told(await bring(owner, content)) == told(dry)


async def test_importing_again_changes_nothing_and_a_longer_one_adds(owner: Person) -> None:
    content = exports.zipped({"conversations.json": [exports.chatgpt(), exports.claude()]})
    await bring(owner, content)
    [first] = [row for row in await listed(owner) if row["title"] == "Tides 0"]
    await owner.patch(f"/conversations/{first['id']}", {"title": "My tides"})
    before = await unpacked(owner)
    again = await bring(owner, content)
    assert counts(again) == ("done", 2, 0, 2, 0)
    assert {reason for _, _, reason in told(again)} == {"It is here already."}
    assert await unpacked(owner) == before
    longer = exports.chatgpt()
    more = exports.tree(("q3", "q2", exports.said("user", "One more?", at=exports.START + 60)))["q3"]
    nodes = longer["mapping"]
    assert isinstance(nodes, dict)
    nodes["q3"] = more
    job = await bring(owner, json.dumps([{**longer, "current_node": "q3"}]).encode())
    assert told(job) == [("chat-0", "imported", "New messages: 1.")]
    assert [row["content"] for row in await shown(owner, "My tides")][-2:] == ["Thanks!", "One more?"]
    assert len(await listed(owner)) == 2


async def test_an_export_imported_elsewhere_is_exported_as_it_was(owner: Person, member: Person) -> None:
    conversation_id = await talk(member, "Boats 海 <b>", "Where to?", "To *the sea*.")
    first = (await tree(member, conversation_id))[0]
    await member.patch(f"/conversations/{conversation_id}", {"current_leaf_id": first["id"], "pinned": True})
    await member.post(f"/conversations/{conversation_id}/messages", {"role": "assistant", "content": "Inland."})
    await bring(member, exports.zipped({"conversations.json": [exports.chatgpt()]}))
    for fact in ("I sail on Sundays", "海が好き"):
        assert (await member.post("/memory", {"content": fact})).status_code == 201
    packed, before = (await member.get("/export")).content, await unpacked(member)
    assert len(before) == 3
    for each in await listed(member):
        assert (await member.delete(f"/conversations/{each['id']}")).status_code == 204
    assert (await member.delete("/memory")).status_code == 204
    assert counts(await bring(owner, packed, dry_run=True)) == ("done", 3, 3, 0, 0)
    assert counts(await bring(owner, packed)) == ("done", 3, 3, 0, 0)
    assert await unpacked(owner) == before
    # The ids are the owner's now: whoever exported them gets copies, once.
    assert counts(await bring(member, packed)) == ("done", 3, 3, 0, 0)
    assert counts(await bring(member, packed)) == ("done", 3, 0, 3, 0)
    assert len((await member.get("/memory")).json()["items"]) == 2
    assert len(await listed(member)) == 2
    assert await unpacked(owner) == before


async def test_one_conversation_that_was_exported_is_taken_back(owner: Person) -> None:
    conversation_id = await talk(owner, "Boats", "Where to?", "To the sea.")
    document = (await owner.get(f"/conversations/{conversation_id}/export")).content
    assert counts(await bring(owner, document, "Boats.json")) == ("done", 1, 0, 1, 0)
    await owner.delete(f"/conversations/{conversation_id}")
    assert counts(await bring(owner, document, "Boats.json")) == ("done", 1, 1, 0, 0)
    assert [row["id"] for row in await listed(owner)] == [conversation_id]


async def test_a_changed_export_is_refused_by_its_checksum(owner: Person) -> None:
    conversation_id = await talk(owner, "Boats", "Where to?", "To the sea.")
    packed = await opened(owner)
    files: dict[str, object] = {name: packed.read(name) for name in packed.namelist()}
    name = f"conversations/{conversation_id}.json"
    changed = packed.read(name).replace(b"sea", b"bar")
    await owner.delete(f"/conversations/{conversation_id}")
    job = await bring(owner, exports.zipped({**files, name: changed}))
    assert told(job) == [(None, "failed", "Its checksum is not the manifest's.")]
    missing = await bring(owner, exports.zipped({key: value for key, value in files.items() if key != name}))
    assert told(missing) == [(None, "failed", "The manifest names it, and it is not in the zip.")]
    assert await listed(owner) == []


async def test_what_is_imported_is_found_and_can_be_gone_on_with(owner: Person) -> None:
    await bring(owner, exports.zipped({"conversations.json": [exports.chatgpt()]}))
    [found] = await listed(owner)
    hits = (await owner.get("/search?q=thanks")).json()["items"]
    assert [hit["conversation_id"] for hit in hits] == [found["id"]]
    events = await owner.ask("And tomorrow?", conversation_id=found["id"])
    assert events[-1].name == "done"
    assert (await shown(owner, "Tides 0"))[-2]["content"] == "And tomorrow?"


async def test_an_import_is_its_owners_alone(api: Api, owner: Person, member: Person) -> None:
    job = await bring(owner, exports.zipped({"conversations.json": [exports.claude()]}))
    foreign, unknown = await member.get(f"/import/{job['id']}"), await member.get(f"/import/{new_id()}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "NOT_FOUND") == (unknown.status_code, "NOT_FOUND")
    assert await listed(member) == []


async def test_a_person_imports_one_file_at_a_time(owner: Person) -> None:
    content = exports.zipped({"conversations.json": [exports.chatgpt(number) for number in range(40)]})
    files = {"file": ("a.zip", content, "application/zip")}
    answers = await asyncio.gather(*(owner.request("POST", "/import", files=files) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409]
    job = next(answer.json() for answer in answers if answer.status_code == 202)
    while job["state"] in {"queued", "running"}:
        await asyncio.sleep(0.02)
        job = (await owner.get(f"/import/{job['id']}")).json()
    assert counts(job) == ("done", 40, 40, 0, 0)


def damaged(whole: bytes, place: int) -> bytes:
    """A file with a byte turned over."""
    return whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]


def locked(whole: bytes) -> bytes:
    """A zip whose files say that they are encrypted."""
    at, central = whole.index(b"PK\x03\x04"), whole.index(b"PK\x01\x02")
    bits = bytearray(whole)
    bits[at + 6] |= 1
    bits[central + 8] |= 1
    return bytes(bits)


WHOLE = exports.zipped({"conversations.json": [exports.chatgpt(), exports.claude()]})
PLAIN = json.dumps([exports.chatgpt(), exports.claude()]).encode()
BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "neither a zip nor JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "neither a zip nor JSON"),
    "a page": (b"<html></html>", "neither a zip nor JSON"),
    "UTF-16": (json.dumps([exports.chatgpt()]).encode("utf-16"), "neither a zip nor JSON"),
    "a cut zip": (WHOLE[: len(WHOLE) // 2], "damaged"),
    "a zip without its end": (WHOLE[:-10], "damaged"),
    "a flipped byte": (damaged(WHOLE, 200), "damaged"),
    "a zip with a password": (locked(WHOLE), "password"),
    "a zip of pictures": (exports.zipped({"a.png": b"png"}), "no conversations in the zip"),
    "an odd method": (exports.zipped({"conversations.json": [1]}).replace(b"\x08\x00", b"\x63\x00"), "damaged"),
    "cut JSON": (PLAIN[:-20], "damaged"),
    "no JSON": (b"[{]", "damaged"),
    "bad UTF-8": (b'[{"chat_messages": "\xff"}]', "damaged"),
    "NaN": (b'[{"mapping": NaN}]', "damaged"),
    "an empty list": (b"[]", "no conversations in the file"),
    "an empty zip": (exports.zipped({}), "neither a zip nor JSON"),
    "a zip bomb": (exports.zipped({"conversations.json": b"[" + b" " * (64 << 20) + b"]"}), "inflates to more"),
    "a newer export": (exports.zipped({"manifest.json": {"format": "omniai.export", "version": 2}}), "newer OmniAI"),
    "a manifest only": (
        exports.zipped({"manifest.json": {"format": "omniai.export", "version": 1}}),
        "no conversations",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_what_cannot_be_read_fails_with_its_reason(owner: Person, name: str) -> None:
    content, reason = BROKEN[name]
    job = await bring(owner, content, "what.zip")
    assert job["state"] == "failed"
    report = job["report"]
    assert isinstance(report, list)
    assert (report[-1]["result"], report[-1]["source_id"]) == ("failed", None)
    assert reason in report[-1]["reason"]


ODD: dict[str, tuple[object, str]] = {
    "a number": (7, "no conversation of"),
    "a list": ([[]], "no conversation of"),
    "an unknown object": ({"id": "x", "title": "What?"}, "no conversation of"),
    "no mapping": (exports.chatgpt(9, mapping=None), "entry is damaged"),
    "a mapping of nothing": (exports.chatgpt(9, mapping={"a": None, "b": 3}), "entry is damaged"),
    "only hidden": (
        exports.chatgpt(9, mapping=exports.tree(("a", None, exports.said("user", "x", weight=0)))),
        "no messages",
    ),
    "messages that are none": (exports.claude(9, chat_messages=[1, None, "x"]), "no messages"),
    "no messages": (exports.claude(9, chat_messages="none"), "no messages"),
    "an own one without fields": ({"format": "omniai.conversation", "version": 1, "id": "x"}, "not as an export is"),
    "an own one of tomorrow": ({"format": "omniai.conversation", "version": 2, "id": "x"}, "newer OmniAI"),
}


@pytest.mark.parametrize("name", ODD)
async def test_an_odd_entry_fails_alone(owner: Person, name: str) -> None:
    entry, reason = ODD[name]
    job = await bring(owner, json.dumps([exports.claude(1), entry, exports.chatgpt(2)]).encode())
    assert counts(job) == ("done", 3, 2, 0, 1)
    assert reason in str(told(job)[1][2])


async def test_conversations_without_an_id_are_told_apart_by_what_is_in_them(owner: Person) -> None:
    nameless = {"id": None, "conversation_id": None}
    entries = [exports.chatgpt(1, **nameless), exports.chatgpt(2, **nameless), exports.claude(3, uuid=None)]
    content = json.dumps(entries).encode()
    assert counts(await bring(owner, content)) == ("done", 3, 3, 0, 0)
    assert counts(await bring(owner, content)) == ("done", 3, 0, 3, 0)
    assert {row["title"] for row in await listed(owner)} == {"Tides 1", "Tides 2", "Sails 3"}


async def test_odd_links_lose_no_message(owner: Person) -> None:
    circle = exports.tree(
        ("a", "c", exports.said("user", "A")),
        ("b", "a", exports.said("assistant", "B")),
        ("c", "b", exports.said("user", "C")),
        ("d", "gone", exports.said("user", "D")),
        ("e", "e", exports.said("user", "E\x00\ud800")),
    )
    entry = exports.chatgpt(5, mapping=circle, current_node="nowhere", create_time=-5, title=None, default_model_slug=3)
    assert counts(await bring(owner, json.dumps([entry]).encode())) == ("done", 1, 1, 0, 0)
    [found] = await listed(owner)
    messages = await tree(owner, str(found["id"]))
    assert {row["content"] for row in messages} == {"A", "B", "C", "D", "E\ufffd?"}
    assert [row["parent_id"] for row in messages].count(None) == 3
    assert found["title"] == "New conversation"


async def test_a_file_that_finds_no_room_is_refused_and_the_next_is_taken(owner: Person) -> None:
    content = exports.zipped({"conversations.json": [exports.claude()], "noise": bytes(4 << 20)}, zipfile.ZIP_STORED)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, hard))
    try:
        refused = await owner.request("POST", "/import", files={"file": ("a.zip", content)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (refused.status_code, refused.json()["code"]) == (507, "STORAGE_FULL")
    assert counts(await bring(owner, content)) == ("done", 1, 1, 0, 0)


async def test_a_file_is_counted_as_it_comes_whatever_was_announced(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n"
        for _ in range(100):
            yield bytes(10_000)

    async with running_app(migrated(settings_for(tmp_path, MAX_IMPORT_BYTES="100000"))) as api:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        refused = await (await api.bootstrap()).request("POST", "/import", content=endless(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_file_of_another_kind_is_refused_at_the_door(owner: Person) -> None:
    refused = await owner.post("/import", {"file": "x"})
    assert (refused.status_code, refused.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    empty = await owner.request("POST", "/import", files={"other": ("a.zip", WHOLE)})
    assert (empty.status_code, empty.json()["code"]) == (422, "VALIDATION_ERROR")
    two = await owner.request("POST", "/import", files=[("file", ("a", WHOLE)), ("file", ("b", WHOLE))])
    assert (two.status_code, two.json()["code"]) == (400, "BAD_REQUEST")
    headers = {"content-type": "multipart/form-data; boundary=x"}
    broken = await owner.request("POST", "/import", content=b"--x\r\nbroken", headers=headers)
    assert (broken.status_code, broken.json()["code"]) in {(400, "BAD_REQUEST"), (422, "VALIDATION_ERROR")}
