"""Rhythms of feeds, and what they are learned from: the days, and the editions, on which news came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select

from bulletins.dates import SHANGHAI
from bulletins.model import Edition
from bulletins.rhythm import SPAN
from bulletins.state import Rhythm
from feeds.scope import FeedKey
from worker.store import codec
from worker.store.tables import feeds, item_feeds, items
from worker.store.upsert import upsert
from worker.store.watchtables import rhythms

_ROWS = 2_000  # read at once; a feed with more than so many items within the span is read day by day
_MOST_DAYS = 200  # with news that are looked at in such a feed


def unlearned(connection: Connection, version: int, limit: int) -> Sequence[FeedKey]:
    """Feeds of sources, regions and columns that have changed since their rhythm was learned, or whose rhythm
    another `version` has learned."""
    key = feeds.c.key
    kinds = or_(key.like("source/%"), key.like("column/%"), key.like("region/______"))
    anew = or_(
        rhythms.c.feed.is_(None),
        rhythms.c.made_of != feeds.c.updated,
        rhythms.c.made_of_items != feeds.c["items"],
        rhythms.c.version != version,
    )
    held = rhythms.c.feed.is_not(None)
    query = (
        select(key)
        .join(rhythms, rhythms.c.feed == key, isouter=True)
        .where(kinds, anew, or_(feeds.c["items"] > 0, held))
        .order_by(key)
        .limit(limit)
    )
    return [FeedKey(path) for path in connection.scalars(query)]


def days_of(connection: Connection, feed: FeedKey, rows: int = _ROWS) -> Sequence[date]:
    """On which a feed's items were published, in Asia/Shanghai, the newest first."""
    its = select(item_feeds.c.published).where(item_feeds.c.feed == feed.path)
    newest_first = its.order_by(item_feeds.c.published.desc())
    moments = connection.scalars(newest_first.limit(rows)).all()
    known = dict.fromkeys(moment.astimezone(SHANGHAI).date() for moment in moments)
    while known and len(moments) == rows and len(known) < _MOST_DAYS:
        first, *_, last = (*known, *known)
        if first - last > SPAN:
            break
        midnight = datetime.combine(last, datetime.min.time(), SHANGHAI)
        before = connection.scalar(newest_first.where(item_feeds.c.published < midnight).limit(1))
        if before is None:
            break
        known[before.astimezone(SHANGHAI).date()] = None
    return list(known)


def editions(connection: Connection, source: str, count: int) -> Iterator[Edition]:
    """The newest editions of a source by their dates, one of each day."""
    its = select(items.c.published, items.c.body).where(
        items.c.source == source, items.c.state == codec.LIVE, items.c.edition.is_not(None)
    )
    newest = its.order_by(items.c.published.desc(), items.c.place).limit(1)
    row = connection.execute(newest).one_or_none()
    while row is not None and count > 0:
        item, count = codec.item(row.body), count - 1
        if item.edition is not None:
            yield item.edition
        day = row.published.astimezone(SHANGHAI).date()
        midnight = datetime.combine(day, datetime.min.time(), SHANGHAI)
        row = connection.execute(newest.where(items.c.published < midnight)).one_or_none()


def keep(connection: Connection, feed: FeedKey, version: int, learned: Rhythm | None, n: int) -> None:
    """Keep what a feed's items, as they are, have taught; nothing where there is no such feed."""
    made_of = connection.execute(select(feeds).where(feeds.c.key == feed.path)).mappings().one_or_none()
    if made_of is None:
        return
    if learned is None:
        connection.execute(delete(rhythms).where(rhythms.c.feed == feed.path))
        return
    row = {
        "feed": feed.path,
        "n": n,
        "made_of": made_of["updated"],
        "made_of_items": made_of["items"],
        "version": version,
        "last": learned.last.isoformat(),
        "expected": learned.expected.isoformat() if learned.expected else None,
        "quiet_from": learned.quiet_from,
        "stale_from": learned.stale_from,
        "ended_from": learned.ended_from,
        "words": learned.words,
    }
    upsert(connection, rhythms, [row])


def newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(rhythms.c.n))) or 0


def known(connection: Connection, prefix: str) -> dict[str, Rhythm]:
    """Of the feeds whose paths begin so, by path."""
    query = select(rhythms).where(rhythms.c.feed.startswith(prefix, autoescape=True))
    return {row.feed: _rhythm(row) for row in connection.execute(query.order_by(rhythms.c.feed))}


def _rhythm(row: Row[Any]) -> Rhythm:
    return Rhythm(
        last=date.fromisoformat(row.last),
        expected=date.fromisoformat(row.expected) if row.expected else None,
        quiet_from=row.quiet_from,
        stale_from=row.stale_from,
        ended_from=row.ended_from,
        words=row.words,
    )
