"""The outbox drained: pages of items, then the feeds that lead there, then the pages that list the feeds."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from feeds import compose, site
from feeds.render import Document
from feeds.render.opml import opml
from feeds.scope import FeedKey, roll_up
from worker import sitepages
from worker.flow import archives, incidents, itempages, notify
from worker.flow import feeds as feed_flow
from worker.flow.feeds import Frame, HeldBack
from worker.ports import Mark, Ports
from worker.rooms import Published

_BATCH = 500  # marks drained between two looks at the outbox
_EDITIONS = 50  # of whose pages marks are taken at a time
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
        written += _editions(ports)
        written += archives.publish(ports)  # what was large and is due by now
        if stale:
            ports.publisher.remove(_of_no_format(ports))
            ports.publisher.note(ports.rules.fingerprint)
    if touched or written:
        ports.store.rooms.note_publication(Published(ports.clock.now(), touched, written))
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
    waiting = ports.store.marks(1) or ports.store.rooms.edition_marks(1)
    return bool(waiting) or itempages.due(ports) or outdated(ports) or archives.due(ports)


def outdated(ports: Ports) -> bool:
    """Whether what is published was rendered with other settings: another base_url, format, name."""
    return ports.publisher.made_with() != ports.rules.fingerprint


def _of_no_format(ports: Ports) -> Iterator[str]:
    """Where feeds would stand in the formats that are not published, and archives, which are Atom's."""
    for info in ports.store.catalogue():
        for suffix in sorted(_FORMATS - set(ports.rules.formats)):
            yield f"feeds/{info.key.path}.{suffix}"
    if "atom" not in ports.rules.formats:
        yield from archives.paths(ports)


def _drain(ports: Ports, marks: Sequence[Mark]) -> int:
    """Publish marked feeds, and only then the pages that show and list them, and their archives. A feed that
    may not be written is set aside: the others are published."""
    frame = feed_flow.frame(ports)
    held: dict[Mark, HeldBack] = {}
    written = ports.publisher.write(_feeds(ports, marks, frame, held))
    good = [mark for mark in marks if mark not in held]
    incidents.hold(ports, list(held.values()))
    notify.announce(ports, [mark.key for mark in good])
    written += ports.publisher.write(_pages(ports, good))
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


def _pages(ports: Ports, marks: Sequence[Mark]) -> Iterator[Document]:
    """The pages of the marked feeds, then those that list all feeds."""
    rules = ports.rules
    shelf = sitepages.shelf(ports.store, rules.sources, base_url=rules.base_url, formats=rules.formats)
    for mark in marks:
        if page := sitepages.of_feed(ports.store, shelf, mark.key):
            yield page
    yield from _lists(ports, shelf)


def _lists(ports: Ports, shelf: site.Shelf) -> Iterator[Document]:
    """The home page with its assets and its finder, the page for beginners, the indexes of columns and
    sources, subscription lists. Before the
    first item there is no home page: the web server greets, and says how reading goes."""
    rules, entries = ports.rules, shelf.entries
    modified = max((entry.updated for entry in entries.values() if entry.updated), default=compose.NEVER)
    yield from site.assets()
    if modified > compose.NEVER:
        for path in ("", "about/", "column/", "source/"):
            if page := sitepages.page(ports.store, shelf, path):
                yield page
        yield site.places((key.region for key in entries if key.region and not key.column), modified)
    pairs = tuple((key, entry.title) for key, entry in entries.items())
    suffix = "atom" if "atom" in rules.formats else rules.formats[0]
    for path, body in _subscriptions(pairs, rules.base_url, suffix):
        yield Document(path, "text/x-opml; charset=utf-8", body, modified)


def _editions(ports: Ports) -> int:
    """Write the pages of editions that are marked, and of those beside them, which may lead to one that is
    new; how many had other bytes before."""
    written = 0
    while marks := ports.store.rooms.edition_marks(_EDITIONS):
        rules, rooms = ports.rules, ports.store.rooms
        shelf = sitepages.shelf(ports.store, rules.sources, base_url=rules.base_url, formats=rules.formats)
        days = {(mark.source, mark.day) for mark in marks}
        days |= {(mark.source, on) for mark in marks for on in rooms.beside(mark.source, mark.day) if on}
        made = (sitepages.edition(ports.store, shelf, source, on.isoformat()) for source, on in sorted(days))
        written += ports.publisher.write(page for page in made if page)
        rooms.clear_editions(marks)
    return written


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
