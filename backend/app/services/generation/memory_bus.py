"""The bus of one process: frames in a list, readers woken by futures. Every frame is encoded once, whoever reads it."""

import asyncio
from typing import Final

from app.core.errors import InvalidFields
from app.domain.generations.errors import StreamGone

PIECE_BYTES: Final = 65_536
"""A reader far behind gets this much at a time: what they do not take must not lie in memory for each of them."""


def numbered(sequence: int, name: str, data: bytes) -> bytes:
    """An SSE event with its sequence number as id."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (sequence, name.encode(), data)


def unnumbered(name: str, data: bytes) -> bytes:
    """An SSE event that does not move a reader's position."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


class _Channel:
    def __init__(self, now: float) -> None:
        self.frames: Final[list[bytes]] = []
        self.closed = False
        self.waiting: Final[set[asyncio.Future[None]]] = set()
        self.readers = 0
        self.unread_since: float | None = now

    def wake(self) -> None:
        for future in self.waiting:
            if not future.done():
                future.set_result(None)
        self.waiting.clear()


class _Reader:
    def __init__(self, channel: _Channel, after: int) -> None:
        self._channel = channel
        self._position = after
        self._left = False
        channel.readers += 1
        channel.unread_since = None

    async def next(self) -> bytes | None:
        channel = self._channel
        while self._position >= len(channel.frames):
            if channel.closed or self._left:
                return None
            future = asyncio.get_running_loop().create_future()
            channel.waiting.add(future)
            try:
                await future
            finally:
                channel.waiting.discard(future)
        begin, end, size = self._position, self._position, 0
        while end < len(channel.frames) and size < PIECE_BYTES:
            size += len(channel.frames[end])
            end += 1
        self._position = end
        return channel.frames[begin] if end == begin + 1 else b"".join(channel.frames[begin:end])

    def leave(self) -> None:
        if self._left:
            return
        self._left = True
        self._channel.readers -= 1
        if self._channel.readers == 0:
            self._channel.unread_since = asyncio.get_running_loop().time()


class MemoryBus:
    """A GenerationBus within one process.

    Args:
        resume_seconds: How long an ended answer's events are kept.
    """

    def __init__(self, resume_seconds: float) -> None:
        self._resume_seconds = resume_seconds
        self._channels: dict[str, _Channel] = {}

    def open(self, generation_id: str) -> None:
        """See GenerationBus."""
        self._channels[generation_id] = _Channel(asyncio.get_running_loop().time())

    def publish(self, generation_id: str, name: str, data: bytes) -> None:
        """See GenerationBus."""
        channel = self._channels[generation_id]
        channel.frames.append(numbered(len(channel.frames) + 1, name, data))
        channel.wake()

    def close(self, generation_id: str) -> None:
        """See GenerationBus."""
        channel = self._channels.get(generation_id)
        if channel is None:
            return
        channel.closed = True
        channel.wake()
        asyncio.get_running_loop().call_later(self._resume_seconds, self._channels.pop, generation_id, None)

    def expel(self, generation_id: str, name: str, data: bytes) -> None:
        """See GenerationBus."""
        channel = self._channels.pop(generation_id, None)
        if channel is None:
            return
        channel.frames.append(unnumbered(name, data))
        channel.closed = True
        channel.wake()

    def subscribe(self, generation_id: str, after: int) -> _Reader:
        """See GenerationBus."""
        channel = self._channels.get(generation_id)
        if channel is None:
            raise StreamGone
        if not 0 <= after <= len(channel.frames):
            raise InvalidFields({"last-event-id": "no event has this number"})
        return _Reader(channel, after)

    def unread_since(self, generation_id: str) -> float | None:
        """See GenerationBus."""
        channel = self._channels.get(generation_id)
        return channel.unread_since if channel else None
