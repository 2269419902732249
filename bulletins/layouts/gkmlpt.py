"""Guangdong's platform for open government (gkmlpt): `/gkmlpt/content/4/4401/post_4401993.html`."""

from __future__ import annotations

from bulletins.layouts import datalists, weblists, webpage
from bulletins.layouts.parts import Articles, Layout, Part
from bulletins.markup import Node, web_address

_API = "/gkmlpt/api/all/0"  # the newest of all columns, as JSON


def _is_of_platform(tree: Node) -> bool:
    """Whether a page links to the platform, or its scripts name it."""
    return tree.has("a[href*='/gkmlpt'], link[href*='/gkmlpt'], script[src*='/gkmlpt']") or (
        "gkmlpt" in tree.scripts
    )


def _score(tree: Node) -> float:
    if "/gkmlpt/" in tree.scripts and datalists.rows(tree, "http://localhost/"):
        return 1.0
    shell = tree.has("#app, .main-content, body[class*='gkmlpt']") and not tree.has(".article-content")
    return 0.8 if shell and _is_of_platform(tree) and "_CONFIG" in tree.scripts else 0.0


def _list(tree: Node, url: str) -> Articles:
    links = datalists.rows(tree, url)
    return Articles(links, next=None if links else web_address(_API, url), column=weblists.column(tree))


LAYOUT = Layout(
    "gkmlpt", articles=Part(_score, _list), article=webpage.part(".article-content", _is_of_platform)
)
