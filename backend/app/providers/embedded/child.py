"""The parent's side of one child process: start it, know whether it lives, end it. Knows nothing of other children.

What the child needs to know travels over its stdin: nobody reads that in a list of processes, and its end is how a
child learns that its parent is gone.
"""

import asyncio
import json
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import structlog
from pydantic import SecretStr

from app.providers.base import ChatCall, ProviderError, ProviderEvent, ProviderTimedOut
from app.providers.embedded.shelf import ModelFile
from app.providers.http import MALFORMED, Deadlines, Upstream, bearer
from app.providers.openai_compat import OpenAICompatProvider

log = structlog.get_logger(__name__)

_PROGRAM: Final = Path(__file__).with_name("engine.py")
_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8"}
"""All that a child gets: the parent's own environment may hold secrets."""
_CANNOT: Final = "This model cannot be loaded. The server's log says why."
_ENDING_SECONDS: Final = 5.0


class Answer(msgspec.Struct):
    """What a child says once: where it listens, or why it does not."""

    port: int = 0
    failure: str = ""


class Health(msgspec.Struct):
    status: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How a model is run.

    Attributes:
        window: Tokens that each answer may take, its question included.
        slots: Answers side by side.
        threads: Of the processor; None is one for each core.
        load_seconds: What loading may take.
        deadlines: Of an answer.
    """

    window: int
    slots: int
    threads: int | None
    load_seconds: float
    deadlines: Deadlines


class Child:
    """A process with a model in memory.

    Attributes:
        pid: Of the process.
        url: Where it listens.
    """

    def __init__(self, process: Process, url: str, key: str, deadlines: Deadlines) -> None:
        self.pid = process.pid
        self.url = url
        self._process = process
        self._upstream = Upstream(url, bearer(SecretStr(key)), deadlines)
        self._server = OpenAICompatProvider("embedded", "llama.cpp", "home", self._upstream, prefix="/v1")

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.returncode

    def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """See Provider."""
        return self._server.stream(call)

    async def is_well(self) -> bool:
        """Whether it lives and says so."""
        try:
            return (await self._upstream.get_json("/health", Health, self._upstream.soon())).status == "ok"
        except ProviderError:
            return False

    def kill(self) -> None:
        """End it at once; there is nothing in it to be saved. A second time does nothing."""
        _kill(self._process)

    async def aclose(self) -> None:
        """End it, and wait until its memory is free."""
        await self._upstream.aclose()
        await _end(self._process)


async def start(file: ModelFile, terms: Terms) -> Child:
    """Start a child and wait until its model is loaded.

    Raises:
        ProviderTimedOut: That took too long.
        ProviderError: The model cannot be loaded.
    """
    key = secrets.token_urlsafe(32)
    process = await _process()
    try:
        answer = await _answer(process, _order(file, terms, key), terms.load_seconds)
    except BaseException:
        await _end(process)
        raise
    if not answer.port:
        await _end(process)
        log.warning("model_not_loaded", model=file.id, reason=answer.failure, exit_code=process.returncode)
        raise ProviderError(text=_CANNOT)
    log.info("model_loaded", model=file.id, pid=process.pid)
    return Child(process, f"http://127.0.0.1:{answer.port}", key, terms.deadlines)


async def _process() -> Process:
    command = [sys.executable, "-I", str(_PROGRAM)]
    try:
        # On this process's stderr only until it loads, so that a broken installation shows its traceback.
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=_ENVIRONMENT, cwd="/")
    except OSError as error:
        log.warning("model_not_loaded", reason=f"no process can be started ({error.strerror})")
        raise ProviderError(text=_CANNOT) from None


def _order(file: ModelFile, terms: Terms, key: str) -> bytes:
    order = {
        "path": str(file.path),
        "name": file.id,
        "key": key,
        "window": terms.window,
        "slots": terms.slots,
        "threads": terms.threads,
        "embedding": file.kind == "embedding",
    }
    return json.dumps(order).encode() + b"\n"  # a path may hold bytes that are no text, which msgspec refuses


async def _answer(process: Process, order: bytes, seconds: float) -> Answer:
    if process.stdin is None or process.stdout is None:
        raise TypeError("a child is started with pipes")
    try:
        async with asyncio.timeout(seconds):
            process.stdin.write(order)
            line = await process.stdout.readline()
    except TimeoutError:
        log.warning("model_not_loaded", reason=f"not within the {seconds:g} s of OMNIAI_EMBEDDED_LOAD_SECONDS")
        raise ProviderTimedOut(text="The model took too long to load.") from None
    try:
        return msgspec.json.decode(line, type=Answer)
    except MALFORMED:
        return Answer(failure="the engine ended without a word")


async def _end(process: Process) -> None:
    _kill(process)
    with suppress(TimeoutError):
        async with asyncio.timeout(_ENDING_SECONDS):
            await process.wait()


def _kill(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        process.kill()
