"""One article that carries several items -> one RawItem for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletins import bylines, columns, inline, regions
from bulletins.model import Block, ColumnKind, RawItem
from bulletins.sections import headings, signed
from bulletins.sections.lines import closing

__all__ = ["split"]


def split(raw: RawItem, within: str | None) -> tuple[RawItem, ...]:
    """Take the column heading off, then the sections apart: those that regions head, or else those that end
    with bylines of their own. No block of text is dropped: what stands before the first heading is an item
    of its own, under the umbrella headline.

    `within` is the code of the source's region, which ambiguous headings prefer and bare stems have to be in.
    """
    raw = _columned(raw)
    if heads := headings.find(raw.blocks, within):
        return _headed(raw, heads)
    if pieces := signed.pieces(raw.blocks):
        return _signed(raw, pieces, within)
    return (raw,)


def _columned(raw: RawItem) -> RawItem:
    """An article whose first line is a column heading with its pinyin, beside it or on the next line, stands
    in that column."""
    for start, end in ((0, 1), (1, 2), (0, 2), (1, 3)):
        if name := columns.heading("\n".join(block.text for block in raw.blocks[start:end])):
            rest = raw.blocks[:start] + raw.blocks[end:]
            return replace(raw, column=name, column_kind=ColumnKind.HEADING, blocks=rest)
    return raw


def _headed(raw: RawItem, heads: dict[int, headings.Head]) -> tuple[RawItem, ...]:
    starts = list(heads)
    bodies = [
        ([head.rest] if head.rest else []) + list(raw.blocks[start + 1 : end])
        for (start, head), end in zip(heads.items(), [*starts[1:], len(raw.blocks)], strict=True)
    ]
    shared, bodies[-1] = _shared_byline(bodies)
    umbrella = replace(raw, byline=shared.text if shared else raw.byline)
    if shared and shared.shared:
        umbrella = replace(umbrella, column=raw.column or raw.title, column_kind=_kind(raw))
    sections = [
        replace(
            umbrella,
            title=f"{''.join(head.name.split())}：{head.headline or raw.title}",
            region=head.name,
            blocks=tuple(body),
            section=number,
        )
        for number, (head, body) in enumerate(zip(heads.values(), bodies, strict=True), start=1)
    ]
    preface = raw.blocks[: starts[0]]
    return (replace(umbrella, blocks=preface), *sections) if preface else tuple(sections)


def _signed(raw: RawItem, pieces: Sequence[signed.Piece], within: str | None) -> tuple[RawItem, ...]:
    """Each has its own headline; for want of one the umbrella's, with the place that it tells of before it,
    or the article's own where it is the first and no umbrella is over it."""
    first_only = not pieces[0].headline and all(piece.headline for piece in pieces[1:])
    return tuple(
        replace(
            raw,
            title=piece.headline or (raw.title if first_only else _placed(raw.title, piece, within)),
            blocks=piece.blocks,
            section=number,
        )
        for number, piece in enumerate(pieces, start=1)
    )


def _placed(title: str, piece: signed.Piece, within: str | None) -> str:
    texts = [block.text for block in piece.blocks if block.text]
    place = regions.locate(title="", paragraphs=texts, heading=None, within=None).region if texts else None
    return f"{place.path[-1]}：{title}" if place and place.code != within else title


def _kind(raw: RawItem) -> ColumnKind:
    return raw.column_kind if raw.column else ColumnKind.UMBRELLA


def _shared_byline(bodies: Sequence[Sequence[Block]]) -> tuple[bylines.Byline | None, list[Block]]:
    """The byline of all sections, and the last section without it: one that says so (本栏目组稿), whether it
    stands alone or ends a paragraph; or one that stands alone at the end where no other section is signed."""
    last = list(bodies[-1])
    for n in reversed(range(len(last))):
        byline = closing(last[n])
        if byline and byline.shared:
            left = [inline.keep(last[n], byline.rest)] if byline.rest else []
            return byline, last[:n] + left + last[n + 1 :]
    alone = closing(last[-1])
    if alone and not alone.rest and not any(closing(body[-1]) for body in bodies[:-1]):
        return alone, last[:-1]
    return None, last
