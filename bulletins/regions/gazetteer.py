"""The gazetteer: a code or a name -> the administrative division (GB/T 2260)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from bulletins.regions import zones

# The peoples that the names of autonomous divisions carry; longer ones first: 土家 before 土.
_PEOPLES = (
    "柯尔克孜|维吾尔|达斡尔|鄂伦春|鄂温克|哈萨克|塔吉克|蒙古|朝鲜|土家|布依|哈尼|傈僳|景颇|仡佬|仫佬|毛南|"
    "纳西|拉祜|布朗|普米|独龙|裕固|撒拉|保安|东乡|锡伯|[藏羌彝回满苗侗壮傣瑶黎畲水佤怒土白各]"
)
_AUTONOMOUS = re.compile(rf"(.{{2,}}?)(?:(?:{_PEOPLES})族?)*族?自治(州|县|旗)")
_PROVINCE = re.compile(r"(.{2,3}?)(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)")
_SUFFIX = re.compile(r"(.{2,}?)(?:地区|林区|新区|[市县区州旗盟])")
_BLANKS = re.compile(r"\s+")
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Division:
    """A division with the names from its province down to itself. `code` has six digits (GB/T 2260)."""

    code: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions by code, by name (official, short and former ones, and those of a city's functional
    areas) and by stem (without the suffix); `areas` are the names of functional areas alone."""

    divisions: Mapping[str, Division]
    children: Mapping[str | None, tuple[Division, ...]]
    names: Mapping[str, tuple[Division, ...]]
    stems: Mapping[str, tuple[Division, ...]]
    areas: frozenset[str]

    def parent(self, code: str) -> str | None:
        return _above(code, self.divisions)

    def ancestors(self, code: str) -> Iterator[Division]:
        """The divisions above, the nearest first."""
        while (up := self.parent(code)) is not None:
            yield self.divisions[up]
            code = up

    def inside(self, code: str, whole: str) -> bool:
        """Whether a division is `whole` or part of it."""
        return code == whole or any(up.code == whole for up in self.ancestors(code))

    def prefer(self, found: Iterable[Division], within: str | None) -> tuple[Division, ...]:
        """Those nearest to `within`: in it, else in the division around it, and so on outwards."""
        found = tuple(found)
        near = [within, *(up.code for up in self.ancestors(within))] if within else []
        for whole in near:
            if inner := tuple(one for one in found if self.inside(one.code, whole)):
                return inner
        return found


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
    data = files("bulletins") / "data"
    official: dict[str, str] = json.loads((data / "divisions.json").read_text("utf-8"))
    former: dict[str, str] = json.loads((data / "former.json").read_text("utf-8"))
    divisions: dict[str, Division] = {}
    children: defaultdict[str | None, list[Division]] = defaultdict(list)
    names: defaultdict[str, list[Division]] = defaultdict(list)
    stems: defaultdict[str, list[Division]] = defaultdict(list)
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
    for name, code in former.items():
        names[name].append(divisions[code])
    areas = {area: divisions[code] for code in divisions for area in _areas(divisions[code])}
    areas |= {area: divisions[code] for area, code in zones.NAMED.items()}
    for area, one in areas.items():
        names[area].append(one)
    return Gazetteer(divisions, _frozen(children), _frozen(names), _frozen(stems), frozenset(areas))


def _areas(one: Division) -> Iterator[str]:
    """What a city's functional areas may be called."""
    if one.name.endswith("市") and one.code.endswith("00"):
        for kind in zones.KINDS:
            yield one.name + kind
            yield one.name[:-1] + kind


def _frozen(lists: Mapping[_Key, list[Division]]) -> dict[_Key, tuple[Division, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def division(code: str) -> Division | None:
    return gazetteer().divisions.get(code)


def children(code: str | None) -> tuple[Division, ...]:
    """The divisions directly below, in order of code; of None, the provinces."""
    return gazetteer().children.get(code, ())


def named(text: str, within: str | None = None) -> Division | None:
    """The division whose name, and nothing else, the text is: official, short or former, with or without
    the names above it (乐山市市中区); blanks inside and a colon after it do not matter.

    A name that several divisions bear is the one nearest to `within` (the code of the source's region), or
    None where that leaves more than one. A bare stem (雅安) counts only for prefectures of the province that
    `within` lies in: as words, stems are too common (合作, 资源). A functional area is the city that runs it;
    its name without the city's (高新区) counts where `within` is that city.
    """
    found = candidates(text, within)
    return found[0] if len(found) == 1 else None


def candidates(text: str, within: str | None = None) -> tuple[Division, ...]:
    """All divisions that `named` could mean; several for a name such as 市中区, none for any other text."""
    known = gazetteer()
    name = _BLANKS.sub("", text).rstrip("：:")
    city = known.divisions.get(within or "")
    if city and city.name.endswith("市") and city.name[:-1] + name in known.areas:
        return (city,)
    if found := known.names.get(name) or _with_parents(name):
        return known.prefer(found, within)
    return tuple(
        one
        for one in known.stems.get(name, ())
        if within and one.code[:2] == within[:2] and one.code.endswith("00")
    )


def _with_parents(name: str) -> tuple[Division, ...]:
    known = gazetteer()
    for cut in range(2, len(name) - 1):  # the longest name that can be the last one decides
        if found := known.names.get(name[cut:]):
            fitting = tuple(one for one in found if above_reads(name[:cut], one) == 0)
            if fitting:
                return fitting
    return ()


def unique_stem(word: str, within: str | None) -> Division | None:
    """The division that a stem means: the one nearest to `within`; of a prefecture and a county, the
    prefecture (长沙, 乐山). A stem in another province counts for a prefecture or when it is the only one."""
    found = gazetteer().prefer(gazetteer().stems.get(word, ()), within)
    for level in (1, 2, 3):
        at = [one for one in found if len(one.path) == level]
        if at:
            return at[0] if len(at) == 1 else None
    return None


def local_stem(word: str, within: str | None) -> Division | None:
    """The division that a stem means, when it lies in `within` (芦山 in a newspaper of Sichuan)."""
    one = unique_stem(_BLANKS.sub("", word).rstrip("：:"), within)
    return one if one and within and gazetteer().inside(one.code, within) else None


def above_reads(text: str, one: Division) -> int | None:
    """Where in `text` the names above a division begin, when the text ends with them (四川省雅安市 for
    名山区): an offset, or None. Names may be official, short or stems, and any may be left out."""
    start = None
    for up in gazetteer().ancestors(one.code):
        end = len(text) if start is None else start
        spelt = (up.name, short(up.name), stem(up.name, province=len(up.path) == 1))
        for form in filter(None, spelt):
            if text.endswith(form, 0, end):
                start = end - len(form)
                break
    return start
