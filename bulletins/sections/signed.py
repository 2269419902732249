"""An article's blocks -> the items that it carries, where each ends or begins with a byline of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletins import bylines, regions
from bulletins.model import Block
from bulletins.sections.lines import BEGINS, MARK, TEXT, closing, is_bold, stops

_HEADLINE = 40  # characters of the longest headline
_PLACE = 24  # characters in which a report says where it is from
_SHORTEST = 20  # characters of the shortest report
_MARKS = re.compile(f"{MARK}*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the items: its own headline, or none, and its blocks, the byline among them."""

    headline: str
    blocks: tuple[Block, ...]


def pieces(blocks: Sequence[Block]) -> list[Piece]:
    """The items; none where the article is one. It is several only where every one of them is signed, is
    long enough to be a report, and has a headline or begins as a report does."""
    found = [_piece(part) for part in _parts(blocks)]
    return found if len(found) > 1 and all(map(_is_report, found)) else []


def _parts(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks cut behind each text that a byline closes, and before each that a byline opens, with its
    headline. Pictures, editors and further bylines after a text belong to it."""
    texts = dict.fromkeys(n for n, block in enumerate(blocks) if _is_text(block))
    last = next(reversed(texts), -1)
    part: list[Block] = []
    told = closed = False  # whether the part has a text, and a byline that closes it
    for n, block in enumerate(blocks):
        begins = n in texts or (n < last and _is_headline(block))
        if told and begins and (closed or _opens(blocks, n)):
            yield part
            part, told, closed = [], False, False
        part.append(block)
        told = told or n in texts
        closed = closed or (told and _is_own(closing(block)))
    if part:
        yield part


def _is_own(byline: bylines.Byline | None) -> bool:
    return byline is not None and not byline.shared


def _is_line(byline: bylines.Byline | None) -> bool:
    return byline is not None and not byline.rest


def _is_text(block: Block) -> bool:
    return block.kind in TEXT and not _is_line(closing(block)) and not _is_headline(block)


def _is_headline(block: Block) -> bool:
    if block.kind not in TEXT or len(block.text) > _HEADLINE or closing(block):
        return False
    return is_bold(block) or not stops(block)


def _opens(blocks: Sequence[Block], at: int) -> bool:
    """Whether a byline opens what begins here: 本报讯（记者 …）, or a line of its own below the headline."""
    while at < len(blocks) and _is_headline(blocks[at]):
        at += 1
        if at < len(blocks) and _is_own(byline := closing(blocks[at])) and _is_line(byline):
            return True
    return at < len(blocks) and blocks[at].kind in TEXT and bool(bylines.opening(blocks[at].text).authors)


def _piece(part: Sequence[Block]) -> Piece:
    count = next((n for n, block in enumerate(part) if not _is_headline(block)), len(part))
    headline = " ".join(_MARKS.sub("", block.text, count=1).strip() for block in part[:count])
    return Piece(headline, tuple(part[count:]))


def _is_report(piece: Piece) -> bool:
    texts = [block.text for block in piece.blocks if _is_text(block)]
    if not texts or sum(map(len, texts)) < _SHORTEST:
        return False
    if not (any(_is_own(closing(block)) for block in piece.blocks) or bylines.opening(texts[0]).authors):
        return False
    lead = _MARKS.sub("", texts[0], count=1)
    if piece.headline or BEGINS.match(lead):
        return True
    return regions.locate(title="", paragraphs=[lead[:_PLACE]], heading=None, within=None).region is not None
