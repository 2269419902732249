"""Digital newspapers that count their issues (`newspaper.asp?Nid=1047`): their pages in, lists and texts out.

No address has a date; the page shows it. An article's address may be a number in onclick and a function.
"""

from __future__ import annotations

from bulletins.layouts import bodies, lists
from bulletins.layouts.parts import Layout

_PAGES = lists.Shape.of(
    "index_f_list f_list",
    r"[?&](?:Pid|page|banci|bc|Bid)=\w{1,4}(?:$|[&#])",
)
_ARTICLES = lists.Shape.of(
    "index_a_list a_list",
    r"(?:[?&](?:Aid|newsid|id|article_?id)=\d+|/article/\d+)(?:$|[&#])",
    plain=True,
)

LAYOUT = Layout("nid", lists.pages(_PAGES), lists.articles(_ARTICLES, _PAGES), bodies.article("Zoom"))
