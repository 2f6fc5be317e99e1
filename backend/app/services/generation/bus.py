"""The port between a running answer and its readers: numbered frames, read from any sequence, closed once."""

from collections.abc import Callable
from typing import Protocol


class Subscription(Protocol):
    """One reader of one answer."""

    def take(self) -> bytes | None:
        """The frames that have come since, joined, a good piece at most; empty for none yet, None for none any more."""
        ...

    def listen(self, wake: Callable[[], None]) -> None:
        """Have `wake` called, by whoever publishes, each time that there may be something to take."""
        ...

    def leave(self) -> None:
        """Stop reading. Leaving twice does nothing."""
        ...


class GenerationBus(Protocol):
    """Carries the events of running answers."""

    def open(self, generation_id: str) -> None:
        """Make room for an answer's events."""
        ...

    def publish(self, generation_id: str, name: str, data: bytes) -> None:
        """Number an event from 1 and pass it to every reader."""
        ...

    def close(self, generation_id: str) -> None:
        """Nothing more comes; what came can be read for the resume time."""
        ...

    def expel(self, generation_id: str, name: str, data: bytes) -> None:
        """Send present readers one last event without a number, and forget the answer."""
        ...

    def subscribe(self, generation_id: str, after: int) -> Subscription:
        """Read from behind a sequence number.

        Raises:
            StreamGone: Nothing is kept of this answer.
            InvalidFields: No event has this number yet.
        """
        ...

    def unread_since(self, generation_id: str) -> float | None:
        """Since when, on the loop's clock, nobody reads; None while somebody does."""
        ...
