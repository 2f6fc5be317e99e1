"""What people take along: whole, checked by its own checksums, and theirs alone."""

import hashlib
import io
import json
import zipfile

import pytest

from tests.api.test_search import talk
from tests.client import Json, Person

pytestmark = pytest.mark.asyncio


async def opened(person: Person) -> zipfile.ZipFile:
    answer = await person.get("/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.testzip() is None
    return packed


async def tree(person: Person, conversation_id: str) -> list[Json]:
    items: list[Json] = (await person.get(f"/conversations/{conversation_id}/messages?all=true")).json()["items"]
    return items


async def test_a_conversation_is_exported_with_all_its_branches(owner: Person) -> None:
    conversation_id = await talk(owner, 'Über/Boote: ein "Plan"', "Wohin?", "Ans Meer. 海")
    first = (await tree(owner, conversation_id))[0]
    assert (await owner.patch(f"/conversations/{conversation_id}", {"current_leaf_id": first["id"]})).status_code == 200
    body = {"role": "assistant", "content": "In die Berge."}
    assert (await owner.post(f"/conversations/{conversation_id}/messages", body)).status_code == 201
    answer = await owner.get(f"/conversations/{conversation_id}/export")
    assert answer.headers["content-type"] == "application/json"
    plain, encoded = answer.headers["content-disposition"].removeprefix("attachment; ").split("; ")
    assert plain == 'filename="_ber Boote  ein  Plan .json"'
    assert encoded == "filename*=UTF-8''%C3%9Cber%20Boote%20%20ein%20%20Plan%20.json"
    whole = answer.json()
    assert (whole["format"], whole["version"], whole["title"]) == ("omniai.conversation", 1, 'Über/Boote: ein "Plan"')
    stored = await tree(owner, conversation_id)
    told = [(each["id"], each["parent_id"], each["role"], each["content"], each["state"]) for each in whole["messages"]]
    assert told == [(m["id"], m["parent_id"], m["role"], m["content"], m["state"]) for m in stored]
    assert len({each["parent_id"] for each in whole["messages"]}) == 2


async def test_the_branch_that_is_shown_is_exported_as_markdown(owner: Person) -> None:
    conversation_id = await talk(owner, "Boats", "Where to?", "To *the sea*.")
    answer = await owner.get(f"/conversations/{conversation_id}/export?format=markdown")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    lines = [line for line in answer.text.splitlines() if line and not line.endswith("UTC*")]
    assert lines == ["# Boats", "## You", "Where to?", "## Answer", "To *the sea*."]


async def test_everything_is_exported_with_checksums_and_nothing_of_others(owner: Person, member: Person) -> None:
    await talk(owner, "of the owner", "canary of the owner")
    kept = {await talk(member, f"talk {number}", f"question {number}", f"answer {number}") for number in range(7)}
    packed = await opened(member)
    manifest = json.loads(packed.read("manifest.json"))
    assert (manifest["format"], manifest["version"]) == ("omniai.export", 1)
    assert [file["name"] for file in manifest["files"]] == packed.namelist()[:-1]
    for file in manifest["files"]:
        data = packed.read(file["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    assert {f"conversations/{each}.json" for each in kept} == set(packed.namelist()) - {"account.json", "manifest.json"}
    account = json.loads(packed.read("account.json"))
    assert account["username"] == "maria"
    assert not any("password" in name or "hash" in name for name in account)
    everything = b"".join(packed.read(name) for name in packed.namelist())
    assert b"canary" not in everything
    one = min(kept)
    assert (
        json.loads(packed.read(f"conversations/{one}.json"))
        == (await member.get(f"/conversations/{one}/export")).json()
    )


async def test_a_person_with_nothing_gets_an_archive_too(member: Person) -> None:
    packed = await opened(member)
    assert packed.namelist() == ["account.json", "manifest.json"]


async def test_what_is_not_ones_own_is_not_there(owner: Person, member: Person) -> None:
    conversation_id = await talk(owner, "x", "y")
    for kind in ("json", "markdown"):
        answer = await member.get(f"/conversations/{conversation_id}/export?format={kind}")
        assert (answer.status_code, answer.json()["code"]) == (404, "CONVERSATION_NOT_FOUND")
    assert (await owner.get(f"/conversations/{conversation_id}/export?format=pdf")).status_code == 422
