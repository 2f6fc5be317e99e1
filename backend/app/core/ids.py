"""Opaque ids: UUIDv7 text, in the order of their making within one process."""

import re
import secrets
import threading
import time
from typing import Final
from uuid import UUID

_FORM: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_COUNTER_BITS: Final = 12

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """Make a UUIDv7 (RFC 9562, 5.7) whose `rand_a` continues the clock (6.2, method 3), so that ids never go back."""
    global _last  # noqa: PLW0603 - the order of ids is a promise of the process, so its state is the process's
    with _lock:
        milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
        tick = (milliseconds << _COUNTER_BITS) | (nanoseconds << _COUNTER_BITS) // 1_000_000
        _last = tick = max(tick, _last + 1)
    timestamp, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
    value = (timestamp << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | secrets.randbits(62)
    return str(UUID(int=value))


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id made here."""
    return _FORM.fullmatch(text) is not None
