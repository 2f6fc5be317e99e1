"""LM Studio's three lists, which tell more the newer it is, and its habit of answering 200 to everything."""

import json
from contextlib import aclosing

import pytest
from app.providers.adapter import location_of
from app.providers.base import Capabilities, Model, ProviderBusy, ProviderError, ProviderUnreachable
from app.providers.lmstudio import lmstudio
from app.providers.openai_compat import openai_compat

from tests.peers.process import Peer, forget, log_of
from tests.peers.wire import Handler, Reply, Request, served
from tests.providers.conftest import settings_of

NATIVE = {
    "models": [
        {
            "type": "llm",
            "key": "acme/eyes",
            "display_name": "Eyes 2B",
            "loaded_instances": [{"id": "acme/eyes", "config": {"context_length": 4096, "parallel": 4}}],
            "max_context_length": 262144,
            "capabilities": {"vision": True, "trained_for_tool_use": True, "reasoning": {"default": "on"}},
            "size_bytes": 1,
        },
        {"type": "llm", "key": "asleep", "loaded_instances": [], "max_context_length": 8192, "capabilities": None},
        {"type": "embedding", "key": "text-embedding-small", "display_name": "Small", "max_context_length": 2048},
        {"type": "llm", "key": "x" * 201},
        {"type": "llm", "key": "asleep", "loaded_instances": [], "max_context_length": 8192},
    ]
}
FLAT = {
    "object": "list",
    "data": [
        {
            "id": "chat",
            "type": "llm",
            "state": "loaded",
            "max_context_length": 131072,
            "loaded_context_length": 8192,
            "capabilities": ["tool_use"],
        },
        {"id": "eyes", "type": "vlm", "state": "not-loaded", "max_context_length": 32768},
        {"id": "small", "type": "embeddings", "state": "not-loaded", "max_context_length": 2048},
    ],
}
NAMES = {"object": "list", "data": [{"id": "chat"}, {"id": "text-embedding-small"}, {"id": ""}]}


def speaking(**lists: object) -> Handler:
    """A server that knows some lists and says 200 with an error text to everything else."""

    async def handle(request: Request, reply: Reply) -> None:
        name = {"/api/v1/models": "native", "/api/v0/models": "flat", "/v1/models": "names"}.get(request.path, "")
        await reply.send_json(200, lists.get(name, {"error": f"Unexpected endpoint or method. ({request.path})"}))

    return handle


async def models_of(handler: Handler, path: str = "/v1") -> list[Model]:
    async with served(handler) as url:
        settings = settings_of(url).model_copy(update={"lmstudio_base_url": url + path})
        async with aclosing(lmstudio(settings)) as provider:
            return await provider.models()


@pytest.mark.parametrize("path", ["/v1", ""])
async def test_the_native_list_knows_the_most(path: str) -> None:
    eyes, asleep, small = await models_of(speaking(native=NATIVE, flat=FLAT, names=NAMES), path)
    assert eyes == Model(
        "acme/eyes", "lmstudio", "Eyes 2B", "chat", 4096, True, Capabilities(vision=True, tools=True, reasoning=True)
    )
    assert asleep == Model("asleep", "lmstudio", "asleep", "chat", 8192, False)
    assert small == Model("text-embedding-small", "lmstudio", "Small", "embedding", 2048, False)


async def test_the_flat_list_stands_in() -> None:
    chat, eyes, small = await models_of(speaking(flat=FLAT, names=NAMES))
    assert chat == Model("chat", "lmstudio", "chat", "chat", 8192, True, Capabilities(tools=True))
    assert eyes == Model("eyes", "lmstudio", "eyes", "chat", 32768, False, Capabilities(vision=True))
    assert (small.kind, small.loaded) == ("embedding", False)


async def test_the_dialects_list_is_the_last_resort() -> None:
    chat, small = await models_of(speaking(names=NAMES))
    assert chat == Model("chat", "lmstudio", "chat")
    assert small.kind == "embedding"


async def test_another_server_on_the_port_is_no_lm_studio() -> None:
    with pytest.raises(ProviderError) as caught:
        await models_of(speaking())
    assert type(caught.value) is ProviderError


async def test_a_busy_server_is_not_asked_three_times() -> None:
    asked: list[str] = []

    async def handle(request: Request, reply: Reply) -> None:
        asked.append(request.path)
        await reply.send_json(503, {"error": "Loading"}, Retry_After="9")

    with pytest.raises(ProviderBusy) as caught:
        await models_of(handle)
    assert (asked, caught.value.retry_after) == (["/api/v1/models"], 9)


async def test_a_list_that_hangs_ends_the_asking() -> None:
    asked: list[str] = []

    async def handle(request: Request, reply: Reply) -> None:
        asked.append(request.path)
        await reply.wait(None)

    with pytest.raises(ProviderUnreachable):
        await models_of(handle)
    assert asked == ["/api/v1/models"]


async def test_a_wrong_key_is_an_error_and_not_an_empty_list(double: Peer) -> None:
    forget(double)
    settings = settings_of(double.url).model_copy(update={"lmstudio_api_key": None, "openai_compat_api_key": None})
    async with aclosing(lmstudio(settings)) as provider:
        with pytest.raises(ProviderError) as caught:
            await provider.models()
    async with aclosing(openai_compat(settings, f"{double.url}/v1")) as provider:
        with pytest.raises(ProviderError):
            await provider.models()
    assert type(caught.value) is ProviderError
    assert "token" not in json.dumps(caught.value.detail)
    assert [entry["path"] for entry in log_of(double)][-1] == "/v1/models"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://127.0.0.1:1234/v1", "home"),
        ("http://[::1]/v1", "home"),
        ("http://192.168.1.20/v1", "home"),
        ("http://100.70.1.2:8080/v1", "home"),
        ("http://localhost:1/v1", "home"),
        ("http://nas.local/v1", "home"),
        ("http://ollama:11434/v1", "home"),
        ("https://api.example.com/v1", "remote"),
        ("https://8.8.8.8/v1", "remote"),
    ],
)
def test_a_server_is_at_home_by_its_address(url: str, location: str) -> None:
    assert location_of(url) == location
