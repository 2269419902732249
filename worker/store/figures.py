"""The store in numbers: each a look at an index or a small table, none a walk over all items."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, exists, func, or_, select

from feeds.scope import ALL, UNCLASSIFIED
from worker.figures import Backlog, Figures
from worker.store import alarms, codec, notices, sources
from worker.store.feedtables import archive_marks, archives, item_marks
from worker.store.tables import (
    counter,
    feed_marks,
    feeds,
    heartbeats,
    incidents,
    pings,
    polls,
    quarantine,
)


def figures(connection: Connection, now: datetime) -> Figures:
    heard = connection.execute(select(heartbeats).order_by(heartbeats.c.role))
    under_way = polls.c.state != codec.DONE
    return Figures(
        sources=sources.states(connection),
        feeds=_count(connection, feeds),
        items=_items(connection),
        changes=connection.scalars(select(counter.c.change)).one(),
        outbox=_outbox(connection, now),
        quarantined=_count(connection, quarantine, quarantine.c.state == codec.HELD),
        incidents=_lasting(connection),
        opened=connection.scalar(select(func.max(incidents.c.n))) or 0,
        heartbeats={row.role: row.at for row in heard},
        polls=_count(connection, polls, under_way),
        lapsed=_count(connection, polls, under_way, sources.lapsed(polls.c.lease_until, now)),
        hooks=notices.states(connection),
        pings=_count(connection, pings),
        receivers=alarms.states(connection),
    )


def _count(connection: Connection, table: FromClause, *where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _items(connection: Connection) -> dict[str, int]:
    key = feeds.c.key
    wanted = or_(key.in_((ALL.path, UNCLASSIFIED.path)), key.startswith("source/"))
    return {row.key: row[1] for row in connection.execute(select(key, feeds.c["items"]).where(wanted))}


def _lasting(connection: Connection) -> dict[str, int]:
    kind = incidents.c.kind
    query = select(kind, func.count()).where(incidents.c.closed.is_(None)).group_by(kind)
    return {row.kind: row[1] for row in connection.execute(query)}


def _outbox(connection: Connection, now: datetime) -> dict[str, Backlog]:
    """Large months of archives wait for their hour: they are no backlog before it."""
    month = (archives.c.feed == archive_marks.c.feed, archives.c.month == archive_marks.c.month)
    put_off = exists().where(*month, archives.c.due > now)
    return {
        "feeds": _backlog(connection, feed_marks, feed_marks.c.held.is_(False)),
        "items": _backlog(connection, item_marks),
        "archives": _backlog(connection, archive_marks, archive_marks.c.held.is_(False), ~put_off),
    }


def _backlog(connection: Connection, marks: FromClause, *waits: ColumnElement[bool]) -> Backlog:
    query = select(func.count(), func.min(marks.c.seq)).select_from(marks).where(*waits)
    waiting, oldest = connection.execute(query).one()
    held = _count(connection, marks, marks.c.held.is_(True)) if "held" in marks.c else 0
    return Backlog(waiting, held, oldest or 0)
