from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.fetch.guard import RefusedAddress, parse_allowances, refusal, screen

INTERNAL = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
INTERNAL_SIX = [
    "::/96",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "100::/64",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
]


def _within(networks: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(networks).flatmap(lambda network: st.ip_addresses(network=network)).map(str)


internal_fours = _within(INTERNAL)
internal_sixes = _within(INTERNAL_SIX)
fours = st.ip_addresses(v=4).map(lambda address: ipaddress.IPv4Address(int(address)))


def _spellings(four: ipaddress.IPv4Address) -> list[str]:
    """One IPv4 address as the libraries of this world also read it."""
    number, octets = int(four), four.packed
    wide = str(four).translate(str.maketrans("0123456789.", "０１２３４５６７８９。"))
    return [
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(map(hex, octets)),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{number & 0xFFFF}",
        wide,
        f"{four}.",
        f" {four}",
        f"user@{four}",
        f"[{four}]",
    ]


def _wrapped(four: ipaddress.IPv4Address) -> list[str]:
    """One IPv4 address inside an IPv6 one."""
    six = ipaddress.IPv6Address
    number = int(four)
    return [
        str(six(number)),  # IPv4-compatible
        str(six(int(six("64:ff9b::")) | number)),  # NAT64
        str(six(int(six("64:ff9b:1::")) | number)),
        str(six(int(six("2002::")) | number << 80)),  # 6to4
        str(six(int(six("2001::")) | number ^ 0xFFFFFFFF)),  # Teredo
    ]


@given(internal_fours | internal_sixes, st.integers(1, 65535))
def test_no_internal_address_passes(address: str, port: int) -> None:
    assert refusal(address, port)


@given(internal_fours, st.integers(1, 65535))
def test_an_internal_address_inside_an_ipv6_one_is_seen(address: str, port: int) -> None:
    assert refusal(f"::ffff:{address}", port) == refusal(address, port)


@given(fours, st.integers(1, 65535))
def test_translated_addresses_never_pass_whatever_they_wrap(four: ipaddress.IPv4Address, port: int) -> None:
    assert all(refusal(spelling, port) for spelling in _wrapped(four))


@given(fours, st.integers(1, 65535))
def test_only_the_canonical_spelling_is_an_address(four: ipaddress.IPv4Address, port: int) -> None:
    for spelling in _spellings(four):
        if spelling != str(four):
            assert refusal(spelling, port) == "not an address"


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1"])
def test_global_addresses_pass(address: str) -> None:
    assert refusal(address, 443) is None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("10.0.0.1", "private"),
        ("fd00::1", "not global"),
        ("169.254.169.254", "link-local"),
        ("fe80::1%lo", "link-local"),
        ("100.64.0.1", "shared"),
        ("0.0.0.0", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("2002:7f00:1::", "6to4"),
        ("", "not an address"),
        ("localhost", "not an address"),
    ],
)
def test_the_reason_is_named(address: str, reason: str) -> None:
    assert refusal(address, 80) == reason


def test_an_allowance_is_for_its_port_and_network_alone() -> None:
    allowed = parse_allowances(["127.0.0.1:8001", "[::1]:8002", "10.1.0.0/16", "192.168.0.7", "fd00::7"])
    open_to = {
        ("127.0.0.1", 8001), ("::ffff:127.0.0.1", 8001), ("::1", 8002), ("10.1.2.3", 1), ("10.1.2.3", 80),
        ("192.168.0.7", 80), ("fd00::7", 80),
    }  # fmt: skip
    closed_to = {
        ("127.0.0.1", 8002), ("127.0.0.2", 8001), ("::1", 8001), ("10.2.0.1", 80), ("192.168.0.8", 80),
        ("64:ff9b::7f00:1", 8001),
    }  # fmt: skip
    assert {place for place in open_to if refusal(*place, allowed) is None} == open_to
    assert {place for place in closed_to if refusal(*place, allowed) is None} == set()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "localhost",
        "localhost:80",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:70000",
        "10.0.0.1/8",
        "10.0.0.0/40",
        "[127.0.0.1]",
        "[::1]",
        "::1:8000:",
        "2130706433",
        "*",
        "127.0.0.1:80:80",
        "127.1:80",
    ],
)
def test_what_is_no_allowance_is_named(value: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_allowances(["127.0.0.1:80", value])
    assert repr(value) in str(caught.value)


def test_of_several_addresses_the_good_ones_are_dialled() -> None:
    assert screen("mixed.example", 80, ["10.0.0.1", "1.1.1.1"], ()) == ["1.1.1.1"]


def test_a_host_without_a_good_address_is_refused_with_all_reasons() -> None:
    with pytest.raises(RefusedAddress, match=r"^refused address 10\.0\.0\.1 \(private\), ::1 \(loopback\)$"):
        screen("inside.example", 80, ["10.0.0.1", "::1"], ())
