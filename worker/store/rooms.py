"""What the reading room and the control room ask: counts by day, editions, words, how polls went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from bulletins.dates import SHANGHAI
from bulletins.model import Item
from feeds.records import local
from feeds.scope import FeedKey
from worker.rooms import Backlog, EditionMark, Polled, Published, Wanted
from worker.store import codec, liveness, outbox, search
from worker.store.engine import Database
from worker.store.feedtables import archive_marks, item_marks
from worker.store.roomtables import edition_marks, publications, search_docs
from worker.store.tables import feed_marks, item_feeds, items, polls, sources
from worker.store.upsert import Values, upsert

_A_DAY = timedelta(days=1)


class SqlRooms:
    """Implements `worker.rooms.Rooms`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(self, key: FeedKey, since: date | None) -> Mapping[date, int]:
        entry = item_feeds.c
        query = select(entry.published, func.count().label("items")).where(entry.feed == key.path)
        if since is not None:
            query = query.where(entry.published >= _begin(since))
        found: dict[date, int] = {}
        with self._database.read() as connection:
            for row in connection.execute(query.group_by(entry.published)):
                on = local(row.published).date()
                found[on] = found.get(on, 0) + row.items
        return found

    def printed(self, source: str, day: date) -> Sequence[Item]:
        query = (
            select(items.c.body)
            .where(
                items.c.source == source,
                items.c.published >= _begin(day),
                items.c.published < _begin(day) + _A_DAY,
                items.c.state == codec.LIVE,
            )
            .order_by(items.c.place)
        )
        with self._database.read() as connection:
            return [codec.item(body) for body in connection.scalars(query)]

    def beside(self, source: str, day: date) -> tuple[date | None, date | None]:
        entry = item_feeds.c
        query = select(entry.published).where(entry.feed == FeedKey.of(source=source).path).limit(1)
        before = query.where(entry.published < _begin(day)).order_by(entry.published.desc())
        after = query.where(entry.published >= _begin(day) + _A_DAY).order_by(entry.published)
        with self._database.read() as connection:
            one, other = connection.scalar(before), connection.scalar(after)
        return (local(one).date() if one else None, local(other).date() if other else None)

    def edition_marks(self, limit: int) -> Sequence[EditionMark]:
        query = select(edition_marks).order_by(
            edition_marks.c.seq, edition_marks.c.source, edition_marks.c.day
        )
        with self._database.read() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [EditionMark(row.source, date.fromisoformat(row.day), row.seq) for row in rows]

    def clear_editions(self, marks: Sequence[EditionMark]) -> None:
        mark = edition_marks.c
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            for one in marks:
                its = (mark.source == one.source, mark.day == one.day.isoformat(), mark.seq == one.seq)
                connection.execute(delete(edition_marks).where(*its))

    def find(self, wanted: Wanted, after: int | None, count: int) -> Sequence[tuple[int, Item]]:
        with self._database.read() as connection:
            return search.find(connection, wanted, after, count)

    def named(self, key: str) -> str | None:
        with self._database.read() as connection:
            return connection.scalar(select(search_docs.c.item).where(search_docs.c.key == key).limit(1))

    def polled(
        self, since: datetime, until: datetime | None = None, sources: Sequence[str] | None = None
    ) -> Sequence[Polled]:
        query = select(polls).where(polls.c.ended >= since).order_by(polls.c.ended, polls.c.id)
        if until is not None:
            query = query.where(polls.c.ended <= until)
        if sources is not None:
            query = query.where(polls.c.source.in_(sources))
        with self._database.read() as connection:
            return [
                Polled(
                    row.source,
                    row.started,
                    row.ended,
                    row.status or "",
                    row.pages,
                    row.new,
                    row.corrected,
                    row.seconds,
                )
                for row in connection.execute(query)
            ]

    def note_publication(self, published: Published) -> None:
        row = {"at": published.at, "feeds": published.feeds, "documents": published.documents}
        with self._database.progress() as connection:  # a power cut may take back what is only looked at
            connection.execute(delete(publications).where(publications.c.at < published.at - _A_DAY))
            upsert(connection, publications, [row], _and_more)

    def published(self, since: datetime) -> Sequence[Published]:
        query = select(publications).where(publications.c.at >= since).order_by(publications.c.at)
        with self._database.read() as connection:
            return [Published(row.at, row.feeds, row.documents) for row in connection.execute(query)]

    def lags(self, count: int) -> Sequence[tuple[str, datetime, datetime]]:
        query = (
            select(items.c.source, items.c.published, items.c.first_seen)
            .where(items.c.state == codec.LIVE)
            .order_by(items.c.published.desc(), items.c.place)
            .limit(count)
        )
        with self._database.read() as connection:
            return [(row.source, row.published, row.first_seen) for row in connection.execute(query)]

    def rhythms(self) -> Mapping[str, str]:
        with self._database.read() as connection:
            rows = connection.execute(select(sources.c.id, sources.c.rhythm))
            return {row.id: row.rhythm for row in rows}

    def backlog(self) -> Backlog:
        with self._database.read() as connection:
            held = sum(_count(connection, table, held=True) for table in (feed_marks, archive_marks))
            return Backlog(
                feeds=_count(connection, feed_marks, held=False),
                months=_count(connection, archive_marks, held=False),
                items=_count(connection, item_marks),
                editions=_count(connection, edition_marks),
                held=held,
            )

    def heartbeats(self) -> Mapping[str, datetime]:
        with self._database.read() as connection:
            return liveness.heard(connection)


def _and_more(new: Any) -> Values:
    """Of two in one moment the sum."""
    known = publications.c
    return {"feeds": known.feeds + new["feeds"], "documents": known.documents + new["documents"]}


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _count(connection: Connection, table: Table, *, held: bool | None = None) -> int:
    query = select(func.count()).select_from(table)
    if held is not None:
        query = query.where(table.c.held.is_(held))
    return connection.scalar(query) or 0
