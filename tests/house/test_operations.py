"""docs/operations.md: an entry for every kind of incident, with a command that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from bulletins.model import PollStatus
from feeds.site.rendering import MESSAGES
from worker.cli.common import app
from worker.incidents import KINDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/operations.md").read_text("utf-8")
ENTRIES = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", TEXT, re.M | re.S))
OPENED = re.compile(r'Cause\(\s*"(\w+)"')


def kinds() -> set[str]:
    """Every kind that the code opens incidents of: ill states of a source, and the literals beside them."""
    literal = {
        kind for path in (ROOT / "worker").rglob("*.py") for kind in OPENED.findall(path.read_text("utf-8"))
    }
    return literal | {str(status) for status in PollStatus if not status.healthy}


def test_every_kind_of_incident_has_its_entry_and_its_words() -> None:
    assert kinds() >= {"held", "disabled", "deadly", "blocked"}
    assert set(ENTRIES) == kinds()
    assert set(KINDS) == kinds()
    assert set(KINDS.values()) <= MESSAGES.keys()  # and in English


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_an_entry_says_what_it_means_what_to_do_and_a_command(kind: str) -> None:
    meaning, _, remedy = ENTRIES[kind].partition("\nDo: ")
    assert len(meaning.split()) > 15
    assert remedy
    commands = re.findall(r"^    dibao (\S+)(?: ([a-z]\S*))?", remedy, re.M)
    assert commands
    known = typer.main.get_command(app)
    for name, below in commands:
        found = known.get_command(None, name)  # type: ignore[attr-defined]  # a group, as typer makes it
        assert not hasattr(found, "commands") or below in found.commands
