"""What happened before, as ports: how a source fared and when it had news; what killed whoever read it; which
past editions were asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bulletins.model import Edition, Follow
from bulletins.state import Rhythm
from feeds.scope import FeedKey


class Outcome(StrEnum):
    """What came of asking for a past edition."""

    READ = "read"
    NONE = "none"  # there is none of that day
    FAILED = "failed"  # it is asked for again


@dataclass(frozen=True, slots=True)
class PastEdition:
    """A past edition that was asked for: its address, the day that it shows, and what came of it."""

    address: str
    day: date | None
    outcome: Outcome
    reason: str
    at: datetime


class Suspects(Protocol):
    """Bodies, by their SHA-256, that were being read by a version of the parser."""

    def suspect(self, sha: str, parser: int, now: datetime) -> None:
        """Note that a body is about to be read, in case nobody comes back to tell; counted."""
        ...

    def acquit(self, sha: str, parser: int) -> None:
        """It was read, and nothing happened."""
        ...

    def deadly(self, shas: Collection[str], parser: int, deaths: int) -> dict[str, datetime]:
        """Those bodies that were noted so many times and never acquitted, and when they were last."""
        ...


class PastEditions(Protocol):
    def past_editions(self, source: str) -> Sequence[PastEdition]:
        """Those that were asked for, the last one first."""
        ...

    def open_past(self, poll: str, source: str, entry: Follow, now: datetime, until: datetime) -> None:
        """The row of a poll, leased by its name, that reads a past edition instead of the newest."""
        ...


class Past(Protocol):
    """How a source fared up to now."""

    def failing(self, source: str) -> int:
        """Polls in a row, up to the one before this, that ended with the source unreachable or blocked."""
        ...

    def arrivals(self, source: str) -> Sequence[datetime]:
        """When polls brought new items lately, the newest first; past editions are no news."""
        ...

    def keep_past(self, edition: PastEdition) -> None:
        """Note what came of the past edition that this poll asked for."""
        ...


class Rhythms(Protocol):
    """When news came to the feeds of sources, regions and columns, and what was learned from it."""

    def unlearned(self, version: int, limit: int) -> Sequence[FeedKey]:
        """Feeds that have changed since, or whose rhythm was learned by another version."""
        ...

    def news_days(self, feeds: Sequence[FeedKey]) -> dict[FeedKey, Sequence[date]]:
        """The days on which the items of each of these feeds were published, in Asia/Shanghai."""
        ...

    def editions(self, source: str, count: int) -> Sequence[Edition]:
        """The newest editions of a source, one of each day."""
        ...

    def keep_rhythms(self, version: int, learned: Mapping[FeedKey, Rhythm | None]) -> None: ...

    def newest_rhythm(self) -> int:
        """Another number as soon as any rhythm is learned anew."""
        ...

    def rhythms(self, prefix: str = "") -> dict[str, Rhythm]:
        """Of the feeds whose paths begin so, by path."""
        ...
