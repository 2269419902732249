"""One page of a source -> its kind, where it leads, the articles on it as spelt, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from bulletins import (
    beside,
    charset,
    dates,
    editions,
    fed,
    headlines,
    imprints,
    issues,
    layouts,
    objects,
    pastdays,
    refusals,
    sites,
    trees,
    upstream,
)
from bulletins.errors import UndecodablePage
from bulletins.markup import Node, data
from bulletins.model import (
    Context,
    Edition,
    Follow,
    Lead,
    Page,
    PageKind,
    PollStatus,
    Problem,
    RawItem,
)
from bulletins.said import Said, say
from bulletins.survey import day_of

_MOST_TURNED = 100  # pages that one after the other leads to; the thickest newspapers have so many
_SENDS = re.compile(r"跳转|点击|这里|进入")  # what a page says beside its way on


@dataclass(frozen=True, slots=True)
class Opened:
    """One page, read: of which kind it is, where it leads, the items on it as spelt, or what is wrong; how
    sure that is, from 0 to 1, and by which evidence. `hollow`: what it has in place of what could be read.
    `picture`: it is one of an edition's pages, and has no articles but a picture of it, as a cover has;
    `framed`: beside the list of pages, or in a frame beside another, as the others have it. `blank`: it has
    no list of articles, which a page of a picture has not; what is there instead. `tree` is what was read,
    where the page could be decoded."""

    kind: PageKind
    layout: str = ""
    encoding: str = ""
    follow: tuple[Follow, ...] = ()
    raws: tuple[RawItem, ...] = ()
    problem: Problem | None = None
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    hollow: str = ""
    picture: bool = False
    framed: bool = False
    blank: str = ""
    tree: Node | None = field(default=None, repr=False, compare=False)

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
        tree, encoding = _tree(page, context.lead)
    except UndecodablePage as error:
        problem = Problem(PollStatus.BLOCKED, error.what, page.asked or page.url)
        return Opened(kind or PageKind.ARTICLE, problem=problem)
    base = tree.base(page.url)
    further = kind == PageKind.LIST and context.lead.hops > 0
    if refusals.barrier(tree):
        problem = refusals.problem(tree, "", page, further=further)
        return Opened(kind or PageKind.ARTICLE, "", encoding, problem=problem, tree=tree)
    if found := _of_site(tree, base, encoding, page, context, kind):
        return found
    if context.lead.turned and imprints.is_another(tree, base, context.lead.edition):
        return Opened(kind or PageKind.PAGE, "", encoding, tree=tree)
    said = say(tree, base, page.url, context, kind)
    if said.empty and refusals.scripted(tree):  # boxes that a script fills are no lists yet
        said = replace(said, pages=None, articles=None)
    opened = Opened(said.kind, said.layout, encoding, tree=tree)
    if said.article:
        if said.fault:
            return replace(opened, problem=refusals.problem(tree, said.fault, page))
        trust = headlines.confirmed(said.article, tree, context.lead.title or "")
        opened = replace(opened, confidence=trust.confidence, evidence=trust.evidence)
        return replace(opened, raws=(_article(said, said.article, tree, page, context),))
    entry = (kind or said.kind) == PageKind.EDITION or (kind is None and not said.pages and not said.articles)
    if entry and (onward := _onward(tree, base, said, context)):
        hollow = refusals.hollow(tree) or ""
        return _led_on(replace(opened, hollow=hollow), onward, page, context.lead)
    within = context.lead.within
    day = _day_within(tree, said, page, within, _today(context)) if within else None
    if isinstance(day, str):
        return replace(opened, problem=Problem(PollStatus.QUIET, day, page.asked or page.url))
    if said.fault:
        other = instead(Follow(page.url, PageKind.EDITION, context.lead)) if entry else None
        if other:
            return replace(opened, kind=PageKind.EDITION, follow=(other,))
        return _faulty(opened, said, said.fault, tree, base, page, context)
    return _whole(opened, said, tree, base, page, context, day)


def _tree(page: Page, lead: Lead) -> tuple[Node, str]:
    """The page's tree and its encoding; the text is let go, which of a large page is megabytes."""
    decoded = charset.decode(page.body, page.content_type)
    return trees.tree(decoded.text, lead), decoded.encoding


def _faulty(
    opened: Opened, said: Said, fault: str, tree: Node, base: str, page: Page, context: Context
) -> Opened:
    """A page on which something is missing: it may stand in frames or data beside it, or in a picture."""
    lead, today = context.lead, _today(context)
    parts = tuple(beside.parts(tree, base, lead, today, programs=bool(said.pages)))
    if said.kind == PageKind.PAGE and parts:
        return replace(opened, follow=parts)
    picture = said.kind == PageKind.PAGE and not said.articles and not refusals.refusal(tree)
    picture = picture and (refusals.is_picture(tree) or (bool(lead.past) and not tree.text))
    problem = refusals.problem(tree, fault, page, further=said.kind == PageKind.LIST and lead.hops > 0)
    framed = picture and (bool(said.pages) or bool(lead.past))
    return replace(opened, problem=problem, picture=picture, framed=framed)


def _whole(
    opened: Opened, said: Said, tree: Node, base: str, page: Page, context: Context, day: date | None
) -> Opened:
    """A page with the lists that it should have: where they lead, and the articles that stand on it."""
    if old := editions.stale(tree, page.url, _today(context)):
        return replace(opened, problem=Problem(PollStatus.QUARANTINED, old, page.asked or page.url))
    weakest = min(said.trusts, key=lambda trust: trust.confidence)
    opened = replace(opened, confidence=weakest.confidence, evidence=weakest.evidence)
    lead = _lead(said, context.lead, day)
    follow = list(_follow(said, lead))
    if said.kind == PageKind.EDITION and not said.articles:
        follow += beside.parts(tree, base, lead, _today(context), programs=True)
    blank = "" if said.articles else refusals.hollow(tree) or "no known layout has one here"
    return replace(opened, follow=tuple(follow), raws=tuple(_texts(said, page, lead)), blank=blank)


def _of_site(
    tree: Node, base: str, encoding: str, page: Page, context: Context, kind: PageKind | None
) -> Opened | None:
    """A list of a site that is no newspaper, or the one page that a source is."""
    if listed := sites.listing(tree, base, context, kind):
        trust = listed.articles.trust
        follow = tuple(sites.follow(listed.articles, context))
        whole = Said(PageKind.LIST, listed.layout, articles=listed.articles)
        raws = tuple(_texts(whole, page, context.lead))
        opened = Opened(PageKind.LIST, listed.layout, encoding, follow, raws, tree=tree)
        return replace(opened, confidence=trust.confidence, evidence=trust.evidence)
    alone = sites.alone(tree, base, context, kind)
    if alone and alone.article:
        raw = _article(alone, alone.article, tree, page, context)
        return Opened(PageKind.LIST, alone.layout, encoding, raws=(raw,), tree=tree)
    return None


def _fed(feed: upstream.Feed, page: Page, context: Context) -> Opened:
    """A feed: its entries, and the pages of those that it only sums up."""
    opened = Opened(PageKind.FEED, "feed", feed.encoding)
    if feed.fault:
        problem = Problem(PollStatus.LAYOUT_CHANGED, feed.fault, page.asked or page.url)
        return replace(opened, problem=problem)
    return replace(opened, follow=fed.follow(feed, page, context), raws=fed.raws(feed, page, context))


def instead(follow: Follow) -> Follow | None:
    """What to read where no edition is: at the address that was likeliest, whatever made it likely."""
    if follow.kind != PageKind.EDITION or not follow.lead.others:
        return None
    first, *others = follow.lead.others
    day = day_of(first)
    edition = Edition(date=day) if day else None
    return Follow(first, PageKind.EDITION, replace(follow.lead, edition=edition, others=tuple(others)))


def _today(context: Context) -> date:
    return context.now.astimezone(dates.SHANGHAI).date()


def _day_within(
    tree: Node, said: Said, page: Page, within: tuple[date, date], today: date
) -> date | str | None:
    """The day of a page that was asked for as a past edition, or why it is none; None where it cannot be
    read."""
    if said.fault:
        return "it says that there is no edition of that day" if pastdays.says_none(tree) else None
    links = [link.href for link in (said.articles.links if said.articles else ())]
    dated = said.pages.dates if said.pages else ()
    return pastdays.day_within(tree, page.url, dated, links, within, today)


def _onward(tree: Node, base: str, said: Said, context: Context) -> issues.Onward | None:
    """The page to read in place of this one: it is on the way to the newest edition, or not the newest."""
    today = _today(context)
    if context.lead.within:  # this edition, and no newer one
        return None if said.pages or said.whole else editions.sent_on(tree, base, today)
    if not said.pages and not said.whole:
        links = said.articles.links if said.articles else ()
        links = tuple(link for link in links if not _SENDS.search(link.text))
        links = () if all(editions.is_way_in(link.text) for link in links) else links
        listed = {link.href for link in links if not issues.names_issue(link.text)}
        if "articles" in context.source.selectors:
            return None
        ways = objects.made(data("\n".join(context.lead.made)), base) if context.lead.made else ()
        there = editions.onward(tree, base, today, ways, listing=bool(links))
        return None if there and there.address in listed else there  # one of a list's articles is no edition
    shown = imprints.edition(said.pages, context.lead.edition) if said.pages else context.lead.edition
    known = issues.Onward(base, shown.date if shown else None)
    return editions.newer(tree, base, known, today)


def _led_on(opened: Opened, onward: issues.Onward, page: Page, lead: Lead) -> Opened:
    if lead.hops >= editions.MOST_HOPS:
        reason = f"{lead.hops} pages lead on from the source's address, and this one to {onward.address}"
        problem = Problem(PollStatus.LAYOUT_CHANGED, reason, page.asked or page.url)
        return replace(opened, kind=PageKind.EDITION, problem=problem)
    past = (*lead.past, page.asked or page.url)
    ways = dict.fromkeys((onward.address, *onward.others, *lead.others))
    address, *others = [way for way in ways if way not in past] or [onward.address]
    day = onward.day if address == onward.address else day_of(address)
    found = Lead(
        Edition(date=day) if day else None,
        hops=lead.hops + 1,
        within=lead.within,
        others=tuple(others),
        past=past,
        made=tuple(map(objects.as_script, onward.made)),
    )
    there = Follow(address, PageKind.EDITION, found)
    return replace(opened, kind=PageKind.EDITION, follow=(there,))


def _lead(said: Said, lead: Lead, day: date | None) -> Lead:
    """What is known of everything on this page: its edition, of that `day` where it was looked for, page
    number and printed form."""
    pages, articles = said.pages, said.articles
    edition = imprints.edition(pages, lead.edition) if pages else lead.edition
    if day:
        edition = Edition(edition.number if edition else None, day)
    return replace(
        lead,
        within=None,
        edition=edition,
        page=lead.page or (imprints.folio(pages.current) if pages else None),
        pdf=lead.pdf or (articles.pdf if articles else None),
    )


def _follow(said: Said, lead: Lead) -> Iterator[Follow]:
    """The pages of an edition, then the articles of this page, then where its list goes on."""
    if said.pages and said.kind == PageKind.EDITION:
        for link in said.pages.links:
            found = Lead(lead.edition, imprints.folio(link.text), pdf=link.pdf, made=lead.made)
            yield Follow(link.href, PageKind.PAGE, found)
    if said.pages and said.pages.next and lead.turned < _MOST_TURNED:
        found = Lead(lead.edition, made=lead.made, turned=lead.turned + 1)
        yield Follow(said.pages.next, PageKind.PAGE, found)
    for position, link in enumerate(said.articles.links if said.articles else ()):
        page = imprints.folio(link.page) or lead.page
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
            page=imprints.folio(article.head) or lead.page,
            position=position,
            pdf=article.pdf or lead.pdf,
            name="" if article.href else article.name,
            head=article.head,
        )


def _article(said: Said, article: layouts.Article, tree: Node, page: Page, context: Context) -> RawItem:
    lead = context.lead
    edition = imprints.edition(said.pages, lead.edition) if said.pages else lead.edition
    day = day_of(page.url) if edition is None or edition.date is None else None
    # By structure, the address's day is one of several signs; a page with one of its own is of no edition.
    if day and not article.trust.evidence and not article.date:
        edition = Edition(edition.number if edition else None, day)
    if edition is None or edition.number is None:
        edition = imprints.numbered(edition, article.head)
    title = headlines.headline(article, tree, lead.title or "")
    own = "date" in context.source.selectors or edition is None or edition.date is None
    printed = lead.pdf is not None or lead.page is not None
    base = tree.base(page.url)
    return RawItem(
        title=title,
        href=page.asked or page.url,
        blocks=headlines.below(title, article.blocks),
        column=lead.column or article.column or None,
        date=(article.date or lead.dated or None) if own else None,
        byline=article.byline or None,
        edition=edition,
        page=imprints.page(lead.page, article.head),
        position=lead.position,
        pdf=lead.pdf,
        head=article.head,
        id=lead.id,
        attachments=layouts.attachments(tree, base, article.blocks, printed=printed),
    )
