"""Who polls a source, and when: one winner each, and no lease that a crash holds for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from bulletins.model import PollStatus, Source, Verdict
from tests.worker.store import story
from tests.worker.store.story import HOUR, MINUTE, NOW, OTHER, PAPER
from worker.store import SqlStore, open_store


def _due(store: SqlStore, source: str) -> bool:
    """Whether a source is due at `NOW`, asked in a way that a test can repeat."""
    state = next(state for state in store.sources() if state.source == source)
    return state.enabled and state.next_check is not None and state.next_check <= NOW


def test_sources_are_those_of_the_configuration(store: SqlStore) -> None:
    store.sync_sources([PAPER, replace(OTHER, enabled=False)], NOW)
    states = store.sources()
    assert [(s.source, s.name, s.url, s.enabled) for s in states] == [
        ("other", OTHER.name, OTHER.url, False),
        ("paper", PAPER.name, PAPER.url, True),
    ]
    assert all(s.state is None and s.last_poll is None and s.next_check == NOW for s in states)
    store.sync_sources([replace(PAPER, name="新名")], NOW + HOUR)
    assert [(s.source, s.name, s.enabled) for s in store.sources()] == [
        ("other", OTHER.name, False),
        ("paper", "新名", True),
    ]
    store.sync_sources([], NOW)
    assert not any(s.enabled for s in store.sources())


@pytest.mark.parametrize(
    ("said", "due"),
    [
        (PAPER, False),
        (replace(PAPER, name="新名"), False),
        (replace(PAPER, region=None), True),
        (replace(PAPER, url="http://paper.test/new/"), True),
        (replace(PAPER, every=HOUR), True),
        (replace(PAPER, every=None, cron="0 6 * * *"), True),
    ],
)
def test_another_address_rhythm_or_reading_is_due_at_once(store: SqlStore, said: Source, due: bool) -> None:
    story.bring(store, story.item("a"))
    assert not _due(store, "paper")
    store.sync_sources([said, OTHER], NOW)
    assert _due(store, "paper") is due


def test_due_sources_are_leased_once_longest_due_first(store: SqlStore) -> None:
    store.sync_sources([PAPER], NOW)
    store.sync_sources([PAPER, OTHER], NOW + MINUTE)
    later, until = NOW + HOUR, NOW + 2 * HOUR
    assert store.lease_due(NOW - MINUTE, until, 10) == []
    assert store.lease_due(later, until, 0) == []
    [(first, poll)] = store.lease_due(later, until, 1)
    assert (first, poll[33:]) == ("paper", "paper")
    [(second, other)] = store.lease_due(later, until, 10)
    assert second == "other"
    assert other != poll
    assert store.lease_due(later, until, 10) == []
    assert store.lease_named("paper", later, until) is None


def test_a_disabled_source_is_polled_only_by_name(store: SqlStore) -> None:
    store.sync_sources([replace(PAPER, enabled=False)], NOW)
    assert store.lease_due(NOW, NOW + HOUR, 10) == []
    assert store.lease_named("paper", NOW, NOW + HOUR) is not None
    assert store.lease_named("nobody", NOW, NOW + HOUR) is None


def test_a_lost_message_leaves_the_source_due_after_its_lease(store: SqlStore) -> None:
    store.sync_sources([PAPER], NOW)
    [(_, lost)] = store.lease_due(NOW, NOW + HOUR, 10)
    assert store.lease_due(NOW + HOUR - MINUTE, NOW + 2 * HOUR, 10) == []
    [(_, again)] = store.lease_due(NOW + HOUR, NOW + 2 * HOUR, 10)
    assert again != lost
    late = store.open_poll(lost, "paper", NOW + HOUR, NOW + 3 * HOUR)
    assert late.state == "done"
    assert store.poll(lost) is None
    assert store.open_poll(again, "paper", NOW + HOUR, NOW + 2 * HOUR).state == "listing"


def test_a_late_message_is_taken_while_nobody_else_has_the_source(store: SqlStore) -> None:
    store.sync_sources([PAPER], NOW)
    [(_, poll)] = store.lease_due(NOW, NOW + HOUR, 10)
    assert store.open_poll(poll, "paper", NOW + 2 * HOUR, NOW + 3 * HOUR).state == "listing"
    assert store.lease_due(NOW + 2 * HOUR, NOW + 4 * HOUR, 10) == []


def test_an_unfinished_poll_keeps_its_source_however_old_its_lease(store: SqlStore) -> None:
    poll = story.begin(store)
    later = NOW + 100 * HOUR
    assert [source for source, _ in store.lease_due(later, later + HOUR, 10)] == ["other"]
    assert store.lease_named("paper", later, later + HOUR) is None
    assert [row.id for row in store.stuck(later)] == [poll]
    story.finish(store, poll, now=later)
    assert store.lease_named("paper", later, later + HOUR) is not None


def test_a_polled_source_is_due_at_its_next_check(store: SqlStore) -> None:
    story.bring(store, story.item("a"))
    store.sync_sources([PAPER], NOW + MINUTE)
    assert store.lease_due(NOW + HOUR - MINUTE, NOW + 2 * HOUR, 10) == []
    assert [source for source, _ in store.lease_due(NOW + HOUR, NOW + 2 * HOUR, 10)] == ["paper"]


def test_health_is_what_the_polls_said(store: SqlStore) -> None:
    def state_after(status: PollStatus, n: int, reason: str = "") -> tuple[PollStatus | None, str, int]:
        now = NOW + n * HOUR
        poll = story.begin(store, now=now)
        story.finish(store, poll, verdict=Verdict(status, reason, f"do {reason}"), now=now, keep=False)
        state = next(state for state in store.sources() if state.source == "paper")
        assert state.last_poll == now
        assert (state.last_success == now) is status.healthy
        return state.state, state.reason, state.failures

    assert state_after(PollStatus.NOT_MODIFIED, 0) == (PollStatus.OK, "", 0)
    assert state_after(PollStatus.QUIET, 1, "no news") == (PollStatus.QUIET, "no news", 0)
    assert state_after(PollStatus.NOT_MODIFIED, 2) == (PollStatus.QUIET, "no news", 0)
    assert state_after(PollStatus.BLOCKED, 3, "login") == (PollStatus.BLOCKED, "login", 1)
    assert state_after(PollStatus.UNREACHABLE, 4, "gone") == (PollStatus.UNREACHABLE, "gone", 2)
    assert state_after(PollStatus.NOT_MODIFIED, 5) == (PollStatus.OK, "", 0)
    assert state_after(PollStatus.OK, 6) == (PollStatus.OK, "", 0)


def test_news_moves_newest_and_last_changed(store: SqlStore) -> None:
    story.bring(store, story.item("a", on=1), story.item("b", on=3), story.item("c", on=2))
    story.finish(store, story.begin(store, now=NOW + HOUR), now=NOW + HOUR)
    state = next(state for state in store.sources() if state.source == "paper")
    assert (state.newest, state.last_changed, state.last_success) == (story.day(3), NOW, NOW + HOUR)


def _together(url: str, workers: int, act: Callable[[SqlStore], object]) -> list[object]:
    """What each of several workers, all starting at once and each with its own connections, got."""
    barrier = Barrier(workers)

    def work(_: int) -> object:
        own = open_store(url)
        try:
            own.check()
            barrier.wait(30)
            return act(own)
        finally:
            own.dispose()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, range(workers)))


def test_two_beats_never_win_the_same_source(store: SqlStore, database_url: str) -> None:
    many = [replace(PAPER, id=f"s{n:02}", url=f"http://s{n}.test/") for n in range(40)]
    for n in range(5):
        now = NOW + n * 2 * HOUR
        store.sync_sources(many, now)
        got = _together(database_url, 4, lambda own: own.lease_due(now, now + HOUR, 15))  # noqa: B023  # called at once
        won = [source for leased in got if isinstance(leased, list) for source, _ in leased]
        assert max(Counter(won).values()) == 1
        won += [source for source, _ in store.lease_due(now, now + HOUR, 50)]
        assert sorted(won) == [source.id for source in many]


def test_one_worker_gets_a_named_source(store: SqlStore, database_url: str) -> None:
    store.sync_sources([PAPER], NOW)
    got = _together(database_url, 4, lambda own: own.lease_named("paper", NOW, NOW + HOUR))
    assert sum(poll is not None for poll in got) == 1


def test_one_worker_gets_to_send_the_ingest(store: SqlStore, database_url: str) -> None:
    poll = story.begin(store)
    store.start_fetching(poll)
    got = _together(database_url, 4, lambda own: own.claim_ingest(poll, NOW, NOW + HOUR))
    assert sorted(map(bool, got)) == [False, False, False, True]


def test_a_clock_that_was_set_right_keeps_no_source_waiting(store: SqlStore) -> None:
    """A poll was begun by a clock that was two days ahead, which is right again now: its lease counts as run
    out; and once it has ended, what it says of the next check counts for nothing."""
    store.sync_sources([PAPER], NOW)
    poll = story.begin(store, now=NOW + 48 * HOUR)
    assert [row.id for row in store.stuck(NOW)] == [poll]
    story.answer(store, poll)
    story.finish(store, poll, now=NOW + 48 * HOUR)
    assert [source for source, _ in store.lease_due(NOW, NOW + MINUTE, 10)] == ["paper"]


def test_arrivals_are_the_polls_that_brought_something(store: SqlStore) -> None:
    today = 32
    story.bring(store, story.item("a", on=today), story.item("b", on=today))
    later = replace(story.item("c", on=today), first_seen=NOW + HOUR)
    caught_up = replace(story.item("d", on=today - 20), first_seen=NOW + 2 * HOUR)
    story.bring(store, later, caught_up)
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        assert txn.arrivals("paper") == [NOW + HOUR, story.item("a").first_seen]
        assert txn.arrivals("other") == []


@pytest.mark.parametrize(
    ("status", "failing"),
    [
        (PollStatus.UNREACHABLE, 2),
        (PollStatus.BLOCKED, 2),
        (PollStatus.LAYOUT_CHANGED, 0),
        (PollStatus.OK, 0),
    ],
)
def test_only_a_site_that_does_not_answer_is_failing(
    store: SqlStore, status: PollStatus, failing: int
) -> None:
    for _ in range(2):
        poll = story.begin(store)
        story.answer(store, poll)
        story.finish(store, poll, verdict=Verdict(status, publish=False))
    with store.ingest(story.begin(store)) as txn:
        assert txn is not None
        assert txn.failing("paper") == failing
