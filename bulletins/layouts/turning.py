"""A page of a newspaper -> where its 下一版 leads: all that a newspaper without a list of pages has."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bulletins.layouts.parts import Trust
from bulletins.markup import Node
from bulletins.survey import Way, day_of, survey

_AROUND = r"[<>《》«»←→▶►\[\]【】()（）\s]*"
_NEXT = re.compile(rf"{_AROUND}(?:翻到|转到|阅读)?[下后]一?个?版面?{_AROUND}", re.I)
_NEXT_OF_ANY = re.compile(rf"{_AROUND}下一?页{_AROUND}")  # a list's too: where the page says which one it is
_ARROW = re.compile(r"[\W_]*")
_CALLED_NEXT = re.compile(r"(?:^|[-_\s])next(?:[-_]?(?:page|ban|bm|btn))?(?:$|[-_\s])", re.I)
_NUMBERS = re.compile(r"\d+")
TOLD = Trust(0.8, ("a link calls itself 下一版 (+0.80)",))


def following(tree: Node, url: str) -> str | None:
    """The absolute address that a page calls its next one; None where that is its own, another site's, or of
    another day."""
    seen = survey(tree)
    printed = any(node.tag not in ("a", "option") for _, node, _ in seen.folios)
    day, here = day_of(url), url.partition("#")[0]
    for way in seen.ways:
        if not _is_next(way, url, printed=printed):
            continue
        there = (way.address(url) or "").partition("#")[0]
        other = day_of(there)
        if there and there != here and urlsplit(there).hostname == urlsplit(url).hostname:
            return None if day and other and other != day else there
    return None


def _is_next(way: Way, url: str, *, printed: bool) -> bool:
    if _NEXT.fullmatch(way.label) or (printed and _NEXT_OF_ANY.fullmatch(way.label)):
        return True
    if not (printed and _ARROW.fullmatch(way.label) and _CALLED_NEXT.search(way.node.called)):
        return False
    return _NUMBERS.sub("0", way.address(url) or "") == _NUMBERS.sub("0", url)
