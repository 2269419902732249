"""What a good poll keeps of its pages, and when an article that left the lists is read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bulletins.model import PageKind
from tests.worker.store import story
from tests.worker.store.story import DAY, HOUR, MINUTE, NOW, RECHECK
from worker.polls import PageState
from worker.store import SqlStore

LIST, A, B = "http://paper.test/", "http://paper.test/a", "http://paper.test/b"


def _poll(
    store: SqlStore,
    articles: Sequence[str],
    now: datetime,
    *,
    faults: Sequence[str] = (),
    keep: bool = True,
    recheck: Sequence[timedelta] = RECHECK,
) -> list[str]:
    """A poll whose lists name these articles; the addresses that it read again because they were due."""
    poll = story.begin(store, now=now)
    due = store.due_rechecks("paper", now)
    store.ask(poll, [story.follow(LIST, PageKind.EDITION), *map(story.follow, articles)])
    store.ask(poll, due, recheck=True)
    story.answer(store, poll, faults)
    story.finish(store, poll, now=now, keep=keep, recheck=recheck)
    return [follow.url for follow in due]


def _due(store: SqlStore, now: datetime) -> list[str]:
    return [follow.url for follow in store.due_rechecks("paper", now)]


def test_a_good_poll_keeps_validators(store: SqlStore) -> None:
    assert store.held_page("paper", A) is None
    _poll(store, [A, B], NOW, faults=[B])
    assert store.held_page("paper", A) == story.validators(A)
    assert store.held_page("paper", LIST) == story.validators(LIST)
    assert store.held_page("paper", B) is None
    assert store.held_page("other", A) is None


def test_a_poll_that_is_not_good_keeps_none(store: SqlStore) -> None:
    _poll(store, [A], NOW)
    poll = story.begin(store, now=NOW + HOUR)
    store.ask(poll, [story.follow(A)])
    store.record(poll, 0, PageState.FETCHED, story.validators("challenge"))
    story.finish(store, poll, now=NOW + HOUR, keep=False)
    assert store.held_page("paper", A) == story.validators(A)
    assert _due(store, NOW + 9 * DAY) == []


def test_an_unchanged_page_keeps_what_vouches_for_it(store: SqlStore) -> None:
    _poll(store, [A], NOW)
    poll = story.begin(store, now=NOW + HOUR)
    store.ask(poll, [story.follow(A)])
    store.record(poll, 0, PageState.UNCHANGED, story.validators(A))
    story.finish(store, poll, now=NOW + HOUR)
    assert store.held_page("paper", A) == story.validators(A)


def test_an_article_that_left_the_lists_is_read_again_at_growing_ages(store: SqlStore) -> None:
    _poll(store, [A, B], NOW)
    assert _due(store, NOW + 9 * DAY) == []
    left = NOW + HOUR
    assert _poll(store, [B], left) == []
    assert _due(store, left + HOUR - MINUTE) == []
    [follow] = store.due_rechecks("paper", left + HOUR)
    assert follow == story.follow(A)
    assert _poll(store, [B], left + HOUR) == [A]
    assert _due(store, left + 6 * HOUR - MINUTE) == []
    assert _poll(store, [B], left + 6 * HOUR) == [A]
    assert _due(store, left + DAY - MINUTE) == []
    assert _poll(store, [B], left + DAY + HOUR) == [A]
    assert _due(store, left + 99 * DAY) == []


def test_times_that_went_by_are_made_good_by_one_reading(store: SqlStore) -> None:
    _poll(store, [A], NOW)
    left = NOW + HOUR
    _poll(store, [], left)
    assert _poll(store, [], left + 7 * HOUR) == [A]
    assert _due(store, left + DAY - MINUTE) == []
    assert _due(store, left + DAY) == [A]


def test_an_article_that_cannot_be_had_is_not_asked_for_each_time(store: SqlStore) -> None:
    _poll(store, [A], NOW)
    left = NOW + HOUR
    _poll(store, [], left)
    assert _poll(store, [], left + HOUR, faults=[A]) == [A]
    assert _due(store, left + 6 * HOUR - MINUTE) == []
    assert store.held_page("paper", A) == story.validators(A)


def test_a_bad_poll_leaves_the_recheck_due(store: SqlStore) -> None:
    _poll(store, [A], NOW)
    left = NOW + HOUR
    _poll(store, [], left)
    assert _poll(store, [], left + HOUR, keep=False) == [A]
    assert _due(store, left + HOUR) == [A]


@pytest.mark.parametrize("faults", [[], [A]])
def test_an_article_that_is_back_is_no_longer_due(store: SqlStore, faults: list[str]) -> None:
    _poll(store, [A], NOW)
    _poll(store, [], NOW + HOUR)
    _poll(store, [A], NOW + 2 * HOUR, faults=faults)  # due for its recheck, and on the list again
    assert _due(store, NOW + 9 * DAY) == []
    _poll(store, [], NOW + 3 * HOUR)
    assert _due(store, NOW + 4 * HOUR - MINUTE) == []
    assert _due(store, NOW + 4 * HOUR) == [A]


def test_a_recheck_that_a_list_names_after_all_is_none(store: SqlStore) -> None:
    _poll(store, [A], NOW)
    _poll(store, [], NOW + HOUR)
    now = NOW + 2 * HOUR
    poll = story.begin(store, now=now)
    store.ask(poll, store.due_rechecks("paper", now), recheck=True)
    store.ask(poll, [story.follow(A, title="新题")])
    [page] = store.pages(poll)
    assert page.follow.lead.title == "新题"
    story.answer(store, poll)
    story.finish(store, poll, now=now)
    assert _due(store, now + 9 * DAY) == []


def test_without_rechecks_an_article_that_left_is_left(store: SqlStore) -> None:
    _poll(store, [A], NOW, recheck=())
    _poll(store, [], NOW + HOUR, recheck=())
    assert _due(store, NOW + 99 * DAY) == []


def test_lists_that_are_gone_are_not_read_again(store: SqlStore) -> None:
    poll = story.begin(store)
    store.ask(poll, [story.follow("http://paper.test/old.html", PageKind.EDITION)])
    story.answer(store, poll)
    story.finish(store, poll)
    _poll(store, [], NOW + HOUR)
    assert _due(store, NOW + 9 * DAY) == []


@pytest.mark.slow
def test_many_articles_leave_and_come_back_at_once(store: SqlStore) -> None:
    many = [f"http://paper.test/{n}.html" for n in range(1_200)]
    _poll(store, many, NOW)
    _poll(store, many[:5], NOW + HOUR)
    assert sorted(_due(store, NOW + 2 * HOUR)) == sorted(many[5:])
    _poll(store, many, NOW + HOUR + MINUTE)
    assert _due(store, NOW + 9 * DAY) == []
