"""What happened before, as ports: how a source fared and when it had news; what killed whoever read it; which
past editions were asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bulletins.model import Follow


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
