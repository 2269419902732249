"""The template families of web sites: what each part of a page is, and which family has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from bulletins.layouts import generic, sckjw
from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part, Trust
from bulletins.layouts.selected import KEYS, override
from bulletins.markup import Node
from bulletins.model import PageKind

__all__ = [
    *("KEYS", "Article", "Articles", "Layout", "Link", "Pages", "Part", "Trust"),
    *("completed", "detect", "names", "override"),
]

Found = TypeVar("Found")
REGISTRY: tuple[Layout, ...] = (sckjw.LAYOUT,)
GENERIC = generic.LAYOUT.name
_BAR = 0.5  # evidence below this is none: a part is there or it is not


def names() -> tuple[str, ...]:
    """The layouts that a source's `layout` may name."""
    return (*(layout.name for layout in REGISTRY), GENERIC)


def detect(tree: Node, name: str = "auto") -> Layout:
    """The parts that stand on a page, each picked on its own evidence among all families, or from the named
    one. The result's name tells where they come from; a part that no family claims is None."""
    candidates = [layout for layout in REGISTRY if name in ("auto", layout.name)]
    pages = _best(tree, [(layout.name, layout.pages) for layout in candidates])
    articles = _best(tree, [(layout.name, layout.articles) for layout in candidates])
    article = _best(tree, [(layout.name, layout.article) for layout in candidates])
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
    if listing and layout.pages is None and "pages" not in stated:
        if kind == PageKind.EDITION or made.articles is generic.LAYOUT.articles:
            made = replace(made, pages=generic.LAYOUT.pages)
    if not listing and layout.article is None and "body" not in stated:
        made = replace(made, article=generic.LAYOUT.article)
    return made if made == layout else replace(made, name="+".join(filter(None, [layout.name, GENERIC])))


def _best(tree: Node, parts: list[tuple[str, Part[Found] | None]]) -> tuple[str, Part[Found] | None]:
    scored = [(part.score(tree), name, part) for name, part in parts if part]
    score, name, part = max(scored, key=lambda entry: entry[0], default=(0.0, "", None))
    return (name, part) if score >= _BAR else ("", None)
