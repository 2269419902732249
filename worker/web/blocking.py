"""Blocking calls for the web: a call that may hang in, its result or the news that it is late out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Late(Exception):
    """The call has not ended within its time; it goes on, and the next caller waits for the same one."""


class Shared(Generic[T]):
    """A blocking call made by one thread at a time, however many requests wait for it.

    A database that hangs thus costs one thread, not one for each probe. The thread is a daemon: a hanging
    call does not keep the process from ending, as a thread of an executor would. Belongs to one event loop.
    """

    def __init__(self, call: Callable[[], T], seconds: float) -> None:
        self._call = call
        self._seconds = seconds
        self._pending: asyncio.Future[T] | None = None

    async def __call__(self) -> T:
        """The result; raises what the call raised, or Late after `seconds`."""
        if self._pending is None:
            self._pending = self._start()
        pending = self._pending
        done, _ = await asyncio.wait({pending}, timeout=self._seconds)
        if not done:
            raise Late(f"no answer within {self._seconds:g} s")
        return pending.result()

    def _start(self) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            self._pending = None
            if error is None:
                future.set_result(result)  # type: ignore[arg-type]  # T, since there was no error
            else:
                future.set_exception(error)
                future.exception()  # read once: nobody may be waiting any more

        def run() -> None:
            result, error = None, None
            try:
                result = self._call()
            except Exception as caught:
                error = caught
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, error)

        threading.Thread(target=run, name="web-blocking", daemon=True).start()
        return future
