"""A value as written in config.toml -> the value, or in plain words what is allowed instead."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator

from bulletins import bylines, dates, regions
from bulletins.model import Author, Precision, Role

_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # an expression is judged against any day
_HERE = {"127.0.0.1", "localhost", "0.0.0.0", "::"}  # noqa: S104  (compared, not listened on)
_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<four>[0-9.]+)):(?P<port>[0-9]+)")


def _matching(pattern: str, words: str) -> AfterValidator:
    """A check that a text is of a form, told in words."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(words)
        return value

    return AfterValidator(check)


def _bounds(value: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= value[0] <= value[1]:
        raise ValueError("two numbers, the least and the most, such as [4, 16]")
    return value


def _shares(value: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= value[0] <= value[1] <= 1:
        raise ValueError("two shares from 0 to 1, the least and the most, such as [0.9, 1]")
    return value


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or not int(match[1]):
        raise ValueError("a duration is a number above 0 with s, m, h or d, such as 30m")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _web_address(value: str) -> str:
    wrong = ValueError("an address begins with http:// or https:// and names a host; it has no blanks")
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise wrong from None
    if not sound or re.search(r"\s", value):
        raise wrong
    return value


def _region(value: str) -> str:
    if now := regions.successor(value):
        raise ValueError(f"a code given up; the division's code today is {now}")
    if regions.division(value) is None:
        raise ValueError("no division has this code; allowed are six-digit GB/T 2260 codes, such as 510000")
    return value


def _authors(value: object) -> object:
    """Each as a byline prints them, or as a table; a byline may name several."""
    if not isinstance(value, list):
        return value
    return tuple(author for one in value for author in _named(one))


def _named(value: object) -> tuple[Author, ...]:
    roles = ", ".join(Role)
    wrong = ValueError(
        'an author is a byline such as "本报记者 张三", or { name = "张三", role = "…" } '
        f"with one of {roles}"
    )
    if isinstance(value, dict) and set(value) == {"name", "role"} and value["role"] in tuple(Role):
        name = value["name"]
        if isinstance(name, str) and name.strip():
            return (Author(name.strip(), Role(value["role"])),)
    if isinstance(value, str) and (byline := bylines.given(value)):
        return byline.authors
    raise wrong


def _published(value: object) -> object:
    """A day, or a moment to the minute; without a zone it is that of Asia/Shanghai."""
    wrong = ValueError("a day such as 2024-08-02, or a moment such as 2024-08-02T08:30:00+08:00")
    try:
        if isinstance(value, str):
            day = len(value) <= len("2024-08-02")
            value = date.fromisoformat(value) if day else datetime.fromisoformat(value)
    except ValueError:
        raise wrong from None
    if isinstance(value, datetime):
        there = value if value.tzinfo else value.replace(tzinfo=dates.SHANGHAI)
        return there.astimezone(dates.SHANGHAI), Precision.MINUTE
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time(), dates.SHANGHAI), Precision.DAY
    raise wrong


def layout_name(value: str) -> str:
    from bulletins import layouts  # with its parser 4 MB, that a web server has no use for

    allowed = ("auto", *layouts.names())
    if value not in allowed:
        raise ValueError(f"no such layout; allowed are {', '.join(allowed)}")
    return value


def _selector(value: str) -> str:
    from bulletins import markup  # see layout_name

    if fault := markup.selector_fault(value):
        raise ValueError(f"not a CSS selector: {fault}")
    return value


def cron_expression(value: str) -> str:
    if len(value.split()) != 5:
        raise ValueError("not a cron expression of five fields, such as 0 6 * * 3,5")
    try:
        CronSim(value, _SOME_DAY)
    except CronSimError as error:
        raise ValueError(f"not a cron expression of five fields: {error}") from None
    return value


def allowance(value: str) -> str:
    """An exception to the address guard: IP:port, [IPv6]:port, IP or CIDR."""
    match = _WITH_PORT.fullmatch(value)
    try:
        if match:
            ipaddress.ip_address(match["six"] or match["four"])
        else:
            ipaddress.ip_network(value)
    except ValueError:
        raise ValueError('an exception is "IP:port" or "CIDR"') from None
    if match and not 0 < int(match["port"]) < 65536:
        raise ValueError("a port is a number from 1 to 65535")
    return value


def some_format(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("needs at least one of rss, atom, json")
    return value


def _receiver(value: str) -> str:
    """An address that is POSTed to."""
    parts = urlsplit(_web_address(value))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("an address to send to has neither a user name nor a fragment (#…)")
    return value


def no_repetition(value: tuple[str, ...]) -> tuple[str, ...]:
    if twice := [each for each, count in Counter(value).items() if count > 1]:
        raise ValueError(f"{twice[0]} stands here twice; once is enough")
    return value


def listen_address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError('an address to listen on is "host:port", the port from 1 to 65535')
    return value


def takes(address: str, port: int) -> bool:
    """Whether a web address, or `host:port` to listen on, means this port of 127.0.0.1."""
    if "://" not in address:
        host, _, number = address.rpartition(":")
        return host.strip("[]") in _HERE and int(number) == port
    parts = urlsplit(address)
    return parts.hostname in _HERE and (parts.port or {"http": 80, "https": 443}[parts.scheme]) == port


def no_secret_repetition(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) < len(value):
        raise ValueError("an address stands here twice; once is enough")
    return value


def alarm_address(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*://\S+", value):
        raise ValueError("an address of apprise, such as wecombot://KEY or mailtos://USER:PASSWORD@HOST?to=…")
    return value


AlarmAddress = Annotated[str, AfterValidator(alarm_address)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Authors = Annotated[tuple[Author, ...], BeforeValidator(_authors)]
Published = Annotated[tuple[datetime, Precision], BeforeValidator(_published)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ReceiverAddress = Annotated[str, AfterValidator(_receiver)]
Variable = Annotated[
    str,
    _matching(
        "[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable has A-Z, 0-9 and _, a letter first"
    ),
]
RegionCode = Annotated[str, AfterValidator(_region)]
Selector = Annotated[str, AfterValidator(_selector)]
Bounds = Annotated[tuple[float, float], AfterValidator(_bounds)]
Shares = Annotated[tuple[float, float], AfterValidator(_shares)]
Slug = Annotated[
    str,
    _matching("[a-z0-9][a-z0-9-]{0,59}", "allowed are 1 to 60 of a-z, 0-9 and -, a letter or digit first"),
]
Authority = Annotated[  # RFC 4151, 2.1
    str,
    _matching(
        r"[A-Za-z0-9.@_-]+,[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?",
        "an authority is a domain or mail address and a date on which it was yours, such as example.org,2026",
    ),
]
DatabaseUrl = Annotated[
    str,
    _matching(r"(sqlite:///|postgresql\+psycopg://).*", "allowed are sqlite:///… and postgresql+psycopg://…"),
]
BrokerUrl = Annotated[
    str, _matching(r"(rediss?|redis\+socket)://.*", "allowed are redis://…, rediss://… and redis+socket://…")
]
