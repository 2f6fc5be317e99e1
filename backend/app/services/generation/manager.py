"""Owns the tasks of running answers: start, cancel, shut down. Knows nothing of chat.

A producer does the work; a supervisor writes the ending. The ending never stands in the producer's `finally`, where a
second cancel would kill it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from app.core.errors import OmniError
from app.services.generation.bus import GenerationBus

log = structlog.get_logger(__name__)

Verdict = Literal["stopped", "interrupted"]
CANCEL_PATIENCE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. `error` is set exactly when `status` is `error`."""

    status: Literal["complete", "stopped", "interrupted", "error"]
    error: OmniError | None = None


@dataclass(slots=True)
class _Run:
    producer: asyncio.Task[None]
    end: Callable[[Ending], Awaitable[None]]
    supervisor: asyncio.Task[None] | None = None
    verdict: Verdict | None = None


class GenerationManager:
    """Runs answers independently of the requests that asked for them.

    Args:
        bus: Where readers are; it is closed after the ending.
        detached_seconds: How long a run goes on when nobody reads it.
    """

    def __init__(self, bus: GenerationBus, detached_seconds: float) -> None:
        self._bus = bus
        self._detached_seconds = detached_seconds
        self._runs: dict[str, _Run] = {}
        self._draining = False
        self._afterwards: set[asyncio.Task[None]] = set()

    @property
    def draining(self) -> bool:
        """Whether the server is shutting down and takes no new work."""
        return self._draining

    def running_ids(self) -> frozenset[str]:
        """The runs of this process."""
        return frozenset(self._runs)

    def start(
        self, generation_id: str, produce: Coroutine[None, None, None], end: Callable[[Ending], Awaitable[None]]
    ) -> None:
        """Start a run.

        Args:
            generation_id: Its id on the bus, which is open.
            produce: The work. An OmniError from it is the answer's error.
            end: Writes the ending; called once, and again only if it raises.
        """
        run = _Run(asyncio.create_task(produce, name=f"produce {generation_id}"), end)
        self._runs[generation_id] = run
        run.supervisor = asyncio.create_task(self._supervise(generation_id, run), name=f"supervise {generation_id}")

    async def cancel(self, generation_id: str, verdict: Verdict = "stopped") -> bool:
        """Stop a run and wait until its ending is written.

        Returns:
            Whether it was running here.
        """
        run = self._runs.get(generation_id)
        if run is None or run.supervisor is None:
            return False
        self._stop(run, verdict)
        await asyncio.wait({run.supervisor})
        return True

    def follow_up(self, name: str, work: Coroutine[None, None, None]) -> None:
        """Do something after an ending, which may be given up; an OmniError from it is only logged.

        Args:
            name: Of the task.
            work: What is to be done.
        """
        task = asyncio.create_task(self._without_consequence(name, work), name=name)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)

    def drain(self) -> None:
        """Take no new work from now on."""
        self._draining = True

    async def shut_down(self, seconds: float) -> None:
        """Let runs end by themselves for a while, then interrupt them and wait for their endings."""
        self.drain()
        for task in self._afterwards:
            task.cancel()
        await asyncio.gather(*self._afterwards, return_exceptions=True)
        supervisors = {run.supervisor for run in self._runs.values() if run.supervisor}
        if not supervisors:
            return
        await asyncio.wait(supervisors, timeout=seconds)
        for run in self._runs.values():
            self._stop(run, "interrupted")
        _, stuck = await asyncio.wait(supervisors, timeout=CANCEL_PATIENCE_SECONDS)
        for task in stuck:
            task.cancel()

    @staticmethod
    async def _without_consequence(name: str, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except OmniError as error:
            log.info("follow_up_given_up", name=name, error=error.code.value)

    @staticmethod
    def _stop(run: _Run, verdict: Verdict) -> None:
        if run.verdict is None and not run.producer.done():
            run.verdict = verdict
            run.producer.cancel()

    async def _supervise(self, generation_id: str, run: _Run) -> None:
        while not run.producer.done():
            await asyncio.wait({run.producer}, timeout=self._patience(generation_id, run))
            if self._patience(generation_id, run) <= 0:
                self._stop(run, "interrupted")
        ending = self._judge(run)
        try:
            await self._write_ending(generation_id, run, ending)
        finally:
            self._runs.pop(generation_id, None)
            self._bus.close(generation_id)

    def _patience(self, generation_id: str, run: _Run) -> float:
        if run.verdict is not None:
            return CANCEL_PATIENCE_SECONDS
        since = self._bus.unread_since(generation_id)
        if since is None:
            return self._detached_seconds
        return since + self._detached_seconds - asyncio.get_running_loop().time()

    async def _write_ending(self, generation_id: str, run: _Run, ending: Ending) -> None:
        pause = 0.1
        while True:
            try:
                await run.end(ending)
            except OmniError as error:
                # A locked or full disk: the ending is owed until it is written or the process ends.
                log.warning("ending_postponed", generation_id=generation_id, error=error.code.value)
                await asyncio.sleep(pause)
                pause = min(pause * 2, CANCEL_PATIENCE_SECONDS)
            else:
                return

    @staticmethod
    def _judge(run: _Run) -> Ending:
        if run.producer.cancelled():
            return Ending(run.verdict or "interrupted")
        error = run.producer.exception()
        if error is None:
            return Ending("complete")
        if isinstance(error, OmniError):
            return Ending("error", error)
        log.error("generation_failed", exc_info=error)
        return Ending("error", OmniError())
