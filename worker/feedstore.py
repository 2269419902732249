"""What publishing asks of the store beside the outbox: windows with kept fragments, archives by month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bulletins.model import Held, Item, Revision
from feeds.compose import Tombstone
from feeds.scope import FeedKey


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry of a feed, with its fragments by format; where one of those asked for is not kept, with its
    item, to render it from."""

    id: str
    source: str
    published: datetime
    updated: datetime
    fragments: dict[str, bytes]
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A fragment to keep, and the item that it was rendered from."""

    item: Item
    format: str
    made_from: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Window:
    """A feed as it is to be published: of one moment, so that all formats agree."""

    entries: tuple[Placed, ...]
    tombstones: tuple[Tombstone, ...] = ()
    archive: str = ""  # the newest month of its archive


@dataclass(frozen=True, slots=True)
class ArchiveMark:
    """A month (2026-03) of a feed's archive that awaits publication; `seq` numbers its newest marking."""

    key: FeedKey
    month: str
    seq: int


@dataclass(frozen=True, slots=True)
class Month:
    """What a month of a feed's archive holds, its newest change first, when that was, and which months
    before and after it have any."""

    entries: tuple[Placed, ...]
    tombstones: tuple[Tombstone, ...]
    changed: datetime | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ItemMark:
    """The page of an id that awaits publication; `seq` numbers its newest marking."""

    name: str
    seq: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What is to stand on the page of an id. `to` is the item that it leads to, where it is not one's own;
    `revisions` are oldest first, `kin` are live items of other sources that print the same notice, newest
    first; neither is told of a withdrawn item. `listed`: the item is in its column's feed."""

    name: str
    to: str | None = None
    held: Held | None = None
    revisions: tuple[Revision, ...] = ()
    kin: tuple[Item, ...] = ()
    listed: bool = False


class FeedStore(Protocol):
    def window(
        self,
        key: FeedKey,
        items: int,
        days: int,
        cap: int,
        formats: Sequence[str],
        made_from: Callable[[str, str], str],
    ) -> Window:
        """The window of `feed_items` with its fragments, those made from what `made_from` answers for a
        source and a format; with the items that were withdrawn from it within as many days."""
        ...

    def keep_fragments(self, rendered: Sequence[Kept]) -> None:
        """Keep fragments, but for those whose item has changed meanwhile."""
        ...

    def left(self, key: FeedKey, ids: Collection[str]) -> Collection[str]:
        """Of these ids, those of stored items that are no longer in a feed."""
        ...

    def holds_back(self) -> bool:
        """Whether any mark is set aside, of a feed or of a month of an archive."""
        ...

    def item_marks(self, limit: int) -> Sequence[ItemMark]:
        """Pages of items that await publication."""
        ...

    def item_pages(self, names: Collection[str]) -> Sequence[ItemPage]:
        """What is to stand on the pages of these ids, in one moment."""
        ...

    def clear_items(self, marks: Sequence[ItemMark]) -> None:
        """Take marks away, where nothing has changed since that the page shows."""
        ...

    def archive_marks(self, now: datetime, limit: int) -> Sequence[ArchiveMark]:
        """Months of archives that await publication. Large ones come at most once an hour."""
        ...

    def archive_month(self, mark: ArchiveMark, made_from: Callable[[str, str], str]) -> Month: ...

    def archive_months(self) -> Sequence[tuple[str, str]]:
        """The path of each feed with each month of its archive."""
        ...

    def clear_archives(self, marks: Sequence[ArchiveMark], now: datetime) -> None:
        """Take marks away, where no newer change has touched the month since."""
        ...

    def set_archive_aside(self, mark: ArchiveMark) -> None:
        """Keep a mark, and do not offer it again before the month changes or everything is marked."""
        ...
