"""A hundred requests on as many open connections, sent in one breath: closer together than a library sends them."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools
import httpx2

CROWD = 100
Outcome = tuple[int, str]


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        head_only: Leave once the status has come, as a reader of a stream who changes their mind.
    """

    method: str
    path: str
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    head_only: bool = False

    def encoded(self, host: str) -> bytes:
        """The bytes of it."""
        body = b"" if self.body is None else json.dumps(self.body).encode()
        fields = {"Host": host, "Connection": "close", **self.headers}
        if self.body is not None:
            fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class _Parts:
    """What the parser finds."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_body(self, data: bytes) -> None:
        self.body += data


async def race(url: str, calls: Sequence[Call]) -> list[httpx2.Response]:
    """Send all calls at once; nobody may see a failure of the server.

    Args:
        url: Where the server is.
        calls: What each of the crowd sends.
    """
    parts = urlsplit(url)
    async with AsyncExitStack() as stack:
        opened = await asyncio.gather(*(asyncio.open_connection(parts.hostname, parts.port) for _ in calls))
        for _, writer in opened:
            stack.callback(writer.close)
        for (_, writer), call in zip(opened, calls, strict=True):
            writer.write(call.encoded(parts.netloc))
        readers = (reader for reader, _ in opened)
        answers = await asyncio.gather(*(_read(*pair) for pair in zip(readers, calls, strict=True)))
    refuse_failures(answers)
    return list(answers)


async def _read(reader: asyncio.StreamReader, call: Call) -> httpx2.Response:
    parts = _Parts()
    parser = httptools.HttpResponseParser(parts)
    async with asyncio.timeout(60):
        parser.feed_data(await reader.readuntil(b"\r\n\r\n"))
        status = parser.get_status_code()
        if not call.head_only or status >= 400:
            parser.feed_data(await reader.read())
    plain = [(name, value) for name, value in parts.headers if name.lower() != b"transfer-encoding"]
    return httpx2.Response(status, headers=plain, content=bytes(parts.body))


def refuse_failures(answers: Iterable[httpx2.Response]) -> None:
    """Whatever a crowd does, the server itself does not fail."""
    assert [answer.text for answer in answers if answer.status_code >= 500] == []


def outcome(answer: httpx2.Response) -> Outcome:
    """Status and error code."""
    return answer.status_code, "" if answer.status_code < 400 else str(answer.json()["code"])


def outcomes(answers: Iterable[httpx2.Response]) -> Counter[Outcome]:
    """How many got which answer."""
    return Counter(map(outcome, answers))
