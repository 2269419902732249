"""A name as printed, and the names before it -> the divisions that it can mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from bulletins.regions.gazetteer import Division, gazetteer, short, stem

_BLANKS = re.compile(r"\s+")


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


def candidates(text: str, within: str | None = None, printed: date | None = None) -> tuple[Division, ...]:
    """All divisions that `named` could mean, on a page of the day `printed`; several for a name such as
    市中区, none for any other text."""
    known = gazetteer()
    name = _BLANKS.sub("", text).rstrip("：:")
    city = known.divisions.get(within or "")
    if city and city.name.endswith("市") and city.name[:-1] + name in known.areas:
        return (city,)
    if found := known.bearers(name, printed) or _with_parents(name, printed):
        return known.prefer(found, within)
    return tuple(
        one
        for one in known.stems.get(name, ())
        if within and one.code[:2] == within[:2] and one.code.endswith("00")
    )


def _with_parents(text: str, printed: date | None) -> tuple[Division, ...]:
    for cut in range(2, len(text) - 1):  # the longest name that can be the last one decides
        read = below_parents(text[:cut], text[cut:], printed)
        if fitting := tuple(one for one, start in read.items() if start == 0):
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


def stem_below(word: str) -> Division | None:
    """The one division whose stem stands below those, or the names, of its parents: 四川芦山, 雅安市芦山; of
    a prefecture and a county the prefecture (湖南长沙)."""
    found = [
        one
        for cut in range(2, len(word) - 1)
        for one in gazetteer().stems.get(word[cut:], ())
        if _reads(word[:cut], one.path[:-1]) == 0
    ]
    found = [one for one in found if len(one.path) == min(len(each.path) for each in found)]
    return found[0] if len(found) == 1 else None


def by_context(found: tuple[Division, ...], context: str) -> tuple[Division, ...]:
    """Of several divisions of one name those whose parent the context names: directly before it, elsewhere
    in full, elsewhere by its stem. All of them where it names none."""
    below = [one for one in found if len(one.path) > 1]
    for told in (
        [one for one in below if "".join(one.path[-2:]) in context],
        [one for one in below if one.path[-2] in context],
        [
            one
            for one in below
            if (bare := stem(one.path[-2], province=len(one.path) == 2)) and bare in context
        ],
    ):
        if told:
            return tuple(told)
    return found


def below_parents(left: str, name: str, printed: date | None) -> dict[Division, int]:
    """The bearers of a name whose parents `left` ends with (四川省雅安市, for 名山区), each with where these
    begin. Names above may be official, short or stems, any may be left out, and they may be those of its time
    (资阳市简阳市, until 2016). Those of today count first, those whose time is over last."""
    if not left[-1:].isalpha():  # a stop or the text's beginning stands before the name
        return {}
    known = gazetteer()
    now = [(one, one.path[:-1]) for one in known.names.get(name, ())]
    once = known.former.get(name, ())
    then = [(one.division, one.path) for one in once if printed and one.current(printed)]
    over = [(one.division, one.path) for one in once if one.division.name != name]
    for ways in (now, then, over):
        read = [(one, start) for one, path in ways if (start := _reads(left, path)) is not None]
        if read:
            return {one: min(start for each, start in read if each == one) for one, _ in read}
    return {}


def _reads(left: str, path: Sequence[str]) -> int | None:
    start = None
    for n, name in reversed([*enumerate(path)]):
        end = len(left) if start is None else start
        for form in _forms(name, n == 0):
            if left.endswith(form, 0, end):
                start = end - len(form)
                break
    return start


@lru_cache(maxsize=4096)
def _forms(name: str, province: bool) -> tuple[str, ...]:
    """How a name above another is spelt: official, short, as a stem."""
    return tuple(filter(None, (name, short(name), stem(name, province=province))))
