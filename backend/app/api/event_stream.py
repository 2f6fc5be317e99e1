"""Relays one subscription as Server-Sent Events: nothing per token but wait and send, a ping by its own timer."""

import asyncio
from typing import Any, Final

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
        self._sent_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send frames until there are no more, the reader is gone, or they may no longer read."""
        try:
            with self._watch.watching(self._reader) as verdict:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                self._sent_at = asyncio.get_running_loop().time()
                relay = asyncio.create_task(self._relay(send), name="relay")
                ping = asyncio.create_task(self._ping(send), name="ping")
                gone = asyncio.create_task(_until_gone(receive), name="watch reader")
                try:
                    over: tuple[asyncio.Future[Any], ...] = (relay, gone, verdict)
                    await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await _cancel(relay, ping, gone)
                if not relay.cancelled():
                    relay.result()
                if _is_over(verdict):
                    await self._expel(verdict.result(), scope["state"]["request_id"], send)
        finally:
            self._subscription.leave()

    async def _relay(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        while (frames := await self._subscription.next()) is not None:
            await send({"type": "http.response.body", "body": frames, "more_body": True})
            self._sent_at = loop.time()
        await send({"type": "http.response.body", "body": b""})

    async def _ping(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        while True:
            wait = self._sent_at + self._ping_seconds - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            else:
                await send({"type": "http.response.body", "body": PING, "more_body": True})
                self._sent_at = loop.time()

    @staticmethod
    async def _expel(error: OmniError, request_id: str, send: Send) -> None:
        name, data = encode(ErrorEvent(error.code.value, error.text, error.retryable, request_id))
        # A reader who does not read gets no more time than this for the last word.
        async with asyncio.timeout(LAST_WORD_SECONDS):
            await send({"type": "http.response.body", "body": unnumbered(name, data), "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def _is_over(verdict: Verdict) -> bool:
    return verdict.done() and not verdict.cancelled()


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
