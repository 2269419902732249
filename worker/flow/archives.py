"""Archives brought up to date: months that have changed in, their documents put in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from feeds import compose
from feeds.compose import Tombstone
from feeds.render import Document
from feeds.render.archive import archive, archive_path, month_after, month_begin
from feeds.scope import FeedKey
from worker.feedstore import ArchiveMark, Month
from worker.flow import feeds, incidents
from worker.flow.feeds import Frame, HeldBack
from worker.ports import Ports

_BATCH = 200


def due(ports: Ports) -> bool:
    """Whether a month awaits publication, and may be written by now. Archives are Atom's: without it there
    are none."""
    return "atom" in ports.rules.formats and bool(ports.store.archive_marks(ports.clock.now(), 1))


def paths(ports: Ports) -> Iterator[str]:
    """Where documents of archives stand: each month that has any, and the one after it, perhaps empty."""
    for feed, month in ports.store.archive_months():
        yield archive_path(feed, month)
        yield archive_path(feed, month_after(month))


def publish(ports: Ports) -> int:
    """Write every month that has changed and is due; how many documents had other bytes before. For the one
    publisher."""
    written = 0
    if not due(ports):
        return written
    frame = feeds.frame(ports)
    while marks := ports.store.archive_marks(ports.clock.now(), _BATCH):
        held: dict[ArchiveMark, HeldBack] = {}
        written += ports.publisher.write(_documents(ports, marks, frame, held))
        good = [mark for mark in marks if mark not in held]
        incidents.hold(ports, list(held.values()))
        for mark in held:
            ports.store.set_archive_aside(mark)
        ports.store.clear_archives(good, ports.clock.now())
    return written


def _documents(
    ports: Ports,
    marks: Sequence[ArchiveMark],
    frame: Frame,
    held: dict[ArchiveMark, HeldBack],
) -> Iterator[Document]:
    """The months, each with the empty ones beside it. A month names the one after it from its first day on,
    so that it need not change when that comes; until then, or where nothing happens in it, that one stands
    there empty. An empty one names none after it: which that is would be known only when it is over."""
    for mark in marks:
        month = ports.store.archive_month(mark, frame.made_from)
        document = _month(ports, mark, month, frame)
        before = ports.publisher.read(document.path)
        ids = [entry.id for entry in month.entries]
        if document.body != before and (fault := feeds.held(ports, document, ids, before)):
            held[mark] = fault
            continue
        yield document
        if month.before and (gap := month_after(month.before)) != mark.month:
            yield _empty(ports, mark.key, frame, month.before, gap)
        if (following := month_after(mark.month)) != month.after:
            yield _empty(ports, mark.key, frame, mark.month, following)


def _month(ports: Ports, mark: ArchiveMark, month: Month, frame: Frame) -> Document:
    pieces = feeds.rendered(ports, month.entries, ("atom",), frame)["atom"]
    changed = month.changed or month_begin(mark.month)
    feed = _head(ports, mark.key, frame, changed, month.tombstones)
    previous = month.before
    if previous and month_after(previous) != mark.month:
        previous = month_after(previous)  # the empty one between them
    return archive(feed, mark.month, pieces, previous=previous, following=month_after(mark.month))


def _empty(ports: Ports, key: FeedKey, frame: Frame, previous: str, month: str) -> Document:
    """A month without changes. It is dated by the one before it: it has no date of its own, and no clock."""
    feed = _head(ports, key, frame, month_begin(previous), ())
    return archive(feed, month, (), previous=previous, following=None)


def _head(
    ports: Ports, key: FeedKey, frame: Frame, updated: datetime, stones: Sequence[Tombstone]
) -> compose.Feed:
    rules = ports.rules
    return compose.head(
        key,
        updated=updated,
        newest=None,
        authority=rules.authority,
        base_url=rules.base_url,
        columns=frame.names,
        sources=frame.sources,
        tombstones=stones,
    )
