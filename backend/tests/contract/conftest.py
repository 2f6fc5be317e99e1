"""Every provider under one contract, with a model that answers and one that does not stop."""

import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from json import load
from pathlib import Path

import pytest
from app.config.settings import ProviderSettings
from app.providers.adapter import StreamingProvider
from app.providers.anthropic import anthropic
from app.providers.base import Provider
from app.providers.lmstudio import lmstudio
from app.providers.ollama import ollama
from app.providers.openai_compat import openai_compat
from app.providers.scripted import ScriptedProvider
from pydantic import SecretStr

from tests.peers import process
from tests.providers.shelves import SAYS, is_resting, pids, provider_of

DOUBLES = {
    "lmstudio": "double",
    "openai_compat": "double",
    "ollama": "ollama_double",
    "anthropic": "anthropic_double",
}
LLAMAS = {"llama": "lmstudio", "llama_messages": "anthropic"}
"""The engine speaks both dialects."""
CHATS = ("/v1/chat/completions", "/api/chat", "/v1/messages")
SCRIPT = "## Hello\n\n- from a script\n\n```sh\nls\n```\n"


@dataclass(frozen=True)
class Subject:
    """A provider under test.

    Attributes:
        provider: The provider.
        model: Answers a question to its end,
        says: and this stands in the answer.
        endless: Answers for long.
        slow: The provider that has the endless model.
        is_idle: Whether its server works for nobody.
        knows_names: Whether a model's name matters to it.
    """

    provider: Provider
    model: str
    says: str
    endless: str
    slow: Provider
    is_idle: Callable[[], bool]
    knows_names: bool = True


@pytest.fixture(scope="session")
def double() -> Iterator[process.Peer]:
    """LM Studio's double."""
    with process.running("tests.peers.lmstudio", "--token-ms", "1") as peer:
        yield peer


@pytest.fixture(scope="session")
def ollama_double() -> Iterator[process.Peer]:
    """Ollama's double."""
    with process.running("tests.peers.ollama", "--token-ms", "1") as peer:
        yield peer


@pytest.fixture(scope="session")
def anthropic_double() -> Iterator[process.Peer]:
    """Anthropic's double."""
    with process.running("tests.peers.anthropic", "--token-ms", "1") as peer:
        yield peer


@pytest.fixture(scope="session")
def llamas() -> Iterator[tuple[process.Peer, process.Peer]]:
    """llama.cpp with an answer that ends and one that does not."""
    if not process.has_llama():
        pytest.skip(process.NO_LLAMA)
    with (
        process.running("tests.peers.llama", "--model", "stop") as stop,
        process.running("tests.peers.llama", "--model", "long") as long,
    ):
        yield stop, long


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model whose answer ends and one whose does not."""
    if not process.has_llama():
        pytest.skip(process.NO_LLAMA)
    return process.write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(
    params=[
        "lmstudio",
        "ollama",
        "openai_compat",
        "anthropic",
        "scripted",
        pytest.param("llama", marks=pytest.mark.llm),
        pytest.param("llama_messages", marks=pytest.mark.llm),
        pytest.param("embedded", marks=pytest.mark.llm),
    ],
)
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    """Each provider in turn."""
    if request.param == "scripted":
        yield _scripted()
        return
    if request.param in LLAMAS:
        stop, long = request.getfixturevalue("llamas")
        speaking = LLAMAS[request.param]
        async with aclosing(adapter(speaking, stop)) as provider, aclosing(adapter(speaking, long)) as slow:
            yield Subject(provider, "tiny-stop", "real llama.cpp engine.", "tiny-long", slow, _free(long), False)
        return
    if request.param == "embedded":
        async with aclosing(provider_of(request.getfixturevalue("models"))) as own:
            yield Subject(own, "tiny-stop", SAYS, "tiny-long", own, lambda: all(map(is_resting, pids(own))))
        return
    double: process.Peer = request.getfixturevalue(DOUBLES[request.param])
    process.forget(double)
    async with aclosing(adapter(request.param, double)) as provider:
        yield Subject(provider, "tiny-chat-1b", "You asked: Say it.", "pace-2-5000", provider, _noticed(double))


def adapter(vendor: str, peer: process.Peer) -> StreamingProvider:
    """A vendor's adapter on a peer."""
    settings = settings_of(peer)
    match vendor:
        case "anthropic":
            return anthropic(settings, SecretStr("any"))
        case "ollama":
            return ollama(settings, peer.url)
        case "openai_compat":
            return openai_compat(settings, f"{peer.url}/v1")
        case _:
            return lmstudio(settings)


def settings_of(peer: process.Peer) -> ProviderSettings:
    """Settings that name a peer."""
    return ProviderSettings.model_validate({"lmstudio_base_url": f"{peer.url}/v1", "anthropic_base_url": peer.url})


def _scripted() -> Subject:
    quick = ScriptedProvider("guide", "Guide (no AI)", lambda _call: SCRIPT, pieces_per_second=None)
    slow = ScriptedProvider("guide", "Guide (no AI)", lambda _call: SCRIPT * 1_000, pieces_per_second=500)
    return Subject(quick, "guide", "from a script", "guide", slow, lambda: True)


def _noticed(double: process.Peer) -> Callable[[], bool]:
    def check() -> bool:
        chats = [entry for entry in process.log_of(double) if entry["path"] in CHATS]
        return bool(chats) and all(entry["aborted"] and entry["tokens_sent"] < 5_000 for entry in chats)

    return check


def _free(llama: process.Peer) -> Callable[[], bool]:
    def check() -> bool:
        with urllib.request.urlopen(f"{llama.url}/slots", timeout=5) as answer:
            return not any(slot["is_processing"] for slot in load(answer))

    return check


def wait_until(condition: Callable[[], bool], seconds: float = 1.0) -> None:
    """Wait, without a loop of events, until something is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to be so"
        time.sleep(0.01)
