"""What the service amounts to, in numbers that the store knows: nouns for whoever watches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bulletins.state import SourceState
from worker.alarms import ReceiverState
from worker.notices import HookState


@dataclass(frozen=True, slots=True)
class Backlog:
    """Marks of one sort: how many may be published now, how many were set aside until their feed changes, and
    the number of the oldest that waits, 0 where none does. While work gets done that number moves."""

    waiting: int
    held: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one moment, seen in one transaction. Moments are aware UTC."""

    sources: Sequence[SourceState]
    feeds: int
    items: Mapping[str, int]  # live ones, by the paths of the feeds all, unclassified, source/<id>
    changes: int  # ever
    outbox: Mapping[str, Backlog]  # of feeds, items, archives
    quarantined: int  # readings that wait for an operator
    incidents: Mapping[str, int]  # those that last, by kind
    opened: int  # incidents ever
    heartbeats: Mapping[str, datetime]  # by role
    polls: int  # under way
    lapsed: int  # of them, those whose lease has run out: the next tick is to take them up
    hooks: Sequence[HookState]
    pings: int  # that hubs are still to get
    receivers: Sequence[ReceiverState]
