"""The lists of the JSON API over real HTTP: pages, filters and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.feeds.schemas import check
from tests.support.door import Opened, name_columns, opened
from tests.worker.store import story

ITEMS = (
    story.item("tea", on=3),
    story.item("plum", on=2, region="513221"),
    story.item("old", on=0, column=None),
)
KEYS = {"feeds": "key", "regions": "code", "columns": "slug", "sources": "id"}
SCHEMAS = {"feeds": "feedlist", "regions": "regions", "columns": "columns", "sources": "sources"}


@pytest.fixture
def web(sqlite_url: str, tmp_path: Path) -> Iterator[Opened]:
    with opened(sqlite_url, tmp_path, {"paper": {}, "other": {"publish": {"content": "link"}}}) as door:
        name_columns(door.store)
        story.bring(door.store, *ITEMS)
        yield door


def listed(web: Opened, name: str, query: str = "") -> list[dict[str, Any]]:
    """All pages of a list, each held to its schema."""
    lines: list[dict[str, Any]] = []
    address = f"/api/v1/{name}?{query}"
    while address:
        reply = web.client.get(address)
        assert reply.status_code == 200, reply.text
        assert reply.headers["access-control-allow-origin"] == "*"
        value = reply.json()
        check(SCHEMAS[name], value)
        lines += value[name]
        further = urlsplit(value["next"] or "")
        assert further.netloc in ("", "dibao.test")
        address = f"{further.path}?{further.query}" if further.path else ""
    return lines


def keys(web: Opened, name: str, query: str = "") -> list[str]:
    return [line[KEYS[name]] for line in listed(web, name, query)]


@pytest.mark.parametrize("name", KEYS)
def test_pages_are_the_whole_in_order_whatever_their_size(web: Opened, name: str) -> None:
    whole = listed(web, name)
    assert [line[KEYS[name]] for line in whole] == sorted(line[KEYS[name]] for line in whole)
    for limit in (1, 2, len(whole)):
        assert listed(web, name, f"limit={limit}") == whole


def test_what_comes_meanwhile_repeats_nothing(web: Opened) -> None:
    first = web.client.get("/api/v1/regions?limit=2").json()
    story.bring(web.store, story.item("new", region="110105"))
    further = urlsplit(first["next"])
    second = web.client.get(f"{further.path}?{further.query}").json()
    codes = [line["code"] for line in (*first["regions"], *second["regions"])]
    assert codes == ["510000", "511800", "511826", "513200"]


def test_each_list_can_be_narrowed(web: Opened) -> None:
    assert keys(web, "regions") == ["510000", "511800", "511826", "513200", "513221"]
    assert keys(web, "regions", "region=511800") == ["511800", "511826"]
    assert keys(web, "regions", "region=511826,513200") == ["511826", "513200", "513221"]
    assert keys(web, "columns") == keys(web, "columns", "region=513221") == ["xiang-cun-ke-tang"]
    assert keys(web, "columns", "region=110000") == []
    assert keys(web, "sources") == ["other", "paper"]
    assert keys(web, "feeds", "source=paper") == ["source/paper"]
    assert keys(web, "feeds", "region=513221") == ["region/513221", "region/513221/column/xiang-cun-ke-tang"]
    assert keys(web, "feeds") == [line["key"] for line in web.client.get("/feeds.json").json()["feeds"]]


def test_each_line_says_what_it_is_about(web: Opened) -> None:
    lushan = listed(web, "regions", "region=511826")[0]
    assert (lushan["name"], lushan["path"], lushan["items"]) == ("芦山县", ["四川省", "雅安市", "芦山县"], 2)
    assert lushan["home"] == "http://dibao.test/region/511826/"
    assert lushan["urls"]["atom"] == "http://dibao.test/feeds/region/511826.atom"
    (column,) = listed(web, "columns")
    assert (column["name"], column["items"]) == ("乡村课堂", 2)
    other, paper = listed(web, "sources")
    assert (paper["name"], paper["state"], paper["content"], paper["items"]) == (
        "山乡科普报",
        "ok",
        "full",
        3,
    )
    assert (other["state"], other["content"], other["items"]) == (None, "link", 0)  # never polled
    assert other["urls"]["rss"] == "http://dibao.test/feeds/source/other.rss"  # it can be subscribed to


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("regions?region=999999", "region"),
        ("regions?column=xiang-cun-ke-tang", "'column'"),
        ("feeds?source=nobody", "source"),
        ("feeds?limit=501", "limit"),
        ("feeds?limit=0", "limit"),
        ("sources?cursor=a&cursor=b", "cursor"),
        ("sources?region=510000", "'region'"),
        ("columns?" + "&".join(["region=510000"] * 201), "query"),
    ],
)
def test_what_cannot_be_honoured_is_named(web: Opened, address: str, parameter: str) -> None:
    reply = web.client.get(f"/api/v1/{address}")
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    check("problem", reply.json())
    assert reply.json()["parameter"] == parameter


def test_a_cursor_of_any_kind_is_a_place_in_the_order(web: Opened) -> None:
    for cursor in ("", "~", "%00", "区域"):
        assert web.client.get(f"/api/v1/feeds?cursor={cursor}").status_code == 200


def test_an_item_is_found_by_an_id_that_it_had_before(web: Opened) -> None:
    with web.store.edit("test") as txn:
        txn.alias({"tag:paper.test,2026:paper/before": ITEMS[0].id})
    assert web.client.get("/api/v1/items/tag:paper.test,2026:paper/before").json()["id"] == ITEMS[0].id
