"""The one way out: every outbound HTTP connection is made here, to an address that was checked. Knows no nouns.

A name is resolved once, every address that it has is checked, and the connection goes to one of those very addresses,
so that an answer which changes between check and use (DNS rebinding) reaches nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpcore2
import httpx2

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
    """A destination that an admin named: exactly this scheme, host and port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str | httpx2.URL) -> "Endpoint":
        """The endpoint of an address.

        Raises:
            AddressRefused: It is not http or https, or has no host.
        """
        try:
            parsed = httpx2.URL(url)
        except httpx2.InvalidURL:
            raise AddressRefused from None
        port = parsed.port or DEFAULT_PORTS.get(parsed.scheme)
        if parsed.scheme not in DEFAULT_PORTS or not parsed.host or port is None:
            raise AddressRefused
        return cls(parsed.scheme, parsed.host.lower(), port)


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


class CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Opens connections to checked addresses only.

    Args:
        exceptions: Endpoints that may be at home.
        lookup: Resolves names.
    """

    def __init__(self, exceptions: frozenset[Endpoint], lookup: Resolve = resolve) -> None:
        self._exceptions = frozenset((endpoint.host, endpoint.port) for endpoint in exceptions)
        self._resolve = lookup
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class calls it so
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to one of a name's addresses, all of which were checked.

        Raises:
            AddressRefused: The port or one of the addresses is not allowed.
            ConnectTimeout, ConnectError: Nobody answers there.
        """
        excepted = (host.lower(), port) in self._exceptions
        if not excepted and port not in DEFAULT_PORTS.values():
            raise AddressRefused
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
                if not all(is_public(address) or (excepted and is_home(address)) for address in addresses):
                    raise AddressRefused
                return await self._connect(addresses, port, local_address, socket_options)
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None
        except OSError:
            raise httpcore2.ConnectError from None

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the base class calls it so
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        """Files are no destination.

        Raises:
            AddressRefused: Always.
        """
        raise AddressRefused

    async def sleep(self, seconds: float) -> None:
        """Wait, between the library's own tries."""
        await asyncio.sleep(seconds)

    async def _connect(
        self,
        addresses: list[Address],
        port: int,
        local_address: str | None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.AsyncNetworkStream:
        failure: httpcore2.ConnectError | None = None
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    str(address), port, local_address=local_address, socket_options=socket_options
                )
            except httpcore2.ConnectError as error:
                failure = error
        raise failure or httpcore2.ConnectError


class _CheckedTransport(httpx2.AsyncHTTPTransport):
    def __init__(
        self, network: CheckedNetwork, exceptions: frozenset[Endpoint], verify: ssl.SSLContext, limits: httpx2.Limits
    ) -> None:
        super().__init__(verify=verify, trust_env=False, limits=limits)
        self._exceptions = exceptions
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=verify,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=network,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        endpoint = Endpoint.of(request.url)
        if endpoint not in self._exceptions and endpoint.port != DEFAULT_PORTS[endpoint.scheme]:
            raise AddressRefused
        return await super().handle_async_request(request)


def open_client(
    *exceptions: str,
    headers: list[tuple[bytes, bytes]],
    timeout: httpx2.Timeout,
    limits: httpx2.Limits,
    lookup: Resolve = resolve,
) -> httpx2.AsyncClient:
    """Make the client for one purpose: no redirects, no proxies of the environment, no cookies.

    Args:
        exceptions: Addresses that an admin configured; they may be at home and on any port.
        headers: Sent with every request.
        timeout: Seconds to connect, and so on; whoever reads sets a deadline of their own.
        limits: Connections.
        lookup: Resolves names.

    Raises:
        AddressRefused: An exception is no address of a server.
    """
    endpoints = frozenset(Endpoint.of(url) for url in exceptions)
    # Reading the machine's certificates takes 20 ms and more; plain http never needs them.
    https = not endpoints or any(endpoint.scheme == "https" for endpoint in endpoints)
    verify = ssl.create_default_context() if https else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    transport = _CheckedTransport(CheckedNetwork(endpoints, lookup), endpoints, verify, limits)
    # A server's cookies must not join the calls of different people.
    cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx2.AsyncClient(
        transport=transport,
        headers=headers,
        cookies=cookies,
        trust_env=False,
        follow_redirects=False,
        timeout=timeout,
    )


async def read_capped(response: httpx2.Response, most: int) -> bytes | None:
    """A body as it came over the wire; None when it is larger than `most` bytes."""
    body = bytearray()
    async with aclosing(response.aiter_raw()) as chunks:
        async for data in chunks:
            body += data
            if len(body) > most:
                return None
    return bytes(body)
