"""Seven templates that few newspapers share, from `/Media/CODE/DATE` to `/html/node/…/A1.html`, as one.

They are one layout because nothing but the names of their boxes and the shapes of their addresses differs.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "bancilist left-menu pages-list bancititle nav-list bmList shortlist",
    r"(?:^|/)(?:Qpaper\w*|page_(?:list|detail)_[\w-]+|\d{8}_plist\w*|\w+_\d{8}_\d+_[A-Z]?\d{1,3}|[A-Z]\d{1,3})\.html?(?:$|[?#])"
    r"|/Media/\w+/\d{4}-\d\d-\d\d/?\d{0,3}(?:$|[?#])",
)
_ARTICLES = lists.Shape.of(
    "doclist page-list item2-menu-item resultList main-list text",
    r"(?:^|/)(?:article_detail_[\w-]+|art_(?:list|detail)_[\w-]+|\d{3,}(?:_\d+)*|\w+_\d{8}_\d+_[A-Z]?\d{1,3}(?:_\d+)?)\.html?(?:$|[?#])",
    plain=True,
)

LAYOUT = Layout(
    "pairs",
    lists.pages(_PAGES),
    lists.articles(_ARTICLES, _PAGES),
    bodies.article("article-cont doccontent zhenwenzone artclecontent"),
)
