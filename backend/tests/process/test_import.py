"""Imports into real servers: a large one takes little memory, and one that is killed is taken up again."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.api.test_import import bring, counts, listed, told
from tests.client import Person
from tests.peers import exports
from tests.process.conftest import signed_in
from tests.process.server import serving
from tests.process.test_export import peak_memory

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
CONVERSATIONS, MESSAGES = 10, 1_500
MOST_MEMORY = 260_000
"""kB of resident memory, at any time: what a server takes and one conversation of the file."""


def long_one(number: int) -> exports.Json:
    """A conversation of ChatGPT's that is longer than a transaction."""
    nodes: list[tuple[str, str | None, exports.Json | None]] = [("root", None, None)]
    for place in range(MESSAGES):
        role = "assistant" if place % 2 else "user"
        text = f"message {place} of {number}: " + "lorem ipsum " * 20
        nodes.append((f"n{place}", nodes[-1][0], exports.said(role, text, at=exports.START + place)))
    return exports.chatgpt(number, mapping=exports.tree(*nodes), current_node=f"n{MESSAGES - 1}")


async def documents(person: Person) -> dict[str, object]:
    """Every conversation as it is exported."""
    answer = await person.get("/export", timeout=60)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: json.loads(packed.read(name)) for name in packed.namelist() if name.startswith("conversations/")}


async def test_a_large_import_takes_little_memory_and_moves_on_unchanged(tmp_path: Path) -> None:
    content = exports.zipped({"conversations.json": [long_one(number) for number in range(CONVERSATIONS)]})
    async with serving(tmp_path / "first") as server, signed_in(server) as owner:
        assert counts(await bring(owner, content)) == ("done", CONVERSATIONS, CONVERSATIONS, 0, 0)
        assert {row["message_count"] for row in await listed(owner)} == {MESSAGES}
        before, packed = await documents(owner), (await owner.get("/export", timeout=60)).content
        assert peak_memory(server.process.pid) < MOST_MEMORY
    async with serving(tmp_path / "second") as server, signed_in(server) as owner:
        assert counts(await bring(owner, packed)) == ("done", CONVERSATIONS, CONVERSATIONS, 0, 0)
        assert await documents(owner) == before


async def test_an_import_that_is_killed_says_so_and_is_taken_up_again(tmp_path: Path) -> None:
    content = exports.zipped({"conversations.json": [long_one(number) for number in range(CONVERSATIONS)]})
    async with serving(tmp_path) as server, signed_in(server) as owner:
        files = {"file": ("export.zip", content, "application/zip")}
        job = (await owner.request("POST", "/import", files=files)).json()
        while job["total"] < 2:
            await asyncio.sleep(0.02)
            job = (await owner.get(f"/import/{job['id']}")).json()
        await server.kill()
    async with serving(tmp_path) as server, signed_in(server) as owner:
        broken = (await owner.get(f"/import/{job['id']}")).json()
        assert broken["state"] == "failed"
        assert "Import the file again" in broken["report"][-1]["reason"]
        whole = await bring(owner, content)
        assert {result for _, result, _ in told(whole)} == {"imported", "skipped"}
        assert (whole["state"], whole["total"]) == ("done", CONVERSATIONS)
        assert [row["message_count"] for row in await listed(owner)] == [MESSAGES] * CONVERSATIONS
        assert counts(await bring(owner, content)) == ("done", CONVERSATIONS, 0, CONVERSATIONS, 0)


async def test_a_file_that_is_too_large_is_refused_as_it_comes(tmp_path: Path) -> None:
    async with serving(tmp_path, MAX_IMPORT_BYTES="100000") as server, signed_in(server) as owner:
        body = exports.zipped(
            {"conversations.json": [exports.chatgpt()], "noise.bin": bytes(200_000)}, zipfile.ZIP_STORED
        )
        files = {"file": ("export.zip", body, "application/zip")}
        refused = await owner.request("POST", "/import", files=files)
        assert (refused.status_code, refused.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")

        async def endless() -> object:
            yield b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n"
            for _ in range(100):
                yield bytes(10_000)

        headers = {"content-type": "multipart/form-data; boundary=x"}
        unannounced = await owner.request("POST", "/import", content=endless(), headers=headers)
        assert (unannounced.status_code, unannounced.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")
        assert counts(await bring(owner, exports.zipped({"conversations.json": [exports.chatgpt()]}))) == (
            "done",
            1,
            1,
            0,
            0,
        )
