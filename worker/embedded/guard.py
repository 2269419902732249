"""A command's children -> killed once the command itself is gone, however it went.

Run as a script of its own, `guard.py PARENT_PID [GROUP …]`, given the process groups that live already and
told on standard input which come and go: `+PID` and `-PID`, one a line. Groups, because the pool processes of
a Celery worker have to go with it; a process beside the command, because nothing inside it runs after
kill -9, and since PR_SET_PDEATHSIG is Linux's alone and does not reach grandchildren. Standard library only:
it starts in about 10 ms under `python -I -S`.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

INTERVAL = 0.2  # seconds between looks at the parent
LINGER = 2.0  # seconds in which a child that was just being started can still sign in, and is killed too


def main(parent: int, groups: set[int]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    rest = b""
    end: float | None = None
    while end is None or time.monotonic() < end:
        if select.select([0], [], [], INTERVAL)[0]:
            data = os.read(0, 4096)
            if not data:  # nobody is left who could start a child
                kill(groups)
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                (groups.add if line[:1] == b"+" else groups.discard)(int(line[1:]))
        if os.getppid() != parent:
            end = end or time.monotonic() + LINGER
            kill(groups)


def kill(groups: set[int]) -> None:
    while groups:
        try:
            os.killpg(groups.pop(), signal.SIGKILL)
        except OSError:
            continue  # gone already


if __name__ == "__main__":
    main(int(sys.argv[1]), set(map(int, sys.argv[2:])))
