"""Digital newspapers of `/content/YYYYMMDD/Page01BC.htm`: their pages in, lists and texts out.

Classes are bare numbers or stand for the position in a table. `PageArticleIndexLB.htm` has the articles of
all pages, their addresses in title attributes.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of("leftmenu gebanlist_2", r"(?:^|/)Page\d{1,3}[A-Z]{1,3}\.htm(?:$|[?#])")
_ARTICLES = lists.Shape.of("rightmenu linkto", r"(?:^|/)(?!Page)[A-Z]*\d{3,}\w*?[A-Z]{2}\.htm(?:$|[?#])")

LAYOUT = Layout(
    "pagenn",
    lists.pages(_PAGES),
    lists.articles(_ARTICLES, _PAGES),
    bodies.article("contenttext oldcontenttext"),
)
