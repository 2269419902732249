"""worker/embedded: children that are kept running, stopped in order, and never left behind."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from bulletins.errors import EnvironmentFault
from tests.support.processes import Marked, eventually, marked
from worker import embedded, log
from worker.config import Service, Settings, Web
from worker.embedded import children, machine
from worker.embedded.processes import Child, Guard
from worker.embedded.supervisor import Supervisor

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


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """The embedded default, in a folder whose name has spaces and Chinese characters."""
    root = tmp_path / "数据 folder"
    made = Settings(
        service=Service(data_dir=root / "var", public_dir=root / "public"),
        web=Web(listen=f"127.0.0.1:{free()}"),
    )
    yield made
    runtime = made.embedded_socket.parent
    if runtime.is_dir() and not runtime.is_symlink():
        made.embedded_socket.unlink(missing_ok=True)
        runtime.rmdir()


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_children_start_in_order_and_stop_in_the_opposite_one(marks: Marked, diary: Path) -> None:
    supervisor = Supervisor()
    names = ["valkey", "worker", "beat", "web"]
    for name in names:
        supervisor.start([nurse(name, diary)])
    supervisor.stop()
    assert [(word, name) for word, name, _ in entries(diary)] == [
        *(("start", name) for name in names),
        *(("stop", name) for name in reversed(names)),
    ]
    assert marks.gone()


def test_a_child_that_is_killed_is_started_again_and_its_pool_goes_with_it(
    marks: Marked, diary: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log.setup("cli", "json")
    supervisor = Supervisor()
    supervisor.start([nurse("worker", diary), nurse("web", diary)])
    (first,) = pids(diary, "worker")
    (pool,) = marks.living("worker-below")
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        supervisor.watch()
        return len(pids(diary, "worker")) == 2

    assert eventually(again)
    assert pool.pid not in [process.pid for process in marks.living()]
    assert len(pids(diary, "web")) == 1
    supervisor.stop()
    assert marks.gone()
    events = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    (died,) = [event for event in events if event["event"] == "child.died"]
    assert died["level"] == "warning"
    assert (died["name"], died["child_pid"], died["exit_code"]) == ("worker", first, -signal.SIGKILL)
    assert died["restart_in"] == 0.5
    assert [event["name"] for event in events if event["event"] == "child.started"] == [
        "worker",
        "web",
        "worker",
    ]


def test_a_child_that_does_not_stop_is_killed_after_its_grace(marks: Marked, diary: Path) -> None:
    supervisor = Supervisor()
    supervisor.start([nurse("valkey", diary), nurse("worker", diary, stubborn=True, grace=0.2)])
    supervisor.stop()
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
        assert eventually(diary.exists)
        process.kill()
    assert marks.gone()


def test_a_guard_that_is_killed_is_replaced_and_the_new_one_knows_all_children(
    marks: Marked, diary: Path
) -> None:
    with command(marks, diary, "valkey", "worker") as process:
        (old,) = marks.living("guard.py")
        old.kill()
        assert eventually(lambda: [guard.pid for guard in marks.living("guard.py")] not in ([], [old.pid]))
        assert len(pids(diary, "worker")) == 1
        process.kill()
        assert marks.gone()


def test_a_child_that_keeps_dying_while_starting_is_a_fault(marks: Marked) -> None:
    supervisor = Supervisor()
    child = Child("web", (sys.executable, "-c", "raise SystemExit(3)"), ready=lambda: False)
    with pytest.raises(EnvironmentFault, match="web: it stopped 3 times while starting"):
        supervisor.start([child])
    supervisor.stop()
    assert marks.gone()


def test_valkey_keeps_what_it_was_told_and_a_stale_socket_does_not_hinder_it(
    settings: Settings, marks: Marked
) -> None:
    client = redis.Redis.from_url(settings.redis_url)
    supervisor = Supervisor()
    supervisor.start([children.valkey(settings)])
    client.set("县", "芦山县")
    (server,) = marks.living("valkey-server")
    server.kill()  # leaves its socket file behind
    assert eventually(lambda: not server.is_running() or server.status() == "zombie")

    def back() -> bool:
        supervisor.watch()
        return children.broker_answers(settings)

    assert eventually(back)
    assert client.get("县") == "芦山县".encode()
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert settings.embedded_socket.parent.stat().st_mode & 0o777 == 0o700
    client.close()
    supervisor.stop()
    assert not children.broker_answers(settings)
    assert marks.gone()


def test_of_two_commands_on_one_data_dir_the_second_valkey_waits_for_the_first(
    settings: Settings, marks: Marked
) -> None:
    first, second = Supervisor(), Supervisor()
    first.start([children.valkey(settings)])
    client = redis.Redis.from_url(settings.redis_url)
    client.set("edition", "3498")
    second.start([children.valkey(settings)])
    assert len(marks.living("valkey.log")) == 2
    assert len(marks.living("standby.py")) == 1
    first.stop()
    assert eventually(lambda: children.broker_answers(settings))
    assert client.get("edition") == b"3498"
    client.close()
    second.stop()
    assert marks.gone()


BY_HAND = """
import sys, pickle
from worker import embedded
embedded.ensure_broker(pickle.loads(bytes.fromhex(sys.argv[1])))
print("there", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["exit", "kill -9"])
def test_a_broker_started_for_a_worker_by_hand_ends_with_it(
    settings: Settings, marks: Marked, end: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BY_HAND, pickle.dumps(settings).hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **marks.env},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        assert children.broker_answers(settings)
        embedded.ensure_broker(settings)  # one answers: nothing is started
        assert len(marks.living("valkey-server")) == 1
        if end == "exit":
            process.stdin.close()
        else:
            process.kill()
    assert marks.gone()
    assert not children.broker_answers(settings)


def test_a_port_that_is_taken_is_named_with_its_key(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        busy = settings.model_copy(update={"web": Web(listen=listen)})
        with pytest.raises(EnvironmentFault) as fault:
            embedded.up(busy, announce=lambda: None)
    port = listen.rpartition(":")[2]
    assert str(fault.value) == (
        f"{listen}: port {port} is taken by another program. Stop that program, or set another listen "
        "in [web] of config.toml (or DIBAO_WEB__LISTEN)"
    )
    assert embedded.running(settings) is None


@pytest.mark.parametrize("key", ["data_dir", "public_dir"])
def test_a_folder_that_cannot_be_written_is_named_with_its_key(settings: Settings, key: str) -> None:
    folder: Path = getattr(settings.service, key)
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file in its place")
    with pytest.raises(
        EnvironmentFault, match=rf"cannot be written to: .*another {key} in \[service\]"
    ) as fault:
        embedded.up(settings, announce=lambda: None)
    assert fault.value.where == str(folder)


def test_a_second_up_is_told_who_holds_the_data_dir(settings: Settings) -> None:
    settings.service.data_dir.mkdir(parents=True)
    lock = settings.service.data_dir / "up.lock"
    hold = (
        "import sys, pathlib; from worker.embedded.machine import only_one\n"
        "with only_one(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert embedded.running(settings) == process.pid
        with pytest.raises(EnvironmentFault, match=rf"already running \(pid {process.pid}\)"):
            embedded.up(settings, announce=lambda: None)
        process.kill()
    assert lock.read_text() == f"{process.pid}\n"  # left behind, and no hindrance
    assert embedded.running(settings) is None
    with machine.only_one(lock):
        assert lock.read_text() == f"{os.getpid()}\n"


def test_a_runtime_folder_of_somebody_else_is_refused(settings: Settings, tmp_path: Path) -> None:
    runtime = settings.embedded_socket.parent
    runtime.symlink_to(tmp_path)
    try:
        with pytest.raises(EnvironmentFault, match=r"belongs to another user .* or is no folder.*TMPDIR"):
            children.valkey(settings)
    finally:
        runtime.unlink()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_runtime_folder_that_another_user_made_is_refused(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 65534, 65534)
        with pytest.raises(EnvironmentFault, match=r"belongs to another user \(65534\)"):
            machine.require_private_folder(Path(folder))


def test_a_runtime_folder_open_to_others_is_closed(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        machine.require_private_folder(Path(folder))
        assert Path(folder).stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_is_a_fault_that_names_tmpdir(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"too long a path for a socket.*TMPDIR"):
        machine.require_private_folder(tmp_path / ("深" * 40))


def test_a_guard_that_is_closed_kills_whoever_still_runs(marks: Marked, diary: Path) -> None:
    guard = Guard()
    child = nurse("worker", diary)
    process = guard.spawn(child)
    assert eventually(child.ready)
    guard.close()
    assert process.wait(20) == -signal.SIGKILL
    assert marks.gone()


def test_a_broker_that_does_not_answer_is_named_without_its_password(settings: Settings) -> None:
    port = free()
    remote = settings.model_copy(
        update={
            "service": settings.service.model_copy(
                update={"broker_url": f"redis://u:secret@127.0.0.1:{port}/0"}
            )
        }
    )
    with pytest.raises(EnvironmentFault) as fault, embedded.services(remote):
        raise AssertionError("there is no broker")
    assert fault.value.where == f"redis://…@127.0.0.1:{port}/0"
    assert "secret" not in str(fault.value)
