"""The change sequence by month: what each feed's archive holds, and which of its months await publication.

A month holds, of every item that changed in it, the last state that it had then. Months follow the sequence
and never go back: a clock that was ahead or is set back cannot put a change into a month that is over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from bulletins.model import ChangeKind, Item
from feeds.compose import Tombstone
from feeds.render.archive import month_of
from feeds.scope import ALL, FeedKey
from worker.feedstore import ArchiveMark, Month, Placed
from worker.store import codec, fragments
from worker.store.feedtables import archive_items, archive_marks, archive_versions, archives
from worker.store.fragments import MadeFrom
from worker.store.tables import items
from worker.store.upsert import insert_missing, upsert

_LARGE = 500  # entries: a month with more is written at most once an hour
_HOUR = timedelta(hours=1)
_NOW = datetime(1970, 1, 1, tzinfo=UTC)  # `due` of a month that waits for no hour until it has been written


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of an item, made `now`. `seq` orders the changes of a month."""

    item: Item
    kind: ChangeKind
    now: datetime
    seq: int
    reason: str = ""  # of a withdrawal


def _month(connection: Connection, now: datetime) -> str:
    """The month of a change: never before that of the change before it, which was in the feed of all."""
    return max(month_of(now), newest(connection, ALL))


def keep_version(connection: Connection, entry: Entry) -> None:
    """Before a stored item is changed: keep it for the month that it last changed in, when that is over."""
    last = connection.scalar(
        select(archive_items.c.month)
        .where(archive_items.c.item == entry.item.id)
        .order_by(archive_items.c.month.desc())
        .limit(1)
    )
    if last is None or last >= _month(connection, entry.now):
        return
    body = connection.scalar(select(items.c.body).where(items.c.id == entry.item.id))
    insert_missing(
        connection, archive_versions, [{"item": entry.item.id, "month": last, "body": body}] if body else []
    )


def enter(
    connection: Connection,
    entry: Entry,
    before: Collection[str],
    after: Collection[str],
    *,
    new: bool = False,
) -> None:
    """Enter a change into the current month of the feeds that the item is in now, or of which it is
    withdrawn; one that it merely left, being about another place, forgets what it had of it this month. A
    `new` item has nothing there."""
    month = _month(connection, entry.now)
    touched = sorted({*before, *after})
    holding = sorted(before if entry.kind == ChangeKind.WITHDRAWN else after)
    if not new:
        in_month = (archive_items.c.item == entry.item.id, archive_items.c.month == month)
        connection.execute(delete(archive_items).where(*in_month, archive_items.c.feed.in_(touched)))
    row = {"month": month, "item": entry.item.id, "seq": entry.seq, "kind": entry.kind, "at": entry.now}
    row["reason"] = entry.reason
    if holding:
        connection.execute(insert(archive_items), [row | {"feed": feed} for feed in holding])
    insert_missing(connection, archives, [{"feed": feed, "month": month} for feed in touched])
    _mark(connection, [(feed, month) for feed in touched], entry.seq)


def take_down(connection: Connection, entry: Entry) -> None:
    """An operator has taken an item down: months that are over lose it too, and keep its tombstone. None of
    them waits for its hour: who asked for it is told that it is done."""
    mine = archive_items.c.item == entry.item.id
    rows = connection.execute(select(archive_items.c.feed, archive_items.c.month).where(mine)).all()
    connection.execute(
        update(archive_items).where(mine).values(kind=ChangeKind.WITHDRAWN, at=entry.now, reason=entry.reason)
    )
    connection.execute(delete(archive_versions).where(archive_versions.c.item == entry.item.id))
    _mark(connection, [(row.feed, row.month) for row in rows], entry.seq)
    at_once = update(archives).where(
        archives.c.feed == bindparam("of"), archives.c.month == bindparam("in_month")
    )
    if rows:
        connection.execute(
            at_once.values(due=_NOW), [{"of": row.feed, "in_month": row.month} for row in rows]
        )


def _mark(connection: Connection, months: Sequence[tuple[str, str]], seq: int) -> None:
    rows = [{"feed": feed, "month": month, "seq": seq, "held": False} for feed, month in months]
    upsert(connection, archive_marks, rows)


def mark_all(connection: Connection, seq: int) -> None:
    """Mark every month of every feed, and wait with none."""
    connection.execute(update(archives).values(due=_NOW))
    _mark(connection, months(connection), seq)


def months(connection: Connection) -> Sequence[tuple[str, str]]:
    """Every month of every feed, by the feeds' paths."""
    return [(row.feed, row.month) for row in connection.execute(select(archives.c.feed, archives.c.month))]


def marks(connection: Connection, now: datetime, limit: int) -> Sequence[ArchiveMark]:
    """Months that await publication and may be written by now. One that is over waits no more: who walks back
    from a document of the next month, and finds it as it will stay, need not come back."""
    over = archive_marks.c.month < _month(connection, now)
    rows = connection.execute(
        select(archive_marks)
        .join(
            archives, (archives.c.feed == archive_marks.c.feed) & (archives.c.month == archive_marks.c.month)
        )
        .where(archive_marks.c.held.is_(False), over | archives.c.due.is_(None) | (archives.c.due <= now))
        .order_by(archive_marks.c.feed, archive_marks.c.month)
        .limit(limit)
    )
    return [ArchiveMark(FeedKey(row.feed), row.month, row.seq) for row in rows]


def month(connection: Connection, key: FeedKey, month: str, made_from: MadeFrom) -> Month:
    """What a month of a feed holds, its newest change first, and the months on both sides that have any."""
    here = (archive_items.c.feed == key.path, archive_items.c.month == month)
    rows = connection.execute(
        select(archive_items, archive_versions.c.body)
        .outerjoin(
            archive_versions,
            (archive_versions.c.item == archive_items.c.item)
            & (archive_versions.c.month == archive_items.c.month),
        )
        .where(*here)
        .order_by(archive_items.c.seq.desc(), archive_items.c.item)
    ).all()
    live = [row for row in rows if row.kind != ChangeKind.WITHDRAWN]
    current = [row.item for row in live if row.body is None]
    placed = {one.id: one for one in fragments.placed(connection, current, ("atom",), made_from)}
    entries = [placed[row.item] if row.body is None else _as_it_was(row.body) for row in live]
    stones = [Tombstone(row.item, row.at, row.reason) for row in rows if row.kind == ChangeKind.WITHDRAWN]
    beside = select(archives.c.month).where(archives.c.feed == key.path)
    return Month(
        entries=tuple(entries),
        tombstones=tuple(stones),
        changed=max((row.at for row in rows), default=None),
        before=connection.scalar(
            beside.where(archives.c.month < month).order_by(archives.c.month.desc()).limit(1)
        ),
        after=connection.scalar(beside.where(archives.c.month > month).order_by(archives.c.month).limit(1)),
    )


def _as_it_was(body: str) -> Placed:
    item = codec.item(body)
    return Placed(item.id, item.source, item.published, item.updated, {}, item)


_NEWEST = (
    select(archives.c.month)
    .where(archives.c.feed == bindparam("feed"))
    .order_by(archives.c.month.desc())
    .limit(1)
)
_BURIED = (
    select(archive_items.c.item, archive_items.c.at, archive_items.c.reason)
    .join(items, items.c.id == archive_items.c.item)
    .where(
        archive_items.c.feed == bindparam("feed"),
        archive_items.c.kind == ChangeKind.WITHDRAWN,
        items.c.state == codec.WITHDRAWN,
    )
    .order_by(archive_items.c.at.desc(), archive_items.c.item)
    .limit(bindparam("most"))
)


def newest(connection: Connection, key: FeedKey) -> str:
    """The newest month of a feed's archive; empty before its first change."""
    return connection.scalar(_NEWEST, {"feed": key.path}) or ""


def buried(
    connection: Connection, key: FeedKey, most: int, span: timedelta, last: datetime | None
) -> Sequence[Tombstone]:
    """Of the `most` items that a feed lost last by withdrawal and that have not come back, those lost within
    `span` before its last change; newest first. `last` is when the newest of its entries changed."""
    rows = connection.execute(_BURIED, {"feed": key.path, "most": most}).all()
    if not rows:
        return []
    since = max(rows[0].at, last or rows[0].at) - span
    found: dict[str, Tombstone] = {}
    for row in rows:
        if row.at >= since:
            found.setdefault(row.item, Tombstone(row.item, row.at, row.reason))
    return list(found.values())


def clear(connection: Connection, marks: Sequence[ArchiveMark], now: datetime) -> None:
    """Months have been written: take their marks away, where nothing has changed since; large ones wait, but
    for what was not to wait and came while they were being written."""
    for mark in marks:
        written = connection.execute(delete(archive_marks).where(*_this(mark))).rowcount
        here = (archive_items.c.feed == mark.key.path, archive_items.c.month == mark.month)
        size = connection.scalar(select(func.count()).select_from(archive_items).where(*here)) or 0
        this = (archives.c.feed == mark.key.path, archives.c.month == mark.month)
        due = now + _HOUR if size > _LARGE else None
        waits = () if written else (archives.c.due.is_(None) | (archives.c.due != _NOW),)
        connection.execute(update(archives).where(*this, *waits).values(due=due))


def set_aside(connection: Connection, mark: ArchiveMark) -> None:
    """A month that may not be written waits for the next change in it."""
    connection.execute(update(archive_marks).where(*_this(mark)).values(held=True))


def _this(mark: ArchiveMark) -> tuple[ColumnElement[bool], ...]:
    columns = archive_marks.c
    return columns.feed == mark.key.path, columns.month == mark.month, columns.seq == mark.seq
