"""`dibao up` and `dibao run` as processes: the whole product started, hurt and stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import Marked, eventually, marked

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Product:
    """A configuration with the sample newspaper, on ports of its own."""

    folder: Path
    marks: Marked
    web: int
    sample: int
    runtime: str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        log = (self.folder / "log").open("a")
        with log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "worker.cli",
                    *arguments,
                    "--config",
                    str(self.folder / "config.toml"),
                ],
                env={
                    **os.environ,
                    **self.marks.env,
                    "PYTHONPATH": str(ROOT),
                    "TMPDIR": self.runtime,
                    "DIBAO_LOG_FORMAT": "json",
                },
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def do(self, *arguments: str) -> tuple[int, str]:
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=90)
        return process.returncode, out

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [line for line in self.log().splitlines() if line.startswith("{") and line.endswith("}")]
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def published(self) -> bool:
        return (self.folder / "public/feeds/all.atom").exists()

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[str]]:
        """`dibao up`, once it has published."""
        process = self.start("up")
        try:
            assert eventually(self.published, 60), self.log()
            yield process
        finally:
            process.kill()
            process.communicate()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        web, sample = one.getsockname()[1], other.getsockname()[1]
    folder = tmp_path / "邸 报"
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'[service]\nbase_url = "http://127.0.0.1:{web}"\n[web]\nlisten = "127.0.0.1:{web}"\n'
        f"[sample]\nenabled = true\nport = {sample}\n"
    )
    # The socket of the broker goes into a short folder of its own, which does not stay behind.
    with tempfile.TemporaryDirectory(prefix="dibao-up-") as runtime, marked(str(tmp_path)) as marks:
        yield Product(folder, marks, web, sample, runtime)


def test_up_survives_its_worker_and_stops_in_order(product: Product) -> None:
    with product.up() as up:
        (first,) = [event for event in product.events("child.started") if event["name"] == "worker"]
        pool = [process for process in product.marks.living("celery") if process.ppid() == first["child_pid"]]
        assert len(pool) == 2
        os.kill(first["child_pid"], signal.SIGKILL)
        assert eventually(lambda: product.log().count(" ready.") == 2, 60), product.log()
        left = {process.pid for process in product.marks.living()}
        assert not left & {first["child_pid"], *(process.pid for process in pool)}

        status, out = product.do("run", "--source", "sample")  # by the worker that is there
        assert status == 0, product.log()
        assert "sample" in out
        assert not [event for event in product.events("child.started") if event["pid"] != up.pid]

        status, _ = product.do("up")
        assert status == 1
        assert f"already running (pid {up.pid})" in product.log()

        up.send_signal(signal.SIGINT)
        up.send_signal(signal.SIGTERM)
        assert up.wait(20) == 0
        stopped = [event["name"] for event in product.events("child.stopped")]
        assert stopped == ["web", "beat", "worker", "sample", "valkey"]
        assert product.marks.gone()
        assert not product.events("child.killed")


def test_kill_9_of_up_leaves_no_process_and_no_hindrance(product: Product) -> None:
    with product.up() as up:
        assert len(product.marks.living()) >= 9  # the command, its guard, five children, two of a pool
        up.kill()
        assert product.marks.gone()
    (product.folder / "public/feeds/all.atom").unlink()
    with product.up() as up:
        up.terminate()
        assert up.wait(20) == 0
    assert product.marks.gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_can_be_stopped_while_it_starts(product: Product, number: signal.Signals) -> None:
    up = product.start("up")
    assert eventually(lambda: (product.folder / "log").exists() and bool(product.events("child.started")), 60)
    up.send_signal(number)
    out, _ = up.communicate(timeout=30)
    assert (up.returncode, out) == (0, ""), product.log()
    assert product.marks.gone()


def test_run_brings_its_own_services_and_takes_them_away(product: Product) -> None:
    status, out = product.do("run", "--json")
    assert status == 0, product.log()
    (poll,) = json.loads(out)["polls"]
    assert (poll["source"], poll["status"]) == ("sample", "ok")
    assert product.published()
    assert [event["name"] for event in product.events("child.started")] == ["valkey", "sample", "worker"]
    assert [event["name"] for event in product.events("child.stopped")] == ["worker", "sample", "valkey"]
    assert product.marks.gone()


def test_run_survives_its_worker(product: Product) -> None:
    run = product.start("run", "--json")
    assert eventually(lambda: product.log().count(" ready.") == 1, 60), product.log()
    (worker,) = [event for event in product.events("child.started") if event["name"] == "worker"]
    os.kill(worker["child_pid"], signal.SIGKILL)
    out, _ = run.communicate(timeout=90)
    assert run.returncode == 0, product.log()
    (poll,) = json.loads(out)["polls"]
    assert poll["status"] == "ok"
    assert product.marks.gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_that_is_interrupted_leaves_no_process(product: Product, number: signal.Signals) -> None:
    run = product.start("run")
    assert eventually(lambda: (product.folder / "log").exists() and " ready." in product.log(), 60)
    run.send_signal(number)
    run.communicate(timeout=30)
    assert run.returncode != 0
    assert product.marks.gone()


def test_a_port_in_use_is_one_line_and_nothing_is_started(product: Product) -> None:
    with socket.create_server(("127.0.0.1", product.sample)):
        status, out = product.do("up")
    assert (status, out) == (1, "")
    assert product.log() == (
        f"dibao: 127.0.0.1:{product.sample}: port {product.sample} is taken by another program. "
        "Stop that program, or set another port in [sample] of config.toml (or DIBAO_SAMPLE__PORT)\n"
    )
    assert product.marks.gone()
