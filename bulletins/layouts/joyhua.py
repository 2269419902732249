"""The digital newspapers of joyhua (`/CODE/YYYYMMDD/html/index.htm`): their pages in, lists and texts out.

The first page is the edition; texts are parted by br.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "bmml_con_div bmml_con_div_name bmml-tit bmdh-list banmiandh s-center-bottom sub1",
    r"^(?:[^?#]*/)?(?:index|page|index_page)_?\d*\.htm(?:$|[?#])",
)
_ARTICLES = lists.Shape.of(
    "bmdh_con_a bmdh_con_div paper-title-list paper-item newsList",
    r"(?:^|/)(?:index_)?content_\d{3,}\.html?(?:$|[?#])",
)

LAYOUT = Layout(
    "joyhua",
    lists.pages(_PAGES),
    lists.articles(_ARTICLES, _PAGES),
    bodies.article("zoom numb papercont"),
)
