"""A page of the reading room, by its path: what it shows is asked of the store, and one Document comes out.

Publishing writes these pages in Chinese; the web makes them in English when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from bulletins.model import Item, Source
from bulletins.state import SourceState
from feeds import compose, site
from feeds.render import Document
from feeds.scope import ALL, FeedKey
from feeds.site import Shelf
from worker.ports import FeedInfo
from worker.rooms import Rooms

LATEST = 12  # items on the home page
_SHOWN = 31  # of which a page of a list shows thirty: one more says that there are more
_YEAR, _MONTH = timedelta(days=371), timedelta(days=30)
_WHOLE = {"about/": site.about, "column/": site.columns, "source/": site.sources}  # of all that there is
_EDITION = re.compile(r"source/(?P<source>[a-z0-9][a-z0-9-]*)/(?P<day>\d{4}-\d\d-\d\d)/")


class Reads(Protocol):
    """What pages are made from."""

    @property
    def rooms(self) -> Rooms: ...

    def catalogue(self) -> Sequence[FeedInfo]: ...

    def column_names(self) -> Mapping[str, str]: ...

    def sources(self) -> Sequence[SourceState]: ...

    def feed_items(self, key: FeedKey, items: int, days: int, cap: int) -> Sequence[Item]: ...


def shelf(
    store: Reads,
    configured: Mapping[str, Source],
    *,
    base_url: str,
    formats: Sequence[str],
    live: bool = False,
) -> Shelf:
    """All that pages share, as it is stored now. `configured` are the sources by id. `live`: with what keeps
    sources from being published, which moves without news and has no place in a file."""
    states = store.sources()
    names, sources = store.column_names(), compose.credited(configured, states)
    entries = {
        info.key: site.Entry(
            info.key,
            compose.title_of(info.key, columns=names, sources=sources),
            info.items,
            info.newest,
            info.updated,
        )
        for info in store.catalogue()
    }
    troubled = site.troubles(states) if live else {}
    return Shelf(entries, base_url.rstrip("/"), formats, names, sources, troubled=troubled)


def page(store: Reads, shelf: Shelf, path: str) -> Document | None:
    """The page at a path below the root ("", "region/511826/"); None where there is no such page."""
    entries = shelf.entries
    modified = max((entry.updated for entry in entries.values() if entry.updated), default=compose.NEVER)
    if path == "":
        return site.index(shelf, store.feed_items(ALL, LATEST, 0, LATEST), modified=modified)
    if make := _WHOLE.get(path):
        return make(shelf, modified=modified)
    if match := _EDITION.fullmatch(path):
        return edition(store, shelf, match["source"], match["day"])
    try:
        key = FeedKey(path.removesuffix("/"))
    except ValueError:
        return None
    return of_feed(store, shelf, key) if site.page_of(key) == path and key in entries else None


def of_feed(store: Reads, shelf: Shelf, key: FeedKey) -> Document | None:
    """The page that shows a feed's items; None for one that has none of its own."""
    if not site.page_of(key) or key not in shelf.entries:
        return None
    entry = shelf.entries[key]
    items = store.feed_items(key, _SHOWN, 0, _SHOWN)
    modified = entry.updated or compose.NEVER
    if key.region and key.column:
        return site.section(shelf, key, items, modified=modified)
    if key.column:
        return site.column(shelf, key.column, items, modified=modified)
    if key.region:
        counts = store.rooms.days(key, _since(entry, _MONTH))
        return site.region(shelf, key.region, items, counts=counts, modified=modified)
    counts = store.rooms.days(key, _since(entry, _YEAR))
    return site.source(shelf, key.source or "", items, counts=counts, modified=modified)


def edition(store: Reads, shelf: Shelf, source: str, day: str) -> Document | None:
    """The page of what a source printed on a day; None where the day is none, or the source not known."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    if source not in shelf.sources:
        return None
    items = store.rooms.printed(source, on)
    modified = max((item.updated for item in items), default=compose.NEVER)
    beside = store.rooms.beside(source, on)
    return site.edition(shelf, source, on, items, beside=beside, modified=modified)


def _since(entry: site.Entry, span: timedelta) -> date | None:
    """From when on a picture counts: so long before the newest item."""
    return (entry.newest - span).date() if entry.newest else None
