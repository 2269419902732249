"""The change log's newest number: looked at by one task for all who wait in, their waking out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from worker.web.blocking import Shared

_PERIOD_SECONDS = 0.25
_LATE_SECONDS = 10.0


class Watch:
    """However many wait, the store is asked once in a quarter of a second; while nobody does, never. Belongs
    to one event loop. `newest` may block."""

    def __init__(self, newest: Callable[[], int]) -> None:
        self._look = Shared(newest, _LATE_SECONDS)
        self._newest = 0
        self._waiting = 0
        self._closed = False
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def beyond(self, since: int, seconds: float) -> None:
        """Return when a change above `since` is there, after `seconds`, or once this is closed."""
        self._waiting += 1
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())
        try:
            async with asyncio.timeout(seconds):
                while self._newest <= since and not self._closed:
                    await self._moved.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let all go who wait, now and later: the server stops."""
        self._closed = True
        self._wake()

    async def _watch(self) -> None:
        while self._waiting and not self._closed:
            try:
                newest = await self._look()
            except Exception:  # whoever waits asks the store again in the end, and is told what is wrong
                newest = self._newest
            if newest != self._newest:
                self._newest = newest
                self._wake()
            await asyncio.sleep(_PERIOD_SECONDS)

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
