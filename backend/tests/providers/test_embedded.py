"""The embedded provider on the real engine: starts on demand, survives its children's deaths, leaves none behind."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from app.providers.base import (
    ModelMissing,
    ProviderContextTooLong,
    ProviderError,
    ProviderInterrupted,
    ProviderTimedOut,
    TextDelta,
)
from app.providers.embedded import child
from app.providers.embedded.provider import EmbeddedProvider
from app.providers.embedded.shelf import ModelFile
from app.providers.http import Deadlines
from structlog.testing import capture_logs

from tests.contract.conftest import wait_until
from tests.peers import process
from tests.providers.conftest import eventually, heard
from tests.providers.shelves import SAYS, children_of, head, is_gone, pids, provider_of, question, said

pytestmark = pytest.mark.llm

TRAINED_FOR = 65_536  # every tiny model


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that answers, one that does not stop, one that thinks, and one that was not copied to its end."""
    if not process.has_llama():
        pytest.skip(process.NO_LLAMA)
    folder = process.write_models(tmp_path_factory.mktemp("models"))
    whole = (folder / "tiny-stop.gguf").read_bytes()
    (folder / "broken.gguf").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture
async def provider(shelf: Path) -> AsyncIterator[EmbeddedProvider]:
    """The provider, with one model in memory."""
    async with aclosing(provider_of(shelf)) as made:
        yield made


async def loaded(provider: EmbeddedProvider) -> list[str]:
    return [model.id for model in await provider.models() if model.loaded]


async def test_a_model_is_loaded_when_somebody_asks_and_only_once(provider: EmbeddedProvider) -> None:
    assert await loaded(provider) == []
    with capture_logs() as logs:
        answers = await asyncio.gather(*(said(provider, "tiny-stop") for _ in range(4)))
    assert answers == [SAYS] * 4
    assert [entry["event"] for entry in logs] == ["model_loaded"]
    assert await loaded(provider) == ["tiny-stop"]


async def test_a_child_killed_in_mid_answer_interrupts_it_and_the_next_answer_works(provider: EmbeddedProvider) -> None:
    stream = provider.stream(question("tiny-long"))
    assert isinstance(await anext(stream), TextDelta)
    [pid] = pids(provider)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProviderInterrupted):
        async for _ in stream:
            pass
    assert await loaded(provider) == []
    assert await said(provider, "tiny-stop") == SAYS


async def test_a_child_killed_before_its_first_word_interrupts_too(provider: EmbeddedProvider) -> None:
    await said(provider, "tiny-stop")
    [pid] = pids(provider)
    os.kill(pid, signal.SIGSTOP)
    asked = asyncio.create_task(said(provider, "tiny-stop"))
    await asyncio.sleep(0.2)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProviderInterrupted):
        await asked


async def test_a_child_that_dies_while_idle_is_started_anew_as_often_as_it_answers(provider: EmbeddedProvider) -> None:
    await said(provider, "tiny-stop")
    for _ in range(3):
        [pid] = pids(provider)
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: not pids(provider))
        assert await said(provider, "tiny-stop") == SAYS


async def test_no_deadline_runs_while_others_have_the_slots(shelf: Path) -> None:
    async with aclosing(provider_of(shelf, slots=1, context=65_536, first_token_seconds=1)) as provider:
        first = provider.stream(question("tiny-long"))
        await anext(first)
        late = asyncio.create_task(anext(provider.stream(question("tiny-long"))))
        until = time.monotonic() + 2
        while time.monotonic() < until:
            await anext(first)
        assert not late.done()
        await first.aclose()
        assert isinstance(await late, TextDelta)


async def test_a_process_that_cannot_be_started_is_an_error(
    provider: EmbeddedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with capture_logs() as logs:
        _, error = await heard(provider, question("tiny-stop"))
    assert type(error) is ProviderError
    assert "No such file" in logs[0]["reason"]


async def test_a_child_that_hangs_is_replaced(shelf: Path) -> None:
    async with aclosing(provider_of(shelf, idle_seconds=1)) as provider:
        stream = provider.stream(question("tiny-long"))
        assert isinstance(await anext(stream), TextDelta)
        [pid] = pids(provider)
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ProviderTimedOut):
            async for _ in stream:
                pass
        assert is_gone(pid)
        assert await said(provider, "tiny-stop") == SAYS


async def test_a_model_that_dies_again_and_again_rests_and_is_forgiven(provider: EmbeddedProvider) -> None:
    async def die() -> None:
        stream = provider.stream(question("tiny-long"))
        await anext(stream)
        os.kill(pids(provider)[0], signal.SIGKILL)
        with pytest.raises(ProviderInterrupted):
            async for _ in stream:
                pass

    await die()
    await die()
    with pytest.raises(ProviderError) as refused:
        await anext(provider.stream(question("tiny-long")))
    assert type(refused.value) is ProviderError
    assert refused.value.retry_after == 1
    assert await said(provider, "tiny-stop") == SAYS
    await asyncio.sleep(1)
    async with aclosing(provider.stream(question("tiny-long"))) as stream:
        assert isinstance(await anext(stream), TextDelta)


async def test_a_broken_file_is_an_error_without_a_loop_of_starts(provider: EmbeddedProvider) -> None:
    with capture_logs() as logs:
        for _ in range(5):
            async with asyncio.timeout(10):
                _, error = await heard(provider, question("broken"))
            assert type(error) is ProviderError
            assert "log" in error.text
    assert [entry["event"] for entry in logs] == ["model_not_loaded"] * 2
    assert "within the file bounds" in logs[0]["reason"]
    assert pids(provider) == []
    assert await said(provider, "tiny-stop") == SAYS


async def test_another_model_waits_for_running_answers_and_then_takes_its_turn(provider: EmbeddedProvider) -> None:
    first = provider.stream(question("tiny-long"))
    await anext(first)
    [old] = pids(provider)
    other = asyncio.create_task(said(provider, "tiny-stop"))
    await asyncio.sleep(0.1)
    late = provider.stream(question("tiny-long"))
    begun = asyncio.create_task(anext(late))
    await asyncio.sleep(0.3)
    assert isinstance(await anext(first), TextDelta)
    assert not other.done()
    assert not begun.done()
    await first.aclose()
    assert await other == SAYS
    assert is_gone(old)
    assert isinstance(await begun, TextDelta)
    assert await loaded(provider) == ["tiny-long"]
    await late.aclose()


async def test_two_models_may_be_in_memory_and_the_one_that_rested_longer_goes(shelf: Path) -> None:
    async with aclosing(provider_of(shelf, models_in_memory=2)) as provider:
        for model in ("tiny-stop", "tiny-think"):
            await said(provider, model)
        kept = pids(provider)
        assert await said(provider, "tiny-stop") == SAYS
        assert pids(provider) == kept[::-1]
        async with aclosing(provider.stream(question("tiny-long"))) as stream:
            await anext(stream)
        assert sorted(await loaded(provider)) == ["tiny-long", "tiny-stop"]


async def test_who_stops_waiting_does_not_stop_the_loading_for_others(provider: EmbeddedProvider) -> None:
    first = asyncio.create_task(said(provider, "tiny-stop"))
    with capture_logs() as logs:
        await asyncio.sleep(0.05)
        second = asyncio.create_task(said(provider, "tiny-stop"))
        await asyncio.sleep(0.01)
        first.cancel()
        assert await second == SAYS
    assert [entry["event"] for entry in logs] == ["model_loaded"]


async def test_an_idle_model_is_dropped_and_comes_back(shelf: Path) -> None:
    async with aclosing(provider_of(shelf, unload_seconds=0.3)) as provider:
        for seconds in (0.1, 0.5):
            async with aclosing(provider.stream(question("tiny-long"))) as stream:
                await anext(stream)
                [pid] = pids(provider)
                await asyncio.sleep(seconds)
                assert not is_gone(pid)
        await eventually(lambda: is_gone(pid))
        assert await loaded(provider) == []
        assert await said(provider, "tiny-stop") == SAYS


async def test_nobody_else_on_the_machine_may_ask(provider: EmbeddedProvider) -> None:
    await said(provider, "tiny-stop")
    [server] = provider.memory.children().values()
    assert server.url.startswith("http://127.0.0.1:")
    for path, body in (("/v1/models", None), ("/v1/chat/completions", b'{"messages": []}'), ("/props", None)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            await asyncio.to_thread(urllib.request.urlopen, f"{server.url}{path}", body, 5)
        refused.value.close()
        assert refused.value.code == 401, path


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_child_knows_no_secret_and_holds_no_file_of_ours(
    provider: EmbeddedProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OMNIAI_SECRET_KEY", "canary")
    secret = tmp_path / "secret"
    secret.touch()
    handle = os.open(secret, os.O_RDONLY)
    os.set_inheritable(handle, True)
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        await said(provider, "tiny-stop")
    finally:
        os.close(handle)
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
    [pid] = pids(provider)
    about = Path(f"/proc/{pid}")
    assert (about / "environ").read_bytes() == b"LC_ALL=C.UTF-8\0"
    assert b"canary" not in (about / "cmdline").read_bytes()
    targets = {str(link.readlink()) for link in (about / "fd").iterdir()}
    assert str(secret) not in targets
    assert not any(target.startswith(str(Path.cwd())) for target in targets)
    assert (about / "oom_score_adj").read_text() == "500\n"
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + 5, 19)
    assert (about / "limits").read_text().split("Max core file size")[1].split()[0] == "0"


async def test_closing_leaves_no_child_and_ends_what_runs(shelf: Path) -> None:
    provider = provider_of(shelf)
    stream = provider.stream(question("tiny-long"))
    await anext(stream)
    waiting = asyncio.create_task(said(provider, "tiny-stop"))
    await asyncio.sleep(0.1)
    [pid] = pids(provider)
    await provider.aclose()
    assert is_gone(pid)
    with pytest.raises(ProviderInterrupted):
        async for _ in stream:
            pass
    with pytest.raises(ProviderInterrupted):
        await waiting
    assert pids(provider) == []


async def test_a_question_gets_the_whole_window_whatever_the_slots(shelf: Path) -> None:
    async with aclosing(provider_of(shelf, context=512, slots=2)) as provider:
        assert {model.context_length for model in await provider.models()} == {512}
        assert await said(provider, "tiny-stop", "ü" * 200) == SAYS
        with pytest.raises(ProviderContextTooLong):
            await said(provider, "tiny-stop", "ü" * 300)
    async with aclosing(provider_of(shelf, context=1_000_000)) as provider:
        assert {model.context_length for model in await provider.models()} == {TRAINED_FOR}


async def test_what_is_not_on_the_shelf_or_does_not_chat_is_missing(tmp_path: Path) -> None:
    (tmp_path / "words.gguf").write_bytes(head({"general.architecture": "bert"}))
    async with aclosing(provider_of(tmp_path)) as provider:
        assert [(model.id, model.kind) for model in await provider.models()] == [("words", "embedding")]
        for name in ("words", "tiny-nothing"):
            with pytest.raises(ModelMissing):
                await said(provider, name)


def endless(folder: Path) -> ModelFile:
    """A file that is never read to its end."""
    path = folder / "never.gguf"
    os.mkfifo(path)
    return ModelFile("never", path, (0, 0), "chat", None)


async def test_loading_has_a_deadline(shelf: Path, tmp_path: Path) -> None:
    terms = child.Terms(512, 1, 1, 0.5, Deadlines(1, 1, 1))
    started = time.monotonic()
    with pytest.raises(ProviderTimedOut):
        await asyncio.wait_for(child.start(endless(tmp_path), terms), 10)
    assert 0.5 <= time.monotonic() - started < 5


PARENT = """
import asyncio, sys
from pathlib import Path
from app.providers.embedded import child
from app.providers.embedded.shelf import ModelFile
from app.providers.http import Deadlines

async def main():
    file = ModelFile("m", Path(sys.argv[1]), (0, 0), "chat", 4096)
    await child.start(file, child.Terms(512, 1, 1, 60, Deadlines(1, 1, 1)))
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("when", ["loading", "loaded"])
def test_a_child_ends_when_its_parent_is_killed(shelf: Path, tmp_path: Path, when: str) -> None:
    if when == "loading" and sys.platform != "linux":
        pytest.skip("only Linux tells a process of its parent's death")
    path = endless(tmp_path).path if when == "loading" else shelf / "tiny-stop.gguf"
    command = [sys.executable, "-c", PARENT, str(path)]
    with subprocess.Popen(command, cwd=process.BACKEND, stdout=subprocess.PIPE) as parent:
        wait_until(lambda: bool(children_of(parent.pid)), 10)
        [pid] = children_of(parent.pid)
        if when == "loaded":
            assert parent.stdout is not None
            assert b"model_loaded" in parent.stdout.readline()
        time.sleep(1)
        assert not is_gone(pid)
        parent.kill()
        wait_until(lambda: is_gone(pid), 3)


def test_a_child_ends_with_its_stdin_and_minds_no_signal_to_the_group(shelf: Path) -> None:
    order = {"path": str(shelf / "tiny-stop.gguf"), "name": "m", "key": "k", "window": 512, "slots": 1, "threads": 1}
    command = [sys.executable, "-I", child.__file__.replace("child.py", "engine.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as engine:
        assert engine.stdin is not None
        assert engine.stdout is not None
        engine.stdin.write(json.dumps({**order, "embedding": False}).encode() + b"\n")
        engine.stdin.flush()
        assert json.loads(engine.stdout.readline())["port"]
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            engine.send_signal(ignored)
        time.sleep(0.2)
        assert engine.poll() is None
        engine.stdin.close()
        try:
            assert engine.wait(3) == 0
        finally:
            engine.kill()
