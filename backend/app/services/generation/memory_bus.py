"""The bus of one process: frames in a list, readers called as they come. Every frame is encoded once for all."""

import asyncio
from collections.abc import Callable
from typing import Final

from app.core.errors import InvalidFields
from app.domain.generations.errors import StreamGone

PIECE_BYTES: Final = 32_768
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
        self.readers: Final[set[_Reader]] = set()
        self.unread_since: float | None = now

    def wake(self) -> None:
        for reader in self.readers:
            reader.wake()


class _Reader:
    def __init__(self, channel: _Channel, after: int) -> None:
        self._channel = channel
        self._position = after
        self.wake: Callable[[], None] = _nobody
        channel.readers.add(self)
        channel.unread_since = None

    def take(self) -> bytes | None:
        frames, begin = self._channel.frames, self._position
        if begin == len(frames):
            return None if self._channel.closed else b""
        end, size = begin, 0
        while end < len(frames) and size < PIECE_BYTES:
            size += len(frames[end])
            end += 1
        self._position = end
        return frames[begin] if end == begin + 1 else b"".join(frames[begin:end])

    def listen(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def leave(self) -> None:
        channel = self._channel
        if self not in channel.readers:
            return
        channel.readers.remove(self)
        if not channel.readers:
            channel.unread_since = asyncio.get_running_loop().time()


def _nobody() -> None:
    """Nobody listens yet."""


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
