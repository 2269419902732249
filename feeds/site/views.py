"""What the templates show: entries and items in, plain values with every word and address decided out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from bulletins import regions
from bulletins.model import BlockKind, Item, Precision, Role, Source
from feeds import compose, permalinks, safe
from feeds.records import local
from feeds.scope import FeedKey, roll_up
from feeds.site.finder import spellings

_LABELS = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON", "application/feed+json"),
}
_ROLES = {Role.REPORTER: "记者", Role.CORRESPONDENT: "通讯员", Role.CONTRIBUTOR: "", Role.ORGANISATION: ""}


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
    """A division in the tree. `line` is None for one that only holds others together."""

    name: str
    find: str
    line: Line | None
    parts: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An item as a page shows it. `stamp` is machine-readable; `html` is sanitised; addresses are absolute,
    but `own` (the item's page), `page` and `column_page` are below the root, and the last two empty where
    there is none."""

    anchor: str
    title: str
    original: str
    own: str
    stamp: str
    day: str
    event: str
    authors: tuple[str, ...]
    column: str
    column_page: str
    imprint: tuple[str, ...]
    place: tuple[str, ...]
    page: str
    excerpt: str
    html: Markup
    folded: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that pages share: the feeds there are, and the names of what they are about."""

    entries: Mapping[FeedKey, Entry]
    base_url: str
    formats: Sequence[str]
    columns: Mapping[str, str]
    sources: Mapping[str, Source]

    def addresses(self, key: FeedKey) -> tuple[Address, ...]:
        made = []
        for suffix in self.formats:
            label, media_type = _LABELS[suffix]
            made.append(Address(label, media_type, compose.address_of(key, self.base_url, suffix)))
        return tuple(made)

    def line(self, entry: Entry, name: str, page: str) -> Line:
        return Line(name, page, entry.items, self.addresses(entry.key))

    def column_name(self, slug: str) -> str:
        return self.columns.get(slug, slug)

    def region_page(self, code: str) -> str:
        return f"region/{code}/" if FeedKey.of(region=code) in self.entries else ""

    def column_page(self, slug: str) -> str:
        return f"column/{slug}/" if FeedKey.of(column=slug) in self.entries else ""

    def column_lines(self, region: str | None = None) -> tuple[Line, ...]:
        """The columns that have feeds, over all regions or within one, most items first."""
        chosen = [e for e in self.entries.values() if e.key.column and e.key.region == region]
        chosen.sort(key=lambda entry: (-entry.items, entry.key))
        lines = []
        for entry in chosen:
            slug = entry.key.column or ""
            lines.append(self.line(entry, self.column_name(slug), self.column_page(slug)))
        return tuple(lines)

    def places(self, within: str | None = None, column: str | None = None) -> tuple[Place, ...]:
        """The regions that have feeds (of a column, where one is given) as a tree by GB/T 2260 code; below
        one region, where one is given."""
        own = {e.key.region: e for e in self.entries.values() if e.key.region and e.key.column == column}
        codes = sorted({up for code in own for up in roll_up(code)})
        parents = {code: (None, *roll_up(code))[-2] for code in codes}

        def parts(parent: str | None) -> tuple[Place, ...]:
            return tuple(place(code) for code in codes if parents[code] == parent)

        def place(code: str) -> Place:
            name, entry = path_of(code)[-1], own.get(code)
            line = self.line(entry, name, self.region_page(code)) if entry else None
            return Place(name, spellings(name), line, parts(code))

        return parts(within)

    def story(self, item: Item) -> Story:
        source = self.sources.get(item.source)
        published = local(item.published)
        by_day = item.precision is Precision.DAY
        body = compose.body(item, source)
        excerpt = compose.summary(item, source)
        region, column = item.region, item.column
        short = all(block.kind is BlockKind.PARAGRAPH for block in body) and (
            "".join(block.text for block in body) == excerpt
        )
        return Story(
            anchor="item-" + hashlib.sha256(item.id.encode()).hexdigest()[:12],
            title=compose.headline(item),
            original=compose.alternate(item) if safe.is_web(item.link) else "",
            own=permalinks.path(item.id),
            stamp=published.date().isoformat() if by_day else published.isoformat(),
            day=day(published) if by_day else moment(published),
            event=_event(item, published.date()),
            authors=tuple(authors(item)),
            column=column.name if column else "",
            column_page=self.column_page(column.slug) if column else "",
            imprint=tuple(_imprint(item)),
            place=region.path if region else (),
            page=self.region_page(region.code) if region else "",
            excerpt=excerpt,
            html=Markup(compose.content(item, source)),  # noqa: S704  (sanitised by feeds.safe)
            folded=bool(body) and not short,
        )

    def stories(self, items: Iterable[Item]) -> tuple[Story, ...]:
        return tuple(self.story(item) for item in items)


def path_of(code: str) -> tuple[str, ...]:
    """A division's names from the province down; one that the gazetteer no longer has stands as its code."""
    division = regions.division(code)
    return division.path if division else (code,)


def day(moment: date) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def moment(at: datetime) -> str:
    """A day and a time of it at +08:00."""
    there = local(at)
    return f"{day(there)} {there:%H:%M}"


def _event(item: Item, published: date) -> str:
    """The days of the event, where they are known and say more than the date of publication."""
    first, last = item.event_date, item.event_end
    if first is None or (first == published and last is None):
        return ""
    return f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last else "")


def authors(item: Item) -> Iterable[str]:
    """记者 甲、乙, 通讯员 丙: in the order of first appearance of each role."""
    by_role: dict[str, dict[str, None]] = {}
    for author in item.authors:
        by_role.setdefault(_ROLES[author.role], {})[author.name] = None
    for role, names in by_role.items():
        yield f"{role} {'、'.join(names)}".strip()


def _imprint(item: Item) -> Iterable[str]:
    """期号, 版次 and 版名, as far as known."""
    if item.edition and item.edition.number is not None:
        number = str(item.edition.number)
        yield f"第{number}期" if number.isdecimal() else number
    if item.page and item.page.number:
        yield f"第{item.page.number}版"
    if item.page and item.page.name:
        yield item.page.name
