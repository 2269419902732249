"""Stored items and feeds, in reading order: newest first, then source, page, position, section."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from bulletins.model import Held, Item, Withdrawal, WithdrawnBy
from feeds.compose import NEVER
from feeds.scope import ALL, UNCLASSIFIED, FeedKey
from worker.ports import FeedInfo
from worker.store import codec, fragments
from worker.store.tables import feed_sources, feeds, item_feeds, items, sources
from worker.store.upsert import batches


def held(connection: Connection, source: str, links: Collection[str], ids: Collection[str]) -> Sequence[Held]:
    """Items of a source by their articles' addresses or ids; withdrawn ones too: what was taken down is
    known."""
    found: dict[str, Held] = {}
    for names, column in ((links, items.c.link), (ids, items.c.id)):
        found.update(
            (one.item.id, one) for one in held_by(connection, column, names, items.c.source == source)
        )
    return [found[name] for name in sorted(found)]


def held_by(
    connection: Connection, column: ColumnElement[str], names: Collection[str], *where: ColumnElement[bool]
) -> Sequence[Held]:
    """Items, live or withdrawn, that have one of these values in a column."""
    query = select(items).where(*where)
    return [
        held_row(row)
        for batch in batches(names)
        for row in connection.execute(query.where(column.in_(batch)).order_by(items.c.id))
    ]


def held_row(row: Row[Any]) -> Held:
    why = None
    if row.state == codec.WITHDRAWN:
        why = Withdrawal(WithdrawnBy(row.withdrawn_by), row.withdrawn_reason, row.withdrawn_at)
    return Held(codec.item(row.body), why, row.restless)


def feed_items(connection: Connection, key: FeedKey, count: int, days: int, cap: int) -> Sequence[Item]:
    """A feed's window, as whole items."""
    chosen = [entry.item for entry in fragments.window(connection, key, count, days, cap)]
    bodies: dict[str, str] = {}
    for batch in batches(chosen):
        rows = connection.execute(select(items.c.id, items.c.body).where(items.c.id.in_(batch)))
        bodies.update((row.id, row.body) for row in rows)
    return [codec.item(bodies[item]) for item in chosen]


def catalogue(connection: Connection) -> Sequence[FeedInfo]:
    rows = connection.execute(select(feeds).order_by(feeds.c.key)).mappings()
    return [
        FeedInfo(
            FeedKey(row["key"]),
            row["items"],
            row["newest"],
            row["updated"] if row["updated"] > NEVER else None,  # nothing was ever in it
        )
        for row in rows
    ]


def sources_of_feeds(connection: Connection) -> dict[FeedKey, frozenset[str]]:
    """Those whose items are in a feed, and those whose items would be before there are any."""
    feeding: dict[str, set[str]] = {key: set() for key in connection.scalars(select(feeds.c.key))}
    for row in connection.execute(select(feed_sources).where(feed_sources.c["items"] > 0)):
        feeding[row.feed].add(row.source)
    for source in connection.scalars(select(sources.c.id)):
        for key in (ALL, UNCLASSIFIED, FeedKey.of(source=source)):
            if key.path in feeding:
                feeding[key.path].add(source)
    return {FeedKey(key): frozenset(feeding[key]) for key in sorted(feeding)}


def stored(
    connection: Connection, region: str | None, column: str | None, source: str | None, limit: int | None
) -> Sequence[Item]:
    query = select(items.c.body).where(items.c.state == codec.LIVE)
    if region is not None:
        feed = FeedKey.of(region=region).path
        query = query.join(item_feeds, item_feeds.c.item == items.c.id).where(item_feeds.c.feed == feed)
        query = query.order_by(item_feeds.c.published.desc(), item_feeds.c.place)
    else:
        query = query.order_by(items.c.published.desc(), items.c.place)
    if column is not None:
        query = query.where(items.c.column_slug == column)
    if source is not None:
        query = query.where(items.c.source == source)
    return [codec.item(body) for body in connection.scalars(query.limit(limit))]


def feeds_of(connection: Connection, item: str) -> Sequence[FeedKey]:
    query = select(item_feeds.c.feed).where(item_feeds.c.item == item).order_by(item_feeds.c.feed)
    return [FeedKey(path) for path in connection.scalars(query)]


def feeds_there(connection: Connection, keys: Collection[FeedKey]) -> set[FeedKey]:
    paths = [key.path for key in keys]
    return {FeedKey(path) for path in connection.scalars(select(feeds.c.key).where(feeds.c.key.in_(paths)))}
