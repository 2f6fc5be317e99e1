"""The kit: ids, cursors, password hashes."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import bcrypt
import pytest
from app.core.errors import InvalidFields
from app.core.ids import is_id, new_id
from app.core.pagination import Cursor
from app.core.security import PasswordHasher
from app.observability.logging import REDACTED, redact
from hypothesis import given
from hypothesis import strategies as st


def test_ids_are_in_the_order_of_their_making() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert all(is_id(value) for value in ids)


def test_cursors_come_back_to_the_microsecond() -> None:
    cursor = Cursor(datetime(2026, 11, 23, 12, 0, 0, 123_457, UTC), new_id())
    assert Cursor.decode(cursor.encode()) == cursor


@given(st.text(max_size=200))
def test_no_text_breaks_a_cursor(text: str) -> None:
    with pytest.raises(InvalidFields):
        Cursor.decode(text)


async def test_bcrypt_hashes_are_verified_and_upgraded() -> None:
    hasher = PasswordHasher(1024)
    old = bcrypt.hashpw(b"correct horse battery", bcrypt.gensalt(4)).decode()
    right, upgraded = await hasher.verify("correct horse battery", old)
    assert right
    assert upgraded is not None
    assert upgraded.startswith("$argon2id$")
    assert await hasher.verify("correct horse battery", upgraded) == (True, None)
    assert (await hasher.verify("x" * 80, old))[0] is False
    assert (await hasher.verify("anything", None))[0] is False
    assert (await hasher.verify("anything", "no hash at all"))[0] is False
    hasher.close()


async def test_many_hashes_wait_for_their_turn() -> None:
    hasher = PasswordHasher(1024)
    results = await asyncio.gather(*(hasher.hash(f"password {number}") for number in range(50)))
    assert len(set(results)) == 50
    hasher.close()


def test_a_log_line_does_not_tell_what_a_secret_key_holds() -> None:
    event = {"event": "asked", "Password": "p", "token": "t", "content": "words", "path": "/chat"}
    told = redact(None, "info", event)
    assert told == {"event": "asked", "Password": REDACTED, "token": REDACTED, "content": REDACTED, "path": "/chat"}


@pytest.mark.parametrize(("error", "said"), [("asyncio.CancelledError()", False), ("RuntimeError('broken')", True)])
def test_a_request_that_ends_with_the_server_is_no_exception(error: str, *, said: bool) -> None:
    script = (
        "import asyncio, logging\n"
        "from app.observability.logging import configure\n"
        "configure('info')\n"
        f"logging.getLogger('uvicorn.error').error('Exception in ASGI application', exc_info={error})\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert bool(done.stderr) is said
