"""Everything that is published, as other people's parsers read it: feedsmith, rss-parser, sfeed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from bulletins.model import Item
from feeds import safe
from feeds.enclosures import enclosures
from feeds.entries import alternate, byline, headline
from tests.feeds.validity import ATOM, entries_of, parsed
from tests.support.nasty import Served

pytestmark = pytest.mark.slow
READERS = Path(__file__).parents[1] / "readers"
_MISSING = shutil.which("node") is None or shutil.which("npm") is None


@pytest.fixture(scope="module")
def parsers() -> Path:
    """The folder where the parsers are installed, in the versions that its package.json pins."""
    if not (READERS / "node_modules").is_dir():
        quietly = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
        subprocess.run(["npm", "install", *quietly], cwd=READERS, check=True, timeout=120)
    return READERS


def _written(documents: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """The documents as files that have their suffix last, by path."""
    found = {}
    for n, (path, body) in enumerate(documents.items()):
        found[path] = folder / f"{n}.{path.partition('?')[0].rpartition('.')[2]}"
        found[path].write_bytes(body)
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)


def _categories(item: Item) -> list[str]:
    return [*(item.region.path if item.region else ()), *([item.column.name] if item.column else ())]


@pytest.mark.skipif(_MISSING, reason="node or npm is not installed (Debian: apt install nodejs npm)")
def test_feedsmith_and_rss_parser_read_what_was_meant(worst: Served, parsers: Path, tmp_path: Path) -> None:
    items = {item.id: item for item in worst.at_work.items()}
    source = worst.at_work.ports.rules.sources["paper"]
    documents = worst.documents()
    files = _written(documents, tmp_path)
    done = subprocess.run(
        ["node", "read.mjs", *map(str, files.values())],
        cwd=parsers,
        check=True,
        capture_output=True,
        timeout=120,
    )
    read = json.loads(done.stdout)
    entries = 0
    for path, file in files.items():
        found = read[str(file)]
        if file.suffix == ".xml":
            assert found["opml"] > 0, path
            continue
        assert found["format"] == file.suffix[1:]
        for parser in {"feedsmith", "rss-parser"} & found.keys():
            assert [one["id"] for one in found[parser]] == _ids(documents[path], file.suffix), (path, parser)
            for one in found[parser]:
                if "/archive/" in path and one["id"] not in items:
                    continue  # withdrawn since
                item = items[one["id"]]
                entries += 1
                if "/archive/" not in path:  # where it may stand as it was before
                    title = headline(item)
                    assert one["title"] == (title if file.suffix == ".json" else safe.unmarked(title))
                assert one["url"] == alternate(item)
                assert _moment(one["published"]) == item.published
                assert "来源：" in one["content"]
                if parser == "rss-parser":
                    assert one["author"] in byline(item, source)
                else:
                    assert one["authors"] == list(byline(item, source))
                    assert one["categories"] == _categories(item)
                    assert one["enclosures"] == [file.url for file in enclosures(item)]
    assert entries > len(items) * 3


def _ids(body: bytes, suffix: str) -> list[Any]:
    if suffix == ".json":
        return [item["id"] for item in json.loads(body)["items"]]
    return [entry.findtext("guid") or entry.findtext(f"{ATOM}id") for entry in entries_of(parsed(body))]


@pytest.mark.skipif(
    shutil.which("sfeed") is None, reason="sfeed is not installed (Debian: apt install sfeed)"
)
def test_sfeed_lists_what_was_meant(worst: Served) -> None:
    """Its lines are: seconds, title, link, content, its type, id, author, enclosure, categories."""
    items = {item.id: item for item in worst.at_work.items()}
    source = worst.at_work.ports.rules.sources["paper"]
    for path, body in worst.documents().items():
        suffix = path.partition("?")[0].rpartition(".")[2]
        if suffix not in ("rss", "atom") or "/archive/" in path:
            continue
        done = subprocess.run(["sfeed"], input=body, check=True, capture_output=True, timeout=60)
        lines = [line.split("\t") for line in done.stdout.decode().splitlines()]
        assert [line[5] for line in lines] == _ids(body, f".{suffix}"), path
        for seconds, title, link, content, kind, name, author, enclosure, *_ in lines:
            item = items[name]
            assert int(seconds) == item.published.timestamp()
            assert title == safe.unmarked(headline(item))
            assert (link, enclosure, kind) == (alternate(item), enclosures(item)[0].url, "html")
            assert author in byline(item, source)
            assert "来源：" in content
