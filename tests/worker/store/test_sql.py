"""Everything at once, as workers, beats, publishers and redelivered messages do it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, select

from bulletins.model import Change, ChangeKind, Column, ColumnKind
from tests.worker.store import story
from tests.worker.store.story import HOUR, NOW, PAPER
from worker.polls import Counts
from worker.store import SqlStore, open_store
from worker.store.tables import changes

_WORKERS = 6
_ROUNDS = 10
_SOURCES = [replace(PAPER, id=f"s{n}", url=f"http://s{n}.test/") for n in range(5)]


def _poll(store: SqlStore, source: str, poll: str, chance: random.Random) -> None:
    """A message that may be late, or one of two: each step may find that another has done it."""
    if store.open_poll(poll, source, NOW, NOW + HOUR).state != "done":
        urls = [f"http://{source}.test/{n}.html" for n in range(4)]
        store.ask(poll, [story.follow(url) for url in urls])
        story.answer(store, poll)
        store.renew(poll, NOW + HOUR)
        store.start_fetching(poll)
        if store.claim_ingest(poll, NOW, NOW + HOUR) or chance.random() < 0.3:
            _ingest(store, source, poll, chance)


def _ingest(store: SqlStore, source: str, poll: str, chance: random.Random) -> None:
    with store.ingest(poll) as txn:
        if txn is None:
            return
        names = chance.sample(["甲", "乙", "丙", "丁"], 2)
        columns = [Column(name, "yi-ming", ColumnKind.UMBRELLA) for name in names]
        settled = txn.settle_columns(columns, dict.fromkeys(names, poll))
        for name in names:
            item = story.item(chance.choice("abcdef"), source=source, column=settled[name])
            txn.apply(Change(item, ChangeKind.NEW), story.feeds(item))
        for name in txn.promoted(names):
            for item in txn.umbrella_items(name):
                txn.enlist(item, story.feeds(item))
        txn.finish(story.OK, Counts(), NOW, NOW, keep_validators=True, recheck=(HOUR,))


def _work(url: str, seed: int) -> None:
    store, chance = open_store(url), random.Random(seed)
    for _ in range(_ROUNDS):
        store.sync_sources(_SOURCES, NOW)
        for source, poll in store.lease_due(NOW, NOW + HOUR, 2):
            _poll(store, source, poll, chance)
        for row in store.stuck(NOW):
            _poll(store, row.source, row.id, chance)
        if chance.random() < 0.3:
            store.mark_all()
        store.clear(store.marks(20))
    store.dispose()


@pytest.mark.slow
def test_nobody_locks_anybody_out(store: SqlStore, database_url: str) -> None:
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(_work, [database_url] * _WORKERS, range(_WORKERS)))
    engine = create_engine(database_url)
    with engine.connect() as connection:
        numbers = list(connection.scalars(select(changes.c.seq).order_by(changes.c.seq)))
    engine.dispose()
    assert len(numbers) >= len(_SOURCES) * 2
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(set(store.column_names().values())) == 4
    for info in store.catalogue():
        assert len(store.feed_items(info.key, 500, 0, 500)) == info.items
