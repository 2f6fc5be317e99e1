"""Starts a peer in a process of its own, knows its address, and stops it by its pid."""

import importlib.util
import json
import os
import selectors
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

BACKEND: Final = Path(__file__).resolve().parents[2]
GREETING: Final = "listening on "
START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 5.0
NO_LLAMA: Final = "llama.cpp is not installed: uv sync --group dev --group llm"


class PeerNotStarted(Exception):
    """A peer ended or stayed silent instead of telling its address."""


@dataclass(frozen=True)
class Peer:
    """A running peer.

    Attributes:
        url: Its address, without a slash at the end.
        process: The process.
    """

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it; a second time does nothing."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()


def start(module: str, *arguments: str) -> Peer:
    """Start `python -m module` and wait for its address.

    Raises:
        PeerNotStarted: It ended, or said nothing in time.
    """
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(
        command, cwd=BACKEND, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    line = _first_line(process.stdout)
    peer = Peer(line.removeprefix(GREETING), process)
    if not line.startswith(GREETING):
        peer.stop()
        raise PeerNotStarted(module, line)
    return peer


@contextmanager
def running(module: str, *arguments: str) -> Iterator[Peer]:
    """A peer for the time of a block."""
    peer = start(module, *arguments)
    try:
        yield peer
    finally:
        peer.stop()


def log_of(peer: Peer) -> list[dict[str, Any]]:
    """What came to a double, and how it ended."""
    with urllib.request.urlopen(f"{peer.url}/__log", timeout=STOP_SECONDS) as answer:
        entries: list[dict[str, Any]] = json.load(answer)
    return entries


def forget(peer: Peer) -> None:
    """Empty the log of a double."""
    with urllib.request.urlopen(f"{peer.url}/__reset", data=b"", timeout=STOP_SECONDS):
        pass


def has_llama() -> bool:
    """Whether the engine and what writes its models are installed (dependency group `llm`)."""
    return all(importlib.util.find_spec(name) for name in ("xllamacpp", "gguf", "numpy"))


def write_models(folder: Path) -> Path:
    """Write every tiny model into a folder, by a process that knows how; returns the folder."""
    subprocess.run([sys.executable, "-m", "tests.peers.gguf_writer", str(folder)], cwd=BACKEND, check=True)
    return folder


def _first_line(stream: IO[bytes]) -> str:
    """The first line, or what came of it before the deadline."""
    line, until = b"", time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as ready:
        ready.register(stream, selectors.EVENT_READ)
        while not line.endswith(b"\n") and ready.select(max(0.0, until - time.monotonic())):
            if not (byte := os.read(stream.fileno(), 1)):
                break
            line += byte
    return line.decode(errors="replace").strip()
