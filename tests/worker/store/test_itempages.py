"""Pages of items in the store: what marks them, and what is to stand on each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bulletins.model import Change, ChangeKind, Item, Withdrawal, WithdrawnBy
from feeds.scope import FeedKey
from tests.worker.store import story
from tests.worker.store.story import HOUR, NOW
from worker.feedstore import ItemPage
from worker.store import SqlStore
from worker.store.ingest import SqlEdit

ONE = story.item("one")
TWO = story.item("two", source="other", on=1)
THREE = story.item("three", on=2)


@pytest.fixture
def held(store: SqlStore) -> SqlStore:
    """Three items, of which nothing awaits publication."""
    story.bring(store, ONE, THREE)
    story.bring(store, TWO)
    store.clear_items(store.item_marks(100))
    return store


def waiting(store: SqlStore) -> list[str]:
    """The last parts of the ids whose pages are marked, which then are no more."""
    marks = store.item_marks(100)
    store.clear_items(marks)
    return sorted(mark.name.rpartition("/")[2] for mark in marks)


def page(store: SqlStore, name: str) -> ItemPage:
    (found,) = store.item_pages([name])
    return found


@contextmanager
def editing(store: SqlStore) -> Iterator[SqlEdit]:
    with store.edit("test") as txn:
        yield txn


def changed(item: Item, words: str) -> Change:
    said = replace(item, title=words, digest=words, updated=NOW + HOUR)
    return Change(said, ChangeKind.CORRECTED)


def taken_down(item: Item) -> Change:
    return Change(item, ChangeKind.WITHDRAWN, Withdrawal(WithdrawnBy.OPERATOR, "asked for", NOW + HOUR))


def test_only_what_changed_is_marked(held: SqlStore) -> None:
    story.bring(held, story.item("four", on=3))
    assert waiting(held) == ["four"]
    with editing(held) as txn:
        txn.apply(changed(ONE, "another title"), story.feeds(ONE))
    assert waiting(held) == ["one"]
    story.finish(held, story.begin(held), [])
    assert waiting(held) == []


def test_a_mark_made_while_its_page_is_written_stays(held: SqlStore) -> None:
    story.bring(held, ONE, kind=ChangeKind.CORRECTED)
    read = held.item_marks(100)
    story.bring(held, ONE, kind=ChangeKind.CORRECTED)
    held.clear_items(read)
    assert waiting(held) == ["one"]


def test_what_joins_a_cluster_is_named_by_all_of_it(held: SqlStore) -> None:
    with editing(held) as txn:
        txn.join_cluster(TWO.id, ONE.id)
    assert waiting(held) == ["one", "two"]
    assert [item.id for item in page(held, ONE.id).kin] == [TWO.id]
    with editing(held) as txn:
        txn.join_cluster(THREE.id, TWO.id)
    assert waiting(held) == ["one", "three", "two"]
    assert [item.id for item in page(held, TWO.id).kin] == [THREE.id, ONE.id]  # newest first
    with editing(held) as txn:
        txn.apply(taken_down(ONE), ())
    assert waiting(held) == ["one", "three", "two"]
    assert [item.id for item in page(held, TWO.id).kin] == [THREE.id]
    assert page(held, ONE.id).kin == ()
    held.clear_items(held.item_marks(10))
    assert held.kin([TWO.id, "tag:none"], [FeedKey.of(source="other")])[TWO.id][0].inside is False
    (kin,) = held.kin([TWO.id], [FeedKey.of(source="paper")])[TWO.id]
    assert (kin.item.id, kin.inside) == (THREE.id, True)


def test_further_ids_lead_on(held: SqlStore) -> None:
    with editing(held) as txn:
        txn.alias({"tag:paper.test,2026:paper/old": ONE.id})
    assert waiting(held) == ["old"]
    with editing(held) as txn:
        txn.alias({ONE.id: THREE.id})
    assert waiting(held) == ["old", "one"]  # what led to the one leads to the other now
    for name in ("tag:paper.test,2026:paper/old", ONE.id):
        assert (page(held, name).to, page(held, name).held) == (THREE.id, None)
    story.bring(held, ONE)  # it is an item of its own again
    assert waiting(held) == ["one"]
    assert page(held, ONE.id).to is None


def test_a_page_has_what_the_item_was_before(held: SqlStore) -> None:
    for words in ("second", "third"):
        with editing(held) as txn:
            txn.apply(changed(ONE, words), story.feeds(ONE))
    found = page(held, ONE.id)
    assert found.held is not None
    assert (found.held.item.title, found.held.withdrawal) == ("third", None)
    assert [one.item.title for one in found.revisions] == [ONE.title, "second"]


@pytest.mark.parametrize("by", WithdrawnBy)
def test_what_an_operator_takes_down_is_forgotten_as_it_was(held: SqlStore, by: WithdrawnBy) -> None:
    with editing(held) as txn:
        txn.apply(changed(ONE, "second"), story.feeds(ONE))
        gone = replace(taken_down(ONE), withdrawal=Withdrawal(by, "gone", NOW + HOUR))
        txn.apply(gone, ())
    assert len(held.revisions(ONE.id)) == (by is not WithdrawnBy.OPERATOR)
    assert page(held, ONE.id).revisions == ()  # of no withdrawn item anything is shown


def test_a_column_without_feeds_is_not_led_to(held: SqlStore) -> None:
    headline = replace(ONE, column=story.HEADLINE)
    with editing(held) as txn:
        txn.settle_columns([story.HEADLINE], {})
        feeds = story.feeds(ONE)
        txn.apply(Change(headline, ChangeKind.CORRECTED), feeds)
    assert not page(held, ONE.id).listed
    waiting(held)
    with editing(held) as txn:
        txn.enlist(headline, story.feeds(headline))
    assert waiting(held) == ["one"]
    assert page(held, ONE.id).listed


def test_everything_can_be_marked(held: SqlStore) -> None:
    with editing(held) as txn:
        txn.alias({"tag:paper.test,2026:paper/old": ONE.id})
    for _ in range(2):
        held.mark_all()
        assert len(held.item_marks(100)) == 4
    assert waiting(held) == ["old", "one", "three", "two"]
