"""A text that stands twice on a page -> its second time.

Where it is printed across (横排) and upright (竖排), one of both is hidden, mostly by a style elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import accumulate, pairwise, product

from bulletins.markup import Node

_SHORTEST = 15  # characters, without blanks and marks, of a text that hardly stands twice in another
_MOSTLY = 0.8  # of all that is said, what is said twice
_HEAD = 5  # lines above it: a kicker, a byline
_MOST = 2_000  # paragraphs that are compared; the longest articles have some hundred
_NO_WORDS = re.compile(r"[\W_]+")
_BOXES = "div, section, article, td, dd, span, font"  # and no paragraphs: a refrain is no copy


def places(told: Sequence[tuple[int, str]]) -> Collection[int]:
    """Of paragraphs with their places, those of the second time; the paragraphs of one may be lines of the
    other."""
    words = [_NO_WORDS.sub("", text) for _, text in told]
    whole = "".join(words)
    if len(whole) < 2 * _SHORTEST or len(words) > _MOST:
        return ()
    begins = [0, *accumulate(map(len, words))]
    pieces = {begin: n for n, begin in reversed([*enumerate(begins)])}
    for first, again in product(begins[:_HEAD], begins):
        length = again - first
        twice = length >= _SHORTEST and 2 * length >= _MOSTLY * len(whole)
        if twice and again + length in pieces and whole[first:again] == whole[again : again + length]:
            return {place for place, _ in told[pieces[again] : pieces[again + length]]}
    return ()


def boxed(body: Node) -> bool:
    """Whether two boxes side by side have the same text."""
    boxes: dict[str, list[Node]] = {}
    for box in body.all(_BOXES):
        if len(text := _NO_WORDS.sub("", box.text)) >= _SHORTEST:
            boxes.setdefault(text, []).append(box)
    return any(
        box not in other.all(box.tag) and other not in box.all(other.tag)
        for alike in boxes.values()
        for box, other in pairwise(alike)
    )
