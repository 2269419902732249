"""Sites of any system that state their articles as the government's standard asks (ArticleTitle, PubDate)."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlencode

from bulletins.facts import facts
from bulletins.layouts import datalists, weblists, webpage
from bulletins.layouts.parts import Articles, Layout, Part
from bulletins.markup import Node, web_address

# Boxes of texts by the names that such sites use, beside those of systems with a layout of their own.
_TEXT = (
    "#zoom, #Zoom, .zoom, #zoomcon, .pages_content, .article_con, .xl_content, .detail_content, "
    ".xxgk_content, #articleContent, #article_content, .article-content, .article_content, .news_content, "
    ".con_text, .conTxt, "
    "#content-1, .content-box, .main-txt, .view"
)

# 中国科协 and others: a script with the address and the query of what it puts in its place.
_STATIC = "script[parsetype='bulidstatic'][url]"


def _score(tree: Node) -> float:
    """Pages of lists state their site and column, and no article."""
    said = facts(tree)
    if tree.has(_STATIC):
        return 0.9
    if datalists.rows(tree, "http://localhost/"):
        return 0.55  # less sure than what knows newspapers' data
    return (
        0.8
        if (said.site or said.column) and not said.official and weblists.rows(tree, "http://localhost/")
        else 0.0
    )


def _list(tree: Node, url: str) -> Articles:
    if links := datalists.rows(tree, url):
        return Articles(links)
    found = weblists.read(tree, url)
    loader = tree.first(_STATIC)
    return replace(found, next=_asked(loader, url)) if loader and not found.links else found


def _asked(loader: Node, url: str) -> str | None:
    """The address that such a script asks: its query is written as JSON in single quotes."""
    query = loader.attribute("querydata").replace("'", '"')
    try:
        pairs = json.loads(query) if query else {}
    except ValueError:
        pairs = {}
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in pairs.items()}
    address = web_address(loader.attribute("url"), url)
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}" if address and values else address


LAYOUT = Layout(
    "official",
    articles=Part(_score, _list),
    article=webpage.part(
        _TEXT, lambda tree: facts(tree).official and not tree.has("founder-content"), dense=True
    ),
)
