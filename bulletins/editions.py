"""A page of a newspaper's site -> the newest edition that it leads to, or what is wrong with the one shown.

An entry may be the edition itself, a refresh, a script, a frame, a list of issues (期), a calendar, a front
page with nothing but 进入数字报, or an older edition that links to a newer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bulletins import dates, folios
from bulletins.markup import Node, web_address
from bulletins.survey import Way, day_of, survey

MOST_HOPS = 6  # from the source's address to its newest edition; the longest known needs two

_REFRESH = re.compile(r"""^\s*[\d.]*\s*[;,]\s*url\s*=\s*['"]?\s*([^'"]+)""", re.I)
_SCRIPT = re.compile(
    r"""(?:\blocation(?:\.href)?\s*=(?!=)\s*|\blocation\.(?:replace|assign)\s*\(\s*)['"]([^'"]+)['"](?!\s*\+)""",
    re.I,
)
_ASSIGNED = re.compile(r"""\b(\w+)\s*=\s*['"]([^'"\s]+)['"](?!\s*\+)""", re.A)
_SCRIPT_NAMES = re.compile(  # location.href = url, where a script has put an address under that name before
    r"\blocation(?:\.href)?\s*=(?!=)\s*(\w+)\s*(?:[;\n}]|$)|\blocation\.(?:replace|assign)\s*\(\s*(\w+)\s*\)",
    re.A | re.I,
)
# location.href = "html/" + day + "/node_1.htm": an address in pieces, texts and names of texts.
_PIECE = r"""(?:'[^'\n]*'|"[^"\n]*"|\w+)"""
_SCRIPT_PIECES = re.compile(
    rf"\blocation(?:\.href|\.replace|\.assign)?\s*(?:=(?!=)|\()\s*({_PIECE}(?:\s*\+\s*{_PIECE})+)\s*\)?\s*(?:[;\n}}]|$)",
    re.A | re.I,
)
_YMD = ("%Y", "%m", "%d")
_SAYS_LITTLE = 400  # characters of a page that is there to send its visitor on
_HANDHELD = re.compile(r"//(?:m|wap|3g|mobile)\.|/(?:m|wap|mobile|phone|mpaper)(?:/|\.|$)", re.I)
_CHALLENGE = re.compile(r"document\.cookie|location\.reload|\beval\s*\(", re.I)
_ENTER = re.compile(
    r"进入|点击.{0,6}(?:阅读|浏览|进入)|数字报|电子报|电子版|在线阅读|今日.{0,6}报|最新一期|本期"
)
_NEXT = re.compile(r"[<>《》«»\[\]\s]*(?:下|后)一?期.{0,4}")
_PREVIOUS = re.compile(r"[<>《》«»←\[\]\s]*(?:上|前)一?(?:期|日|天).{0,4}")
_NO_EDITION = re.compile(
    r"(?:没有|暂无|无)(?:.{0,6})(?:报纸|数据|版面|内容|出版|报刊)|(?:休刊|无报|未出版|不存在|not found)", re.I
)
_ISSUE = re.compile(r"(?:第|总第)?\s*\d{1,8}\s*期|\d{1,2}日?|.{0,8}(?:19|20)\d\d\W?\d.{0,16}")
# What names an issue so plainly that its address may be any: 第2210期, 茶乡周报第388期（2026年10月14日）.
_NAMED_ISSUE = re.compile(r"[^第总\d]{0,10}(?:总第|第|总)\s*\d{1,6}\s*期\W{0,3}(?:(?:19|20)\d\d.{0,14})?")
# Addresses by which editions and their first pages go.
_EDITION = re.compile(
    r"(?:^|/)(?:node_|col\d|nbs\.|Page\w*\d|index\.|v[A-Z]?\d+\.|l\d+\.|Qpaper|paperindex|page_list|periodid|\d{8}_plist|\d{8}-\w+\.)"
    r"|/$|/\d{1,8}/?$|/\d{4}-\d\d-\d\d$|[?&](?:Nid|t|d|date|day|qiid|period\w*|issue\w*|iid)=",
    re.I,
)
_DATA = re.compile(
    r"""["']([^"'\s]*(?:\d{8}[\w-]*|layout\w*|paper\w*|pages?\w*|data|db|list)\.json(?:\?[^"'\s]*)?)["']""",
    re.I,
)
_DATA_FILE = re.compile(
    r"(?:^|/)(?:\d{8}[\w-]*|layout\w*|epaper\w*|pages?|data|db|list)\.js(?:on)?(?:$|\?)", re.I
)
_DATED = re.compile(
    r"(?:出版日期|发行日期|刊发日期|日期)\s*[:：]?\s*(?P<a>[^,，。]{8,20})"
    r"|(?P<b>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*[,，]?\s*(?:星期|周|第\d+期|总第)"
)
_NOTED = ("data-day", "data-date", "title")  # where a calendar's links say more than the day of the month
_TODAY = re.compile(r"(?:今天是?|现在是?|当前时间|北京时间)\W{0,3}$")


@dataclass(frozen=True, slots=True)
class Onward:
    """Where to read on: an absolute address, and the day and issue number that the link there names."""

    address: str
    day: date | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """The past editions that a page names, by day or number, and the one that it calls the previous."""

    listed: tuple[Onward, ...] = ()
    previous: Onward | None = None


def onward(tree: Node, url: str, today: date) -> Onward | None:
    """Where a page without lists of its own leads: where it sends its visitor, else the newest edition that
    it links to, else what calls itself the way in, else the data that its script would load."""
    if target := _redirected(tree, url, today):
        return Onward(target)
    return _listed(tree, url, today)


def sent_on(tree: Node, url: str, today: date) -> Onward | None:
    """Where a page of a past edition's address sends its visitor; what it links to is not asked for."""
    target = _redirected(tree, url, today)
    return Onward(target) if target else None


def earlier(tree: Node, url: str) -> Earlier:
    """The issues (期) of the same site that a page has a list or a calendar of, and its 上一期."""
    listed: list[Onward] = []
    previous: Onward | None = None
    for way, href in _ways(tree, url):
        if not _same_site(href, url):
            continue
        if _PREVIOUS.fullmatch(way.label):
            previous = previous or _candidate(way, href)
        elif _leads_to_issue(way.label, href):
            listed.append(_candidate(way, href))
    return Earlier(tuple(each for each in listed if each.day or each.number), previous)


def day_within(
    tree: Node, url: str, dated: Iterable[str], links: Iterable[str], within: tuple[date, date], today: date
) -> date | str:
    """The day of a page that was asked for as an edition of these days: as it prints (`dated`, else what
    stands as 出版日期 in its text), else by its address; or in words what it is instead. Today's date may be
    a clock's, and says nothing; articles' `links` of other days alone speak against it."""
    first, last = within
    asked = str(first) if first == last else f"{first} to {last}"
    printed = [day for each in dated if (day := dates.day(each))] or [*_printed(tree.text[:20_000])]
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


def _redirected(tree: Node, url: str, today: date) -> str | None:
    """By a refresh; or by a script or a frame, where the page itself says little: what a full page's scripts
    would open, and advertisements in frames, are for visitors."""
    for meta in tree.all("meta"):
        if meta.attribute("http-equiv").lower() == "refresh":
            match = _REFRESH.match(meta.attribute("content"))
            if match and (target := _elsewhere(match[1], url)):
                return target
    if len(tree.text) > _SAYS_LITTLE:
        return None
    scripts = "\n".join([tree.scripts, *(node.attribute("onload") for node in tree.all("body[onload]"))])
    named = [] if _CHALLENGE.search(scripts) else list(_opened(scripts, today))
    named += [frame.attribute("src") for frame in tree.all("frame, iframe")]
    targets = (target for each in named if (target := _elsewhere(each, url)))
    return next((target for target in targets if not _HANDHELD.search(target)), None)


def _opened(scripts: str, today: date) -> Iterator[str]:
    """The addresses that scripts open, in so many words, by the name of a variable that holds one, or put
    together of both; three names of nothing known, in a script with a Date, are today's year, month, day."""
    yield from _SCRIPT.findall(scripts)
    held = dict(_ASSIGNED.findall(scripts))
    for match in _SCRIPT_PIECES.finditer(scripts):
        pieces = re.findall(_PIECE, match[1])
        unknown = [each for each in pieces if each[0] not in "'\"" and each not in held]
        if len(unknown) == len(_YMD) and "new Date" in scripts:
            held |= dict(zip(unknown, (format(today, part) for part in _YMD), strict=True))
        if all(each[0] in "'\"" or each in held for each in pieces):
            yield "".join(held.get(each, each.strip("'\"")) for each in pieces)
    for match in _SCRIPT_NAMES.finditer(scripts):
        if target := held.get(match[1] or match[2]):
            yield target


def _ways(tree: Node, url: str) -> list[tuple[Way, str]]:
    """The ways to other pages, what stands in a selection among them, with their addresses."""
    chosen = [Way(node, node.attribute("value"), node.text, 0) for node in tree.all("select option[value]")]
    every = (*survey(tree).ways, *chosen)
    return [(way, href) for way in every if (href := _elsewhere(way.written, url))]


def _listed(tree: Node, url: str, today: date) -> Onward | None:
    ways = _ways(tree, url)
    found = [_candidate(way, href) for way, href in ways if _leads_to_issue(way.label, href)]
    if newest := _newest(found, today):
        return newest
    if numbered := [each for each in found if each.day is None and each.number]:
        return max(numbered, key=lambda each: each.number)
    for way, href in ways:
        if _ENTER.search(way.label) and len(way.label) < 20 and _same_site(href, url):
            return Onward(href)
    near = [_candidate(way, href) for way, href in ways if _EDITION.search(href) and _same_site(href, url)]
    return _newest(near, today) or next(_data(tree, url), None)


def names_issue(label: str) -> bool:
    """Whether a link's words are an issue of a newspaper, with its day at most."""
    return _NAMED_ISSUE.fullmatch(label) is not None


def _leads_to_issue(label: str, href: str) -> bool:
    if names_issue(label):
        return not href.lower().endswith(".pdf")
    return _EDITION.search(href) is not None and _ISSUE.fullmatch(label) is not None


def _newest(found: Iterable[Onward], today: date) -> Onward | None:
    """The last of those that are out; of several of one day the first on the page."""
    out = [each for each in found if each.day and each.day <= today]
    return max(out, key=lambda each: each.day or date.min, default=None)


def newer(tree: Node, url: str, shown: date | None, today: date) -> Onward | None:
    """A newer edition of the same newspaper that an edition links to, out already; None: it is the newest."""
    shape = _shape(url)
    found: list[Onward] = []
    for way in survey(tree).ways:
        href = _elsewhere(way.written, url)
        if href is None or not _same_site(href, url):
            continue
        each = _candidate(way, href)
        if each.day is None and _NEXT.fullmatch(way.label):
            return each
        named = _NEXT.fullmatch(way.label) or (_ISSUE.fullmatch(way.label) and _EDITION.search(href))
        if shown and each.day and each.day > shown and (named or _shape(href) == shape):
            found.append(each)
    return _newest(found, today)


def stale(tree: Node, url: str, today: date) -> str | None:
    """That a page shows an edition older than its address says; a date that a clock may have put there, or
    that stands beside the address's own, says nothing."""
    asked = day_of(url)
    printed = set(_printed(tree.text[:20_000]))
    if asked is None or not printed or asked in printed or max(printed) >= min(asked, today):
        return None
    return f"its address is of {asked}, and it shows the edition of {max(printed)}"


def _printed(text: str) -> Iterator[date]:
    for match in _DATED.finditer(text):
        if not _TODAY.search(text[: match.start()]) and (day := dates.day(match["a"] or match["b"])):
            yield day


def _candidate(way: Way, href: str) -> Onward:
    noted = " ".join(way.node.attribute(name) for name in _NOTED)
    day = day_of(href) or dates.day(way.label) or dates.day(noted)
    return Onward(href, day, folios.issue(way.label) or 0)


def _elsewhere(written: str, url: str) -> str | None:
    """Another page, absolute; None for this one."""
    target = web_address(written.strip(), url)
    return target.partition("#")[0] if target and target.partition("#")[0] != url.partition("#")[0] else None


def _same_site(href: str, url: str) -> bool:
    return urlsplit(href).hostname == urlsplit(url).hostname


def _shape(url: str) -> str:
    """An address without its numbers: what the editions of one newspaper share."""
    return re.sub(r"\d+", "0", url.partition("://")[2])


def _data(tree: Node, url: str) -> Iterator[Onward]:
    """Data files that a page's scripts name, or that it loads as scripts."""
    written = _DATA.findall(tree.scripts)
    written += [
        src for script in tree.all("script[src]") if _DATA_FILE.search(src := script.attribute("src"))
    ]
    for each in written:
        if (target := web_address(each, url)) and _same_site(target, url):
            yield Onward(target)
