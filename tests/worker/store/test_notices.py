"""Who has been told what, on each kind of database: pings, cursors, filters, and one teller at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from bulletins.model import ChangeKind, Region
from feeds.scope import FeedKey
from tests.worker.store import story
from tests.worker.store.story import DAY, HOUR, MINUTE, NOW
from worker.notices import Hook, HookState
from worker.store import SqlStore, open_store

HUB, OTHER = "http://hub.test/", "http://other.test/"
FORMATS = ("rss", "atom", "json")
DESK = Hook("desk", "http://desk.test/", b"secret", said="1")
LUSHAN = FeedKey.of(region="511826")


def state(store: SqlStore, name: str = "desk") -> HookState:
    return next(each for each in store.notices.hooks() if each.id == name)


def follow(store: SqlStore, *hooks: Hook) -> None:
    store.notices.sync([HUB], FORMATS, hooks, NOW)


def test_only_other_bytes_are_announced_and_the_newest_wait(store: SqlStore) -> None:
    notices = store.notices
    assert notices.announce({"feeds/all.rss": "1", "feeds/all.atom": "1"}, [HUB, OTHER], NOW) == 2
    assert notices.announce({"feeds/all.rss": "1", "feeds/all.atom": "2"}, [HUB, OTHER], NOW) == 1
    assert notices.pings_waiting() == {HUB: 2, OTHER: 2}
    atom, rss = notices.pings(HUB, NOW, 10)
    assert [(ping.path, ping.version, ping.tries) for ping in (atom, rss)] == [
        ("feeds/all.atom", "2", 0),
        ("feeds/all.rss", "1", 0),
    ]
    notices.announce({"feeds/all.atom": "3"}, [HUB], NOW)
    notices.pinged(atom)  # it told of the second bytes, and the third are public by now
    notices.pinged(rss)
    assert [ping.version for ping in notices.pings(HUB, NOW, 10)] == ["3"]
    assert notices.announce({}, [HUB], NOW) == 0


def test_a_failure_puts_off_all_that_is_due_of_a_hub(store: SqlStore) -> None:
    notices = store.notices
    notices.announce({"feeds/all.rss": "1"}, [HUB, OTHER], NOW)
    assert notices.put_off(HUB, NOW, NOW + MINUTE, 3) == 0
    assert notices.pings(HUB, NOW, 10) == []
    assert len(notices.pings(OTHER, NOW, 10)) == 1
    notices.announce({"feeds/all.atom": "1"}, [HUB], NOW + MINUTE)
    assert [ping.tries for ping in notices.pings(HUB, NOW + MINUTE, 10)] == [0, 1]
    assert notices.put_off(HUB, NOW + MINUTE, NOW + HOUR, 2) == 1
    assert [(ping.path, ping.tries) for ping in notices.pings(HUB, NOW + DAY, 10)] == [("feeds/all.atom", 1)]


def test_what_is_no_longer_configured_is_forgotten(store: SqlStore) -> None:
    notices = store.notices
    follow(store, DESK, replace(DESK, id="other"))
    notices.announce({"feeds/all.rss": "1", "feeds/all.json": "1"}, [HUB, OTHER], NOW)
    notices.sync([HUB], ("rss",), [DESK], NOW)
    assert notices.pings_waiting() == {HUB: 1}
    assert [hook.id for hook in notices.hooks()] == ["desk"]
    notices.sync([], FORMATS, [], NOW)
    assert (notices.pings_waiting(), notices.hooks()) == ({}, [])


def test_a_new_webhook_begins_with_what_comes(store: SqlStore) -> None:
    story.bring(store, story.item("a"), story.item("b"))
    follow(store, DESK)
    assert (state(store).cursor, state(store).behind) == (2, 0)
    assert not store.notices.due(NOW)
    story.bring(store, story.item("c"))
    follow(store, DESK)  # at every start, and it stays where it was
    assert (state(store).cursor, state(store).behind, store.notices.newest()) == (2, 1, 3)
    assert store.notices.due(NOW)
    stretch = store.notices.events(state(store), (), 10)
    assert [(event.seq, event.kind, event.id) for event in stretch.events] == [
        (3, ChangeKind.NEW, story.item("c").id)
    ]
    assert stretch.events[0].item == story.item("c")
    assert (stretch.until, stretch.newest) == (3, 3)


def test_editing_a_webhook_gives_it_another_chance_from_where_it_stopped(store: SqlStore) -> None:
    follow(store, DESK)
    story.bring(store, story.item("a"))
    store.notices.pin(state(store), 1)
    store.notices.failed(state(store), NOW, NOW + HOUR, "HTTP 500", disable=True)
    before = state(store)
    assert (before.disabled_at, before.failing_since, before.until) == (NOW, NOW, 1)
    assert not store.notices.due(NOW + DAY)
    assert store.notices.sync([], FORMATS, [DESK], NOW) == []
    assert state(store) == before
    assert store.notices.sync([], FORMATS, [replace(DESK, said="2")], NOW) == ["desk"]
    after = state(store)
    assert (after.cursor, after.disabled_at, after.failures, after.until) == (0, None, 0, None)
    assert after.salt != before.salt
    assert store.notices.due(NOW)


def test_a_webhook_that_is_off_keeps_its_place_and_is_not_told(store: SqlStore) -> None:
    follow(store, DESK)
    follow(store, replace(DESK, enabled=False))
    story.bring(store, story.item("a"))
    assert not store.notices.due(NOW)
    follow(store, DESK)
    assert store.notices.due(NOW)
    assert state(store).behind == 1


def test_a_webhook_moves_once_and_never_back(store: SqlStore) -> None:
    follow(store, DESK)
    story.bring(store, story.item("a"), story.item("b"))
    early = state(store)
    store.notices.moved(early, 2)
    store.notices.moved(early, 1)
    store.notices.failed(early, NOW, NOW + HOUR, "late", disable=True)
    store.notices.pin(early, 1)
    late = state(store)
    assert (late.cursor, late.disabled_at, late.until, late.behind) == (2, None, None, 0)


def test_a_batch_that_is_under_way_keeps_its_end(store: SqlStore) -> None:
    follow(store, DESK)
    story.bring(store, *(story.item(name) for name in "abc"))
    first = store.notices.events(state(store), (), 2)
    assert ([event.seq for event in first.events], first.until) == ([1, 2], 2)
    store.notices.pin(state(store), first.until)
    story.bring(store, story.item("d"))
    again = store.notices.events(state(store), (), 2)
    assert ([event.seq for event in again.events], again.until, again.newest) == ([1, 2], 2, 4)


def test_a_filter_is_told_what_comes_changes_and_leaves_and_nothing_else(store: SqlStore) -> None:
    follow(store, DESK)
    item = story.item("a")
    mover = replace(item, region=Region("511803", ("四川省",), "heading"), digest="moved")
    story.bring(store, item, story.item("b", region="511803"))
    story.finish(
        store, story.begin(store, now=NOW + HOUR), [mover], kind=ChangeKind.CORRECTED, now=NOW + HOUR
    )
    again = replace(mover, digest="again")
    later = NOW + 2 * HOUR
    story.finish(store, story.begin(store, now=later), [again], kind=ChangeKind.CORRECTED, now=later)
    stretch = store.notices.events(state(store), [LUSHAN], 10)
    assert [(event.seq, event.kind) for event in stretch.events] == [
        (1, ChangeKind.NEW),
        (3, ChangeKind.CORRECTED),
    ]
    assert stretch.until == 4
    both = store.notices.events(state(store), [LUSHAN, FeedKey.of(source="other")], 10)
    assert (both.events, both.until) == ((), 4)


def test_a_withdrawal_is_told_to_those_who_had_the_item(store: SqlStore) -> None:
    follow(store, DESK)
    story.bring(store, story.item("a"))
    story.finish(store, story.begin(store, now=NOW + HOUR), [story.item("a")], kind=ChangeKind.WITHDRAWN)
    stretch = store.notices.events(state(store), [LUSHAN], 10)
    assert [(event.kind, event.item) for event in stretch.events] == [
        (ChangeKind.NEW, None),  # as it is now
        (ChangeKind.WITHDRAWN, None),
    ]


def test_changes_from_before_this_release_are_told_by_where_their_items_are(
    store: SqlStore, database_url: str
) -> None:
    follow(store, DESK)
    story.bring(store, story.item("a"), story.item("b", region="511803"))
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE changes SET touched = NULL"))
    engine.dispose()
    assert [event.seq for event in store.notices.events(state(store), [LUSHAN], 10).events] == [1]


def _take(url: str) -> bool:
    store = open_store(url)
    try:
        return store.notices.lease(NOW, NOW + HOUR) is not None
    finally:
        store.dispose()


@pytest.mark.slow
def test_one_teller_wins(store: SqlStore, database_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(_take, [database_url] * 16)) == 1


def test_a_lease_ends_with_its_holder_or_its_time(store: SqlStore) -> None:
    notices = store.notices
    token = notices.lease(NOW, NOW + MINUTE)
    assert token is not None
    notices.announce({"feeds/all.rss": "1"}, [HUB], NOW)
    assert not notices.due(NOW)
    notices.release("another")
    assert notices.leased(NOW)
    notices.release(token)
    assert not notices.leased(NOW)
    assert notices.due(NOW)
    assert notices.lease(NOW, NOW + MINUTE) is not None
    assert notices.lease(NOW + MINUTE, NOW + HOUR) is not None
