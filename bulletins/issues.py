"""A page that lists issues (期) of a newspaper, in whatever form -> the editions that it leads to.

An issue is told by what its link says, by the row in which it stands, by the month above a calendar, by the
data in a script; its address by its shape, or by being one of several of one shape.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bulletins import dates, folios, objects
from bulletins.markup import Node, web_address
from bulletins.objects import Made, text_of
from bulletins.scripts import Handlers
from bulletins.survey import FOLIO, Way, day_of, selections, survey

_NEXT = re.compile(r"[<>《》«»\[\]\s]*(?:下|后)一?期.{0,4}")
_PREVIOUS = re.compile(r"[<>《》«»←\[\]\s]*(?:上|前)一?(?:期|日|天).{0,4}")
_ISSUE = re.compile(r"(?:第|总第)?\s*\d{1,8}\s*期|\d{1,2}日?|.{0,12}(?:19|20)\d\d\W?\d.{0,16}")
_PLAIN_DAY = re.compile(
    r"\W*(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?\W*(?:(?:星期|周).)?\W*"
)
# What names an issue so plainly that its address may be any: 第2210期, 茶乡周报第388期（2026年10月14日）.
_NAMED_ISSUE = re.compile(
    r"[^第总\d]{0,10}(?:(?:19|20)\d\d\s*年?\s*)?(?:总第|第|总)\s*\d{1,6}\s*期\W{0,3}(?:(?:总第\s*\d+\s*期\W{0,2})?(?:(?:19|20)\d\d.{0,14})?)?"
)
_BULLETIN = re.compile(r"简报|动态|通讯|信息|快讯|专报|要情|参考|通报")  # of one text, and no newspaper
# Addresses by which editions and their first pages go.
_EDITION = re.compile(
    r"(?:^|/)(?:node_|col\d|nbs\.|Page\w*\d|index\.|v[A-Z]?\d+\.|l\d+\.|Qpaper|paperindex|page_list|periodid|\d{8}_plist|\d{8}-\w+\.)"
    r"|/$|/\d{1,8}/?$|/\d{4}-\d\d-\d\d$|[?&](?:Nid|t|d|date|day|qiid|period\w*|issue\w*|iid)=",
    re.I,
)
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|zip|rar|docx?|xlsx?|apk|mp[34]|css|ico|svg)(?:$|[?#])", re.I)
_MONTH = re.compile(r"((?:19|20)\d\d)\s*[-年./]\s*(\d{1,2})(?!\d|[-./]\d|\s*月\s?\d{1,2}\s?日)")
_NOTED = ("data-day", "data-date", "title")  # attributes in which a calendar's cell may say its whole day
_MOST_ROWS = 60  # that are looked at: the newest stand first
_MOST = 4  # issues that are tried, the newest first
_CALENDAR = 60  # links of a month, and those around it
_LEVELS = 8  # of boxes around a day that may name its month
_ROW = 60  # characters of the row in which a link stands
_ROW_LEVELS = 3
LONGEST_WAY_IN = 20  # characters of a link that calls itself the way in are fewer
_SHORT = 10  # characters of a link that says nothing of its own: 查看, 阅读全文


@dataclass(frozen=True, slots=True)
class Onward:
    """Where to read on: an absolute address, and the day and issue number that the link there names; what
    else to try, and what scripts make of an id."""

    address: str
    day: date | None = None
    number: int = 0
    others: tuple[str, ...] = ()
    made: tuple[Made, ...] = ()


def names_issue(label: str) -> bool:
    """Whether a link's words are an issue of a newspaper, with its day at most."""
    if _PLAIN_DAY.fullmatch(label):
        return True
    return _NAMED_ISSUE.fullmatch(label) is not None and not _BULLETIN.search(label)


def listed(tree: Node, url: str, today: date, made: tuple[Made, ...]) -> Iterator[Onward]:
    """The issues that links or the options of a selection name, the newest first."""
    found, dated = (_newest(each, today) for each in links(tree, url, made))
    # 最新一期（第386期 2026年11月27日） is set apart from the others, which have but their numbers.
    if found and dated and 0 < found[0].number < dated[0].number:
        found, dated = dated, found
    yield from found
    yield from dated


def links(tree: Node, url: str, made: tuple[Made, ...] = ()) -> tuple[list[Onward], list[Onward]]:
    """All issues that links or the options of a selection name: those whose addresses are alike, and those
    that are dated by their words alone."""
    ways = [(way, href) for way in _ways(tree, made, url) if (href := elsewhere(way.written, url))]
    told = [(way, href, _said(way) if n < _MOST_ROWS else way.label) for n, (way, href) in enumerate(ways)]
    shapes = Counter(shape(href) for _, href, said in told if _ISSUE.fullmatch(said))
    found: list[Onward] = []
    dated: list[Onward] = []
    for way, href, said in told:
        alike = shapes[shape(href)] > 1 or _EDITION.search(href) is not None
        if alike and _ISSUE.fullmatch(said):
            found.append(_candidate(way, href, said))
        elif names_issue(said):
            dated.append(_candidate(way, href, said))
    return found, dated


def previous(tree: Node, url: str) -> Onward | None:
    """What a page calls its 上一期."""
    ways = ((way, elsewhere(way.written, url)) for way in survey(tree).ways if _PREVIOUS.fullmatch(way.label))
    return next((_candidate(way, href) for way, href in ways if href and same_site(href, url)), None)


def told(tree: Node, url: str, today: date, made: tuple[Made, ...]) -> Iterator[Onward]:
    """The issues that data tell: objects with a day or a number, lists of days."""
    found = []
    page = Handlers(tree.scripts)
    for value in objects.values(tree.scripts, days=True):
        for where, _ in objects.objects(value):
            day, number = dates.day(objects.day_in(where)), folios.issue(objects.issue_in(where)) or 0
            holds = any(isinstance(each, (list, dict)) and each for each in where.values())
            if holds or not (day or number) or text_of(where, objects.TEXT):
                continue
            named = objects.filled(where, "issue", made, url, by_name=True)
            own = named or web_address(text_of(where, objects.ADDRESS), url)
            if href := own or objects.filled(where, "issue", made, url):
                found.append(Onward(href, day or day_of(href), number))
        days = [(day, text) for text in objects.days_in(value) if (day := dates.day(text)) and day <= today]
        for day, text in sorted(days, reverse=True)[:_MOST]:
            opened = [href for each in page.given(text) if (href := elsewhere(each, url))]
            made_of = objects.filled({"id": text, "date": text}, "issue", made, url)
            found += [Onward(href, day) for href in (*opened, made_of) if href]
    yield from _newest(found, today)


def entered(tree: Node, url: str, says: re.Pattern[str]) -> Iterator[Onward]:
    """Links that call themselves the way in."""
    for way in survey(tree).ways:
        href = elsewhere(way.written, url)
        if href and says.search(way.label) and len(way.label) < LONGEST_WAY_IN and same_site(href, url):
            yield Onward(href)


def near(tree: Node, url: str, today: date) -> Iterator[Onward]:
    """Links of any name to addresses as editions have them, of days that are out."""
    ways = [(way, href) for way in survey(tree).ways if (href := elsewhere(way.written, url))]
    found = (_candidate(way, href) for way, href in ways if _EDITION.search(href) and same_site(href, url))
    yield from (each for each in _newest(found, today) if each.day)


def only(tree: Node, url: str, today: date) -> Iterator[Onward]:
    """Where a page leads that says little, but by headlines and pages (版)."""
    few = [way for way in survey(tree).ways if len(way.label) <= _SHORT and not FOLIO.match(way.label)]
    hrefs = {href: None for way in few if (href := elsewhere(way.written, url))}
    own = [Onward(href, day_of(href)) for href in hrefs if same_site(href, url)]
    yield from [each for each in own if each.day is None or each.day <= today][:_MOST]


def after(tree: Node, url: str, shown: Onward, today: date) -> Onward | None:
    """A newer edition of the same newspaper than the one shown that its page links to, out already."""
    own = shape(url)
    found: list[Onward] = []
    for way in survey(tree).ways:
        href = elsewhere(way.written, url)
        if href is None or not same_site(href, url):
            continue
        each = _candidate(way, href)
        if each.day is None and _NEXT.fullmatch(way.label):
            return each
        named = _NEXT.fullmatch(way.label) or (_ISSUE.fullmatch(way.label) and _EDITION.search(href))
        if shown.day and each.day and each.day > shown.day and (named or shape(href) == own):
            found.append(each)
    return next((each for each in _newest(found, today) if each.day), None)


def elsewhere(written: str, url: str) -> str | None:
    """Another page, absolute; None for this one, and for a file that is no page."""
    target = (web_address(written.strip(), url) or "").partition("#")[0]
    return target if target and target != url.partition("#")[0] and not _FILE.search(target) else None


def same_site(href: str, url: str) -> bool:
    return urlsplit(href).hostname == urlsplit(url).hostname


def shape(url: str) -> str:
    """An address without its numbers: what the editions of one newspaper share."""
    return re.sub(r"\d+", "0", url.partition("://")[2])


def _ways(tree: Node, made: tuple[Made, ...], url: str) -> Iterator[Way]:
    """What leads on, by links and by the options of a selection, whose values may be but ids."""
    yield from survey(tree).ways
    leads = dict(selections(tree))
    for option in tree.all("select option[value]"):
        value = option.attribute("value")
        written = leads.get(option) or objects.filled({"id": value, "date": value}, "issue", made, url)
        if value and written:
            yield Way(option, written, option.text, 0)


def _said(way: Way) -> str:
    """What a link says; where that is nothing of an issue, what its row says, if no other link is in it."""
    if _ISSUE.fullmatch(way.label) or names_issue(way.label):
        return way.label
    box, said = way.node.parent, way.label
    for _ in range(_ROW_LEVELS):
        if box is None or len(way.label) > _SHORT or len(text := box.head(_ROW + 1)) > _ROW:
            break
        if len(box.all("a[href]")) > 1:
            break
        said, box = text, box.parent
    return said


def _candidate(way: Way, href: str, said: str = "") -> Onward:
    said = said or way.label
    noted = " ".join(way.node.attribute(name) for name in _NOTED)
    day = day_of(href) or dates.day(said) or dates.day(noted) or _in_month(way)
    return Onward(href, day, folios.issue(said) or 0)


def _in_month(way: Way) -> date | None:
    """The day of a calendar's cell, of which the month stands above."""
    number = re.fullmatch(r"(\d{1,2})日?", way.label)
    box = way.node.parent
    for _ in range(_LEVELS):
        if not number or box is None:
            return None
        if len(box.all("a[href]")) > _CALENDAR:
            return None
        if match := _MONTH.search(box.head(200)):
            return dates.day(f"{match[1]}-{match[2]}-{number[1]}")
        box = box.parent
    return None


def _newest(found: Iterable[Onward], today: date) -> list[Onward]:
    """The last of those that are out, of several of one day the first on the page; else by number."""
    every = list(found)
    out = [each for each in every if each.day and each.day <= today]
    if not out:
        out = [each for each in every if each.day is None and each.number]
    return sorted(out, key=lambda each: (each.day or date.min, each.number), reverse=True)[:_MOST]
