"""A page that was asked for as an edition of the past -> whether it is that, and which past ones it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bulletins import dates, editions, issues
from bulletins.issues import Onward
from bulletins.markup import Node
from bulletins.survey import day_of

_SAYS_LITTLE = 400  # characters of a page that is there to say that there is none
_NO_EDITION = re.compile(
    r"(?:没有|暂无|无)(?:.{0,6})(?:报纸|数据|版面|内容|出版|报刊)|(?:休刊|无报|未出版|不存在|not found)", re.I
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The past editions that a page names, by day or number, and the one that it calls the previous."""

    listed: tuple[Onward, ...] = ()
    previous: Onward | None = None


def earlier(tree: Node, url: str) -> Earlier:
    """The issues (期) of the same site that a page has a list or a calendar of, and its 上一期."""
    found, dated = issues.links(tree, url)
    named = (each for each in (*found, *dated) if each.day or each.number)
    listed = dict.fromkeys(each for each in named if issues.same_site(each.address, url))
    previous = issues.previous(tree, url)
    if previous:
        listed = {each: None for each in listed if each.address != previous.address}
    return Earlier(tuple(listed), previous)


def day_within(
    tree: Node, url: str, dated: Iterable[str], links: Iterable[str], within: tuple[date, date], today: date
) -> date | str:
    """The day of a page that was asked for as an edition of these days: as it prints (`dated`, else what
    stands as 出版日期 in its text), else by its address; or in words what it is instead. Today's date may be
    a clock's, and says nothing; articles' `links` of other days alone speak against it."""
    first, last = within
    asked = str(first) if first == last else f"{first} to {last}"
    printed = [day for each in dated if (day := dates.day(each))] or [*editions.printed(tree.text[:20_000])]
    days = [day for day in printed if day != today or day <= last] or [day for day in [day_of(url)] if day]
    linked = {day for each in links if (day := day_of(each))}
    others = days if not any(first <= day <= last for day in days) else []
    if linked and not any(first <= day <= last for day in linked):
        others = [max(linked)]
    if others:
        return f"asked for the edition of {asked}, it shows that of {others[0]}"
    if not days and first != last:
        return "it does not say of which day it is"
    return next((day for day in days if first <= day <= last), first)


def says_none(tree: Node) -> bool:
    """Whether a page says, and says little else, that there is no edition: 该日期没有报纸."""
    return len(tree.text) <= _SAYS_LITTLE and _NO_EDITION.search(tree.text) is not None
