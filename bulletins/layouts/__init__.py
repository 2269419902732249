"""The template families of web sites: what each part of a page is, and which family has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from bulletins.layouts import (
    boda,
    data,
    fields,
    founder_new,
    founder_old,
    generic,
    gkmlpt,
    hanweb,
    joyhua,
    nid,
    official,
    onepage,
    pagenews,
    pagenn,
    pairs,
    readdo,
    roundup,
    sckjw,
    shtml,
    trs,
    turning,
    ucap,
    weblists,
    webpage,
    wechat,
)
from bulletins.layouts.attachments import attachment
from bulletins.layouts.attachments import find as attachments
from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part, Trust
from bulletins.layouts.selected import override
from bulletins.markup import Node
from bulletins.model import PageKind

__all__ = [
    "Article",
    "Articles",
    "Layout",
    "Link",
    "Pages",
    "Part",
    "Trust",
    "at_large",
    "attachment",
    "attachments",
    "by_structure",
    "completed",
    "dated_list",
    "detect",
    "is_of_newspaper",
    "loose_list",
    "margins",
    "names",
    "override",
    "pages_by_structure",
    "site_article",
    "site_list",
    "sure",
    "turned",
]

Found = TypeVar("Found")
SITES: tuple[Layout, ...] = (
    *(wechat.LAYOUT, boda.LAYOUT, ucap.LAYOUT, gkmlpt.LAYOUT, hanweb.LAYOUT, trs.LAYOUT, fields.LAYOUT),
    official.LAYOUT,
)
# Where two are equally sure, the first: those whose names and addresses say most stand first.
REGISTRY: tuple[Layout, ...] = (
    # Systems of web sites: what they are told by is nowhere else, while newspapers share names of boxes.
    *SITES,
    *(sckjw.LAYOUT, founder_new.LAYOUT, founder_old.LAYOUT, pagenn.LAYOUT, readdo.LAYOUT, pagenews.LAYOUT),
    *(joyhua.LAYOUT, shtml.LAYOUT, pairs.LAYOUT, nid.LAYOUT, data.LAYOUT, onepage.LAYOUT),
)
GENERIC = generic.LAYOUT.name
_KNOWN = 0.8  # of a family's score, or of structure's confidence: no guess any more
_SURER = 0.7  # of structure's confidence: more than a box that many sites call so
_SEVERAL = 2  # pages of an edition
_BAR = 0.5  # evidence below this is none: a part is there or it is not


def names() -> tuple[str, ...]:
    """The layouts that a source's `layout` may name."""
    return (*(layout.name for layout in REGISTRY), GENERIC)


def detect(tree: Node, name: str = "auto", *, lists: bool = True, edition: bool = True) -> Layout:
    """The parts that stand on a page, each picked on its own evidence among all families, or from the named
    one. The result's name tells where they come from; a part that no family claims is None. Without `lists`,
    of an article, no list is looked for, but with `edition` the list of pages as the article's own family has
    it: it says of which edition the article is."""
    candidates = [layout for layout in REGISTRY if name in ("auto", layout.name)]
    article = _best(tree, [(layout.name, layout.article) for layout in candidates])
    listing = [layout for layout in candidates if lists or (edition and layout.name == article[0])]
    pages = _best(tree, [(layout.name, layout.pages) for layout in listing])
    articles = _best(tree, [(layout.name, layout.articles) for layout in listing if lists])
    found = dict.fromkeys(name for name, part in (article, articles, pages) if part)
    return Layout("+".join(found), pages[1], articles[1], article[1])


def completed(layout: Layout, kind: PageKind, stated: Collection[str] = ()) -> Layout:
    """A layout whose missing parts are read from the page's structure alone, where a page of this kind needs
    them, and no selector is `stated` for them: an edition's is a list of pages and of articles, an article is
    for itself."""
    listing = kind != PageKind.ARTICLE
    made = layout
    if listing and layout.articles is None and "articles" not in stated:
        made = replace(made, articles=generic.LAYOUT.articles)
    guessed = kind == PageKind.EDITION or made.articles is generic.LAYOUT.articles
    if listing and guessed and layout.pages is None and "pages" not in stated:
        made = replace(made, pages=generic.LAYOUT.pages)
    if not listing and layout.article is None and "body" not in stated:
        made = replace(made, article=generic.LAYOUT.article)
    return made if made == layout else replace(made, name="+".join(filter(None, [layout.name, GENERIC])))


def site_list(tree: Node, name: str = "auto") -> tuple[str, Part[Articles]] | None:
    """The list of a web site's articles by a system that is known, any or the named one, and its name."""
    found = _best(tree, [(layout.name, layout.articles) for layout in SITES if name in ("auto", layout.name)])
    return (found[0], found[1]) if found[1] else None


def site_article(tree: Node, name: str = "auto") -> tuple[str, Part[Article]] | None:
    """Likewise its article."""
    found = _best(tree, [(layout.name, layout.article) for layout in SITES if name in ("auto", layout.name)])
    return (found[0], found[1]) if found[1] else None


def is_of_newspaper(tree: Node) -> bool:
    """Whether a family of newspapers has its lists here."""
    families = [layout for layout in REGISTRY if layout not in SITES]
    pages = _best(tree, [(layout.name, layout.pages) for layout in families])
    return pages[1] is not None or _best(tree, [(one.name, one.articles) for one in families])[1] is not None


def sure(articles: Articles) -> Articles:
    """The same as a family reads it, which has no doubts."""
    return replace(articles, trust=Trust())


def dated_list(tree: Node, url: str) -> Articles:
    """A list whose rows have days, of any site; with no trust where there is none."""
    return weblists.read(tree, url)


def loose_list(tree: Node, url: str) -> Articles:
    """A list whose items stand there whole, without pages of their own; no `texts` where there is none."""
    return roundup.read(tree, url)


def margins(tree: Node, base: str, trust: Trust) -> Pages:
    """What a whole edition on one page, without a list of pages, says of its day and number; as sure as its
    articles are."""
    shown = generic.LAYOUT.pages.read(tree, base) if generic.LAYOUT.pages else Pages(())
    return replace(shown, links=(), current="", trust=trust)


def turned(
    tree: Node, base: str, pages: Pages | None, articles: Articles | None, *, led: bool
) -> Pages | None:
    """A page's list of pages; where there is none, what it prints of the edition, and the pages that its
    scripts number, or where its 下一版 leads, if it has one, or one has `led` here."""
    if pages and len({link.href for link in pages.links}) > 1:
        return pages
    numbered = turning.numbered(tree, base) if articles and not led else ()
    there = turning.following(tree, base)
    if numbered and (there is None or any(link.href == there for link in numbered)):
        there = None
    elif there or led:
        numbered = ()
    else:
        return pages
    if pages is None:
        shown = generic.LAYOUT.pages.read(tree, base) if generic.LAYOUT.pages else Pages(())
        pages = replace(shown, links=(), trust=articles.trust if articles else turning.TOLD)
    return replace(pages, links=numbered or pages.links, next=there)


def at_large(article: Article, tree: Node, url: str) -> Article:
    """An article of no edition, with the headline, day and byline that its page shows, where it has been read
    by a name that its box shares with others', or by structure. What names a page (版) is a newspaper's."""
    newspaper = article.head or tree.has("founder-content, founder-title")
    return (
        article
        if (article.date and not article.trust.evidence) or newspaper
        else webpage.completed(article, tree, url)
    )


def by_structure(layout: Layout, tree: Node, base: str) -> Layout:
    """An article's layout, by structure where that is surer than a family: one that knows the box only by a
    name that many sites use, such as `info`, has the score of a guess."""
    guess = generic.LAYOUT.article
    if layout.article is None or guess is None or layout.article is guess:
        return layout
    if layout.article.score(tree) >= _KNOWN:
        return layout
    surer = guess.read(tree, base).trust.confidence >= _SURER
    return Layout(GENERIC, layout.pages, None, guess) if surer else layout


def pages_by_structure(layout: Layout, tree: Node, base: str) -> Layout:
    """A layout whose list of pages is read by structure, where a family knows it by nothing but the name of a
    box that other lists have too, such as `leftmenu`: no entry names a page (版), no address is its own."""
    guess = generic.LAYOUT.pages
    if layout.pages is None or guess is None or layout.pages is guess or layout.pages.score(tree) > _BAR:
        return layout
    found = guess.read(tree, base)
    if len(found.links) < _SEVERAL or found.trust.confidence < _KNOWN:
        return layout
    parts = (layout.articles, layout.article)
    names = [
        one.name for one in REGISTRY if any(part and part in parts for part in (one.articles, one.article))
    ]
    return replace(layout, name="+".join([*names, GENERIC]), pages=guess)


def _best(tree: Node, parts: list[tuple[str, Part[Found] | None]]) -> tuple[str, Part[Found] | None]:
    """The first of the surest, if it is sure enough; nothing is asked after one that has no doubt."""
    best: tuple[str, Part[Found] | None] = ("", None)
    most = 0.0
    for name, part in parts:
        if part and (score := part.score(tree)) > most:
            best, most = (name, part), score
        if most >= 1.0:
            break
    return best if most >= _BAR else ("", None)
