"""开普云 (ucap): a box `#UCAP-CONTENT`, lists that a script fetches from `/es-search/` as JSON."""

from __future__ import annotations

import re

from bulletins.layouts import datalists, weblists, webpage
from bulletins.layouts.parts import Articles, Layout, Part
from bulletins.markup import Node, web_address

_TEXT = "#UCAP-CONTENT, ucapcontent"
_SEARCH = re.compile(r"[\"'](/es-search/search/)[\"']?")
_TEMPLATE = re.compile(r"_template=([\w/]+)")


def _score(tree: Node) -> float:
    if "publishedTimeStr" in tree.scripts and datalists.rows(tree, "http://localhost/"):
        return 1.0
    return 0.9 if tree.has("meta[name='channelId' i]") and _SEARCH.search(tree.scripts) else 0.0


def _list(tree: Node, url: str) -> Articles:
    """The entries of the JSON that its script asks for; of the page itself, where that is."""
    if links := datalists.rows(tree, url):
        return Articles(links)
    channel = tree.first("meta[name='channelId' i]")
    template = _TEMPLATE.search(tree.scripts)
    query = f"?_template={template[1]}&_pageSize=20&page=1" if template else "?_pageSize=20&page=1"
    address = f"/es-search/search/{channel.attribute('content') if channel else ''}{query}"
    return Articles((), next=web_address(address, url), column=weblists.column(tree))


LAYOUT = Layout("ucap", articles=Part(_score, _list), article=webpage.part(_TEXT))
