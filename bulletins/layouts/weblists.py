"""A web site's list of notices or news -> its entries with their days, its column, and where it goes on.

A row of such a list is a link that reads like a headline, with a day beside it: in the same cell or the next,
in two nodes (21 above 2024-02), without its year, or as 昨天. The list of a page is the cluster of links with
most such rows; that is what tells it from menus, and from lists of newspapers, which date no row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bulletins.facts import facts
from bulletins.layouts.clusters import PAGE, around
from bulletins.layouts.parts import Articles, Link, Part, Trust
from bulletins.markup import Node, parse, web_address
from bulletins.survey import FOLIO, is_address, is_whole, survey

FEWEST = 3  # rows with a day that make a list
_MOST = 2_000  # links that are looked at
_AROUND = 12  # elements around a row among which its list is
_SHORTEST = 5  # characters of an entry
_USUAL = re.compile(
    r"(?:.{0,6}更多.{0,4}|.{0,4}首页|.{0,8}登录|查看.{0,4}|详[细情].{0,4}|阅读全文|.{0,6}网站地图|.{0,6}无障碍.{0,6})"
)
_ROW = 300  # characters of a row, summary and all
_LEVELS = 6  # of elements around a link that may be its row
# A day as rows print it. The year may be missing, or stand in a node of its own.
_DAY = re.compile(
    r"(?:(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?(?:[\sT]*\d{1,2}:\d\d)?"
    r"|(?<!\d)\d{1,2}\s+(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*月?|(?<![\d.-])\d{1,2}[-./月]\d{1,2}日?\s+(?:19|20)\d\d(?!\d)"
    r"|(?<![\d./年-])(?:0?[1-9]|1[0-2])(?:-|月)(?:0?[1-9]|[12]\d|3[01])日?(?![\d-])|[昨今前]天|\d{1,2}\s*(?:小时|分钟|天)前|刚刚)"
)
_GLUED = re.compile(r"^\D{0,4}(\d{1,2})\s*((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})(?!\s*[-./月]\s*\d)")
_MONTH_DAY = re.compile(r"(\d{1,2})[-./月](\d{1,2})日?\s*((?:19|20)\d\d)")
_NEXT = re.compile(
    r"[<>\[\]【】\s]*(?:下一?页|后一?页|下页|next(?:\s*page)?|›|»|>{1,2})[<>\[\]【】\s›»]*", re.I
)
_CREATE = re.compile(
    r"createPageHTML\(\s*(?:['\"][^'\"]*['\"]\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['\"](\w+)['\"]\s*,\s*['\"](\w+)['\"]"
)
_COUNT = re.compile(r"\b(?:var\s+)?countPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\b(?:var\s+)?currentPage\s*=\s*(\d+)")
_CDATA = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.S)
_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href=[\"']([^\"']+)[\"'].*?\]\]>\s*</nextgroup>", re.S)
_CRUMBS = re.compile(r"(?:当前|您的?|现在|所在)(?:的|所在的?)?位置(?:是)?\s*[:：]?\s*(.{2,120})")
_CRUMB = re.compile(r"\s*(?:>+|»|›|→|/|＞|(?<!\d)-{1,2}(?!\d)|·)\s*")  # 2026-01-12 is a day's row, no crumb
_LONGEST_CRUMBS = 160  # characters of a line of crumbs
_CRUMB_LINES, _CRUMB_BOXES = 3, 3  # such lines, and boxes around their first words, that are looked at
_LONGEST_NAME = 12  # characters of a column's name
_NO_NAME = re.compile(r"首\s*页|正文|列表|网站|主页|更多")


def part(told: Callable[[Node], bool]) -> Part[Articles]:
    """The list of a family of site systems, told by what only its pages have."""

    def score(tree: Node) -> float:
        return 0.9 if told(tree) and rows(tree, "http://localhost/") else 0.0

    return Part(score, read)


def read(tree: Node, url: str) -> Articles:
    """The list of a page, in its order; its column, where the page names it; where it goes on."""
    found = rows(tree, url)
    dated = sum(1 for link in found if link.date)
    evidence = (f"{len(found)} links read like headlines", f"{dated} of them have a day in their row")
    weight = min(1.0, 0.5 + 0.05 * min(dated, 8) + 0.1 * (dated == len(found)))
    trust = Trust(round(weight, 2), evidence) if dated >= FEWEST else Trust(0.0)
    return Articles(found, next=following(tree, url), column=column(tree), trust=trust)


@lru_cache(maxsize=2)  # the systems ask one after the other, of one page at a time
def rows(tree: Node, url: str) -> tuple[Link, ...]:
    """The entries of the page's list, each with its day as printed; none where no list has any."""
    records = _CDATA.findall(_scripts(tree))
    links = _anchors(tree)
    if records:
        links = parse("".join(f"<div>{record}</div>" for record in records)).all("a[href]")
    found = [(a, href) for a in links[:_MOST] if (href := a.link(url)) and _says(a)]
    days = _days(found)
    below: Counter[Node] = Counter()
    for a in (a for a, _ in found if days[a]):
        below.update(around(a)[1:_AROUND])
    fewest = min(FEWEST, sum(1 for day in days.values() if day))
    groups: list[list[Link]] = []
    holders: dict[tuple[Node | None, str, str], list[Node]] = {}
    for a in (a for a, _ in found if days[a]):
        holder = next((node for node in around(a)[1:_AROUND] if below[node] >= fewest), None)
        if holder is not None:  # of boxes side by side, of one make, all are one list: five rows in each
            name = (holder.parent, holder.tag, holder.attribute("class"))
            held = holders.setdefault(name, [])
            held += [] if holder in held else [holder]
    for boxes in holders.values():
        inside = {a for a, _ in found if not set(boxes).isdisjoint(around(a)[:_AROUND])}
        groups += [[Link(href, _titled(a), date=days[a]) for a, href in found if a in inside]]
    if records and not groups:
        groups = [[Link(href, _titled(a), date=days[a]) for a, href in found]]
    best = max(groups, key=lambda links: sum(len(link.text) for link in links if link.date), default=[])
    return tuple({link.href: link for link in reversed(best)}.values())[::-1]


def _anchors(tree: Node) -> list[Node]:
    """The links of a page in its order; a selector would take minutes where they nest by the thousand."""
    return [way.node for way in survey(tree).ways if way.node.tag == "a"]


def _scripts(tree: Node) -> str:
    """The scripts of a page; of a document that is kept as one, as it was."""
    return tree.scripts.replace("<\\/", "</")


def _says(a: Node) -> bool:
    """Whether a link may be an entry: it says more than a button does, and names no page (版) or issue."""
    text = a.text or a.attribute("title")
    return (
        len(text) >= _SHORTEST
        and not FOLIO.match(text)
        and not _USUAL.fullmatch(text)
        and not PAGE.search(text)
    )


def _titled(a: Node) -> str:
    """A link's headline, without the day that stands in the link too; its title where it is cut short."""
    title = a.attribute("title")
    inner = next(
        (one.text for one in a.all("h1, h2, h3, h4, h5, strong, .title, .tit") if len(one.text) > 3), ""
    )
    text = inner or a.text or title
    if title and not is_whole(text) and not is_address(title):
        text = title
    return (
        _DAY.sub("", text).strip(" []()（）【】·•>") or text
        if _DAY.search(text) and not inner
        else text.strip("·•> ")
    )


def _days(found: Sequence[tuple[Node, str]]) -> dict[Node, str]:
    """The day in the row of each link, as printed: in the smallest element around it that has one and no
    other entry of the list; "" without one."""
    below: defaultdict[Node, set[str]] = defaultdict(set)
    for link, href in found:
        for node in around(link)[: _LEVELS + 1]:
            below[node].add(href)
    return {link: _day_beside(link, below) for link, _ in found}


def _day_beside(link: Node, below: Mapping[Node, Collection[str]]) -> str:
    for node in around(link)[: _LEVELS + 1]:
        text = _row(node) if len(below[node]) == 1 else None
        if text is None:
            return ""
        if node != link:
            text = text.replace(_row(link) or " ", " ", 1)
        if found := day_in(text):
            return found
    return ""


def _row(node: Node) -> str | None:
    """The pieces of text below, with blanks between (21 and 2024-02 in two nodes are no number of five
    digits); None where they are more than a row has."""
    found, length = [], 0
    for event, _, piece in node.walk():
        if event == "text" and piece.strip():
            found.append(piece.strip())
            length += len(piece)
        if length > _ROW:
            return None
    return " ".join(found)


def day_in(text: str) -> str:
    """The first day in a text as rows print it; "" without one."""
    if glued := _GLUED.match(text.strip()):
        return f"{glued[2]}-{glued[3]}-{glued[1]}"
    found = _DAY.search(text)
    if found is None:
        return ""
    if split := _MONTH_DAY.fullmatch(found[0].strip()):
        return f"{split[3]}-{split[1]}-{split[2]}"
    return " ".join(found[0].split())


def following(tree: Node, url: str) -> str | None:
    """Where a list goes on: its own link, the numbers that its script is given (none is run), or the next
    group of records; None on its last page."""
    scripts = _scripts(tree)
    if group := _NEXT_GROUP.search(scripts):
        return web_address(group[1].replace("&amp;", "&"), url)
    for a in _anchors(tree):
        label = a.text or a.attribute("title")
        if (
            _NEXT.fullmatch(label)
            and (href := a.link(url))
            and href.partition("#")[0] != url.partition("#")[0]
        ):
            return href
    if made := _CREATE.search(scripts):
        onward = int(made[2]) + 1
        return urljoin(url, f"{made[3]}_{onward}.{made[4]}") if onward < int(made[1]) else None
    count, current = _COUNT.search(scripts), _CURRENT.search(scripts)
    if count and int(count[1]) > 1:
        here = int(current[1]) if current else 0
        name = re.search(r"([\w-]+?)(?:_\d+)?\.(s?html?)$", urlsplit(url).path)
        stem, extension = (name[1], name[2]) if name else ("index", "html")
        return urljoin(url, f"{stem}_{here + 1}.{extension}") if here + 1 < int(count[1]) else None
    return _numbered(tree, url)


def _numbered(tree: Node, url: str) -> str | None:
    """The link of the number after this page's, where they differ by it alone: ?page=2, /list/42_2.html."""
    shown = dict(parse_qsl(urlsplit(url).query))
    here = next(
        (int(value) for name, value in shown.items() if _IS_PAGE.fullmatch(name) and value.isdigit()), 1
    )
    for a in _anchors(tree):
        if a.text == str(here + 1) and (href := a.link(url)) and _stem(href) == _stem(url):
            return href
    return None


_IS_PAGE = re.compile(r"p|page|pn|pageno|pagenum|pageindex|currentpage|curpage", re.I)


def _stem(url: str) -> str:
    """An address without its page's number."""
    parts = urlsplit(url)
    path = re.sub(r"[_/-]?\d*(\.\w+)?$", "", parts.path)
    path = re.sub(r"/index$", "", path)
    query = urlencode(
        [(name, value) for name, value in parse_qsl(parts.query) if not _IS_PAGE.fullmatch(name)]
    )
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def column(tree: Node) -> str:
    """What a page calls its column: in its head, else last among its crumbs (当前位置：首页 > 通知公告)."""
    stated = facts(tree).column
    if stated and len(stated) <= _LONGEST_NAME:
        return stated
    beside = (node for event, node, piece in tree.walk() if event == "text" and "位置" in piece)
    for node in islice(beside, _CRUMB_LINES):
        for box in around(node)[:_CRUMB_BOXES]:
            match = _CRUMBS.search(box.text[:_LONGEST_CRUMBS])
            names = [name.strip() for name in _CRUMB.split(match[1]) if name.strip()] if match else []
            if len(names) > 1 and len(names[-1]) <= _LONGEST_NAME and not _NO_NAME.search(names[-1]):
                return names[-1]
    return ""
