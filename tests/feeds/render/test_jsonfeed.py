from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.model import Author, Content, Region, Role
from feeds import permalinks, safe
from feeds.compose import Feed, alternate, compose
from feeds.records import record
from feeds.render.jsonfeed import jsonfeed
from feeds.scope import ALL, FeedKey
from tests.feeds.conftest import BASE, COLUMNS, SOURCE, SOURCES, item, paragraph
from tests.feeds.schemas import check


def feed_of(*items: Any, key: FeedKey = ALL) -> Feed:
    return compose(key, items, base_url=BASE, columns=COLUMNS, sources=SOURCES)


BARE = item(2, blocks=(), authors=(), region=None, regions=(), column=None, edition=None, page=None)
GONE = item(3, source="gone", pdf="javascript:alert(1)")
SECTION = item(4, section=1, heading="芦山县", pdf="http://paper.example/3.pdf")


@pytest.mark.parametrize("feed", [feed_of(), feed_of(item(), BARE, GONE, SECTION)], ids=["none", "some"])
def test_a_json_feed_holds_to_its_schema(feed: Feed) -> None:
    body = jsonfeed(feed)
    check("jsonfeed", json.loads(body))
    assert jsonfeed(feed) == body


def test_a_json_feed_has_the_members_of_version_1_1() -> None:
    feed = feed_of(item(), SECTION, key=FeedKey("region/511826"))
    made = json.loads(jsonfeed(feed))
    assert made["version"] == "https://jsonfeed.org/version/1.1"
    assert made["home_page_url"] == f"{BASE}/region/511826/"
    assert made["feed_url"] == f"{BASE}/feeds/region/511826.json"
    assert made["_dibao"] == {"about": f"{BASE}/", "key": "region/511826"}
    first, second = made["items"]
    assert first["id"] == item().id
    assert first["url"] == item().link
    assert first["authors"] == [{"name": "周小满"}, {"name": "吴禾"}]
    assert first["tags"] == ["四川省", "雅安市", "芦山县", "地方科协"]
    assert first["date_published"] == "2026-03-06T00:00:00+08:00"
    assert "attachments" not in first
    assert second["url"] == alternate(SECTION)
    assert second["attachments"] == [{"url": SECTION.pdf, "mime_type": "application/pdf"}]


def test_the_extension_says_what_the_items_record_says() -> None:
    extension = json.loads(jsonfeed(feed_of(item())))["items"][0]["_dibao"]
    source = extension.pop("source")
    assert source == {"id": SOURCE.id, "name": SOURCE.name, "url": SOURCE.url}
    assert extension.pop("permalink") == permalinks.address(item().id, BASE)
    full = record(item())
    assert extension == {name: full[name] for name in extension}
    assert extension["region"]["code"] == "511826"


def test_a_source_that_is_gone_has_no_address() -> None:
    made = json.loads(jsonfeed(feed_of(GONE)))["items"][0]
    assert made["_dibao"]["source"] == {"id": "gone", "name": "gone", "url": None}
    assert "attachments" not in made


def test_only_as_much_text_is_published_as_the_operator_allows() -> None:
    feed = replace(feed_of(item()), sources={SOURCE.id: replace(SOURCE, content=Content.LINK)})
    body = jsonfeed(feed).decode()
    assert "技术员" not in body
    made = json.loads(body)["items"][0]
    assert (
        made["content_text"]
        == made["summary"]
        == "来源：山湖科技报，第812期，2026年3月6日，第3版“科协之窗”。"
    )


any_text = st.text(st.characters(exclude_categories=()), max_size=40)


@given(title=any_text, text=any_text, name=any_text, place=any_text)
def test_any_text_gives_a_json_feed_that_readers_read(title: str, text: str, name: str, place: str) -> None:
    made = item(
        title=title,
        blocks=(paragraph(text),),
        authors=(Author(name, Role.REPORTER),),
        region=Region("511826", ("四川省", place), "heading"),
    )
    body = json.loads(jsonfeed(feed_of(made)))
    check("jsonfeed", body)
    assert safe.value(body) == body


def test_hubs_are_named_where_there_are_any() -> None:
    feed = replace(feed_of(item()), hubs=("https://hub.example/",))
    made = json.loads(jsonfeed(feed))
    check("jsonfeed", made)
    assert made["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert "hubs" not in json.loads(jsonfeed(feed_of(item())))
