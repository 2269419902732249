"""Changes are numbered without gaps in the order of their commits, and no marking is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, func, select

from bulletins.model import Change, ChangeKind
from feeds.scope import ALL, FeedKey
from tests.worker.store import story
from tests.worker.store.story import HOUR, NOW, PAPER
from worker.polls import Counts
from worker.ports import Mark
from worker.store import SqlStore, open_store
from worker.store.tables import changes, feeds, item_feeds

REGION = FeedKey.of(region="511826")
_EACH = 12  # polls of one writer
_WRITERS = 4


class _BrokenOffError(Exception):
    pass


@contextmanager
def _looking(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _write(url: str, source: str) -> list[int]:
    """Polls of one source, of which some break off in the middle; the numbers that were committed."""
    store, chance, committed = open_store(url), random.Random(source), []
    for n in range(_EACH):
        now = NOW + n * HOUR
        poll = store.lease_named(source, now, now + HOUR)
        assert poll is not None
        store.open_poll(poll, source, now, now + HOUR)
        numbers: list[int] = []
        breaks = chance.random() < 0.3
        try:
            with store.ingest(poll) as txn:
                assert txn is not None
                for k in range(chance.randint(1, 3)):
                    item = story.item(f"{n}-{k}", source=source)
                    numbers.append(txn.apply(Change(item, ChangeKind.NEW), story.feeds(item)))
                if breaks:
                    raise _BrokenOffError
        except _BrokenOffError:
            numbers = []
        committed += numbers
        story.finish(store, poll, now=now)
    store.dispose()
    return committed


def _check_gapless(store: SqlStore, url: str, written: list[list[int]]) -> None:
    assert all(numbers == sorted(numbers) for numbers in written)
    every = sorted(number for numbers in written for number in numbers)
    assert every == list(range(1, len(every) + 1))
    with _looking(url) as connection:
        assert list(connection.scalars(select(changes.c.seq).order_by(changes.c.seq))) == every
    assert len(store.items(None, None, None, None)) == len(every)
    info = next(info for info in store.catalogue() if info.key == ALL)
    assert info.items == len(every)


def test_numbers_have_no_gaps_with_writers_in_threads(store: SqlStore, database_url: str) -> None:
    names = [f"s{n}" for n in range(_WRITERS)]
    store.sync_sources([replace(PAPER, id=name) for name in names], NOW)
    with ThreadPoolExecutor(_WRITERS) as pool:
        written = list(pool.map(_write, [database_url] * _WRITERS, names))
    _check_gapless(store, database_url, written)


@pytest.mark.slow
def test_numbers_have_no_gaps_with_writers_in_processes(store: SqlStore, database_url: str) -> None:
    names = [f"s{n}" for n in range(_WRITERS)]
    store.sync_sources([replace(PAPER, id=name) for name in names], NOW)
    with ProcessPoolExecutor(_WRITERS, get_context("spawn")) as pool:
        written = list(pool.map(_write, [database_url] * _WRITERS, names))
    _check_gapless(store, database_url, written)


def test_a_reader_never_sees_a_number_before_a_smaller_one(store: SqlStore, database_url: str) -> None:
    names = [f"s{n}" for n in range(_WRITERS)]
    store.sync_sources([replace(PAPER, id=name) for name in names], NOW)
    done = Event()

    def watch() -> list[tuple[int, int]]:
        seen = []
        query = select(func.count(), func.coalesce(func.max(changes.c.seq), 0)).select_from(changes)
        engine = create_engine(database_url)
        while not done.wait(0.002):
            with engine.connect() as connection:
                seen.append(tuple(connection.execute(query).one()))
        engine.dispose()
        return seen

    with ThreadPoolExecutor(_WRITERS + 1) as pool:
        watching = pool.submit(watch)
        try:
            list(pool.map(_write, [database_url] * _WRITERS, names))
        finally:
            done.set()
        seen = watching.result()
    assert seen
    assert all(count == newest for count, newest in seen)


def test_a_change_is_logged_with_its_poll(store: SqlStore, database_url: str) -> None:
    item = story.item("a")
    poll = story.begin(store)
    story.finish(store, poll, [item])
    story.bring(store, replace(item, updated=NOW + HOUR), kind=ChangeKind.CORRECTED)
    with _looking(database_url) as connection:
        first, second = connection.execute(select(changes).order_by(changes.c.seq)).all()
    assert (first.seq, first.kind, first.item, first.poll, first.at) == (1, "new", item.id, poll, NOW)
    assert (second.seq, second.kind, second.at) == (2, "corrected", NOW + HOUR)


def test_marks_are_cleared_once_published(store: SqlStore) -> None:
    story.bring(store, story.item("a"))
    marks = store.marks(100)
    assert {mark.key for mark in marks} == story.feeds(story.item("a")) | story.STANDING
    store.clear(marks[:2])
    assert store.marks(100) == marks[2:]
    assert store.marks(1) == marks[2:3]
    store.clear(marks)
    assert store.marks(100) == []


def test_a_mark_made_while_its_feed_is_published_stays(store: SqlStore) -> None:
    item = story.item("a")
    story.bring(store, item)

    def enlist() -> None:
        with store.ingest(story.begin(store, now=NOW + HOUR)) as txn:
            assert txn is not None
            txn.enlist(item, {FeedKey.of(column="feng-shou")})
            txn.finish(story.OK, Counts(), NOW, NOW, keep_validators=False, recheck=())

    def change() -> None:
        story.bring(store, item, kind=ChangeKind.CORRECTED)

    for touch, key in ((change, ALL), (enlist, FeedKey.of(column="feng-shou")), (store.mark_all, ALL)):
        store.mark_all()
        read = store.marks(100)
        touch()
        store.clear(read)
        assert key in {mark.key for mark in store.marks(100)}
        # Not even a publisher that was slower by a round takes it away.
        store.clear(store.marks(100))
        touch()
        store.mark_all()
        store.clear(read)
        assert key in {mark.key for mark in store.marks(100)}
        store.clear(store.marks(100))
        assert store.marks(100) == []


def test_mark_all_marks_every_feed(store: SqlStore) -> None:
    assert store.mark_all() == 0
    story.bring(store, story.item("a"))
    store.clear(store.marks(100))
    assert store.mark_all() == len(story.feeds(story.item("a")) | story.STANDING)
    assert {mark.key for mark in store.marks(100)} == {info.key for info in store.catalogue()}


def test_clearing_what_is_not_there_is_nothing(store: SqlStore) -> None:
    store.clear([])
    store.clear([Mark(ALL, 7)])
    assert store.marks(1) == []


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(ChangeKind),
        st.integers(0, 3),
        st.sampled_from(["511826", "511803", None]),
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(_STEPS)
def test_the_catalogue_always_says_what_the_feeds_hold(
    store: SqlStore, database_url: str, steps: list[tuple[str, ChangeKind, int, str | None]]
) -> None:
    for name, kind, on, region in steps:
        story.bring(store, story.item(name, on=on, region=region), kind=kind)
    with _looking(database_url) as connection:
        query = select(
            feeds.c.key,
            func.count(item_feeds.c.item).label("held"),
            func.max(item_feeds.c.published).label("newest"),
        )
        query = query.join(item_feeds, item_feeds.c.feed == feeds.c.key, isouter=True)
        held = {row.key: (row.held, row.newest) for row in connection.execute(query.group_by(feeds.c.key))}
    assert {info.key.path: (info.items, info.newest) for info in store.catalogue()} == held
