"""Published feeds as a reader has them: files in, ids out, held to the items that should be there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import feedparser

from feeds.scope import roll_up

Record = dict[str, Any]


def entries(path: Path) -> list[str]:
    """The ids of a feed's entries, in order. A feed that a reader would have to guess at fails."""
    if path.suffix == ".json":
        document = json.loads(path.read_bytes())
        assert document["version"] == "https://jsonfeed.org/version/1.1"
        return [item["id"] for item in document["items"]]
    parsed = feedparser.parse(path.read_bytes())
    assert parsed.bozo is False, (path, parsed.get("bozo_exception"))
    assert parsed.version == {".rss": "rss20", ".atom": "atom10"}[path.suffix]
    return [entry.id for entry in parsed.entries]


def every_feed(folder: Path) -> dict[str, list[str]]:
    """By path without suffix, the ids of each feed; its three formats say the same."""
    found: dict[str, list[str]] = {}
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in (".rss", ".atom", ".json") and path.parent.name != "archive"
    )
    for path in paths:
        name = str(path.relative_to(folder).with_suffix(""))
        ids = entries(path)
        assert found.setdefault(name, ids) == ids, path
    assert len(paths) == 3 * len(found)
    return found


def ids(items: Sequence[Record]) -> list[str]:
    return [item["id"] for item in items]


def check_complete(folder: Path, items: Sequence[Record]) -> dict[str, list[str]]:
    """Every feed has exactly the items that belong into it, in the order of `items`, none twice."""
    feeds = every_feed(folder)
    assert len(set(ids(items))) == len(items)
    by_region: dict[str, list[str]] = {}
    for item in items:
        for code in sorted({code for region in item["regions"] for code in roll_up(region["code"])}):
            by_region.setdefault(code, []).append(item["id"])
    columns = {name for name in feeds if name.startswith("column/")}
    assert feeds["all"] == ids(items)
    assert {name.split("/")[1]: feeds[name] for name in feeds if _is_region(name)} == by_region
    for name in {f"source/{item['source']}" for item in items}:
        assert feeds[name] == ids([item for item in items if f"source/{item['source']}" == name])
    for name in columns:
        assert feeds[name]
    # Every item that has a column is in some column's feed: its own, or its page's.
    in_columns = {each for name in columns for each in feeds[name]}
    assert in_columns == {item["id"] for item in items if item["column"]}
    return feeds


def _is_region(name: str) -> bool:
    return name.startswith("region/") and name.count("/") == 1
