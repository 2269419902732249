"""Guangdong's platform for open government (gkmlpt): `/gkmlpt/content/4/4401/post_4401993.html`."""

from __future__ import annotations

from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout
from bulletins.markup import Node


def _is_article(tree: Node) -> bool:
    return tree.has("a[href*='/gkmlpt'], link[href*='/gkmlpt'], script[src*='/gkmlpt']") or (
        "gkmlpt" in tree.scripts
    )


LAYOUT = Layout("gkmlpt", article=webpage.part(".article-content", _is_article))
