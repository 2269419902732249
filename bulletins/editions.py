"""A page of a newspaper's site -> where its newest edition may stand, the likeliest first; what is wrong with
the edition shown.

An entry may be the edition itself, a refresh, a script, a frame, a list of issues (期), a calendar, a front
page with nothing but 进入数字报, or an older edition that links to a newer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from bulletins import dates, issues, objects, scripts
from bulletins.issues import Onward
from bulletins.markup import Node
from bulletins.objects import Made
from bulletins.survey import day_of

MOST_HOPS = 6  # from the source's address to its newest edition; the longest known needs two
_MOST_OTHERS = 16  # addresses that are tried where the likeliest is none: days, mostly
_DAYS_BACK = 10  # that an address made of today's date is tried for: no newspaper pauses longer

_REFRESH = re.compile(r"""^\s*[\d.]*\s*[;,]\s*url\s*=\s*['"]?\s*([^'"]+)""", re.I)
_SAYS_LITTLE = 400  # characters of a page that is there to send its visitor on
_HANDHELD = re.compile(r"//(?:m|wap|3g|h5|mobile)\.|/(?:m|wap|h5|mobile|phone|mpaper)(?:/|\.|$)", re.I)
_CHALLENGE = re.compile(r"document\.cookie|location\.reload|\beval\s*\(", re.I)
_ENTER = re.compile(
    r"进入|点击.{0,6}(?:阅读|浏览|进入)|数字报|电子报|电子版|在线阅读|今日.{0,6}报|最新一期|本期|当期|读报"
)
_DATA = re.compile(
    r"""["']([^"'\s]*(?:\d{8}[\w-]*|layout\w*|paper\w*|pages?\w*|issues?\w*|periods?|latest|data|db|list)\.json(?:\?[^"'\s]*)?)["']""",
    re.I,
)
_DATA_FILE = re.compile(
    r"(?:^|/)(?:\d{8}[\w-]*|layout\w*|epaper\w*|pages?|issues?|data|db|list)\.js(?:on)?(?:$|\?)", re.I
)
_MARGIN = re.compile(r"top|head|banner|foot|bottom|logo|nav|menu", re.I)
_LIBRARY = re.compile(
    r"jquery|vue|react|bootstrap|swiper|polyfill|vendor|axios|layui|analytics|\bhm\.js", re.I
)
_DATED = re.compile(
    r"(?:出版日期|发行日期|刊发日期|日期)\s*[:：]?\s*(?P<a>[^,，。]{8,20})"
    r"|(?P<b>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*[,，]?\s*(?:星期|周|第\d+期|总第)"
)
_TODAY = re.compile(r"(?:今天是?|现在是?|当前时间|北京时间)\W{0,3}$")


def is_way_in(label: str) -> bool:
    """Whether a link's words are the way in to a newspaper: 阅读今日数字报."""
    return len(label) < issues.LONGEST_WAY_IN and _ENTER.search(label) is not None


def onward(
    tree: Node, url: str, today: date, ways: Iterable[Made] = (), *, listing: bool = False
) -> Onward | None:
    """Where a page without an edition of its own leads, with what to try where that is not there. `ways` are
    the addresses that scripts of the pages before make of an id; a `listing` has a list of articles, which
    only something that is plainly an edition is preferred to."""
    made = tuple(dict.fromkeys((*objects.made(tree, url), *ways)))
    ranked: dict[str, Onward] = {}
    for each in (_plain if listing else _ranked)(tree, url, today, made):
        ranked.setdefault(each.address, each)
    if not ranked:
        return None
    first, *others = islice(ranked.values(), _MOST_OTHERS)
    return replace(first, others=tuple(each.address for each in others), made=made)


def sent_on(tree: Node, url: str, today: date) -> Onward | None:
    """Where a page of a past edition's address sends its visitor; what it links to is not asked for."""
    return next(_sent(tree, url, today), None)


def _sent(tree: Node, url: str, today: date) -> Iterator[Onward]:
    """By a refresh; or by a script or a frame, where the page itself says little: what a full page's scripts
    would open, and advertisements in frames, are for visitors."""
    yield from _at(_refreshed(tree), url)
    if len(tree.text) <= _SAYS_LITTLE:
        yield from _opened(tree, url, today)
        frames = sorted(tree.all("frame, iframe"), key=_is_margin)
        yield from _at((frame.attribute("src") for frame in frames), url)


def _opened(tree: Node, url: str, today: date) -> Iterator[Onward]:
    if not _CHALLENGE.search(tree.scripts):
        yield from _at(_written(_code(tree), today, scripts.OPENED, scripts.WRITTEN), url)


def _code(tree: Node) -> str:
    return "\n".join([tree.scripts, *(node.attribute("onload") for node in tree.all("body[onload]"))])


def _ranked(tree: Node, url: str, today: date, made: tuple[Made, ...]) -> Iterator[Onward]:
    """Where a page sends its visitor; the newest editions that it lists; what calls itself the way in; what
    its scripts load; what they would open on the days before."""
    yield from _sent(tree, url, today)
    yield from _plain(tree, url, today, made)
    if not _CHALLENGE.search(tree.scripts):
        yield from _at(_written(_code(tree), today, scripts.LOADED), url)
        yield from _before(_code(tree), url, today)
    if len(tree.text) <= _SAYS_LITTLE:
        yield from _at(_programs(tree), url)
        yield from issues.only(tree, url, today)
    else:
        yield from _opened(tree, url, today)


def _plain(tree: Node, url: str, today: date, made: tuple[Made, ...]) -> Iterator[Onward]:
    yield from _at(_refreshed(tree), url)
    yield from issues.listed(tree, url, today, made)
    yield from issues.told(tree, url, today, made)
    yield from issues.entered(tree, url, _ENTER)
    yield from issues.near(tree, url, today)
    yield from _at(_data_files(tree), url)


def _before(code: str, url: str, today: date) -> Iterator[Onward]:
    """What scripts would open or load on the days before today, where that is another address."""
    if "Date" in code or "moment" in code or "dayjs" in code:
        for back in range(1, _DAYS_BACK + 1):
            day = today - timedelta(days=back)
            yield from _at(_written(code, day, scripts.OPENED, scripts.LOADED, scripts.WRITTEN), url)


def _refreshed(tree: Node) -> Iterator[str]:
    for meta in tree.all("meta"):
        refreshes = meta.attribute("http-equiv").lower() == "refresh"
        if refreshes and (match := _REFRESH.match(meta.attribute("content"))):
            yield match[1].strip()


def _is_margin(frame: Node) -> bool:
    return _MARGIN.search(f"{frame.attribute('name')} {frame.attribute('src')}") is not None


def _written(code: str, day: date, *how: str) -> Iterator[str]:
    """The addresses in scripts, as they would be on a day."""
    found = scripts.addresses(code, datetime.combine(day, time(9), UTC))
    yield from (one.written for one in found if one.whole and one.how in how)


def _programs(tree: Node) -> Iterator[str]:
    """Scripts of a page's own that stand apart from it: they may say what it shows."""
    sources = (script.attribute("src") for script in tree.all("script[src]"))
    yield from (source for source in sources if source and not _LIBRARY.search(source))


def _data_files(tree: Node) -> Iterator[str]:
    """Data files that a page's scripts name, or that it loads as scripts."""
    yield from _DATA.findall(tree.scripts)
    sources = (script.attribute("src") for script in tree.all("script[src]"))
    yield from (source for source in sources if _DATA_FILE.search(source))


def _at(written: Iterable[str], url: str) -> Iterator[Onward]:
    for each in written:
        target = issues.elsewhere(each, url)
        if target and issues.same_site(target, url) and not _HANDHELD.search(target):
            yield Onward(target, day_of(target))


def newer(tree: Node, url: str, shown: Onward, today: date) -> Onward | None:
    """A newer edition of the same newspaper that an edition links to, out already; None: it is the newest."""
    return issues.after(tree, url, shown, today)


def stale(tree: Node, url: str, today: date) -> str | None:
    """That a page shows an edition older than its address says; a date that a clock may have put there, or
    that stands beside the address's own, says nothing."""
    asked = day_of(url)
    shown = set(printed(tree.text[:20_000]))
    if asked is None or not shown or asked in shown or max(shown) >= min(asked, today):
        return None
    return f"its address is of {asked}, and it shows the edition of {max(shown)}"


def printed(text: str) -> Iterator[date]:
    """The days that a page prints as its edition's, today's clock left out."""
    for match in _DATED.finditer(text):
        if not _TODAY.search(text[: match.start()]) and (day := dates.day(match["a"] or match["b"])):
            yield day
