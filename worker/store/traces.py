"""One item or address -> all that the store remembers of it; for a person who waits, so walks are allowed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from bulletins.model import Held
from feeds.scope import FeedKey
from worker.edit import Quarantined
from worker.store import fragments, identities, items, pages, quarantine
from worker.store import tables as t
from worker.traces import Asked, ItemTrace, Kept, Line, Placed, Trace

_POLLS = 10  # that asked for a page, the newest
Window = tuple[int, int, int]  # a feed's items, days, and most


def trace(connection: Connection, name: str, window: Window) -> Trace:
    """`name` is an item's id, a further one, or an article's address."""
    known = identities.resolve(connection, name)
    by = (t.items.c.id, known) if known else (t.items.c.link, name)
    found = items.held_by(connection, by[0], [by[1]])
    urls = {name} | {one.item.link for one in found}
    urls |= {one.item.provenance.url for one in found if one.item.provenance}
    return Trace(
        [_item(connection, one, window) for one in found],
        _asked(connection, urls),
        _kept(connection, urls),
        _quarantined(connection, urls | ({known} if known else set())),
    )


def _item(connection: Connection, held: Held, window: Window) -> ItemTrace:
    name = held.item.id
    others = select(t.aliases.c.alias).where(t.aliases.c.item == name).order_by(t.aliases.c.alias)
    log = select(t.changes).where(t.changes.c.item == name).order_by(t.changes.c.seq)
    revised = select(t.revisions.c.at).where(t.revisions.c.item == name).order_by(t.revisions.c.n)
    absent = select(t.absences.c["count"]).where(t.absences.c.item == name)
    return ItemTrace(
        held,
        connection.scalars(others).all(),
        [Line(row.seq, row.kind, row.at, row.poll) for row in connection.execute(log)],
        connection.scalars(revised).all(),
        connection.scalar(absent) or 0,
        _placed(connection, name, window),
    )


def _placed(connection: Connection, item: str, window: Window) -> list[Placed]:
    marks = {row.feed: row.held for row in connection.execute(select(t.feed_marks))}
    buried = select(t.tombstones.c.feed).where(t.tombstones.c.item == item).order_by(t.tombstones.c.feed)
    placed = [Placed(FeedKey(feed), "buried", window=False) for feed in connection.scalars(buried)]
    for key in items.feeds_of(connection, item):
        shown = any(row.item == item for row in fragments.window(connection, key, *window))
        state = {None: "published", False: "waiting", True: "held"}[marks.get(key.path)]
        placed.append(Placed(key, state, shown))
    return placed


def _asked(connection: Connection, urls: Collection[str]) -> list[Asked]:
    page = t.poll_pages.c
    query = (
        select(t.polls, page.url, page.state.label("found"), page.error, page.http_status)
        .join(t.poll_pages, page.poll == t.polls.c.id)
        .where(or_(page.url.in_(urls), page.final_url.in_(urls)))
        .order_by(t.polls.c.started.desc(), t.polls.c.id)
        .limit(_POLLS)
    )
    return [_asked_row(row) for row in connection.execute(query)]


def _asked_row(row: Row[Any]) -> Asked:
    found = (row.url, row.found, row.error, row.http_status)
    return Asked(row.source, row.id, row.started, *found, row.status, row.reason)


def _kept(connection: Connection, urls: Collection[str]) -> Sequence[Kept]:
    page = t.pages.c
    query = select(t.pages).where(or_(page.url.in_(urls), page.final_url.in_(urls)))
    return [
        Kept(row.source, pages.kept_page(row), row.left_at, row.recheck_at)
        for row in connection.execute(query.order_by(page.seen_at.desc(), page.url))
    ]


def _quarantined(connection: Connection, names: set[str]) -> list[Quarantined]:
    """Readings, waiting or decided, that hold an item of one of these ids or addresses."""
    words = [t.quarantine.c.reading.contains(name, autoescape=True) for name in sorted(names)]
    numbers = connection.scalars(select(t.quarantine.c.id).where(or_(*words)).order_by(t.quarantine.c.id))
    entries = [quarantine.entry(connection, number) for number in numbers.all()]
    return [
        one
        for one in reversed(entries)
        if one and any(not names.isdisjoint({item.id, item.link, one.ids.get(item.id)}) for item in one.read)
    ]
