"""Founder's newer digital newspapers (`…/layout/YYYYMM/DD/node_01.html`): pages in, lists and texts out.

Articles stand in a tree of their own (`content/` or `con/` beside `layout/`). Five skins are described, and
papers wear them on older trees too.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "nav-list layoutlist posRelative Chunkiconlist bmdhTable bmdh_tr nav-item-links webtree banzi_info",
    r"(?:^|/)(?:node|col|l)_?[A-Z]{0,4}\d{1,4}[A-Z]?\.html?(?:$|[?#])",
    r"\.html",
)
_ARTICLES = lists.Shape.of(
    "resultList articlelist newslist wzlb_tr news-list news-item news_list webtree news_info",
    r"(?:^|/)(?:con(?:tent)?_[\w-]*\d\.html?|c\d{4,}\.html?|con(?:tent)?/\d{6}/\d\d/[\w-]*\d\.html?)(?:$|[?#])",
    r"\.html",
)

LAYOUT = Layout(
    "founder_new",
    lists.pages(_PAGES),
    lists.articles(_ARTICLES, _PAGES),
    bodies.article("ozoom newsdetatext article-entry tc_con"),
)
