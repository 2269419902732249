"""The outbox drained: marked feeds composed, rendered and put in place, and the pages that list them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bulletins.model import Item, Source
from feeds import compose, render, site
from feeds.render import Document
from feeds.render.opml import opml
from feeds.scope import ALL, FeedKey, roll_up
from worker.flow import notify
from worker.ports import FeedInfo, Mark, Ports

_BATCH = 500  # marks drained between two looks at the outbox
_MOST = 500  # items of a feed, whatever its window
_LATEST = 12  # items on the home page
_FORMATS = {"rss", "atom", "json"}


def publish(ports: Ports) -> int:
    """Publish every marked feed; how many documents had other bytes before. While another publisher is at
    work nothing is done: it drains the same outbox."""
    begun = ports.clock.monotonic()
    touched = written = 0
    with ports.publisher.exclusive() as mine:
        if not mine:
            return 0
        stale = outdated(ports)
        if stale:
            ports.store.mark_all()
        while marks := ports.store.marks(_BATCH):
            written += ports.publisher.write(_documents(ports, marks))
            notify.announce(ports, [mark.key for mark in marks])
            ports.store.clear(marks)
            touched += len(marks)
        if stale:
            ports.publisher.remove(_of_no_format(ports))
            ports.publisher.note(ports.rules.fingerprint)
    if touched:
        seconds = round(ports.clock.monotonic() - begun, 3)
        ports.log.info("feeds.published", touched=touched, written=written, seconds=seconds)
    return written


def publish_and_tell(ports: Ports) -> None:
    """Publish, then send for whoever tells others of it."""
    publish(ports)
    if notify.due(ports):
        ports.queue.send("notify")


def due(ports: Ports) -> bool:
    """Whether anything awaits publication."""
    return bool(ports.store.marks(1)) or outdated(ports)


def outdated(ports: Ports) -> bool:
    """Whether what is published was rendered with other settings: another base_url, format, name."""
    return ports.publisher.made_with() != ports.rules.fingerprint


def _of_no_format(ports: Ports) -> Iterator[str]:
    """Where feeds would stand in the formats that are not published."""
    for info in ports.store.catalogue():
        for suffix in sorted(_FORMATS - set(ports.rules.formats)):
            yield f"feeds/{info.key.path}.{suffix}"


def _documents(ports: Ports, marks: Sequence[Mark]) -> Iterator[Document]:
    """The documents of the marked feeds, one feed at a time, then those that list all feeds."""
    rules = ports.rules
    names = ports.store.column_names()
    sources = compose.credited(rules.sources, ports.store.sources())
    catalogue = ports.store.catalogue()
    entries = [_entry(info, names, sources) for info in catalogue]
    for mark in marks:
        items = ports.store.feed_items(mark.key, rules.window_items, rules.window_days, _MOST)
        feed = compose.compose(
            mark.key, items, base_url=rules.base_url, columns=names, sources=sources, hubs=rules.hubs
        )
        yield from render.documents(feed, rules.formats)
        if page := _page(ports, mark.key, items, entries, names, sources, feed.updated):
            yield page
    yield from _lists(ports, entries, names, sources)


def _entry(info: FeedInfo, names: Mapping[str, str], sources: Mapping[str, Source]) -> site.Entry:
    title = compose.title_of(info.key, columns=names, sources=sources)
    return site.Entry(info.key, title, info.items, info.newest, info.updated)


def _page(
    ports: Ports,
    key: FeedKey,
    items: Sequence[Item],
    entries: Sequence[site.Entry],
    names: Mapping[str, str],
    sources: Mapping[str, Source],
    modified: datetime,
) -> Document | None:
    """The page of a region or of a column; other feeds have none."""
    rules = ports.rules
    if key.region and not key.column:
        return site.region(
            key.region,
            items,
            entries=entries,
            base_url=rules.base_url,
            formats=rules.formats,
            columns=names,
            sources=sources,
            modified=modified,
        )
    if key.column and not key.region:
        return site.column(
            key.column,
            items,
            entries=entries,
            base_url=rules.base_url,
            formats=rules.formats,
            columns=names,
            sources=sources,
            modified=modified,
        )
    return None


def _lists(
    ports: Ports, entries: Sequence[site.Entry], names: Mapping[str, str], sources: Mapping[str, Source]
) -> Iterator[Document]:
    """The home page with its assets, and the subscription lists."""
    rules = ports.rules
    modified = max((entry.updated for entry in entries if entry.updated), default=None)
    if modified is None:
        return
    yield from site.assets()
    yield site.index(
        entries,
        base_url=rules.base_url,
        formats=rules.formats,
        columns=names,
        sources=sources,
        latest=ports.store.feed_items(ALL, _LATEST, 0, _LATEST),
        modified=modified,
    )
    yield _opml("opml.xml", entries, "邸报", ports)
    for code in sorted({entry.key.region for entry in entries if entry.key.region}):
        parts = [entry for entry in entries if entry.key.region and code in roll_up(entry.key.region)]
        title = compose.title_of(FeedKey.of(region=code), columns=names, sources=sources)
        yield _opml(f"opml/region/{code}.xml", parts, title, ports)


def _opml(path: str, entries: Sequence[site.Entry], title: str, ports: Ports) -> Document:
    """A subscription list, dated by the newest change of the feeds that it lists."""
    formats = ports.rules.formats
    modified = max(entry.updated for entry in entries if entry.updated)
    body = opml(
        [(entry.key, entry.title) for entry in entries],
        title=title,
        base_url=ports.rules.base_url,
        modified=modified,
        suffix="atom" if "atom" in formats else formats[0],
    )
    return Document(path, "text/x-opml; charset=utf-8", body, modified)
