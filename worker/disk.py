"""Bytes onto the disk: whole or not at all, durable when the call returns, faults named."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path

from bulletins.errors import EnvironmentFault

_FAULTS = {
    errno.ENOSPC: ("the disk is full", "Free space there; the next run goes on by itself."),
    errno.EDQUOT: ("the disk quota is used up", "Free space there; the next run goes on by itself."),
    errno.EFBIG: ("the file size limit is reached", "Raise the limit (ulimit -f) of the service."),
    errno.EROFS: ("read-only file system", "Mount it writable, or name another folder in config.toml."),
    errno.EACCES: ("no permission", "Give the service's user write permission there."),
    errno.EPERM: ("no permission", "Give the service's user write permission there."),
    errno.ENOTDIR: ("a file stands where a folder should be", "Move it away."),
    errno.EEXIST: ("a file stands where a folder should be", "Move it away."),
    errno.EISDIR: ("a folder stands where a file should be", "Move it away."),
    errno.ENOENT: ("it is gone", "Look who deletes files there."),
}


def fault(error: OSError, path: Path) -> EnvironmentFault:
    """An OSError at a path, in words for the operator."""
    words = error.strerror or type(error).__name__
    what, action = _FAULTS.get(error.errno or 0, (words, "Look at the disk and the system's log."))
    return EnvironmentFault(what, str(path), action)


def make_folder(folder: Path) -> None:
    """A folder with its parents, readable for a web server beside us, durable. Raises OSError."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():
            raise
        return  # another process was faster
    folder.chmod(0o755)
    sync_folder(folder.parent)


def put(path: Path, body: bytes, temporary: Path, modified: datetime | None = None) -> None:
    """Write a file beside or near its place, make it durable, and rename it into place, mode 0644.

    The caller sees to it that nobody else writes `temporary`, and syncs the folder afterwards. Raises
    OSError; then `path` is as it was and `temporary` is gone.
    """
    try:
        # Not followed, should somebody have put a symbolic link there.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o644)
            file.write(body)
            file.flush()
            if modified is not None:
                os.utime(descriptor, (modified.timestamp(), modified.timestamp()))
            os.fsync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make renames into a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
