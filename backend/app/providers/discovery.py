"""Model servers on their usual ports of this machine, looked for when somebody asks. Uses and remembers none of them.

A server is known by the shape of its list: many answer 200 to whatever they are asked.
"""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal

import msgspec

from app.config.settings import ProviderSettings
from app.core.egress import Endpoint
from app.providers.base import ProviderError
from app.providers.http import Deadlines, Upstream
from app.providers.lmstudio import FlatList, NativeList
from app.providers.ollama import Tags

Kind = Literal["lmstudio", "ollama", "openai_compat"]

PORTS: Final[dict[int, Kind]] = {
    1234: "lmstudio",
    11434: "ollama",
    8080: "openai_compat",  # llama.cpp, LocalAI
    8000: "openai_compat",  # vLLM
    1337: "openai_compat",  # Jan
}
_DEADLINES: Final = Deadlines(connect=0.5, first_token=0.5, idle=0.5)
_OWNERS: Final = {"llamacpp": ("llamacpp", "llama.cpp"), "vllm": ("vllm", "vLLM")}
_JAN: Final = 1337
_SERVERS: Final = "OMNIAI_OPENAI_COMPAT_SERVERS"


class DialectModel(msgspec.Struct):
    id: str
    object: Literal["model"]
    owned_by: str | None = None


class DialectList(msgspec.Struct):
    object: Literal["list"]
    data: list[DialectModel]


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that nobody has configured.

    Attributes:
        kind: What it speaks.
        label: For people.
        base_url: Where it is.
        setting: The line that configures it.
    """

    kind: Kind
    label: str
    base_url: str
    setting: str


class Discovery:
    """Looks around on this machine.

    Args:
        settings: What is configured already, and so not looked at.
        own_port: Where OmniAI itself listens.
        ports: Where to look, and for what.
    """

    def __init__(self, settings: ProviderSettings, own_port: int, ports: dict[int, Kind] = PORTS) -> None:
        self._names = frozenset(settings.openai_compat_servers)
        self._ports = {port: kind for port, kind in ports.items() if port not in {own_port, *_ports_here(settings)}}

    async def look(self) -> list[FoundServer]:
        """Ask every port at once, each for less than a second."""
        found = await asyncio.gather(*(self._at(port, kind) for port, kind in self._ports.items()))
        return [server for server in found if server]

    async def _at(self, port: int, kind: Kind) -> FoundServer | None:
        root = f"http://127.0.0.1:{port}"
        async with aclosing(Upstream(root, (), _DEADLINES)) as upstream:
            match kind:
                case "lmstudio" if await _is_studio(upstream):
                    return FoundServer(kind, "LM Studio", f"{root}/v1", f"OMNIAI_LMSTUDIO_BASE_URL={root}/v1")
                case "ollama" if await _lists(upstream, "/api/tags", Tags):
                    return FoundServer(kind, "Ollama", root, f"OMNIAI_OLLAMA_BASE_URL={root}")
                case "openai_compat" if listed := await _lists(upstream, "/v1/models", DialectList):
                    name, label = _named(listed, port)
                    name = f"{name}-{port}" if name in self._names else name
                    return FoundServer(kind, label, f"{root}/v1", f"{_SERVERS}={name}={root}/v1")
                case _:
                    return None


async def _is_studio(upstream: Upstream) -> bool:
    native = await _lists(upstream, "/api/v1/models", NativeList)
    return native is not None or await _lists(upstream, "/api/v0/models", FlatList) is not None


async def _lists[T](upstream: Upstream, path: str, shape: type[T]) -> T | None:
    try:
        return await upstream.get_json(path, shape, upstream.soon())
    except ProviderError:
        return None


def _named(listed: DialectList, port: int) -> tuple[str, str]:
    owners = [model.owned_by for model in listed.data]
    if port == _JAN:
        return "jan", "Jan"
    return next(
        (_OWNERS[owner] for owner in owners if owner in _OWNERS),
        (f"port-{port}", f"OpenAI-compatible server on port {port}"),
    )


def _ports_here(settings: ProviderSettings) -> Iterator[int]:
    urls = (
        settings.lmstudio_base_url,
        settings.ollama_base_url,
        settings.openai_compat_base_url,
        settings.anthropic_base_url,
        *settings.openai_compat_servers.values(),
    )
    for endpoint in (Endpoint.of(url) for url in urls if url):
        if _is_here(endpoint.host):
            yield endpoint.port


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
