"""Digital newspapers of `/shtml/CODE/YYYYMMDD/index.shtml`: their pages in, lists and texts out.

Addresses stand in href or in what onclick calls; articles have numbers for names.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "pageNav conRList banlist idx_r info3 nor page-title",
    r"(?:^|/)(?:v[A-Z]{0,2}\d{1,3}|index)\.s?html?(?:$|[?#])",
)
_ARTICLES = lists.Shape.of(
    "titleNav conMItemList articleTitle idx_m info1 info2 bm2 title-list",
    r"(?:^|/)(?:[a-z]+_?)?\d{3,}\.s?html?(?:$|[?#])",
    plain=True,
)

LAYOUT = Layout(
    "shtml",
    lists.pages(_PAGES),
    lists.articles(_ARTICLES, _PAGES),
    bodies.article("content_div details copytext p2_cont acon detail-box height-25 frameContent"),
)
