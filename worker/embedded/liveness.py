"""Liveness: what the store and the broker show of a process's work in, whether it works no more out."""

from __future__ import annotations

import time

from bulletins.errors import DibaoError
from worker import broker
from worker.config import Settings
from worker.store import open_store

_INTERVAL = 5.0  # seconds between looks


class Liveness:
    """Looks at what is done, not at processes: one may live on, hold its connections, and take no task.

    Ticks wait in the broker: the worker is stuck. None do, and none is carried out: beat is. Times are of
    the monotonic clock, so that nobody is restarted because the machine's clock was set. While store or
    broker do not answer, nothing is known, and nobody is to blame.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = open_store(settings.database_url, sqlite_wait=1.0)
        self._patience = settings.service.stuck_after.total_seconds()
        self._looked = self._moved = float("-inf")
        self._signs: object = None
        self._waiting: int | None = None

    def worker_stuck(self, since: float) -> bool:
        return self._stopped(since) and bool(self._waiting)

    def beat_stuck(self, since: float) -> bool:
        return self._stopped(since) and self._waiting == 0

    def close(self) -> None:
        self._store.dispose()

    def _stopped(self, since: float) -> bool:
        """Whether nothing has moved for so long, nor since the process was started."""
        now = time.monotonic()
        if now - self._looked >= _INTERVAL:
            self._look(now)
            self._looked = time.monotonic()
        return now - max(self._moved, since) > self._patience

    def _look(self, now: float) -> None:
        depths = broker.queue_depth(self._settings)
        self._waiting = None if depths is None else depths["control"]
        try:
            signs = self._store.signs()
        except DibaoError:
            signs = None
        if self._waiting is None or signs is None or signs != self._signs:
            self._signs, self._moved = signs, now
