"""The reference edition: what a careful editor takes from it, item by item and field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bulletins.model import ColumnKind, PollStatus, Source
from tests.support.reader import Poll, as_named, described, path_of
from tests.support.shared import SEED, needed

pytestmark = needed


@pytest.fixture(scope="module")
def wanted() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SEED / "expected.json").read_text("utf-8"))
    return document


@pytest.fixture(scope="module")
def poll(wanted: dict[str, Any]) -> Poll:
    source = Source("sckjb", "四川科技报", f"http://kjb.example{wanted['entry']}", region="510000")

    def get(url: str) -> bytes | None:
        path = path_of(url)
        front = path in ("/", wanted["entry"])
        page = SEED / "site" / ("index.html" if front else f"{path.strip('/')}.html")
        return page.read_bytes() if page.is_file() else None

    return Poll(source, datetime(2024, 8, 2, 1, 0, tzinfo=UTC), get, "text/html; charset=utf-8")


def test_ten_of_ten_items_with_every_field(poll: Poll, wanted: dict[str, Any]) -> None:
    read = [described(item) for item in poll.reading.items]
    assert len(wanted["items"]) == 10
    assert [item["title"] for item in read] == [item["title"] for item in wanted["items"]]
    for item, like in zip(read, wanted["items"], strict=True):
        assert as_named(item, like) == like


def test_nothing_is_left_out_and_nothing_is_wrong(poll: Poll) -> None:
    assert poll.verdict.status == PollStatus.OK
    assert poll.verdict.publish
    assert (poll.failures, poll.reading.rejections, poll.reading.problems) == ([], (), ())
    assert (poll.reading.layout, poll.reading.encoding) == ("sckjw", "utf-8")


def test_sections_are_named_by_their_division_and_stand_under_the_headline(poll: Poll) -> None:
    items = poll.reading.items
    sections = [item for item in items if item.section]
    assert {item.id.rpartition("/")[2] for item in sections} == {
        item.region.code for item in sections if item.region
    }
    assert {item.column.kind for item in sections if item.column} == {ColumnKind.UMBRELLA}
    assert len({item.id for item in items}) == len(items)


def test_a_second_reading_is_the_same(poll: Poll) -> None:
    source = poll.context.source
    again = Poll(source, poll.context.now, {page.url: page.body for page, _, _ in poll.pages}.get)
    assert again.reading.items == poll.reading.items
