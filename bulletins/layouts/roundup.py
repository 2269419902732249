"""A list whose items have no page of their own -> the items, each a headline, a day and its text."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from bulletins.layouts.clusters import aside
from bulletins.layouts.parts import Article, Articles, Trust
from bulletins.layouts.weblists import day_in
from bulletins.markup import Node

FEWEST = 3  # items that make a list
_HEADS = "h2, h3, h4, h5, dt, .title, .tit"
_MOST = 500  # headlines that are looked at
_LONGEST = 60  # characters of a headline
_ITEM = 3_000  # characters of an item


def read(tree: Node, url: str) -> Articles:
    """The items of a page: boxes of one make, side by side, each with one headline that leads nowhere, a day
    and sentences. They are numbered from the oldest, at the end, so that a new one above renumbers none."""
    groups: defaultdict[tuple[Node, str, str], list[tuple[Node, Node]]] = defaultdict(list)
    for head in islice(tree.all(_HEADS), _MOST):
        box = head.parent
        holder = box.parent if box else None
        if box and holder and 2 < len(head.text) <= _LONGEST and not head.has("a[href]") and not aside(box):
            groups[holder, box.tag, box.attribute("class")].append((head, box))
    found = [items for boxes in groups.values() if len(items := _items(boxes, url)) >= FEWEST]
    best = max(found, key=len, default=())
    return Articles(
        (), texts=best, trust=Trust(0.7, (f"{len(best)} boxes have a headline, a day and a text",))
    )


def _items(boxes: list[tuple[Node, Node]], url: str) -> tuple[Article, ...]:
    told = []
    for n, (head, box) in enumerate(boxes):
        text = box.text
        day = day_in(text.replace(head.text, " ", 1)) if len(text) <= _ITEM else ""
        blocks = tuple(
            block for block in box.blocks(url) if block.text != head.text and day_in(block.text) != block.text
        )
        if day and any("。" in block.text for block in blocks):
            name = box.attribute("id") or str(len(boxes) - n)
            told.append(Article(head.text, blocks, name=name, date=day))
    return tuple(told)
