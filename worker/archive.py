"""What the web asks of the store: nouns and a protocol, for the store to answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bulletins.model import ChangeKind, Held, Item
from bulletins.state import Rhythm, SourceState
from feeds.merge import Kin
from feeds.scope import FeedKey
from worker.edit import Quarantined, Tombstone
from worker.feedstore import ItemPage
from worker.figures import Figures
from worker.incidents import Incidents
from worker.ports import FeedInfo
from worker.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Numbers:
    """The newest number of a change, and of a marking, which an edit has too that is not announced; never
    given out twice, whatever rolls back."""

    change: int
    mark: int


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the change log. `item` is the item as it is now; None once it is withdrawn, whatever the line
    says, and for the line of a withdrawal."""

    seq: int
    kind: ChangeKind
    id: str
    at: datetime
    item: Item | None


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Events after a sequence number, in order and without a gap. `oldest` and `newest` are those kept;
    `oldest` is `newest` + 1 where none is."""

    events: tuple[Event, ...]
    oldest: int
    newest: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where an item stands among all: after it come those published before, or then and further down."""

    published: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A stretch of the union of some feeds, newest first. `last` is where it ended; None: nothing follows."""

    items: tuple[Item, ...]
    last: Cursor | None


class Archive(Incidents, Protocol):
    """Every call is one transaction, and may block."""

    @property
    def rooms(self) -> Rooms: ...

    def feed_items(self, key: FeedKey, items: int, days: int, cap: int) -> Sequence[Item]:
        """A feed's window, as `worker.ports.Store` has it."""
        ...

    def item_pages(self, names: Collection[str]) -> Sequence[ItemPage]:
        """What stands on the pages of these ids."""
        ...

    def quarantine(self) -> Sequence[Quarantined]:
        """The readings that wait for an operator, the oldest first."""
        ...

    def newest(self) -> Numbers:
        """How far the store has come; 0 before the first change."""
        ...

    def changes(self, since: int, limit: int) -> ChangesPage:
        """At most `limit` events whose number is above `since`."""
        ...

    def walk(
        self,
        keys: Sequence[FeedKey],
        *,
        sources: Collection[str],
        since: datetime | None,
        after: Cursor | None,
        count: int,
    ) -> Walk:
        """The next `count` items of the union of feeds, less those that are from none of `sources`, where any
        are named; no more than `count` entries of each feed are looked at."""
        ...

    def withdrawn(self, key: FeedKey, limit: int) -> Sequence[Tombstone]:
        """The items that were in a feed when they were withdrawn, and are not back, the latest first."""
        ...

    def kin(self, names: Collection[str], keys: Sequence[FeedKey]) -> Mapping[str, tuple[Kin, ...]]:
        """Of these items, those that have the same notice in other sources, with these, newest first, and
        whether each stands in one of the feeds."""
        ...

    def item(self, name: str) -> Held | None:
        """A stored item, by its id or one that it went by before; withdrawn ones too."""
        ...

    def sources(self) -> Sequence[SourceState]: ...

    def newest_rhythm(self) -> int:
        """Another number as soon as any rhythm is learned anew."""
        ...

    def rhythms(self, prefix: str = "") -> dict[str, Rhythm]:
        """Of the feeds whose paths begin so, by path."""
        ...

    def feed_sources(self) -> dict[FeedKey, frozenset[str]]:
        """Of every feed, the sources whose items are in it, or may be."""
        ...

    def catalogue(self) -> Sequence[FeedInfo]:
        """Every feed that exists, by key."""
        ...

    def column_names(self) -> dict[str, str]:
        """By slug, the name of every column that has been seen."""
        ...

    def figures(self, now: datetime) -> Figures:
        """How all is, in numbers."""
        ...
