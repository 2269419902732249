"""What happened before, as ports: how a source fared and when it had news; what killed whoever read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol


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


class Past(Protocol):
    """How a source fared up to now."""

    def failing(self, source: str) -> int:
        """Polls in a row, up to the one before this, that ended with the source unreachable or blocked."""
        ...

    def arrivals(self, source: str) -> Sequence[datetime]:
        """When polls brought new items lately, the newest first."""
        ...
