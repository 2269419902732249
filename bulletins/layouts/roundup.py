"""A list whose items have no page of their own -> the items, each a headline, a day and its text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from bulletins import dates
from bulletins.layouts.clusters import aside
from bulletins.layouts.parts import Article, Articles, Trust
from bulletins.layouts.weblists import day_in
from bulletins.markup import Node
from bulletins.model import Block

FEWEST = 3  # items that make a list
_HEADS = "h2, h3, h4, h5, dt, .title, .tit"
_BOLD = "li b, li strong, tr b, tr strong"  # of a row; what is bold in a text heads nothing
_ROWS = ("li", "tr")
_MOST = 500  # headlines that are looked at
_LONGEST = 60  # characters of a headline
_LEVELS = 4  # elements around a headline that may be its item's box
_ITEM = 3_000  # characters of an item


def read(tree: Node, url: str) -> Articles:
    """The items of a page: boxes of one make, side by side, each with one headline that leads nowhere, a day
    and sentences; rows with a bold headline and a whole day; terms of a definition list with what stands
    below each. They are numbered from the oldest, at the end, so that a new one above renumbers none."""
    found = [items for heads in _groups(tree, _HEADS) if len(items := _items(heads, url)) >= FEWEST]
    if not found:
        bold = (heads for heads in _groups(tree, _BOLD) if heads[0][1].tag in _ROWS)
        found = [items for heads in bold if len(items := _items(heads, url, whole=True)) >= FEWEST]
    best = max(found, key=len, default=())
    return Articles(
        (), texts=best, trust=Trust(0.7, (f"{len(best)} boxes have a headline, a day and a text",))
    )


def _groups(tree: Node, selector: str) -> list[list[tuple[Node, Node]]]:
    """Headlines with the boxes of their items, those side by side and of one make together."""
    heads = [
        head
        for head in islice(tree.all(selector), _MOST)
        if 2 < len(head.text) <= _LONGEST and not head.has("a[href]")
    ]
    chains = [list(_around(head)) for head in heads]
    below = Counter(node for chain in chains for node in chain)
    groups: defaultdict[tuple[Node, str, str], list[tuple[Node, Node]]] = defaultdict(list)
    for head, chain in zip(heads, chains, strict=True):
        box = next((node for node in reversed(chain) if below[node] == 1), head)
        if (holder := box.parent) and not aside(box):
            groups[holder, box.tag, box.attribute("class")].append((head, box))
    return list(groups.values())


def _around(head: Node) -> Iterator[Node]:
    """A headline and the elements around it that may be its item's box."""
    node: Node | None = head
    for _ in range(_LEVELS + 1):
        if node is not None:
            yield node
            node = node.parent


def _items(heads: Sequence[tuple[Node, Node]], url: str, *, whole: bool = False) -> tuple[Article, ...]:
    """`whole`: their days have a year."""
    told = []
    for n, (head, box) in enumerate(heads):
        parts = _defined(head) if box.tag == "dt" else [box]
        text = " ".join(part.text for part in parts)
        day = day_in(text.replace(head.text, " ", 1)) if len(text) <= _ITEM else ""
        blocks = tuple(block for part in parts for block in part.blocks(url) if _tells(block, head.text))
        if day and (not whole or dates.day(day)) and any("。" in block.text for block in blocks):
            name = box.attribute("id") or str(len(heads) - n)
            told.append(Article(head.text, blocks, name=name, date=day))
    return tuple(told)


def _tells(block: Block, headline: str) -> bool:
    """Whether a block is no headline and no day."""
    rest = block.text.replace(headline, "", 1).strip("()（）[]【】 ")
    return bool(rest or block.url) and day_in(rest) != rest


def _defined(term: Node) -> list[Node]:
    """What stands below a term, up to the next one."""
    found: list[Node] = []
    inside = False
    for node in term.parent.all(":scope > dt, :scope > dd") if term.parent else ():
        if node.tag == "dt":
            inside = node == term
        elif inside:
            found.append(node)
    return found
