"""When a source is due next, from its rhythm, its habits and how its last polls went."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from bulletins import habits
from bulletins.dates import SHANGHAI
from bulletins.model import Source

_SPREAD = 0.1  # of the interval: sources with one rhythm drift apart instead of knocking together
_CRON_SPREAD = timedelta(seconds=60)
_RETRY_SPREAD = 0.5  # sources that failed together, on one host or one line, do not come back together
_FIRST_RETRY = timedelta(minutes=15)  # after a failure at a time that cron named
_LONGEST_BACKOFF = timedelta(hours=6)  # between two looks at a site that does not answer
_LONGEST_WAIT = 86_400.0  # seconds; however long a site asks us to stay away


def next_check(
    source: Source,
    now: datetime,
    retry_after: float | None = None,
    *,
    failures: int = 0,
    arrivals: Sequence[datetime] = (),
) -> datetime:
    """The next time to poll, aware UTC: `every` after now, or the next time that `cron` names in
    Asia/Shanghai, or, with neither, as `habits` reads `arrivals`; a little later by a jitter that the source
    and the time decide. After `failures` polls in a row that the site did not answer well, less and less
    often, and with `cron` before its time; never before a Retry-After (RFC 9110, 10.2.3; seconds), which
    counts for a day at most."""
    share = int.from_bytes(hashlib.sha256(f"{source.id} {now.isoformat()}".encode()).digest()[:4]) / 2**32
    if source.cron is not None:
        due = next(CronSim(source.cron, now.astimezone(SHANGHAI))).astimezone(UTC) + _CRON_SPREAD * share
        if failures:
            due = min(due, now + _backed_off(_FIRST_RETRY, failures) * (1 + _RETRY_SPREAD * share))
    else:
        every = source.every or habits.interval(arrivals, now)
        spread = _RETRY_SPREAD if failures > 1 else _SPREAD
        due = now + _backed_off(every, failures) * (1 + spread * share)
    if retry_after is not None:
        due = max(due, now + timedelta(seconds=min(retry_after, _LONGEST_WAIT)))
    return due.astimezone(UTC)


def _backed_off(every: timedelta, failures: int) -> timedelta:
    """Twice as long after each failure but the first, up to a bound; a longer rhythm stays as it is."""
    doubled = every * 2.0 ** min(max(failures - 1, 0), 16)  # 2**16 of the shortest rhythm is beyond the bound
    return max(every, min(doubled, _LONGEST_BACKOFF))
