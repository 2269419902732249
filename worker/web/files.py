"""public_dir as the web sees it: the path of a request in, a file's whole content and its validators out."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.web.conditions import Validators

# A segment that nobody publishes: hidden or half-written files, `..`, and what some systems read as a path.
_REFUSED = re.compile(r"\.|.*[\\\x00-\x1f\x7f]|.*(~|\.tmp|\.part)\Z", re.DOTALL | re.IGNORECASE)
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.ENXIO}
_KNOWN_DIGESTS = 4096
# Two writes within one tick of the file system's clock (4 ms on Linux) look alike from outside, so the
# digest of a file is remembered only once its last change is safely past.
_SETTLED_NS = 100_000_000

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
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
class File:
    """A published file, whole."""

    path: str  # below public_dir
    body: bytes
    validators: Validators

    @property
    def media_type(self) -> str:
        return media_type(self.path)


def strong_etag(body: bytes) -> str:
    """The entity tag of a content: its SHA-256, so that the same bytes have the same tag on every machine."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


class PublicFiles:
    """The files below one folder. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._digests: OrderedDict[str, tuple[tuple[int, ...], str]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, path: str) -> File | None:
        """The file at a request's path (decoded once, with its leading slash), or None where nothing may be
        served there. A path that ends in a slash means the folder's index.html. Raises OSError when a file
        is there and cannot be read."""
        name = _published_name(path)
        return self._load(name) if name is not None else None

    def is_folder(self, path: str) -> bool:
        """Whether a path without its final slash names a folder that has a page."""
        name = _published_name(path + "/")
        return name is not None and not path.endswith("/") and self._load(name) is not None

    def _load(self, name: str) -> File | None:
        """One open, one fstat, one read: a file replaced meanwhile is served whole, as it was."""
        root = os.path.realpath(self._root)
        real = os.path.realpath(os.path.join(root, name))  # noqa: PTH118  (pathlib would lose `a//b`, `a/.`)
        if not real.startswith(root.rstrip("/") + "/"):  # a symbolic link that leads outside
            return None
        if _published_name("/" + real[len(root.rstrip("/")) + 1 :]) is None:  # or to a hidden file
            return None
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
            body = file.read()
        modified, placed = (datetime.fromtimestamp(at, UTC) for at in (about.st_mtime, about.st_ctime))
        return File(name, body, Validators(self._etag(name, about, body), modified, placed))

    def _etag(self, name: str, about: os.stat_result, body: bytes) -> str:
        """The content's tag, remembered by what changes with a file: publishing may set the time of change
        from the data, so that alone proves nothing."""
        seen = (about.st_mtime_ns, about.st_size, about.st_ino, about.st_ctime_ns)
        with self._lock:
            known = self._digests.get(name)
            if known is not None and known[0] == seen:
                self._digests.move_to_end(name)
                return known[1]
        etag = strong_etag(body)
        if time.time_ns() - about.st_ctime_ns > _SETTLED_NS:
            with self._lock:
                self._digests[name] = (seen, etag)
                if len(self._digests) > _KNOWN_DIGESTS:
                    self._digests.popitem(last=False)
        return etag


def _published_name(path: str) -> str | None:
    """A request's path as a name below public_dir, or None where it is none: empty segments, dots, ..."""
    if not path.startswith("/"):
        return None
    *folders, last = path[1:].split("/")
    names = (*folders, last or "index.html")
    return None if any(not name or _REFUSED.match(name) for name in names) else "/".join(names)
