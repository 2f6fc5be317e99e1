"""Device tokens: they prove that a person has signed in here before, and nothing else. Knows no table.

A token is a random id and its HMAC, so that nothing is stored of it and every sign-in can hand it out again.
"""

from app.core.ids import is_id
from app.core.security import derive, same


class DeviceTokens:
    """Issues and reads device tokens.

    Args:
        key: What they are signed with.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def issue(self, device_id: str) -> str:
        """The token of a device."""
        return f"{device_id}.{derive(self._key, 'device', device_id)}"

    def read(self, token: str | None) -> str | None:
        """The device that a token names; None when there is none or it was not made here."""
        device_id, _, proof = (token or "").partition(".")
        if not is_id(device_id) or not same(derive(self._key, "device", device_id), proof):
            return None
        return device_id
