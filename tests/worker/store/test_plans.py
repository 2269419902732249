"""What publishing and ingesting ask of the database is answered from indexes, however much is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

from bulletins.model import ChangeKind, Follow, Lead, PageKind
from feeds.scope import ALL
from tests.worker.store import story
from tests.worker.store.story import DAY, NOW
from worker.feedstore import Kept
from worker.polls import PageState, Validators
from worker.store import SqlStore, open_store

LARGE = {
    "items",
    "item_feeds",
    "fragments",
    "changes",
    "archive_items",
    "archive_versions",
    "archives",
    "aliases",
    "revisions",
    "sketches",
    "tombstones",
    "clusters",
    "column_editions",
    "poll_pages",
    "pages",
    "polls",
}
_SCAN = re.compile(r"SCAN (\w+)")  # of a table or of a whole index; a part of an index is a SEARCH


@contextmanager
def _asked() -> Iterator[list[tuple[str, object]]]:
    """The statements that are run meanwhile, with a set of values for each."""
    said: list[tuple[str, object]] = []

    def note(
        _connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        values: object,
        _context: ExecutionContext,
        many: bool,
    ) -> None:
        said.append((statement, values[0] if many and isinstance(values, list) else values))

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    opened = open_store(sqlite_url)
    yield opened
    opened.dispose()


def test_no_query_of_the_hot_path_reads_a_whole_table(sqlite_store: SqlStore, sqlite_url: str) -> None:
    store = sqlite_store
    items = [story.item(f"{n}", on=n, position=n) for n in range(60)]
    with _asked() as said:
        story.bring(store, *items)
        story.bring(store, items[0], kind=ChangeKind.CORRECTED)
        story.bring(store, items[1], kind=ChangeKind.WITHDRAWN)
        window = store.window(ALL, 50, 3, 500, ("rss", "atom"), lambda source, suffix: "x")
        store.keep_fragments([Kept(items[5], "rss", "x", b"x")])
        store.left(ALL, [entry.id for entry in window.entries])
        marks = store.archive_marks(NOW + DAY, 200)
        for mark in marks:
            store.archive_month(mark, lambda source, suffix: "x")
        store.clear_archives(marks, NOW)
        store.set_aside(store.marks(3))
        store.clear(store.marks(500))
        store.marks(500)
        with store.edit("test") as txn:
            txn.join_cluster(items[2].id, items[3].id)
            txn.alias({"tag:paper.test,2026:paper/before": items[4].id})
        paged = store.item_marks(100)
        store.item_pages([mark.name for mark in paged])
        store.clear_items(paged)
        store.kin([items[2].id], [ALL])
    assert _searched(sqlite_url, said) > 50


def test_no_step_of_a_poll_reads_a_whole_table(sqlite_store: SqlStore, sqlite_url: str) -> None:
    store, until = sqlite_store, NOW + DAY
    story.bring(store, *(story.item(f"{n}", on=n, position=n) for n in range(20)))
    links = [story.item(f"{n}").link for n in range(3)]
    with _asked() as said:
        store.lease_due(NOW, until, 200)
        poll = store.lease_named("paper", NOW + 2 * DAY, NOW + 3 * DAY)
        assert poll is not None
        store.open_poll(poll, "paper", NOW, until)
        store.ask(poll, [Follow(link, PageKind.ARTICLE, Lead()) for link in links])
        store.due_rechecks("paper", NOW)
        store.start_fetching(poll)
        for n, link in enumerate(links):
            store.held_page("paper", link)
            store.page(poll, n)
            store.next_pending(poll, 0, 1)
            store.renew(poll, until)
            store.record(poll, n, PageState.FETCHED, Validators("0" * 64))
            store.claim_ingest(poll, NOW, until)
        store.pages(poll)
        store.lacking("paper")
        store.stuck(NOW)
        with store.ingest(poll) as txn:
            assert txn is not None
            item = story.item("1", on=1)
            held = txn.held("paper", set(links), {item.id})
            assert held
            txn.aliases({item.id})
            txn.similar(item)
            txn.known(item.id)
            txn.corrections(item.id, NOW)
            txn.rested(NOW + DAY, NOW, 5)
            txn.of_editions([item])
            txn.absences("paper")
            txn.get(item.id)
    assert _searched(sqlite_url, said) > 30


def _searched(url: str, said: Sequence[tuple[str, object]]) -> int:
    """How many steps the plans of these statements have; none of them goes through a large table."""
    engine = create_engine(url)
    looked = 0
    with engine.connect() as connection:
        for statement, values in said:
            if statement.startswith(("PRAGMA", "BEGIN", "INSERT INTO sources")):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]  # as the driver was given them
            for row in plan:
                found = _SCAN.match(row.detail)
                assert not (found and found[1] in LARGE), (row.detail, statement)
                looked += 1
    engine.dispose()
    return looked
