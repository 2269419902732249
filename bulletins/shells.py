"""The page of a newspaper's site that shows what its script fetches -> where an article is shown there.

Data hold articles whole, often without an address: what a reader is to open is the page that shows them, by
the fragment that its script looks for (#aid=7), and not the data.
"""

from __future__ import annotations

import re

from bulletins.markup import Node
from bulletins.survey import day_of

_BY_HASH = re.compile(
    r"""\.hash\b[^;\n]{0,40}?["'/#?&^]([A-Za-z_][\w-]{0,20}=)|["'][^"'\s]{0,200}#([A-Za-z_][\w-]{0,20}=)["']\s*\+"""
)
_OWN_ID = re.compile(r"(?=.*\d)[\w-]{4,64}|\d{4,}")  # shorter: its place in the list


def is_data(tree: Node) -> bool:
    """Whether a document is data and nothing that a reader could look at."""
    return not tree.has("body *:not(script)")


def shown(tree: Node, url: str) -> str:
    """A page's address, with the beginning of the fragment by which its script finds an article."""
    match = _BY_HASH.search(tree.scripts)
    return url.partition("#")[0] + (f"#{match[1] or match[2]}" if match else "")


def of_article(shown: str, name: str) -> str:
    """Where an article with that id is shown; empty where that page shows another edition next week."""
    page, fragment, asks = shown.partition("#")
    if fragment and _OWN_ID.fullmatch(name):
        return f"{page}#{asks}{name}"
    return page if page and day_of(page) else ""
