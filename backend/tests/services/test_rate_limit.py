"""The bounded store behind the limits: all that the library may ask of a store."""

import pytest
from app.services.rate_limit.memory import BoundedWindows


def test_the_store_answers_what_the_library_may_ask() -> None:
    store = BoundedWindows(lambda: 1_000.0)
    assert store.acquire_entry("a", 2, 60)
    assert (store.get("a"), store.get("b"), len(store)) == (1, 0, 1)
    assert store.get_moving_window("a", 2, 60) == (1_000.0, 1)
    assert store.check()
    assert store.base_exceptions is MemoryError
    store.clear("a")
    assert store.get("a") == 0
    assert store.acquire_entry("c", 1, 60)
    assert store.reset() == 1


def test_it_keeps_moving_windows_only() -> None:
    store = BoundedWindows()
    with pytest.raises(NotImplementedError):
        store.incr("a", 60)
    with pytest.raises(NotImplementedError):
        store.get_expiry("a")
