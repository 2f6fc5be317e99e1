"""Discovery: servers are known by the shape of their lists, offered with the line that configures them, never used."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from app.config.load import load
from app.config.settings import ProviderSettings
from app.core import egress
from app.core.egress import Endpoint
from app.providers.discovery import PORTS, Discovery, FoundServer, Kind

from tests.peers import process
from tests.peers.process import Peer
from tests.peers.wire import Reply, Request, served

Answer = Callable[[Request, Reply], Awaitable[None]]


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def saying(*paths: str, document: object) -> Answer:
    """A server that says a document at some paths and 200 with an error text at all others."""

    async def handle(request: Request, reply: Reply) -> None:
        await reply.send_json(200, document if request.path in paths else {"error": "Returning 200 anyway"})

    return handle


async def look(*answers: tuple[Kind, Answer], own: int = 0, **settings: object) -> tuple[list[int], list[FoundServer]]:
    """The ports of these servers, and what is found of them; `{0}` in a setting is the first one's port."""
    async with AsyncExitStack() as stack:
        ports = [port_of(await stack.enter_async_context(served(answer))) for _, answer in answers]
        given = {name: str(value).format(*ports) for name, value in settings.items()}
        kinds = dict(zip(ports, (kind for kind, _ in answers), strict=True))
        made = Discovery(ProviderSettings.model_validate(given), ports[own - 1] if own else 8787, kinds)
        return ports, await made.look()


def dialect(owner: str | None = None) -> Answer:
    entry = {"id": "m", "object": "model", **({"owned_by": owner} if owner else {})}
    return saying("/v1/models", document={"object": "list", "data": [entry]})


async def test_each_kind_is_found_with_its_line() -> None:
    ports, found = await look(
        ("ollama", saying("/api/tags", document={"models": [{"name": "m", "digest": "1"}]})),
        ("lmstudio", saying("/api/v1/models", document={"models": [{"key": "m", "type": "llm"}]})),
        ("lmstudio", saying("/api/v0/models", document={"data": [{"id": "m", "type": "llm"}]})),
        ("openai_compat", dialect("llamacpp")),
        ("openai_compat", dialect("vllm")),
        ("openai_compat", dialect()),
    )
    roots = [f"http://127.0.0.1:{port}" for port in ports]
    assert found == [
        FoundServer("ollama", "Ollama", roots[0], f"OMNIAI_OLLAMA_BASE_URL={roots[0]}"),
        *(
            FoundServer("lmstudio", "LM Studio", f"{root}/v1", f"OMNIAI_LMSTUDIO_BASE_URL={root}/v1")
            for root in roots[1:3]
        ),
        *(
            FoundServer("openai_compat", label, f"{root}/v1", f"OMNIAI_OPENAI_COMPAT_SERVERS={name}={root}/v1")
            for root, name, label in (
                (roots[3], "llamacpp", "llama.cpp"),
                (roots[4], "vllm", "vLLM"),
                (roots[5], f"port-{ports[5]}", f"OpenAI-compatible server on port {ports[5]}"),
            )
        ),
    ]


async def test_the_line_is_one_that_the_settings_take(tmp_path: object) -> None:
    _, found = await look(
        ("openai_compat", dialect("llamacpp")), ("ollama", saying("/api/tags", document={"models": []}))
    )
    lines = dict(server.setting.split("=", 1) for server in found)
    providers = load({"OMNIAI_DATA_DIR": f"{tmp_path}/data", **lines}).settings.providers
    assert providers.openai_compat_servers["llamacpp"] == found[0].base_url
    assert providers.ollama_base_url == found[1].base_url


@pytest.mark.parametrize(
    "answer",
    [
        saying(document={}),
        saying("/v1/models", "/api/tags", "/api/v1/models", document={"data": [{"id": "m"}]}),
        saying("/v1/models", "/api/tags", "/api/v1/models", document=["m"]),
        saying("/v1/models", document={"data": [{"id": "m", "object": "model"}]}),
        saying("/v1/models", document={"object": "list", "data": [{"id": "m"}]}),
    ],
)
async def test_a_200_of_another_shape_is_no_model_server(answer: Answer) -> None:
    assert (await look(("ollama", answer), ("lmstudio", answer), ("openai_compat", answer)))[1] == []


async def test_a_server_that_says_nothing_costs_less_than_a_second() -> None:
    async def silent(_request: Request, reply: Reply) -> None:
        await reply.wait(None)

    started = time.monotonic()
    _, found = await look(*[("openai_compat", silent)] * 4, ("openai_compat", dialect()))  # type: ignore[arg-type]
    assert len(found) == 1
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "settings",
    [
        {"openai_compat_base_url": "http://localhost:{0}/v1"},
        {"openai_compat_servers": "mine=http://127.0.0.1:{0}/v1"},
        {"ollama_base_url": "http://[::1]:{0}"},
        {"lmstudio_base_url": "http://127.0.0.2:{0}/v1"},
        {"own": 1},
    ],
)
async def test_what_is_configured_is_not_even_asked(settings: dict[str, object]) -> None:
    asked: list[str] = []

    async def handle(request: Request, reply: Reply) -> None:
        asked.append(request.path)
        await dialect()(request, reply)

    own = settings.pop("own", 0)
    assert isinstance(own, int)
    assert (await look(("openai_compat", handle), own=own, **settings))[1] == []
    assert asked == []


async def test_a_name_that_is_taken_is_not_offered_again() -> None:
    ports, found = await look(
        ("openai_compat", dialect("llamacpp")), openai_compat_servers="llamacpp=http://other.lan:8080/v1"
    )
    assert found[0].setting.startswith(f"OMNIAI_OPENAI_COMPAT_SERVERS=llamacpp-{ports[0]}=")


async def test_the_doubles_are_found(double: Peer, ollama_double: Peer) -> None:
    with process.running("tests.peers.lmstudio") as open_studio:
        kinds: dict[int, Kind] = {
            port_of(open_studio.url): "lmstudio",
            port_of(ollama_double.url): "ollama",
            port_of(double.url): "lmstudio",  # asks for a key, so it does not show its list
        }
        found = await Discovery(ProviderSettings.model_validate({}), 8787, kinds).look()
    assert [server.label for server in found] == ["LM Studio", "Ollama"]


async def test_every_probe_goes_through_the_gate_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Endpoint] = []

    async def refuse(_self: egress.Gate, endpoint: Endpoint, _make: object) -> object:
        tried.append(endpoint)
        await asyncio.sleep(0)
        raise OSError

    monkeypatch.setattr(egress.Gate, "connect", refuse)
    assert await Discovery(ProviderSettings.model_validate({}), 8000).look() == []
    assert {endpoint.host for endpoint in tried} == {"127.0.0.1"}
    assert {endpoint.port for endpoint in tried} == set(PORTS) - {1234, 8000}
