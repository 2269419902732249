"""Every layout against its fixtures: small sites as raw bytes, read as a poll reads them."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bulletins import charset, layouts, sections
from bulletins.markup import parse
from bulletins.model import PollStatus, Source
from bulletins.reading import PICTURE
from tests.support.reader import Poll, as_named, described, path_of

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/case.toml"))
NAMES = [str(case.relative_to(HERE)) for case in CASES]
REPLACEMENT = "\ufffd"


@cache
def stated(case: Path) -> dict[str, Any]:
    return tomllib.loads((case / "case.toml").read_text("utf-8"))


@cache
def expected(case: Path) -> dict[str, Any]:
    wanted: dict[str, Any] = json.loads((case / "expected.json").read_text("utf-8"))
    return wanted


@cache
def polled(case: Path, layout: str = "auto") -> Poll:
    config = stated(case)
    now = config["now"]
    assert isinstance(now, datetime)
    assert now.utcoffset() is not None, "`now` has its offset"
    source = Source(**config["source"], url=config["entry"], layout=layout)

    def get(url: str) -> bytes | None:
        name = config["pages"].get(path_of(url))
        return (case / name).read_bytes() if name else None

    return Poll(source, now, get, config.get("content_type"), config.get("read_by", ""))


def test_every_layout_has_fixtures_and_every_fixture_a_layout() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(layouts.names())
    assert {case.parent.name for case in CASES} == folders


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_reads_what_an_editor_takes_from_it(case: Path) -> None:
    wanted = expected(case).get("items", [])
    read = [described(item) for item in polled(case).reading.items]
    assert [item["title"] for item in read] == [item["title"] for item in wanted]
    assert [as_named(item, like) for item, like in zip(read, wanted, strict=True)] == wanted


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_ends_as_it_should(case: Path) -> None:
    poll = polled(case)
    problem = expected(case).get("problem")
    assert poll.verdict.status == PollStatus(problem["status"] if problem else "ok"), poll.verdict
    assert (poll.verdict.status in (PollStatus.OK, PollStatus.QUIET)) == poll.verdict.publish


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_says_what_it_left_out(case: Path) -> None:
    wanted = expected(case).get("rejections", [])
    rejected = polled(case).reading.rejections
    assert [rejection.title for rejection in rejected] == [each["title"] for each in wanted]
    assert all(rejection.reason and rejection.url for rejection in rejected)
    for rejection, each in zip(rejected, wanted, strict=True):
        assert rejection.reason == each.get("reason", rejection.reason)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_every_raw_item_ends_as_item_or_rejection(case: Path) -> None:
    poll = polled(case)
    parts = [part for raw in poll.raws for part in sections.split(raw, poll.context.source.region)]
    rejected = [each for each in poll.reading.rejections if each.reason != PICTURE]
    assert len(poll.reading.items) + len(rejected) == len(parts)
    ids = [item.id for item in poll.reading.items]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_named_layout_reads_the_same_as_the_detected_one(case: Path) -> None:
    detected, named = polled(case), polled(case, case.parent.name)
    assert named.reading.items == detected.reading.items
    assert named.verdict == detected.verdict
    if detected.reading.items:
        assert case.parent.name in detected.reading.layout.split("+")


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_fixtures_are_whole(case: Path) -> None:
    """Every page that the case names is there, every file is named, and the poll asks for all of them."""
    pages = stated(case)["pages"]
    files = {path.name for path in case.iterdir()} - {"case.toml", "expected.json"}
    assert set(pages.values()) == files
    asked = [page.url for page, _, _ in polled(case).pages] + polled(case).continued
    assert {path_of(url) for url in asked} == set(pages)
    assert not polled(case).failures


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_goldens_are_made_of_what_stands_on_the_pages(case: Path) -> None:
    golden = (case / "expected.json").read_text("utf-8")
    assert REPLACEMENT not in golden
    decoded = [
        charset.decode((case / name).read_bytes(), stated(case).get("content_type"))
        for name in stated(case)["pages"].values()
    ]
    assert not any(REPLACEMENT in page.text for page in decoded)
    printed = "".join("".join(page.text.split()) for page in decoded)
    items = expected(case).get("items", [])
    for each in [*items, *expected(case).get("rejections", [])]:
        # A section's title is its heading and the headline, which stand apart on the page.
        assert all("".join(part.split()) in printed for part in each["title"].split("：", 1)), each["title"]


def test_a_page_of_no_family_has_no_layout() -> None:
    tree = layouts.detect(parse("<html><body><p>一页没有版面的文字</p></body></html>"))
    assert (tree.name, tree.pages, tree.articles, tree.article) == ("", None, None, None)


def test_a_name_that_is_not_auto_excludes_the_other_families() -> None:
    page = parse("<div id=paper-content><p>正文</p></div>")
    assert layouts.detect(page).article is not None
    assert layouts.detect(page, "sckjw").article is not None
    assert layouts.detect(page, "no-such-family").article is None
