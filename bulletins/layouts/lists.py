"""What a family calls its lists and addresses -> the parts that read lists of pages and of articles.

A skin is not told by one list of classes: an entry counts for its box, for the shape of its address and for
what it says, and any two of them will do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bulletins import folios, identity
from bulletins.layouts.parts import Articles, Link, Pages, Part
from bulletins.markup import Node
from bulletins.survey import FOLIO, Survey, Way, day_of, is_whole, survey, told

_PDF = re.compile(r"\.pdf(?:$|[?#])", re.I)
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|zip|docx?|mp[34])(?:$|[?#.])", re.I)
# Links beside the lists: steps from page to page, and the site's own furniture.
_STEP = re.compile(
    r"[<>《》«»\[\]\s]*(?:上|下|前|后|首|末|尾|返回|回到|第一|最后)[一]?(?:期|版|页|篇|张)?[<>《》«»\[\]\s]*|(?:上|下)一?个?(?:版面?|期|篇)"
    r"|返回.{0,6}|(?:往期|数字报|版面|标题|本期|全部)?(?:首页|主页|导航|目录|概览|回顾|检索|搜索)|PDF.{0,6}|.{0,4}下载.{0,6}|.{0,4}登录|注册"
    r"|关于我们|联系我们|.{0,4}版权.{0,6}|日历"
)
_DATE_SHOWN = re.compile(
    r"(?:(?:出版|发行|刊发)?日期[:：]?\s*)?(?:19|20)\d\d\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[-/.]\d{1,2}[-/.]\d{1,2})"
    r"(?:\s*(?:星期|周)\s*[一二三四五六日天])?"
)
_NUMBERS = re.compile(r"\d+")
_FIRST = re.compile(
    r"[A-Z]{0,3}0*1|[A-Z]"
)  # how the first page of a newspaper, or of a part of it, is numbered
_IN_A_ROW = 4  # links in one row: to the page, its picture and its file
_ROW = 2  # levels of boxes around an entry that are a row of its list
_ACTIVE = {"active", "current", "on", "cur", "selected", "hover"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a family prints a list: ids and classes of the boxes that hold its entries, in small letters, and
    the shape of their addresses."""

    boxes: frozenset[str]
    address: re.Pattern[str]
    usual: re.Pattern[str]  # tells the family from others whose addresses have the same shape
    plain: bool  # any site may have such addresses: they tell nothing but beside the family's list of pages

    @staticmethod
    def of(boxes: str, address: str, usual: str = "", *, plain: bool = False) -> Shape:
        names = frozenset(boxes.lower().split())
        return Shape(names, re.compile(address, re.I), re.compile(usual, re.I), plain)


def pages(shape: Shape) -> Part[Pages]:
    """The list of pages: entries of the family's boxes, else those with its addresses."""

    def score(tree: Node) -> float:
        return _sure(tree, shape, _page_entries(tree, shape), _names_page) if _may_be(tree, shape) else 0.0

    return Part(score, _page_reader(shape))


def articles(shape: Shape, of_pages: Shape) -> Part[Articles]:
    """The list of articles, in which no link to a page counts."""

    def read(tree: Node, url: str) -> Articles:
        entries = _article_entries(tree, shape, of_pages)
        seen = survey(tree)
        links = _merged(entries, url, sheets(seen, entries))
        idle = [
            box for box in _boxes(seen, shape) for a in box.all("a") if not a.attribute("href").strip("#")
        ]
        titles = len({way.label for way in entries})
        return Articles(links, _printed(seen, url), 0 if links else len(idle), titles)

    def score(tree: Node) -> float:
        sure = _sure(tree, shape, _article_entries(tree, shape, of_pages), _says)
        if shape.plain and not _boxes(survey(tree), shape):
            beside = any(map(_names_page, _page_entries(tree, of_pages)))
            return sure if beside else 0.0
        return sure

    return Part(score, read)


def _may_be(tree: Node, shape: Shape) -> bool:
    """Whether anything on the page goes by a name of the family's boxes, or has its addresses."""
    names, written = told(tree)
    return not shape.boxes.isdisjoint(names) or any(map(shape.address.search, written))


def _sure(tree: Node, shape: Shape, entries: list[Way], says: Callable[[Way], bool]) -> float:
    """1 for entries in the family's boxes that have its addresses; less for either alone, or empty boxes."""
    boxes = _boxes(survey(tree), shape)
    shaped = [way for way in entries if shape.address.search(way.written)]
    usual = 0.0 if any(shape.usual.search(way.written) for way in shaped) else 0.05
    if boxes and shaped:
        return 1.0 - usual
    if shaped and any(map(says, shaped)):
        return (0.9 if len(shaped) > 1 else 0.7) - usual
    if boxes:
        return 0.8 if entries and any(map(says, entries)) else 0.5
    return 0.0


def _boxes(seen: Survey, shape: Shape) -> list[Node]:
    return [node for name in shape.boxes for node in seen.named.get(name, ()) if node in seen.places]


def _names_page(way: Way) -> bool:
    return FOLIO.match(way.label) is not None


def _says(way: Way) -> bool:
    return len(way.label) > 1


def _page_entries(tree: Node, shape: Shape) -> list[Way]:
    seen = survey(tree)
    boxed = [way for way in seen.within(_boxes(seen, shape)) if not _FILE.search(way.written)]
    shaped = [way for way in seen.ways if shape.address.search(way.written)]
    if not boxed and not shaped:
        return []
    linked = frozenset(way.label for way in seen.ways if _names_page(way))
    boxed = [_in_its_row(way, seen, linked) for way in boxed]
    shaped = [_in_its_row(way, seen, linked) for way in shaped]
    told = [way for way in boxed if _names_page(way) or shape.address.search(way.written)]
    return told or _with_neighbours(_alike(_without_steps(shaped)), seen) or boxed


def _with_neighbours(ways: list[Way], seen: Survey) -> list[Way]:
    """The entries of a list with those beside them that name pages too, whatever their address: that of the
    page shown may be a bare `#` or `01`."""
    around = {node for way in ways if _names_page(way) for node in _rows(way)}
    known = {way.at: way for way in ways}
    return [
        known.get(way.at, way)
        for way in seen.ways
        if way.at in known
        or (_names_page(way) and not around.isdisjoint(_rows(way)) and not _FILE.search(way.written))
    ]


def _rows(way: Way) -> list[Node]:
    """The boxes around an entry that are its row or the list of rows."""
    found: list[Node] = []
    box = way.node.parent
    while box is not None and len(found) <= _ROW:
        found.append(box)
        box = box.parent
    return found


def _without_steps(ways: list[Way]) -> list[Way]:
    """The ways without 下一版 and 第一版, unless the latter is all that leads to its page."""
    entries = [way for way in ways if not _STEP.fullmatch(way.label)]
    known = {way.written for way in entries}
    return [way for way in ways if way in entries or (_names_page(way) and way.written not in known)]


def _alike(ways: list[Way]) -> list[Way]:
    """Where some name their pages, those and what has their kind of address among them: a sister paper's has
    another, and articles stand apart."""
    named = [way for way in ways if _names_page(way)]
    kinds = {_NUMBERS.sub("0", way.written) for way in named}
    first, last = (named[0].at, named[-1].at) if len(named) > 1 else (0, ways[-1].at if ways else 0)
    return [
        way
        for way in ways
        if not kinds or (_NUMBERS.sub("0", way.written) in kinds and first <= way.at <= last)
    ]


def _in_its_row(way: Way, seen: Survey, linked: frozenset[str]) -> Way:
    """An entry that does not name its page, with the name that stands beside it and is no link of its own."""
    row = way.node.parent
    for _ in range(_ROW):
        if row is None or _names_page(way) or _STEP.fullmatch(way.label):
            break
        named = seen.sheets.get(row, frozenset())
        if len(named) == 1 and named.isdisjoint(linked) and len(row.all("a[href], [onclick]")) <= _IN_A_ROW:
            return replace(way, said=next(iter(named)))
        row = row.parent
    return way


def _article_entries(tree: Node, shape: Shape, of_pages: Shape) -> list[Way]:
    """Those in the family's boxes and image maps; where it has no box here, all with its addresses."""
    seen = survey(tree)
    paged = {way.written for way in _page_entries(tree, of_pages)}
    listed = [
        way
        for way in seen.ways
        if not _FILE.search(way.written)
        and way.written not in paged
        and (shape.address.search(way.written) or not of_pages.address.search(way.written))
        and (shape.address.search(way.written) or not _names_page(way))
        and not _STEP.fullmatch(way.label)
    ]
    boxed = {way.at for way in seen.within(_boxes(seen, shape))}
    within = [way for way in listed if way.at in boxed]
    shaped = [way for way in listed if shape.address.search(way.written)]
    if any(way.at in boxed for way in shaped):
        return [way for way in shaped if way.at in boxed or way.node.tag == "area"]
    return shaped or within


def _page_reader(shape: Shape) -> Callable[[Node, str], Pages]:
    def read(tree: Node, url: str) -> Pages:
        seen = survey(tree)
        entries = _page_entries(tree, shape)
        links = _merged(entries, url, {})
        beside = _pdfs_beside(seen, entries, url)
        links = tuple(Link(link.href, link.text, pdf=beside.get(link.href)) for link in links)
        shown = [day.isoformat()] if (day := day_of(url)) else []
        text = tree.text
        shown += [match[0] for match in _DATE_SHOWN.finditer(text[:20_000])]
        titles = len({way.label for way in entries})
        return Pages(links, text[:2_000], tuple(shown), _current(entries, links, url, seen), titles=titles)

    return read


def _merged(entries: Iterable[Way], url: str, under: dict[int, str]) -> tuple[Link, ...]:
    """One link for each address, in the order of the page, with the first label that says something; none
    to the page itself, or to another day's edition."""
    day = day_of(url)
    found: dict[str, Link] = {}
    for way in entries:
        href = way.address(url)
        if href is None or (day and (other := day_of(href)) and other != day):
            continue
        link = Link(href.partition("#")[0], way.label, under.get(way.at, ""))
        name = identity.link(href)
        known = found.setdefault(name, link)
        if not is_whole(known.text) and is_whole(link.text):
            found[name] = Link(known.href, link.text, known.page or link.page)
    return tuple(found.values())


def sheets(seen: Survey, entries: list[Way]) -> dict[int, str]:
    """For each entry the page (版) under whose heading it stands, where a list has the articles of several;
    nothing where it has those of one."""
    last: dict[Node, list[tuple[int, str]]] = {}
    for at, node, text in seen.folios:
        child, above = node, node.parent
        while above is not None and len(seen.sheets.get(child, ())) == 1:
            last.setdefault(above, []).append((at, text))
            child, above = above, above.parent
    found = {way.at: sheet for way in entries if (sheet := _sheet(way, seen, last))}
    return found if len(set(found.values())) > 1 else {}


def _sheet(way: Way, seen: Survey, last: dict[Node, list[tuple[int, str]]]) -> str:
    """The only heading of the nearest box that has any, else the last before the entry in that box."""
    box: Node | None = way.node.parent
    while box is not None and box not in seen.sheets:
        box = box.parent
    if box is None:
        return ""
    if len(seen.sheets[box]) == 1:
        return next(iter(seen.sheets[box]))
    before = [text for at, text in last.get(box, ()) if at < way.at]
    return before[-1] if before else ""


def _printed(seen: Survey, url: str) -> str | None:
    """The page as printed, where the page has one file of it."""
    found = {way.address(url) for way in seen.ways if _PDF.search(way.written)} - {None}
    return found.pop() if len(found) == 1 else None


def _pdfs_beside(seen: Survey, entries: list[Way], url: str) -> dict[str, str]:
    """For each entry of the list of pages the file that follows it before the next entry; a single file on
    the page is that of the page shown."""
    if _printed(seen, url):
        return {}
    at = {way.at for way in entries}
    found: dict[str, str] = {}
    entry: str | None = None
    for way in seen.ways:
        if way.at in at:
            entry = way.address(url)
        elif entry and _PDF.search(way.written) and (file := way.address(url)):
            found.setdefault(entry, file)
            entry = None
    return found


def _current(entries: list[Way], links: tuple[Link, ...], url: str, seen: Survey) -> str:
    """What the list calls the page that is being shown; else what the page is called where it is no link."""
    here = url.partition("#")[0]
    if own := next((link.text for link in links if link.href == here), ""):
        return own
    marked = (way for way in entries if way.node.parent is not None)
    if active := next((way.label for way in marked if _ACTIVE & _classes(way)), ""):
        return active
    listed = {way.label for way in entries}
    others = {text for _, _, text in seen.folios if text not in listed}
    if len(others) == 1:
        return others.pop()
    first = links[0].text if links else ""
    number = folios.page(first)
    return first if number is None or number.number is None or _FIRST.fullmatch(number.number) else ""


def _classes(way: Way) -> set[str]:
    holder = way.node.parent
    return set((way.node.attribute("class") + " " + (holder.attribute("class") if holder else "")).split())
