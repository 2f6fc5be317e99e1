"""Relays one subscription as Server-Sent Events: nothing per token but take and write, a ping by its own timer."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.auth.principal import Principal
from app.auth.watch import StreamWatch, Verdict
from app.core.errors import OmniError
from app.services.chat.events import ErrorEvent, encode
from app.services.generation.bus import Subscription
from app.services.generation.memory_bus import unnumbered

PING: Final = b": ping\n\n"
HEADERS: Final = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
LAST_WORD_SECONDS: Final = 2.0
LINE: Final = "omniai.line"
"""The extension of the ASGI scope under which a server lends its Line."""


class Line(Protocol):
    """The connection of an answer whose head is sent; writing needs no task, so a token waits for none."""

    @property
    def writable(self) -> bool:
        """Whether the reader takes more now."""
        ...

    def write(self, data: bytes) -> None:
        """Send a part of the body; of an answer that is over, nothing."""
        ...

    def listen(self, writable: Callable[[], None], gone: Callable[[], None]) -> None:
        """Have `writable` called when more is taken again, and `gone` when nobody reads any more."""
        ...


class EventStream(Response):
    """An SSE answer that outlives neither its reader nor its subscription nor its reader's sign-in.

    Args:
        subscription: Where frames come from.
        ping_seconds: A comment is sent after so long without a frame.
        reader: Who reads.
        watch: Tells when they may no longer.
    """

    media_type = "text/event-stream"

    def __init__(self, subscription: Subscription, ping_seconds: float, reader: Principal, watch: StreamWatch) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._subscription = subscription
        self._ping_seconds = ping_seconds
        self._reader = reader
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send frames until there are no more, the reader is gone, or they may no longer read."""
        try:
            with self._watch.watching(self._reader) as verdict:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                lent: Line | None = scope.get("extensions", {}).get(LINE, {}).get("line")
                if lent is not None:
                    await self._relay(lent, verdict)
                else:
                    async with asyncio.TaskGroup() as tasks:
                        sending = SendingLine(send, receive, tasks)
                        await self._relay(sending, verdict)
                        sending.close()
                if _is_over(verdict):
                    await self._expel(verdict.result(), scope["state"]["request_id"], send)
                else:
                    await send({"type": "http.response.body", "body": b""})
        finally:
            self._subscription.leave()

    async def _relay(self, line: Line, verdict: Verdict) -> None:
        relay = _Relay(self._subscription, line, self._ping_seconds)
        verdict.add_done_callback(relay.end)
        try:
            await relay.over
        finally:
            verdict.remove_done_callback(relay.end)
            relay.close()

    @staticmethod
    async def _expel(error: OmniError, request_id: str, send: Send) -> None:
        name, data = encode(ErrorEvent(error.code.value, error.text, error.retryable, request_id))
        # A reader who does not read gets no more time than this for the last word.
        async with asyncio.timeout(LAST_WORD_SECONDS):
            await send({"type": "http.response.body", "body": unnumbered(name, data), "more_body": True})
            await send({"type": "http.response.body", "body": b""})


class _Relay:
    """Moves frames from a subscription to a line, in the calls of whoever publishes them or makes room for them."""

    def __init__(self, subscription: Subscription, line: Line, ping_seconds: float) -> None:
        self._subscription = subscription
        self._line = line
        self._ping_seconds = ping_seconds
        self._loop = asyncio.get_running_loop()
        self._sent_at = self._loop.time()
        self._timer = self._loop.call_later(ping_seconds, self._ping)
        self.over: asyncio.Future[None] = self._loop.create_future()
        line.listen(self._pour, self.end)
        subscription.listen(self._pour)
        self._pour()

    def end(self, _cause: object = None) -> None:
        """Stop moving."""
        if not self.over.done():
            self.over.set_result(None)

    def close(self) -> None:
        """Stop every clock."""
        self.end()
        self._timer.cancel()

    def _pour(self) -> None:
        while self._line.writable and not self.over.done():
            frames = self._subscription.take()
            if frames is None:
                self.end()
            elif frames:
                self._write(frames)
            else:
                return

    def _ping(self) -> None:
        now = self._loop.time()
        if self._sent_at + self._ping_seconds <= now and self._line.writable:
            self._write(PING)
        due = self._sent_at + self._ping_seconds
        self._timer = self._loop.call_at(due if due > now else now + self._ping_seconds, self._ping)

    def _write(self, data: bytes) -> None:
        self._line.write(data)
        self._sent_at = self._loop.time()


class SendingLine:
    """A Line over ASGI's own `send`, for servers that lend none: each part is sent by a task, one at a time.

    Args:
        send: ASGI's.
        receive: ASGI's.
        tasks: Where its tasks run.
    """

    def __init__(self, send: Send, receive: Receive, tasks: asyncio.TaskGroup) -> None:
        self._send = send
        self._receive = receive
        self._tasks = tasks
        self._sending: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._writable: Callable[[], None] | None = None

    @property
    def writable(self) -> bool:
        """See Line."""
        return self._sending is None

    def write(self, data: bytes) -> None:
        """See Line."""
        self._sending = self._tasks.create_task(self._sent(data))

    def listen(self, writable: Callable[[], None], gone: Callable[[], None]) -> None:
        """See Line."""
        self._writable = writable
        self._watching = self._tasks.create_task(self._until_gone(gone))

    def close(self) -> None:
        """Write nothing more, and watch no longer."""
        for task in (self._sending, self._watching):
            if task is not None:
                task.cancel()

    async def _sent(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})
        self._sending = None
        if self._writable is not None:
            self._writable()

    async def _until_gone(self, gone: Callable[[], None]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        gone()


def _is_over(verdict: Verdict) -> bool:
    return verdict.done() and not verdict.cancelled()
