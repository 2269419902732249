"""The ports through which stored items change and tell their history: all of a transaction, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bulletins.changes import Memory
from bulletins.model import Absence, Change, Column, Follow, Held, Item, Revision, Withdrawal
from feeds.scope import FeedKey
from worker.incidents import Blame, Incidents
from worker.lessons import Lessons


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A withdrawn item in a feed that it was in."""

    item: Item
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A reading that is held back. `state`: held, accepted, rejected, superseded by a later one.

    `ids` leads from the ids of new items, as minted, to the held ones that they seem to be; `difference`: how
    its pages differ from those of the good readings before, a line each.
    """

    id: int
    source: str
    state: str
    reason: str
    at: datetime
    read: tuple[Item, ...]
    ids: Mapping[str, str]
    difference: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as the last good poll that had it left it: its final address, its body's hash and type, and when
    (aware UTC)."""

    follow: Follow
    url: str
    sha: str
    content_type: str | None
    seen: datetime


class Edit(Memory, Blame, Lessons, Protocol):
    """One transaction that changes items: all of it, or nothing."""

    def held(self, source: str, links: Collection[str], ids: Collection[str]) -> Sequence[Held]:
        """The stored items of a source that came from these article addresses, or have these ids."""
        ...

    def get(self, name: str) -> Held | None:
        """The stored item that has this very id."""
        ...

    def aliases(self, ids: Collection[str]) -> dict[str, str]:
        """Of these ids, those that lead to another item, and to which."""
        ...

    def rested(self, now: datetime, since: datetime, most: int) -> Sequence[Item]:
        """The live items whose edits are not announced by `now`, and that have had fewer corrections than
        `most` since the other moment; by source. Nobody else changes them before the edit ends."""
        ...

    def alias(self, further: Mapping[str, str]) -> None:
        """Lead ids to stored items; what led to those ids follows."""
        ...

    def join_cluster(self, item: str, kin: str) -> None:
        """Note that an item is the same notice as one of another source."""
        ...

    def settle_columns(
        self,
        columns: Iterable[Column],
        editions: dict[str, str],
        owner: str = "",
        shared: Collection[str] = (),
    ) -> dict[str, Column]:
        """Record columns by name -> with slugs that no other column has (`columns.slug_apart` where the
        plain one is taken). They are those of the source `owner`, but for `shared` names, which are one
        column in all sources; an empty owner shares all. `editions` gives, by name, a key of the edition in
        which it stood now."""
        ...

    def promoted(self, names: Collection[str], owner: str = "") -> set[str]:
        """Of these column names, those that have feeds of their own: headings and page names; umbrella
        headlines once they stood in two editions."""
        ...

    def umbrella_items(self, name: str, owner: str = "") -> Sequence[Item]:
        """Stored items under an umbrella headline."""
        ...

    def feeds_there(self, keys: Collection[FeedKey]) -> set[FeedKey]:
        """Of these feeds, those that have, or once had, items."""
        ...

    def apply(self, change: Change, feeds: Collection[FeedKey]) -> int:
        """Store an item as changed, in exactly these feeds (withdrawn: in none; its tombstone is kept). These
        and the ones that it leaves are marked, what it meant before is kept as a revision, and the change
        is logged under the sequence number that is returned. Numbers have no gaps, and commit in order.
        An unannounced change is neither logged nor a revision, and has the number 0."""
        ...

    def enlist(self, item: Item, feeds: Collection[FeedKey]) -> None:
        """Put a stored item into further feeds, and mark those that it was not in yet."""
        ...

    def due(self, source: str, now: datetime) -> None:
        """Have a source polled at the next tick."""
        ...

    def decide(self, number: int, *, accept: bool) -> bool:
        """End the wait of a quarantined reading; False: it has ended already."""
        ...

    def of_editions(self, editions: Iterable[Item]) -> Sequence[tuple[str, str]]:
        """The live items, as (id, link), of the editions that these items are of."""
        ...

    def absences(self, source: str) -> Sequence[Absence]: ...

    def keep_absences(self, source: str, kept: Sequence[Absence]) -> None:
        """Make the absences noted of a source these."""
        ...

    def doubt(self, source: str, urls: Collection[str], again: Collection[str], now: datetime) -> None:
        """Have pages that said they are gone read anew, and not conditionally, once they answer; and have
        those of `again` that are off the lists asked for at the next poll. After `finish`."""
        ...

    def of_reading(self, source: str, fingerprint: str) -> Quarantined | None:
        """The entry that waits, or was decided upon, for a reading with this fingerprint."""
        ...

    def outdo(self, source: str) -> None:
        """A sound reading of a source takes the place of one that waits for want of evidence."""
        ...

    def hold(
        self,
        source: str,
        fingerprint: str,
        reason: str,
        read: Sequence[Item],
        ids: Mapping[str, str],
        now: datetime,
    ) -> Quarantined:
        """Put a reading into quarantine, once; an older one of the source that waits is superseded."""
        ...


class History(Incidents, Protocol):
    """What is known of items over time, and how it is changed outside any poll."""

    def edit(self, cause: str) -> AbstractContextManager[Edit]:
        """A transaction outside any poll; the change log names `cause` in its place."""
        ...

    def lacking(self, source: str) -> bool:
        """Whether the last readings of a source lacked items that are not withdrawn yet."""
        ...

    def read_by(self, source: str) -> str:
        """The layouts that read the newest item of a source, joined by "+"; "" where it has none."""
        ...

    def resolve(self, name: str) -> str | None:
        """The id of the item that an id means: itself, or what it is an alias of; None: unknown."""
        ...

    def item(self, name: str) -> Held | None:
        """An item, live or withdrawn, by any of its ids."""
        ...

    def revisions(self, item: str) -> Sequence[Revision]:
        """What an item was before each of its corrections, the oldest first."""
        ...

    def cluster(self, item: str) -> Sequence[Item]:
        """The live items of other sources that print the same notice, newest first."""
        ...

    def withdrawn(self, key: FeedKey, limit: int) -> Sequence[Tombstone]:
        """The items that were in a feed when they were withdrawn, the latest first."""
        ...

    def kept_pages(self, source: str) -> Sequence[KeptPage]:
        """The pages of a source of which a body is kept, the one seen last first."""
        ...

    def quarantine(self) -> Sequence[Quarantined]:
        """The readings that wait for an operator, the oldest first."""
        ...

    def quarantined(self, number: int) -> Quarantined | None: ...
