"""A tunnel as ngrok documents it: ends the public side, obeys a traffic policy, and calls the server from loopback.

    python -m tests.peers.tunnel --upstream URL --secret SECRET [--policy right|naive] [--tell] [--port 0]

Plain http stands in for TLS; one request a connection. Knows no route of the server behind.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import yaml  # type: ignore[import-untyped]  # comes with schemathesis, without types

from tests.peers import wire

POLICY: Final = Path(__file__).resolve().parents[3] / "deploy" / "ngrok" / "policy.yml"
SECRET_WORDS: Final = "the value of OMNIAI_ORIGIN_LOCK_SECRET"
CLIENT_IP: Final = "${conn.client_ip}"
WARNING: Final = b"<!doctype html><title>ngrok</title><p>You are about to visit a site served for free.</p>"
PIECE: Final = 65_536
LOOPBACK: Final = "127.0.0.1"

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Action:
    """A step of a policy.

    Attributes:
        kind: What is done.
        headers: Names, and for `add-headers` their values.
    """

    kind: Literal["remove-headers", "add-headers"]
    headers: dict[str, str]


class Unreadable(Exception):
    """A request that the edge itself refuses."""


@dataclass(frozen=True)
class Request:
    """A request's head; header fields keep their order, their case and their repetitions."""

    line: str
    fields: Fields

    def values(self, name: str) -> list[str]:
        """What a header holds, once for each time that it came."""
        return [value for known, value in self.fields if known.lower() == name]


def read_policy(path: Path, secret: str, *, naive: bool) -> list[Action]:
    """The steps for requests.

    Args:
        path: A traffic policy.
        secret: Put in place of the words that the file has for it.
        naive: Leave out what removes: the mistake that the server must survive.
    """
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))["on_http_request"]
    actions = []
    for action in (action for rule in rules for action in rule["actions"]):
        given = action["config"]["headers"]
        named = given if isinstance(given, dict) else dict.fromkeys(given, "")
        filled = {name.lower(): value.replace(SECRET_WORDS, secret) for name, value in named.items()}
        actions.append(Action(action["type"], filled))
    return [action for action in actions if not (naive and action.kind == "remove-headers")]


class Tunnel:
    """Relays requests.

    Args:
        upstream: Where the server is.
        actions: The policy.
        tell: Whether each request is printed, as a tunnel counts them.
    """

    def __init__(self, upstream: str, actions: Iterable[Action], *, tell: bool = False) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._actions = list(actions)
        self._tell = tell

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from outside."""
        with suppress(OSError, asyncio.IncompleteReadError):
            try:
                request = await _read_head(reader)
                if self._tell:
                    print("asked", request.line.rsplit(" ", 1)[0], flush=True)
                if _is_warned(request):
                    writer.write(_whole(200, b"text/html", WARNING))
                else:
                    await self._relay(request, reader, writer)
            except Unreadable:
                writer.write(_whole(400, b"text/plain", b"ERR_NGROK_3200"))
            await writer.drain()
        writer.close()

    async def _relay(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = _body(request, reader)
        client = writer.get_extra_info("peername")[0]
        fields = _forwarded(request, client)
        for action in self._actions:
            fields = _applied(action, fields, client)
        lines = [request.line, *(f"{name}: {value}" for name, value in fields), "Connection: close"]
        back, forth = await asyncio.open_connection(self._host, self._port, local_addr=(LOOPBACK, 0))
        sending = asyncio.create_task(_send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n", body, reader, forth))
        answering = asyncio.create_task(_answer(back, writer))
        try:
            # Whoever leaves ends the call behind as well.
            await asyncio.wait({sending, answering}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, answering):
                task.cancel()
            await asyncio.gather(sending, answering, return_exceptions=True)
            forth.close()


async def _read_head(reader: asyncio.StreamReader) -> Request:
    try:
        line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    except asyncio.LimitOverrunError:
        raise Unreadable from None
    pairs = (field.partition(":") for field in rest)
    return Request(line, [(name, value.strip(" \t")) for name, _, value in pairs])


def _is_warned(request: Request) -> bool:
    # ngrok's free plan shows browsers a page of its own first; the header says that the caller knows it.
    browser = any("mozilla/" in agent.lower() for agent in request.values("user-agent"))
    return browser and request.line.startswith("GET ") and not request.values("ngrok-skip-browser-warning")


def _forwarded(request: Request, client: str) -> Fields:
    hop = {"connection", "keep-alive", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    kept = [(name, value) for name, value in request.fields if name.lower() not in hop]
    known = {name: ", ".join(request.values(name)) for name in ("x-forwarded-for", "x-forwarded-proto")}
    told = request.values("x-forwarded-host") or request.values("host")
    return [
        *kept,
        ("x-forwarded-for", f"{known['x-forwarded-for']}, {client}".lstrip(", ")),
        ("x-forwarded-proto", f"{known['x-forwarded-proto']}, https".lstrip(", ")),
        ("x-forwarded-host", ", ".join(told)),
    ]


def _applied(action: Action, fields: Fields, client: str) -> Fields:
    if action.kind == "remove-headers":
        return [(name, value) for name, value in fields if name.lower() not in action.headers]
    return [*fields, *((name, value.replace(CLIENT_IP, client)) for name, value in action.headers.items())]


def _body(request: Request, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The body as it comes, in its own framing: nothing behind it may pass round the policy.

    Raises:
        Unreadable: Its end is told in two ways, or in none that the edge knows.
    """
    lengths, encodings = request.values("content-length"), request.values("transfer-encoding")
    if len(lengths) + len(encodings) > 1 or any(value.lower() != "chunked" for value in encodings):
        raise Unreadable
    if any(not length.isdecimal() for length in lengths):
        raise Unreadable
    return _chunks(reader) if encodings else _counted(reader, int(lengths[0]) if lengths else 0)


async def _counted(reader: asyncio.StreamReader, size: int) -> AsyncIterator[bytes]:
    while size and (piece := await reader.read(min(size, PIECE))):
        size -= len(piece)
        yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    size = -1
    while size:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        yield line + await reader.readexactly(size + 2)


async def _send(
    head: bytes, body: AsyncIterator[bytes], reader: asyncio.StreamReader, forth: asyncio.StreamWriter
) -> None:
    """Pass a request on, then wait until the client leaves."""
    forth.write(head)
    async for piece in body:
        forth.write(piece)
        await forth.drain()
    while await reader.read(PIECE):
        pass


async def _answer(back: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass an answer on as it comes."""
    while piece := await back.read(PIECE):
        writer.write(piece)
        await writer.drain()


def _whole(status: int, kind: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %d -\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (
        status,
        kind,
        len(body),
        body,
    )


def main() -> None:
    """Run from the command line."""
    parser = wire.arguments("A tunnel in front of a server.")
    parser.add_argument("--upstream", required=True, help="the server's address")
    parser.add_argument("--policy", choices=["right", "naive"], default="right")
    parser.add_argument("--tell", action="store_true", help="print each request")
    parser.add_argument("--secret", required=True, help="what the lock wants to see")
    chosen = parser.parse_args()
    actions = read_policy(POLICY, chosen.secret, naive=chosen.policy == "naive")
    asyncio.run(_listen(Tunnel(chosen.upstream, actions, tell=chosen.tell), chosen.port))


async def _listen(tunnel: Tunnel, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(tunnel.serve, LOOPBACK, port)
    wire.announce(f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}")
    await stop.wait()
    server.close()


if __name__ == "__main__":
    main()
