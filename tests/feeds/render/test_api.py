from __future__ import annotations

from dataclasses import replace

import pytest

from bulletins.model import Content, Evidence
from feeds.render import api
from tests.feeds.schemas import check
from tests.support.newsroom import ITEMS, SOURCE

ITEM = replace(ITEMS[0], evidence=(Evidence("event_date", "text", "3月4日，芦山县科协请来"),))
FIRST = ITEM.paragraphs[0]


@pytest.mark.parametrize(
    ("extent", "paragraphs"),
    [(Content.FULL, list(ITEM.paragraphs)), (Content.SUMMARY, [FIRST]), (Content.LINK, [])],
)
def test_no_more_text_than_the_source_lets_republish(extent: Content, paragraphs: list[str]) -> None:
    made = api.item(ITEM, replace(SOURCE, content=extent))
    check("item", made)
    assert made["paragraphs"] == paragraphs
    assert [block["text"] for block in made["blocks"]] == paragraphs
    assert (made["evidence"][0]["text"] == "") is (extent is not Content.FULL)
    assert made["title"] == ITEM.title


def test_a_source_that_nobody_vouches_for_gives_a_link() -> None:
    made = api.item(ITEM, None)
    assert (made["paragraphs"], made["evidence"][0]["text"]) == ([], "")


def test_an_event_holds_to_the_policy_too() -> None:
    sources = {SOURCE.id: replace(SOURCE, content=Content.LINK)}
    made = api.event(7, "corrected", ITEM.id, ITEM.updated, ITEM, sources)
    check("changes", {"events": [made], "next": 7, "more": False})
    assert FIRST not in str(made)
    gone = api.event(8, "withdrawn", ITEM.id, ITEM.updated, None, sources)
    check("changes", {"events": [gone], "next": 8, "more": False})


def test_a_page_of_items() -> None:
    made = api.items(ITEMS, {}, further="http://dibao.example/api/v1/items?cursor=x", seq=7)
    check("items", made)
    assert len(made["items"]) == len(ITEMS)
