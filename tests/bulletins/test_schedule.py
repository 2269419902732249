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
