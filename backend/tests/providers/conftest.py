"""The vendors' doubles in processes of their own, and providers with short deadlines."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing

import pytest
import uvloop
from app.config.settings import ProviderSettings
from app.providers.adapter import StreamingProvider
from app.providers.anthropic import anthropic
from app.providers.base import ChatCall, PromptMessage, Provider, ProviderError, ProviderEvent
from app.providers.lmstudio import LMStudioProvider, lmstudio
from app.providers.ollama import ollama
from pydantic import SecretStr

from tests.peers import process

KEY = "sk-canary-0123456789"
CONNECT, FIRST, IDLE = 0.5, 0.6, 0.4


def pytest_asyncio_loop_factories(
    config: pytest.Config,
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """What touches sockets itself runs on the server's own loop too."""
    loops: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if item.path.name in {"test_connection.py", "test_http.py"}:
        loops["uvloop"] = uvloop.new_event_loop
    return loops


def settings_of(url: str, **changes: float) -> ProviderSettings:
    """Settings that name one model server for every vendor."""
    seconds = {
        "connect_seconds": CONNECT,
        "first_token_seconds": FIRST,
        "idle_seconds": IDLE,
        "load_seconds": FIRST,
        **changes,
    }
    return ProviderSettings.model_validate(
        {
            "lmstudio_base_url": f"{url}/v1",
            "lmstudio_api_key": KEY,
            "ollama_base_url": url,
            "anthropic_base_url": url,
            "anthropic_api_key": KEY,
            "openai_compat_base_url": f"{url}/v1",
            "openai_compat_api_key": KEY,
            **seconds,
        }
    )


def call(model: str, content: str = "Say it.", **wishes: float) -> ChatCall:
    """A question."""
    most = wishes.pop("max_tokens", None)
    limit = None if most is None else int(most)
    return ChatCall(model, (PromptMessage("user", content),), max_tokens=limit, **wishes)


async def heard(provider: Provider, question: ChatCall) -> tuple[list[ProviderEvent], ProviderError | None]:
    """Everything that came, and how it failed if it did."""
    events: list[ProviderEvent] = []
    try:
        async for event in provider.stream(question):
            events.append(event)  # noqa: PERF401 - what came before the failure is kept
    except ProviderError as error:
        return events, error
    return events, None


async def eventually(condition: Callable[[], bool], seconds: float = 2.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def double() -> Iterator[process.Peer]:
    """LM Studio's double."""
    with process.running("tests.peers.lmstudio", "--token-ms", "1", "--api-key", KEY, "--no-jit") as peer:
        yield peer


@pytest.fixture(scope="session")
def ollama_double() -> Iterator[process.Peer]:
    """Ollama's double."""
    with process.running("tests.peers.ollama", "--token-ms", "1") as peer:
        yield peer


@pytest.fixture(scope="session")
def anthropic_double() -> Iterator[process.Peer]:
    """Anthropic's double."""
    with process.running("tests.peers.anthropic", "--token-ms", "1", "--api-key", KEY) as peer:
        yield peer


@pytest.fixture(params=["anthropic", "lmstudio", "ollama"])
async def vendor(
    request: pytest.FixtureRequest, double: process.Peer, ollama_double: process.Peer, anthropic_double: process.Peer
) -> AsyncIterator[Provider]:
    """Each adapter on its own double."""
    made: dict[str, Callable[[], StreamingProvider]] = {
        "anthropic": lambda: anthropic(settings_of(anthropic_double.url), SecretStr(KEY)),
        "lmstudio": lambda: lmstudio(settings_of(double.url)),
        "ollama": lambda: ollama(settings_of(ollama_double.url), ollama_double.url),
    }
    async with aclosing(made[request.param]()) as provider:
        yield provider


@pytest.fixture
async def provider(double: process.Peer) -> AsyncIterator[LMStudioProvider]:
    """The adapter on the double."""
    async with aclosing(lmstudio(settings_of(double.url))) as made:
        yield made
