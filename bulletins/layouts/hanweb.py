"""大汉 (hanweb) JCMS and JPAAS: `/col/col103585/index.html`, `/art/2026/9/4/art_103585_10328790.html`.

Lists are records in CDATA within a script, which a browser's script unpacks: a tree has no link of them.
"""

from __future__ import annotations

from bulletins.layouts import weblists, webpage
from bulletins.layouts.parts import Layout
from bulletins.markup import Node

_TEXT = "#zoom, .zoom, #content-1, #contentText, #articleContent, .article-content, .content, .TRS_Editor"


def _is_article(tree: Node) -> bool:
    marked = any("<$[" in comment or "ZJEG_RSS" in comment for _, comment in tree.comments)
    return marked or tree.has("meta[name='ContentStart'], script[src*='/module/visitcount/']")


def _is_list(tree: Node) -> bool:
    return "<record>" in tree.scripts


LAYOUT = Layout("hanweb", articles=weblists.part(_is_list), article=webpage.part(_TEXT, _is_article))
