"""What the store remembers of one item or one address: nouns for `dibao trace`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bulletins.model import Held
from feeds.scope import FeedKey
from worker.edit import KeptPage, Quarantined


@dataclass(frozen=True, slots=True)
class Asked:
    """That a poll asked for a page, and what became of the page and of the poll. `found`: pending, fetched,
    unchanged, failed; `error` is why. `status` is None while the poll is under way."""

    source: str
    poll: str
    at: datetime
    url: str
    found: str
    error: str
    http_status: int | None
    status: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last good poll kept of a page; `left`: since when the lists lack it; `again`: when it is read
    again then."""

    source: str
    page: KeptPage
    left: datetime | None
    again: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the change log. `by` is a poll, or the command that did it."""

    seq: int
    kind: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A feed that an item is in, or was in when it was withdrawn. `state`: published, waiting (marked, not
    published yet), held (set aside), buried (a tombstone). `window`: among the feed's newest items, which
    its documents show; else its archive does."""

    key: FeedKey
    state: str
    window: bool


@dataclass(frozen=True, slots=True)
class ItemTrace:
    held: Held
    others: Sequence[str]  # ids that lead to it
    log: Sequence[Line]
    revised: Sequence[datetime]
    absent: int  # readings in a row that lacked it
    placed: Sequence[Placed]


@dataclass(frozen=True, slots=True)
class Trace:
    """`items` have the id, or came from the address; the rest is of the addresses that they came from. Newest
    first."""

    items: Sequence[ItemTrace]
    asked: Sequence[Asked]
    kept: Sequence[Kept]
    quarantined: Sequence[Quarantined]
