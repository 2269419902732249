"""Newspapers over the holidays and worked weekends of three years: a stop is told, quiet days are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import rhythm, workdays
from bulletins.dates import SHANGHAI
from bulletins.state import Pulse

DAY = timedelta(days=1)
BEGIN, END = date(2024, 1, 1), date(2026, 11, 27)


def days(wanted: Callable[[date], bool], begin: date = BEGIN, end: date = END) -> list[date]:
    return [day for n in range((end - begin).days + 1) if wanted(day := begin + n * DAY)]


def on(*weekdays: int) -> Callable[[date], bool]:
    return lambda day: day.weekday() in weekdays and not workdays.holiday(day)


def working(day: date) -> bool:
    return (day.weekday() < 5 or workdays.worked(day)) and not workdays.holiday(day)


WEEKLY = days(on(0))
WEDNESDAYS_AND_FRIDAYS = days(on(2, 4))
DAILY = days(working)
EVERY_DAY = days(lambda day: True)
MONTHLY = days(lambda day: day.day == 15)
FIRST_FRIDAYS = days(lambda day: day.weekday() == 4 and day.day <= 7)
PAPERS = {
    "weekly": WEEKLY,
    "Wednesdays and Fridays": WEDNESDAYS_AND_FRIDAYS,
    "daily": DAILY,
    "every day": EVERY_DAY,
    "monthly": MONTHLY,
    "first Fridays": FIRST_FRIDAYS,
}


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def pulse(known: list[date], day: date, hour: int = 12) -> Pulse:
    learned = rhythm.learn(known)
    assert learned is not None
    return learned.pulse(at(day, hour))


@pytest.mark.parametrize("name", PAPERS)
def test_quiet_days_raise_nothing(name: str) -> None:
    """At the last moment before each edition of three years, whatever weekend or holiday lay before it."""
    known = PAPERS[name]
    for n in range(1, len(known), 3):
        assert pulse(known[:n], known[n], 8) is not Pulse.STALE, known[n]


@pytest.mark.parametrize("name", PAPERS)
@given(data=st.data())
def test_a_stop_is_told_within_two_expected_periods(name: str, data: st.DataObject) -> None:
    known = PAPERS[name]
    n = data.draw(st.integers(12, len(known) - 3))
    learned = rhythm.learn(known[:n])
    assert learned is not None
    assert learned.stale_from is not None
    assert learned.expected is not None
    if name in ("monthly", "first Fridays"):
        assert learned.stale_from.date() <= known[n - 1] + timedelta(days=2 * 35 + 16)  # holidays stand still
    elif n > 40 and not workdays.worked(known[n]) and not workdays.worked(known[n + 1]):
        assert learned.expected == known[n]
        assert learned.stale_from == at(known[n + 1])
    assert learned.pulse(learned.stale_from) is Pulse.STALE


def test_in_the_weeks_of_holidays_nothing_is_expected() -> None:
    before = [day for day in WEDNESDAYS_AND_FRIDAYS if day < date(2025, 10, 1)]
    learned = rhythm.learn(before)
    assert learned is not None
    assert learned.expected == date(2025, 10, 10)  # the 1st to the 8th are National Day and Mid-Autumn
    assert learned.words == "news come on Wednesdays and Fridays"
    spring = [day for day in DAILY if day < date(2025, 1, 28)]
    assert spring[-2:] == [date(2025, 1, 26), date(2025, 1, 27)]  # a Sunday that was worked
    assert pulse(spring, date(2025, 2, 4), 23) is Pulse.OK
    assert pulse(spring, date(2025, 2, 5), 23) is Pulse.OK
    assert pulse(spring, date(2025, 2, 6), 11) is Pulse.QUIET
    assert pulse(spring, date(2025, 2, 6), 13) is Pulse.STALE


def test_who_appears_on_holidays_is_expected_then() -> None:
    learned = rhythm.learn([day for day in EVERY_DAY if day <= date(2026, 10, 1)])
    assert learned is not None
    assert learned.stale_from == at(date(2026, 10, 3))
    assert "holidays too" in learned.words


def test_a_worked_saturday_is_expected_of_whom_it_was_seen_of() -> None:
    before = date(2026, 10, 9)  # a Friday; the 10th is worked
    for known, expected in ((DAILY, date(2026, 10, 10)), (days(on(0, 1, 2, 3, 4)), date(2026, 10, 12))):
        learned = rhythm.learn([day for day in known if day <= before])
        assert learned is not None
        assert learned.expected == expected


@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_few_days_nothing_is_claimed(count: int) -> None:
    learned = rhythm.learn(WEEKLY[:count])
    assert learned is not None
    assert learned.pulse(at(END + 900 * DAY)) is Pulse.LEARNING
    assert learned.reason(at(END)) == ""
    assert rhythm.learn([]) is None


def test_beyond_the_announced_years_the_festivals_are_known() -> None:
    assert (workdays.announced(2026), workdays.announced(2027)) == (True, False)
    closed = days(workdays.holiday, date(2027, 1, 1), date(2027, 12, 31))
    assert {date(2027, 2, 5) + n * DAY for n in range(8)} <= set(closed)  # Spring Festival, with its eve
    assert {date(2027, 10, 1) + n * DAY for n in range(7)} <= set(closed)
    assert len(closed) < 40
    coming = days(on(2, 4), BEGIN, date(2027, 2, 3))
    learned = rhythm.learn(coming)
    assert learned is not None
    assert learned.expected == date(2027, 2, 17)
    assert days(workdays.worked, date(2035, 1, 1), date(2035, 12, 31)) == []


def test_single_days_that_are_often_missed_are_no_stop() -> None:
    holed = [day for n, day in enumerate(WEDNESDAYS_AND_FRIDAYS) if n % 7]
    for n in range(20, len(holed)):
        assert pulse(holed[:n], holed[n], 8) is not Pulse.STALE


def test_a_stop_of_before_makes_nobody_patient() -> None:
    stopped = [day for day in WEEKLY if not date(2026, 3, 1) < day < date(2026, 7, 1)]
    learned = rhythm.learn([day for day in stopped if day <= date(2026, 11, 23)])
    assert learned is not None
    assert learned.stale_from == at(date(2026, 12, 7))


def test_what_ended_long_ago_is_waited_for_no_more() -> None:
    learned = rhythm.learn(WEEKLY)
    assert learned is not None
    assert not learned.ended(at(WEEKLY[-1] + 60 * DAY))
    assert learned.ended(at(WEEKLY[-1] + 90 * DAY))


@given(st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), max_size=40))
def test_any_days_give_moments_in_order(known: list[date]) -> None:
    learned = rhythm.learn(known)
    if learned is None:
        assert known == []
        return
    assert learned == rhythm.learn(list(reversed(known)) + known)
    if learned.expected is not None:
        assert learned.quiet_from
        assert learned.stale_from
        assert learned.ended_from
        assert learned.last < learned.expected
        assert learned.quiet_from < learned.ended_from
        assert learned.stale_from < learned.ended_from
        assert learned.pulse(at(learned.last)) is Pulse.OK
