"""Who an item is and what became of it: further ids, revisions, tombstones, clusters, the quarantine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bulletins.model import (
    Absence,
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Item,
    Withdrawal,
    WithdrawnBy,
)
from feeds.scope import ALL, FeedKey
from tests.worker.store import story
from tests.worker.store.story import HOUR, NOW
from worker.store import SqlStore

TEXT = "一早就有人来问种子站开不开门，站长说开，还请了县里的老师来讲怎样浸种、怎样看发芽率，讲到中午才散。"


def _told(item: Item, text: str = TEXT) -> Item:
    return replace(item, blocks=(Block(BlockKind.PARAGRAPH, text),), digest=f"digest of {text}")


def _withdraw(store: SqlStore, item: Item, at: datetime, why: WithdrawnBy = WithdrawnBy.ADDRESS) -> None:
    gone = replace(item, updated=at)
    with store.edit("test") as txn:
        txn.apply(Change(gone, ChangeKind.WITHDRAWN, Withdrawal(why, "HTTP 410", at)), ())


def test_revisions_are_what_an_item_was(store: SqlStore) -> None:
    item = story.item("a")
    story.bring(store, item)
    assert store.revisions(item.id) == []
    for n in (1, 2):
        edited = replace(item, title=f"第{n}稿", digest=f"{n}", updated=NOW + n * HOUR)
        story.bring(store, edited, kind=ChangeKind.CORRECTED)
    assert [(one.n, one.at, one.item.title) for one in store.revisions(item.id)] == [
        (1, NOW + HOUR, item.title),
        (2, NOW + 2 * HOUR, "第1稿"),
    ]
    moved = replace(edited, link="http://paper.test/moved.html")
    with store.edit("test") as txn:
        assert txn.corrections(item.id, NOW + 2 * HOUR) == 1
        txn.apply(Change(moved, ChangeKind.CORRECTED, at=NOW + 3 * HOUR), story.feeds(moved))
    assert len(store.revisions(item.id)) == 2  # it means what it meant
    assert store.feed_items(ALL, 50, 30, 500) == [moved]


def test_an_unannounced_edit_is_published_and_leaves_no_trace(store: SqlStore) -> None:
    item = story.item("a")
    assert story.bring(store, item) == [1]
    store.clear(store.marks(100))
    quiet = replace(item, title="又改了", digest="other")
    change = Change(quiet, ChangeKind.CORRECTED, at=NOW + HOUR, announced=False)
    for at in (NOW + HOUR, NOW + 2 * HOUR):
        with store.edit("test") as txn:
            assert txn.apply(replace(change, at=at), story.feeds(quiet)) == 0
    assert {mark.key for mark in store.marks(100)} == story.feeds(item)
    assert store.revisions(item.id) == []
    held = store.item(item.id)
    assert held is not None
    assert (held.item, held.restless) == (quiet, NOW + HOUR)
    assert story.bring(store, replace(item, digest="third"), kind=ChangeKind.CORRECTED) == [2]
    held = store.item(item.id)
    assert held is not None
    assert held.restless is None


def test_tombstones_stand_in_the_feeds_that_an_item_was_in(store: SqlStore) -> None:
    one, other = story.item("a"), story.item("b", region="511803")
    story.bring(store, one, other)
    _withdraw(store, one, NOW + HOUR)
    _withdraw(store, other, NOW + 2 * HOUR)
    county = FeedKey.of(region="511826")
    assert [stone.item.id for stone in store.withdrawn(ALL, 10)] == [other.id, one.id]
    assert [stone.item.id for stone in store.withdrawn(ALL, 1)] == [other.id]
    (stone,) = store.withdrawn(county, 10)
    assert stone.withdrawal == Withdrawal(WithdrawnBy.ADDRESS, "HTTP 410", NOW + HOUR)
    assert stone.item == replace(one, updated=NOW + HOUR)
    story.bring(store, replace(one, updated=NOW + 3 * HOUR), kind=ChangeKind.CORRECTED)
    assert store.withdrawn(county, 10) == []
    held = store.item(one.id)
    assert held is not None
    assert held.withdrawal is None


def test_an_item_that_is_withdrawn_once_more_keeps_its_tombstones(store: SqlStore) -> None:
    item = story.item("a")
    story.bring(store, item)
    _withdraw(store, item, NOW + HOUR)
    _withdraw(store, item, NOW + 2 * HOUR, WithdrawnBy.OPERATOR)
    (stone,) = store.withdrawn(ALL, 10)
    assert (stone.withdrawal.by, stone.withdrawal.at) == (WithdrawnBy.OPERATOR, NOW + 2 * HOUR)


def test_what_led_to_an_id_follows_it(store: SqlStore) -> None:
    one, other = story.item("a"), story.item("b")
    story.bring(store, one, other)
    with store.edit("test") as txn:
        txn.alias({"tag:old": one.id})
        txn.alias({one.id: other.id, "tag:further": other.id})
        assert txn.aliases(["tag:old", one.id, other.id]) == {"tag:old": other.id, one.id: other.id}
        assert txn.known("tag:further")
        assert not txn.known("tag:none")
    assert [store.resolve(name) for name in ("tag:old", one.id, other.id, "tag:none")] == [
        other.id,
        other.id,
        other.id,
        None,
    ]
    held = store.item("tag:old")
    assert held is not None
    assert held.item == other
    assert store.item("tag:none") is None
    story.bring(store, one, kind=ChangeKind.CORRECTED)  # it is an item of its own again
    assert store.resolve(one.id) == one.id


def test_alike_texts_are_found_whatever_their_source(store: SqlStore) -> None:
    mine, theirs = (
        _told(story.item("a")),
        _told(story.item("b", source="other"), TEXT.replace("站长", "主任")),
    )
    unlike = _told(story.item("c"), "柠檬园里的枝条剪了一地，大家把剪刀擦干净，约好明年春天再来看新芽。")
    story.bring(store, mine, unlike)
    story.bring(store, theirs)
    with store.edit("test") as txn:
        assert [held.item.id for held in txn.similar(_told(story.item("d")))] == [mine.id, theirs.id]
        assert txn.similar(_told(story.item("d"), "")) == []
    story.bring(
        store,
        _told(mine, "改得面目全非，只讲怎样把蜂箱搬到油菜花旁边去，别的一概不提。"),
        kind=ChangeKind.CORRECTED,
    )
    _withdraw(store, theirs, NOW + HOUR)
    with store.edit("test") as txn:
        (found,) = txn.similar(_told(story.item("d")))
    assert found.withdrawal is not None


def test_a_phrase_that_many_share_leads_to_few(store: SqlStore) -> None:
    many = [_told(story.item(f"n{n}", on=n), f"{n}" * 9 + TEXT) for n in range(60)]
    story.bring(store, *many)
    with store.edit("test") as txn:
        assert 0 < len(txn.similar(_told(story.item("d")))) < 10


def test_a_cluster_keeps_its_name_and_shows_the_others(store: SqlStore) -> None:
    one, two, three = story.item("a"), story.item("b", source="other"), story.item("c", on=1)
    story.bring(store, one, three)
    story.bring(store, two)
    assert store.cluster(one.id) == []
    with store.edit("test") as txn:
        txn.join_cluster(two.id, one.id)
        txn.join_cluster(three.id, two.id)
    assert store.cluster(one.id) == [three, two]
    assert store.cluster(three.id) == [two, one]
    _withdraw(store, two, NOW + HOUR)
    assert store.cluster(one.id) == [three]


def test_absences_are_kept_by_source_and_end_with_a_withdrawal(store: SqlStore) -> None:
    item = story.item("a")
    story.bring(store, item)
    lack = Absence(item.id, WithdrawnBy.LIST, "not listed", 2)
    with store.ingest(story.begin(store, now=NOW + HOUR)) as txn:
        assert txn is not None
        txn.keep_absences("paper", [lack])
        assert list(txn.absences("paper")) == [lack]
        assert txn.absences("other") == []
        assert txn.of_editions([story.item("z")]) == [(item.id, item.link)]
        assert txn.of_editions([story.item("z", on=1), story.item("y", edition=False)]) == []
    assert store.lacking("paper")
    assert not store.lacking("other")
    _withdraw(store, item, NOW + HOUR)
    assert not store.lacking("paper")


def test_a_reading_waits_once_until_it_is_decided(store: SqlStore) -> None:
    item = story.item("a")
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        first = txn.hold("paper", "f1", "a storm", [item], {item.id: "tag:held"}, NOW)
        assert txn.hold("paper", "f1", "a storm", [item], {}, NOW + HOUR) == first
    assert (first.state, first.read, first.ids) == ("held", (item,), {item.id: "tag:held"})
    assert store.quarantine() == [first]
    assert store.quarantined(first.id) == first
    assert store.quarantined(99) is None
    with store.edit("test") as txn:
        assert txn.decide(first.id, accept=False)
        assert not txn.decide(first.id, accept=True)
    assert store.quarantine() == []
    with store.ingest(story.begin(store, "other")) as txn:
        assert txn is not None
        rejected = txn.of_reading("paper", "f1")
        assert rejected is not None
        assert rejected.state == "rejected"
        assert txn.of_reading("paper", "f2") is None
        second = txn.hold("paper", "f2", "a storm", [item], {}, NOW)
        third = txn.hold("paper", "f3", "a storm", [item], {}, NOW)
    assert [entry.id for entry in store.quarantine()] == [third.id]
    superseded = store.quarantined(second.id)
    assert superseded is not None
    assert superseded.state == "superseded"


def test_a_page_that_said_it_is_gone_is_asked_for_whole_and_at_once(store: SqlStore) -> None:
    entry, left = "http://paper.test/", "http://paper.test/left.html"
    poll = story.begin(store)
    store.ask(poll, [story.follow(entry), story.follow(left)])
    story.answer(store, poll)
    story.finish(store, poll)
    poll = story.begin(store, now=NOW + HOUR)
    store.ask(poll, [story.follow(entry)])
    story.answer(store, poll)
    story.finish(store, poll, now=NOW + HOUR)
    assert store.held_page("paper", left) is not None
    assert store.due_rechecks("paper", NOW + HOUR) == []
    with store.ingest(story.begin(store, now=NOW + 2 * HOUR)) as txn:
        assert txn is not None
        txn.doubt("paper", [left, entry], [left, entry], NOW + HOUR)
    doubted, before = store.held_page("paper", left), story.validators(left)
    assert doubted is not None
    assert (doubted.etag, doubted.last_modified, doubted.sha == before.sha) == (None, None, False)
    assert [follow.url for follow in store.due_rechecks("paper", NOW + HOUR)] == [left]
