"""The forms that ask: nothing that was chosen is lost, and nothing can be chosen twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from bulletins.regions import children
from feeds.scope import FeedKey
from feeds.selection import Selection
from feeds.site import Entry, Shelf, asked
from tests.support import newsroom

BASE = "https://dibao.example/news"


def shelf(*keys: FeedKey) -> Shelf:
    made = {key: Entry(key, key.path, 1, newsroom.MODIFIED, newsroom.MODIFIED) for key in keys}
    return replace(newsroom.shelf(BASE), entries=made)


def country() -> Shelf:
    """More regions than are shown at once: the prefectures and counties of three provinces."""
    codes = ("510000", "440000", "370000")
    cities = [city.code for province in codes for city in children(province)]
    counties = [county.code for city in cities for county in children(city)]
    assert len(counties) > 400
    return shelf(*(FeedKey.of(region=code) for code in (*codes, *cities, *counties)))


def picking(made: Shelf, selection: Selection, within: str = "") -> Any:
    body = asked.subscribe(made, selection, (), within=within).body
    return html.document_fromstring(body.decode())


@pytest.mark.parametrize("within", ["", "510000", "511800", "440000"])
def test_a_tick_stands_once_so_that_it_can_be_taken_away(within: str) -> None:
    """A province and its prefecture stand in the tree, their counties where they are asked for, or kept."""
    chosen = Selection(regions=("370000", "511800", "511826", "110000"))
    page = picking(country(), chosen, within)
    values = page.xpath("//input[@type='checkbox']/@value")
    assert len(values) == len(set(values))
    assert sorted(page.xpath("//input[@checked]/@value")) == sorted(chosen.regions)
