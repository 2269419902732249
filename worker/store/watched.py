"""What is watched, as the flow and the web ask for it: rhythms of feeds, incidents, and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bulletins.model import Edition
from bulletins.state import Rhythm
from feeds.scope import FeedKey
from worker.figures import Figures
from worker.incidents import Incident
from worker.store import figures, incidents, outbox, traces
from worker.store import rhythms as rows
from worker.store.engine import Database
from worker.traces import Trace


class SqlWatched:
    """`worker.past.Rhythms` and `worker.incidents.Incidents`, as a part of the store; each method is one
    transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unlearned(self, version: int, limit: int) -> Sequence[FeedKey]:
        with self._database.read() as connection:
            return rows.unlearned(connection, version, limit)

    def news_days(self, feeds: Sequence[FeedKey]) -> dict[FeedKey, Sequence[date]]:
        with self._database.read() as connection:
            return {feed: rows.days_of(connection, feed) for feed in feeds}

    def editions(self, source: str, count: int) -> Sequence[Edition]:
        with self._database.read() as connection:
            return list(rows.editions(connection, source, count))

    def keep_rhythms(self, version: int, learned: Mapping[FeedKey, Rhythm | None]) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            n = rows.newest(connection) + 1
            for feed, one in sorted(learned.items()):
                rows.keep(connection, feed, version, one, n)

    def newest_rhythm(self) -> int:
        with self._database.read() as connection:
            return rows.newest(connection)

    def rhythms(self, prefix: str = "") -> dict[str, Rhythm]:
        with self._database.read() as connection:
            return rows.known(connection, prefix)

    def open_incidents(self, what: str | None = None) -> Sequence[Incident]:
        with self._database.read() as connection:
            return incidents.lasting(connection, what)

    def incidents(self, limit: int) -> Sequence[Incident]:
        with self._database.read() as connection:
            return incidents.latest(connection, limit)

    def figures(self, now: datetime) -> Figures:
        with self._database.read() as connection:
            return figures.figures(connection, now)

    def trace(self, name: str, window: tuple[int, int, int]) -> Trace:
        """What is remembered of an item or an article's address; `window`: a feed's items, days, and most."""
        with self._database.read() as connection:
            return traces.trace(connection, name, window)
