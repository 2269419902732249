"""The address guard: decides, before a connection is made, which network addresses may be dialled."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WITH_PORT = re.compile(r"\[(?P<six>[^\[\]]+)\]:(?P<six_port>\d+)|(?P<four>[\d.]+):(?P<four_port>\d+)")

# What ipaddress takes for global although it is not, or is no host's own address. Measured on Python 3.11:
# `is_global` is True for NAT64, 6to4, multicast, the 6to4 relay and documentation networks below.
_UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4: all global unicast that IANA has given out
_BESIDES: tuple[tuple[Network, str], ...] = (
    (ipaddress.ip_network("64:ff9b::/96"), "NAT64"),  # RFC 6052: wraps any IPv4 address
    (ipaddress.ip_network("64:ff9b:1::/48"), "NAT64"),  # RFC 8215
    (ipaddress.ip_network("2002::/16"), "6to4"),  # RFC 3056: wraps any IPv4 address
    (ipaddress.ip_network("2001::/32"), "Teredo"),  # RFC 4380: likewise
    (ipaddress.ip_network("192.88.99.0/24"), "6to4"),  # RFC 7526
    (ipaddress.ip_network("3fff::/20"), "documentation"),  # RFC 9637
    (ipaddress.ip_network("100.64.0.0/10"), "shared"),  # RFC 6598
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """An exception to the guard: a network, and one port of it or, with None, all."""

    network: Network
    port: int | None = None

    def covers(self, address: Address, port: int) -> bool:
        return address in self.network and self.port in (None, port)


class RefusedAddress(httpcore.ConnectError):
    """The guard let no address of a host through; nothing was dialled."""


def parse_allowances(values: Iterable[str]) -> tuple[Allowance, ...]:
    """`IP`, `IP:port`, `[IPv6]:port` or `CIDR`, each as in `[fetch] allow_addresses`.

    Raises ValueError with the offending text.
    """
    return tuple(_parse_allowance(value) for value in values)


def _parse_allowance(value: str) -> Allowance:
    match = _WITH_PORT.fullmatch(value)
    try:
        if match is None:
            return Allowance(ipaddress.ip_network(value))
        port = int(match["six_port"] or match["four_port"])
        if not 0 < port < 65536:
            raise ValueError("no such port")
        return Allowance(ipaddress.ip_network(ipaddress.ip_address(match["six"] or match["four"])), port)
    except ValueError as error:
        forms = 'write "IP", "IP:port", "[IPv6]:port" or "CIDR"'
        raise ValueError(f"{value!r} is no address that could be allowed ({error}); {forms}") from error


def refusal(address: str, port: int, allowed: Sequence[Allowance] = ()) -> str | None:
    """Why an address, as a resolver gives it, is not dialled; None where it may be.

    Global unicast addresses pass, and what `allowed` covers. An IPv4 address inside an IPv6 one is judged as
    what it is; anything but the canonical spellings of an address is refused (RFC 6943, 3.1.1: decimal,
    hexadecimal, octal and short forms are read differently by different programs).
    """
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return "not an address"
    mapped = given.ipv4_mapped if isinstance(given, ipaddress.IPv6Address) else None
    plain = mapped or given
    if any(allowance.covers(each, port) for allowance in allowed for each in (given, plain)):
        return None
    return _kind(plain)


def _kind(address: Address) -> str | None:
    for network, name in _BESIDES:
        if address in network:
            return name
    if address.is_unspecified:
        return "unspecified"
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return "not global"
    if address.is_reserved:
        return "reserved"
    if address.is_private:
        return "private"
    return None if address.is_global else "not global"


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, in its order.

    Raises OSError (socket.gaierror) where there is none, UnicodeError for a name that DNS cannot hold.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def screen(host: str, port: int, addresses: Sequence[str], allowed: Sequence[Allowance]) -> list[str]:
    """Of a host's addresses, those that may be dialled. Raises RefusedAddress when none may."""
    verdicts = {address: refusal(address, port, allowed) for address in addresses}
    passed = [address for address, reason in verdicts.items() if reason is None]
    if not passed:
        named = ", ".join(f"{address} ({reason})" for address, reason in verdicts.items())
        raise RefusedAddress(f"refused address {named}" if named else f"no address for {host}")
    return passed
