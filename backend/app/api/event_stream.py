"""Relays one subscription as Server-Sent Events: nothing per token but wait and send, a ping by its own timer."""

import asyncio
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.services.generation.bus import Subscription

PING: Final = b": ping\n\n"
HEADERS: Final = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """An SSE answer that outlives neither its reader nor its subscription.

    Args:
        subscription: Where frames come from.
        ping_seconds: A comment is sent after so long without a frame.
    """

    media_type = "text/event-stream"

    def __init__(self, subscription: Subscription, ping_seconds: float) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._subscription = subscription
        self._ping_seconds = ping_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send frames until there are no more or the reader is gone."""
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with asyncio.TaskGroup() as tasks:
                relay = tasks.create_task(self._relay(send), name="relay")
                watch = tasks.create_task(_until_gone(receive), name="watch reader")
                relay.add_done_callback(lambda _: watch.cancel())
                watch.add_done_callback(lambda _: relay.cancel())
        finally:
            self._subscription.leave()

    async def _relay(self, send: Send) -> None:
        while True:
            try:
                async with asyncio.timeout(self._ping_seconds):
                    frames = await self._subscription.next()
            except TimeoutError:
                frames = PING
            if frames is None:
                break
            await send({"type": "http.response.body", "body": frames, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
