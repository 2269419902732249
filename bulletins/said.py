"""A page's tree -> what each part of it says, and who said so: a family, its structure, the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bulletins import layouts
from bulletins.markup import Node
from bulletins.model import Context, PageKind
from bulletins.survey import day_of

_ONE = 3  # titles of a list that all lead to one address
BAR = 0.6  # of confidence; what is read with less is doubtful


@dataclass(frozen=True, slots=True)
class Said:
    """What a page of a kind says, part by part; None for what does not stand on it, or is not asked of its
    kind. `layout` names who read it."""

    kind: PageKind
    layout: str
    pages: layouts.Pages | None = None
    articles: layouts.Articles | None = None
    article: layouts.Article | None = None

    @property
    def whole(self) -> bool:
        """Whether the articles of a whole edition are listed, or stand, on this page."""
        listed = self.articles
        return listed is not None and (bool(listed.texts) or any(link.page for link in listed.links))

    @property
    def empty(self) -> bool:
        """Whether there are lists here, and nothing in any of them, not even what has no address."""
        pages, listed = self.pages, self.articles
        held = bool(pages and (pages.links or pages.dead or pages.next))
        held = held or bool(listed and (listed.links or listed.texts or listed.dead or listed.next))
        return bool(pages or listed) and not held

    @property
    def several(self) -> bool:
        """Whether these are the articles of several of an edition's pages."""
        listed = self.articles
        heads = {text.head for text in listed.texts} | {link.page for link in listed.links} if listed else ()
        return len(heads) > 1

    @property
    def trusts(self) -> Sequence[layouts.Trust]:
        return [part.trust for part in (self.pages, self.articles, self.article) if part]

    @property
    def fault(self) -> str | None:
        """Why this is no page of its kind, or one whose lists lead nowhere; None where it can be followed."""
        return (
            next((trust.fault for trust in self.trusts if trust.fault), None) or self._missing or self._dead
        )

    @property
    def _missing(self) -> str | None:
        if self.kind == PageKind.ARTICLE:
            return None if self.article else "no known layout has the article's text here"
        if self.kind == PageKind.EDITION:
            return None if self.pages or self.whole else "no known layout has the list of pages here"
        if self.articles or (self.pages and self.pages.trust.evidence):
            return None  # told by its structure: a page of a picture is one of the edition, and leads nowhere
        return "no known layout has the list of articles here"

    @property
    def _dead(self) -> str | None:
        """A list of entries of which none leads anywhere, or all to one page, is no quiet day."""
        found: layouts.Pages | layouts.Articles | None = None
        if self.kind == PageKind.EDITION and self.pages:
            found = self.pages
        elif self.kind != PageKind.ARTICLE and self.articles and not self.articles.texts:
            found = self.articles
        if found is None:
            return None
        if found.dead and not found.links:
            return f"the list has {found.dead} entries and none of them an address"
        titles = found.titles or len({link.text for link in found.links})
        if titles >= _ONE and len({link.href for link in found.links}) == 1:
            return f"all {titles} entries of the list lead to one page, {found.links[0].href}"
        return None


def say(tree: Node, base: str, url: str, context: Context, kind: PageKind | None) -> Said:
    """What a page says: by the families whose parts stand on it; in parts that no family has, by its
    structure alone; by the source's own selectors before all. Without a `kind`, as the kind that it seems.

    A source that a family has read so far is not read by structure of a sudden: its pages are new, and
    somebody is to look at them first.
    """
    source, before = context.source, context.read_by.split("+")
    known = context.lead.edition is not None and context.lead.edition.date is not None
    known = known or day_of(url) is not None
    layout = layouts.detect(tree, source.layout, lists=kind != PageKind.ARTICLE, edition=not known)
    structure = source.layout == layouts.GENERIC or (
        source.layout == "auto" and (not context.read_by or layouts.GENERIC in before)
    )

    def as_a(kind: PageKind) -> Said:
        made = layouts.completed(layout, kind, source.selectors) if structure else layout
        if structure and kind == PageKind.ARTICLE:
            made = layouts.by_structure(made, tree, base)
        elif structure:
            made = layouts.pages_by_structure(made, tree, base)
        made = layouts.override(made, source.selectors) if source.selectors else made
        said = _of_kind(made, kind, tree, base, led=context.lead.turned > 0)
        if (
            said.article
            and structure
            and not source.selectors
            and context.lead.edition is None
            and not said.pages
        ):
            return replace(said, article=layouts.at_large(said.article, tree, base))
        return said

    if kind is None:
        article, listing = as_a(PageKind.ARTICLE), as_a(PageKind.EDITION)
        kind = _seems(layout, article, listing, url)
    said = as_a(kind)
    if kind == PageKind.EDITION and said.pages is None and said.articles and layout.articles is None:
        return Said(PageKind.LIST, said.layout, None, said.articles)  # of a site that has no editions
    return said


def _of_kind(layout: layouts.Layout, kind: PageKind, tree: Node, base: str, *, led: bool) -> Said:
    """Each part that a kind of page asks for, read once. What has no confidence at all is not there. `led`: a
    下一版 has led here."""
    pages = layout.pages.read(tree, base) if layout.pages else None
    pages = pages if pages and _stands(pages.trust) else None
    if kind == PageKind.ARTICLE:
        article = layout.article.read(tree, base) if layout.article else None
        name = layout.name if article and _stands(article.trust) else ""
        return Said(kind, name, pages, article=article if name else None)
    articles = layout.articles.read(tree, base) if layout.articles else None
    articles = articles if articles and _stands(articles.trust) else None
    said = Said(kind, layout.name if pages or articles else "", pages, articles)
    if articles and not pages and said.whole and said.several:
        return replace(said, pages=layouts.margins(tree, base, articles.trust))
    if articles or kind == PageKind.PAGE:
        pages = layouts.turned(tree, base, pages, articles, led=led)
    if articles and not pages and said.whole:
        pages = layouts.margins(tree, base, articles.trust)
    return replace(said, pages=pages)


def _stands(trust: layouts.Trust) -> bool:
    return trust.confidence > 0 or bool(trust.fault)


def _seems(layout: layouts.Layout, article: Said, listing: Said, url: str) -> PageKind:
    """The kind that a page seems to be, where nothing is known of it."""
    sure = article.article is not None and article.article.trust.confidence >= BAR
    if layout.article or (sure and layout.articles is None):
        return PageKind.ARTICLE
    if listing.pages:
        own = any(link.href == url for link in listing.pages.links)
        return PageKind.PAGE if own else PageKind.EDITION
    return PageKind.ARTICLE if article.article and not listing.articles else PageKind.LIST
