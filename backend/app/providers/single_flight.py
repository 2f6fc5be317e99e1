"""One run of an act for all who want its outcome at the same time.

Owns the tasks that run; who stops waiting does not end the run for the others. Knows neither acts nor outcomes.
"""

import asyncio
from collections.abc import Callable, Coroutine


class SingleFlight:
    """Acts under way, by key."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self, key: str, act: Callable[[], Coroutine[None, None, None]]) -> None:
        """Join the act that runs under the key, or begin it.

        Raises:
            Exception: What the act raised.
        """
        task = self._running.get(key)
        if task is None or task.done():
            task = self._running[key] = asyncio.create_task(act(), name=f"single-flight {key}")
            task.add_done_callback(lambda done: self._ended(key, done))
        await asyncio.shield(task)

    async def aclose(self) -> None:
        """End what runs."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, key: str, task: asyncio.Task[None]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
        if not task.cancelled():
            task.exception()  # nobody may have waited to the end
