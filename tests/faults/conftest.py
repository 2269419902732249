"""A street for the faults: an ill newspaper and a well one beside it, one deployment that reads both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.street import Street, fast_folder, street
from tests.support.site import Site, html
from tests.worker.conftest import postgres, postgres_template, postgres_url, sqlite_template, sqlite_url

__all__ = ["postgres", "postgres_template", "postgres_url", "sqlite_template", "sqlite_url"]


@pytest.fixture
def canary() -> Iterator[Site]:
    """A server on loopback that nobody may reach."""
    with Site({"/": html("canary")}) as made:
        yield made
        assert made.connections == 0


@pytest.fixture
def town(sqlite_template: Path, canary: Site) -> Iterator[Street]:
    with fast_folder() as folder, street(sqlite_template, folder) as made:
        yield made


@pytest.fixture(scope="module")
def old_town(sqlite_template: Path) -> Iterator[Street]:
    """One for all tests of a module that leave it as they found it: `Street.survives` does, if it holds."""
    with fast_folder() as folder, street(sqlite_template, folder) as made:
        yield made
