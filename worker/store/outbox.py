"""What has changed and which feeds await publication, numbered in the order of the commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, exists, insert, or_, select, update

from bulletins.model import Item
from feeds.compose import NEVER
from feeds.scope import ALL, UNCLASSIFIED, FeedKey
from worker.ports import Mark
from worker.store import archived, codec, itempages
from worker.store.feedtables import archive_marks
from worker.store.tables import changes, counter, feed_marks, feed_sources, feeds, item_feeds
from worker.store.upsert import Values, insert_missing, upsert

# Made once: to put a statement together takes longer than to execute it.
_TAKE = (
    update(counter)
    .values(change=counter.c.change + bindparam("changes"), mark=counter.c.mark + bindparam("marks"))
    .returning(counter.c.change, counter.c.mark)
)
_MEMBERS = select(item_feeds.c.feed).where(item_feeds.c.item == bindparam("item"))
_NEWEST = (
    select(item_feeds.c.published)
    .where(item_feeds.c.feed == feeds.c.key)
    .order_by(item_feeds.c.published.desc())
    .limit(1)
    .scalar_subquery()
)
_RENEW = update(feeds).where(feeds.c.key.in_(bindparam("touched", expanding=True))).values(newest=_NEWEST)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The newest number of a change, and of a marking; never given out twice, whatever rolls back."""

    change: int
    mark: int


def take(connection: Connection, *, change: int, mark: int) -> Numbers:
    """Count on. Whoever counts holds the counter's row until it commits, so that the next number commits
    next; on SQLite the one writer holds the file. Adding nothing only takes that turn.

    Marks are counted apart from changes: a feed can be marked without a change, and `changes` has no gaps.
    """
    row = connection.execute(_TAKE, {"changes": change, "marks": mark}).one()
    return Numbers(row.change, row.mark)


def log(
    connection: Connection, seq: int, kind: str, item: Item, poll: str, at: datetime, touched: set[str]
) -> None:
    """`touched`: the feeds that the item was in, or is in now: who follows one of them is told."""
    row = {"seq": seq, "kind": kind, "item": item.id, "poll": poll, "at": at}
    connection.execute(insert(changes), row | {"touched": " ".join(sorted(touched))})


def found(connection: Connection, sources: Sequence[FeedKey]) -> None:
    """The feeds that there are before their first item: those of all, of what is not recognised, and of
    `sources`. They can be subscribed to. For the holder of the counter."""
    wanted = {key.path for key in (ALL, UNCLASSIFIED, *sources)}
    new = sorted(wanted - set(connection.scalars(select(feeds.c.key).where(feeds.c.key.in_(wanted)))))
    if new:
        insert_missing(connection, feeds, [{"key": path, "items": 0, "updated": NEVER} for path in new])
        mark(connection, new, take(connection, change=0, mark=1).mark)


def members(connection: Connection, item: str) -> set[str]:
    """The feeds that an item is in."""
    return set(connection.scalars(_MEMBERS, {"item": item}))


def enter(connection: Connection, item: Item, before: set[str], after: set[str]) -> None:
    """Put an item that was in the feeds `before` into exactly those of `after`; the catalogue keeps up."""
    touched = sorted(before | after)
    more = {feed: (feed in after) - (feed in before) for feed in touched}
    rows = [{"key": feed, "items": more[feed], "updated": item.updated} for feed in touched]
    upsert(connection, feeds, rows, _counted)
    given = [{"feed": feed, "source": item.source, "items": more[feed]} for feed in touched]
    upsert(connection, feed_sources, given, _given)
    if before:
        connection.execute(delete(item_feeds).where(item_feeds.c.item == item.id))
    _place(connection, item, after)
    connection.execute(_RENEW, {"touched": touched})


def _counted(new: Any) -> Values:
    updated = case((new["updated"] > feeds.c.updated, new["updated"]), else_=feeds.c.updated)
    return {"items": feeds.c["items"] + new["items"], "updated": updated}


def _given(new: Any) -> Values:
    return {"items": feed_sources.c["items"] + new["items"]}


def _place(connection: Connection, item: Item, after: set[str]) -> None:
    row = {
        "item": item.id,
        "published": item.published,
        "place": codec.place(item),
        "edition": codec.edition_key(item),
    }
    if after:
        connection.execute(insert(item_feeds), [row | {"feed": feed} for feed in sorted(after)])


def mark(connection: Connection, paths: Iterable[str], seq: int) -> None:
    """Mark feeds with a number from `take`, which is newer than any they have. One that was set aside is
    tried again."""
    rows = [{"feed": path, "seq": seq, "held": False} for path in sorted(paths)]
    upsert(connection, feed_marks, rows)


def marks(connection: Connection, limit: int) -> Sequence[Mark]:
    """The feeds that have waited longest, and are not set aside."""
    rows = connection.execute(
        select(feed_marks)
        .where(feed_marks.c.held.is_(False))
        .order_by(feed_marks.c.seq, feed_marks.c.feed)
        .limit(limit)
    )
    return [Mark(FeedKey(row.feed), row.seq) for row in rows]


def clear(connection: Connection, marks: Sequence[Mark]) -> None:
    take(connection, change=0, mark=0)
    for mark in marks:
        connection.execute(
            delete(feed_marks).where(feed_marks.c.feed == mark.key.path, feed_marks.c.seq == mark.seq)
        )


def set_aside(connection: Connection, marks: Sequence[Mark]) -> None:
    take(connection, change=0, mark=0)
    for mark in marks:
        connection.execute(
            update(feed_marks)
            .where(feed_marks.c.feed == mark.key.path, feed_marks.c.seq == mark.seq)
            .values(held=True)
        )


def holds_back(connection: Connection) -> bool:
    feed, month = (exists().where(table.c.held.is_(True)) for table in (feed_marks, archive_marks))
    return bool(connection.scalar(select(or_(feed, month))))


def mark_all(connection: Connection) -> int:
    numbers = take(connection, change=0, mark=1)
    every = connection.scalars(select(feeds.c.key)).all()
    mark(connection, every, numbers.mark)
    archived.mark_all(connection, numbers.mark)
    itempages.mark_all(connection, numbers.mark)
    return len(every)
