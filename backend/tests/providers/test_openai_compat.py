"""Servers of the dialect that the settings name: each by its name, each with its own key and no other's."""

from contextlib import aclosing

from app.config.settings import ProviderSettings
from app.providers.openai_compat import named_server
from app.providers.registry import build_registry

from tests.peers.process import Peer
from tests.peers.wire import Reply, Request, served
from tests.providers.conftest import KEY, call, heard


async def test_a_named_server_bears_its_key_and_its_name(double: Peer) -> None:
    settings = ProviderSettings.model_validate(
        {"openai_compat_servers": f"desk={double.url}/v1", "openai_compat_api_keys": f"desk={KEY}"}
    )
    async with aclosing(named_server(settings, "desk")) as provider:
        assert {model.provider for model in await provider.models()} == {"desk"}
        events, error = await heard(provider, call("tiny-chat-1b"))
    assert error is None
    assert events


async def test_no_server_is_told_the_key_of_another() -> None:
    told: dict[str, str | None] = {}

    async def handle(request: Request, reply: Reply) -> None:
        told[request.path] = request.headers.get("authorization")
        await reply.send_json(200, {"object": "list", "data": [{"id": "m"}]})

    async with served(handle) as url:
        settings = ProviderSettings.model_validate(
            {
                "lmstudio_base_url": f"{url}/studio",
                "openai_compat_base_url": f"{url}/unnamed",
                "openai_compat_api_key": "key-0",
                "openai_compat_servers": f"one={url}/one, two={url}/two",
                "openai_compat_api_keys": "two=key-2",
            }
        )
        registry = build_registry(settings, guide=False)
        catalogue = await registry.catalogue()
        await registry.aclose()
    assert [model.provider for model in catalogue.models if model.provider != "lmstudio"] == [
        "openai_compat",
        "one",
        "two",
    ]
    assert told["/unnamed/models"] == "Bearer key-0"
    assert told["/one/models"] is None
    assert told["/two/models"] == "Bearer key-2"
