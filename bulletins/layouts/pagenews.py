"""Digital newspapers with `#pagenews` (`/content/YYYY-MM/DD`, `periodid-N.shtml`): lists and texts out.

An edition's address has no file name, or the number of its issue; GBK is the norm.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "pagetitleslist pagescroll",
    r"(?:^|/)(?:periodid-[\d-]+\.s?html|content/\d{4}-\d\d/\d\d(?:/(?:node_)?[A-Z]?\d{0,2})?/?)(?:$|[?#])",
)
_ARTICLES = lists.Shape.of(
    "pagenews pagenewslist",
    r"(?:^|/)(?:newsid-\d+\.s?html|content/\d{4}-\d\d/\d\d/(?:content_)?\d{3,}(?:\.s?html?)?)(?:$|[?#])",
)

LAYOUT = Layout(
    "pagenews", lists.pages(_PAGES), lists.articles(_ARTICLES, _PAGES), bodies.article("newspapercontent")
)
