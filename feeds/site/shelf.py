"""All that pages share: the feeds there are in, their lists, trees and addresses as a page shows them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from bulletins import regions
from bulletins.model import Source
from feeds import compose
from feeds.scope import FeedKey, roll_up

_LABELS = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON", "application/feed+json"),
}
# Where one press adds a feed. The address goes in whole, percent-encoded.
_READERS: tuple[tuple[str, str], ...] = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
)
# Readers that people keep on a server of their own: what goes behind its address.
_OWN: tuple[tuple[str, str], ...] = (
    ("FreshRSS", "/i/?c=feed&a=add&url_rss={}"),
    ("Miniflux", "/bookmarklet?uri={}"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A feed that exists. `newest` is when its newest item was published, `updated` when one last changed."""

    key: FeedKey
    title: str
    items: int
    newest: datetime | None
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Address:
    """A feed in one format, at its absolute address."""

    label: str
    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A feed in a list. `page` is its page below the root, empty when it has none."""

    name: str
    page: str
    items: int
    feeds: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A division in the tree. `page` is empty and `items` 0 for one that only holds others together."""

    code: str
    name: str
    page: str
    items: int
    parts: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How to subscribe: the addresses; by reader the link that adds the feed there at one press; by reader on
    a server of one's own, what goes behind that server's address."""

    feeds: tuple[Address, ...]
    links: tuple[tuple[str, str], ...]
    own: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shelf:
    """The feeds there are, by key, and the names of what they are about. Made once for many pages; it
    remembers what it has worked out. `base_url` has no slash at its end; `lang` is the language of the pages,
    zh or en; `troubled` says, by source, what keeps it from being published as it stands now."""

    entries: Mapping[FeedKey, Entry]
    base_url: str
    formats: Sequence[str]
    columns: Mapping[str, str]
    sources: Mapping[str, Source]
    lang: str = "zh"
    troubled: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _regions(self) -> dict[str | None, dict[str, Entry]]:
        """By column (None: any), the feeds of regions by code."""
        found: dict[str | None, dict[str, Entry]] = {}
        for key, entry in self.entries.items():
            if (code := key.region) is not None:
                found.setdefault(key.column, {})[code] = entry
        return found

    @cached_property
    def _columns(self) -> dict[str | None, list[tuple[str, Entry]]]:
        """By region (None: any), the feeds of columns, most items first."""
        found: dict[str | None, list[tuple[str, Entry]]] = {}
        for key, entry in self.entries.items():
            if (slug := key.column) is not None:
                found.setdefault(key.region, []).append((slug, entry))
        for lines in found.values():
            lines.sort(key=lambda pair: (-pair[1].items, pair[0]))
        return found

    @property
    def regions(self) -> int:
        """How many regions have feeds."""
        return len(self._regions.get(None, {}))

    def slugs(self, region: str | None = None) -> tuple[str, ...]:
        """The columns that have feeds, over all regions or within one, most items first."""
        return tuple(slug for slug, _ in self._columns.get(region, ()))

    def addresses(self, key: FeedKey, query: str = "") -> tuple[Address, ...]:
        made = []
        for suffix in self.formats:
            label, media_type = _LABELS[suffix]
            url = compose.address_of(key, self.base_url, suffix)
            made.append(Address(label, media_type, f"{url}?{query}" if query else url))
        return tuple(made)

    def ways(self, key: FeedKey, query: str = "") -> Ways:
        """How to subscribe to a feed; the links take the first of the formats, which readers know best."""
        feeds = self.addresses(key, query)
        url = feeds[0].url
        links = [
            ("NetNewsWire", f"feed:{url}"),
            *((name, way.format(quote(url, safe=""))) for name, way in _READERS),
        ]
        own = tuple((name, way.format(quote(url, safe=""))) for name, way in _OWN)
        return Ways(feeds, tuple(links), own)

    def count(self, key: FeedKey) -> int:
        entry = self.entries.get(key)
        return entry.items if entry else 0

    def column_name(self, slug: str) -> str:
        return self.columns.get(slug, slug)

    def page_of(self, key: FeedKey) -> str:
        """The page of a feed below the root; empty where there is no such feed, or it has no page."""
        return page_of(key) if key in self.entries else ""

    def region_page(self, code: str) -> str:
        return self.page_of(FeedKey.of(region=code))

    def column_page(self, slug: str) -> str:
        return self.page_of(FeedKey.of(column=slug))

    def source_page(self, source: str) -> str:
        return self.page_of(FeedKey.of(source=source))

    def column_lines(self, region: str | None = None, *, most: int) -> tuple[Line, ...]:
        """So many of the columns that have feeds, over all regions or within one, most items first."""
        return tuple(
            Line(self.column_name(slug), self.page_of(entry.key), entry.items, self.addresses(entry.key))
            for slug, entry in self._columns.get(region, ())[:most]
        )

    def places(
        self, within: str | None = None, column: str | None = None, depth: int = 3
    ) -> tuple[Place, ...]:
        """The regions that have feeds (of a column, where one is given) as a tree by GB/T 2260 code; below
        one region, where one is given; so many levels of it."""
        own = self._regions.get(column, {})
        parents = self._parents(column)

        def parts(parent: str | None, left: int) -> tuple[Place, ...]:
            return tuple(place(code, left) for code in parents.get(parent, ())) if left else ()

        def place(code: str, left: int) -> Place:
            entry = own.get(code)
            page = self.page_of(entry.key) if entry else ""
            return Place(code, path_of(code)[-1], page, entry.items if entry else 0, parts(code, left - 1))

        return parts(within, depth)

    def _parents(self, column: str | None) -> Mapping[str | None, Sequence[str]]:
        """By division (None: the country), the codes of its parts that have feeds, or hold some together."""
        made = self._trees.get(column)
        if made is None:
            made = self._trees[column] = {}
            codes = {up for own in self._regions.get(column, {}) for up in roll_up(own)}
            for code in sorted(codes):
                made.setdefault((None, *roll_up(code))[-2], []).append(code)
        return made

    @cached_property
    def _trees(self) -> dict[str | None, dict[str | None, list[str]]]:
        return {}


def page_of(key: FeedKey) -> str:
    """The page that shows a feed's items, below the root: region/<code>/, column/<slug>/, both, source/<id>/;
    empty for those without one."""
    return f"{key.path}/" if key.region or key.column or key.source else ""


def path_of(code: str) -> tuple[str, ...]:
    """A division's names from the province down; one that the gazetteer no longer has stands as its code."""
    division = regions.division(code)
    return division.path if division else (code,)
