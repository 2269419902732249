"""The change sequence by month: complete, and over once it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bulletins.model import Change, ChangeKind, Item, Withdrawal, WithdrawnBy
from feeds.scope import ALL, FeedKey
from tests.worker.store import story
from tests.worker.store.story import HOUR, OK
from worker.feedstore import ArchiveMark
from worker.polls import Counts
from worker.store import SqlStore

MARCH = datetime(2026, 3, 5, tzinfo=UTC)
APRIL = datetime(2026, 4, 5, tzinfo=UTC)
MAY = datetime(2026, 5, 5, tzinfo=UTC)
FAR = datetime(2099, 1, 1, tzinfo=UTC)
LUSHAN, MINGSHAN = FeedKey.of(region="511826"), FeedKey.of(region="511803")
NEW, CORRECTED, WITHDRAWN = ChangeKind.NEW, ChangeKind.CORRECTED, ChangeKind.WITHDRAWN


def change(store: SqlStore, now: datetime, *items: Item, kind: ChangeKind = NEW) -> None:
    """A poll at a time of one's choice."""
    poll = story.begin(store, now=now)
    with store.ingest(poll) as txn:
        assert txn is not None
        for one in items:
            txn.apply(Change(replace(one, updated=now), kind), story.feeds(one))
        txn.finish(OK, Counts(), now, now + HOUR, keep_validators=True, recheck=())


def titles(store: SqlStore, month: str, key: FeedKey = ALL) -> list[str]:
    held = store.archive_month(ArchiveMark(key, month, 0), lambda source, suffix: "")
    return [entry.item.title if entry.item else "?" for entry in held.entries]


def stones(store: SqlStore, month: str, key: FeedKey = ALL) -> list[str]:
    held = store.archive_month(ArchiveMark(key, month, 0), lambda source, suffix: "")
    return [stone.id for stone in held.tombstones]


def marked(store: SqlStore, key: FeedKey = ALL) -> list[str]:
    return [mark.month for mark in store.archive_marks(FAR, 1000) if mark.key == key]


def told(name: str, title: str, region: str = "511826") -> Item:
    return replace(story.item(name, region=region), title=title, digest=title)


def test_a_month_holds_what_changed_in_it_as_it_was_then(store: SqlStore) -> None:
    change(store, MARCH, told("a", "甲"), told("b", "乙"))
    change(store, MARCH + HOUR, told("a", "甲一"), kind=CORRECTED)
    assert titles(store, "2026-03") == ["甲一", "乙"]
    change(store, APRIL, told("a", "甲二"), kind=CORRECTED)
    change(store, MAY, told("a", "甲三"), told("c", "丙"), kind=CORRECTED)
    assert titles(store, "2026-03") == ["甲一", "乙"]
    assert titles(store, "2026-04") == ["甲二"]
    assert titles(store, "2026-05") == ["丙", "甲三"]


def test_only_the_month_of_a_change_is_marked(store: SqlStore) -> None:
    change(store, MARCH, told("a", "甲"))
    assert marked(store) == ["2026-03"]
    store.clear_archives(store.archive_marks(FAR, 1000), MARCH)
    assert marked(store) == []
    change(store, APRIL, told("a", "甲一"), kind=CORRECTED)
    assert marked(store) == ["2026-04"]
    store.clear_archives([ArchiveMark(ALL, "2026-04", 0)], APRIL)  # of an older marking
    assert marked(store) == ["2026-04"]
    store.mark_all()
    assert marked(store) == ["2026-03", "2026-04"]


def test_a_withdrawn_item_leaves_a_tombstone_in_its_month_and_in_its_feeds(store: SqlStore) -> None:
    gone = told("a", "甲")
    change(store, MARCH, gone, told("b", "乙"))
    change(store, APRIL, gone, kind=WITHDRAWN)
    assert (titles(store, "2026-03"), stones(store, "2026-03")) == (["乙", "甲"], [])
    assert (titles(store, "2026-04"), stones(store, "2026-04")) == ([], [gone.id])
    for key in (ALL, LUSHAN):
        (stone,) = store.window(key, 50, 30, 500, (), lambda source, suffix: "").tombstones
        assert (stone.id, stone.at) == (gone.id, APRIL)
    assert store.window(MINGSHAN, 50, 30, 500, (), lambda source, suffix: "").tombstones == ()
    # it comes back
    change(store, APRIL + HOUR, gone, kind=CORRECTED)
    assert (titles(store, "2026-04"), stones(store, "2026-04")) == (["甲"], [])
    assert store.window(ALL, 50, 30, 500, (), lambda source, suffix: "").tombstones == ()


def test_what_came_back_leaves_room_for_what_did_not(store: SqlStore) -> None:
    gone, back = told("gone", "乙"), [told(f"{n:03}", "甲") for n in range(60)]
    change(store, MARCH, gone, *back)
    change(store, MARCH + HOUR, gone, kind=WITHDRAWN)
    change(store, MARCH + 2 * HOUR, *back, kind=WITHDRAWN)
    change(store, datetime(2026, 4, 1, tzinfo=UTC), *back, kind=CORRECTED)  # in the next month
    window = store.window(ALL, 50, 30, 500, (), lambda source, suffix: "")
    assert [stone.id for stone in window.tombstones] == [gone.id]


def test_old_tombstones_leave_the_window(store: SqlStore) -> None:
    gone = told("a", "甲")
    change(store, MARCH, gone)
    change(store, MARCH + HOUR, gone, kind=WITHDRAWN)
    change(store, MAY, told("b", "乙"))
    assert store.window(ALL, 50, 30, 500, (), lambda source, suffix: "").tombstones == ()


def test_an_item_that_moved_stays_where_it_was_in_months_that_are_over(store: SqlStore) -> None:
    change(store, MARCH, told("a", "甲"))
    change(store, APRIL, told("a", "甲", region="511803"), kind=CORRECTED)
    assert titles(store, "2026-03", LUSHAN) == ["甲"]
    assert titles(store, "2026-04", MINGSHAN) == ["甲"]
    assert (titles(store, "2026-04", LUSHAN), stones(store, "2026-04", LUSHAN)) == ([], [])
    # within a month it leaves no trace
    change(store, APRIL + HOUR, told("a", "甲"), kind=CORRECTED)
    assert titles(store, "2026-04", MINGSHAN) == []
    assert titles(store, "2026-04", LUSHAN) == ["甲"]


def test_no_change_enters_a_month_that_is_over(store: SqlStore) -> None:
    """Whatever the clock says, and whatever `updated` an item keeps."""
    change(store, APRIL, told("a", "甲"))
    change(store, MARCH, told("b", "乙"))  # the clock was set back
    assert titles(store, "2026-04") == ["乙", "甲"]
    poll = story.begin(store, now=MAY)
    with store.ingest(poll) as txn:
        assert txn is not None
        kept = replace(told("a", "甲一"), updated=MARCH)
        txn.apply(Change(kept, CORRECTED, at=MAY, announced=False), story.feeds(kept))
        txn.finish(OK, Counts(), MAY, MAY + HOUR, keep_validators=True, recheck=())
    assert titles(store, "2026-04") == ["乙", "甲"]
    assert titles(store, "2026-05") == ["甲一"]


def test_months_are_those_of_shanghai(store: SqlStore) -> None:
    change(store, datetime(2026, 3, 31, 15, 59, tzinfo=UTC), told("a", "甲"))
    change(store, datetime(2026, 3, 31, 16, 0, tzinfo=UTC), told("b", "乙"))
    assert (titles(store, "2026-03"), titles(store, "2026-04")) == (["甲"], ["乙"])


def test_an_item_enlisted_later_enters_the_current_month(store: SqlStore) -> None:
    own = FeedKey.of(column="later")
    item = replace(told("a", "甲"), updated=MARCH)
    change(store, MARCH, item)
    poll = story.begin(store, now=MAY)
    with store.ingest(poll) as txn:
        assert txn is not None
        other = replace(told("b", "乙"), updated=MAY)  # what gave the column feeds of its own
        txn.apply(Change(other, NEW), story.feeds(other))
        txn.enlist(item, [own])
        txn.finish(OK, Counts(), MAY, MAY + HOUR, keep_validators=True, recheck=())
    assert titles(store, "2026-05", own) == ["甲"]
    assert titles(store, "2026-05") == ["乙"]
    assert titles(store, "2026-03") == ["甲"]


def test_neighbours_are_the_months_that_have_changes(store: SqlStore) -> None:
    for now in (MARCH, MAY):
        change(store, now, told(f"{now:%m}", "甲"))
    held: Sequence[str | None] = [
        side
        for month in ("2026-03", "2026-05")
        for side in (lambda found: (found.before, found.after))(
            store.archive_month(ArchiveMark(ALL, month, 0), lambda source, suffix: "")
        )
    ]
    assert held == [None, "2026-05", "2026-03", None]


def test_a_large_month_is_written_once_an_hour(store: SqlStore) -> None:
    change(store, MARCH, *(told(f"{n:03}", "甲") for n in range(501)))
    store.clear_archives(store.archive_marks(MARCH, 1000), MARCH)
    change(store, MARCH + timedelta(minutes=1), told("more", "乙"))
    due = [mark.month for mark in store.archive_marks(MARCH + timedelta(minutes=59), 1000) if mark.key == ALL]
    assert due == []
    assert [mark.month for mark in store.archive_marks(MARCH + HOUR, 1000) if mark.key == ALL] == ["2026-03"]


def test_a_large_month_does_not_wait_with_a_text_that_an_operator_takes_down(store: SqlStore) -> None:
    """Not even where it was being written meanwhile: what was read of it then had the text."""

    def take_down(item: Item, now: datetime) -> None:
        with store.edit("withdraw") as txn:
            why = Withdrawal(WithdrawnBy.OPERATOR, "a court's order", now)
            txn.apply(Change(replace(item, updated=now), WITHDRAWN, why), ())

    def due(now: datetime) -> list[ArchiveMark]:
        return [mark for mark in store.archive_marks(now, 1000) if mark.key == ALL]

    made, minute = [told(f"{n:03}", "甲") for n in range(503)], timedelta(minutes=1)
    change(store, MARCH, *made)
    store.clear_archives(store.archive_marks(MARCH, 1000), MARCH)
    take_down(made[0], MARCH + minute)
    being_written = due(MARCH + minute)
    assert [mark.month for mark in being_written] == ["2026-03"]
    take_down(made[1], MARCH + 2 * minute)
    store.clear_archives(being_written, MARCH + 2 * minute)
    again = due(MARCH + 2 * minute)
    assert [mark.month for mark in again] == ["2026-03"]
    store.clear_archives(again, MARCH + 2 * minute)
    change(store, MARCH + 3 * minute, told("more", "乙"))
    assert due(MARCH + 3 * minute) == []  # news does


def test_a_large_month_that_is_over_waits_no_more(store: SqlStore) -> None:
    """Else it is written after the next month, from which a reader who walks back has been there already."""
    late = datetime(2026, 3, 31, 15, 20, tzinfo=UTC)  # 23:20 in Shanghai
    minute = timedelta(minutes=1)
    change(store, late, *(told(f"{n:03}", "甲") for n in range(501)))
    store.clear_archives(store.archive_marks(late, 1000), late)
    change(store, late + 20 * minute, told("backfilled", "乙"))
    assert store.archive_marks(late + 39 * minute, 1000) == []
    over = store.archive_marks(late + 40 * minute, 1000)  # whether or not anything has happened in the next
    assert {mark.month for mark in over} == {"2026-03"}
    change(store, late + 45 * minute, told("april", "丙"))
    due = [mark.month for mark in store.archive_marks(late + 45 * minute, 1000) if mark.key == ALL]
    assert due == ["2026-03", "2026-04"]


def test_a_month_set_aside_waits_for_its_next_change(store: SqlStore) -> None:
    change(store, MARCH, told("a", "甲"))
    for mark in store.archive_marks(FAR, 1000):
        store.set_archive_aside(mark)
    assert marked(store) == []
    change(store, MARCH + HOUR, told("b", "乙"))
    assert marked(store) == ["2026-03"]


def test_what_an_operator_takes_down_leaves_months_that_are_over_too(store: SqlStore) -> None:
    gone = told("a", "甲")
    change(store, MARCH, gone, told("b", "乙"))
    change(store, APRIL, told("a", "甲一"), kind=CORRECTED)
    store.clear_archives(store.archive_marks(FAR, 1000), APRIL)
    with store.edit("withdraw") as txn:
        why = Withdrawal(WithdrawnBy.OPERATOR, "a family asked for it", MAY)
        txn.apply(Change(replace(gone, updated=MAY), WITHDRAWN, why), ())
    assert marked(store) == ["2026-03", "2026-04", "2026-05"]
    assert (titles(store, "2026-03"), stones(store, "2026-03")) == (["乙"], [gone.id])
    for month in ("2026-04", "2026-05"):
        assert (titles(store, month), stones(store, month)) == ([], [gone.id])
    (stone,) = store.window(ALL, 50, 30, 500, (), lambda source, suffix: "").tombstones
    assert stone.reason == "a family asked for it"
