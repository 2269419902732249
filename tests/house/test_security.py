"""docs/security.md: every test that a promise names is there, and the recorded check is of today's pins."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security.md").read_text("utf-8")


def test_what_holds_a_promise_is_there() -> None:
    named = re.findall(r"tests/[\w/]+\.py", TEXT)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_the_recorded_check_is_of_the_versions_that_are_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").lower().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    recorded = dict(re.findall(r"^\| (\w+) \| [^|]+ \| ([\d.]+) \|", TEXT, re.M))
    assert recorded.keys() >= {"httpx", "lxml", "nh3", "starlette", "celery", "sqlalchemy"}
    assert {name: pins.get(name) for name in recorded} == recorded
