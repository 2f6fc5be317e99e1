"""Connections on their own: framing, what is kept and used again, and servers that do not keep to the protocol."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from app.core.egress import Endpoint, Gate
from app.providers import connection
from app.providers.connection import Connection, Connections, Cut, NoneFree, NotHttp

REQUEST = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Server:
    """Answers every request on a connection with the next of its answers; an empty one closes."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self.answers and await reader.readuntil(b"\r\n\r\n"):
                answer = self.answers.pop(0)
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def connected(server: Callable[..., object]) -> AsyncIterator[Connections]:
    async with await asyncio.start_server(server, "127.0.0.1", 0) as listening:  # type: ignore[arg-type]
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        connections = Connections(Gate(url), Endpoint.of(url))
        try:
            yield connections
        finally:
            connections.close()


def soon(seconds: float = 5) -> Callable[[], float]:
    until = asyncio.get_running_loop().time() + seconds
    return lambda: until


async def whole(taken: Connection) -> bytes:
    await taken.head()
    body = bytearray()
    while data := await taken.read():
        body += data
    return bytes(body)


async def ask(connections: Connections, seconds: float = 5) -> tuple[int, bytes]:
    taken = await connections.take()
    try:
        taken.send(REQUEST, soon(seconds))
        body = await whole(taken)
        return taken.status, body
    finally:
        connections.give_back(taken)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", b"abc"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: y\r\n\r\n", b"a"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", b""),
    ],
)
async def test_a_framed_answer_leaves_its_connection_for_the_next(answer: bytes, body: bytes) -> None:
    server = Server(answer, answer)
    async with connected(server) as connections:
        assert await ask(connections) == (200, body)
        assert await ask(connections) == (200, body)
    assert server.connections == 1


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\nall of it", b"HTTP/1.0 200 OK\r\n\r\nall of it"])
async def test_an_answer_without_a_length_ends_with_its_connection(answer: bytes) -> None:
    server = Server(answer, b"", answer, b"")

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with connected(closing) as connections:
        assert await ask(connections) == (200, b"all of it")
        assert await ask(connections) == (200, b"all of it")
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
async def test_less_than_was_announced_is_cut(answer: bytes) -> None:
    async with connected(Server(answer, b"")) as connections:
        taken = await connections.take()
        taken.send(REQUEST + REQUEST, soon())
        with pytest.raises(Cut):
            await whole(taken)
        connections.give_back(taken)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46" * 20,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\n" + b"x: %s\r\n" % (b"y" * 1_000) * 100,
        OK + b"HTTP/1.1 200 OK\r\n\r\nmore than was asked for",
    ],
)
async def test_what_is_not_http_or_was_not_asked_for_is_refused(answer: bytes) -> None:
    async with connected(Server(answer, OK)) as connections:
        first = await connections.take()
        first.send(REQUEST, soon())
        with suppress(NotHttp, Cut):
            await whole(first)
        assert not first.reusable
        connections.give_back(first)
        assert await connections.take() is not first


async def test_a_deadline_holds_wherever_it_moves() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na")
        await reader.read()
        writer.close()

    async with connected(silent) as connections:
        taken = await connections.take()
        loop, until = asyncio.get_running_loop(), [asyncio.get_running_loop().time() + 60]
        taken.send(REQUEST, lambda: until[0])
        await taken.head()
        assert await taken.read() == b"a"
        until[0] = loop.time() + 0.05
        async with asyncio.timeout(2):
            with pytest.raises(TimeoutError):
                await taken.read()
        connections.give_back(taken)


async def test_a_connection_that_closed_while_it_was_kept_is_not_used_again() -> None:
    server = Server(OK, b"", OK)

    async def hasty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        writer.close()

    async with connected(hasty) as connections:
        taken = await connections.take()
        taken.send(REQUEST, soon())
        assert await whole(taken) == b"ok"
        async with asyncio.timeout(5):
            while taken.reusable:
                await asyncio.sleep(0)
        connections.give_back(taken)
        assert await ask(connections) == (200, b"ok")
    assert server.connections == 2


async def test_kept_connections_are_few_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "KEEP", 1)
    monkeypatch.setattr(connection, "KEEP_SECONDS", 0.05)
    server = Server(*[OK] * 4)
    async with connected(server) as connections:
        await asyncio.gather(ask(connections), ask(connections))
        assert server.connections == 2
        kept = await connections.take()
        assert server.connections == 2
        kept.send(REQUEST, soon())
        assert await whole(kept) == b"ok"
        connections.give_back(kept)
        async with asyncio.timeout(5):
            while kept.reusable:
                await asyncio.sleep(0.01)


async def test_one_server_gets_so_many_connections_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST", 2)
    async with connected(Server(OK)) as connections:
        taken = [await connections.take() for _ in range(2)]
        with pytest.raises(NoneFree):
            await connections.take()
        connections.give_back(taken[0])
        assert isinstance(await connections.take(), Connection)


async def test_a_flood_waits_for_its_reader() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while sent < 64 * 1024 * 1024:
                writer.write(b"x" * 65_536)
                await writer.drain()
                sent += 65_536
        except ConnectionError:
            pass
        writer.close()

    async with connected(flood) as connections:
        taken = await connections.take()
        taken.send(REQUEST, soon())
        await taken.head()
        still, before = 0, -1
        while still < 20:  # the kernel's buffers fill up, and then nothing moves
            await asyncio.sleep(0.01)
            still, before = (still + 1 if sent == before else 0), sent
        assert sent < 32 * 1024 * 1024
        assert len(await taken.read()) <= connection.HIGH_WATER + 1024 * 1024
        async with asyncio.timeout(5):
            while sent == before:
                assert await taken.read()
        connections.give_back(taken)
