"""`dibao up` and `dibao run` as processes: the whole product started, hurt and stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.processes import eventually
from tests.support.product import Product
from tests.support.product import product as deployment

pytestmark = pytest.mark.slow


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A configuration with the sample newspaper."""
    with deployment(tmp_path / "邸 报") as made:
        made.configure(sample=True)
        yield made


@contextmanager
def published(product: Product) -> Iterator[subprocess.Popen[str]]:
    """`dibao up`, once it has published; how it ends is the test's business."""
    process = product.start("up")
    try:
        assert eventually(product.published, 60), product.log()
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(product: Product) -> list[str]:
    """The children in the order in which they ended: asked to, or, on a busy machine, killed."""
    events = product.events("child.stopped") + product.events("child.killed")
    return [event["name"] for event in sorted(events, key=lambda event: event["timestamp"])]


def test_up_survives_its_worker_and_stops_in_order(product: Product) -> None:
    with published(product) as up:
        (first,) = [event for event in product.events("child.started") if event["name"] == "worker"]
        pool = [process for process in product.marks.living("celery") if process.ppid() == first["child_pid"]]
        assert len(pool) == 2
        os.kill(first["child_pid"], signal.SIGKILL)
        assert eventually(lambda: product.log().count(" ready.") == 2, 60), product.log()
        killed = {first["child_pid"], *(process.pid for process in pool)}
        assert eventually(lambda: killed.isdisjoint(process.pid for process in product.marks.living()))

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
        assert ended(product) == ["web", "beat", "worker", "sample", "valkey"]
        assert product.marks.gone()


def test_kill_9_of_up_leaves_no_process_and_no_hindrance(product: Product) -> None:
    with published(product) as up:
        assert len(product.marks.living()) >= 9  # the command, its guard, five children, two of a pool
        up.kill()
        assert product.marks.gone()
    shutil.rmtree(product.feeds / "region")
    with published(product) as up:
        up.terminate()
        assert up.wait(20) == 0
    assert product.marks.gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_can_be_stopped_while_it_starts(product: Product, number: signal.Signals) -> None:
    # Whoever runs the tests under nohup hands an ignored SIGHUP down, and `up` would leave it ignored.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    up = product.start("up")
    signal.signal(signal.SIGHUP, before)
    assert eventually(lambda: bool(product.events("child.started")), 60)
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
    assert ended(product) == ["worker", "sample", "valkey"]
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
    assert eventually(lambda: " ready." in product.log(), 60)
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
