"""One transaction ends a poll: all of it or nothing, once."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest

from bulletins.model import Change, ChangeKind, Held, Withdrawal, WithdrawnBy
from feeds.scope import ALL, FeedKey
from tests.worker.store import story
from tests.worker.store.story import HOUR, NOW
from worker import ports
from worker.polls import Counts
from worker.store import SqlStore


def test_it_is_the_store_that_the_flow_asks_for(store: SqlStore) -> None:
    port: ports.Store = store  # mypy holds the two together
    with port.ingest(story.begin(store)) as txn:
        assert txn is not None
        assert txn.held("paper", [], []) == []


def test_an_exception_leaves_nothing_behind(store: SqlStore) -> None:
    poll = story.begin(store)
    item = story.item("a")

    def break_off() -> None:
        with store.ingest(poll) as txn:
            assert txn is not None
            txn.settle_columns([story.HEADING], {})
            assert txn.apply(Change(item, ChangeKind.NEW), story.feeds(item)) == 1
            txn.finish(story.OK, Counts(), NOW, NOW + HOUR, keep_validators=True, recheck=())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert store.items(None, None, None, None) == []
    assert {info.key: info.items for info in store.catalogue()} == dict.fromkeys(story.STANDING, 0)
    assert {mark.key for mark in store.marks(10)} == story.STANDING
    assert store.column_names() == {}
    row = store.poll(poll)
    assert row is not None
    assert row.state == "listing"
    assert story.finish(store, poll, [item]) == [1]


def test_leaving_in_peace_without_an_end_keeps_what_was_applied(store: SqlStore) -> None:
    poll = story.begin(store)
    item = story.item("a")
    with store.ingest(poll) as txn:
        assert txn is not None
        txn.apply(Change(item, ChangeKind.NEW), story.feeds(item))
    assert store.items(None, None, None, None) == [item]
    with store.ingest(poll) as txn:
        assert txn is not None
        assert txn.held("paper", [item.link], []) == [Held(item)]


def test_two_ingests_of_a_poll_wait_for_each_other(store: SqlStore) -> None:
    poll = story.begin(store)
    seen: list[bool] = []

    def second() -> None:
        with store.ingest(poll) as txn:
            seen.append(txn is None)

    with store.ingest(poll) as txn:
        assert txn is not None
        thread = Thread(target=second)
        thread.start()
        txn.apply(Change(story.item("a"), ChangeKind.NEW), story.feeds(story.item("a")))
        txn.finish(story.OK, Counts(new=1), NOW, NOW + HOUR, keep_validators=True, recheck=())
        assert seen == []
    thread.join(30)
    assert seen == [True]


def test_held_items_are_found_by_address_and_by_id(store: SqlStore) -> None:
    one, two, moved, foreign = (
        story.item("a", section=1, link="http://paper.test/page.html"),
        story.item("b", section=2, link="http://paper.test/page.html"),
        story.item("c"),
        story.item("d", source="other", link="http://paper.test/page.html"),
    )
    story.bring(store, one, two, moved)
    story.bring(store, foreign)
    with store.ingest(story.begin(store, now=NOW + HOUR)) as txn:
        assert txn is not None
        assert [held.item for held in txn.held("paper", [one.link], [])] == [one, two]
        assert [held.item for held in txn.held("paper", [], [moved.id, "tag:none"])] == [moved]
        assert [held.item for held in txn.held("paper", [one.link], [one.id, moved.id])] == [one, two, moved]
        assert [held.item for held in txn.held("other", [one.link], [one.id])] == [foreign]
        many = [f"http://paper.test/{n}" for n in range(2_000)]
        assert [held.item for held in txn.held("paper", [*many, moved.link], many)] == [moved]


def test_a_correction_moves_an_item_to_other_feeds(store: SqlStore) -> None:
    item = story.item("a", region="511826")
    story.bring(store, item)
    store.clear(store.marks(100))
    moved = replace(story.item("a", region="510722", on=1), title="新题", updated=NOW + HOUR)
    assert story.bring(store, moved, kind=ChangeKind.CORRECTED) == [2]
    assert store.items(None, None, None, None) == [moved]
    assert set(store.item_feeds(item.id)) == story.feeds(moved)
    marked = {mark.key for mark in store.marks(100)}
    assert marked == story.feeds(item) | story.feeds(moved)
    assert store.feed_items(FeedKey.of(region="511826"), 50, 30, 500) == []
    assert list(store.feed_items(FeedKey.of(region="510722"), 50, 30, 500)) == [moved]
    infos = {info.key: info for info in store.catalogue()}
    left, entered = infos[FeedKey.of(region="511826")], infos[FeedKey.of(region="510722")]
    assert (left.items, left.newest, left.updated) == (0, None, NOW + HOUR)
    assert (entered.items, entered.newest, entered.updated) == (1, moved.published, NOW + HOUR)


def test_a_withdrawn_item_is_in_no_feed_and_still_known(store: SqlStore) -> None:
    item, other = story.item("a"), story.item("b")
    story.bring(store, item, other)
    store.clear(store.marks(100))
    gone = replace(item, updated=NOW + HOUR)
    assert story.bring(store, gone, kind=ChangeKind.WITHDRAWN) == [3]
    assert {mark.key for mark in store.marks(100)} == story.feeds(item)
    assert store.items(None, None, None, None) == [other]
    assert list(store.feed_items(ALL, 50, 30, 500)) == [other]
    assert store.item_feeds(item.id) == []
    with store.ingest(story.begin(store, now=NOW + 2 * HOUR)) as txn:
        assert txn is not None
        why = Withdrawal(WithdrawnBy.OPERATOR, "", gone.updated)
        assert list(txn.held("paper", [item.link], [])) == [Held(gone, why)]


def test_an_item_is_enlisted_only_where_it_was_not_yet(store: SqlStore) -> None:
    item = story.item("a")
    story.bring(store, item)
    before = store.marks(100)
    further = FeedKey.of(column="feng-shou")
    with store.ingest(story.begin(store, now=NOW + HOUR)) as txn:
        assert txn is not None
        txn.enlist(item, {*story.feeds(item), further})
        txn.enlist(item, {further})
    marks = {mark.key: mark.seq for mark in store.marks(100)}
    assert {mark.key: mark.seq for mark in before}.items() <= marks.items()
    assert marks[further] > max(mark.seq for mark in before)
    assert set(store.item_feeds(item.id)) == story.feeds(item) | {further}
    assert list(store.feed_items(further, 50, 30, 500)) == [item]
