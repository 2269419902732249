"""What an operator says of an item -> the item with that in place of what was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bulletins import columns, identity, regions
from bulletins.dates import SHANGHAI
from bulletins.model import Author, ColumnKind, Evidence, Item, Precision, Region, Source


@dataclass(frozen=True, slots=True)
class Override:
    """Values that stand whatever is read; None: as read. `region` is a code that there is; `published` is
    aware; `withdrawn` is the reason why the item is taken down."""

    title: str | None = None
    region: str | None = None
    column: str | None = None
    authors: tuple[Author, ...] | None = None
    published: datetime | None = None
    precision: Precision = Precision.DAY
    withdrawn: str | None = None


def overridden(item: Item, said: Override, source: Source) -> Item:
    """The item as it is to be, its evidence and digest with it; the same item where nothing changes."""
    fixed = item
    if said.title is not None:
        fixed = _fixed(replace(fixed, title=said.title), "title", said.title)
    if said.region is not None and (division := regions.division(said.region)):
        region = Region(division.code, division.path, "override")
        fixed = _fixed(replace(fixed, region=region, regions=(region,)), "region", division.code)
    if said.column is not None:
        column = columns.column(said.column, ColumnKind.HEADING, source)
        fixed = _fixed(replace(fixed, column=column), "column", column.name)
    if said.authors is not None:
        names = "、".join(author.name for author in said.authors)
        fixed = _fixed(replace(fixed, authors=said.authors), "authors", names)
    if said.published is not None:
        when = said.published.astimezone(SHANGHAI)
        fixed = replace(fixed, published=when, precision=said.precision)
        fixed = _fixed(fixed, "published", when.isoformat())
    return replace(fixed, digest=identity.digest(fixed)) if fixed is not item else item


def _fixed(item: Item, field: str, value: str) -> Item:
    kept = tuple(why for why in item.evidence if why.field != field)
    return replace(item, evidence=(*kept, Evidence(field, "override", value)))
