"""The store: what the flow asks, as transactions on one database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from bulletins.errors import FetchError
from bulletins.model import Follow, Held, Item, Revision, Source
from bulletins.state import SourceState
from feeds.merge import Kin
from feeds.scope import FeedKey
from worker.archive import ChangesPage, Cursor, Numbers, Walk
from worker.edit import KeptPage, Quarantined, Tombstone
from worker.feedstore import ArchiveMark, ItemMark, ItemPage, Kept, Month, Window
from worker.polls import PageTask, PollPage, PollRow, Validators
from worker.ports import FeedInfo, Mark
from worker.store import (
    archived,
    asked,
    codec,
    fragments,
    history,
    identities,
    itempages,
    liveness,
    outbox,
    quarantine,
)
from worker.store import columns as column_rows
from worker.store import items as item_rows
from worker.store import pages as page_rows
from worker.store import polls as poll_rows
from worker.store import sources as source_rows
from worker.store.alarms import SqlAlarms
from worker.store.engine import Database
from worker.store.ingest import SqlEdit, SqlIngest
from worker.store.notices import SqlNotices
from worker.store.past import SqlPast
from worker.store.rooms import SqlRooms
from worker.store.watched import SqlWatched


class SqlStore(SqlPast, SqlWatched):
    """`worker.ports.Store` and `worker.archive.Archive` on SQLite or PostgreSQL, for any number of
    threads and processes.

    Every method is one transaction. EnvironmentFault where the database cannot be used: locked for longer
    than `sqlite_wait` seconds, not writable, no server.
    """

    def __init__(self, url: str, *, sqlite_wait: float = 30.0) -> None:
        super().__init__(Database(url, sqlite_wait))
        self.notices = SqlNotices(self._database)
        self.alarms = SqlAlarms(self._database)
        self.rooms = SqlRooms(self._database)

    def check(self) -> None:
        """EnvironmentFault, with where and what to do, unless the database answers and has its tables."""
        self._database.check()

    def dispose(self) -> None:
        """Close this process's connections; the next call opens new ones."""
        self._database.dispose()

    def sync_sources(self, sources: Sequence[Source], now: datetime) -> None:
        with self._database.write() as connection:
            source_rows.sync(connection, sources, now)

    def lease_due(self, now: datetime, until: datetime, limit: int) -> Sequence[tuple[str, str]]:
        with self._database.progress() as connection:
            return source_rows.lease_due(connection, now, until, limit)

    def lease_named(self, source: str, now: datetime, until: datetime) -> str | None:
        with self._database.progress() as connection:
            return source_rows.lease_named(connection, source, now, until)

    def sources(self) -> Sequence[SourceState]:
        with self._database.read() as connection:
            return source_rows.states(connection)

    def open_poll(self, poll: str, source: str, now: datetime, until: datetime) -> PollRow:
        with self._database.progress() as connection:
            return poll_rows.open_poll(connection, poll, source, now, until)

    def renew(self, poll: str, until: datetime) -> None:
        with self._database.progress() as connection:
            poll_rows.renew(connection, poll, until)

    def heal(self, poll: str, until: datetime) -> None:
        with self._database.progress() as connection:
            poll_rows.renew(connection, poll, until, heals=1)

    def poll(self, poll: str) -> PollRow | None:
        with self._database.read() as connection:
            return poll_rows.get(connection, poll)

    def ask(self, poll: str, follows: Sequence[Follow], *, recheck: bool = False) -> None:
        with self._database.progress() as connection:
            poll_rows.ask(connection, poll, follows, recheck=recheck)

    def pages(self, poll: str) -> Sequence[PollPage]:
        with self._database.read() as connection:
            return poll_rows.pages(connection, poll)

    def page(self, poll: str, n: int) -> PollPage | None:
        with self._database.read() as connection:
            return poll_rows.page(connection, poll, n)

    def page_task(self, poll: str, n: int) -> PageTask | None:
        with self._database.read() as connection:
            return poll_rows.page_task(connection, poll, n)

    def record(
        self,
        poll: str,
        n: int,
        state: str,
        validators: Validators | None = None,
        fault: FetchError | None = None,
        claim: tuple[datetime, datetime] | None = None,
    ) -> bool:
        with self._database.progress() as connection:
            poll_rows.record(connection, poll, n, state, validators, fault)
            return claim is not None and poll_rows.claim_ingest(connection, poll, *claim)

    def next_pending(self, poll: str, lane: int, lanes: int) -> int | None:
        with self._database.read() as connection:
            return poll_rows.next_pending(connection, poll, lane, lanes)

    def start_fetching(self, poll: str) -> None:
        with self._database.progress() as connection:
            poll_rows.start_fetching(connection, poll)

    def claim_ingest(self, poll: str, now: datetime, until: datetime) -> bool:
        with self._database.progress() as connection:
            return poll_rows.claim_ingest(connection, poll, now, until)

    def held_page(self, source: str, url: str) -> Validators | None:
        with self._database.read() as connection:
            return page_rows.held(connection, source, url)

    def read_by(self, source: str) -> str:
        with self._database.read() as connection:
            newest = item_rows.stored(connection, None, None, source, 1)
        origin = newest[0].provenance if newest else None
        return origin.parser.partition("/")[0] if origin else ""

    def due_rechecks(self, source: str, now: datetime) -> Sequence[Follow]:
        with self._database.read() as connection:
            return page_rows.due(connection, source, now)

    def stuck(self, now: datetime) -> Sequence[PollRow]:
        with self._database.read() as connection:
            return poll_rows.stuck(connection, now)

    def fail_pending(self, poll: str, error: str) -> None:
        with self._database.progress() as connection:
            poll_rows.fail_pending(connection, poll, error)

    # ingest
    @contextmanager
    def ingest(self, poll: str) -> Iterator[SqlIngest | None]:
        with self._database.write() as connection:
            held = poll_rows.locked(connection, poll)
            yield None if held is None or held.state == codec.DONE else SqlIngest(connection, held)

    @contextmanager
    def edit(self, cause: str) -> Iterator[SqlEdit]:
        with self._database.write() as connection:
            yield SqlEdit(connection, cause)

    def lacking(self, source: str) -> bool:
        with self._database.read() as connection:
            return bool(history.absences_of(connection, source))

    def resolve(self, name: str) -> str | None:
        with self._database.read() as connection:
            return identities.resolve(connection, name)

    def item(self, name: str) -> Held | None:
        with self._database.read() as connection:
            return SqlEdit(connection, "").get(identities.resolve(connection, name) or name)

    def revisions(self, item: str) -> Sequence[Revision]:
        with self._database.read() as connection:
            return history.revisions_of(connection, item)

    def cluster(self, item: str) -> Sequence[Item]:
        with self._database.read() as connection:
            return identities.kin(connection, [item]).get(item, [])

    def withdrawn(self, key: FeedKey, limit: int) -> Sequence[Tombstone]:
        with self._database.read() as connection:
            return history.withdrawn(connection, key, limit)

    def quarantine(self) -> Sequence[Quarantined]:
        with self._database.read() as connection:
            return quarantine.waiting(connection)

    def quarantined(self, number: int) -> Quarantined | None:
        with self._database.read() as connection:
            return quarantine.entry(connection, number)

    # outbox and feeds
    def marks(self, limit: int) -> Sequence[Mark]:
        with self._database.read() as connection:
            return outbox.marks(connection, limit)

    def clear(self, marks: Sequence[Mark]) -> None:
        with self._database.write() as connection:
            outbox.clear(connection, marks)

    def set_aside(self, marks: Sequence[Mark]) -> None:
        with self._database.write() as connection:
            outbox.set_aside(connection, marks)

    def holds_back(self) -> bool:
        with self._database.read() as connection:
            return outbox.holds_back(connection)

    def mark_all(self) -> int:
        with self._database.write() as connection:
            return outbox.mark_all(connection)

    def feed_items(self, key: FeedKey, items: int, days: int, cap: int) -> Sequence[Item]:
        with self._database.read() as connection:
            return item_rows.feed_items(connection, key, items, days, cap)

    def window(
        self,
        key: FeedKey,
        items: int,
        days: int,
        cap: int,
        formats: Sequence[str],
        made_from: Callable[[str, str], str],
    ) -> Window:
        with self._database.read() as connection:
            rows = fragments.window(connection, key, items, days, cap)
            entries = fragments.placed(connection, [row.item for row in rows], formats, made_from)
            last = max((entry.updated for entry in entries), default=None)
            stones = archived.buried(connection, key, items, timedelta(days=days), last)
            return Window(tuple(entries), tuple(stones), archived.newest(connection, key))

    def keep_fragments(self, rendered: Sequence[Kept]) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            fragments.keep(connection, rendered)

    def left(self, key: FeedKey, ids: Collection[str]) -> Collection[str]:
        with self._database.read() as connection:
            return fragments.left(connection, key, ids)

    def item_marks(self, limit: int) -> Sequence[ItemMark]:
        with self._database.read() as connection:
            return itempages.marks(connection, limit)

    def item_pages(self, names: Collection[str]) -> Sequence[ItemPage]:
        with self._database.read() as connection:
            return itempages.pages(connection, names)

    def clear_items(self, marks: Sequence[ItemMark]) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            itempages.clear(connection, marks)

    def archive_marks(self, now: datetime, limit: int) -> Sequence[ArchiveMark]:
        with self._database.read() as connection:
            return archived.marks(connection, now, limit)

    def archive_month(self, mark: ArchiveMark, made_from: Callable[[str, str], str]) -> Month:
        with self._database.read() as connection:
            return archived.month(connection, mark.key, mark.month, made_from)

    def archive_months(self) -> Sequence[tuple[str, str]]:
        with self._database.read() as connection:
            return archived.months(connection)

    def clear_archives(self, marks: Sequence[ArchiveMark], now: datetime) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            archived.clear(connection, marks, now)

    def set_archive_aside(self, mark: ArchiveMark) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            archived.set_aside(connection, mark)

    def catalogue(self) -> Sequence[FeedInfo]:
        with self._database.read() as connection:
            return item_rows.catalogue(connection)

    def feed_sources(self) -> dict[FeedKey, frozenset[str]]:
        with self._database.read() as connection:
            return item_rows.sources_of_feeds(connection)

    def items(
        self, region: str | None, column: str | None, source: str | None, limit: int | None
    ) -> Sequence[Item]:
        with self._database.read() as connection:
            return item_rows.stored(connection, region, column, source, limit)

    def kept_pages(self, source: str) -> Sequence[KeptPage]:
        with self._database.read() as connection:
            return page_rows.kept(connection, source)

    def item_feeds(self, item: str) -> Sequence[FeedKey]:
        with self._database.read() as connection:
            return item_rows.feeds_of(connection, item)

    def column_names(self) -> dict[str, str]:
        with self._database.read() as connection:
            return column_rows.names(connection)

    # what is asked for from outside
    def newest(self) -> Numbers:
        with self._database.read() as connection:
            return asked.newest(connection)

    def changes(self, since: int, limit: int) -> ChangesPage:
        with self._database.read() as connection:
            return asked.changes_after(connection, since, limit)

    def walk(
        self,
        keys: Sequence[FeedKey],
        *,
        sources: Collection[str],
        since: datetime | None,
        after: Cursor | None,
        count: int,
    ) -> Walk:
        with self._database.read() as connection:
            return asked.walk(connection, keys, sources, since, after, count)

    def kin(self, names: Collection[str], keys: Sequence[FeedKey]) -> dict[str, tuple[Kin, ...]]:
        with self._database.read() as connection:
            return asked.kin(connection, names, keys)

    def beat(self, role: str, now: datetime) -> None:
        with self._database.progress() as connection:
            liveness.beat(connection, role, now)

    def heartbeats(self) -> dict[str, datetime]:
        with self._database.read() as connection:
            return liveness.heard(connection)

    def signs(self) -> object:
        with self._database.read() as connection:
            return liveness.signs(connection)


def open_store(url: str, *, sqlite_wait: float = 30.0) -> SqlStore:
    """The store at "sqlite:////absolute/path.db" or "postgresql+psycopg://…", which `migrate` has readied.

    Nothing is connected yet. ConfigError for another kind of address.
    """
    return SqlStore(url, sqlite_wait=sqlite_wait)
