"""Newspapers that print articles whole, one below the other: that page in, the texts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulletins.layouts import bodies, headed, lists
from bulletins.layouts.clusters import aside
from bulletins.layouts.density import is_about
from bulletins.layouts.parts import Article, Articles, Layout, Part
from bulletins.markup import Node
from bulletins.model import Block, BlockKind
from bulletins.survey import FOLIO, Way, survey

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LONGEST = 50  # characters of a headline
_FEWEST = 2  # headings of pages, and articles, that make a page a whole issue


def _articles(tree: Node, url: str) -> Articles:
    texts = _unfolded(tree, url) or bodies.several(tree, url) or _below_headings(tree, url)
    return Articles((), texts=texts or headed.several(tree, url))


def _unfolded(tree: Node, url: str) -> tuple[Article, ...]:
    """The articles that unfold below their headlines, each a <details> with its <summary>: those that have no
    other in them, since a page (版) may unfold too."""
    seen = survey(tree)
    texts: list[tuple[Way, Node]] = []
    for box in tree.all("details"):
        head, place = box.first(":scope > summary"), tree.span(box)
        if head and place and not box.has("details") and bodies.is_text(box):
            texts.append((Way(box, "", _headline(head), place[0]), head))
    under = lists.sheets(seen, [way for way, _ in texts])
    found = []
    for n, (way, head) in enumerate(texts, start=1):
        own = {block.text for block in head.blocks(url)}
        text = bodies.captioned(way.node, url)
        kept = tuple(
            one
            for k, one in enumerate(text)
            if not bodies.is_furniture(one) and not (k < len(own) and one.text in own)
        )
        name = way.node.attribute("id") or str(n)
        if way.label and kept:
            found.append(Article(way.label, kept, under.get(way.at, ""), name=name))
    return tuple(found) if len(found) >= _FEWEST else ()


def _headline(head: Node) -> str:
    """What is set apart in a line that unfolds, beside a number, an author or 展开; else all of it."""
    part = head.first("h1, h2, h3, h4, h5, h6, strong, b")
    return (part.text if part else "") or head.text


def _below_headings(tree: Node, url: str) -> tuple[Article, ...]:
    """The articles of a page without a box for any: headings name the newspaper's pages (版), those of the
    next level the articles; headings further down are part of a text."""
    levels = [n for n, level in enumerate(_LEVELS) if _sheets(tree, level)]
    below = next((level for level in _LEVELS[levels[0] + 1 :] if tree.has(level)), None) if levels else None
    page = tree.first("body")
    if page is None:
        return ()
    if below:
        titles, sheets = {node.text for node in tree.all(below)}, _sheets(tree, _LEVELS[levels[0]])
    else:
        titles, sheets = _called_alike(tree)
    if not titles:
        return ()
    foot = {
        block.text for node in tree.all("footer, [id], [class]") if aside(node) for block in node.blocks(url)
    }
    blocks = tuple(block for block in page.blocks(url) if block.text not in foot or block.text in titles)
    found = [one for one in _cut(blocks, titles, sheets, named=not below) if one.blocks]
    return tuple(found) if len(found) >= _FEWEST else ()


def _sheets(tree: Node, level: str) -> set[str]:
    named = {text for node in tree.all(level) if FOLIO.match(text := node.text)}
    return named if len(named) >= _FEWEST else set()


def _called_alike(tree: Node) -> tuple[set[str], set[str]]:
    """The headlines and the names of pages on one without headings, by what their boxes are called: short
    texts without a link, all of one name."""
    named = {text for _, node, text in survey(tree).folios if node.tag not in ("a", "option")}
    if len(named) < _FEWEST:
        return set(), set()
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for box in tree.all("[class]"):
        if len(text := box.head(_LONGEST + 1)) <= _LONGEST and text and not box.has("a, p, div"):
            texts[f"{box.tag} {box.attribute('class')}"].append(text)
    sheets = [set(group) for group in texts.values() if len(set(group)) >= _FEWEST and set(group) <= named]
    heads = [group for group in texts.values() if len(group) >= _FEWEST and not any(map(_is_no_head, group))]
    if not sheets or not heads:
        return set(), set()
    longest: list[str] = max(heads, key=len)
    widest: set[str] = max(sheets, key=len)
    return set(longest), widest


def _is_no_head(text: str) -> bool:
    return "。" in text or FOLIO.match(text) is not None or is_about(text)


def _cut(blocks: tuple[Block, ...], titles: set[str], sheets: set[str], *, named: bool) -> Iterator[Article]:
    title = sheet = ""
    text: list[Block] = []
    n = 0
    for block in (*blocks, None):
        marked = block is not None and (named or block.kind == BlockKind.HEADING)
        heads = block is None or (marked and block.text in titles | sheets)
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
