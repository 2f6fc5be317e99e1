"""Encrypts files for the holder of an age key (https://age-encryption.org/v1), in streams. Knows nothing of backups."""

from pathlib import Path
from typing import Final

import pyrage

MAGIC: Final = b"age-encryption.org/v1"
_SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105 - how such a key begins


class SealError(Exception):
    """Why a file cannot be encrypted or read, in one line."""


def seal(plain: Path, sealed: Path, recipient: str) -> None:
    """Encrypt a file.

    Args:
        plain: What.
        sealed: Where to; made.
        recipient: The public key, `age1…`.

    Raises:
        SealError: That is no such key.
    """
    try:
        key = pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError:
        raise SealError("that is no age public key; it begins with age1.") from None
    with plain.open("rb") as source, sealed.open("wb") as target:
        pyrage.encrypt_io(source, target, [key])


def is_sealed(path: Path) -> bool:
    """Whether a file is encrypted."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def unseal(sealed: Path, plain: Path, identity: str) -> None:
    """Decrypt a file.

    Args:
        sealed: What.
        plain: Where to; made, and of no use when this fails.
        identity: Lines of an identity file, as `age-keygen` writes them.

    Raises:
        SealError: The key is not the right one, or the file is damaged.
    """
    lines = [line.strip() for line in identity.splitlines()]
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith(_SECRET)]
    except pyrage.IdentityError:
        keys = []
    if not keys:
        raise SealError("there is no age secret key in the identity file; age-keygen makes one.")
    try:
        with sealed.open("rb") as source, plain.open("wb") as target:
            pyrage.decrypt_io(source, target, keys)
    except (pyrage.DecryptError, OSError):
        raise SealError("the backup cannot be decrypted: it is damaged, or was encrypted for another key.") from None
