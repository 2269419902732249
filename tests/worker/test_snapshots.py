from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.errors import EnvironmentFault
from worker.snapshots import DiskSnapshots

BODY = "<title>芦山县</title>".encode("gb18030") * 50


@pytest.fixture
def snapshots(tmp_path: Path) -> DiskSnapshots:
    return DiskSnapshots(tmp_path / "pages")


def files(root: Path) -> list[Path]:
    """All but the lock."""
    return sorted(path for path in root.rglob("*") if path.is_file() and path.name != ".lock")


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Every file that this process writes ends at so many bytes, as on a full disk (EFBIG, not ENOSPC)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))  # Python ignores SIGXFSZ
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@given(st.binary(max_size=3000))
def test_what_is_put_is_had_again(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    snapshots = DiskSnapshots(tmp_path_factory.getbasetemp() / "same")
    sha = snapshots.put(body)
    assert sha == hashlib.sha256(body).hexdigest()
    assert snapshots.get(sha) == body


def test_a_body_lies_compressed_under_its_hash(snapshots: DiskSnapshots, tmp_path: Path) -> None:
    sha = snapshots.put(BODY)
    path = tmp_path / "pages" / sha[:2] / sha[2:4] / f"{sha}.gz"
    assert files(tmp_path) == [path]
    assert path.stat().st_size < len(BODY)


def test_the_same_body_gives_the_same_file_everywhere(tmp_path: Path) -> None:
    for name in "ab":
        DiskSnapshots(tmp_path / name).put(BODY)
    one, other = files(tmp_path)
    assert one.read_bytes() == other.read_bytes()


def test_what_is_held_is_not_written_again(snapshots: DiskSnapshots, tmp_path: Path) -> None:
    snapshots.put(BODY)
    before = files(tmp_path)[0].stat()
    snapshots.put(BODY)
    after = files(tmp_path)[0].stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_missing_snapshot_is_named(snapshots: DiskSnapshots, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="missing") as caught:
        snapshots.get("0" * 64)
    assert caught.value.where == str(tmp_path / "pages" / "00" / "00" / f"{'0' * 64}.gz")
    assert caught.value.action


@pytest.mark.parametrize("sha", ["", "0" * 63, "0" * 65, "../" + "0" * 61, "G" * 64])
def test_what_is_no_hash_leads_nowhere(snapshots: DiskSnapshots, sha: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        snapshots.get(sha)


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "swapped"])
def test_damage_is_named_and_the_next_put_heals_it(
    snapshots: DiskSnapshots, tmp_path: Path, damage: str
) -> None:
    sha = snapshots.put(BODY)
    path = files(tmp_path)[0]
    packed = path.read_bytes()
    if damage == "swapped":
        DiskSnapshots(tmp_path / "other").put(b"another page")
        damaged = files(tmp_path / "other")[0].read_bytes()
    else:
        middle = len(packed) // 2
        flipped = packed[:middle] + bytes([packed[middle] ^ 255]) + packed[middle + 1 :]
        damaged = {"cut": packed[:-9], "flipped": flipped, "emptied": b""}[damage]
    path.write_bytes(damaged)
    with pytest.raises(EnvironmentFault, match="damaged") as caught:
        snapshots.get(sha)
    assert caught.value.where == str(path)
    assert snapshots.put(BODY) == sha
    assert snapshots.get(sha) == BODY


def test_a_full_disk_leaves_no_file(snapshots: DiskSnapshots, tmp_path: Path) -> None:
    held = snapshots.put(BODY)
    big = os.urandom(100_000)
    with file_size_limit(20_000), pytest.raises(EnvironmentFault, match="limit"):
        snapshots.put(big)
    assert [path.stem for path in files(tmp_path)] == [held]
    assert snapshots.get(snapshots.put(big)) == big


def test_a_root_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    with pytest.raises(EnvironmentFault, match="a file stands where a folder should be"):
        DiskSnapshots(tmp_path / "pages").put(BODY)


def test_many_writers_of_the_same_and_of_other_bodies(tmp_path: Path) -> None:
    bodies = [bytes([n]) * 5000 for n in range(4)]
    program = (
        "import sys, pathlib; from worker.snapshots import DiskSnapshots\n"
        "s = DiskSnapshots(pathlib.Path(sys.argv[1]))\n"
        "for n in range(4): s.put(bytes([n]) * 5000)\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    snapshots = DiskSnapshots(tmp_path)
    threads = [threading.Thread(target=snapshots.put, args=(body,)) for body in bodies * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait() for other in others] == [0, 0]
    assert [snapshots.get(hashlib.sha256(body).hexdigest()) for body in bodies] == bodies
    assert len(files(tmp_path)) == 4
