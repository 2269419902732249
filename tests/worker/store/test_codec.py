"""An item comes back whole, and its sort key says where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.model import Author, Block, BlockKind, Edition, Evidence, Item, PageNo, Region, Role
from tests.worker.store import story
from worker.store import codec

FULL = replace(
    story.item("a"),
    blocks=(
        Block(BlockKind.HEADING, "镕喆堃", "<b>镕</b>喆堃"),
        Block(BlockKind.IMAGE, "", url="http://paper.test/a.jpg"),
    ),
    authors=(Author("林小满", Role.REPORTER), Author("县科协", Role.ORGANISATION)),
    regions=(Region("511826", ("四川省", "雅安市", "芦山县"), "heading"),),
    event_date=date(2026, 6, 30),
    event_end=date(2026, 7, 2),
    heading="芦山县",
    pdf="http://paper.test/a.pdf",
    evidence=(Evidence("region", "heading", "芦山县"),),
)


def _again(item: Item) -> Item:
    return codec.item(str(codec.item_row(item, codec.LIVE)["body"]))


@pytest.mark.parametrize("number", [3498, "3498", "总第3498期", None])
@pytest.mark.parametrize("page", ["3", "A01", None])
def test_an_item_comes_back_whole(number: int | str | None, page: str | None) -> None:
    item = replace(FULL, edition=Edition(number, date(2026, 7, 1)), page=PageNo(page, "综合"))
    again = _again(item)
    assert again == item
    assert again.edition is not None
    assert type(again.edition.number) is type(number)
    assert again.published.isoformat() == "2026-07-01T00:00:00+08:00"
    assert _again(replace(item, edition=None, page=None, region=None, column=None)).edition is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_title_comes_back(title: str) -> None:
    assert _again(replace(FULL, title=title)).title == title


def test_pages_are_in_natural_order() -> None:
    pages = [None, "3", "3A", "10", "A1", "A2", "A10", "B1"]
    assert sorted(pages, key=codec.page_sort) == pages
    assert codec.page_sort("A01") == codec.page_sort("A1")


@given(st.lists(st.tuples(st.sampled_from(["1", "2", "10", "A1"]), st.integers(0, 200), st.integers(0, 30))))
def test_the_sort_key_is_source_page_position_section(places: list[tuple[str, int, int]]) -> None:
    items = [story.item("x", page=page, position=p, section=s) for page, p, s in places]
    order = ["1", "2", "10", "A1"]
    told = sorted(places, key=lambda place: (order.index(place[0]), *place[1:]))
    keys = sorted(codec.place(item) for item in items)
    assert keys == [codec.place(story.item("x", page=page, position=p, section=s)) for page, p, s in told]


def test_the_items_of_an_edition_share_its_key() -> None:
    assert codec.edition_key(story.item("a")) == codec.edition_key(story.item("b", page="2"))
    assert codec.edition_key(story.item("a")) != codec.edition_key(story.item("a", on=1))
    assert codec.edition_key(story.item("a")) != codec.edition_key(story.item("a", source="other"))
    assert codec.edition_key(story.item("a", edition=False)) is None
    assert codec.edition_key(replace(FULL, edition=Edition())) is None
