"""Rate limits of one process, by the `limits` library's moving window over a store that is bounded and has a clock."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from app.config.settings import LimitSettings
from app.services.rate_limit.limiter import WINDOW_SECONDS, LimitClass, Standing

MAX_KEYS: Final = 20_000
"""Keys remembered at once, about 40 MB at worst; the one unused for longest goes first."""


class BoundedWindows(Storage, MovingWindowSupport):
    """The library's moving-window store, with a bound and a clock.

    Args:
        clock: The time in seconds.
        max_keys: Keys remembered at once.
    """

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float] = time.time, max_keys: int = MAX_KEYS) -> None:
        super().__init__()
        self._clock = clock
        self._max_keys = max_keys
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._hits)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Take hits if the window has room for all of them."""
        moment = self._clock()
        hits = self._window(key, moment - expiry)
        if len(hits) + amount > limit:
            return False
        hits.extend([moment] * amount)
        while len(self._hits) > self._max_keys:
            self._hits.popitem(last=False)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002 - the base class calls it so
        """When the oldest hit of the window came, and how many there are."""
        moment = self._clock()
        hits = self._window(key, moment - expiry)
        return (hits[0], len(hits)) if hits else (moment, 0)

    def _window(self, key: str, since: float) -> deque[float]:
        hits = self._hits.setdefault(key, deque())
        self._hits.move_to_end(key)
        while hits and hits[0] <= since:
            hits.popleft()
        return hits

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the store itself may raise: nothing that is expected."""
        return MemoryError

    def get(self, key: str) -> int:
        """Hits remembered under a key."""
        return len(self._hits.get(key, ()))

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._hits.pop(key, None)

    def reset(self) -> int:
        """Forget every key."""
        count = len(self._hits)
        self._hits.clear()
        return count

    def check(self) -> bool:
        """It is always there."""
        return True

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Fixed windows are not kept here."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not kept here."""
        raise NotImplementedError


class MemoryLimiter:
    """A Limiter within one process.

    Args:
        settings: Hits a minute by class.
        clock: The time in seconds.
        max_keys: Keys remembered at once.
    """

    def __init__(
        self, settings: LimitSettings, clock: Callable[[], float] = time.time, max_keys: int = MAX_KEYS
    ) -> None:
        self._clock = clock
        self._strategy = MovingWindowRateLimiter(BoundedWindows(clock, max_keys))
        amounts: dict[LimitClass, int] = {
            "auth": settings.auth,
            "chat": settings.chat,
            "write": settings.write,
            "read": settings.read,
            "anonymous": settings.anonymous,
        }
        self._items = {
            name: RateLimitItemPerMinute(amount, namespace=name) for name, amount in amounts.items() if settings.enabled
        }

    async def hit(self, name: LimitClass, key: str) -> Standing | None:
        """See Limiter."""
        item = self._items.get(name)
        if item is None:
            return None
        allowed = self._strategy.hit(item, key)
        reset_at, remaining = self._strategy.get_window_stats(item, key)
        wait = min(max(1, math.ceil(reset_at - self._clock())), WINDOW_SECONDS)
        return Standing(name, item.amount, max(0, remaining), wait, allowed)
