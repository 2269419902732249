"""One RawItem as spelt -> one Item as meant, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bulletins import bylines, columns, dates, folios, furniture, identity, inline, prose, regions
from bulletins.bylines import Unsigned
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
_LINES = (*_TEXT, BlockKind.LIST)
_AHEAD = timedelta(days=1)  # a date further on is a slip: the item has the day on which it was first seen
_LONG = 120  # characters of a byline that an editor should look at
_LEAD = 3  # paragraphs that may say when it happened
_LONGEST_LEAD = 5_000  # characters of a paragraph that are looked through; those of news have some hundred
_HEAD = 20  # characters of one after the first in which it says so
_SHOWN = 200  # characters of the words that are kept as evidence
_REPLACEMENT = "\ufffd"


def normalise(raw: RawItem, context: Context) -> Item | Rejection:
    """Clean, sign, place and date an item. Its id is minted here; whether an older one is kept is decided
    when it is compared with what is held."""
    title = prose.clean(raw.title)
    blocks, found = _body(raw)
    if fault := _fault(title, blocks):
        return Rejection(fault, title, raw.href)
    authors, signed = _authors(raw, found, context)
    told = [block for block in blocks if block.kind in _TEXT]
    lead = next((n for n, block in enumerate(told) if block.kind == BlockKind.PARAGRAPH), 0)
    paragraphs = [block.text for block in told[lead:]]
    if paragraphs and found.mark:  # 本报长沙11月19日讯 says where, and from which day to count
        paragraphs[0] = f"{found.mark} {paragraphs[0]}"
    published, precision, dated = _published(raw, found.stamps, context.now)
    printed = published.astimezone(dates.SHANGHAI).date()
    located = regions.locate(
        title=title,
        paragraphs=paragraphs,
        heading=raw.region,
        within=context.source.region,
        signed=[author.name for author in authors if author.role == Role.ORGANISATION],
        printed=printed,
    )
    event, happened = _event(paragraphs[:_LEAD], printed)
    column, stood = _column(raw, context)
    item = Item(
        id=identity.mint(
            context.authority,
            context.source.id,
            identity.of_feed(raw.id) or raw.href,
            _section(raw, located.region),
        ),
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
        column=column,
        event_date=event.first if event else None,
        event_end=event.last if event else None,
        edition=raw.edition,
        page=raw.page,
        position=raw.position,
        section=raw.section,
        heading=raw.region,
        pdf=raw.pdf,
        attachments=tuple(replace(one, name=prose.clean(one.name)) for one in raw.attachments),
        evidence=(*_margins(raw), *located.evidence, dated, *happened, *signed, *stood),
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


def _body(raw: RawItem) -> tuple[tuple[Block, ...], Unsigned]:
    """The body without what signs and frames it, its broken paragraphs joined; and what that said."""
    blocks = [cleaned for block in raw.blocks if (cleaned := _clean(block))]
    told = [n for n, block in enumerate(blocks) if block.kind in _LINES]
    found = bylines.unsigned([blocks[n] for n in told], prose.clean(raw.title))
    for n, text in zip(told, found.texts, strict=True):
        blocks[n] = inline.keep(blocks[n], text)
    return prose.worded(prose.join([block for block in blocks if block.text or block.url])), found


def _clean(block: Block) -> Block | None:
    if block.kind in (BlockKind.LIST, BlockKind.TABLE):
        lines = [prose.clean(line) for line in block.text.split("\n")]
        return replace(block, text="\n".join(line for line in lines if line))
    cleaned = inline.keep(block, prose.clean(block.text))
    return cleaned if cleaned.text or cleaned.url else None


def _authors(
    raw: RawItem, found: Unsigned, context: Context
) -> tuple[tuple[Author, ...], tuple[Evidence, ...]]:
    """Who signed, in the text and then on the page beside it, and the words that say so."""
    apart = bylines.given(raw.byline) if raw.byline else None
    authors = bylines.each_once([*found.authors, *(apart.authors if apart else ())])
    said = [Evidence("authors", "byline", words[:_SHOWN], _long(words)) for words in found.signs]
    if apart:
        how = "shared byline" if apart.shared else "page"
        said.append(Evidence("authors", how, apart.text[:_SHOWN], _long(apart.text)))
    elif raw.byline and bylines.unread(raw.byline):
        said.append(Evidence("authors", "page", raw.byline[:_SHOWN], "a byline that names nobody known"))
    if found.unread:
        said.append(Evidence("authors", "byline", found.unread[:_SHOWN], "a byline that names nobody known"))
    said += [
        Evidence("authors", "byline", author.name, "a name that is also a place")
        for author in authors
        if author.role == Role.CONTRIBUTOR and regions.local_stem(author.name, context.source.region)
    ]
    return authors, tuple(said)


def _long(words: str) -> str:
    return f"a byline of {len(words)} characters" if len(words) > _LONG else ""


def _margins(raw: RawItem) -> Iterator[Evidence]:
    """The words of the headline, and those that tell its edition and page: what stands beside the text, else
    what the list that led to it said."""
    yield Evidence("title", "heading" if raw.section and raw.region else "headline", raw.title[:_SHOWN])
    head, edition, page = prose.clean(raw.head)[:_SHOWN], raw.edition, raw.page
    if edition and edition.number is not None:
        beside = folios.issue(raw.head) == edition.number
        yield Evidence("edition", "page" if beside else "list", head if beside else str(edition.number))
    if edition and edition.date:
        yield Evidence("edition", "list", edition.date.isoformat())
    if page and (page.number or page.name):
        beside = folios.page(raw.head) == page
        said = " ".join(filter(None, (page.number, page.name)))
        yield Evidence("page", "page" if beside else "list", head if beside else said)


def _published(raw: RawItem, stamps: Sequence[str], now: datetime) -> tuple[datetime, Precision, Evidence]:
    """The page's own date; else the edition's, with the time of day that a line around the text may add; else
    that line's: 发布时间 of another day tells when a printed article was posted. Where there is none, or none
    that can be, the day on which the item was first seen: it keeps that one."""
    wrong: list[tuple[str, str]] = []  # what is printed, and why it cannot be
    edition = raw.edition.date if raw.edition else None
    for text, how in ((raw.date or "", "page"), *((stamp, "text") for stamp in stamps)):
        if moment := dates.moment(text):
            if how == "text" and edition and moment[0].date() != edition:
                continue
            if moment[0] <= now + _AHEAD:
                said = [*(why for _, why in wrong), dates.contradiction(text)]
                return *moment, Evidence("published", how, text[:_SHOWN], "; ".join(filter(None, said)))
            wrong.append((text, f"dated {moment[0].date()}, which is yet to come"))
        elif none := dates.impossible(text):
            wrong.append((text, f"dated {none}, which no calendar has"))
    if edition and _midnight(edition) > now + _AHEAD:
        wrong.append((edition.isoformat(), f"its edition is dated {edition}, which is yet to come"))
    elif edition:
        doubt = "; ".join(why for _, why in wrong)
        return _midnight(edition), Precision.DAY, Evidence("published", "edition", edition.isoformat(), doubt)
    today = _midnight(now.astimezone(dates.SHANGHAI).date())
    printed = "; ".join(text for text, _ in wrong)[:_SHOWN]
    doubt = "; ".join(why for _, why in wrong) or "no date is printed"
    return today, Precision.DAY, Evidence("published", "first seen", printed, doubt)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), dates.SHANGHAI)


def _event(lead: Sequence[str], printed: date) -> tuple[dates.Event | None, tuple[Evidence, ...]]:
    """The days that the first paragraph reports on; where that tells no time at all (a kicker, a scene),
    those at the head of one of the next."""
    for n, text in enumerate(lead):
        told = text[:_LONGEST_LEAD] if n == 0 else text[:_HEAD]
        if event := dates.event(told, printed):
            return event, (Evidence("event_date", "text", event.text, event.doubt),)
        if wrong := dates.impossible(told, printed):
            return None, (Evidence("event_date", "text", wrong, "a day that no calendar has"),)
        if lately := dates.vague(told):
            return None, (Evidence("event_date", "vague", lately),)
    return None, ()


def _column(raw: RawItem, context: Context) -> tuple[Column | None, tuple[Evidence, ...]]:
    """The column it stands in; for want of a heading, the page's name."""
    if raw.column:
        return columns.column(raw.column, raw.column_kind, context.source), (
            Evidence("column", raw.column_kind, raw.column),
        )
    if raw.page and raw.page.name:
        return columns.column(raw.page.name, ColumnKind.PAGE, context.source), (
            Evidence("column", ColumnKind.PAGE, raw.page.name),
        )
    return None, ()


def _section(raw: RawItem, region: Region | None) -> str:
    """What names a section within its article: its heading's division, whose code outlives a reordering; and
    the article within its page, where the page holds several."""
    section = ""
    if raw.section:
        section = region.code if region and region.how == "heading" else f"s{raw.section}"
    return "/".join(filter(None, (raw.name, section)))
