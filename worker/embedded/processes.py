"""A child's description -> a process in a group of its own, which never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_GUARD = str(Path(__file__).with_name("guard.py"))
# The child tells the guard its own process id before it becomes what it is: were the parent to tell, a kill
# -9 between the two would leave an orphan. Its standard input is the guard's until then, then empty.
_SIGN_IN = 'echo "+$$" >&0 && exec "$@" </dev/null'


@dataclass(frozen=True, slots=True)
class Child:
    """One process to run. `ready` says whether it does its work yet; `grace` is the number of seconds between
    asking it to stop and killing it; `stuck` says whether one that was started at a moment (of the monotonic
    clock) lives and works no more."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)  # beside this process's own
    cwd: Path | None = None
    ready: Callable[[], bool] = lambda: True
    grace: float = 1.0
    stuck: Callable[[float], bool] = lambda _: False


class Guard:
    """The process that kills this one's children when this one is gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self, child: Child) -> subprocess.Popen[bytes]:
        """Start a child, in a session of its own, so that Ctrl-C on a terminal reaches only its parent.

        Standard output is the command's own, and what children have to say they log: theirs goes nowhere.
        (Celery's worker remarks there on every signal, in the middle of the JSON lines.)
        """
        return subprocess.Popen(
            ("/bin/sh", "-c", _SIGN_IN, "sh", *child.argv),
            stdin=self._living().stdin,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **child.env},
            cwd=child.cwd,
            start_new_session=True,
        )

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """A child has ended: what it left behind in its group, such as a Celery worker's pool, ends too."""
        kill_group(process.pid)
        with suppress(BrokenPipeError):
            self._tell(f"-{process.pid}\n")

    def renew(self, living: Iterable[subprocess.Popen[bytes]]) -> None:
        """Put a new guard in the place of one that was killed."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
            self._living(living)

    def close(self) -> None:
        """End the guard; children that still run are killed by it."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.wait()
            self._process = None

    def _living(self, groups: Iterable[subprocess.Popen[bytes]] = ()) -> subprocess.Popen[bytes]:
        """The guard; one that is started now is born knowing these groups, or a kill -9 before it is told of
        them would leave them."""
        if self._process is None:
            known = [str(process.pid) for process in groups]
            self._process = subprocess.Popen(
                (sys.executable, "-I", "-S", _GUARD, str(os.getpid()), *known),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                bufsize=0,
            )
        return self._process

    def _tell(self, words: str) -> None:
        stdin = self._living().stdin
        if stdin is not None:
            stdin.write(words.encode())


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, when only zombies are left
        os.killpg(group, signal.SIGKILL)
