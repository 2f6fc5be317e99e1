"""What the benchmark speaks: its two server processes, and one HTTP request over a socket of its own.

Knows how to start and ask, not what is measured.
"""

import asyncio
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httptools

BACKEND: Final = Path(__file__).resolve().parent.parent / "backend"
BIN: Final = BACKEND / ".venv" / "bin"
STOP_SECONDS: Final = 30
PASSWORD: Final = "correct horse battery"  # noqa: S105 - of an account that lives as long as the measurement
NOTHING: Final[Mapping[str, object]] = {}
NOTHING_SAID: Final[Mapping[str, str]] = {}
ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")


class BenchError(Exception):
    """A server did not start, or an answer was not what was asked for: there is nothing to measure."""


class Server:
    """A running server process and its address."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.address = address
        self._process = process

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def cpu_seconds(self) -> float:
        """Processor time of the process and its children so far, all threads, user and system."""
        return sum(_nanoseconds(pid) for pid in _tree(self._process.pid)) / 1e9

    def memory_kib(self) -> int:
        """Memory of the process and its children, what they share counted once."""
        return sum(_proportional_kib(pid) for pid in _tree(self._process.pid))


def run(bench: Callable[[], None]) -> int:
    """Run a benchmark; returns the exit code, and says in one line what kept it from measuring."""
    if sys.platform != "linux":
        print(
            "OmniAI: make bench reads processor times and memory from /proc, so it runs on Linux only.", file=sys.stderr
        )
        return 1
    try:
        bench()
    except BenchError as problem:
        print(f"OmniAI: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


@contextmanager
def running(command: list[str], environ: Mapping[str, str], *, quiet: bool = False) -> Iterator[Server]:
    """Start a server that says its address on standard output, and stop it afterwards; `quiet` throws its log away."""
    log = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, cwd=BACKEND, env=environ, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        address = ADDRESS.search(line)
        if address is None:
            raise BenchError(f"{Path(command[0]).name} {' '.join(command[1:])} did not start")
        yield Server(process, address.group())
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@asynccontextmanager
async def installed(
    upstream: Server, settings: Mapping[str, str]
) -> AsyncIterator[tuple[Server, dict[str, str], Path]]:
    """An OmniAI of its own over a model server, without limits; gives it, its owner's headers and its database.

    Args:
        upstream: Speaks as LM Studio does.
        settings: By their names without the prefix.
    """
    token = secrets.token_urlsafe(32)
    with tempfile.TemporaryDirectory(prefix="omniai-bench-") as folder:
        own = {
            "DATA_DIR": folder,
            "PORT": "0",
            "BOOTSTRAP_TOKEN": token,
            "RATE_LIMIT_ENABLED": "false",
            "QUOTA_MESSAGES_PER_DAY": "unlimited",
            "QUOTA_TOKENS_PER_DAY": "unlimited",
            "LMSTUDIO_BASE_URL": f"{upstream.address}/v1",
            **settings,
        }
        environ = {**os.environ, **{f"OMNIAI_{name}": value for name, value in own.items()}}
        with running([str(BIN / "omniai"), "serve"], environ, quiet=True) as omniai:
            owner = {"username": "owner", "password": PASSWORD, "transport": "bearer"}
            signed_in = await post(f"{omniai.address}/admin/bootstrap", owner, {"X-Bootstrap-Token": token})
            yield omniai, {"Authorization": f"Bearer {signed_in['access_token']}"}, Path(folder) / "omniai.db"


class Line:
    """One kept connection, one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host

    async def ask(
        self, method: str, path: str, body: Mapping[str, object] = NOTHING, headers: Mapping[str, str] = NOTHING_SAID
    ) -> tuple[int, float]:
        """Send a request; gives status and seconds."""
        payload = json.dumps(body).encode() if body else b""
        kind = {"Content-Type": "application/json"} if body else {}
        head = {"Host": self._host, **kind, "Content-Length": str(len(payload)), **headers}
        fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        begun = time.perf_counter()
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{fields}\r\n".encode() + payload)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        size = int(answer.partition("content-length:")[2].partition("\r\n")[0])
        await self._reader.readexactly(size)
        return int(answer.split(" ", 2)[1]), time.perf_counter() - begun


@asynccontextmanager
async def line_to(address: str) -> AsyncIterator[Line]:
    """A kept connection to a server, for the time of a block."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield Line(reader, writer, parts.netloc)
    finally:
        writer.close()


class _Answer:
    """Callbacks of the HTTP parser: gathers the body and its end."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.ended = False

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.ended = True


async def lines(url: str, body: Mapping[str, object], headers: Mapping[str, str]) -> AsyncGenerator[bytes]:
    """POST a body on a new connection and yield the lines of the answer as they come."""
    parts = urlsplit(url)
    payload = json.dumps(body).encode()
    head = {"Host": parts.netloc, "Content-Type": "application/json", "Content-Length": str(len(payload)), **headers}
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"POST {parts.path} HTTP/1.1\r\n{fields}\r\n".encode() + payload)
        answer = _Answer()
        parser = httptools.HttpResponseParser(answer)
        while not answer.ended:
            data = await reader.read(65_536)
            if not data:
                raise BenchError(f"{parts.path} was cut off")
            parser.feed_data(data)
            if parser.get_status_code() >= HTTPStatus.MULTIPLE_CHOICES:
                raise BenchError(f"{parts.path} answered {parser.get_status_code()}")
            *whole, rest = bytes(answer.body).split(b"\n")
            answer.body[:] = rest
            for line in whole:
                yield line.rstrip(b"\r")
        if answer.body:
            yield bytes(answer.body)
    finally:
        writer.close()


async def post(url: str, body: Mapping[str, object], headers: Mapping[str, str]) -> dict[str, object]:
    """POST a body and read one JSON object."""
    async with aclosing(lines(url, body, headers)) as answer:
        text = b"\n".join([line async for line in answer])
    return dict(json.loads(text))


def _tree(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(below for child in children for below in _tree(child))]


def _nanoseconds(pid: int) -> int:
    # The clock ticks of /proc/pid/stat would round to 10 ms.
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def _proportional_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
