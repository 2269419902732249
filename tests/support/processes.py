"""Processes that a test starts, and proof that none of them is left."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil  # type: ignore[import-untyped]  # ships no types; a few calls do not make up for stubs

from worker.embedded.supervisor import Supervisor

MARK = "DIBAO_TEST_MARK"


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether a condition comes true in time; looked at often, so that a test takes no longer than needed."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Marked:
    """All processes with a mark in their environment: whatever descends from the one that was started so."""

    def __init__(self, mark: str) -> None:
        self.env = {MARK: mark}
        self._mark = mark

    def living(self, word: str = "") -> list[psutil.Process]:
        """Those whose command line has `word` in it. A zombie lives no longer."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.pid != os.getpid() and process.environ().get(MARK) == self._mark:
                    line = " ".join(process.cmdline())
                    if process.status() != psutil.STATUS_ZOMBIE and word in line:
                        found.append(process)
        return found

    def kill(self) -> bool:
        """Kill all of them. Returns whether there were any: one may just have been starting another."""
        found = self.living()
        for process in found:
            with suppress(psutil.Error):
                process.kill()
        return bool(found)

    def gone(self, seconds: float = 20.0) -> bool:
        return eventually(lambda: not self.living(), seconds)


@contextmanager
def marked(mark: str) -> Iterator[Marked]:
    """A mark for the environment of what a test starts; whatever is left afterwards is killed."""
    found = Marked(mark)
    try:
        yield found
    finally:
        eventually(lambda: not found.kill())


@contextmanager
def supervising() -> Iterator[Supervisor]:
    """A supervisor that is stopped, and its children waited for, however the test ends."""
    supervisor = Supervisor()
    try:
        yield supervisor
    finally:
        supervisor.stop()
