"""Folders of models for the embedded provider, what a test asks about its processes, and GGUF heads made by hand."""

import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.config.settings import EmbeddedSettings, ProviderSettings
from app.providers.base import ChatCall, PromptMessage, TextDelta
from app.providers.embedded.provider import EmbeddedProvider, embedded

SAYS: Final = "Hello from a real llama.cpp engine."


def provider_of(folder: Path, *, idle_seconds: float = 20.0, **own: float | str) -> EmbeddedProvider:
    """The provider on a folder, with one thread."""
    settings = ProviderSettings.model_validate({"idle_seconds": idle_seconds})
    given = {"models": str(folder), "threads": 1, **own}
    return embedded(settings, EmbeddedSettings.model_validate(given))


def question(model: str, content: str = "Say it.") -> ChatCall:
    """A question whose answer is the model's script."""
    return ChatCall(model, (PromptMessage("user", content),), temperature=0)


async def said(provider: EmbeddedProvider, model: str, content: str = "Say it.") -> str:
    """A whole answer."""
    events = [event async for event in provider.stream(question(model, content))]
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def pids(provider: EmbeddedProvider) -> list[int]:
    """Of the processes that have a model now."""
    return [child.pid for child in provider.memory.children().values()]


def is_gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    state = _ps("stat", pid)
    return not state or state.startswith("Z")


def is_resting(pid: int) -> bool:
    """A thing that differs between two looks exactly when a process works meanwhile: the processor time it took."""
    before = _processor_time(pid)
    subprocess.run(["sleep", "0.2"], check=True)
    return before == _processor_time(pid)


def children_of(pid: int) -> list[int]:
    """The processes that a process started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def head(entries: Mapping[str, str | int | list[str]], *, version: int = 3, count: int | None = None) -> bytes:
    """The head of a GGUF file."""
    packed = struct.pack("<4sIQQ", b"GGUF", version, 0, len(entries) if count is None else count)
    for key, value in entries.items():
        packed += _text(key)
        match value:
            case str():
                packed += struct.pack("<I", 8) + _text(value)
            case int():
                packed += struct.pack("<II", 4, value)
            case _:
                packed += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))
    return packed


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def _processor_time(pid: int) -> str:
    detailed = Path(f"/proc/{pid}/stat")
    if detailed.exists():  # where ps tells hundredths of a second, there is none
        return " ".join(detailed.read_text().rpartition(")")[2].split()[11:13])
    return _ps("time", pid)


def _ps(column: str, pid: int) -> str:
    command = ["ps", "-o", f"{column}=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
