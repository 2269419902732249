"""A reading and what could not be fetched -> the verdict on a poll: publish, or hold back and say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bulletins.dates import SHANGHAI
from bulletins.model import Doubtful, Item, PageKind, PollStatus, Problem, Reading, Verdict

# Answers that refuse rather than fail; challenges come as 405, 412, 521 and 567 too.
_REFUSALS = frozenset({401, 403, 405, 406, 412, 418, 429, 451, 521, 567})
_GONE = frozenset({404, 410})
_FUTURE = timedelta(days=1)
_FIRST = 1994  # the year in which China joined the internet: an older date has a clock that stands at zero
_SEVERAL = 2  # items of one page; one alone is a slip of the pen
_KEPT = "The feeds stay as they were"
_STORM = 5  # new items that are held under other ids; fewer are what newspapers print twice
_STORM_SHARE = 0.5  # of the new items of a reading


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be fetched."""

    url: str
    kind: PageKind
    what: str
    http_status: int | None = None
    entry: bool = False

    @property
    def past_the_end(self) -> bool:
        """Whether it is a further page of a list, and its site says that there is none: a pager that counts
        wrong, or names a page more than it has."""
        return self.kind == PageKind.LIST and not self.entry and self.http_status in _GONE


def judge(reading: Reading, failures: Sequence[Failure], now: datetime) -> Verdict:
    """What this poll amounts to. The worst that touches the whole source decides, in this order: its entry
    could not be had; a list or most articles were refused, or are gone; a date that cannot be; too little
    evidence; nothing that could be read; a list or most articles that failed; and else what was read, with a
    word on the rest."""
    entry = next((failure for failure in failures if failure.entry), None)
    if entry:
        return _unfetched(entry)
    articles = len(reading.items) + len(reading.rejections)
    if articles or any(follow.kind == PageKind.ARTICLE for follow in reading.follow):
        # Without any, the page may be the one from which a script fetches the whole list.
        failures = [failure for failure in failures if not failure.past_the_end]
        reading = replace(reading, problems=tuple(one for one in reading.problems if not one.past_the_end))
    for problem in sorted(reading.problems, key=lambda problem: problem.status != PollStatus.BLOCKED):
        of_article = any(rejection.url == problem.url for rejection in reading.rejections)
        gone = sum(1 for other in reading.problems if other.status == problem.status)
        if not of_article or gone * 2 > articles:
            return _held_back(problem)
    if fault := _impossible_dates(reading, now):
        return fault
    if reading.doubts and reading.items:
        return _in_doubt(reading.doubts[0], len(reading.doubts))
    if not reading.items and len(reading.rejections) > 1:
        first = reading.rejections[0]
        count = len(reading.rejections)
        reason = f"none of {count} articles could be read; the first: {first.reason} ({first.url})"
        return Verdict(PollStatus.QUARANTINED, reason, f"{_KEPT}; run dibao probe {first.url}", publish=False)
    refused = next((failure for failure in failures if failure.http_status in _REFUSALS), None)
    if refused and not reading.items:
        return _unfetched(refused)
    weighty = [failure for failure in failures if failure.kind != PageKind.ARTICLE]
    if failures and (weighty or len(failures) > articles):
        action = "What could be read is published; the next poll asks again"
        return Verdict(PollStatus.UNREACHABLE, _all_of([*weighty, *failures]), action)
    if not articles and not failures:
        return Verdict(PollStatus.QUIET, "the lists are there and hold no articles")
    return Verdict(PollStatus.OK, _left_out(reading, failures))


def storm(new: int, twins: int) -> str | None:
    """Why a reading may not be committed whose new items are, in an unlikely share, held under other ids:
    subscribers would see again what they have seen. None: it may."""
    if twins < _STORM or twins < new * _STORM_SHARE:
        return None
    return f"{twins} of {new} new items are already held under other ids"


def _unfetched(failure: Failure) -> Verdict:
    reason = f"{failure.what} ({failure.url})"
    if failure.http_status in _REFUSALS:
        action = f"{_KEPT}; open the address in a browser: the site refuses programs, or asks to slow down"
        return Verdict(PollStatus.BLOCKED, reason, action, publish=False)
    action = f"{_KEPT}; the next poll asks again. Check the address in config.toml if this lasts"
    return Verdict(PollStatus.UNREACHABLE, reason, action, publish=False)


def _held_back(problem: Problem) -> Verdict:
    if problem.status == PollStatus.BLOCKED:
        action = f"{_KEPT}; open {problem.url} in a browser and see what the site asks for"
    else:
        action = f"{_KEPT}; run dibao probe {problem.url} to see what is read there now"
    return Verdict(problem.status, f"{problem.reason} ({problem.url})", action, publish=False)


def _impossible_dates(reading: Reading, now: datetime) -> Verdict | None:
    """Several items of one page dated to come, or by a day that no calendar has: the page is misread or
    misprinted. A single one is kept under the day on which it was first seen, and flagged."""
    pages: dict[object, list[tuple[Item, str]]] = {}
    for item in reading.items:
        if item.published > now + _FUTURE:
            day = item.published.astimezone(SHANGHAI).date()
            return _misdated(f"dated {day}, which is yet to come ({item.link})", item)
        if (day := item.published.astimezone(SHANGHAI).date()).year < _FIRST:
            return _misdated(f"dated {day}, before any newspaper stood on the web ({item.link})", item)
        if doubt := _misprinted(item):
            if item.edition and item.edition.date and item.edition.date > (now + _FUTURE).date():
                return _misdated(f"the edition is misdated: {doubt} ({item.link})", item)
            pages.setdefault((item.edition, item.page), []).append((item, doubt))
    several = next((found for found in pages.values() if len(found) >= _SEVERAL), None)
    if several is None:
        return None
    item, doubt = several[0]
    return _misdated(f"{len(several)} items of one page are misdated: {doubt} ({item.link})", item)


def _misprinted(item: Item) -> str:
    """Why an item has the day on which it was first seen although a date is printed; else empty."""
    for why in item.evidence:
        if why.field == "published" and why.how == "first seen" and why.text:
            return why.doubt
    return ""


def _misdated(reason: str, item: Item) -> Verdict:
    action = f"{_KEPT}; compare the dates at {item.link}"
    return Verdict(PollStatus.QUARANTINED, reason, action, publish=False)


def _in_doubt(doubt: Doubtful, count: int) -> Verdict:
    """The page that is least sure in the order read, and what speaks for it all the same."""
    more = f" and {count - 1} more" if count > 1 else ""
    reason = f"the {doubt.kind} at {doubt.url} is read with confidence {doubt.confidence}{more}: "
    reason += "; ".join(doubt.evidence)
    return Verdict(
        PollStatus.QUARANTINED, reason, f"{_KEPT}; run dibao probe {doubt.url}", False, doubtful=True
    )


def _all_of(failures: Sequence[Failure]) -> str:
    """The first failure in words, and how many there are beside it."""
    others = len({failure.url for failure in failures}) - 1
    return f"{failures[0].what} ({failures[0].url})" + (f" and {others} more" if others else "")


def _left_out(reading: Reading, failures: Sequence[Failure]) -> str:
    """Articles that are not among the items: a source with a dead link or a bare picture is well, and its
    operator may look."""
    told = [f"{rejection.title or rejection.url}: {rejection.reason}" for rejection in reading.rejections]
    told += [f"{failure.url}: {failure.what}" for failure in failures]
    if not told:
        return ""
    return f"left out: {told[0]}" + (f" and {len(told) - 1} more" if len(told) > 1 else "")
