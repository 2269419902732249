"""What is remembered of one item or address, on each kind of database."""

from __future__ import annotations

from tests.worker.store.story import NOW, answer, begin, bring, day, finish, follow, item
from worker.store import SqlStore
from worker.traces import Trace

WINDOW = (2, 1, 500)


def trace(store: SqlStore, name: str) -> Trace:
    return store.trace(name, WINDOW)


def test_an_item_is_found_by_its_ids_and_its_address(store: SqlStore) -> None:
    one = item("a")
    bring(store, one)
    with store.edit("test") as txn:
        txn.alias({"tag:older": one.id})
    for name in (one.id, "tag:older", one.link):
        (found,) = trace(store, name).items
        assert (found.held.item.id, found.others, found.absent) == (one.id, ["tag:older"], 0)
        assert [(line.seq, line.kind, line.at) for line in found.log] == [(1, "new", NOW)]
        assert {place.state for place in found.placed} == {"waiting"}
    assert trace(store, "tag:none").items == []


def test_a_feed_that_is_set_aside_or_has_passed_on(store: SqlStore) -> None:
    old = item("old")
    bring(store, old, *(item(f"n{n}", on=20 + n) for n in range(3)))
    marks = store.marks(100)
    store.set_aside([mark for mark in marks if mark.key.path == "all"])
    store.clear([mark for mark in marks if mark.key.path != "all"])
    (found,) = trace(store, old.id).items
    states = {place.key.path: (place.state, place.window) for place in found.placed}
    assert states.pop("all") == ("held", False)
    assert set(states.values()) == {("published", False)}
    (newest,) = trace(store, item("n2").id).items
    assert {place.window for place in newest.placed} == {True}
    assert newest.held.item.published == day(22)


def test_pages_and_readings_are_found_by_address_alone(store: SqlStore) -> None:
    lost = "http://paper.test/lost_1%.html"
    poll = begin(store)
    store.ask(poll, [follow(lost), follow("http://paper.test/lost_1x.html")])
    store.start_fetching(poll)
    answer(store, poll)
    finish(store, poll)
    with store.edit("test") as txn:
        txn.hold("paper", "one", "a storm", (item("d", link=lost),), {}, NOW)
        txn.hold("other", "two", "another", (item("e", source="other"),), {}, NOW)
    found = trace(store, lost)
    assert [(one.url, one.found, one.status) for one in found.asked] == [(lost, "fetched", "ok")]
    assert [kept.page.follow.url for kept in found.kept] == [lost]
    assert [entry.reason for entry in found.quarantined] == ["a storm"]
