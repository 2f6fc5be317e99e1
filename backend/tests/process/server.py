"""A real OmniAI in a process of its own, on a port and a data folder of its own."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.client import Event, parse_events

ADDRESS = re.compile(r"OmniAI is at (http://\S+)/")
BACKEND = Path(__file__).resolve().parents[2]
DEADLINE = 20


@dataclass
class Server:
    """A running server.

    Attributes:
        url: Where it answers.
        process: What to signal.
        greeting: What it printed before it answered.
    """

    url: str
    process: asyncio.subprocess.Process
    greeting: str

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.process.kill()
        await self.process.wait()

    async def stop(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        self.process.send_signal(sig)
        async with asyncio.timeout(DEADLINE + 10):
            return await self.process.wait()


def environment(folder: Path, **names: str) -> dict[str, str]:
    """The environment of a separate installation in a folder."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
    given = {
        "PORT": "0",
        "DATA_DIR": str(folder),
        "BOOTSTRAP_TOKEN": "bootstrap-token-of-the-tests-0123456789",
        "ARGON2_MEMORY_KIB": "1024",
        "LOG_LEVEL": "warning",
        "RATE_LIMIT_ENABLED": "false",
        **names,
    }
    return {**own, **{f"OMNIAI_{name}": value for name, value in given.items()}}


def command(*arguments: str) -> list[str]:
    """The command line, by the Python that runs the tests."""
    return [sys.executable, "-m", "app", *arguments]


@asynccontextmanager
async def serving(folder: Path, log: Path | None = None, /, **names: str) -> AsyncIterator[Server]:
    """Start a server and wait until it answers; it is killed at the end if it still runs.

    Args:
        folder: Its data.
        log: Where its log goes, when a test reads it.
        names: Settings, without the prefix.
    """
    with ExitStack() as files:
        process = await asyncio.create_subprocess_exec(
            *command("serve"),
            cwd=BACKEND,
            env=environment(folder, **names),
            stdout=asyncio.subprocess.PIPE,
            stderr=files.enter_context(log.open("wb")) if log else None,
        )
    try:
        server = await _greeted(process)
        await _answering(server)
        yield server
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _greeted(process: asyncio.subprocess.Process) -> Server:
    assert process.stdout is not None
    greeting = ""
    async with asyncio.timeout(DEADLINE):
        while not (found := ADDRESS.search(greeting)):
            line = await process.stdout.readline()
            assert line, f"the server ended: {greeting}"
            greeting += line.decode()
    return Server(found[1], process, greeting)


async def _answering(server: Server) -> None:
    async with asyncio.timeout(DEADLINE), httpx2.AsyncClient() as http:
        while True:
            try:
                if (await http.get(f"{server.url}/health")).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.02)


async def read_stream(response: httpx2.Response, until: int | None = None) -> list[Event]:
    """Read a live stream to its end, or until so many events have come."""
    text = ""
    async for chunk in response.aiter_text():
        text += chunk
        whole = text[: text.rfind("\n\n") + 2]
        events = parse_events(whole)
        if until is not None and len(events) >= until:
            return events
    return parse_events(text)
