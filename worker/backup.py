"""A whole deployment as one file, and back: the database, whichever kind it is of, and the pages kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bulletins.errors import EnvironmentFault
from worker import disk
from worker.config import Settings
from worker.store import copying

_DATABASE = "dibao.db"  # always SQLite: it is one file, and goes back into either kind
_ABOUT = "about.json"
_SNAPSHOTS = "snapshots"
_SNAPSHOT = re.compile(r"snapshots/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}\.gz")
_LEVEL = 3  # of gzip: pages are packed already


def save(settings: Settings, path: Path) -> dict[str, int]:
    """Write a backup; how many rows of each table, and snapshots, it has. Dibao may run meanwhile.

    The file appears whole or not at all. Raises EnvironmentFault where it stands already or cannot be
    written, or the database cannot be read.
    """
    if path.exists():
        raise EnvironmentFault("stands already", str(path), "Name another file: no backup is written over")
    with _room(path.parent) as room:
        database = room / _DATABASE
        counts = copying.to_file(settings.database_url, database)
        packed = room / "packed"
        with packed.open("wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar:
                # After the database: every page that it names was there before it was copied.
                tar.add(database, _DATABASE)
                counts[_SNAPSHOTS] = _add_snapshots(tar, settings.service.data_dir / _SNAPSHOTS)
                about = {"taken": datetime.now(UTC).isoformat(timespec="seconds"), "holds": counts}
                note = room / _ABOUT
                note.write_text(json.dumps(about, indent=1), "utf-8")
                tar.add(note, _ABOUT)
            file.flush()
            os.fsync(file.fileno())
        packed.rename(path)
        disk.sync_folder(path.parent)
    return counts


def restore(settings: Settings, path: Path) -> dict[str, int]:
    """Put a backup in place of nothing; how many rows of each table, and snapshots, it had.

    The database is filled in one transaction, last: what fails leaves at most pages that nothing names.
    Raises EnvironmentFault where the file is no backup or is damaged, where the database is in use already
    (nothing is written over), or comes from a newer release.
    """
    data = settings.service.data_dir
    disk.make_folder(data)
    with _room(data) as room:
        with _opened(path) as tar:
            held = _unpack(tar, room, path)
        _put_snapshots(room / _SNAPSHOTS, data / _SNAPSHOTS)
        counts = copying.copy(f"sqlite:///{room / _DATABASE}", settings.database_url)
    return counts | {_SNAPSHOTS: held}


@contextmanager
def _room(folder: Path) -> Iterator[Path]:
    """A folder to work in, on the disk where the result is to stand. Turns OSError into EnvironmentFault."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name:
            yield Path(name)
    except OSError as error:
        raise disk.fault(error, Path(error.filename or folder)) from error


def _add_snapshots(tar: tarfile.TarFile, root: Path) -> int:
    count = 0
    for path in sorted(root.glob("??/??/*.gz")):
        try:
            tar.add(path, f"{_SNAPSHOTS}/{path.relative_to(root)}")
        except FileNotFoundError:  # its time was over
            continue
        count += 1
    return count


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:gz") as tar:
            yield tar
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _no_backup(path, str(error)) from error


def _unpack(tar: tarfile.TarFile, room: Path, path: Path) -> int:
    """Take out what belongs into a backup, and nothing else; how many snapshots."""
    names = set()
    for member in tar:
        belongs = member.name in (_DATABASE, _ABOUT) or _SNAPSHOT.fullmatch(member.name)
        if belongs and member.isfile() and (source := tar.extractfile(member)) is not None:
            _write(source, room / member.name)
            names.add(member.name)
    missing = {_DATABASE, _ABOUT} - names
    if missing:
        raise _no_backup(path, f"it has no {min(missing)}")
    held = json.loads((room / _ABOUT).read_text("utf-8"))["holds"][_SNAPSHOTS]
    if len(names) - 2 != held:
        raise _no_backup(path, f"it has {len(names) - 2} of {held} pages")
    return len(names) - 2


def _write(source: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _put_snapshots(unpacked: Path, root: Path) -> None:
    for path in unpacked.glob("??/??/*.gz"):
        place = root / path.relative_to(unpacked)
        if not place.exists():
            disk.make_folder(place.parent)
            path.rename(place)


def _no_backup(path: Path, what: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"this is no backup, or not a whole one: {what}", str(path), "Name a file that dibao backup has made"
    )
