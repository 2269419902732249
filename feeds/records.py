"""An item's record: item in, its JSON out, in the one shape of command line, API and JSON Feed extension."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from bulletins.doubts import doubts
from bulletins.model import BlockKind, Edition, Item, PageNo, Precision, Provenance, Region
from feeds import safe
from feeds.enclosures import media_type

# Fixed, not a zone: China has kept +08:00 since 1991, and every date that leaves the house says +08:00.
_PLUS_8 = timezone(timedelta(hours=8))


def local(moment: datetime) -> datetime:
    """An aware moment at +08:00, in whole seconds: as feeds and records print it."""
    return moment.astimezone(_PLUS_8).replace(microsecond=0)


def exact(moment: datetime) -> datetime:
    """An aware moment at +08:00 with its fraction of a second, which keeps the `updated` of two entries
    apart: validators warn where two are the same."""
    return moment.astimezone(_PLUS_8)


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 at +08:00 with seconds, or None."""
    return None if moment is None else local(moment).isoformat()


def record(item: Item) -> dict[str, Any]:
    """The JSON object of an item (docs/schemas/item.json): every key always present, in a fixed order.

    `published` is a date where `precision` is day, else a date-time; all date-times are at +08:00.
    """
    published = local(item.published)
    made: dict[str, Any] = {
        "id": item.id,
        "source": item.source,
        "title": item.title,
        "link": item.link,
        "column": item.column.name if item.column else None,
        "column_slug": item.column.slug if item.column else None,
        "region": _region(item.region),
        "regions": [_region(about) for about in item.regions],
        "authors": [{"name": author.name, "role": str(author.role)} for author in item.authors],
        "published": (published.date() if item.precision is Precision.DAY else published).isoformat(),
        "precision": str(item.precision),
        "event_date": item.event_date.isoformat() if item.event_date else None,
        "event_end": item.event_end.isoformat() if item.event_end else None,
        "edition": _edition(item.edition),
        "page": _page(item.page),
        "position": item.position,
        "section": item.section,
        "pdf": item.pdf,
        "attachments": [
            {"url": one.url, "name": one.name, "media_type": media_type(one.suffix)}
            for one in item.attachments
        ],
        "first_seen": stamp(item.first_seen),
        "updated": stamp(item.updated),
        "paragraphs": [block.text for block in item.blocks if block.text and block.kind != BlockKind.IMAGE],
        "blocks": [{"kind": str(block.kind), "text": block.text, "url": block.url} for block in item.blocks],
        "provenance": _provenance(item.provenance),
        "evidence": [{"field": why.field, "how": why.how, "text": why.text} for why in item.evidence],
        "unresolved": [{"field": one.field, "reason": one.reason, "text": one.text} for one in doubts(item)],
    }
    clean: dict[str, Any] = safe.value(made)
    return clean


def _region(region: Region | None) -> dict[str, Any] | None:
    return None if region is None else {"code": region.code, "path": list(region.path), "how": region.how}


def _edition(edition: Edition | None) -> dict[str, Any] | None:
    if edition is None:
        return None
    return {"number": edition.number, "date": edition.date.isoformat() if edition.date else None}


def _page(page: PageNo | None) -> dict[str, Any] | None:
    return None if page is None else {"number": page.number, "name": page.name}


def _provenance(origin: Provenance | None) -> dict[str, Any] | None:
    """Where the words stood: null for what was stored before this was noted."""
    if origin is None:
        return None
    return {
        "page_url": origin.url,
        "fetched": stamp(origin.fetched),
        "sha256": origin.sha256,
        "parser": origin.parser,
    }
