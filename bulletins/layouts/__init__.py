"""The template families of web sites: what each part of a page is, and which family has it."""

from __future__ import annotations

from typing import TypeVar

from bulletins.layouts import (
    data,
    founder_new,
    founder_old,
    joyhua,
    nid,
    onepage,
    pagenews,
    pagenn,
    pairs,
    readdo,
    sckjw,
    shtml,
)
from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part
from bulletins.markup import Node

__all__ = ["Article", "Articles", "Layout", "Link", "Pages", "Part", "detect", "names"]

Found = TypeVar("Found")
# Where two are equally sure, the first: those whose names and addresses say most stand first.
REGISTRY: tuple[Layout, ...] = (
    *(sckjw.LAYOUT, founder_new.LAYOUT, founder_old.LAYOUT, pagenn.LAYOUT, readdo.LAYOUT, pagenews.LAYOUT),
    *(joyhua.LAYOUT, shtml.LAYOUT, pairs.LAYOUT, nid.LAYOUT, data.LAYOUT, onepage.LAYOUT),
)
_BAR = 0.5  # evidence below this is none: a part is there or it is not


def names() -> tuple[str, ...]:
    """The families that a source's `layout` may name."""
    return tuple(layout.name for layout in REGISTRY)


def detect(tree: Node, name: str = "auto", *, lists: bool = True) -> Layout:
    """The parts that stand on a page, each picked on its own evidence among all families, or from the named
    one. The result's name tells where they come from; a part that no family claims is None. Without `lists`
    no list of articles is looked for."""
    candidates = [layout for layout in REGISTRY if name in ("auto", layout.name)]
    pages = _best(tree, [(layout.name, layout.pages) for layout in candidates])
    articles = _best(tree, [(layout.name, layout.articles) for layout in candidates if lists])
    article = _best(tree, [(layout.name, layout.article) for layout in candidates])
    found = dict.fromkeys(name for name, part in (article, articles, pages) if part)
    return Layout("+".join(found), pages[1], articles[1], article[1])


def _best(tree: Node, parts: list[tuple[str, Part[Found] | None]]) -> tuple[str, Part[Found] | None]:
    scored = [(part.score(tree), name, part) for name, part in parts if part]
    score, name, part = max(scored, key=lambda entry: entry[0], default=(0.0, "", None))
    return (name, part) if score >= _BAR else ("", None)
