"""博达 (Visual SiteBuilder), of universities and associations: `info/1001/1234.htm`, lists counting down."""

from __future__ import annotations

from bulletins.layouts import weblists, webpage
from bulletins.layouts.parts import Layout
from bulletins.markup import Node

_FEWEST = 2  # rows of its own that make a list
_TEXT = ".v_news_content, [id^='vsb_content']"


def _is_list(tree: Node) -> bool:
    return len(tree.all("li[id^='line_'], tr[id^='line_'], div[id^='line_']")) >= _FEWEST


LAYOUT = Layout("boda", articles=weblists.part(_is_list), article=webpage.part(_TEXT))
