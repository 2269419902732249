"""worker/embedded: children that are kept running, stopped in order, and never left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bulletins.errors import EnvironmentFault
from tests.support.processes import Marked, eventually, marked, supervising
from worker import log
from worker.embedded.processes import Child, Guard

# A child that says when it is there and when it is asked to stop, with a child of its own, as a pool has.
NURSE = """
import os, signal, subprocess, sys, time
name, diary, stubborn = sys.argv[1:]
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", name + "-below"])
def note(word):
    with open(diary, "a") as file:
        file.write(f"{word} {name} {os.getpid()}\\n")
def stop(number, frame):
    note("stop")
    if stubborn == "no":
        below.kill()
        sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("start")
while True:
    time.sleep(600)
"""
# A command with children, told on its command line where they write and how many there are.
COMMAND = """
import sys, time
from tests.worker.test_embedded import nurse
from worker.embedded.supervisor import Supervisor
from worker import log
from pathlib import Path
log.setup("cli", "json")
supervisor = Supervisor()
supervisor.start([nurse(name, Path(sys.argv[1])) for name in sys.argv[2:]])
print("up", flush=True)
while True:
    supervisor.watch()
    time.sleep(0.05)
"""


def nurse(name: str, diary: Path, *, stubborn: bool = False, grace: float = 10.0) -> Child:
    def ready() -> bool:
        return any(word == "start" and who == name for word, who, _ in entries(diary))

    return Child(
        name,
        (sys.executable, "-c", NURSE, name, str(diary), "yes" if stubborn else "no"),
        ready=ready,
        grace=grace,
    )


def entries(diary: Path) -> list[tuple[str, str, int]]:
    """What the children wrote: (start or stop, name, process id)."""
    lines = diary.read_text().splitlines() if diary.exists() else []
    return [(word, name, int(pid)) for word, name, pid in (line.split() for line in lines)]


def pids(diary: Path, name: str) -> list[int]:
    return [pid for word, who, pid in entries(diary) if word == "start" and who == name]


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    return tmp_path / "diary"


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Marked]:
    with marked(str(tmp_path)) as found:
        for name, value in found.env.items():
            monkeypatch.setenv(name, value)
        yield found


def events(capfd: pytest.CaptureFixture[str], name: str) -> list[dict[str, Any]]:
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    return [event for event in map(json.loads, lines) if event["event"] == name]


@contextmanager
def command(marks: Marked, diary: Path, *names: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(diary), *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **marks.env},
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "up\n", process.stderr and process.stderr.read()
            yield process
        finally:
            process.kill()


def test_children_start_in_order_and_stop_in_the_opposite_one(marks: Marked, diary: Path) -> None:
    names = ["valkey", "worker", "beat", "web"]
    with supervising() as supervisor:
        for name in names:
            supervisor.start([nurse(name, diary)])
    assert [(word, name) for word, name, _ in entries(diary)] == [
        *(("start", name) for name in names),
        *(("stop", name) for name in reversed(names)),
    ]
    assert marks.gone()


def test_a_child_that_is_killed_is_started_again_and_its_pool_goes_with_it(
    marks: Marked, diary: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log.setup("cli", "json")
    with supervising() as supervisor:
        supervisor.start([nurse("worker", diary), nurse("web", diary)])
        (first,) = pids(diary, "worker")
        (pool,) = marks.living("worker-below")
        os.kill(first, signal.SIGKILL)

        def again() -> bool:
            supervisor.watch()
            return len(pids(diary, "worker")) == 2

        assert eventually(again)
        assert eventually(lambda: pool.pid not in [process.pid for process in marks.living()])
        assert len(pids(diary, "web")) == 1
    assert marks.gone()
    (died,) = events(capfd, "child.died")
    assert died["level"] == "warning"
    assert (died["name"], died["child_pid"], died["exit_code"]) == ("worker", first, -signal.SIGKILL)
    assert died["restart_in"] == 0.5


def test_a_child_that_does_not_stop_is_killed_after_its_grace(marks: Marked, diary: Path) -> None:
    with supervising() as supervisor:
        supervisor.start([nurse("valkey", diary), nurse("worker", diary, stubborn=True, grace=1.0)])
    assert [name for word, name, _ in entries(diary) if word == "stop"] == ["worker", "valkey"]
    assert marks.gone()


def test_kill_9_of_the_command_leaves_no_process(marks: Marked, diary: Path) -> None:
    with command(marks, diary, "valkey", "worker") as process:
        assert all(marks.living(f"{name}-below") for name in ("valkey", "worker"))
        process.kill()
        assert marks.gone()


def test_kill_9_while_children_are_being_started_leaves_no_process(marks: Marked, diary: Path) -> None:
    names = [f"child{n}" for n in range(40)]
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(diary), *names],
        env={**os.environ, **marks.env},
        stderr=subprocess.DEVNULL,
    ) as process:
        started = eventually(diary.exists)
        process.kill()
    assert started
    assert marks.gone()


def test_a_guard_that_is_killed_is_replaced_and_the_new_one_knows_all_children(
    marks: Marked, diary: Path
) -> None:
    with command(marks, diary, "valkey", "worker") as process:
        (old,) = marks.living("guard.py")
        old.kill()
        assert eventually(lambda: any(guard.pid != old.pid for guard in marks.living("guard.py")))
        assert len(pids(diary, "worker")) == 1
        process.kill()
        assert marks.gone()


def test_a_child_that_keeps_dying_while_starting_is_a_fault(
    marks: Marked, capfd: pytest.CaptureFixture[str]
) -> None:
    log.setup("cli", "json")
    child = Child("web", (sys.executable, "-c", "raise SystemExit(3)"), ready=lambda: False)
    with (
        supervising() as supervisor,
        pytest.raises(EnvironmentFault, match="web: it stopped 3 times while starting"),
    ):
        supervisor.start([child])
    assert [event["restart_in"] for event in events(capfd, "child.died")] == [0.5, 1.0, 2.0]
    assert marks.gone()


def test_a_guard_that_is_closed_kills_whoever_still_runs(marks: Marked, diary: Path) -> None:
    guard = Guard()
    child = nurse("worker", diary)
    process = guard.spawn(child)
    started = eventually(child.ready)
    guard.close()
    assert process.wait(20) == -signal.SIGKILL
    assert started
    assert marks.gone()
