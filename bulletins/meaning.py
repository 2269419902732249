"""One RawItem as spelt -> one Item as meant, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulletins import bylines, columns, dates, furniture, identity, prose, regions
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Column,
    ColumnKind,
    Context,
    Evidence,
    Item,
    Precision,
    RawItem,
    Region,
    Rejection,
    Role,
)

_TEXT = (BlockKind.PARAGRAPH, BlockKind.HEADING)
_REPLACEMENT = "\ufffd"


def normalise(raw: RawItem, context: Context) -> Item | Rejection:
    """Clean, sign, place and date an item. Its id is minted here; whether an older one is kept is decided
    when it is compared with what is held."""
    title = prose.clean(raw.title)
    blocks, authors, opening = _body(raw)
    if fault := _fault(title, blocks):
        return Rejection(fault, title, raw.href)
    told = [block for block in blocks if block.kind in _TEXT]
    lead = next((n for n, block in enumerate(told) if block.kind == BlockKind.PARAGRAPH), 0)
    paragraphs = [block.text for block in told[lead:]]
    if paragraphs and opening:  # 本报长沙11月19日讯 says where, and from which day to count
        paragraphs[0] = f"{opening} {paragraphs[0]}"
    located = regions.locate(
        title=title,
        paragraphs=paragraphs,
        heading=raw.region,
        within=context.source.region,
        signed=[author.name for author in authors if author.role == Role.ORGANISATION],
    )
    published, precision, dated = _published(raw, context.now)
    printed = published.astimezone(dates.SHANGHAI).date()
    event = dates.event(paragraphs[0], printed) if paragraphs else None
    item = Item(
        id=identity.mint(context.authority, context.source.id, raw.href, _section(raw, located.region)),
        source=context.source.id,
        title=title,
        link=identity.link(raw.href),
        published=published,
        precision=precision,
        first_seen=context.now,
        updated=context.now,
        blocks=blocks,
        authors=authors,
        region=located.region,
        regions=located.regions,
        column=_column(raw, context),
        event_date=event[0] if event else None,
        event_end=event[1] if event else None,
        edition=raw.edition,
        page=raw.page,
        position=raw.position,
        section=raw.section,
        heading=raw.region,
        pdf=raw.pdf,
        evidence=(*located.evidence, dated),
    )
    return replace(item, digest=identity.digest(item))


def _fault(title: str, blocks: Sequence[Block]) -> str | None:
    if reason := furniture.no_news(title, blocks):
        return reason
    if not title:
        return "no title"
    if not blocks:
        return "no body"
    if _REPLACEMENT in title or any(_REPLACEMENT in block.text for block in blocks):
        return "characters that no encoding explains"
    return None


def _body(raw: RawItem) -> tuple[tuple[Block, ...], tuple[Author, ...], str]:
    """The body without its opening mark and closing byline, its broken paragraphs joined; who signed; and the
    opening mark."""
    blocks = [cleaned for block in raw.blocks if (cleaned := _clean(block))]
    told = [n for n, block in enumerate(blocks) if block.kind in _TEXT]
    found = bylines.unsigned([blocks[n] for n in told])
    for n, text in zip(told, found.texts, strict=True):
        blocks[n] = _with_text(blocks[n], text)
    shared = bylines.closing(raw.byline) if raw.byline else None
    signed = [*found.authors, *(shared.authors if shared else ())]
    kept = prose.join([block for block in blocks if block.text or block.url])
    return kept, tuple(dict.fromkeys(signed)), found.mark


def _clean(block: Block) -> Block | None:
    if block.kind in (BlockKind.LIST, BlockKind.TABLE):
        lines = [prose.clean(line) for line in block.text.split("\n")]
        return replace(block, text="\n".join(line for line in lines if line))
    cleaned = _with_text(block, prose.clean(block.text))
    return cleaned if cleaned.text or cleaned.url else None


def _with_text(block: Block, text: str) -> Block:
    """A block with another text; inline markup that belonged to the old one goes."""
    return block if text == block.text else replace(block, text=text, html="")


def _published(raw: RawItem, now: datetime) -> tuple[datetime, Precision, Evidence]:
    if raw.date and (found := dates.moment(raw.date)):
        return *found, Evidence("published", "page", raw.date)
    if raw.edition and raw.edition.date:
        day = datetime.combine(raw.edition.date, datetime.min.time(), dates.SHANGHAI)
        return day, Precision.DAY, Evidence("published", "edition", raw.edition.date.isoformat())
    day = now.astimezone(dates.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return day, Precision.DAY, Evidence("published", "first seen", "")


def _column(raw: RawItem, context: Context) -> Column | None:
    """The column it stands in; for want of a heading, the page's name."""
    if raw.column:
        return columns.column(raw.column, raw.column_kind, context.source)
    if raw.page and raw.page.name:
        return columns.column(raw.page.name, ColumnKind.PAGE, context.source)
    return None


def _section(raw: RawItem, region: Region | None) -> str:
    """What names a section within its article: its heading's division, whose code outlives a reordering; and
    the article within its page, where the page holds several."""
    section = ""
    if raw.section:
        section = region.code if region and region.how == "heading" else f"s{raw.section}"
    return "/".join(filter(None, (raw.name, section)))
