"""The gazetteer: a code or a name -> the administrative division (GB/T 2260)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from bulletins.regions import zones

# The peoples that the names of autonomous divisions carry; longer ones first: 土家 before 土.
_PEOPLES = (
    "柯尔克孜|维吾尔|达斡尔|鄂伦春|鄂温克|哈萨克|塔吉克|蒙古|朝鲜|土家|布依|哈尼|傈僳|景颇|仡佬|仫佬|毛南|"
    "纳西|拉祜|布朗|普米|独龙|裕固|撒拉|保安|东乡|锡伯|[藏羌彝回满苗侗壮傣瑶黎畲水佤怒土白各]"
)
_AUTONOMOUS = re.compile(rf"(.{{2,}}?)(?:(?:{_PEOPLES})族?)*族?自治(州|县|旗)")
_PROVINCE = re.compile(r"(.{2,3}?)(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)")
_SUFFIX = re.compile(r"(.{2,}?)(?:地区|林区|新区|[市县区州旗盟])")
_LINGERS = 1  # years for which newspapers go on using a name that is given up
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Division:
    """A division with the names from its province down to itself. `code` has six digits (GB/T 2260)."""

    code: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """What a division was called, or which names stood above it, up to the year `until`."""

    division: Division  # of today
    path: tuple[str, ...]  # the names above it then, province first
    until: int

    def current(self, printed: date) -> bool:
        """Whether a page of that day may still speak so."""
        return printed.year <= self.until + _LINGERS


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions by code, by name (official, short and those of a city's functional areas), by former name
    and by stem (without the suffix); `areas` are the names of functional areas alone; `sizes` has, for the
    first two characters of names, how long these are."""

    divisions: Mapping[str, Division]
    children: Mapping[str | None, tuple[Division, ...]]
    names: Mapping[str, tuple[Division, ...]]
    former: Mapping[str, tuple[Former, ...]]
    stems: Mapping[str, tuple[Division, ...]]
    areas: frozenset[str]
    sizes: Mapping[str, tuple[int, ...]]

    def parent(self, code: str) -> str | None:
        return _above(code, self.divisions)

    def ancestors(self, code: str) -> Iterator[Division]:
        """The divisions above, the nearest first."""
        while (up := self.parent(code)) is not None:
            yield self.divisions[up]
            code = up

    def inside(self, code: str, whole: str) -> bool:
        """Whether a division is `whole` or part of it: its code begins with what `whole`'s has before 00."""
        return code.startswith(whole.removesuffix("00").removesuffix("00"))

    def prefer(self, found: Iterable[Division], within: str | None) -> tuple[Division, ...]:
        """Those nearest to `within`: in it, else in the division around it, and so on outwards."""
        found = tuple(found)
        near = [within, *(up.code for up in self.ancestors(within))] if within else []
        for whole in near:
            if inner := tuple(one for one in found if self.inside(one.code, whole)):
                return inner
        return found

    def bearers(self, name: str, printed: date | None = None) -> tuple[Division, ...]:
        """Who bears a name, on a page of that day: those of today and those who bore it then, but no part of
        one of today (吉安市 was also a county-level city); without either, whoever bore it once."""
        now, once = self.names.get(name, ()), self.former.get(name, ())
        then = [each.division for each in once if printed and each.current(printed)]
        then = [one for one in then if not any(self.inside(one.code, whole.code) for whole in now)]
        return tuple(dict.fromkeys([*now, *then])) or tuple(dict.fromkeys(one.division for one in once))

    def longest(self, text: str, position: int) -> str | None:
        """The longest name that stands there."""
        for size in self.sizes.get(text[position : position + 2], ()):
            name = text[position : position + size]
            if name in self.names or name in self.former:
                return name
        return None


def _above(code: str, known: Mapping[str, object]) -> str | None:
    """The digits say it, two a level; where a level has no division of its own it is skipped: Chongqing's
    counties (5001.., 5002..) and 济源市 (419001) stand directly below the province."""
    return next((up for up in (code[:4] + "00", code[:2] + "0000") if up != code and up in known), None)


def short(name: str) -> str | None:
    """The everyday name of an autonomous division: 阿坝州, 北川县, 鄂伦春旗; None for any other."""
    match = _AUTONOMOUS.fullmatch(name)
    return match[1] + match[2] if match else None


def stem(name: str, *, province: bool) -> str | None:
    """A name without its suffix: 四川, 成都, 阿坝, 芦山; None where less than two characters are left."""
    for form in (_PROVINCE,) if province else (_AUTONOMOUS, _SUFFIX):
        if match := form.fullmatch(name):
            return match[1]
    return None


@cache
def gazetteer() -> Gazetteer:
    """The package's own data, read once."""
    official, once = _data()
    divisions: dict[str, Division] = {}
    children: defaultdict[str | None, list[Division]] = defaultdict(list)
    names: defaultdict[str, list[Division]] = defaultdict(list)
    stems: defaultdict[str, list[Division]] = defaultdict(list)
    former: defaultdict[str, list[Former]] = defaultdict(list)
    for code, name in official.items():  # in order of code: what is above comes first
        up = _above(code, official)
        divisions[code] = one = Division(code, name, (*(divisions[up].path if up else ()), name))
        children[up].append(one)
        names[name].append(one)
        if bare := stem(name, province=up is None):
            stems[bare].append(one)
    taken = frozenset(names)
    for one in divisions.values():
        if (everyday := short(one.name)) and everyday not in taken:
            names[everyday].append(one)
    areas = {area: divisions[code] for code in divisions for area in _areas(divisions[code])}
    areas |= {area: divisions[code] for area, code in zones.NAMED.items()}
    for area, one in areas.items():
        names[area].append(one)
    for each in once:
        was = Former(divisions[each["now"]], tuple(each["path"]), each["until"])
        for form in filter(None, (each["name"], short(each["name"]))):
            former[form].append(was)
    return Gazetteer(
        divisions=divisions,
        children=_frozen(children),
        names=_frozen(names),
        former=_frozen(former),
        stems=_frozen(stems),
        areas=frozenset(areas),
        sizes=_sizes([*names, *former]),
    )


def _sizes(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        found[name[:2]].add(len(name))
    return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in found.items()}


def _areas(one: Division) -> Iterator[str]:
    """What a city's functional areas may be called."""
    if one.name.endswith("市") and one.code.endswith("00"):
        for kind in zones.KINDS:
            yield one.name + kind
            yield one.name[:-1] + kind


def _frozen(lists: Mapping[_Key, list[_Value]]) -> dict[_Key, tuple[_Value, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def division(code: str) -> Division | None:
    return gazetteer().divisions.get(code)


def children(code: str | None) -> tuple[Division, ...]:
    """The divisions directly below, in order of code; of None, the provinces."""
    return gazetteer().children.get(code, ())


def successor(code: str) -> str | None:
    """The code of today's division that one with a code given up has become, or is part of (511821 of 名山县:
    511803); None for a code in use, and for any other text."""
    return _moved().get(code)


@cache
def _moved() -> Mapping[str, str]:
    """Apart from the gazetteer, which who only redirects does without."""
    official, once = _data()
    return {each["code"]: each["now"] for each in once if each["code"] not in official}


def _data() -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Code -> name of today's divisions, and the former ones, as scripts/divisions.py writes them."""
    data = files("bulletins") / "data"
    official = json.loads((data / "divisions.json").read_text("utf-8"))
    return official, json.loads((data / "former.json").read_text("utf-8"))
