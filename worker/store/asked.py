"""What is asked for from outside, by keys of indexes: a cursor or some feeds in, a bounded stretch out."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from bulletins.model import ChangeKind, Item
from feeds.merge import Kin
from feeds.scope import FeedKey
from worker.archive import ChangesPage, Cursor, Event, Numbers, Walk
from worker.store import codec, identities
from worker.store.tables import changes, counter, item_feeds, items
from worker.store.upsert import batches


def newest(connection: Connection) -> Numbers:
    row = connection.execute(select(counter.c.change, counter.c.mark).where(counter.c.id == 1)).one()
    return Numbers(row.change, row.mark)


def changes_after(connection: Connection, since: int, limit: int) -> ChangesPage:
    """The newest number is read first: what commits meanwhile is beyond it and waits for the next page, on
    PostgreSQL too, where each statement sees its own moment."""
    latest = newest(connection).change
    oldest = connection.scalar(select(func.min(changes.c.seq)))
    rows = connection.execute(
        select(changes.c.seq, changes.c.kind, changes.c.item, changes.c.at)
        .where(changes.c.seq > since, changes.c.seq <= latest)
        .order_by(changes.c.seq)
        .limit(limit)
    ).all()
    live = _items(connection, [row.item for row in rows if row.kind != ChangeKind.WITHDRAWN])
    events = tuple(
        Event(
            row.seq,
            ChangeKind(row.kind),
            row.item,
            row.at,
            None if row.kind == ChangeKind.WITHDRAWN else live.get(row.item),
        )
        for row in rows
    )
    return ChangesPage(events, latest + 1 if oldest is None else oldest, latest)


def walk(
    connection: Connection,
    keys: Sequence[FeedKey],
    sources: Collection[str],
    since: datetime | None,
    after: Cursor | None,
    count: int,
) -> Walk:
    """Each feed gives its next `count` entries from its index; of their union the first `count` are taken."""
    stretches = [_entries(connection, key, since, after, count) for key in keys]
    entries: list[Any] = []
    for entry in _united(stretches):
        entries.append(entry)
        if len(entries) == count:
            break
    chosen = [entry.item for entry in entries if not sources or codec.source_of(entry.place) in sources]
    found = _items(connection, chosen)
    last = entries[-1] if len(entries) == count else None
    return Walk(
        tuple(found[each] for each in chosen if each in found),
        Cursor(last.published, last.place) if last is not None else None,
    )


def kin(
    connection: Connection, names: Collection[str], keys: Sequence[FeedKey]
) -> dict[str, tuple[Kin, ...]]:
    found = identities.kin(connection, names)
    inside: set[str] = set()
    for batch in batches({one.id for many in found.values() for one in many}):
        rows = select(item_feeds.c.item).where(
            item_feeds.c.item.in_(batch), item_feeds.c.feed.in_([key.path for key in keys])
        )
        inside |= set(connection.scalars(rows))
    return {name: tuple(Kin(one, one.id in inside) for one in many) for name, many in found.items()}


def _entries(
    connection: Connection, key: FeedKey, since: datetime | None, after: Cursor | None, count: int
) -> Sequence[Any]:
    entry = item_feeds.c
    query = select(entry.item, entry.published, entry.place).where(entry.feed == key.path)
    if since is not None:
        query = query.where(entry.published >= since)
    if after is not None:
        # The first bound is the index's, which a bare OR would lose.
        further = or_(entry.published < after.published, entry.place > after.place)
        query = query.where(entry.published <= after.published, further)
    query = query.order_by(entry.published.desc(), entry.place).limit(count)
    return connection.execute(query).all()


def _united(stretches: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """The entries of all stretches in order, each item once."""
    seen: set[str] = set()
    for entry in heapq.merge(*stretches, key=lambda entry: (-entry.published.timestamp(), entry.place)):
        if entry.item not in seen:
            seen.add(entry.item)
            yield entry


def _items(connection: Connection, wanted: Collection[str]) -> dict[str, Item]:
    """Live items by id."""
    found: dict[str, Item] = {}
    query = select(items.c.id, items.c.body).where(items.c.state == codec.LIVE)
    for batch in batches(wanted):
        rows = connection.execute(query.where(items.c.id.in_(batch)))
        found.update((row.id, codec.item(row.body)) for row in rows)
    return found
