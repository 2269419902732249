"""Digital newspapers of `/epaper/read.do`: their pages in, lists and texts out.

Pages and articles share one path and differ in a parameter; headlines are whole in title attributes alone.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of("listTitleL", r"read\.do\?(?=[^#]*\bsid=)(?![^#]*\beid=)")
_ARTICLES = lists.Shape.of("link", r"read\.do\?[^#]*\beid=")

LAYOUT = Layout(
    "readdo", lists.pages(_PAGES), lists.articles(_ARTICLES, _PAGES), bodies.article("article_content")
)
