"""scripts/divisions.py: the source's files in, the gazetteer's files and what changed out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Event = dict[str, Any]


def tree(counties: dict[str, str]) -> dict[str, Any]:
    """A province with one prefecture and these counties, and a county directly below the province."""
    prefecture = {"code": "511800000000", "counties": counties}
    below = {"雅安市": prefecture, "": {"code": None, "counties": {"云上县": "519001000000"}}}
    return {"provinces": {"四川省": {"code": "510000000000", "cities": below}}}


def event(year: int, old: tuple[str, str], new: tuple[str, str] | None, kind: str = "撤县设区") -> Event:
    became = new or (None, None)
    return {
        "year": year,
        "type": kind,
        "curated": False,
        "old": {"code": f"{old[0]}000000", "name": old[1]},
        "new": {"code": f"{became[0]}000000" if new else None, "name": became[1]},
        "old_path": ["四川省", "雅安市", old[1]],
    }


EVENTS = [
    event(2012, ("511821", "名山县"), ("511803", "名山区")),
    event(2000, ("513121", "名山县"), ("511821", "名山县"), "同名改码"),  # followed to today's code
    event(2003, ("511899", "郊区"), None, "撤销"),  # dissolved: what is above it
    event(1984, ("511850", "古县"), ("511803", "名山区"), "更名"),  # early, in Sichuan
    event(1984, ("441850", "古镇"), ("511803", "名山区"), "更名"),  # early, elsewhere
    event(2005, ("511803", "名山区"), ("511803", "名山区"), "码位改派"),  # no change of a division
    event(2006, ("511851", "市区"), ("511803", "名山区"), "更名"),  # a word
    event(2007, ("511852", "末路县"), ("511898", "绝县"), "更名"),  # what it became is not in today's list
]


def rebuild(folder: Path, counties: dict[str, str], events: list[Event]) -> subprocess.CompletedProcess[str]:
    (folder / "now.json").write_text(json.dumps(tree(counties)), "utf-8")
    (folder / "events.json").write_text(json.dumps({"events": events}), "utf-8")
    command = [sys.executable, str(ROOT / "scripts" / "divisions.py"), str(folder / "now.json")]
    return subprocess.run(
        [*command, str(folder / "events.json"), "--data", str(folder)], capture_output=True, text=True
    )


def held(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def test_it_writes_both_files_and_says_what_changed(tmp_path: Path) -> None:
    done = rebuild(tmp_path, {"名山区": "511803000000", "芦山县": "511826000000"}, EVENTS)
    assert done.returncode == 0, done.stderr
    assert held(tmp_path, "divisions.json") == {
        "510000": "四川省",
        "511800": "雅安市",
        "511803": "名山区",
        "511826": "芦山县",
        "519001": "云上县",
    }
    assert {one["code"]: one for one in held(tmp_path, "former.json")} == {
        "511821": {
            "code": "511821",
            "name": "名山县",
            "path": ["四川省", "雅安市"],
            "until": 2012,
            "now": "511803",
        },
        "513121": {
            "code": "513121",
            "name": "名山县",
            "path": ["四川省", "雅安市"],
            "until": 2000,
            "now": "511803",
        },
        "511899": {
            "code": "511899",
            "name": "郊区",
            "path": ["四川省", "雅安市"],
            "until": 2003,
            "now": "511800",
        },
        "511850": {
            "code": "511850",
            "name": "古县",
            "path": ["四川省", "雅安市"],
            "until": 1984,
            "now": "511803",
        },
        "511852": {
            "code": "511852",
            "name": "末路县",
            "path": ["四川省", "雅安市"],
            "until": 2007,
            "now": "511800",
        },
    }
    again = rebuild(
        tmp_path, {"名山区": "511803000000", "芦山市": "511826000000", "新县": "511827000000"}, EVENTS[1:]
    )
    told = again.stdout.splitlines()
    assert "renamed  511826 芦山县 -> 芦山市" in told
    assert "added    511827 新县" in told
    assert "former   511821 名山县: 511803 -> -" in told
    gone = rebuild(tmp_path, {"名山区": "511803000000"}, EVENTS).stdout.splitlines()
    assert "removed  511826 芦山市" in gone
    assert "former   511821 名山县: - -> 511803" in gone


def test_the_same_source_changes_nothing(tmp_path: Path) -> None:
    rebuild(tmp_path, {"名山区": "511803000000"}, EVENTS)
    before = [(tmp_path / name).read_bytes() for name in ("divisions.json", "former.json")]
    done = rebuild(tmp_path, {"名山区": "511803000000"}, EVENTS)
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"by", "4"}  # 4 divisions, …
    assert [(tmp_path / name).read_bytes() for name in ("divisions.json", "former.json")] == before


@pytest.mark.parametrize(
    ("counties", "fault"),
    [
        ({"名山区": "5118"}, "名山区: '5118' is no 12-digit code"),
        ({"名山区": "511803000000", "芦山县": "511803000000"}, "芦山县: code 511803 is already 名山区"),
        ({"名山区": "511903000000"}, "名山区: code 511903000000 is not below 511800000000"),
    ],
)
def test_a_source_that_does_not_hold_together_writes_nothing(
    tmp_path: Path, counties: dict[str, str], fault: str
) -> None:
    done = rebuild(tmp_path, counties, EVENTS)
    assert done.returncode == 1
    assert fault in done.stderr
    assert not (tmp_path / "divisions.json").exists()
