"""When a source is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.dates import SHANGHAI
from bulletins.model import Source
from bulletins.schedule import next_check

NOW = datetime(2026, 1, 7, 1, 0, tzinfo=UTC)  # a Wednesday, 09:00 in Shanghai
MINUTES = timedelta(minutes=1)


def every(**interval: float) -> Source:
    return Source("kepu", "岷江科普报", "http://kepu.example/", every=timedelta(**interval))


def cron(expression: str) -> Source:
    return Source("kepu", "岷江科普报", "http://kepu.example/", cron=expression)


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=7)), MOMENTS)
def test_an_interval_with_up_to_a_tenth_of_it_on_top(interval: timedelta, now: datetime) -> None:
    due = next_check(Source("kepu", "报", "http://a.example/", every=interval), now)
    assert now + interval <= due <= now + interval * 1.1 + timedelta(microseconds=1)
    assert due.utcoffset() == timedelta(0)


def test_sources_of_one_rhythm_drift_apart_and_each_stays_predictable() -> None:
    sources = [Source(f"s{n}", "报", "http://a.example/", every=timedelta(hours=1)) for n in range(20)]
    assert len({next_check(source, NOW) for source in sources}) == 20
    assert next_check(sources[0], NOW) == next_check(sources[0], NOW)


def test_without_a_rhythm_half_an_hour() -> None:
    due = next_check(Source("kepu", "报", "http://a.example/"), NOW)
    assert NOW + 30 * MINUTES <= due <= NOW + 33 * MINUTES


@pytest.mark.parametrize(
    ("expression", "day", "hour"),
    [
        ("0 6 * * 3,5", 9, 6),  # Wednesday's six o'clock in Shanghai is over: Friday's
        ("0 10 * * *", 7, 10),
        ("0 9 * * *", 8, 9),  # nine sharp is now, and now is not next
        ("0 6 1 * *", 1, 6),
    ],
)
def test_cron_is_in_shanghai_time(expression: str, day: int, hour: int) -> None:
    due = next_check(cron(expression), NOW)
    local = due.astimezone(SHANGHAI)
    assert (local.day, local.hour, local.minute) == (day, hour, 0)
    assert due.utcoffset() == timedelta(0)
    assert due > NOW


@pytest.mark.parametrize("source", [every(minutes=30), cron("*/30 * * * *")])
def test_never_before_a_retry_after(source: Source) -> None:
    assert next_check(source, NOW, 7200.0) == NOW + timedelta(hours=2)
    assert next_check(source, NOW, 1.0) == next_check(source, NOW)
    assert next_check(source, NOW, 0.0) == next_check(source, NOW)


@pytest.mark.parametrize("wait", [86_401.0, 1e9, 1e30, float("inf")])
def test_a_retry_after_counts_for_a_day_at_most(wait: float) -> None:
    assert next_check(every(minutes=30), NOW, wait) == NOW + timedelta(days=1)
    assert next_check(every(days=7), NOW, wait) >= NOW + timedelta(days=7)


HOURLY = every(hours=1)
OTHER = Source("another", "报", "http://a.example/", every=timedelta(hours=1))


def test_after_failures_less_and_less_often_up_to_a_bound() -> None:
    waits = [next_check(HOURLY, NOW, failures=n) - NOW for n in range(12)]
    hour = timedelta(hours=1)
    for n, least in enumerate([1, 1, 2, 4, 6, 6, 6, 6, 6, 6, 6, 6]):
        assert least * hour <= waits[n] <= least * hour * 1.5
    assert len(set(waits[5:])) == 1  # one source at one time: the jitter is its own
    assert next_check(HOURLY, NOW, failures=9) != next_check(OTHER, NOW, failures=9)
    assert next_check(HOURLY, NOW, failures=10**9) - NOW <= 9 * hour


def test_a_long_rhythm_stays_as_it_is() -> None:
    weekly = every(days=7)
    assert next_check(weekly, NOW, failures=5) - NOW >= timedelta(days=7)


def test_cron_is_not_waited_for_after_a_failure() -> None:
    weekly = cron("0 6 * * 3")
    first = next_check(weekly, NOW, failures=1) - NOW
    assert timedelta(minutes=15) <= first <= timedelta(minutes=23)
    assert timedelta(hours=6) <= next_check(weekly, NOW, failures=20) - NOW <= timedelta(hours=9)
    often = cron("*/5 * * * *")
    assert next_check(often, NOW, failures=20) - NOW <= timedelta(minutes=6)


def test_a_retry_after_counts_after_failures_too() -> None:
    assert next_check(HOURLY, NOW, 40_000.0, failures=2) - NOW == timedelta(seconds=40_000)
