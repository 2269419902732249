"""The outbox drained: pages of items, then the feeds that lead there, then the pages that list the feeds."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bulletins.model import Item, Source
from feeds import compose, site
from feeds.render import Document
from feeds.render.opml import opml
from feeds.scope import ALL, FeedKey, roll_up
from worker.flow import archives, incidents, itempages, notify
from worker.flow import feeds as feed_flow
from worker.flow.feeds import Frame, HeldBack
from worker.ports import FeedInfo, Mark, Ports

_BATCH = 500  # marks drained between two looks at the outbox
_LATEST = 12  # items on the home page
_FORMATS = {"rss", "atom", "json"}


def publish(ports: Ports) -> int:
    """Publish what is marked: pages of items, feeds, the months of archives that are due; how many documents
    had other bytes before. While another publisher is at work nothing is done: it drains the same outbox."""
    begun = ports.clock.monotonic()
    touched = written = 0
    with ports.publisher.exclusive() as mine:
        if not mine:
            return 0
        stale = outdated(ports)
        if stale:
            ports.store.mark_all()
        while marks := ports.store.marks(_BATCH):
            written += itempages.publish(ports, most=_BATCH)  # feeds lead there, and wait for no more of them
            written += _drain(ports, marks)
            touched += len(marks)
        written += itempages.publish(ports)
        written += archives.publish(ports)  # what was large and is due by now
        if stale:
            ports.publisher.remove(_of_no_format(ports))
            ports.publisher.note(ports.rules.fingerprint)
    if touched or written:
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
    return bool(ports.store.marks(1)) or itempages.due(ports) or outdated(ports) or archives.due(ports)


def outdated(ports: Ports) -> bool:
    """Whether what is published was rendered with other settings: another base_url, format, name."""
    return ports.publisher.made_with() != ports.rules.fingerprint


def _of_no_format(ports: Ports) -> Iterator[str]:
    """Where feeds would stand in the formats that are not published."""
    for info in ports.store.catalogue():
        for suffix in sorted(_FORMATS - set(ports.rules.formats)):
            yield f"feeds/{info.key.path}.{suffix}"


def _drain(ports: Ports, marks: Sequence[Mark]) -> int:
    """Publish marked feeds, and only then the pages that show and list them, and their archives. A feed that
    may not be written is set aside: the others are published."""
    frame = feed_flow.frame(ports)
    held: dict[Mark, HeldBack] = {}
    written = ports.publisher.write(_feeds(ports, marks, frame, held))
    good = [mark for mark in marks if mark not in held]
    incidents.hold(ports, list(held.values()))
    notify.announce(ports, [mark.key for mark in good])
    written += ports.publisher.write(_pages(ports, good, frame))
    written += archives.publish(ports)
    ports.store.set_aside(list(held))
    ports.store.clear(good)
    incidents.release(ports)
    return written


def _feeds(
    ports: Ports, marks: Sequence[Mark], frame: Frame, held: dict[Mark, HeldBack]
) -> Iterator[Document]:
    """The documents of the marked feeds, one feed at a time; the marks of those that may not be written go
    into `held`."""
    for mark in marks:
        documents = feed_flow.documents(ports, mark.key, frame)
        if isinstance(documents, HeldBack):
            held[mark] = documents
        else:
            yield from documents


def _pages(ports: Ports, marks: Sequence[Mark], frame: Frame) -> Iterator[Document]:
    """The pages of the marked feeds, then those that list all feeds."""
    rules = ports.rules
    catalogue = ports.store.catalogue()
    entries = [_entry(info, frame.names, frame.sources) for info in catalogue]
    updated = {info.key: info.updated for info in catalogue}
    for mark in marks:
        if bool(mark.key.region) == bool(mark.key.column):
            continue  # only a region or a column has a page
        items = ports.store.feed_items(mark.key, rules.window_items, rules.window_days, feed_flow.MOST)
        modified = updated.get(mark.key) or compose.NEVER
        if page := _page(ports, mark.key, items, entries, frame.names, frame.sources, modified):
            yield page
    yield from _lists(ports, entries, frame.names, frame.sources)


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
    """The home page with its assets, and the subscription lists. Before the first item there is no home page:
    the web server greets, and says how reading goes."""
    rules = ports.rules
    modified = max((entry.updated for entry in entries if entry.updated), default=compose.NEVER)
    yield from site.assets()
    if modified > compose.NEVER:
        yield site.index(
            entries,
            base_url=rules.base_url,
            formats=rules.formats,
            columns=names,
            sources=sources,
            latest=ports.store.feed_items(ALL, _LATEST, 0, _LATEST),
            modified=modified,
        )
    pairs = tuple((entry.key, entry.title) for entry in entries)
    suffix = "atom" if "atom" in rules.formats else rules.formats[0]
    for path, body in _subscriptions(pairs, rules.base_url, suffix):
        yield Document(path, "text/x-opml; charset=utf-8", body, modified)


@functools.lru_cache(maxsize=1)
def _subscriptions(
    pairs: tuple[tuple[FeedKey, str], ...], base_url: str, suffix: str
) -> tuple[tuple[str, bytes], ...]:
    """The subscription lists, by path: they follow from which feeds there are, so most news leaves them as
    they were, and a publisher makes them once."""
    made = [("opml.xml", opml(pairs, title="邸报", base_url=base_url, suffix=suffix))]
    regions: dict[str, list[tuple[FeedKey, str]]] = {}
    for key, title in pairs:
        for code in roll_up(key.region) if key.region else ():
            regions.setdefault(code, []).append((key, title))
    for code, parts in sorted(regions.items()):
        if any(key.region == code for key, _ in parts):
            title = compose.title_of(FeedKey.of(region=code), columns={}, sources={})
            body = opml(parts, title=title, base_url=base_url, suffix=suffix)
            made.append((f"opml/region/{code}.xml", body))
    return tuple(made)
