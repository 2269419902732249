"""The public holidays of China, with the weekends that are worked in exchange (调休)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays.countries.china import China

# The days around a festival are exchanged by a notice of the State Council, late in the year before. Until it
# is known, the days are taken that it has given in nearly every year since 2020: National Day with six days
# after it, Labour Day with four, the eve of Spring Festival with seven.
_AFTER = {"National Day": 6, "Labor Day": 4, "Chinese New Year's Eve": 7}
_EVE, _SPRING = "Chinese New Year's Eve", "Chinese New Year (Spring Festival)"


def holiday(day: date) -> bool:
    """Whether a day is a public holiday, an exchanged day off included; an ordinary weekend is none."""
    off, _ = _year(day.year)
    return day in off


def worked(day: date) -> bool:
    """Whether a Saturday or Sunday is a working day."""
    _, exchanged = _year(day.year)
    return day in exchanged


def announced(year: int) -> bool:
    """Whether the exchanges of a year are known: every year has had some since 2001."""
    _, exchanged = _year(year)
    return any(day.year == year for day in exchanged)


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The holidays of a year, and its working weekends. Weekends within a holiday week are holidays too."""
    from holidays.countries.china import China  # here: it brings the holidays of every country with it

    known = China(years=[year])  # type: ignore[no-untyped-call]  # its constructor says nothing of its result
    exchanged = frozenset(day for day in known.weekend_workdays if day.year == year)
    off = _closed({day for day in known if day.year == year}, exchanged)
    return frozenset(off if exchanged else off | _usual(known, year)), exchanged


def _usual(known: China, year: int) -> set[date]:
    found: set[date] = set()
    for name, more in _AFTER.items():
        days = [day for day, said in known.items() if day.year == year and name in said]
        if name == _EVE and not days:  # no holiday of its own before 2025: the first day of spring is
            days = [day for day, said in known.items() if day.year == year and _SPRING in said]
        if days:
            found |= {min(days) + timedelta(days=n) for n in range(more + 1)}
    return found


def _closed(off: set[date], exchanged: frozenset[date]) -> set[date]:
    """With the weekends that lie between or beside holidays, as far as they are not worked."""
    beside = set(off)
    for day in sorted(off):
        for step in (-1, 1):
            near = day + timedelta(days=step)
            while near.weekday() >= 5 and near not in exchanged and near.year == day.year:
                beside.add(near)
                near += timedelta(days=step)
    return beside
