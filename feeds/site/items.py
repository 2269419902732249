"""An item's own page: the item with its history and its kin in, one Document out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bulletins.model import Held, Item, Revision, Source, WithdrawnBy
from feeds import compose, permalinks, safe
from feeds.enclosures import enclosures
from feeds.records import local
from feeds.render import Document
from feeds.scope import FeedKey, roll_up
from feeds.site.rendering import HTML, render
from feeds.site.shelf import Entry, Shelf
from feeds.site.versions import history
from feeds.site.views import day, moment, story

_WITHDRAWN = {
    WithdrawnBy.ADDRESS: "原文的地址多次答复：文章已不存在。",
    WithdrawnBy.LIST: "来源的版面上已经多次没有这篇文章。",
    WithdrawnBy.JOINED: "它的文字已经并入另一条消息。",
    WithdrawnBy.OPERATOR: "本站已将它撤下。",
}


@dataclass(frozen=True, slots=True)
class _Also:
    """The same notice in another source; `page` is below the root."""

    name: str
    place: str
    stamp: str
    day: str
    page: str


def item(
    item: Item,
    *,
    revisions: Sequence[Revision] = (),
    kin: Sequence[Item] = (),
    listed: bool = True,
    base_url: str,
    formats: Sequence[str],
    sources: Mapping[str, Source],
    lang: str = "zh",
) -> Document:
    """The page of a live item: as much of its text as its source lets republish, what each correction did,
    where it was read, and the items of other sources that print the same notice. `revisions` are oldest
    first; `listed`: its column has feeds; `sources` are by id."""
    source = sources.get(item.source)
    shelf = _shelf(item, listed, base_url, formats, sources, lang)
    home = _home(item, listed)
    told = history(item, revisions, source)
    on = local(item.published).date()
    origin = item.provenance
    changed = max([item.updated, *(one.first_seen for one in kin)])
    body = render(
        "item.html",
        lang=lang,
        path=permalinks.path(item.id),
        shelf=shelf,
        id=item.id,
        story=story(shelf, item, whole=True),
        steps=_path(item, shelf),
        about=[
            ("".join(region.path[-2:]), shelf.region_page(region.code))
            for region in item.regions
            if item.region is None or region.code != item.region.code
        ],
        source=source,
        source_name=source.name if source else item.source,
        edition=f"source/{item.source}/{on}/",
        first_seen=moment(item.first_seen, lang),
        updated=moment(item.updated, lang) if item.updated > item.first_seen else "",
        provenance=origin,
        provenance_link=safe.address(origin.url) if origin and safe.is_web(origin.url) else "",
        fetched=moment(origin.fetched, lang) if origin else "",
        files=enclosures(replace(item, pdf=None)),
        edits=[(edit, moment(edit.at, lang)) for edit in told],
        earlier=len(revisions) - len(told),
        also=[_also(one, shelf) for one in kin],
        ways=shelf.ways(home),
        feeds_title=compose.title_of(home, columns=shelf.columns, sources=sources),
    )
    prefix = "" if lang == "zh" else f"{lang}/"
    return Document(f"{prefix}{permalinks.path(item.id)}index.html", HTML, body, changed)


def withdrawn(held: Held, *, base_url: str, sources: Mapping[str, Source]) -> Document:
    """The page of an item that is no more: a notice, and nothing of what it said. Raises ValueError for a
    live one."""
    item, why = held.item, held.withdrawal
    if why is None:
        raise ValueError(f"{item.id} is not withdrawn")
    source = sources.get(item.source)
    body = render(
        "withdrawn.html",
        path=permalinks.path(item.id),
        canonical=f"{base_url}/{permalinks.path(item.id)}",
        id=item.id,
        words=_WITHDRAWN[why.by],
        reason=why.reason if why.by is WithdrawnBy.OPERATOR else "",
        at=moment(why.at),
        stamp=local(why.at).isoformat(),
        published=day(local(item.published)),
        source=source,
        source_name=source.name if source else item.source,
    )
    return Document(f"{permalinks.path(item.id)}index.html", HTML, body, why.at)


def moved(name: str, to: str, *, base_url: str) -> Document:
    """The page of an id that the item `to` went by before, or that became part of it: it leads there."""
    body = render(
        "moved.html",
        path=permalinks.path(name),
        canonical=permalinks.address(to, base_url),
        target=f"../{permalinks.key(to)}/",
    )
    return Document(f"{permalinks.path(name)}index.html", HTML, body, compose.NEVER)


def _home(item: Item, listed: bool) -> FeedKey:
    """The feed to subscribe to for more of this: its region's, else its column's, else its source's."""
    if item.region:
        return FeedKey.of(region=item.region.code)
    if item.column and listed:
        return FeedKey.of(column=item.column.slug)
    return FeedKey.of(source=item.source)


def _shelf(
    item: Item,
    listed: bool,
    base_url: str,
    formats: Sequence[str],
    sources: Mapping[str, Source],
    lang: str,
) -> Shelf:
    """The shelf as far as the item's page shows it: it follows from the item, not from what else is stored.
    Regions have pages as soon as they have an item."""
    about = [*item.regions, *([item.region] if item.region else [])]
    keys = [FeedKey.of(region=code) for region in about for code in roll_up(region.code)]
    keys.append(FeedKey.of(source=item.source))
    names = {}
    if item.column and listed:
        keys.append(FeedKey.of(column=item.column.slug))
        names[item.column.slug] = item.column.name
    entries = {key: Entry(key, "", 1, None, None) for key in keys}
    return Shelf(entries, base_url, formats, names, sources, lang)


def _path(item: Item, shelf: Shelf) -> list[tuple[str, str]]:
    """The names of the item's region from the province down, each with its page."""
    if item.region is None:
        return []
    levels = list(zip(reversed(item.region.path), reversed(roll_up(item.region.code)), strict=False))
    return [(name, shelf.region_page(code)) for name, code in reversed(levels)]


def _also(item: Item, shelf: Shelf) -> _Also:
    source = shelf.sources.get(item.source)
    published = local(item.published)
    return _Also(
        source.name if source else item.source,
        item.region.path[-1] if item.region else "",
        published.date().isoformat(),
        day(published, shelf.lang),
        permalinks.path(item.id),
    )
