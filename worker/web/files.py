"""public_dir as the web sees it: the path of a request in, a file's whole content and its validators out."""

from __future__ import annotations

import errno
import os
import re
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.coding import SMALLEST, SUFFIXES, decodes_to
from worker.web.conditions import Validators, strong_etag
from worker.web.resources import DATE_LAGS, Resource

# A segment that nobody publishes: hidden or half-written files, `..`, what some systems read as a path, and
# the coded form of another file, which is served under that file's name.
_REFUSED = re.compile(r"\.|.*[\\\x00-\x1f\x7f]|.*(~|\.tmp|\.part|\.gz|\.br)\Z", re.DOTALL | re.IGNORECASE)
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.ENXIO}
_MOST_BYTES = 12_000_000  # of files in memory: the feeds that are asked for again and again
_LARGEST = 3_000_000  # of one of them, with its codings
# Two writes within one tick of the file system's clock (4 ms on Linux) look alike from outside, so a file
# is kept in memory only once its last change is safely past.
_SETTLED_NS = 100_000_000
_CODED_NS = 2_000_000_000  # how long a file whose codings were not there yet is not asked about them again

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml",
    ".json": "application/json",
    ".xml": "application/xml",
}


def media_type(path: str) -> str:
    """The Content-Type of a published path, without its leading slash; unknown ones are plain bytes.

    JSON below feeds/ is JSON Feed, XML at opml.xml and below opml/ is OPML.
    """
    suffix = os.path.splitext(path)[1]  # noqa: PTH122  (a URL's path, not a file's)
    if suffix == ".json" and path.startswith("feeds/"):
        return "application/feed+json"
    if suffix == ".xml" and (path == "opml.xml" or path.startswith("opml/")):
        return "text/x-opml; charset=utf-8"
    return _TYPES.get(suffix, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file in memory: as it was seen from outside, and until when that is enough (monotonic ns)."""

    seen: tuple[int, ...]
    resource: Resource
    until: float


class PublicFiles:
    """The files below one folder. Safe to share between threads.

    A file's coded forms stand beside it, `.gz` and `.br`; one is served only when it decodes to the file's
    own bytes, which is found out once: no reader gets old news under a new tag, whatever interrupted the
    publisher.
    """

    def __init__(self, root: Path, headers: Callable[[str], Mapping[str, str]] = lambda _: {}) -> None:
        """`headers` gives, by path, what else goes with a file."""
        self._root = str(root)
        self._headers = headers
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def held(self, path: str) -> Resource | None:
        """The file at a request's path where it is in memory and unchanged on the disk: one stat, no more."""
        with self._lock:
            kept = self._kept.get(path)
            if kept is None or kept.until < time.monotonic_ns():
                return None
            self._kept.move_to_end(path)
        name = path + "index.html" if path.endswith("/") else path
        try:
            about = os.stat(f"{self._root}{name}")  # noqa: PTH116  (pathlib takes longer than the call)
        except OSError:
            return None
        return kept.resource if _seen(about) == kept.seen else None

    def read(self, path: str) -> Resource | None:
        """The file at a request's path (decoded once, with its leading slash), or None where nothing may be
        served there. A path that ends in a slash means the folder's index.html. Raises OSError when a file
        is there and cannot be read."""
        name = _published_name(path)
        if name is None or (file := self._open(name)) is None:
            return None
        body, about, real = file
        coded = self._coded(real, body)
        modified, placed = (datetime.fromtimestamp(at, UTC) for at in (about.st_mtime, about.st_ctime))
        validators = Validators(strong_etag(body), modified, placed)
        resource = Resource(path, body, media_type(name), validators, coded, self._headers(path))
        if time.time_ns() - about.st_ctime_ns > _SETTLED_NS:
            complete = len(body) < SMALLEST or len(coded) == len(SUFFIXES)
            until = float("inf") if complete else time.monotonic_ns() + _CODED_NS
            if (ahead := (modified + DATE_LAGS - datetime.now(UTC)).total_seconds()) > 0:
                until = min(until, time.monotonic_ns() + ahead * 1e9)  # then its date can be announced
            self._keep(path, _Kept(_seen(about), resource, until))
        return resource

    def is_folder(self, path: str) -> bool:
        """Whether a path without its final slash names a folder that has a page."""
        name = _published_name(path + "/")
        return name is not None and not path.endswith("/") and self._open(name) is not None

    def _open(self, name: str) -> tuple[bytes, os.stat_result, str] | None:
        """A file's bytes, what is known of it, and where it really is. One open, one fstat, one read: a file
        replaced meanwhile is served whole, as it was."""
        root = os.path.realpath(self._root)
        real = os.path.realpath(os.path.join(root, name))  # noqa: PTH118  (pathlib would lose `a//b`, `a/.`)
        if not real.startswith(root.rstrip("/") + "/"):  # a symbolic link that leads outside
            return None
        if _published_name("/" + real[len(root.rstrip("/")) + 1 :]) is None:  # or to a hidden file
            return None
        found = _whole(real)
        return None if found is None else (*found, real)

    def _coded(self, real: str, body: bytes) -> dict[str, bytes]:
        """The coded forms beside a file that say what it says."""
        coded = {}
        if len(body) >= SMALLEST:
            for coding, suffix in SUFFIXES.items():
                try:
                    found = _whole(real + suffix)
                except OSError:  # the file itself can be served all the same
                    continue
                if found is not None and decodes_to(coding, found[0], body):
                    coded[coding] = found[0]
        return coded

    def _keep(self, path: str, kept: _Kept) -> None:
        if kept.resource.size > _LARGEST:
            return
        with self._lock:
            before = self._kept.pop(path, None)
            self._bytes += kept.resource.size - (before.resource.size if before else 0)
            self._kept[path] = kept
            while self._bytes > _MOST_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.resource.size


def _seen(about: os.stat_result) -> tuple[int, ...]:
    """What changes with a file. Publishing may set the time of change from the data, so that alone proves
    nothing."""
    return (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)


def _whole(real: str) -> tuple[bytes, os.stat_result] | None:
    """A regular file's bytes; None where there is none. Raises OSError when one cannot be read."""
    try:
        # Not blocking: a named pipe would otherwise hold the thread until somebody writes to it.
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(), about


def _published_name(path: str) -> str | None:
    """A request's path as a name below public_dir, or None where it is none: empty segments, dots, ..."""
    if not path.startswith("/"):
        return None
    *folders, last = path[1:].split("/")
    names = (*folders, last or "index.html")
    return None if any(not name or _REFUSED.match(name) for name in names) else "/".join(names)
