"""The index of words: it follows what is stored, on both databases, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine

from bulletins.model import Block, BlockKind, Change, ChangeKind, Item, Withdrawal, WithdrawnBy
from feeds import permalinks, terms
from feeds.scope import FeedKey
from tests.worker.store import story
from worker.rooms import Published, Wanted
from worker.store import SqlStore, migrate, open_store
from worker.store.migration import config
from worker.store.migrations.versions import rev_0013_rooms


def told(name: str, text: str, **changes: object) -> Item:
    return replace(story.item(name, **changes), blocks=(Block(BlockKind.PARAGRAPH, text),))  # type: ignore[arg-type]  # as the story takes them


def found(
    store: SqlStore,
    *words: str,
    feeds: Sequence[FeedKey] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[str]:
    """The names of what is found, in order: `words` are alternatives."""
    groups = [tuple(terms.codes(word) for word in words)] if words else []
    groups += [((terms.code_of(key),),) for key in feeds]
    held = store.rooms.find(Wanted(tuple(groups), since, until), None, 50)
    return [item.id.rpartition("/")[2] for _, item in held]


TEA = told("tea", "茶园里办起了课堂", on=1, position=1)
TREE = told("tree", "果园请来技术员，茶农也来了", on=2, region="513221")
BOTH = told("both", "茶园和果园", on=1, position=0, source="other", column=None)


@pytest.fixture
def full(store: SqlStore) -> SqlStore:
    story.bring(store, TEA, TREE)
    story.bring(store, BOTH)
    return store


def test_two_characters_are_found_newest_first(full: SqlStore) -> None:
    assert found(full, "茶园") == ["tea", "both"]
    assert found(full, "果园") == ["tree", "both"]
    assert found(full, "茶园 果园") == ["both"]
    assert found(full, "茶农", "课堂") == ["tree", "tea"]
    assert found(full, "种子") == ["tree", "tea", "both"]  # it stands in every title
    assert found(full, "站") == ["tree", "tea", "both"]
    assert found(full, "葡萄") == []
    assert found(full) == ["tree", "tea", "both"]


def test_feeds_and_days_narrow_it(full: SqlStore) -> None:
    assert found(full, "园里", feeds=[FeedKey.of(source="other")]) == []
    assert found(full, "果园", feeds=[FeedKey.of(region="513200")]) == ["tree"]
    assert found(full, "茶园", feeds=[FeedKey.of(region="510000")]) == ["tea", "both"]
    assert found(full, "茶园", feeds=[FeedKey.of(column=story.HEADING.slug)]) == ["tea"]
    assert found(full, since=story.day(2)) == ["tree"]
    assert found(full, until=story.day(2)) == ["tea", "both"]
    assert found(full, "果园", since=story.day(1), until=story.day(2)) == ["both"]


def test_it_goes_on_where_it_stopped(full: SqlStore) -> None:
    wanted = Wanted((((terms.codes("种子")),),))
    names, after = [], None
    while page := full.rooms.find(wanted, after, 1):
        ((after, item),) = page
        names.append(item.id.rpartition("/")[2])
    assert names == ["tree", "tea", "both"]


def test_it_follows_corrections_withdrawals_and_returns(full: SqlStore) -> None:
    changed = replace(TEA, blocks=(Block(BlockKind.PARAGRAPH, "葡萄架下办起了课堂"),), digest="other")
    story.bring(full, changed, kind=ChangeKind.CORRECTED)
    assert (found(full, "茶园"), found(full, "葡萄")) == (["both"], ["tea"])
    story.bring(full, TEA, kind=ChangeKind.CORRECTED)
    assert (found(full, "茶园"), found(full, "葡萄")) == (["both", "tea"], [])
    gone = Withdrawal(WithdrawnBy.OPERATOR, "", story.NOW)
    with full.edit("test") as txn:
        txn.apply(Change(TEA, ChangeKind.WITHDRAWN, gone), ())
    assert found(full, "茶园") == ["both"]
    assert full.rooms.named(permalinks.key(TEA.id)) is None
    story.bring(full, TEA)
    assert found(full, "茶园") == ["both", "tea"]
    assert full.rooms.named(permalinks.key(TEA.id)) == TEA.id


def test_a_feed_that_an_item_comes_into_later_narrows_it_too(full: SqlStore) -> None:
    key = FeedKey.of(column="yao-wen")
    assert found(full, "茶园", feeds=[key]) == []
    with full.edit("test") as txn:
        txn.enlist(TEA, [key])
    assert found(full, "茶园", feeds=[key]) == ["tea"]
    assert found(full, "茶园", feeds=[FeedKey.of(region="511826")]) == ["both", "tea"]


def test_what_was_rolled_back_is_not_found(full: SqlStore) -> None:
    def fail() -> None:
        with full.edit("test") as txn:
            txn.apply(Change(told("never", "葡萄"), ChangeKind.NEW), story.feeds(TEA))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert found(full, "葡萄") == []


def test_a_migration_fills_it(empty_url: str) -> None:
    migrate(empty_url)
    store = open_store(empty_url)
    story.bring(store, TEA, TREE)
    story.bring(store, BOTH)
    before = {word: found(store, word) for word in ("茶园", "种子", "站")}
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        command.downgrade(config(connection), rev_0013_rooms.down_revision)
    engine.dispose()
    store.dispose()
    migrate(empty_url)
    assert {word: sorted(found(store, word)) for word in before} == {w: sorted(n) for w, n in before.items()}
    assert found(store, "果园", feeds=[FeedKey.of(region="513200")]) == ["tree"]
    assert store.rooms.named(permalinks.key(BOTH.id)) == BOTH.id
    story.bring(store, told("later", "茶园", on=2))
    assert found(store, "茶园")[0] == "later"
    store.dispose()


def test_counts_by_day_and_editions(full: SqlStore) -> None:
    one, two = story.day(1).date(), story.day(2).date()
    key = FeedKey.of(source="paper")
    assert full.rooms.days(key, None) == {one: 1, two: 1}
    assert full.rooms.days(key, two) == {two: 1}
    assert [item.id for item in full.rooms.printed("paper", one)] == [TEA.id]
    assert full.rooms.beside("paper", one) == (None, two)
    assert full.rooms.beside("paper", two) == (one, None)
    assert full.rooms.beside("paper", story.day(9).date()) == (two, None)


def test_written_pages_of_items_mark_their_editions(full: SqlStore) -> None:
    assert full.rooms.edition_marks(10) == []
    full.clear_items(full.item_marks(100))
    marks = full.rooms.edition_marks(10)
    one, two = story.day(1).date(), story.day(2).date()
    assert {(mark.source, mark.day) for mark in marks} == {("paper", one), ("paper", two), ("other", one)}
    story.bring(full, replace(TEA, title="改", digest="new"), kind=ChangeKind.CORRECTED)
    full.clear_items(full.item_marks(100))
    full.rooms.clear_editions(marks)
    assert [(mark.source, mark.day) for mark in full.rooms.edition_marks(10)] == [("paper", one)]


def test_the_control_room_is_told_of_polls_and_what_waits(full: SqlStore) -> None:
    since = story.NOW.astimezone(UTC) - timedelta(hours=1)
    polled = full.rooms.polled(since)
    assert {(poll.source, poll.new) for poll in polled} == {("paper", 2), ("other", 1)}
    backlog = full.rooms.backlog()
    assert (backlog.items, backlog.editions, backlog.held) == (3, 0, 0)
    assert backlog.feeds > 5
    assert full.rooms.rhythms() == {"paper": "every 1800 s", "other": "cron 0 6 * * 3,5"}
    assert len(full.rooms.lags(2)) == 2


def test_the_control_room_is_told_what_was_published(full: SqlStore) -> None:
    now = story.NOW
    for at, feeds in ((now - timedelta(days=2), 9), (now, 2), (now, 1), (now + timedelta(minutes=1), 0)):
        full.rooms.note_publication(Published(at, feeds, feeds * 3))
    assert full.rooms.published(now - timedelta(days=9)) == [
        Published(now, 3, 9),
        Published(now + timedelta(minutes=1), 0, 0),
    ]
    assert len(full.rooms.published(now + timedelta(seconds=1))) == 1
