"""Children -> kept running: started in order, restarted when they die, stopped in the opposite order."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bulletins.errors import EnvironmentFault
from worker.embedded.processes import Child, Guard
from worker.log import logger

POLL = 0.05  # seconds between looks while waiting
FIRST_DELAY, LAST_DELAY = 0.5, 30.0  # seconds before a restart
STEADY = 60.0  # seconds of life after which a child's next death counts as its first
HOPELESS = 3  # deaths of a child that has never been ready
PATIENCE = 60.0  # seconds for a child to become ready


@dataclass(slots=True)
class _Post:
    """A child's place: filled by a process, or empty until its restart is due."""

    child: Child
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    deaths: int = 0
    due: float = 0.0


class Supervisor:
    """Starts, watches and stops children. One thread at a time may call it."""

    def __init__(self) -> None:
        self._guard = Guard()
        self._posts: list[_Post] = []
        self._log = logger()

    def start(self, children: Sequence[Child], stopping: Callable[[], bool] = lambda: False) -> None:
        """Start children in the order given and wait until all of them are ready, or `stopping()`.

        Raises EnvironmentFault when one keeps dying, or is not ready in time.
        """
        posts = [_Post(child) for child in children]
        for post in posts:
            self._posts.append(post)
            self._fill(post)
        end = time.monotonic() + PATIENCE
        for post in posts:
            while not stopping() and not post.child.ready():
                self.watch()
                if post.deaths >= HOPELESS:
                    raise EnvironmentFault(
                        f"it stopped {post.deaths} times while starting",
                        post.child.name,
                        "Its messages stand above",
                    )
                if time.monotonic() > end:
                    raise EnvironmentFault(f"not ready after {PATIENCE:.0f} s", post.child.name)
                time.sleep(POLL)

    def watch(self) -> None:
        """Look after every child once: note who has died or is stuck, restart who is due."""
        self._guard.renew(post.process for post in self._posts if post.process is not None)
        now = time.monotonic()
        for post in self._posts:
            if post.process is None:
                if now >= post.due:
                    self._fill(post)
            elif post.process.poll() is None and post.child.stuck(post.since):
                self._log.error(
                    "child.stuck",
                    name=post.child.name,
                    child_pid=post.process.pid,
                    reason="it lives, and has done nothing of what waits for it",
                    action="It is restarted; if that happens again, look at its last lines in this log",
                )
                post.process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    post.process.wait(post.child.grace)
                self._bury(post, post.process, now)
            elif post.process.poll() is not None:
                self._bury(post, post.process, now)

    def stop(self) -> None:
        """Stop every child, the last started first: asked, then, after its grace, killed."""
        for post in reversed(self._posts):
            if post.process is not None:
                self._end(post.child, post.process)
        self._posts.clear()
        self._guard.close()

    def _fill(self, post: _Post) -> None:
        post.process = self._guard.spawn(post.child)
        post.since = time.monotonic()
        self._log.info("child.started", name=post.child.name, child_pid=post.process.pid)

    def _bury(self, post: _Post, process: subprocess.Popen[bytes], now: float) -> None:
        self._guard.forget(process)
        process.wait()
        post.process = None
        post.deaths = 1 if now - post.since >= STEADY else post.deaths + 1
        delay = min(FIRST_DELAY * 2.0 ** (post.deaths - 1), LAST_DELAY)
        post.due = now + delay
        self._log.warning(
            "child.died",
            name=post.child.name,
            child_pid=process.pid,
            exit_code=process.returncode,
            restart_in=delay,
        )

    def _end(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(child.grace)
        late = process.returncode is None
        self._guard.forget(process)
        process.wait()
        if late:
            self._log.warning("child.killed", name=child.name, child_pid=process.pid, grace=child.grace)
        else:
            self._log.info(
                "child.stopped", name=child.name, child_pid=process.pid, exit_code=process.returncode
            )
