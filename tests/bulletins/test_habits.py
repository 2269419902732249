from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulletins.dates import SHANGHAI
from bulletins.habits import USUAL, interval

MONDAY = datetime(2026, 10, 12, tzinfo=SHANGHAI)
MINUTES = timedelta(minutes=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return (MONDAY + timedelta(days=day, hours=hour, minutes=minute)).astimezone(UTC)


EVERY_MORNING = [at(day, 8, 10 + day % 7) for day in range(28)]
MONDAYS_AND_THURSDAYS = [at(7 * week + day, 8) for week in range(6) for day in (0, 3)]


def test_while_little_is_known_half_an_hour() -> None:
    assert interval([], at(0, 12)) == USUAL
    assert interval(EVERY_MORNING[:4], at(0, 12)) == USUAL


def test_around_its_time_it_is_looked_at_often() -> None:
    for hour, minute in ((7, 50), (8, 0), (8, 10), (8, 50)):
        assert interval(EVERY_MORNING, at(30, hour, minute)) == 10 * MINUTES


def test_where_nothing_ever_came_seldom_and_never_past_its_time() -> None:
    assert interval(EVERY_MORNING, at(30, 14)) == timedelta(hours=2)
    assert interval(EVERY_MORNING, at(30, 6, 30)) == 70 * MINUTES


def test_a_day_without_news_in_weeks_is_no_day_to_hurry() -> None:
    assert interval(MONDAYS_AND_THURSDAYS, at(42, 8)) == 10 * MINUTES  # a Monday
    assert interval(MONDAYS_AND_THURSDAYS, at(43, 8)) == USUAL


def test_news_at_any_time_are_looked_for_at_any_time() -> None:
    around = [at(n, n % 24) for n in range(48)]
    assert {interval(around, at(60, hour)) for hour in range(24)} == {USUAL}


@given(
    st.lists(st.integers(0, 100 * 24 * 60).map(lambda minute: at(0, 0, minute)), max_size=60),
    st.integers(0, 100 * 24 * 60),
)
def test_any_history_gives_a_bounded_wait(arrivals: list[datetime], minute: int) -> None:
    assert 10 * MINUTES <= interval(arrivals, at(0, 0, minute)) <= timedelta(hours=2)
