"""What is known of a source, or a feed, over time: polls and rhythm in, its health as people are told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bulletins.model import PollStatus


class Pulse(StrEnum):
    """What silence means at a moment."""

    LEARNING = "learning"  # too little has come to tell
    OK = "ok"
    QUIET = "quiet"  # an expected day has passed: it happens
    STALE = "stale"  # that does not happen


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What `bulletins.rhythm` has learned, as moments, so that anybody can say later what silence means then.

    `last` is the newest day with news, `expected` the next one to expect; the moments are aware: from when on
    it is quiet, stale, and taken to have ended. All are None while nothing is known. `words` describe it.
    """

    last: date
    expected: date | None = None
    quiet_from: datetime | None = None
    stale_from: datetime | None = None
    ended_from: datetime | None = None
    words: str = ""

    def pulse(self, now: datetime) -> Pulse:
        if self.quiet_from is None or self.stale_from is None:
            return Pulse.LEARNING
        if now >= self.stale_from:
            return Pulse.STALE
        return Pulse.QUIET if now >= self.quiet_from else Pulse.OK

    def ended(self, now: datetime) -> bool:
        """Whether nobody waits for news any more."""
        return self.ended_from is not None and now >= self.ended_from

    def reason(self, now: datetime) -> str:
        """Why it is not ok, in words; empty while it is, or nothing is known."""
        if self.pulse(now) in (Pulse.OK, Pulse.LEARNING):
            return ""
        return f"no news since {self.last}, expected on {self.expected}: {self.words}"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of a source's health. `state` keeps its last conclusive status; None: never polled."""

    source: str
    name: str
    url: str
    enabled: bool
    state: PollStatus | None = None
    reason: str = ""
    action: str = ""
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_changed: datetime | None = None
    next_check: datetime | None = None
    newest: datetime | None = None
    failures: int = 0  # in a row
    rhythm: Rhythm | None = None  # None: no news yet
    structure: tuple[str, ...] = ()  # how its pages differ from those of its last good readings, a line each
