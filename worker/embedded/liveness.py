"""Liveness: what the store and the broker show of a process's work in, whether it works no more out."""

from __future__ import annotations

import time

from bulletins.errors import DibaoError
from worker import broker
from worker.config import Settings
from worker.store import open_store

_INTERVAL = 5.0  # seconds between looks
_MOST_DOUBLED = 4  # times


class Liveness:
    """Looks at what is done, not at processes: one may live on, hold its connections, and take no task.

    Ticks wait in the broker: the worker is stuck. None do, and none is carried out: beat is. Times are of
    the monotonic clock, so that nobody is restarted because the machine's clock was set. While store or
    broker do not answer, nothing is known, and nobody is to blame. Each process that is found stuck before
    anything moves again doubles the patience with the next: on a slow machine one that is just starting
    would be taken for stuck, and restarted for ever.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = open_store(settings.database_url, sqlite_wait=1.0)
        self._patience = settings.service.stuck_after.total_seconds()
        self._looked = self._moved = float("-inf")
        self._signs: object = None
        self._waiting: int | None = None
        self._stuck: set[float] = set()  # when those were started that were found stuck

    def worker_stuck(self, since: float) -> bool:
        return self._stopped(since) and bool(self._waiting) and self._found(since)

    def beat_stuck(self, since: float) -> bool:
        return self._stopped(since) and self._waiting == 0 and self._found(since)

    def close(self) -> None:
        self._store.dispose()

    def _found(self, since: float) -> bool:
        self._stuck.add(since)
        return True

    def _stopped(self, since: float) -> bool:
        """Whether nothing has moved for so long, nor since the process was started."""
        now = time.monotonic()
        if now - self._looked >= _INTERVAL:
            self._look(now)
            self._looked = time.monotonic()
        patience = self._patience * 2.0 ** min(len(self._stuck - {since}), _MOST_DOUBLED)
        return now - max(self._moved, since) > patience

    def _look(self, now: float) -> None:
        depths = broker.queue_depth(self._settings)
        self._waiting = None if depths is None else depths["control"]
        try:
            signs = self._store.signs()
        except DibaoError:
            signs = None
        if self._waiting is None or signs is None or signs != self._signs:
            self._signs, self._moved = signs, now
            self._stuck.clear()
