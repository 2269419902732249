"""Sites that state their articles as the government's standard asks (ArticleTitle, PubDate), of any system."""

from __future__ import annotations

from bulletins.facts import facts
from bulletins.layouts import webpage
from bulletins.layouts.parts import Layout
from bulletins.markup import Node

# Boxes of texts by the names that such sites use, beside those of the systems that have a layout of their own.
_TEXT = (
    "#zoom, #Zoom, .zoom, #zoomcon, .pages_content, .article_con, .xl_content, .detail_content, .xxgk_content, "
    "#articleContent, #article_content, .article-content, .article_content, .news_content, .con_text, .conTxt, "
    "#content-1, .content-box, .main-txt, .view"
)

LAYOUT = Layout(
    "official",
    article=webpage.part(_TEXT, lambda tree: facts(tree).official and not tree.has("founder-content"), dense=True),
)
