"""Pages of a source -> what they say: where they lead, which items they hold, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bulletins import charset, dates, folios, layouts, refusals, sections
from bulletins.errors import UndecodablePage
from bulletins.markup import Node, parse
from bulletins.meaning import normalise
from bulletins.model import (
    Context,
    Edition,
    Follow,
    Item,
    Lead,
    Page,
    PageKind,
    PageNo,
    PollStatus,
    Problem,
    RawItem,
    Reading,
    Rejection,
)

# Of what is read from the same bytes: raise it where that changes. Items carry it in their provenance.
VERSION = 2
_LISTS = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST)


@dataclass(frozen=True, slots=True)
class Opened:
    """One page, read: of which kind it is, where it leads, the items on it as spelt, or what is wrong."""

    kind: PageKind
    layout: str = ""
    encoding: str = ""
    follow: tuple[Follow, ...] = ()
    raws: tuple[RawItem, ...] = ()
    problem: Problem | None = None


def open_page(page: Page, context: Context, kind: PageKind | None = None) -> Opened:
    """Decode a page, find its layout and read it as the kind that it should be, or as the kind it seems."""
    if file := refusals.no_page(page.body, page.content_type):
        problem = Problem(PollStatus.BLOCKED, file, page.asked or page.url)
        return Opened(kind or PageKind.ARTICLE, problem=problem)
    try:
        decoded = charset.decode(page.body, page.content_type)
    except UndecodablePage as error:
        problem = Problem(PollStatus.BLOCKED, error.what, page.asked or page.url)
        return Opened(kind or PageKind.ARTICLE, problem=problem)
    tree = parse(decoded.text)
    base = tree.base(page.url)
    layout = layouts.detect(tree, context.source.layout)
    seems = kind or _kind(tree, layout, page.url)
    opened = Opened(seems, layout.name, decoded.encoding)
    if fault := _missing(layout, seems) or _dead(layout, seems, tree, base):
        status, reason = _judged(tree, fault)
        return replace(opened, problem=Problem(status, reason, page.asked or page.url))
    if seems == PageKind.ARTICLE and layout.article:
        article = layout.article.read(tree, base)
        return replace(opened, raws=(_article(article, tree, layout, page, context),))
    return replace(opened, follow=tuple(_follow(tree, layout, seems, base, context.lead)))


def read(pages: Iterable[tuple[Page, Context, PageKind | None]]) -> Reading:
    """What these pages say together. Every article ends as items or as rejections; an article met twice
    counts once, where it stood first."""
    reading = Reading()
    items: dict[str, Item] = {}
    for page, context, kind in pages:
        opened = open_page(page, context, kind)
        found, rejected = _items(opened, page, context)
        for item in found:
            items.setdefault(item.id, item)
        reading = replace(
            reading,
            kind=reading.kind or opened.kind,
            layout=reading.layout or opened.layout,
            encoding=reading.encoding or opened.encoding,
            follow=reading.follow + opened.follow,
            rejections=reading.rejections + rejected,
            problems=reading.problems + ((opened.problem,) if opened.problem else ()),
            lists=reading.lists + (opened.kind in _LISTS and opened.problem is None),
        )
    return replace(reading, items=tuple(items.values()))


def _items(opened: Opened, page: Page, context: Context) -> tuple[list[Item], tuple[Rejection, ...]]:
    if opened.problem and opened.kind == PageKind.ARTICLE:
        title = context.lead.title or ""
        return [], (Rejection(opened.problem.reason, title, page.asked or page.url),)
    items: list[Item] = []
    rejections: list[Rejection] = []
    for raw in opened.raws:
        for part in sections.split(raw, context.source.region):
            meant = normalise(part, context)
            if isinstance(meant, Item):
                items.append(_apart(meant, items))
            else:
                rejections.append(meant)
    return items, tuple(rejections)


def _apart(item: Item, before: list[Item]) -> Item:
    """Two sections of one article under the same heading are told apart by their order."""
    same = sum(1 for other in before if other.id == item.id or other.id.startswith(f"{item.id}-"))
    return replace(item, id=f"{item.id}-{same + 1}") if same else item


def _kind(tree: Node, layout: layouts.Layout, url: str) -> PageKind:
    """The kind that a page seems to be, where nothing is known of it."""
    if layout.article:
        return PageKind.ARTICLE
    if layout.pages:
        own = any(link.href == url for link in layout.pages.read(tree, tree.base(url)).links)
        return PageKind.PAGE if own else PageKind.EDITION
    return PageKind.LIST


def _missing(layout: layouts.Layout, kind: PageKind) -> str | None:
    if kind == PageKind.ARTICLE:
        return None if layout.article else "no known layout has the article's text here"
    if kind == PageKind.EDITION:
        return None if layout.pages else "no known layout has the list of pages here"
    return None if layout.articles else "no known layout has the list of articles here"


def _judged(tree: Node, fault: str) -> tuple[PollStatus, str]:
    """Of a page on which something is missing: whether something stands in its place, or a new design."""
    if refused := refusals.refusal(tree):
        return PollStatus.BLOCKED, f"{refused} in place of the page"
    if empty := refusals.nothing(tree):
        return PollStatus.BLOCKED, empty
    return PollStatus.LAYOUT_CHANGED, fault


def _dead(layout: layouts.Layout, kind: PageKind, tree: Node, base: str) -> str | None:
    """A list of entries of which none leads anywhere is no quiet day."""
    found: layouts.Pages | layouts.Articles | None = None
    if kind == PageKind.EDITION and layout.pages:
        found = layout.pages.read(tree, base)
    elif kind != PageKind.ARTICLE and layout.articles:
        found = layout.articles.read(tree, base)
    if found is None or found.links or not found.dead:
        return None
    return f"the list has {found.dead} entries and none of them an address"


def _follow(tree: Node, layout: layouts.Layout, kind: PageKind, base: str, lead: Lead) -> Iterable[Follow]:
    """The pages of an edition, then the articles of this page."""
    edition, current = lead.edition, lead.page
    if layout.pages:
        pages = layout.pages.read(tree, base)
        edition = _edition(pages, lead.edition)
        current = lead.page or _folio(pages.current)
        if kind == PageKind.EDITION:
            for link in pages.links:
                yield Follow(link.href, PageKind.PAGE, Lead(edition, _folio(link.text)))
    if layout.articles:
        articles = layout.articles.read(tree, base)
        for position, link in enumerate(articles.links):
            found = Lead(edition, current, lead.column, link.text or None, position, articles.pdf)
            yield Follow(link.href, PageKind.ARTICLE, found)


def _folio(entry: str) -> PageNo | None:
    """An entry of the list of pages; without a number it is the page's name."""
    return folios.page(entry) or (PageNo(None, entry) if entry else None)


def _edition(pages: layouts.Pages, known: Edition | None) -> Edition | None:
    """The edition's number and date: as the list that led here says, else as this page says."""
    number = (known.number if known else None) or folios.issue(pages.issue)
    date = (known.date if known else None) or next(filter(None, map(dates.day, pages.dates)), None)
    return Edition(number, date) if number is not None or date is not None else None


def _article(
    article: layouts.Article, tree: Node, layout: layouts.Layout, page: Page, context: Context
) -> RawItem:
    lead = context.lead
    edition = _edition(layout.pages.read(tree, page.url), lead.edition) if layout.pages else lead.edition
    if edition is None or edition.number is None:
        edition = _numbered(edition, article.head)
    title = tree.first("title")
    return RawItem(
        title=article.title or lead.title or (title.text if title else ""),
        href=page.asked or page.url,
        blocks=article.blocks,
        column=lead.column,
        edition=edition,
        page=_page(lead.page, article.head),
        position=lead.position,
        pdf=lead.pdf,
    )


def _numbered(edition: Edition | None, head: str) -> Edition | None:
    number = folios.issue(head)
    return Edition(number, edition.date if edition else None) if number is not None else edition


def _page(known: PageNo | None, head: str) -> PageNo | None:
    """The page's number and name, from the list and, where that is silent, from the article's head line."""
    said = folios.page(head)
    if known is None or said is None:
        return known or said
    return PageNo(known.number or said.number, known.name or said.name)
