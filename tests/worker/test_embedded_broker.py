"""worker/embedded: the broker of the embedded default, and what the machine gives: ports, folders, a lock."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from bulletins.errors import EnvironmentFault
from tests.support.processes import Marked, eventually, marked, supervising
from worker import embedded
from worker.config import Service, Settings, Web
from worker.embedded import children, machine


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Marked]:
    with marked(str(tmp_path)) as found:
        for name, value in found.env.items():
            monkeypatch.setenv(name, value)
        yield found


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


def test_valkey_keeps_what_it_was_told_and_a_stale_socket_does_not_hinder_it(
    settings: Settings, marks: Marked
) -> None:
    with closing(redis.Redis.from_url(settings.redis_url)) as client, supervising() as supervisor:
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
    assert not children.broker_answers(settings)
    assert marks.gone()


def test_of_two_commands_on_one_data_dir_the_second_valkey_waits_for_the_first(
    settings: Settings, marks: Marked
) -> None:
    with (
        closing(redis.Redis.from_url(settings.redis_url)) as client,
        supervising() as second,
        supervising() as first,
    ):
        first.start([children.valkey(settings)])
        client.set("edition", "3498")
        second.start([children.valkey(settings)])  # ready at once: the first one answers
        # Counted until it is right: a process that is just becoming another program has no name.
        assert eventually(
            lambda: [len(marks.living(word)) for word in ("valkey.log", "standby.py")] == [2, 1]
        )
        first.stop()
        assert eventually(lambda: children.broker_answers(settings))
        assert client.get("edition") == b"3498"
        assert not marks.living("standby.py")
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
        assert eventually(lambda: len(marks.living("valkey-server")) == 1)
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


@pytest.mark.slow
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
