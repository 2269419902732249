"""A line of an article -> what it looks like: text, a headline's dress, a byline."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletins import bylines
from bulletins.model import Block, BlockKind

TEXT = (BlockKind.HEADING, BlockKind.PARAGRAPH)
# How a report begins: with a day, or with whose news it is.
BEGINS = re.compile(r"\d{1,2}[月日]|近[日期]|日前|连日|[昨今]|本[报网刊]|\S{0,8}讯[\s(（]")
MARK = r"[\s■●▶►▷◆□◇○◎★☆▲△▼▽◼◾※·•*#—–_=~-]"
_STOPPED = re.compile(r"[。！？!?…;；:：,，、][”’」』)）》]*$")
_SHORT = 500  # characters of a paragraph whose byline is remembered
_BOLD = re.compile(r"\s*<(strong|b|h\d)\b[^>]*>(?:(?!</\1>).)*</\1>\s*", re.S)


def stops(block: Block) -> bool:
    """Whether the text ends with a stop or a comma."""
    return _STOPPED.search(block.text) is not None


def is_bold(block: Block) -> bool:
    """Whether all of it is set as a heading: as one, or in bold."""
    return block.kind == BlockKind.HEADING or _BOLD.fullmatch(block.html) is not None


def closing(block: Block) -> bylines.Byline | None:
    if block.kind not in TEXT:
        return None
    return _closing(block.text) if len(block.text) <= _SHORT else bylines.closing(block.text)


@lru_cache(maxsize=1_000)  # each paragraph is asked three times over; a thousand of them are a few hundred KB
def _closing(text: str) -> bylines.Byline | None:
    return bylines.closing(text)
