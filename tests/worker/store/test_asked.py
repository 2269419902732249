"""What is asked for from outside: cursors and feeds in, bounded stretches out."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, delete

from bulletins.model import ChangeKind, Held, Item
from feeds.scope import ALL, FeedKey
from tests.worker.store import story
from worker.archive import Cursor, Event
from worker.store import SqlStore, open_store
from worker.store.tables import changes

LUSHAN, WENCHUAN = FeedKey.of(region="511826"), FeedKey.of(region="513221")


def every_event(store: SqlStore, limit: int) -> list[Event]:
    """As a client reads them, a page after the other."""
    found: list[Event] = []
    since = 0
    while True:
        page = store.changes(since, limit)
        assert len(page.events) <= limit
        found += page.events
        since = page.events[-1].seq if page.events else since
        if since == page.newest:
            return found


def test_before_the_first_change(store: SqlStore) -> None:
    page = store.changes(0, 10)
    assert (page.events, page.oldest, page.newest, store.newest().change) == ((), 1, 0, 0)


def test_changes_come_in_order_with_the_item_as_it_is_now(store: SqlStore) -> None:
    first, second = story.item("a"), story.item("b")
    story.bring(store, first, second)
    corrected = replace(first, title="更正")
    story.bring(store, corrected, kind=ChangeKind.CORRECTED)
    story.bring(store, second, kind=ChangeKind.WITHDRAWN)
    events = every_event(store, 3)
    assert [(event.seq, event.kind, event.id) for event in events] == [
        (1, ChangeKind.NEW, first.id),
        (2, ChangeKind.NEW, second.id),
        (3, ChangeKind.CORRECTED, first.id),
        (4, ChangeKind.WITHDRAWN, second.id),
    ]
    # What is withdrawn is not handed out again by an older line.
    assert [event.item and event.item.title for event in events] == ["更正", None, "更正", None]
    story.bring(store, second, kind=ChangeKind.NEW)
    assert [event.item is None for event in every_event(store, 2)] == [False, False, False, True, False]
    assert store.newest().change == 5


def test_a_log_whose_beginning_is_gone_says_so(store: SqlStore, database_url: str) -> None:
    story.bring(store, *(story.item(str(n)) for n in range(5)))
    engine = create_engine(database_url)
    for kept, oldest in ((changes.c.seq < 3, 3), (changes.c.seq > 0, 6)):
        with engine.begin() as connection:
            connection.execute(delete(changes).where(kept))
        page = store.changes(0, 10)
        assert (page.oldest, page.newest) == (oldest, 5)
    engine.dispose()


@pytest.mark.slow
def test_a_reader_misses_nothing_while_several_write(database_url: str) -> None:
    """Four writers commit as they like; whoever follows sees each number once, in order, without a gap."""
    each, sources = 12, [f"paper-{n}" for n in range(4)]
    setup = open_store(database_url)
    setup.sync_sources([replace(story.PAPER, id=source) for source in sources], story.NOW)
    setup.dispose()
    done = threading.Event()

    def write(n: int) -> None:
        store = open_store(database_url)
        for k in range(each):
            source = sources[n]
            poll = store.lease_named(source, story.NOW, story.NOW + story.HOUR)
            assert poll is not None
            store.open_poll(poll, source, story.NOW, story.NOW + story.HOUR)
            story.finish(store, poll, [story.item(f"{n}-{k}-{m}", source=source) for m in range(3)])
        store.dispose()

    seen: list[int] = []

    def follow() -> None:
        store = open_store(database_url)
        while True:
            last = done.is_set()
            page = store.changes(seen[-1] if seen else 0, 7)
            seen.extend(event.seq for event in page.events)
            if last and not page.events:
                break
        store.dispose()

    reader = threading.Thread(target=follow)
    reader.start()
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert seen == list(range(1, 4 * each * 3 + 1))


def names(items: tuple[Item, ...]) -> list[str]:
    return [item.id.rpartition("/")[2] for item in items]


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    story.bring(
        store,
        *(story.item(f"l{n}", on=n // 2, position=n % 2) for n in range(6)),
        *(story.item(f"w{n}", on=n, region="513221", position=5) for n in range(3)),
    )
    story.bring(store, *(story.item(f"o{n}", source="other", on=n) for n in range(3)))
    return store


def walk(store: SqlStore, *keys: FeedKey, count: int = 50, after: Cursor | None = None) -> list[str]:
    return names(store.walk(keys, sources=(), since=None, after=after, count=count).items)


def test_the_union_of_feeds_newest_first_each_item_once(filled: SqlStore) -> None:
    every = walk(filled, ALL)
    assert len(every) == 12
    assert walk(filled, LUSHAN, WENCHUAN) == walk(filled, ALL, LUSHAN) == every
    assert walk(filled, WENCHUAN) == ["w2", "w1", "w0"]
    assert walk(filled, LUSHAN, count=3) == ["o2", "l4", "l5"]
    assert walk(filled, FeedKey.of(region="110000")) == []


def test_sources_and_dates_narrow_it(filled: SqlStore) -> None:
    found = filled.walk([ALL], sources={"other"}, since=story.day(1), after=None, count=50)
    assert (names(found.items), found.last) == (["o2", "o1"], None)


@pytest.mark.parametrize("count", [1, 2, 5, 12, 13])
def test_page_after_page_is_the_whole(filled: SqlStore, count: int) -> None:
    found: list[str] = []
    after = None
    while True:
        page = filled.walk([LUSHAN, WENCHUAN], sources=(), since=None, after=after, count=count)
        found += names(page.items)
        if (after := page.last) is None:
            break
    assert found == walk(filled, ALL)


def test_an_item_and_whether_it_is_live(store: SqlStore) -> None:
    one = story.item("a")
    story.bring(store, one)
    assert store.item(one.id) == Held(one)
    story.bring(store, one, kind=ChangeKind.WITHDRAWN)
    held = store.item(one.id)
    assert held is not None
    assert held.withdrawal is not None
    assert store.item("tag:nobody,2026:x/y") is None
    assert walk(store, ALL) == []
