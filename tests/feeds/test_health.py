from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bulletins.model import PollStatus
from bulletins.state import Rhythm, SourceState
from feeds.health import Health, freshness
from tests.feeds.conftest import NOW, state

HOUR = timedelta(hours=1)


def test_a_source_read_in_time_makes_a_feed_ok() -> None:
    fresh = freshness([state()], NOW, NOW - 9 * HOUR)
    assert (fresh.state, fresh.reason) == (Health.OK, "")
    assert (fresh.last_checked, fresh.last_changed) == (NOW - HOUR, NOW - 9 * HOUR)
    assert fresh.next_check == NOW + HOUR


def test_unchanged_pages_are_ok_too() -> None:
    assert freshness([state(state=PollStatus.NOT_MODIFIED)], NOW, None).state is Health.OK


def test_a_feed_is_quiet_when_all_its_sources_are() -> None:
    quiet = state(state=PollStatus.QUIET)
    assert freshness([quiet], NOW, None).state is Health.QUIET
    assert freshness([quiet, state("b")], NOW, None).state is Health.OK


@pytest.mark.parametrize(
    ("silence", "health"), [(timedelta(hours=6), Health.OK), (timedelta(hours=6, seconds=1), Health.STALE)]
)
def test_a_source_is_stale_after_three_periods_without_success(silence: timedelta, health: Health) -> None:
    """Read every two hours: six hours are three periods."""
    last = NOW - silence
    fresh = freshness([state(last_poll=last, last_success=last, next_check=last + 2 * HOUR)], NOW, None)
    assert fresh.state is health
    assert ("no success since 2026-03-06T21:59:59+00:00" in fresh.reason) is (health is Health.STALE)


def test_polls_that_settle_nothing_do_not_keep_a_feed_fresh() -> None:
    fresh = freshness([state(last_success=NOW - 9 * HOUR, reason="connection reset")], NOW, None)
    assert fresh.state is Health.STALE
    assert "connection reset" in fresh.reason


def test_three_failures_in_a_row_are_stale_however_far_off_the_next_check_is() -> None:
    far: dict[str, Any] = {"next_check": NOW + timedelta(days=1)}
    assert freshness([state(failures=2, **far)], NOW, None).state is Health.OK
    assert freshness([state(failures=3, **far)], NOW, None).state is Health.STALE


def test_a_source_read_every_few_seconds_is_not_late_within_half_an_hour() -> None:
    quick: dict[str, Any] = {
        "last_poll": NOW - timedelta(minutes=25),
        "next_check": NOW - timedelta(minutes=24, seconds=50),
    }
    assert freshness([state(last_success=NOW - timedelta(minutes=25), **quick)], NOW, None).state is Health.OK
    assert (
        freshness([state(last_success=NOW - timedelta(minutes=31), **quick)], NOW, None).state is Health.STALE
    )


def test_a_day_is_the_period_where_none_is_known() -> None:
    assert freshness([state(next_check=None, last_success=NOW - 72 * HOUR)], NOW, None).state is Health.OK
    assert freshness([state(next_check=None, last_success=NOW - 73 * HOUR)], NOW, None).state is Health.STALE


def test_a_source_out_of_reach_is_stale_and_says_why() -> None:
    away = state("b", name="江口农讯", state=PollStatus.UNREACHABLE, reason="connection refused")
    fresh = freshness([state(), away], NOW, None)
    assert fresh.state is Health.STALE
    assert "connection refused" in fresh.reason


@pytest.mark.parametrize("status", [PollStatus.LAYOUT_CHANGED, PollStatus.BLOCKED, PollStatus.QUARANTINED])
def test_an_unhealthy_source_quarantines_and_is_named(status: PollStatus) -> None:
    sick = state("b", name="江口农讯", state=status, reason="no list on the front page")
    fresh = freshness([state(), sick], NOW, None)
    assert fresh.state is Health.QUARANTINED
    assert fresh.reason == f"江口农讯: {status}: no list on the front page"


def test_quarantine_outweighs_lateness() -> None:
    late = state("a", last_success=NOW - timedelta(days=30))
    sick = state("b", state=PollStatus.BLOCKED)
    assert freshness([late, sick], NOW, None).reason == f"{sick.name}: blocked"


def never(name: str = "new") -> SourceState:
    return state(name, state=None, last_poll=None, last_success=None, last_changed=None, next_check=NOW)


def test_a_source_never_polled_counts_only_when_there_is_no_other() -> None:
    alone = freshness([never()], NOW, None)
    assert (alone.state, alone.last_checked) == (Health.STALE, None)
    assert alone.reason.endswith("never polled")
    assert freshness([never(), state()], NOW, None).state is Health.OK


def test_a_source_polled_but_never_read_says_so() -> None:
    fresh = freshness([state(last_success=None)], NOW, None)
    assert (fresh.state, fresh.reason) == (Health.STALE, f"{state().name}: never read with success")


def test_sources_that_are_switched_off_are_not_judged() -> None:
    off = state("off", enabled=False, state=PollStatus.UNREACHABLE, next_check=NOW - 99 * HOUR)
    assert freshness([off, state()], NOW, None).state is Health.OK
    alone = freshness([off], NOW, None)
    assert (alone.state, alone.next_check) == (Health.OK, None)
    assert alone.last_checked == NOW - HOUR


def test_a_feed_of_no_source_is_ok_and_knows_no_times() -> None:
    fresh = freshness([], NOW, None)
    assert (fresh.state, fresh.last_checked, fresh.last_changed, fresh.next_check) == (
        Health.OK,
        None,
        None,
        None,
    )


RHYTHM = Rhythm(
    NOW.date() - timedelta(days=8),
    NOW.date() - timedelta(days=1),
    NOW - HOUR,
    NOW + HOUR,
    NOW + 900 * HOUR,
    "news come on Mondays",
)


def test_silence_is_judged_by_the_feed_s_own_rhythm() -> None:
    fresh = freshness([state()], NOW, None, RHYTHM)
    assert (fresh.state, "news come on Mondays" in fresh.reason) == (Health.QUIET, True)
    assert freshness([state()], NOW - 2 * HOUR, None, RHYTHM).state is Health.OK
    assert freshness([state()], NOW + HOUR, None, RHYTHM).state is Health.STALE
    silent = state("b", rhythm=RHYTHM)
    assert (
        freshness([silent], NOW + HOUR, None, replace(RHYTHM, stale_from=NOW + 9 * HOUR)).state
        is Health.QUIET
    )
    assert freshness([], NOW + HOUR, None, RHYTHM).state is Health.OK
    learning = Rhythm(RHYTHM.last, words="too few")
    assert freshness([state()], NOW + 900 * HOUR, None, learning).state is not Health.QUIET


def test_without_one_of_its_own_its_sources_rhythms_count() -> None:
    silent = state("b", rhythm=RHYTHM)
    assert freshness([silent, state()], NOW + HOUR, None).state is Health.STALE
    assert freshness([silent, state()], NOW + HOUR, None).reason.startswith(f"{silent.name}: no news since")
    assert freshness([silent, state()], NOW, None).state is Health.QUIET  # the other has none


def test_what_cannot_be_read_weighs_more_than_silence() -> None:
    sick = state(state=PollStatus.BLOCKED, rhythm=RHYTHM)
    assert freshness([sick], NOW + HOUR, None, RHYTHM).state is Health.QUARANTINED
