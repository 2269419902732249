from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from feeds.compose import address_of, home_of
from feeds.render.opml import opml
from feeds.scope import FeedKey
from tests.feeds.conftest import BASE, NOW


def listed(*paths: str) -> Element:
    feeds = [(FeedKey(path), f"<{path}>\x00") for path in paths]
    root = fromstring(opml(feeds, title="邸报 & \x00友", base_url=BASE, modified=NOW))  # noqa: S314 - our own bytes
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    return root


def tree(node: Element) -> list[Any]:
    """Feeds by their paths, folders as [name, ...]."""
    return [
        (outline.get("text") or "")[1:-1] if outline.get("xmlUrl") else [outline.get("text"), *tree(outline)]
        for outline in node.iterfind("outline")
    ]


def body(root: Element) -> Element:
    found = root.find("body")
    assert found is not None
    return found


def test_regions_are_a_tree_and_the_rest_stands_around_it() -> None:
    root = listed(
        "source/a",
        "region/511826",
        "column/b",
        "region/511800",
        "unclassified",
        "region/110105",
        "region/510000/column/b",
        "region/110000",
        "all",
        "region/510000",
        "region/511803",
    )
    assert tree(body(root)) == [
        "all",
        "unclassified",
        ["北京市", "region/110000", "region/110105"],
        [
            "四川省",
            "region/510000",
            "region/510000/column/b",
            ["雅安市", "region/511800", "region/511803", "region/511826"],
        ],
        ["栏目", "column/b"],
        ["来源", "source/a"],
    ]


def test_a_county_alone_needs_no_folders() -> None:
    assert tree(body(listed("region/511826"))) == ["region/511826"]


def test_a_county_whose_prefecture_is_not_listed_stands_below_its_province() -> None:
    assert tree(body(listed("region/511826", "region/510000"))) == [
        ["四川省", "region/510000", "region/511826"]
    ]


def test_a_region_that_the_gazetteer_does_not_know_goes_by_its_code() -> None:
    assert tree(body(listed("region/999999", "region/999999/column/a"))) == [
        ["999999", "region/999999", "region/999999/column/a"]
    ]


def test_a_list_of_nothing_is_a_list() -> None:
    assert tree(body(listed())) == []


@pytest.mark.parametrize("path", ["all", "region/511826", "region/511826/column/a", "source/a"])
def test_each_feed_is_an_outline_with_its_addresses(path: str) -> None:
    outline = next(each for each in listed(path).iter("outline") if each.get("xmlUrl"))
    key = FeedKey(path)
    assert outline.attrib == {
        "type": "rss",
        "text": f"<{path}>",
        "title": f"<{path}>",
        "xmlUrl": address_of(key, BASE, "atom"),
        "htmlUrl": home_of(key, BASE),
    }


def test_the_head_says_what_and_when() -> None:
    root = listed("all")
    assert root.findtext("head/title") == "邸报 & 友"
    assert parsedate_to_datetime(root.findtext("head/dateModified") or "") == NOW
    assert (root.findtext("head/dateModified") or "").endswith("+0800")


def test_no_outline_is_both_feed_and_folder() -> None:
    root = listed("region/510000", "region/511800", "region/511826", "region/511826/column/a")
    assert not [each for each in root.iter("outline") if each.get("xmlUrl") and len(each)]
