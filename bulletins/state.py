"""What is known of a source over time: its polls in, its health as people and programs are told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bulletins.model import PollStatus


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
    structure: tuple[str, ...] = ()  # how its pages differ from those of its last good readings, a line each
