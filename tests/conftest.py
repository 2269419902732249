"""How the tests run: examples of hypothesis, where temporary files stand, which tests come first."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# HYPOTHESIS_PROFILE=quick, as ./dev test --quick sets it, or all. No deadline: a busy machine is no fault.
settings.register_profile("all", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=15)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "all"))

_MEMORY = Path("/dev/shm")  # noqa: S108  # pytest and tempfile make private folders in it
_ROOM = 2 << 30  # bytes; the tests of three processes take a fourth of it


def _in_memory() -> None:
    """Have temporary files stand in memory: a publisher and a database spend most of their time waiting until
    the disk has what they wrote, and nobody cuts the power here. Programs have to start there too."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return
    barred = getattr(os, "ST_NOEXEC", 0) & os.statvfs(_MEMORY).f_flag
    if not barred and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # it was looked up before


_in_memory()
# Hundreds of processes are started: none should have to compile the product first.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the files of slow tests among the processes, and have each begin with its own: the suite then ends
    with quick ones, which are shared out to the last. xdist gives each process a run of equal length."""
    hands = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    files: dict[Path, list[pytest.Item]] = {}
    quick: list[pytest.Item] = []
    for item in items:
        if item.get_closest_marker("slow"):
            files.setdefault(item.path, []).append(item)
        else:
            quick.append(item)
    dealt = [list(files.values())[hand::hands] for hand in range(hands)]
    length = len(items) // hands
    ordered: list[pytest.Item] = []
    for n, hand in enumerate(dealt, start=1):
        ordered += [item for file in hand for item in file]
        room = max(0, n * length - len(ordered))
        ordered += quick[:room]
        del quick[:room]
    items[:] = ordered + quick
