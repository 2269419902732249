"""A newspaper's page on which its articles stand whole, without headings or boxes of names -> the articles.

Home-made pages set their headlines by fonts: short lines, each alone in its element, that all are made alike,
and each with a text below it. Where such a line is the only one of its kind in a cell or a table, that is the
article's box; else a text goes on to the next such line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bulletins.layouts import bodies, listing
from bulletins.layouts.density import IMPRINT, Line, is_about, lines
from bulletins.layouts.parts import Article
from bulletins.markup import Node
from bulletins.model import Block
from bulletins.survey import FOLIO, survey

_FEWEST = 2  # headlines that are made alike
_LONGEST = 50  # characters of one
_TEXT = 20  # characters of the shortest text
_LEVELS = 3  # elements around a line by which it is told how it is made
_MADE = ("class", "size", "face", "color", "align", "style")
_NUMBERS = re.compile(r"\d+")
_ENDS = re.compile(r"[。；，：:]$")


def several(tree: Node, url: str) -> tuple[Article, ...]:
    """The articles of a page that names itself (第一版) and lists none; () where they are not two."""
    if not any(node.tag not in ("a", "option") for _, node, _ in survey(tree).folios):
        return ()
    page = lines(tree)
    if sum(line.linked for line in page) * 2 > sum(len(line.text) for line in page):
        return ()
    heads = _headlines(page)
    if not heads or listing.articles(tree, url).links:
        return ()
    found = [Article(page[n].text, _text(page, heads, n, url), _sheet(page, n)) for n in heads]
    if not all(one.blocks for one in found):
        found = list(_flat(page, heads, url))
    return tuple(
        Article(one.title, one.blocks, one.head, name=str(n))
        for n, one in enumerate(found, start=1)
        if one.blocks
    )


def _headlines(page: Sequence[Line]) -> list[int]:
    """The numbers of the lines that are headlines: of the groups of lines made alike that part the page into
    texts, the one that begins first; bylines and headings within a text begin below a headline."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, line in enumerate(page):
        if _may_be(line):
            groups[_make(line)].append(n)
    parting = [
        group
        for group in groups.values()
        if len({page[n].text for n in group}) >= _FEWEST
        and all(_is_text(page[a + 1 : b]) for a, b in pairwise(group))
        and sum(len(line.text) for line in page[group[-1] + 1 :]) >= _TEXT
    ]
    return min(parting, key=lambda group: group[0], default=[])


def _may_be(line: Line) -> bool:
    text = line.text
    return (
        1 < len(text) <= _LONGEST
        and not (line.linked or line.aside or _ENDS.search(text) or FOLIO.match(text))
        and not (is_about(text) or IMPRINT.search(text))
        and line.box.tag != "title"
        and line.box.text == text
    )


def _is_text(between: Sequence[Line]) -> bool:
    said = sum(len(line.text) for line in between)
    return said >= _TEXT and not any(line.linked for line in between)


def _make(line: Line) -> tuple[str, ...]:
    """How a line is set: the elements around it and what makes them look so."""
    return tuple(
        " ".join(
            [
                node.tag,
                *(
                    _NUMBERS.sub("0", node.attribute(name)) if name == "class" else node.attribute(name)
                    for name in _MADE
                ),
            ]
        )
        for node in line.chain[:_LEVELS]
    )


def _text(page: Sequence[Line], heads: Sequence[int], n: int, url: str) -> tuple[Block, ...]:
    """What stands with a headline in the widest box around it that has no other; () where that is nothing."""
    others = {node for other in heads if other != n for node in page[other].chain}
    own = [node for node in page[n].chain if node not in others]
    box = own[-1] if own else page[n].box
    if len(box.text) < len(page[n].text) + 1:
        return ()
    return _without(bodies.captioned(box, url), page[n].text)


def _flat(page: Sequence[Line], heads: Sequence[int], url: str) -> Iterator[Article]:
    """The texts between headlines that share one box."""
    shared = set(page[heads[0]].chain).intersection(*(page[n].chain for n in heads[1:]))
    box = next((node for node in page[heads[0]].chain if node in shared), None)
    titles = {page[n].text: _sheet(page, n) for n in heads}
    title, text = "", list[Block]()
    for block in bodies.captioned(box, url) if box else ():
        if block.text in titles:
            if title:
                yield Article(title, _without(text, title), titles[title])
            title, text = block.text, []
        elif title:
            text.append(block)
    if title:
        yield Article(title, _without(text, title), titles[title])


def _without(blocks: Sequence[Block], title: str) -> tuple[Block, ...]:
    at = next((n for n, block in enumerate(blocks) if block.text == title), -1)
    return tuple(block for n, block in enumerate(blocks) if n != at and not bodies.is_furniture(block))


def _sheet(page: Sequence[Line], n: int) -> str:
    """The page (版) that was named last above a line."""
    return next((line.text for line in reversed(page[:n]) if FOLIO.match(line.text)), "")
