"""What a poll is as stored: its row, the pages that it asked for, and what vouches for their bodies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bulletins.model import Follow, PollStatus


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional (RFC 9110, 13.1), and the body that it vouches for."""

    sha: str
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    url: str = ""  # the final address, after redirects


class PageState:
    """States of a page of a poll, as stored."""

    PENDING = "pending"
    FETCHED = "fetched"  # 200; `sha` is the body's
    UNCHANGED = "unchanged"  # 304, or the bytes held already
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PollPage:
    """One page that a poll asked for. `n` counts from 0 in the order asked."""

    n: int
    follow: Follow
    state: str
    validators: Validators | None = None  # of the body that this poll reads, once fetched
    error: str = ""
    http_status: int | None = None
    retry_after: float | None = None  # seconds that the site asked to wait
    recheck: bool = False  # asked because it was due again, and not because a list has it


@dataclass(frozen=True, slots=True)
class PollRow:
    """A poll as stored. `state`: listing, fetching, ingesting, done."""

    id: str
    source: str
    state: str
    started: datetime
    status: PollStatus | None = None
    reason: str = ""
    pages: int = 0
    new: int = 0
    corrected: int = 0
    withdrawn: int = 0
    rejected: int = 0
    seconds: float = 0.0
    heals: int = 0  # times that a tick had to take it up again
    past: str | None = None  # the address of the past edition that it reads; None: the newest is read


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to be fetched, None where its poll, leased `until` then, has none, and what is held of it."""

    row: PollRow
    until: datetime
    page: PollPage | None
    held: Validators | None


@dataclass(frozen=True, slots=True)
class Counts:
    new: int = 0
    corrected: int = 0
    withdrawn: int = 0
    rejected: int = 0
