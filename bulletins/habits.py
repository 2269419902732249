"""When a source has brought news before -> how soon it is worth another look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bulletins import rhythm
from bulletins.dates import SHANGHAI

USUAL = timedelta(minutes=30)  # while little is known, and where news come at any time
_QUICK = timedelta(minutes=10)  # around the times at which news come
_SLOW = timedelta(hours=2)  # at times at which none ever came
_FEW = 5  # arrivals from which nothing is learned yet
_BEFORE, _AFTER = timedelta(minutes=30), timedelta(hours=1)  # of a usual time, within which it is expected
_SHARE = 0.2  # of the arrivals that fall near a time of day, from which on it is a usual one
_DAY = timedelta(days=1)


def interval(arrivals: Sequence[datetime], now: datetime) -> timedelta:
    """How long to wait for the next look. `arrivals`: aware moments at which polls brought new items; their
    times of day and weekdays are taken in Asia/Shanghai.

    Near a usual time ten minutes; where nothing ever came, up to two hours, and no later than half an hour
    before the next time at which something did; else half an hour.
    """
    if len(arrivals) < _FEW:
        return USUAL
    waits = [_until(arrival, now) for arrival in arrivals]
    near = sum(1 for wait in waits if wait <= _BEFORE or wait >= _DAY - _AFTER)
    if near and _idle_today(arrivals, now):
        return USUAL
    if near >= len(arrivals) * _SHARE:
        return _QUICK
    if near:
        return USUAL
    return max(_QUICK, min(_SLOW, min(waits) - _BEFORE))


def _until(arrival: datetime, now: datetime) -> timedelta:
    """From now to the same time of day as an arrival's, less than a day."""
    return timedelta(seconds=(_of_day(arrival) - _of_day(now)).total_seconds() % _DAY.total_seconds())


def _of_day(moment: datetime) -> timedelta:
    local = moment.astimezone(SHANGHAI)
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _idle_today(arrivals: Sequence[datetime], now: datetime) -> bool:
    """Whether this is a day on which, by its rhythm, nothing comes: a weekday without news, a holiday."""
    days = [arrival.astimezone(SHANGHAI).date() for arrival in arrivals]
    return rhythm.usually(days, now.astimezone(SHANGHAI).date()) is False
