"""Random tokens, digests, comparison and password hashing. Knows no user and no session."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from app.core.errors import Overloaded

PARALLEL_HASHES: Final = 2
"""Hashes under way at once; each takes the configured memory, 19 MiB by default (OWASP's Argon2id at t=2, p=1)."""
WAITING_HASHES: Final = 512
"""Hashes that may wait for their turn; beyond that the caller is told to come back."""
BCRYPT_MAX_BYTES: Final = 72


def new_token() -> str:
    """A random URL-safe token of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 of a token as hex: what is stored in its place. Tokens are random, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive(key: str, purpose: str, value: str) -> str:
    """HMAC-SHA256 of `purpose|value` under `key`, as hex."""
    return hmac.new(key.encode(), f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


class PasswordHasher:
    """Argon2id with bounded concurrency; bcrypt hashes from elsewhere are verified and upgraded.

    Args:
        memory_kib: Memory of one hash in KiB.
    """

    def __init__(self, memory_kib: int) -> None:
        self._hash = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=memory_kib, parallelism=1), BcryptHasher()))
        self._pool = ThreadPoolExecutor(PARALLEL_HASHES, thread_name_prefix="hash")
        self._waiting = 0
        self._nobody = self._hash.hash(new_token())

    async def hash(self, password: str) -> str:
        """Hash a password.

        Raises:
            Overloaded: Too many are waiting.
        """
        return await self._run(lambda: self._hash.hash(password))

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Check a password; with `stored` None a hash of nobody is checked, so that the time tells nothing.

        Returns:
            Whether it is right, and a new hash to store where the old one is of an older kind.

        Raises:
            Overloaded: Too many are waiting.
        """
        right, upgraded = await self._run(lambda: self._verify(password, stored or self._nobody))
        return right and stored is not None, upgraded

    def close(self) -> None:
        """Give the threads back."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, stored: str) -> tuple[bool, str | None]:
        if stored.startswith("$2") and len(password.encode()) > BCRYPT_MAX_BYTES:
            return False, None
        try:
            return self._hash.verify_and_update(password, stored)
        except UnknownHashError:
            return False, None

    async def _run[T](self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_HASHES:
            raise Overloaded
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
