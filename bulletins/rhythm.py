"""The days on which news came -> the rhythm they came in, and from when on its silence means something."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bulletins import workdays
from bulletins.dates import SHANGHAI
from bulletins.state import Rhythm

VERSION = 1  # raised when the same days give another rhythm
SPAN = timedelta(days=400)  # before the newest day: habits change, and a monthly one has twelve in it
_FEW = 4  # days with news below which nothing is claimed
_FEW_IRREGULAR = 10  # where no weekday holds
_EVEN, _APART = 1.5, 5  # or gaps so even, in shares of the shortest, which has so many days: a monthly
_RECENT = timedelta(weeks=26)  # of which weekdays are learned
_WEEKS = 3  # of one weekday, at least
_OWN = 0.8  # of its weeks in which a weekday had news
_EXPLAINED = 0.75  # of the days with news that fall on own weekdays
_KEPT = 0.5  # of the holidays, or worked weekends, on which it appeared all the same
_TWO = 2  # expected periods: a real stop is told within them
_CHANCE = 1 / 300  # of a row of missed days that nobody is told of
_LONGEST_RUN = 4  # expected days missed one after the other that are still a habit, and no stop of before
_ENOUGH = 0.9  # of the gaps that are no longer than the usual longest one
_OUTLIER = 3  # times that one: a stop of before
_ENDED, _ENDED_DAYS = 8, timedelta(days=60)  # periods, and days, after which nobody waits for news any more
_BY = time(12)  # by when a day's news are there
_DAY = timedelta(days=1)
_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class _Habits:
    """`weekdays` are its own, Monday being 0; `holidays` and `weekends`: it appears on public holidays, on
    weekends that are worked."""

    weekdays: frozenset[int]
    holidays: bool
    weekends: bool

    def expects(self, day: date) -> bool:
        if workdays.holiday(day) and not self.holidays:
            return False
        return day.weekday() in self.weekdays or (self.weekends and workdays.worked(day))


def learn(days: Sequence[date]) -> Rhythm | None:
    """The rhythm of news that came on these days (in Asia/Shanghai, in any order); None without any.

    Where weekdays hold (a weekly, a daily but for weekends), each of them is expected, without public
    holidays unless it appeared on such before, and with worked weekends (调休) where it did. It is quiet once
    an expected day has passed, and stale at noon of the second one, or of one more than it ever missed in
    a row. Elsewhere the longest usual gap is its period, holidays not counted: quiet after one, stale after
    two. With few days nothing is claimed.
    """
    known = sorted(set(days))
    if not known:
        return None
    known = [day for day in known if day > known[-1] - SPAN]
    last = known[-1]
    if len(known) < _FEW:
        return Rhythm(last, words=f"{len(known)} days with news are too few to tell a rhythm")
    habits = _habits(known)
    if habits.weekdays:
        return _by_weekdays(known, habits)
    if len(known) < _FEW_IRREGULAR and not _even(known):
        return Rhythm(last, words=f"{len(known)} days with news, on no weekday of their own, are too few")
    return _by_gaps(known, habits)


def usually(days: Sequence[date], day: date) -> bool | None:
    """Whether news is to be expected on a day, by the days on which it came; None where no weekday holds."""
    known = sorted(set(days))
    if len(known) < _FEW:
        return None
    habits = _habits(known)
    return habits.expects(day) if habits.weekdays else None


def _habits(known: Sequence[date]) -> _Habits:
    last = known[-1]
    first = max(known[0], last - _RECENT)
    recent = [day for day in known if day >= first]
    there = set(recent)
    plain = [day for day in _days(first, last) if not workdays.holiday(day)]
    own = set()
    for weekday in range(7):
        all_of = [day for day in plain if day.weekday() == weekday]
        kept = sum(1 for day in all_of if day in there)
        if len(all_of) >= _WEEKS and kept >= _OWN * len(all_of):
            own.add(weekday)
    if sum(1 for day in recent if day.weekday() in own) < _EXPLAINED * sum(
        1 for day in recent if not workdays.worked(day)
    ):
        own = set()
    would = [day for day in _days(known[0], last) if not own or day.weekday() in own]
    holidays = [day for day in would if workdays.holiday(day)]
    weekends = [day for day in _days(known[0], last) if workdays.worked(day) and day.weekday() not in own]
    all_known = set(known)
    return _Habits(frozenset(own), _mostly(holidays, all_known), _mostly(weekends, all_known))


def _mostly(days: Sequence[date], there: set[date]) -> bool:
    return bool(days) and sum(1 for day in days if day in there) >= _KEPT * len(days)


def _by_weekdays(known: Sequence[date], habits: _Habits) -> Rhythm:
    last = known[-1]
    ahead = _ahead(last, habits.expects)
    missed = [next(ahead) for _ in range(_patience(known, habits))]
    words = f"news come on {_named(habits.weekdays)}"
    if habits.holidays:
        words += ", on public holidays too"
    ended = max(missed[-1] + _ENDED_DAYS, last + (missed[0] - last) * _ENDED)
    return _rhythm(last, missed[0], missed[-1], words, ended)


def _patience(known: Sequence[date], habits: _Habits) -> int:
    """Expected days to be missed in a row before that means something: two, or more where single ones are
    missed so often that two would be chance."""
    last, there = known[-1], set(known)
    run = longest = expected = missing = 0
    for day in _days(max(known[0], last - _RECENT), last):
        if day in there:
            longest = max(longest, run if run <= _LONGEST_RUN else 0)
            run = 0
        elif habits.expects(day):
            run += 1
            missing += 1
        expected += habits.expects(day)
    chance = missing / expected
    patience = max(_TWO, longest + 1)
    while chance**patience > _CHANCE and patience <= _LONGEST_RUN:
        patience += 1
    return patience


def _by_gaps(known: Sequence[date], habits: _Habits) -> Rhythm:
    """Without weekdays of its own. Days count that are no holidays, unless it appears on those."""

    def counts(day: date) -> bool:
        return habits.holidays or not workdays.holiday(day)

    counted = [day for day in _days(known[0], known[-1]) if counts(day)]
    places = [bisect_left(counted, day) for day in known]
    gaps = sorted(max(b - a, 1) for a, b in pairwise(places))
    usual = gaps[min(int(len(gaps) * _ENOUGH), len(gaps) - 1)]
    longest = max(gap for gap in gaps if gap <= usual * _OUTLIER)
    last = known[-1]
    ahead = _ahead(last, counts)
    coming = [next(ahead) for _ in range(max(2 * usual, longest + usual))]
    words = f"news come {'every day' if usual == 1 else f'at most {usual} days apart, as a rule'}"
    ended = max(coming[-1] + _ENDED_DAYS, last + timedelta(days=usual * _ENDED))
    return _rhythm(last, coming[usual - 1], coming[-1], words, ended)


def _even(known: Sequence[date]) -> bool:
    gaps = [(after - before).days for before, after in pairwise(known)]
    return min(gaps) >= _APART and max(gaps) <= min(gaps) * _EVEN


def _rhythm(last: date, expected: date, stale: date, words: str, ended: date) -> Rhythm:
    return Rhythm(
        last,
        expected,
        quiet_from=_at(expected + _DAY, time()),
        stale_from=_at(stale, _BY),
        ended_from=_at(ended, time()),
        words=words,
    )


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, SHANGHAI)


def _ahead(last: date, wanted: Callable[[date], bool]) -> Iterator[date]:
    day = last
    while True:
        day += _DAY
        if wanted(day):
            yield day


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _named(weekdays: frozenset[int]) -> str:
    if len(weekdays) == len(_NAMES):
        return "every day"
    names = [_NAMES[weekday] for weekday in sorted(weekdays)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
