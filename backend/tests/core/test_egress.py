"""The one way out: the table of addresses, names that resolve to them, redirects, ports; and there is no second."""

import ast
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from app.core import egress
from app.core.egress import AddressRefused, Endpoint, Gate, is_home, is_public

APP = Path(egress.__file__).resolve().parents[1]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
NEVER_TEXT = """
127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
100.127.255.255 0.0.0.0 0.1.2.3 255.255.255.255 224.0.0.1 239.255.255.250 240.0.0.1 192.0.0.8 192.0.2.1
198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 :: ::1 fe80::1 fec0::1 fc00::1 fd00::1 fd00:ec2::254 ff02::1
100::1 2001:db8::1 3fff::1 5f00::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1
::8.8.8.8 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 2002:7f00:1:: 2002:0808:0808:: 2001:0:53aa:64c::1
2606:4700::5efe:127.0.0.1 2606:4700::200:5efe:10.0.0.1
"""
NEVER = NEVER_TEXT.split()
PUBLIC_TEXT = """
8.8.8.8 1.1.1.1 93.184.216.34 ::ffff:8.8.8.8 2606:4700::1111 2a00:1450:4001::1
"""
PUBLIC = PUBLIC_TEXT.split()
HOME_TEXT = """
127.0.0.1 10.1.2.3 172.20.0.1 192.168.0.5 100.100.1.1 ::1 fd12::1 ::ffff:192.168.0.5
"""
HOME = HOME_TEXT.split()


@pytest.mark.parametrize("text", NEVER)
def test_addresses_that_are_nobodys_on_the_internet(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_internet(text: str) -> None:
    assert is_public(ip_address(text))
    assert not is_home(ip_address(text))


@pytest.mark.parametrize("text", HOME)
def test_addresses_of_the_house(text: str) -> None:
    assert is_home(ip_address(text))


@pytest.mark.parametrize("text", sorted(set(NEVER) - set(HOME)))
def test_what_is_neither_public_nor_at_home_is_no_exception_either(text: str) -> None:
    home = text in {"127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"}
    home = home or text in {"100.64.0.1", "100.127.255.255", "fc00::1", "fd00::1"} or text.startswith("::ffff:1")
    assert is_home(ip_address(text)) == (home and text != "::ffff:169.254.169.254")


class Names:
    """A resolver that answers what it is told, in turn, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> list[egress.Address]:
        self.asked.append(host)
        texts = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [ip_address(text) for text in texts]


class Caller(asyncio.Protocol):
    """Asks once and keeps what comes."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._got = bytearray()
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(f"GET / HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._got += data

    def connection_lost(self, exc: Exception | None) -> None:
        assert exc is None
        self.answer.set_result(bytes(self._got))


async def fetch(gate: Gate, url: str) -> bytes:
    endpoint = Endpoint.of(url)
    caller = await gate.connect(endpoint, lambda: Caller(endpoint.host))
    async with asyncio.timeout(5):
        return await caller.answer


@asynccontextmanager
async def listening(host: str = "127.0.0.1", answer: bytes = ANSWER) -> AsyncIterator[tuple[int, list[bytes]]]:
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.read(4096))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, host, 0)
    async with server:
        yield server.sockets[0].getsockname()[1], seen


SPELLINGS = (
    "127.0.0.1 2130706433 0177.0.0.1 0x7f.1 0x7f000001 127.1 localhost LOCALHOST localhost. [::1] [::ffff:7f00:1]"
)


@pytest.mark.parametrize("host", SPELLINGS.split())
async def test_loopback_is_refused_however_it_is_spelled(host: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        await fetch(Gate(), f"http://{host}/")


@pytest.mark.parametrize(
    "host",
    ["127\u30020\u30020\u30021", "\uff11\uff12\uff17.0.0.1", "good.example@127.0.0.1", "%31%32%37.0.0.1", "a" * 70],
)
async def test_tricks_of_writing_do_not_help(host: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        await fetch(Gate(), f"http://{host}/")


@pytest.mark.parametrize(
    "url",
    ["ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "http:///x", "http://h:99999/", "http://[::1", "//h"],
)
def test_only_http_and_https_are_spoken(url: str) -> None:
    with pytest.raises(AddressRefused):
        Endpoint.of(url)
    with pytest.raises(AddressRefused):
        Gate(url)


@pytest.mark.parametrize("url", ["http://8.8.8.8:22/", "https://8.8.8.8:80/", "http://8.8.8.8:443/"])
async def test_other_ports_are_refused(url: str) -> None:
    names = Names(["8.8.8.8"])
    with pytest.raises(AddressRefused):
        await fetch(Gate(lookup=names), url)
    assert names.asked == []


async def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(AddressRefused):
        await fetch(Gate(lookup=Names(["8.8.8.8", "10.0.0.1"])), "http://two-faced.example/")


async def test_a_name_is_resolved_once_and_connected_to_as_it_was_checked() -> None:
    async with listening() as (port, seen):
        names = Names(["127.0.0.1"], ["169.254.169.254"])
        assert (await fetch(Gate(f"http://studio.lan:{port}", lookup=names), f"http://studio.lan:{port}/")) == ANSWER
        assert names.asked == ["studio.lan"]
        assert b"Host: studio.lan" in seen[0]


async def test_an_answer_that_changes_reaches_nothing() -> None:
    async with listening() as (port, seen):
        gate = Gate(f"http://studio.lan:{port}", lookup=Names(["127.0.0.1"], ["169.254.169.254"]))
        await fetch(gate, f"http://studio.lan:{port}/")
        with pytest.raises(AddressRefused):
            await fetch(gate, f"http://studio.lan:{port}/")
        assert len(seen) == 1


async def test_exceptions_are_exact() -> None:
    async with listening() as (port, _), listening() as (other, seen):
        gate = Gate(f"http://127.0.0.1:{port}")
        assert await fetch(gate, f"http://127.0.0.1:{port}/") == ANSWER
        for url in (f"http://127.0.0.1:{other}/", f"https://127.0.0.1:{port}/", f"http://127.0.0.2:{port}/"):
            with pytest.raises(AddressRefused):
                await fetch(gate, url)
        assert seen == []


@pytest.mark.parametrize("text", ["169.254.169.254", "fd00:ec2::254", "0.0.0.0", "224.0.0.1", "::"])
async def test_an_exception_is_for_the_house_and_not_for_metadata(text: str) -> None:
    with pytest.raises(AddressRefused):
        await fetch(Gate("http://model.example:8000", lookup=Names([text])), "http://model.example:8000/v1/models")


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with listening() as (port, seen):
        names = Names(["127.0.0.9", "127.0.0.1"])
        assert await fetch(Gate(f"http://studio.lan:{port}", lookup=names), f"http://studio.lan:{port}/") == ANSWER
    assert len(seen) == 1


async def test_a_name_without_an_address_cannot_be_connected_to() -> None:
    with pytest.raises(OSError, match="no address"):
        await fetch(Gate(lookup=Names([])), "http://nowhere.example/")

    async def unknown(_host: str, _port: int) -> list[egress.Address]:
        raise OSError("nobody knows it")

    with pytest.raises(OSError, match="nobody knows it"):
        await fetch(Gate(lookup=unknown), "http://nowhere.example/")


async def test_a_certificate_of_nobody_is_not_believed() -> None:
    async with listening() as (port, seen):
        gate = Gate(f"https://127.0.0.1:{port}")
        for _ in range(2):
            with pytest.raises(OSError, match="SSL"):
                await fetch(gate, f"https://127.0.0.1:{port}/")
        assert not any(b"GET" in data for data in seen)


def test_there_is_no_second_way_out() -> None:
    outward = {
        "httpx2",
        "httpcore2",
        "urllib.request",
        "http.client",
        "aiohttp",
        "requests",
        "urllib3",
        "smtplib",
        "ftplib",
    }
    calls = {"open_connection", "create_connection", "open_unix_connection", "AsyncClient", "Client", "connect_tcp"}
    for path in APP.rglob("*.py"):
        name, tree = str(path.relative_to(APP)), ast.parse(path.read_text())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & outward, name
        called = {
            node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "attr")
        }
        assert name == "core/egress.py" or not called & calls, name
