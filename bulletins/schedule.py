"""When a source is due next, from its rhythm and its last poll."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from bulletins.dates import SHANGHAI
from bulletins.model import Source

_SPREAD = 0.1  # of the interval: sources with one rhythm drift apart instead of knocking together
_CRON_SPREAD = timedelta(seconds=60)
_LONGEST_WAIT = 86_400.0  # seconds; however long a site asks us to stay away


def next_check(source: Source, now: datetime, retry_after: float | None = None) -> datetime:
    """The next time to poll, aware UTC: `every` after now, or the next time that `cron` names in
    Asia/Shanghai, a little later by a jitter that the source and the time decide; never before a Retry-After
    (RFC 9110, 10.2.3; seconds), which counts for a day at most."""
    share = int.from_bytes(hashlib.sha256(f"{source.id} {now.isoformat()}".encode()).digest()[:4]) / 2**32
    if source.cron is not None:
        due = next(CronSim(source.cron, now.astimezone(SHANGHAI))).astimezone(UTC) + _CRON_SPREAD * share
    else:
        every = source.every or timedelta(minutes=30)
        due = now + every * (1 + _SPREAD * share)
    if retry_after is not None:
        due = max(due, now + timedelta(seconds=min(retry_after, _LONGEST_WAIT)))
    return due.astimezone(UTC)
