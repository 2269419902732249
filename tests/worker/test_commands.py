"""The table of commands: all of them in it, each where it says, and none loaded for another's sake."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
import typer.main

import worker.cli
from worker.cli.commands import MODULES
from worker.cli.common import app


def test_every_command_is_in_the_table() -> None:
    folder = Path(worker.cli.__file__).parent
    for path in folder.glob("*.py"):
        if not path.stem.startswith("__"):
            import_module(f"worker.cli.{path.stem}")
    assert set(typer.main.get_group(app).commands) == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_command_stands_where_the_table_says(name: str) -> None:
    group = typer.main.get_group(app)
    found = group.get_command(typer.Context(group), name)
    assert found is not None
    assert found.name == name


def test_who_only_looks_waits_for_nothing_else() -> None:
    code = (
        "import sys, worker.cli.data;"
        "print(*{'alembic', 'celery', 'chompjs', 'feedparser', 'holidays', 'httpx'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
