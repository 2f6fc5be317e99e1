"""One command is enough: a real OmniAI with a model file in its data folder answers, and leaves no process behind."""

import asyncio
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.client import Person, parse_events
from tests.peers import process
from tests.process.conftest import signed_in
from tests.process.server import BACKEND, Server, environment, serving
from tests.providers.conftest import eventually
from tests.providers.shelves import SAYS, children_of, is_gone

pytestmark = [pytest.mark.asyncio, pytest.mark.process, pytest.mark.llm]

WITHOUT_ENGINE = """
from app.providers.embedded import provider
provider.ENGINE = "no_such_engine"
from app.cli import main
main()
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models."""
    if not process.has_llama():
        pytest.skip(process.NO_LLAMA)
    return process.write_models(tmp_path_factory.mktemp("written"))


@pytest.fixture
def home(written: Path, tmp_path: Path) -> Path:
    """A data folder with a model in it."""
    (tmp_path / "models").mkdir()
    shutil.copy(written / "tiny-stop.gguf", tmp_path / "models" / "tiny.gguf")
    return tmp_path


async def ask(person: Person, **wishes: str) -> dict[str, Any]:
    """A question's answer by its events' names; a repeated event's text is joined."""
    body = {"message": {"role": "user", "content": "Say it."}, "temperature": 0, **wishes}
    answer = await person.http.post("/chat/stream", json=body, headers=person.headers)
    assert answer.status_code == 200, answer.text
    events = parse_events(answer.text)
    text = "".join(str(event.data["text"]) for event in events if event.name == "delta")
    return {**{event.name: event.data for event in events}, "text": text}


async def test_a_file_in_the_data_folder_answers(home: Path) -> None:
    async with serving(home, LMSTUDIO_BASE_URL="http://127.0.0.1:9/v1") as server, signed_in(server) as owner:
        assert children_of(server.process.pid) == []
        said = await ask(owner)
        assert (said["meta"]["provider"], said["meta"]["model"]) == ("embedded", "tiny")
        assert said["text"] == SAYS
        assert said["done"]["status"] == "complete"
        [pid] = children_of(server.process.pid)
        listed = (await owner.http.get("/providers/embedded/models", headers=owner.headers)).json()["items"]
        assert [(model["id"], model["context_length"]) for model in listed] == [("tiny", 8_192)]
        assert await server.stop() == 0
        assert is_gone(pid)


async def test_a_killed_server_takes_its_child_along(home: Path) -> None:
    async with serving(home) as server, signed_in(server) as owner:
        await ask(owner, provider="embedded")
        [pid] = children_of(server.process.pid)
        await server.kill()
        await eventually(lambda: is_gone(pid), 3)


async def test_a_drained_server_lets_the_answer_end_though_the_whole_group_is_told(
    written: Path, tmp_path: Path
) -> None:
    names = {"EMBEDDED_MODELS": str(written / "tiny-long.gguf"), "EMBEDDED_CONTEXT": "65536", "DRAIN_SECONDS": "2"}
    async with serving(tmp_path, **names) as server, signed_in(server) as owner:
        running = asyncio.create_task(ask(owner, provider="embedded"))
        await eventually(lambda: bool(children_of(server.process.pid)), 10)
        [pid] = children_of(server.process.pid)
        await asyncio.sleep(1)
        os.kill(pid, signal.SIGTERM)
        assert await server.stop() == 0
        said = await running
        assert said["done"]["status"] == "interrupted"
        assert "error" not in said
        assert is_gone(pid)


async def test_a_broken_file_is_said_in_the_answer(home: Path) -> None:
    whole = (home / "models" / "tiny.gguf").read_bytes()
    (home / "models" / "tiny.gguf").write_bytes(whole[:-1000])
    async with serving(home) as server, signed_in(server) as owner:
        said = await ask(owner, provider="embedded")
        assert (said["error"]["code"], said["done"]["status"]) == ("PROVIDER_ERROR", "error")
        assert str(home) not in said["error"]["message"]
        assert children_of(server.process.pid) == []


async def test_without_the_engine_one_line_says_so_and_the_rest_works(home: Path) -> None:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WITHOUT_ENGINE, "serve"),
        cwd=BACKEND,
        env=environment(home),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    greeting = (await asyncio.wait_for(server.stdout.readline(), 20)).decode()
    address = re.search(r"(http://\S+)/", greeting)
    assert address is not None
    try:
        await asyncio.to_thread(wait_for_health, address[1])
        async with signed_in(Server(address[1], server, greeting)) as owner:
            await owner.http.get("/models", headers=owner.headers)
            listed = (await owner.http.get("/admin/providers", headers=owner.headers)).json()["items"]
        [own] = [item for item in listed if item["id"] == "embedded"]
        assert (own["label"], own["state"]) == ("This machine (engine not installed)", "down")
        assert own["error_code"] == "PROVIDER_UNREACHABLE"
    finally:
        server.terminate()
        _, errors = await asyncio.wait_for(server.communicate(), 30)
    lines = [line for line in errors.decode().splitlines() if "engine" in line]
    assert len(lines) == 1
    assert lines[0].startswith("omniai: warning: ")
    assert "make run" in lines[0]


def wait_for_health(address: str) -> None:
    """Wait until a server answers."""
    with httpx2.Client(transport=httpx2.HTTPTransport(retries=10)) as http:
        assert http.get(f"{address}/health").status_code == 200
