"""One installation with many lives: started, killed and started again on the same data folder.

Importing takes most of a start, so the suite forks its servers from a process that has imported everything and done
nothing; a fresh process is started where a test asks for one.

    python -m tests.process.torture.lives    (the process to fork from: an environment a line)
"""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2
from app.cli import main as omniai

from tests.process.server import ADDRESS, BACKEND, command, environment

BORN: Final = re.compile(r"born (\d+)")
DEADLINE: Final = 30


@dataclass
class Life:
    """A server process.

    Attributes:
        pid: What to signal.
        begun: When it was started.
        url: Where it answers; empty until it does.
        ready_after: Seconds until it was ready, without those in which it waited for a processor.
    """

    pid: int
    begun: float
    url: str = ""
    ready_after: float = 0.0

    def is_running(self) -> bool:
        """Whether there is such a process."""
        return Path(f"/proc/{self.pid}").exists()

    def waited(self) -> float:
        """Seconds in which its threads were kept from a processor."""
        delays = [path.read_text().split()[1] for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat")]
        return sum(map(int, delays)) / 1e9

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        async with asyncio.timeout(DEADLINE):
            while self.is_running():
                await asyncio.sleep(0.002)


@dataclass
class Installation:
    """A data folder and the settings of its servers.

    Attributes:
        folder: Its data.
        settings: Without the prefix.
        lives: Every server that was started.
    """

    folder: Path
    settings: dict[str, str]
    lives: list[Life] = field(default_factory=list)
    _nursery: asyncio.subprocess.Process | None = None

    async def begin(self, *, fresh: bool = False) -> tuple[Life, asyncio.StreamReader]:
        """Start a server without waiting for it; gives what it prints, too."""
        environ = environment(self.folder, **self.settings)
        if fresh:
            begun = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *command("serve"), cwd=BACKEND, env=environ, stdout=asyncio.subprocess.PIPE
            )
            assert process.stdout is not None
            life, output = Life(process.pid, begun), process.stdout
        else:
            life, output = await self._fork(environ)
        self.lives.append(life)
        return life, output

    async def start(self, *, fresh: bool = False) -> Life:
        """Start a server and wait until it is ready."""
        life, output = await self.begin(fresh=fresh)
        async with asyncio.timeout(DEADLINE), httpx2.AsyncClient() as http:
            life.url = (await _line(output, ADDRESS))[1]
            while not await _is_ready(http, life.url):
                await asyncio.sleep(0.005)
        life.ready_after = time.monotonic() - life.begun - life.waited()
        return life

    async def end(self) -> None:
        """Kill what still runs."""
        for life in self.lives:
            if life.is_running():
                await life.kill()
        if self._nursery is not None:
            self._nursery.kill()
            await self._nursery.wait()

    async def _fork(self, environ: dict[str, str]) -> tuple[Life, asyncio.StreamReader]:
        if self._nursery is None:
            self._nursery = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.process.torture.lives",
                cwd=BACKEND,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(environ).encode() + b"\n")
        async with asyncio.timeout(DEADLINE):
            born = await _line(self._nursery.stdout, BORN)
        return Life(int(born[1]), time.monotonic()), self._nursery.stdout


@asynccontextmanager
async def installed(folder: Path, **settings: str) -> AsyncIterator[Installation]:
    """An installation for the time of a block."""
    installation = Installation(folder, settings)
    try:
        yield installation
    finally:
        await installation.end()


async def _line(output: asyncio.StreamReader, pattern: re.Pattern[str]) -> re.Match[str]:
    while line := (await output.readline()).decode():
        if found := pattern.search(line):
            return found
    raise AssertionError("the server ended before it answered")


async def _is_ready(http: httpx2.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/ready")).status_code == 200
    except httpx2.TransportError:
        return False


def _breed() -> None:
    """Fork a server for every line that comes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork():
            continue
        # Said by the child, so that nothing of its own comes before it.
        print(f"born {os.getpid()}", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(json.loads(line))
        omniai(["serve"])
        return


if __name__ == "__main__":
    _breed()
