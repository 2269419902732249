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
from feeds.site.asked import Asked, Found
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


def searching(made: Shelf, region: str = "", column: str = "", source: str = "") -> Any:
    wanted = Asked(region=region, column=column, source=source)
    body = asked.search(made, wanted, Selection(), Found()).body
    return html.document_fromstring(body.decode())


def names(page: Any, field: str) -> list[str]:
    return [each.text for each in page.xpath(f"//select[@id='{field}']/option")]


@pytest.mark.parametrize("region", ["511800", "511826"])
def test_below_the_chosen_prefecture_a_search_offers_its_counties(region: str) -> None:
    page = searching(country(), region=region)
    offered = names(page, "region")
    at = offered.index("　雅安市")
    assert offered[at + 1] == "　　雨城区"
    assert "　　芦山县" in offered[at:]
    assert "　　汶川县" not in offered
    assert len(offered) == len(set(page.xpath("//select[@id='region']/option/@value")))
    assert page.xpath("//select[@id='region']/option[@selected]/@value") == [region]
    assert "　　芦山县" not in names(searching(country()), "region")


def test_what_was_chosen_stays_chosen_however_far_down_its_list_it_stands() -> None:
    slugs = [f"column-{n:03}" for n in range(300)]
    made = shelf(*(FeedKey.of(column=slug) for slug in slugs))  # the source has no page yet
    page = searching(made, region="110101", column=slugs[-1], source="min-jiang")
    assert page.xpath("//option[@selected]/@value") == ["110101", slugs[-1], "min-jiang"]
    ticked = picking(made, Selection(columns=(slugs[-1],), sources=("min-jiang",)))
    assert ticked.xpath("//input[@checked]/@value") == [slugs[-1], "min-jiang"]
