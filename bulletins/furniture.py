"""A headline and its text -> why it is no news: the editors' block, an advertisement, a guide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletins.model import Block, BlockKind

_EDITORS = re.compile(
    r"[(（【\[\s]*(?:版责|本版(?:责任)?编辑|本版责编|责编|责任编辑|值班(?:编委|主任|总编)|编辑|主编|美编|版式(?:设计)?|组版|校对|审读)"
    r"\s*(?:[:：/／].*|[\s\u3000].{0,40})?"
)
_ADVERTISEMENT = re.compile(
    r"[(（【\[\s]*(?:公益|商业|分类|形象|招商|文化|节日)?广\s*告(?:专?版|位|招商)?[)）】\]\s]*\d{0,2}"
)
_GUIDE = re.compile(
    r"[(（【\[\s]*(?:今日|本报|本期|本版|版面|要闻|新闻|内容)*(?:导\s*读|导\s*航|目\s*录)[)）】\]\s]*"
)
_SHORT = 120  # characters of an editors' block with its names


def no_news(title: str, blocks: Sequence[Block]) -> str | None:
    """The reason to leave it out; None for an article."""
    text = "".join(block.text for block in blocks if block.kind != BlockKind.IMAGE)
    if _ADVERTISEMENT.fullmatch(title):
        return "an advertisement"
    if _GUIDE.fullmatch(title) and "。" not in text:
        return "a guide to the other pages"
    if _EDITORS.fullmatch(title) and len(text) <= _SHORT:
        return "the editors of the page"
    if blocks and not any(block.text for block in blocks):
        return "a picture without a word"
    return None
