"""A feed as its readers will know it: items in; a Feed, its names, its entries' words and markup out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bulletins.model import Content, Item, Source
from bulletins.regions import division
from bulletins.state import SourceState
from feeds import safe
from feeds.entries import Also, also, alternate, body, byline, content, credit, headline, summary
from feeds.scope import ALL, UNCLASSIFIED, FeedKey

__all__ = [  # an entry's words are asked for here too: who composes a feed needs both
    "NEVER",
    "Also",
    "Feed",
    "Tombstone",
    "address_of",
    "also",
    "alternate",
    "authority_of",
    "body",
    "byline",
    "compose",
    "content",
    "credit",
    "credited",
    "head",
    "headline",
    "home_of",
    "path_of",
    "summary",
    "title_of",
]

# An empty feed has no news to take its date from, and no clock. Validators doubt dates before 1990.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An entry that was in a feed and is no more (RFC 6721). `at` is aware; `reason` may be empty."""

    id: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it has a format. `items` are in the order given to `compose`; `home` is the page that it
    accompanies; `base_url` has no slash at its end; `query` is that of a feed made on request.

    One made by `head` has no items: its entries are rendered already, and joined to it. `newest` is when its
    newest item was published, `authority` the tagging authority of its id, `archive` the month (2026-03) of
    its newest archive document, empty where it has none. `others` are, by item, where the notices of a feed
    that shows each once stand too.
    """

    key: FeedKey
    title: str
    subtitle: str
    home: str
    base_url: str
    updated: datetime
    items: tuple[Item, ...]
    sources: Mapping[str, Source]
    query: str = ""
    hubs: tuple[str, ...] = ()  # that tell subscribers of news (WebSub)
    newest: datetime | None = None
    authority: str = ""
    tombstones: tuple[Tombstone, ...] = ()
    archive: str = ""
    others: Mapping[str, tuple[Also, ...]] = field(default_factory=dict)

    def address(self, suffix: str) -> str:
        """Where the feed is published in a format."""
        address = address_of(self.key, self.base_url, suffix)
        return f"{address}?{self.query}" if self.query else address


def compose(
    key: FeedKey,
    items: Sequence[Item],
    *,
    base_url: str,
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
    hubs: Sequence[str] = (),
    tombstones: Sequence[Tombstone] = (),
    archive: str = "",
) -> Feed:
    """The feed of `key`, whose date is that of its last changed item. `columns` maps slugs to names."""
    bare = head(
        key,
        updated=max((item.updated for item in items), default=NEVER),
        newest=max((item.published for item in items), default=None),
        authority=authority_of(items[0].id) if items else "",
        base_url=base_url,
        columns=columns,
        sources=sources,
        hubs=hubs,
        tombstones=tombstones,
        archive=archive,
    )
    return replace(bare, items=tuple(items))


def head(
    key: FeedKey,
    *,
    updated: datetime,
    newest: datetime | None,
    authority: str,
    base_url: str,
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
    hubs: Sequence[str] = (),
    tombstones: Sequence[Tombstone] = (),
    archive: str = "",
) -> Feed:
    """The feed of `key` without its entries. `updated` is when its last changed item changed; a tombstone
    that came later moves it on."""
    return Feed(
        key=key,
        title=title_of(key, columns=columns, sources=sources),
        subtitle=_subtitle(key, columns, sources),
        home=home_of(key, base_url),
        base_url=base_url.rstrip("/"),
        updated=max([updated, *(stone.at for stone in tombstones)]),
        items=(),
        sources=sources,
        hubs=tuple(hubs),
        newest=newest,
        authority=authority,
        tombstones=tuple(tombstones),
        archive=archive,
    )


def credited(configured: Mapping[str, Source], states: Iterable[SourceState]) -> dict[str, Source]:
    """The configured sources by id, and those that once were: their items stay, credited, but nobody vouches
    any longer that more than a link may be republished."""
    former = {
        state.source: Source(state.source, state.name, state.url, content=Content.LINK, enabled=False)
        for state in states
    }
    return former | dict(configured)


def authority_of(entry_id: str) -> str:
    """The tagging authority of an entry id (RFC 4151): a name, a comma and a date."""
    return entry_id.split(":", 2)[1]


def home_of(key: FeedKey, base_url: str) -> str:
    """The page that a feed accompanies: its region's, its column's, or the front page."""
    path = f"region/{key.region}/" if key.region else f"column/{key.column}/" if key.column else ""
    return f"{base_url.rstrip('/')}/{path}"


def address_of(key: FeedKey, base_url: str, suffix: str) -> str:
    """Where a feed is published in a format (rss, atom, json)."""
    return f"{base_url.rstrip('/')}/feeds/{key.path}.{suffix}"


def title_of(key: FeedKey, *, columns: Mapping[str, str], sources: Mapping[str, Source]) -> str:
    """A feed's title: 芦山县 · 邸报, 四川省 · 地方科协 · 邸报, 全部 · 邸报.

    A district goes with the city above it (南京市鼓楼区): names of districts recur over the country, those of
    counties do not. A code, slug or source that is no longer known stands for itself.
    """
    names = {ALL: ["全部"], UNCLASSIFIED: ["未归类"]}.get(key, [])
    if key.source:
        names.append(_source_name(key.source, sources))
    if key.region:
        path = path_of(key.region)
        district = path[-1].endswith("区") and not key.region.endswith("0000")
        names.append("".join(path[-2:]) if district else path[-1])
    if key.column:
        names.append(columns.get(key.column, key.column))
    return safe.text(" · ".join([*names, "邸报"]))


def path_of(code: str) -> tuple[str, ...]:
    """A region's names from its province down; the code itself where the gazetteer has no such division."""
    known = division(code)
    return known.path if known else (code,)


def _subtitle(key: FeedKey, columns: Mapping[str, str], sources: Mapping[str, Source]) -> str:
    if key == UNCLASSIFIED:
        return "未能识别地区或栏目的消息"
    parts = []
    if key.source:
        parts.append(f"{_source_name(key.source, sources)}刊登的消息")
    if key.region:
        whole = "" if key.region[4:] != "00" else "及所辖各地"
        parts.append(f"{''.join(path_of(key.region))}{whole}的消息")
    if key.column:
        parts.append(f"栏目“{columns.get(key.column, key.column)}”")
    return safe.text("，".join(parts) or "所有来源、地区和栏目的消息")


def _source_name(source: str, sources: Mapping[str, Source]) -> str:
    return sources[source].name if source in sources else source
