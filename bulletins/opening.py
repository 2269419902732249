"""One page of a source -> its kind, where it leads, the articles on it as spelt, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bulletins import charset, dates, editions, folios, layouts, refusals, sites, upstream
from bulletins.errors import UndecodablePage
from bulletins.markup import Node, data, parse
from bulletins.model import (
    Block,
    BlockKind,
    Context,
    Edition,
    Follow,
    Lead,
    Page,
    PageKind,
    PageNo,
    PollStatus,
    Problem,
    RawItem,
)
from bulletins.said import Said, say
from bulletins.survey import day_of, is_whole

_DATA = re.compile(
    r"\s*(?:[\[{]|(?:var|let|const)\s|[\w.$]+\s*=\s*[\[{])"
)  # what JSON or a script begins with
# What answers a list's script with records in CDATA, which a tree of HTML would take for comments.
_RECORDS = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:datastore|recordset|nextgroup)\b")
_LISTED = 0.2  # of confidence: as much as a title that the page agrees upon
_TOP = 3  # blocks among which the headline stands, of a text whose box has it


@dataclass(frozen=True, slots=True)
class Opened:
    """One page, read: of which kind it is, where it leads, the items on it as spelt, or what is wrong; how
    sure that is, from 0 to 1, and by which evidence. `picture`: it is one of an edition's pages, and has no
    articles but a picture of it, as a cover has."""

    kind: PageKind
    layout: str = ""
    encoding: str = ""
    follow: tuple[Follow, ...] = ()
    raws: tuple[RawItem, ...] = ()
    problem: Problem | None = None
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    picture: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether it is no edition but on the way to one."""
        return self.kind == PageKind.EDITION and [one.kind for one in self.follow] == [PageKind.EDITION]


def open_page(page: Page, context: Context, kind: PageKind | None = None) -> Opened:
    """Decode a page, find its layout and read it as the kind that it should be, or as the kind it seems."""
    if file := refusals.no_page(page.body, page.content_type):
        problem = Problem(PollStatus.BLOCKED, file, page.asked or page.url)
        return Opened(kind or PageKind.ARTICLE, problem=problem)
    if upstream.is_feed(page.body):
        return _fed(upstream.read(page.body, page.url, page.content_type), page, context)
    try:
        decoded = charset.decode(page.body, page.content_type)
    except UndecodablePage as error:
        problem = Problem(PollStatus.BLOCKED, error.what, page.asked or page.url)
        return Opened(kind or PageKind.ARTICLE, problem=problem)
    tree = (data if _DATA.match(decoded.text) or _RECORDS.match(decoded.text) else parse)(decoded.text)
    base = tree.base(page.url)
    if listed := sites.listing(tree, base, context, kind):
        trust = listed.articles.trust
        follow = tuple(sites.follow(listed.articles, context))
        whole = Said(PageKind.LIST, listed.layout, articles=listed.articles)
        raws = tuple(_texts(whole, page, context.lead))
        opened = Opened(PageKind.LIST, listed.layout, decoded.encoding, follow, raws)
        return replace(opened, confidence=trust.confidence, evidence=trust.evidence)
    alone = sites.alone(tree, base, context, kind)
    if alone and alone.article:
        raw = _article(alone, alone.article, tree, page, context)
        return Opened(PageKind.LIST, alone.layout, decoded.encoding, raws=(raw,))
    said = say(tree, base, page.url, context, kind)
    opened = Opened(said.kind, said.layout, decoded.encoding)
    if said.article:
        if said.fault:
            return replace(opened, problem=_problem(tree, said.fault, page))
        trust = _confirmed(said.article, tree, context.lead.title or "")
        opened = replace(opened, confidence=trust.confidence, evidence=trust.evidence)
        return replace(opened, raws=(_article(said, said.article, tree, page, context),))
    entry = (kind or said.kind) == PageKind.EDITION or (kind is None and not said.pages and not said.articles)
    if entry and (onward := _onward(tree, base, said, context)):
        return _led_on(opened, onward, page, context.lead)
    if fault := said.fault:
        picture = said.kind == PageKind.PAGE and bool(said.pages) and not said.articles
        picture = picture and not refusals.refusal(tree) and refusals.is_picture(tree)
        return replace(opened, problem=_problem(tree, fault, page), picture=picture)
    if old := editions.stale(tree, page.url, _today(context)):
        return replace(opened, problem=Problem(PollStatus.QUARANTINED, old, page.asked or page.url))
    weakest = min(said.trusts, key=lambda trust: trust.confidence)
    opened = replace(opened, confidence=weakest.confidence, evidence=weakest.evidence)
    lead = _lead(said, context.lead)
    return replace(opened, follow=tuple(_follow(said, lead)), raws=tuple(_texts(said, page, lead)))


def _fed(feed: upstream.Feed, page: Page, context: Context) -> Opened:
    """A feed: its entries, and the pages of those that it only sums up."""
    opened = Opened(PageKind.FEED, "feed", feed.encoding)
    if feed.fault:
        problem = Problem(PollStatus.LAYOUT_CHANGED, feed.fault, page.asked or page.url)
        return replace(opened, problem=problem)
    follow, raws = [], []
    for position, entry in enumerate(feed.entries):
        column = context.lead.column or entry.column or None
        href = entry.href or page.url
        if not entry.whole:
            lead = Lead(None, None, column, entry.title or None, position, date=entry.date, id=entry.id)
            follow.append(Follow(href, PageKind.ARTICLE, lead))
        if not entry.blocks and not entry.whole:
            continue  # its page says all that there is
        raws.append(
            RawItem(
                title=entry.title,
                href=href,
                blocks=_below(entry.title, entry.blocks),
                column=column,
                date=entry.date or None,
                byline=entry.author or None,
                position=position,
                id=entry.id,
            )
        )
    return replace(opened, follow=tuple(follow), raws=tuple(raws))


def _confirmed(article: layouts.Article, tree: Node, listed: str) -> layouts.Trust:
    """How sure an article read by structure is: its page may agree upon no title, and yet print the one by
    which its list led here, unlinked, as a list beside it would not."""
    trust = article.trust
    if not trust.evidence or article.title or not (listed and is_whole(listed)):
        return trust
    if listed not in tree.text or any(link.text == listed for link in tree.all("a")):
        return trust
    said = f"the list's title stands on the page (+{_LISTED:.2f})"
    return replace(trust, confidence=min(1.0, trust.confidence + _LISTED), evidence=(*trust.evidence, said))


def _problem(tree: Node, fault: str, page: Page) -> Problem:
    """Of a page on which something is missing: whether something stands in its place, or a new design."""
    status, reason = PollStatus.LAYOUT_CHANGED, fault
    if refused := refusals.refusal(tree):
        status, reason = PollStatus.BLOCKED, f"{refused} in place of the page"
    elif empty := refusals.nothing(tree):
        status, reason = PollStatus.BLOCKED, empty
    elif hollow := refusals.hollow(tree):
        reason = f"{fault}: {hollow}"
    return Problem(status, reason, page.asked or page.url)


def _today(context: Context) -> date:
    return context.now.astimezone(dates.SHANGHAI).date()


def _onward(tree: Node, base: str, said: Said, context: Context) -> editions.Onward | None:
    """The page to read in place of this one: it is on the way to the newest edition, or not the newest."""
    today = _today(context)
    if not said.pages and not said.whole:
        links = said.articles.links if said.articles else ()
        listed = {link.href for link in links if not editions.names_issue(link.text)}
        there = None if "articles" in context.source.selectors else editions.onward(tree, base, today)
        return None if there and there.address in listed else there  # one of a list's articles is no edition
    shown = _edition(said.pages, context.lead.edition) if said.pages else context.lead.edition
    return editions.newer(tree, base, shown.date if shown else None, today)


def _led_on(opened: Opened, onward: editions.Onward, page: Page, lead: Lead) -> Opened:
    if lead.hops >= editions.MOST_HOPS:
        reason = f"{lead.hops} pages lead on from the source's address, and this one to {onward.address}"
        problem = Problem(PollStatus.LAYOUT_CHANGED, reason, page.asked or page.url)
        return replace(opened, kind=PageKind.EDITION, problem=problem)
    edition = Edition(date=onward.day) if onward.day else None
    there = Follow(onward.address, PageKind.EDITION, Lead(edition, hops=lead.hops + 1))
    return replace(opened, kind=PageKind.EDITION, follow=(there,))


def _lead(said: Said, lead: Lead) -> Lead:
    """What is known of everything on this page: its edition, page number and printed form."""
    pages, articles = said.pages, said.articles
    return replace(
        lead,
        edition=_edition(pages, lead.edition) if pages else lead.edition,
        page=lead.page or (_folio(pages.current) if pages else None),
        pdf=lead.pdf or (articles.pdf if articles else None),
    )


def _follow(said: Said, lead: Lead) -> Iterator[Follow]:
    """The pages of an edition, then the articles of this page, then where its list goes on."""
    if said.pages and said.kind == PageKind.EDITION:
        for link in said.pages.links:
            yield Follow(link.href, PageKind.PAGE, Lead(lead.edition, _folio(link.text), pdf=link.pdf))
    for position, link in enumerate(said.articles.links if said.articles else ()):
        page = _folio(link.page) or lead.page
        found = Lead(lead.edition, page, lead.column, link.text or None, position, lead.pdf)
        yield Follow(link.href, PageKind.ARTICLE, found)
    if said.articles and said.articles.next:
        yield Follow(said.articles.next, PageKind.LIST, lead)


def _texts(said: Said, page: Page, lead: Lead) -> Iterator[RawItem]:
    """The articles that stand whole on a page of lists."""
    for position, article in enumerate(said.articles.texts if said.articles else ()):
        yield RawItem(
            title=article.title,
            href=article.href or page.asked or page.url,
            blocks=article.blocks,
            column=lead.column,
            date=article.date or None,
            byline=article.byline or None,
            edition=lead.edition,
            page=_folio(article.head) or lead.page,
            position=position,
            pdf=article.pdf or lead.pdf,
            name="" if article.href else article.name,
            head=article.head,
        )


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
    day = day_of(page.url) if edition is None or edition.date is None else None
    # By structure, the address's day is one of several signs; a page with one of its own is of no edition.
    if day and not article.trust.evidence and not article.date:
        edition = Edition(edition.number if edition else None, day)
    if edition is None or edition.number is None:
        edition = _numbered(edition, article.head)
    title = _title(article, tree, lead.title or "")
    own = "date" in context.source.selectors or edition is None or edition.date is None
    return RawItem(
        title=title,
        href=page.asked or page.url,
        blocks=_below(title, article.blocks),
        column=lead.column or article.column or None,
        date=(article.date or lead.date or None) if own else None,
        byline=article.byline or None,
        edition=edition,
        page=_page(lead.page, article.head),
        position=lead.position,
        pdf=lead.pdf,
        head=article.head,
        id=lead.id,
    )


def _below(title: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The text without its headline and what is printed above that, a kicker (引题) say; pictures stay."""
    lines = (
        n for n, block in enumerate(blocks[:_TOP]) if "".join(block.text.split()) == "".join(title.split())
    )
    n = next(lines, -1)
    above = (block for block in blocks[: max(n, 0)] if block.kind == BlockKind.IMAGE)
    return (*above, *blocks[n + 1 :])


def _title(article: layouts.Article, tree: Node, listed: str) -> str:
    """The headline: as the article surely says, else as the list says, unless the list cuts it short."""
    guessed = bool(article.trust.evidence)
    if (article.title and not guessed) or (listed and is_whole(listed)):
        return listed if guessed or not article.title else article.title
    stem = listed.rstrip("….． ")
    named = tree.first("title")
    headings = (article.title, *article.headings)
    whole = (heading for heading in headings if heading and heading.startswith(stem))
    return next(whole, "") or article.title or listed or (named.text if named else "")


def _numbered(edition: Edition | None, head: str) -> Edition | None:
    number = folios.issue(head)
    return Edition(number, edition.date if edition else None) if number is not None else edition


def _page(known: PageNo | None, head: str) -> PageNo | None:
    """The page's number and name, from the list and, where that is silent, from the article's head line."""
    said = folios.page(head)
    if known is None or said is None:
        return known or said
    return PageNo(known.number or said.number, known.name or said.name)
