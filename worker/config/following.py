"""The configuration file while a process runs -> the settings in force: the file's, once it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bulletins.errors import ConfigError
from worker.config.loading import load
from worker.config.settings import Settings

# What processes, sockets, databases and kept ids are made by when they start; a change of it waits for that.
_FIXED = ("service", "web", "sample")


@dataclass(frozen=True, slots=True)
class News:
    """What a look at a changed file brought. `fault`: why it is not taken up, and what was in force stays;
    `waiting`: its tables that count from the next start on."""

    settings: Settings
    fault: ConfigError | None = None
    waiting: tuple[str, ...] = ()


class Following:
    """Looks at the file whenever it is asked, by its time and size: it costs a system call."""

    def __init__(self, path: Path, settings: Settings, check: Callable[[Settings], None]) -> None:
        """`settings` are those that this process began with; `check` raises ConfigError for others that it
        could not work by."""
        self.settings = settings
        self._path = path
        self._check = check
        self._seen = self._stamp()

    def look(self) -> News | None:
        """What is new in the file; None where it is as it was at the last look."""
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        self._seen = stamp
        try:
            read = load(self._path)
            self._check(read)
        except ConfigError as fault:
            return News(self.settings, fault)
        waiting = tuple(name for name in _FIXED if getattr(read, name) != getattr(self.settings, name))
        self.settings = read.model_copy(update={name: getattr(self.settings, name) for name in _FIXED})
        return News(self.settings, None, waiting)

    def _stamp(self) -> tuple[int, int, int] | None:
        """A file that is replaced by another has another number, even within the clock's grain."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
