"""This machine -> fit to run on, or a fault that says what to mend: ports, folders, the lock of `up`."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bulletins.errors import EnvironmentFault

_TRIES = 10  # of taking the lock: `running` holds it for an instant
_PAUSE = 0.05
_SOCKET_PATH = 103  # bytes of a unix socket's path, as macOS allows it; Linux allows four more


def address(listen: str) -> tuple[str, int]:
    """`host:port` or `[IPv6]:port` -> its two parts."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def require_port(listen: str, table: str, key: str) -> None:
    """Raise EnvironmentFault where nothing can listen; `table` and `key` of config.toml hold the address."""
    host, port = address(listen)
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        what = (
            f"port {port} is taken by another program" if taken else f"cannot listen there: {error.strerror}"
        )
        variable = f"DIBAO_{table.upper()}__{key.upper()}"
        action = f"Stop that program, or set another {key} in [{table}] of config.toml" if taken else ""
        action = action or f"Set another {key} in [{table}] of config.toml"
        raise EnvironmentFault(what, listen, f"{action} (or {variable})") from None


def require_folder(path: Path, key: str) -> None:
    """Make a folder. Raises EnvironmentFault where nothing can be written; `key` in [service] holds it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise EnvironmentFault(
            f"cannot be written to: {error.strerror}",
            str(path),
            f"Give this user the folder, or set another {key} in [service] of config.toml",
        ) from None


def require_private_folder(path: Path) -> None:
    """Make a folder that only this user can enter, for a socket. Raises EnvironmentFault where somebody
    else's stands in its place."""
    if len(bytes(path)) + len("/valkey.sock") > _SOCKET_PATH:
        raise EnvironmentFault(
            "too long a path for a socket", str(path), "Set TMPDIR to a shorter one, such as /tmp"
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise EnvironmentFault(
            f"cannot be made: {error.strerror}", str(path), "Set TMPDIR to a folder of this user"
        ) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise EnvironmentFault(
            f"belongs to another user ({found.st_uid}) or is no folder",
            str(path),
            "Remove it, or set TMPDIR to a folder of this user",
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file, with this process's id in it; the kernel lets go of it however the process ends.

    Raises EnvironmentFault while another process holds it.
    """
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        for attempt in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == _TRIES - 1:
                    raise EnvironmentFault(
                        f"already running (pid {_pid(lock)})",
                        str(lock.parent),
                        "Stop that one first, or set another data_dir in [service] of config.toml",
                    ) from None
                time.sleep(_PAUSE)
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)


def holder(lock: Path) -> int | None:
    """The process id of who holds a lock file, or None; what a killed process left in it does not count."""
    try:
        file = os.open(lock, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(lock)
    else:
        return None
    finally:
        os.close(file)


def _pid(lock: Path) -> int:
    with suppress(ValueError, OSError):
        return int(lock.read_text("ascii"))
    return 0  # it has the lock and has not signed yet
