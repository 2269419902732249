"""Publishing: Documents into files under public_dir, each whole or not at all, only where bytes differ."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from feeds.render import Document
from worker import disk
from worker.coding import CODINGS, SMALLEST, SUFFIXES, encode

_PIECE = 1 << 18
_AT_ONCE = 4  # documents; each waits for the disk, and compressing needs no interpreter


class DiskPublisher:
    """Implements `worker.ports.Publisher`. `lock_path` is the file whose lock makes one publisher the
    only one; it stays behind, for a lock file that goes away can be held twice."""

    def __init__(self, public_dir: Path, lock_path: Path) -> None:
        self._public = public_dir
        self._lock_path = lock_path
        self._note = lock_path.with_suffix(".settings")

    @contextmanager
    def exclusive(self) -> Iterator[bool]:
        """True: the only publisher until the context ends (or the process dies). False: another is at work.

        Raises EnvironmentFault when the lock file cannot be made.
        """
        try:
            disk.make_folder(self._lock_path.parent)
            lock = self._lock_path.open("ab")
        except OSError as error:
            raise disk.fault(error, self._lock_path) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def read(self, path: str) -> bytes:
        """A document as it stands now; empty where there is none. Raises EnvironmentFault."""
        place = self._place(path)
        try:
            return place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            raise disk.fault(error, place) from error

    def write(self, documents: Iterable[Document]) -> int:
        """Put documents in place; how many had other bytes, or no file, before. Durable when it returns.

        For the holder of `exclusive()` alone. The modification time is the document's own, or later by whole
        seconds than that of the bytes that it replaces (decision 138); mode 0644. Raises EnvironmentFault
        (files already there keep their bytes; documents before the faulty one are in place, and a few after
        it may be), ValueError for a path that leads out of public_dir. Several are written at a time, for
        most of the time goes by until the disk has them.

        Coded forms (.gz, .br) follow once all documents are in place, so that news is public before it is
        small. One of older bytes never stands beside a newer document: it goes first.
        """
        written: list[Path] = []
        uncoded: dict[Path, None] = {}
        with ThreadPoolExecutor(_AT_ONCE, "write") as threads:
            under_way: dict[Path, Future[_Written]] = {}

            def settle(path: Path) -> None:
                done = under_way.pop(path).result()
                written.extend([path] if done.anew else [])
                uncoded.update({} if done.coded else {path: None})

            try:
                for document in documents:
                    path = self._place(document.path)
                    if path in under_way:
                        settle(path)
                    if len(under_way) == _AT_ONCE:
                        settle(next(iter(under_way)))
                    under_way[path] = threads.submit(_write, path, document)
                while under_way:
                    settle(next(iter(under_way)))
            finally:
                wait(under_way.values())
                written += [
                    path for path, one in under_way.items() if not one.exception() and one.result().anew
                ]
                list(threads.map(_sync, dict.fromkeys(path.parent for path in written)))
            list(threads.map(_encode, uncoded))
        return len(written)

    def remove(self, paths: Iterable[str]) -> int:
        """Take documents away; how many were there. For the holder of `exclusive()` alone."""
        removed = 0
        for place in map(self._place, paths):
            try:
                for beside in _beside(place):
                    beside.unlink(missing_ok=True)
                place.unlink()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise disk.fault(error, place) from error
            removed += 1
            _sync(place.parent)
        return removed

    def version(self, path: str) -> str:
        """What tells the file there from any that it replaced: no two in a row are the same inode, and none
        was moved into place at the same time. "" where there is none."""
        place = self._place(path)
        try:
            found = place.stat()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise disk.fault(error, place) from error
        return f"{found.st_ino}-{found.st_ctime_ns}-{found.st_size}"

    def made_with(self) -> str:
        """What `note` last said here; "" where it never did."""
        try:
            return self._note.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise disk.fault(error, self._note) from error

    def note(self, fingerprint: str) -> None:
        """Remember what everything here was rendered with. Durable when it returns."""
        try:
            disk.put(self._note, fingerprint.encode(), self._note.with_suffix(".tmp"))
            disk.sync_folder(self._note.parent)
        except OSError as error:
            raise disk.fault(error, self._note) from error

    def _place(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        # PurePosixPath drops "." and doubled slashes; a path that is not its own plain form is no document's.
        if not parts or ".." in parts or "\0" in path or path.startswith("/") or "/".join(parts) != path:
            raise ValueError(f"no document can stand at {path!r} under {self._public}")
        return self._public / path


class _Written(NamedTuple):
    """What became of a document: whether it had other bytes before, and whether its coded forms are there."""

    anew: bool
    coded: bool


def _write(path: Path, document: Document) -> _Written:
    try:
        anew = _put(path, document)
        return _Written(anew, len(document.body) < SMALLEST or _coded(path))
    except OSError as error:
        raise disk.fault(error, path) from error


def _put(path: Path, document: Document) -> bool:
    """Write one document where its bytes differ; whether they did. Raises OSError."""
    beside = _beside(path)
    for coded in beside:
        _clear(_temporary(coded))
    if _holds(path, document.body):
        _clear(_temporary(path))
        return False
    disk.make_folder(path.parent)
    for coded in beside:
        coded.unlink(missing_ok=True)
    disk.put(path, document.body, _temporary(path), _stamp(path, document.modified))
    return True


def _stamp(path: Path, modified: datetime) -> datetime:
    """The time that a document's file is to bear: no two bytes in a row have the same second, to which HTTP
    counts, and it never goes back. A reader that asks by date alone would not hear of a moved link, of an
    item that left, or of an edit that is not announced."""
    try:
        before = int(path.stat().st_mtime)
    except FileNotFoundError:
        return modified
    return modified if before < int(modified.timestamp()) else datetime.fromtimestamp(before + 1, UTC)


def _clear(temporary: Path) -> None:
    """Take away what a publisher left that died."""
    if temporary.exists():
        temporary.unlink()


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


def _beside(path: Path) -> tuple[Path, ...]:
    """Where the coded forms of a document stand."""
    return tuple(path.with_name(path.name + SUFFIXES[coding]) for coding in CODINGS)


def _coded(path: Path) -> bool:
    return all(beside.exists() for beside in _beside(path))


def _encode(path: Path) -> None:
    """Put the coded forms of a document beside it, with its date. Not made durable: after a power cut they
    may be cut short, and the web server, which proves them before it serves them, passes over such. Raises
    EnvironmentFault."""
    try:
        body, modified = path.read_bytes(), path.stat().st_mtime_ns
        for coding, beside in zip(CODINGS, _beside(path), strict=True):
            temporary = _temporary(beside)
            temporary.unlink(missing_ok=True)
            with temporary.open("xb") as file:
                os.fchmod(file.fileno(), 0o644)
                file.write(encode(coding, body))
            os.utime(temporary, ns=(modified, modified))
            temporary.replace(beside)
    except OSError as error:
        raise disk.fault(error, path) from error


def _holds(path: Path, body: bytes) -> bool:
    """Whether a file has these bytes; compared piece by piece, for a feed may be large."""
    try:
        if path.stat().st_size != len(body):
            return False
        with path.open("rb") as file:
            return all(file.read(_PIECE) == body[at : at + _PIECE] for at in range(0, len(body), _PIECE))
    except (FileNotFoundError, NotADirectoryError):
        return False


def _sync(folder: Path) -> None:
    try:
        disk.sync_folder(folder)
    except OSError as error:
        raise disk.fault(error, folder) from error
