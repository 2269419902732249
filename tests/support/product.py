"""The product as its commands, each a process with a configuration and a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.processes import Marked, eventually, marked

ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in held]
    for each in held:
        each.close()
    return ports


def source(name: str, url: str, *more: str) -> str:
    """A stanza; `more` holds further lines of it."""
    lines = [
        "[[sources]]",
        f'id = "{name}"',
        f'name = "{name}"',
        f'url = "{url}"',
        'region = "510000"',
        *more,
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Product:
    """One deployment: `folder` holds config.toml, var/, public/ and what the commands said on stderr."""

    folder: Path
    marks: Marked
    web: int
    sample: int
    runtime: str  # where sockets are, on a path that is short enough for them
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def configure(
        self, *stanzas: str, sample: bool = False, allow: Sequence[str] = (), timeout: float = 20.0
    ) -> None:
        allowed = ", ".join(f'"{address}"' for address in allow)
        (self.folder / "config.toml").write_text(
            f'[service]\nbase_url = "http://127.0.0.1:{self.web}"\ntag_authority = "dibao.test,2026"\n'
            f'[web]\nlisten = "127.0.0.1:{self.web}"\n'
            f"[sample]\nenabled = {str(sample).lower()}\nport = {self.sample}\n"
            f"[fetch]\nper_host_interval = 0\ntimeout = {timeout}\nallow_addresses = [{allowed}]\n"
            + "".join(stanzas),
            "utf-8",
        )

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that reads this configuration, and the code of this repository."""
        return {
            **os.environ,
            **self.marks.env,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": self.runtime,
            "DIBAO_CONFIG": str(self.folder / "config.toml"),
            "DIBAO_LOG_FORMAT": "json",
        }

    def python(self, *arguments: str) -> subprocess.Popen[str]:
        """A Python process in this environment; its stderr goes to the log."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.started.append(process)
        return process

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`dibao` with these arguments."""
        return self.python("-m", "worker.cli", *arguments)

    def do(self, *arguments: str) -> tuple[int, str]:
        """`dibao`, to its end: exit status and standard output."""
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=90)
        return process.returncode, out

    def ask(self, *arguments: str) -> Any:
        """The JSON that a command prints, which ends well."""
        status, out = self.do(*arguments, "--json")
        assert status == 0, self.log()
        return json.loads(out)

    def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.ask("items")["items"]
        return items

    def state(self, source: str) -> dict[str, Any]:
        """A source as `dibao status` tells it."""
        return next(state for state in self.ask("status")["sources"] if state["id"] == source)

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [line for line in self.log().splitlines() if line.startswith("{") and line.endswith("}")]
        return [event for event in map(json.loads, lines) if event["event"] == name]

    @property
    def feeds(self) -> Path:
        return self.folder / "public" / "feeds"

    def published(self) -> bool:
        """Whether there is news: other feeds stand before any."""
        return (self.feeds / "region").is_dir()

    def stamps(self) -> dict[str, tuple[int, int]]:
        """What tells that a published file was written: its inode and time."""
        public = self.folder / "public"
        return {
            str(path.relative_to(public)): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in public.rglob("*")
            if path.is_file()
        }

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[str]]:
        """`dibao up`, once its worker is ready; stopped by SIGTERM."""
        process = self.start("up")
        try:
            assert eventually(lambda: " ready." in self.log(), 60), self.log()
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, self.log()
        finally:
            process.kill()
            process.communicate()

    def kill_worker(self) -> None:
        """kill -9 of the worker that `up` runs, with all processes of its pool."""
        started = [event for event in self.events("child.started") if event["name"] == "worker"]
        os.killpg(started[-1]["child_pid"], signal.SIGKILL)


@contextmanager
def product(folder: Path) -> Iterator[Product]:
    """A deployment without a configuration yet; whatever is left of its processes afterwards is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dibao-") as runtime, marked(str(folder)) as marks:
        web, sample = free_ports(2)
        made = Product(folder, marks, web, sample, runtime)
        try:
            yield made
        finally:
            for process in made.started:
                process.kill()
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()
