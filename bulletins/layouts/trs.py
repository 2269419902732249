"""TRS (拓尔思 WCM), on which most government sites run: `…/202609/t20260904_88123.html`, `index_1.html`."""

from __future__ import annotations

import re

from bulletins.layouts import weblists, webpage
from bulletins.layouts.parts import Layout
from bulletins.markup import Node

_TEXT = (
    ".TRS_Editor, .trs_editor_view, .TRS_UEDITOR, .trs_paper_default, .TRS_PreAppend, .Custom_UnionStyle, "
    ".trs_web, .trs_word"
)

_ADDRESS = re.compile(r"(?:^|/)t20\d{6}_\d+\.s?html?(?:$|[?#])")
_FEWEST = 3


def _is_list(tree: Node) -> bool:
    found = sum(
        1 for a in tree.all("a[href*='/t20'], a[href^='t20']") if _ADDRESS.search(a.attribute("href"))
    )
    return found >= _FEWEST or "createPageHTML" in tree.scripts


LAYOUT = Layout("trs", articles=weblists.part(_is_list), article=webpage.part(_TEXT))
