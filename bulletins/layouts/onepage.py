"""Newspapers that print articles whole, one below the other: that page in, the texts out."""

from __future__ import annotations

from collections.abc import Iterator

from bulletins.layouts import bodies, lists
from bulletins.layouts.clusters import aside
from bulletins.layouts.parts import Article, Articles, Layout, Part
from bulletins.markup import Node
from bulletins.model import Block, BlockKind
from bulletins.survey import FOLIO

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FEWEST = 2  # headings of pages, and articles, that make a page a whole issue


def _articles(tree: Node, url: str) -> Articles:
    return Articles((), texts=bodies.several(tree, url) or _below_headings(tree, url))


def _below_headings(tree: Node, url: str) -> tuple[Article, ...]:
    """The articles of a page without a box for any: headings name the newspaper's pages (版), those of the
    next level the articles; headings further down are part of a text."""
    sheets = [n for n, level in enumerate(_LEVELS) if _sheets(tree, level)]
    below = next((level for level in _LEVELS[sheets[0] + 1 :] if tree.has(level)), None) if sheets else None
    page = tree.first("body")
    if below is None or page is None:
        return ()
    titles = {node.text for node in tree.all(below)}
    foot = {
        block.text for node in tree.all("footer, [id], [class]") if aside(node) for block in node.blocks(url)
    }
    blocks = tuple(block for block in page.blocks(url) if block.text not in foot or block.text in titles)
    found = [one for one in _cut(blocks, titles, _sheets(tree, _LEVELS[sheets[0]])) if one.blocks]
    return tuple(found) if len(found) >= _FEWEST else ()


def _sheets(tree: Node, level: str) -> set[str]:
    named = {text for node in tree.all(level) if FOLIO.match(text := node.text)}
    return named if len(named) >= _FEWEST else set()


def _cut(blocks: tuple[Block, ...], titles: set[str], sheets: set[str]) -> Iterator[Article]:
    title = sheet = ""
    text: list[Block] = []
    n = 0
    for block in (*blocks, None):
        heads = block is None or (block.kind == BlockKind.HEADING and block.text in titles | sheets)
        if heads and title:
            n += 1
            kept = tuple(one for one in text if not bodies.is_furniture(one))
            yield Article(title, kept, sheet, name=str(n))
        if heads:
            title = block.text if block and block.text not in sheets else ""
            sheet = block.text if block and block.text in sheets else sheet
            text = []
        elif block:
            text.append(block)


_PAGES = lists.Shape.of("", r"(?:^|/)(?:node_|nbs\.|page_?|index_?|v)[A-Z]{0,2}\d*\w*\.s?html?(?:$|[?#])")

LAYOUT = Layout(
    "onepage",
    lists.pages(_PAGES),
    # Less sure than any list: where there is one, its links lead to the same texts.
    Part(lambda tree: 0.55 if _articles(tree, "http://localhost/").texts else 0.0, _articles),
)
