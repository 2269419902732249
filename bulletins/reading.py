"""Pages of a source -> what they say: where they lead, which items they hold, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bulletins import charset, dates, editions, folios, layouts, refusals, sections
from bulletins.errors import UndecodablePage
from bulletins.markup import Node, data, parse
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
from bulletins.survey import is_whole

# Of what is read from the same bytes: raise it where that changes. Items carry it in their provenance.
VERSION = 2
_LISTS = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST)
_DATA = re.compile(
    r"\s*(?:[\[{]|(?:var|let|const)\s|[\w.$]+\s*=\s*[\[{])"
)  # what JSON or a script begins with
_ONE = 3  # titles of a list that all lead to one address


@dataclass(frozen=True, slots=True)
class Opened:
    """One page, read: of which kind it is, where it leads, the items on it as spelt, or what is wrong."""

    kind: PageKind
    layout: str = ""
    encoding: str = ""
    follow: tuple[Follow, ...] = ()
    raws: tuple[RawItem, ...] = ()
    problem: Problem | None = None

    @property
    def leads_on(self) -> bool:
        """Whether it is no edition but on the way to one."""
        return self.kind == PageKind.EDITION and [one.kind for one in self.follow] == [PageKind.EDITION]


@dataclass(frozen=True, slots=True)
class _Lists:
    """What a page lists."""

    pages: layouts.Pages | None
    articles: layouts.Articles | None

    @staticmethod
    def of(tree: Node, layout: layouts.Layout, base: str) -> _Lists:
        return _Lists(
            layout.pages.read(tree, base) if layout.pages else None,
            layout.articles.read(tree, base) if layout.articles else None,
        )

    @property
    def whole(self) -> bool:
        """Whether the articles of a whole edition are listed, or stand, on this page."""
        listed = self.articles
        return listed is not None and (bool(listed.texts) or any(link.page for link in listed.links))


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
    tree = (data if _DATA.match(decoded.text) else parse)(decoded.text)
    base = tree.base(page.url)
    layout = layouts.detect(tree, context.source.layout, lists=kind != PageKind.ARTICLE)
    seems = kind or _kind(tree, layout, page.url)
    opened = Opened(seems, layout.name, decoded.encoding)
    if seems == PageKind.ARTICLE and layout.article:
        article = layout.article.read(tree, base)
        return replace(opened, raws=(_article(article, tree, layout, page, context),))
    lists = _Lists.of(tree, layout, base)
    entry = seems == PageKind.EDITION or (kind is None and not lists.pages and not lists.articles)
    if entry and (onward := _onward(tree, base, lists, context)):
        return _led_on(opened, onward, page, context.lead)
    if fault := _missing(lists, seems) or _dead(lists, seems):
        status, reason = _judged(tree, fault)
        return replace(opened, problem=Problem(status, reason, page.asked or page.url))
    if old := editions.stale(tree, page.url, _today(context)):
        return replace(opened, problem=Problem(PollStatus.QUARANTINED, old, page.asked or page.url))
    lead = _lead(lists, context.lead)
    return replace(opened, follow=tuple(_follow(lists, seems, lead)), raws=tuple(_texts(lists, page, lead)))


def read(pages: Iterable[tuple[Page, Context, PageKind | None]]) -> Reading:
    """What these pages say together. Every article ends as items or as rejections; an article met twice
    counts once, where it stood first."""
    reading = Reading()
    items: dict[str, Item] = {}
    ways: list[tuple[str, str]] = []
    arrived = False
    for page, context, kind in pages:
        opened = open_page(page, context, kind)
        arrived = arrived or (opened.kind == PageKind.EDITION and not opened.leads_on)
        if opened.leads_on:
            ways.append((page.asked or page.url, opened.follow[0].url))
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
    problems = reading.problems + (_lost(ways) if ways and not arrived else ())
    return replace(reading, items=tuple(items.values()), problems=problems)


def _lost(ways: list[tuple[str, str]]) -> tuple[Problem, ...]:
    """Pages that lead on, and to no edition."""
    (first, _), (_, last) = ways[0], ways[-1]
    round_again = any(last == asked for asked, _ in ways)
    reason = f"it leads on to {last}, {'which leads back' if round_again else 'and to no edition'}"
    return (Problem(PollStatus.LAYOUT_CHANGED, reason, first),)


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


def _missing(lists: _Lists, kind: PageKind) -> str | None:
    if kind == PageKind.ARTICLE:
        return "no known layout has the article's text here"
    if kind == PageKind.EDITION:
        return None if lists.pages or lists.whole else "no known layout has the list of pages here"
    return None if lists.articles else "no known layout has the list of articles here"


def _judged(tree: Node, fault: str) -> tuple[PollStatus, str]:
    """Of a page on which something is missing: whether something stands in its place, or a new design."""
    if refused := refusals.refusal(tree):
        return PollStatus.BLOCKED, f"{refused} in place of the page"
    if empty := refusals.nothing(tree):
        return PollStatus.BLOCKED, empty
    if hollow := refusals.hollow(tree):
        return PollStatus.LAYOUT_CHANGED, f"{fault}: {hollow}"
    return PollStatus.LAYOUT_CHANGED, fault


def _dead(lists: _Lists, kind: PageKind) -> str | None:
    """A list of entries of which none leads anywhere, or all to one page, is no quiet day."""
    found: layouts.Pages | layouts.Articles | None = None
    if kind == PageKind.EDITION and lists.pages:
        found = lists.pages
    elif kind != PageKind.ARTICLE and lists.articles and not lists.articles.texts:
        found = lists.articles
    if found is None:
        return None
    if found.dead and not found.links:
        return f"the list has {found.dead} entries and none of them an address"
    titles = found.titles or len({link.text for link in found.links})
    if titles >= _ONE and len({link.href for link in found.links}) == 1:
        return f"all {titles} entries of the list lead to one page, {found.links[0].href}"
    return None


def _today(context: Context) -> date:
    return context.now.astimezone(dates.SHANGHAI).date()


def _onward(tree: Node, base: str, lists: _Lists, context: Context) -> editions.Onward | None:
    """The page to read in place of this one: it is on the way to the newest edition, or not the newest."""
    today = _today(context)
    if not lists.pages and not lists.whole:
        return editions.onward(tree, base, today)
    shown = _edition(lists.pages, context.lead.edition) if lists.pages else context.lead.edition
    return editions.newer(tree, base, shown.date if shown else None, today)


def _led_on(opened: Opened, onward: editions.Onward, page: Page, lead: Lead) -> Opened:
    if lead.hops >= editions.MOST_HOPS:
        reason = f"{lead.hops} pages lead on from the source's address, and this one to {onward.address}"
        problem = Problem(PollStatus.LAYOUT_CHANGED, reason, page.asked or page.url)
        return replace(opened, kind=PageKind.EDITION, problem=problem)
    edition = Edition(date=onward.day) if onward.day else None
    there = Follow(onward.address, PageKind.EDITION, Lead(edition, hops=lead.hops + 1))
    return replace(opened, kind=PageKind.EDITION, follow=(there,))


def _lead(lists: _Lists, lead: Lead) -> Lead:
    """What is known of everything on this page: its edition, page number and printed form."""
    pages, articles = lists.pages, lists.articles
    return replace(
        lead,
        edition=_edition(pages, lead.edition) if pages else lead.edition,
        page=lead.page or (_folio(pages.current) if pages else None),
        pdf=lead.pdf or (articles.pdf if articles else None),
    )


def _follow(lists: _Lists, kind: PageKind, lead: Lead) -> Iterator[Follow]:
    """The pages of an edition, then the articles of this page."""
    if lists.pages and kind == PageKind.EDITION:
        for link in lists.pages.links:
            yield Follow(link.href, PageKind.PAGE, Lead(lead.edition, _folio(link.text), pdf=link.pdf))
    for position, link in enumerate(lists.articles.links if lists.articles else ()):
        page = _folio(link.page) or lead.page
        found = Lead(lead.edition, page, lead.column, link.text or None, position, lead.pdf)
        yield Follow(link.href, PageKind.ARTICLE, found)


def _texts(lists: _Lists, page: Page, lead: Lead) -> Iterator[RawItem]:
    """The articles that stand whole on a page of lists."""
    for position, article in enumerate(lists.articles.texts if lists.articles else ()):
        yield RawItem(
            title=article.title,
            href=article.href or page.asked or page.url,
            blocks=article.blocks,
            column=lead.column,
            edition=lead.edition,
            page=_folio(article.head) or lead.page,
            position=position,
            pdf=article.pdf or lead.pdf,
            name="" if article.href else article.name,
        )


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
    title = _title(article, tree, lead.title or "")
    blocks = article.blocks
    return RawItem(
        title=title,
        href=page.asked or page.url,
        blocks=blocks[1:] if blocks and blocks[0].text == title else blocks,
        column=lead.column,
        edition=edition,
        page=_page(lead.page, article.head),
        position=lead.position,
        pdf=lead.pdf,
    )


def _title(article: layouts.Article, tree: Node, listed: str) -> str:
    """The headline: as the article surely says, else as the list says, unless the list cuts it short."""
    if article.title or (listed and is_whole(listed)):
        return article.title or listed
    stem = listed.rstrip("….． ")
    named = tree.first("title")
    whole = (heading for heading in article.headings if heading.startswith(stem))
    return next(whole, "") or listed or (named.text if named else "")


def _numbered(edition: Edition | None, head: str) -> Edition | None:
    number = folios.issue(head)
    return Edition(number, edition.date if edition else None) if number is not None else edition


def _page(known: PageNo | None, head: str) -> PageNo | None:
    """The page's number and name, from the list and, where that is silent, from the article's head line."""
    said = folios.page(head)
    if known is None or said is None:
        return known or said
    return PageNo(known.number or said.number, known.name or said.name)
