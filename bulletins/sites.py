"""A page of a web site without editions -> its list of articles and where to read on; or the lone article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bulletins import dates, issues, layouts
from bulletins.markup import Node
from bulletins.model import Context, Follow, Lead, PageKind
from bulletins.said import Said

_FEWEST = 4  # rows with a day that make a list of a site of no known system
_MOST_PAGES = 10  # of one list at a poll
_FIRST = timedelta(days=30)  # how far back a list is read at first
_LATER = timedelta(days=3)  # and from then on; a page is always read whole
_AHEAD = timedelta(days=1)
_MONTH_DAY = re.compile(r"\D*(\d{1,2})[-./月](\d{1,2})日?\D*")
_BACK = {"今天": 0, "昨天": 1, "前天": 2, "刚刚": 0}
_AGO = re.compile(r"(\d{1,3})\s*(小时|分钟|天)前")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, and the layout that reads it."""

    layout: str
    articles: layouts.Articles


def listing(tree: Node, base: str, context: Context, kind: PageKind | None) -> Listing | None:
    """The list of a web site's articles: by the system that made it, else by the days in its rows. None on
    other pages, and where the operator says what stands where."""
    source = context.source
    if kind not in (None, PageKind.EDITION, PageKind.LIST) or not {"pages", "articles"}.isdisjoint(
        source.selectors
    ):
        return None
    if context.lead.edition is not None or (kind is None and layouts.site_article(tree)):
        return None
    if kind != PageKind.LIST and not tree.has("body *:not(script)"):
        return None  # data that no list has led to are a newspaper's
    if found := layouts.site_list(tree, source.layout):
        read = found[1].read(tree, base)
        return Listing(found[0], layouts.sure(read)) if read.links or read.next else None
    before = context.read_by.split("+")
    open_to_all = source.layout == "auto" and (not context.read_by or layouts.GENERIC in before)
    if not (open_to_all or source.layout == layouts.GENERIC):
        return None
    if layouts.is_of_newspaper(tree):
        return None
    read = layouts.dated_list(tree, base)
    if _lists_issues(read, tree, base):
        return None
    if sum(1 for link in read.links if link.date) >= _FEWEST:
        return Listing(layouts.GENERIC, read)
    loose = layouts.loose_list(tree, base)
    return Listing(layouts.GENERIC, loose) if loose.texts and not layouts.site_article(tree) else None


def _lists_issues(read: layouts.Articles, tree: Node, base: str) -> bool:
    """Whether most entries of a list are a newspaper's issues (期), each with its day, and no articles."""
    named = {each.address for several in issues.links(tree, base) for each in several}
    return sum(link.href in named for link in read.links) * 2 > len(read.links)


def alone(tree: Node, base: str, context: Context, kind: PageKind | None) -> Said | None:
    """The article that a source's own address is, such as one of WeChat's: a list of nothing but itself."""
    if kind != PageKind.EDITION or context.lead.hops or "body" in context.source.selectors:
        return None
    found = layouts.site_article(tree, context.source.layout)
    article = found[1].read(tree, base) if found else None
    return Said(PageKind.LIST, found[0], article=article) if found and article and article.blocks else None


def follow(articles: layouts.Articles, context: Context) -> Iterator[Follow]:
    """The articles of a list, each with the day in its row; then the list's next page, as long as all that
    stands on this one is new."""
    lead, today = context.lead, context.now.astimezone(dates.SHANGHAI).date()
    column = lead.column or articles.column or None
    days = []
    for position, link in enumerate(articles.links):
        day = row_day(link.date, today)
        days += [day] if day else []
        known = link.date if dates.day(link.date) else day.isoformat() if day else ""
        yield Follow(
            link.href, PageKind.ARTICLE, Lead(None, None, column, link.text or None, position, dated=known)
        )
    if articles.next and lead.hops < _MOST_PAGES and (not articles.links or _all_new(days, context)):
        yield Follow(articles.next, PageKind.LIST, Lead(column=column, hops=lead.hops + 1))


def _all_new(days: list[date], context: Context) -> bool:
    since = context.now - (_LATER if context.read_by else _FIRST)
    return bool(days) and min(days) >= since.astimezone(dates.SHANGHAI).date()


def row_day(text: str, today: date) -> date | None:
    """The day that a row of a list has, as printed: in full, without its year (the last such day), or as
    昨天, 3小时前."""
    if day := dates.day(text):
        return day
    if text in _BACK:
        return today - timedelta(days=_BACK[text])
    if ago := _AGO.fullmatch(text):
        return today - timedelta(days=int(ago[1]) if ago[2] == "天" else 0)
    match = _MONTH_DAY.fullmatch(text)
    years = (today.year, today.year - 1) if match else ()
    found = (dates.day(f"{year}-{match[1]}-{match[2]}") for year in years if match)
    return next((day for day in found if day and day <= today + _AHEAD), None)
