"""Network addresses as text: their one form, and the block that a limit counts by. Knows no request."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

UNKNOWN: Final = "unknown"
COUNTED_PREFIX: Final = 64
"""One IPv6 subscriber usually holds a whole /64 (RFC 6177), so limits count by that."""


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; IPv4 in IPv6's clothes comes out as IPv4, a zone is dropped.

    Args:
        text: As a socket or a header gives it.
    """
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def counted_by(address: str) -> str:
    """What a limit counts an address by: itself, or its /64."""
    found = parse_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, COUNTED_PREFIX), strict=False))
    return str(found) if found else UNKNOWN
