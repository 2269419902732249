"""Founder's older digital newspapers (`…/html/YYYY-MM/DD/node_2.htm`): pages in, lists and texts out.

Articles stand beside their page, in tables, lists or only in the map of its picture; the id `pageLink` is
repeated for every page.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "pageLink bmdhTable bmdh_tr rigth_bmdh_href main-ednav-nav pageList right_title-name"
    " layout-catalogue-list layout-catalogue-item box1Ul catalog paper-list scroll xbc_01",
    r"(?:^|/)(?:node_[\w-]+|nbs\.D\d+\w+)\.html?(?:$|[?#])",
    r"\.htm(?!l)",
)
_ARTICLES = lists.Shape.of(
    "main-ed-articlenav-list main-ed-articlenav list01 ul02_l wzlb_tr content_1_1 titleList listBox listAll"
    " nav_con section",
    r"(?:^|/)(?:content_[\w-]*\d|nw\.D\d+\w+-\d+)\.html?(?:$|[?#])",
    r"\.htm(?!l)",
)

LAYOUT = Layout(
    "founder_old",
    lists.pages(_PAGES),
    lists.articles(_ARTICLES, _PAGES),
    bodies.article("ozoom articleContent content_article font6 neir"),
)
