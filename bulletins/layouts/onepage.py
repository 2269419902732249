"""Newspapers that print articles whole, one below the other: that page in, the texts out."""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Articles, Layout, Part
from bulletins.markup import Node


def _articles(tree: Node, url: str) -> Articles:
    return Articles((), texts=bodies.several(tree, url))


_PAGES = lists.Shape.of("", r"(?:^|/)(?:node_|nbs\.|page_?|index_?|v)[A-Z]{0,2}\d*\w*\.s?html?(?:$|[?#])")

LAYOUT = Layout(
    "onepage",
    lists.pages(_PAGES),
    # Less sure than any list: where there is one, its links lead to the same texts.
    Part(lambda tree: 0.55 if bodies.several(tree, "http://localhost/") else 0.0, _articles),
)
