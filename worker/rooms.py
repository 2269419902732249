"""What the reading room and the control room ask of the store, as a protocol with its nouns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bulletins.model import Item
from feeds.scope import FeedKey


@dataclass(frozen=True, slots=True)
class EditionMark:
    """The page of what a source printed on a day, which awaits publication; `seq` numbers its newest
    marking."""

    source: str
    day: date
    seq: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search asks of the index. All of `groups` must hold; a group holds where any of its alternatives
    does, and that where an item has all of its codes (feeds.terms). `since` (included) and `until` (not) are
    aware, by the moment of publication."""

    groups: tuple[tuple[tuple[int, ...], ...], ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll that has ended: how, how long it took in seconds, and what it brought."""

    source: str
    started: datetime
    ended: datetime
    status: str
    pages: int
    new: int
    corrected: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Published:
    """What was published at a time: so many feeds had news, so many documents had other bytes."""

    at: datetime
    feeds: int
    documents: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What awaits publication: feeds, months of archives, pages of items, pages of editions; `held` are feeds
    and months that are set aside."""

    feeds: int
    months: int
    items: int
    editions: int
    held: int


class Rooms(Protocol):
    """Every call is one transaction, and may block. Days are those of +08:00."""

    def days(self, key: FeedKey, since: date | None) -> Mapping[date, int]:
        """How many items a feed has by the day of their publication, from a day on."""
        ...

    def printed(self, source: str, day: date) -> Sequence[Item]:
        """What a source printed on a day, by page and position."""
        ...

    def beside(self, source: str, day: date) -> tuple[date | None, date | None]:
        """The days before and after on which a source printed something."""
        ...

    def edition_marks(self, limit: int) -> Sequence[EditionMark]: ...

    def clear_editions(self, marks: Sequence[EditionMark]) -> None:
        """Take marks away, where nothing has changed since that the pages show."""
        ...

    def find(self, wanted: Wanted, after: int | None, count: int) -> Sequence[tuple[int, Item]]:
        """The next `count` live items that the index has for it, the newest first, each with its number, by
        which the search goes on; `after` is the last one seen. An item may lack the words for all that: the
        index knows pairs of characters, not whole words."""
        ...

    def named(self, key: str) -> str | None:
        """The id of the live item whose page is items/<key>/."""
        ...

    def polled(
        self, since: datetime, until: datetime | None = None, sources: Sequence[str] | None = None
    ) -> Sequence[Polled]:
        """The polls that have ended from then until then, of all sources or of some, the oldest first."""
        ...

    def note_publication(self, published: Published) -> None: ...

    def published(self, since: datetime) -> Sequence[Published]:
        """What was published since then, the oldest first; of the last day at most."""
        ...

    def lags(self, count: int) -> Sequence[tuple[str, datetime, datetime]]:
        """Of the items that came last, their source, when they were published and when they were first
        seen."""
        ...

    def rhythms(self) -> Mapping[str, str]:
        """By source, how often it is looked at, in words."""
        ...

    def backlog(self) -> Backlog: ...

    def heartbeats(self) -> Mapping[str, datetime]:
        """By role, when it was last alive."""
        ...
