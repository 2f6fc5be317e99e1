"""The one way out: every outbound connection is made here, to an address that was checked. Knows no nouns.

A name is resolved once, every address that it has is checked, and the connection goes to one of those very addresses,
so that an answer which changes between check and use (DNS rebinding) reaches nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from app.core.errors import Code, OmniError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[Address]]]

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
SPECIAL: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocols; Teredo wraps an IPv4 address in it
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps an IPv4 address
        "3fff::/20",  # documentation
    )
)
SPECIAL_4: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
HOME_4: Final = tuple(
    IPv4Network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
HOME_6: Final = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
CLOUD_METADATA: Final = IPv6Address("fd00:ec2::254")


class AddressRefused(OmniError):
    """A destination that may not be called."""

    code = Code.URL_NOT_ALLOWED


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server: exactly this scheme, host and port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Endpoint":
        """The endpoint of an address.

        Raises:
            AddressRefused: It is not http or https, or has no host.
        """
        try:
            parsed = urlsplit(url)
            port = parsed.port or DEFAULT_PORTS.get(parsed.scheme)
        except ValueError:
            raise AddressRefused from None
        if parsed.scheme not in DEFAULT_PORTS or not parsed.hostname or port is None:
            raise AddressRefused
        return cls(parsed.scheme, parsed.hostname, port)


def is_public(address: Address) -> bool:
    """Whether an address is somebody's on the open internet, whatever it is dressed in (RFC 6890)."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        wraps = (int(address) >> 32) & 0xFFFFFFFF in ISATAP
        return address in GLOBAL_UNICAST and not wraps and not any(address in network for network in SPECIAL)
    special = address.is_multicast or any(address in network for network in SPECIAL_4)
    return address.is_global and not special


def is_home(address: Address) -> bool:
    """Whether an address is in the house: loopback, private, or of a private overlay network such as Tailscale's."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_home(address.ipv4_mapped)
        return address != CLOUD_METADATA and any(address in network for network in HOME_6)
    return any(address in network for network in HOME_4)


async def resolve(host: str, port: int) -> list[Address]:
    """Every address of a name, in the system's order.

    Raises:
        OSError: It has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(item[4][0]).partition("%")[0]) for item in found))


class Gate:
    """Opens connections, for one purpose.

    Args:
        exceptions: Addresses that an admin configured; they may be at home and on any port.
        lookup: Resolves names.

    Raises:
        AddressRefused: An exception is no address of a server.
    """

    def __init__(self, *exceptions: str, lookup: Resolve = resolve) -> None:
        self._exceptions = frozenset(Endpoint.of(url) for url in exceptions)
        self._resolve = lookup
        self._certificates: ssl.SSLContext | None = None

    async def connect[P: asyncio.BaseProtocol](self, endpoint: Endpoint, make: Callable[[], P]) -> P:
        """Connect to one of a name's addresses, all of which were checked.

        Args:
            endpoint: Where to.
            make: Makes the protocol, once for each address that is tried.

        Raises:
            AddressRefused: The port or one of the addresses is not allowed.
            OSError: Nobody answers there, or not as the one that was asked for.
        """
        excepted = endpoint in self._exceptions
        if not excepted and endpoint.port != DEFAULT_PORTS[endpoint.scheme]:
            raise AddressRefused
        try:
            addresses = await self._resolve(endpoint.host, endpoint.port)
        except UnicodeError:
            raise OSError from None
        if not all(is_public(address) or (excepted and is_home(address)) for address in addresses):
            raise AddressRefused
        failure = OSError("the name has no address")
        for address in addresses:
            try:
                return await self._open(endpoint, address, make)
            except OSError as error:
                failure = error
        raise failure

    async def _open[P: asyncio.BaseProtocol](self, endpoint: Endpoint, address: Address, make: Callable[[], P]) -> P:
        loop, secure = asyncio.get_running_loop(), endpoint.scheme == "https"
        _, protocol = await loop.create_connection(
            make,
            str(address),
            endpoint.port,
            ssl=self._trusted() if secure else None,
            server_hostname=endpoint.host if secure else None,
        )
        return protocol

    def _trusted(self) -> ssl.SSLContext:
        # Reading the machine's certificates takes 20 ms and more; plain http never needs them.
        if self._certificates is None:
            self._certificates = ssl.create_default_context()
        return self._certificates
