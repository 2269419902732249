"""One article that carries several regions -> one RawItem for each region heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletins import bylines, columns, regions
from bulletins.model import Block, BlockKind, ColumnKind, RawItem

_TEXT = (BlockKind.HEADING, BlockKind.PARAGRAPH)
_FEWEST = 2  # headings that make a roundup; one alone is a dateline or a kicker


def split(raw: RawItem, within: str | None) -> tuple[RawItem, ...]:
    """Take the column heading off, then the sections apart. No block of text is dropped: what stands before
    the first heading is an item of its own, under the umbrella headline.

    `within` is the code of the source's region, which ambiguous headings prefer.
    """
    raw = _columned(raw)
    heads = [n for n, block in enumerate(raw.blocks) if _is_heading(block, within)]
    heads = [n for n in heads if n + 1 < len(raw.blocks) and n + 1 not in heads]
    if len(heads) < _FEWEST:
        return (raw,)
    shared, blocks = _shared_byline(raw.blocks, heads)
    umbrella = raw
    if shared and shared.shared:
        umbrella = replace(raw, column=raw.column or raw.title, column_kind=_kind(raw))
    umbrella = replace(umbrella, byline=shared.text if shared else raw.byline)
    ends = [*heads[1:], len(blocks)]
    sections = [
        replace(
            umbrella,
            title=f"{blocks[start].text.strip(' 　：:')}：{raw.title}",
            region=blocks[start].text.strip(" 　：:"),
            blocks=blocks[start + 1 : end],
            section=number,
        )
        for number, (start, end) in enumerate(zip(heads, ends, strict=True), start=1)
    ]
    preface = blocks[: heads[0]]
    return (replace(umbrella, blocks=preface), *sections) if preface else tuple(sections)


def _columned(raw: RawItem) -> RawItem:
    """An article whose first line is a column heading with its pinyin stands in that column."""
    for number, block in enumerate(raw.blocks[:2]):
        if name := columns.heading(block.text):
            rest = raw.blocks[:number] + raw.blocks[number + 1 :]
            return replace(raw, column=name, column_kind=ColumnKind.HEADING, blocks=rest)
    return raw


def _kind(raw: RawItem) -> ColumnKind:
    return raw.column_kind if raw.column else ColumnKind.UMBRELLA


def _is_heading(block: Block, within: str | None) -> bool:
    return block.kind in _TEXT and bool(regions.candidates(block.text, within))


def _shared_byline(
    blocks: Sequence[Block], heads: Sequence[int]
) -> tuple[bylines.Byline | None, tuple[Block, ...]]:
    """A byline that stands alone after the last section signs them all, when it says so (本栏目组稿) or when
    no other section is signed."""
    kept = tuple(blocks)
    last = bylines.closing(kept[-1].text) if kept[-1].kind in _TEXT else None
    if last is None or last.rest:
        return None, kept
    ends = [start - 1 for start in heads[1:]]
    if last.shared or not any(bylines.closing(kept[end].text) for end in ends):
        return last, kept[:-1]
    return None, kept
