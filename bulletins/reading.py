"""Pages of a source -> what they say: where they lead, which items they hold, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bulletins import charset, dates, folios, identity, layouts, refusals, sections
from bulletins.errors import UndecodablePage
from bulletins.markup import Node, parse
from bulletins.meaning import normalise
from bulletins.model import (
    Context,
    Doubt,
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
from bulletins.said import BAR, Said, say

# Of what is read from the same bytes: raise it where that changes. Items carry it in their provenance.
VERSION = 2
_LISTS = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST)


@dataclass(frozen=True, slots=True)
class Opened:
    """One page, read: of which kind it is, where it leads, the items on it as spelt, or what is wrong; how
    sure that is, from 0 to 1, and by which evidence."""

    kind: PageKind
    layout: str = ""
    encoding: str = ""
    follow: tuple[Follow, ...] = ()
    raws: tuple[RawItem, ...] = ()
    problem: Problem | None = None
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()


def open_page(page: Page, context: Context, kind: PageKind | None = None) -> Opened:
    """Decode a page, find its layout and read it as the kind that it should be, or as the kind it seems."""
    asked = page.asked or page.url
    if file := refusals.no_page(page.body, page.content_type):
        return Opened(kind or PageKind.ARTICLE, problem=Problem(PollStatus.BLOCKED, file, asked))
    try:
        decoded = charset.decode(page.body, page.content_type)
    except UndecodablePage as error:
        return Opened(kind or PageKind.ARTICLE, problem=Problem(PollStatus.BLOCKED, error.what, asked))
    tree = parse(decoded.text)
    base = tree.base(page.url)
    said = say(tree, base, page.url, context, kind)
    opened = Opened(said.kind, said.layout, decoded.encoding)
    if fault := said.fault:
        status, reason = _judged(tree, fault)
        return replace(opened, problem=Problem(status, reason, asked))
    weakest = min(said.trusts, key=lambda trust: trust.confidence)
    opened = replace(opened, confidence=weakest.confidence, evidence=weakest.evidence)
    if said.article:
        return replace(opened, raws=(_article(said, said.article, tree, page, context),))
    return replace(opened, follow=tuple(_follow(said, context.lead)))


def read(pages: Iterable[tuple[Page, Context, PageKind | None]]) -> Reading:
    """What these pages say together. Every article ends as items or as rejections; an article met twice
    counts once, where it stood first."""
    reading = Reading()
    items: dict[str, Item] = {}
    articles = 0
    for page, context, kind in pages:
        opened = open_page(page, context, kind)
        found, rejected = _items(opened, page, context)
        for item in found:
            items.setdefault(item.id, item)
        articles += opened.kind == PageKind.ARTICLE
        reading = replace(
            reading,
            kind=reading.kind or opened.kind,
            layout=_joined(reading.layout, opened.layout),
            encoding=reading.encoding or opened.encoding,
            follow=reading.follow + opened.follow,
            rejections=reading.rejections + rejected,
            problems=reading.problems + ((opened.problem,) if opened.problem else ()),
            lists=reading.lists + (opened.kind in _LISTS and opened.problem is None),
            doubts=reading.doubts + _doubts(opened, page),
            confidence=min(reading.confidence, opened.confidence),
        )
    return _weighed(replace(reading, items=tuple(items.values())), articles)


def _joined(known: str, more: str) -> str:
    """Names of layouts, each once."""
    return "+".join(dict.fromkeys(filter(None, [*known.split("+"), *more.split("+")])))


def _doubts(opened: Opened, page: Page) -> tuple[Doubt, ...]:
    if opened.problem or opened.confidence >= BAR:
        return ()
    return (Doubt(page.asked or page.url, opened.kind, opened.confidence, opened.evidence),)


def _weighed(reading: Reading, articles: int) -> Reading:
    """A doubtful list, or most articles in doubt, make a doubtful reading. A few articles in doubt are left
    out of a sound one: they are told, and not published."""
    if len(reading.doubts) * 2 > articles or any(doubt.kind in _LISTS for doubt in reading.doubts):
        return reading
    unsure = {identity.link(doubt.url): doubt for doubt in reading.doubts}
    left = tuple(
        Rejection(f"read with confidence {unsure[item.link].confidence}", item.title, item.link)
        for item in reading.items
        if item.link in unsure
    )
    sure = tuple(item for item in reading.items if item.link not in unsure)
    return replace(reading, items=sure, rejections=reading.rejections + left, doubts=())


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


def _judged(tree: Node, fault: str) -> tuple[PollStatus, str]:
    """Of a page on which something is missing: whether something stands in its place, or a new design."""
    if refused := refusals.refusal(tree):
        return PollStatus.BLOCKED, f"{refused} in place of the page"
    if empty := refusals.nothing(tree):
        return PollStatus.BLOCKED, empty
    return PollStatus.LAYOUT_CHANGED, fault


def _follow(said: Said, lead: Lead) -> Iterable[Follow]:
    """The pages of an edition, then the articles of this page, then where its list goes on."""
    edition, current = lead.edition, lead.page
    if said.pages:
        edition = _edition(said.pages, lead.edition)
        current = lead.page or _folio(said.pages.current)
        if said.kind == PageKind.EDITION:
            for link in said.pages.links:
                yield Follow(link.href, PageKind.PAGE, Lead(edition, _folio(link.text)))
    if said.articles:
        for position, link in enumerate(said.articles.links):
            found = Lead(edition, current, lead.column, link.text or None, position, said.articles.pdf)
            yield Follow(link.href, PageKind.ARTICLE, found)
        if said.articles.next:
            yield Follow(said.articles.next, PageKind.LIST, replace(lead, edition=edition, page=current))


def _folio(entry: str) -> PageNo | None:
    """An entry of the list of pages; without a number it is the page's name."""
    return folios.page(entry) or (PageNo(None, entry) if entry else None)


def _edition(pages: layouts.Pages, known: Edition | None) -> Edition | None:
    """The edition's number and date: as the list that led here says, else as this page says."""
    number = (known.number if known else None) or folios.issue(pages.issue)
    date = (known.date if known else None) or next(filter(None, map(dates.day, pages.dates)), None)
    return Edition(number, date) if number is not None or date is not None else None


def _article(said: Said, article: layouts.Article, tree: Node, page: Page, context: Context) -> RawItem:
    lead = context.lead
    edition = _edition(said.pages, lead.edition) if said.pages else lead.edition
    if edition is None or edition.number is None:
        edition = _numbered(edition, article.head)
    own = "date" in context.source.selectors or edition is None or edition.date is None
    return RawItem(
        title=_title(article, lead.title or "", tree),
        href=page.asked or page.url,
        blocks=article.blocks,
        column=lead.column,
        date=article.date if own else None,
        byline=article.byline or None,
        edition=edition,
        page=_page(lead.page, article.head),
        position=lead.position,
        pdf=lead.pdf,
    )


def _title(article: layouts.Article, listed: str, tree: Node) -> str:
    """The title as the article's layout has it; where only its structure speaks for it, as the list has it,
    unless that is cut short."""
    stem = listed.rstrip(".…")
    if listed and article.trust.evidence and (stem == listed or not article.title.startswith(stem)):
        return listed
    title = tree.first("title")
    return article.title or listed or (title.text if title else "")


def _numbered(edition: Edition | None, head: str) -> Edition | None:
    number = folios.issue(head)
    return Edition(number, edition.date if edition else None) if number is not None else edition


def _page(known: PageNo | None, head: str) -> PageNo | None:
    """The page's number and name, from the list and, where that is silent, from the article's head line."""
    said = folios.page(head)
    if known is None or said is None:
        return known or said
    return PageNo(known.number or said.number, known.name or said.name)
