"""What scripts ask of texts, lists, numbers and days -> the answer, as JavaScript gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_LONGEST = 10_000  # characters of a text that a script makes
_PATTERN = 20  # characters of a regular expression
_FORMAT = {"yyyy": "%Y", "mm": "%m", "dd": "%d"}  # of libraries: YYYY-MM/DD, yyyyMMdd
_SAME = {"tostring", "trim", "valueof", "encodeuricomponent", "string", "tolowercase", "concat", "tofixed"}
_ASKED = {
    "data",
    "attr",
    "getattribute",
    "get",
    "prop",
}  # by which an element, or an address, says a part of it


@dataclass(frozen=True, slots=True)
class Slot:
    """What a script knows only when it runs, by the last name that it goes by: `id` of `item.id`."""

    name: str


@dataclass(slots=True)
class Moment:
    """A Date, which scripts change in place."""

    when: datetime

    @property
    def ms(self) -> int:
        return (self.when - _EPOCH) // _MS


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression; `every`: it has the flag g. Only `simple` ones are used: a page may hold one that
    takes years."""

    source: str
    every: bool

    @property
    def simple(self) -> bool:
        return len(self.source) <= _PATTERN and len(re.findall(r"[*+{(|]", self.source)) <= 1


def text(value: Any) -> str:
    """A value as part of a text; what is not known stands in it between two NUL."""
    if isinstance(value, Slot):
        return f"\0{value.name}\0"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, Moment):
        return value.when.isoformat()
    if isinstance(value, list):
        return ",".join(map(text, value))
    return "" if value is None else str(value)[:_LONGEST]


def number(value: Any) -> float | None:
    if isinstance(value, Moment):
        return value.ms
    if isinstance(value, (int, float)):
        return value
    match = re.match(r"\s*(-?\d+(?:\.\d+)?)", value) if isinstance(value, str) else None
    return float(match[1]) if match else None


def moment(arguments: Sequence[Any], now: datetime | None) -> Any:
    """`new Date(…)`; not known where no clock is given, or what it is made of is not."""
    if not arguments:
        return Moment(now) if now else Slot("date")
    first = arguments[0]
    try:
        if len(arguments) > 1:
            year, month, *rest = [int(each) for each in map(number, arguments) if each is not None]
            begin = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
            return Moment(begin + timedelta(days=(rest[0] if rest else 1) - 1))
        if isinstance(first, Moment):
            return Moment(first.when)
        if isinstance(first, (int, float)):
            return Moment(_EPOCH + timedelta(milliseconds=first))
        if isinstance(first, str) and (found := re.findall(r"\d+", first)[:3]):
            year, month, day = (*map(int, found), 1, 1)[:3]
            return Moment(datetime(year, month, day, tzinfo=UTC))
    except (ValueError, OverflowError, TypeError):
        pass
    return Slot("date")


def member(of: Any, name: str) -> Any:
    if isinstance(of, dict):
        return of.get(name, Slot(name))
    if name == "length" and isinstance(of, (str, list)) and "\0" not in of:
        return len(of)
    return Slot(name)


def at(of: Any, key: Any) -> Any:
    if isinstance(of, dict) and isinstance(key, str):
        return of.get(key, Slot(key))
    place = number(key)
    if isinstance(of, (list, str)) and place is not None and 0 <= place < len(of):
        return of[int(place)]
    return Slot(key if isinstance(key, str) else key.name if isinstance(key, Slot) else "item")


def called(of: Any, name: str, arguments: Sequence[Any], run: Callable[[Any, list[Any]], Any]) -> Any:
    """A method's answer; `run` runs a function of the script itself."""
    asked = name.lower()
    try:
        if isinstance(of, Moment):
            return _of_moment(of, asked, arguments)
        if isinstance(of, list):
            return _of_list(of, asked, arguments, run)
        if isinstance(of, (str, int, float)) and "\0" not in str(of):
            return _of_text(of, asked, arguments)
    except (IndexError, ValueError, TypeError, OverflowError, re.error):
        pass
    if isinstance(of, Slot) and asked in _ASKED and arguments and isinstance(arguments[0], str):
        return Slot(arguments[0].removeprefix("data-"))  # $(this).data("id")
    if isinstance(of, (str, Slot)) and asked in {
        *_SAME,
        "padstart",
        "slice",
        "substr",
        "substring",
        "replace",
    }:
        return of  # a part of what is not known is not known either, and goes by the same name
    return Slot(name)


def _of_moment(of: Moment, asked: str, arguments: Sequence[Any]) -> Any:
    if asked.startswith("getutc"):
        asked = f"get{asked[6:]}"
    parts: dict[str, Any] = {
        "getfullyear": of.when.year,
        "getyear": of.when.year - 1900,
        "getmonth": of.when.month - 1,
        "getdate": of.when.day,
        "getday": of.when.isoweekday() % 7,
        "gethours": of.when.hour,
        "getminutes": of.when.minute,
        "getseconds": of.when.second,
        "gettime": of.ms,
        "valueof": of.ms,
        "toisostring": f"{of.when:%Y-%m-%dT%H:%M:%S.000Z}",
        "tojson": f"{of.when:%Y-%m-%dT%H:%M:%S.000Z}",
        "tolocaledatestring": f"{of.when.year}/{of.when.month}/{of.when.day}",
    }
    if asked in parts:
        return parts[asked]
    given = number(arguments[0]) if arguments else None
    if asked == "format" and arguments:
        said = re.sub(r"(?i)y{4}|mm|dd", lambda part: _FORMAT[part[0].lower()], text(arguments[0]))
        return of.when.strftime(said)
    if asked in ("setdate", "settime") and given is not None:
        first = of.when.replace(day=1) + timedelta(days=given - 1)
        of.when = first if asked == "setdate" else _EPOCH + timedelta(milliseconds=given)
        return of.ms
    if asked in ("subtract", "add") and given is not None and text(arguments[-1]).startswith("d"):
        return Moment(of.when + timedelta(days=given if asked == "add" else -given))
    return Slot(asked)


def _of_list(
    of: list[Any], asked: str, arguments: Sequence[Any], run: Callable[[Any, list[Any]], Any]
) -> Any:
    given = arguments[0] if arguments else None
    if asked == "join":
        return ("," if given is None else text(given)).join(map(text, of))
    if asked == "reverse":
        return of[::-1]
    if asked == "sort":
        return sorted(of, key=text)
    if asked in ("pop", "shift"):
        return of[-1 if asked == "pop" else 0]
    if asked == "slice":
        return of[_place(arguments, 0, 0) : _place(arguments, 1, len(of))]
    if asked == "concat":
        return [*of, *(given if isinstance(given, list) else [given])]
    if asked in ("filter", "find"):
        kept = [each for each in of if (said := run(given, [each])) is True or isinstance(said, Slot)]
        return kept if asked == "filter" else kept[0]
    if asked == "map":
        return [run(given, [each]) for each in of]
    return Slot(asked)


def _place(arguments: Sequence[Any], n: int, missing: int) -> int:
    found = number(arguments[n]) if len(arguments) > n else None
    return missing if found is None else int(found)


def _of_text(of: Any, asked: str, arguments: Sequence[Any]) -> Any:
    said = text(of)
    if asked in _SAME:
        return (
            said.lower()
            if asked == "tolowercase"
            else said + "".join(map(text, arguments if asked == "concat" else ()))
        )
    if asked == "padstart":
        return said.rjust(_place(arguments, 0, 0), text(arguments[1]) if len(arguments) > 1 else " ")
    if asked in ("slice", "substring"):
        return said[_place(arguments, 0, 0) : _place(arguments, 1, len(said))]
    if asked == "substr":
        return said[_place(arguments, 0, 0) :][: _place(arguments, 1, len(said))]
    if asked in ("replace", "replaceall") and len(arguments) > 1:
        what, by = arguments[0], text(arguments[1])
        if isinstance(what, Pattern) and what.simple:
            return re.sub(what.source, lambda _: by, said, count=0 if what.every else 1)
        return said.replace(text(what), by, -1 if asked == "replaceall" else 1)
    if asked == "split" and arguments:
        what = arguments[0]
        if isinstance(what, Pattern) and what.simple:
            return re.split(what.source, said)
        return said.split(text(what)) if text(what) else list(said)
    if asked == "charat":
        return said[_place(arguments, 0, 0)]
    if asked == "indexof":
        return said.find(text(arguments[0]))
    return Slot(asked)
