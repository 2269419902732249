from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from json import loads as decode
from typing import Any

import feedparser
import pytest

from bulletins.model import Block, BlockKind, Item
from feeds import merge, permalinks
from feeds.merge import Candidate, Kin
from feeds.render import documents
from feeds.selection import Selection
from tests.feeds.schemas import check
from tests.support.newsroom import COLUMNS, FORMATS, ITEMS, SOURCES


def titled(title: str, *paragraphs: str, name: str = "x") -> Item:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return replace(ITEMS[0], id=f"tag:dibao.example,2026:min-jiang/{name}", title=title, blocks=blocks)


def kept(items: list[Item], **asked: object) -> list[str]:
    selection = replace(Selection(), **asked)  # type: ignore[arg-type]  # fields by name
    return [one.item.title for one in merge.chosen(map(Candidate, items), selection)]


def test_words_are_looked_for_in_title_and_text() -> None:
    items = [titled("茶园里的课", "修剪讲起"), titled("樱桃树下", "技术员在茶园"), titled("柠檬", "专家大院")]
    assert kept(items, words=("茶园",)) == ["茶园里的课", "樱桃树下"]
    assert kept(items, words=("茶园", "柠檬")) == ["茶园里的课", "樱桃树下", "柠檬"]  # any of them
    assert kept(items, words=("茶园 樱桃",)) == ["樱桃树下"]  # both
    assert kept(items, without=("茶园",)) == ["柠檬"]
    assert kept(items, words=("茶园",), without=("樱桃", "修剪")) == []


def test_width_and_case_do_not_matter() -> None:
    items = [titled("ＤＮＡ检测", "５Ｇ基站")]
    assert kept(items, words=("dna",)) == kept(items, words=("5g",)) == ["ＤＮＡ检测"]


def test_the_limit_counts_what_is_let_through_and_no_more_is_read() -> None:
    def endless() -> Iterator[Candidate]:
        n = 0
        while True:
            n += 1
            yield Candidate(titled(f"{'茶' if n % 3 == 0 else '米'}{n}"))

    chosen = merge.chosen(endless(), Selection(words=("茶",), limit=4))
    assert [one.item.title for one in chosen] == ["茶3", "茶6", "茶9", "茶12"]


PROVINCE, CITY, COUNTY = (
    replace(
        titled("关于开展科普月的通知", "请认真组织。", name=name),
        source=name,
        first_seen=ITEMS[0].first_seen + timedelta(hours=n),
        published=ITEMS[0].published + timedelta(days=2 - n),
    )
    for n, name in enumerate(("province", "city", "county"))
)


def cluster(*inside: Item) -> list[Candidate]:
    """The notice as it stands in the feeds of a selection that has these."""
    every = (PROVINCE, CITY, COUNTY)
    return [
        Candidate(item, tuple(Kin(one, one in inside) for one in every if one is not item)) for item in inside
    ]


@pytest.mark.parametrize(
    ("inside", "asked", "stands"),
    [
        ((PROVINCE, CITY, COUNTY), {}, ["province"]),
        ((COUNTY, PROVINCE), {}, ["province"]),
        ((COUNTY, CITY), {}, ["city"]),  # the province's is about another place
        ((COUNTY,), {}, ["county"]),
        ((CITY, COUNTY), {"sources": ("county",)}, ["county"]),
        ((CITY, COUNTY), {"words": ("茶园",)}, []),
    ],
)
def test_the_first_that_the_selection_has_stands_for_a_notice(
    inside: tuple[Item, ...], asked: dict[str, Any], stands: list[str]
) -> None:
    selection = Selection(collapse=True, **asked)
    within = [
        one for one in cluster(*inside) if not asked.get("sources") or one.item.source in asked["sources"]
    ]
    assert [one.item.source for one in merge.chosen(within, selection)] == stands


def test_what_the_selection_no_longer_reaches_back_to_stands_for_nothing() -> None:
    since = CITY.published
    early = replace(PROVINCE, published=since - timedelta(days=1))
    found = merge.chosen([Candidate(CITY, (Kin(early, True),))], Selection(collapse=True, since=since))
    assert [one.item for one in found] == [CITY]


def test_the_rest_are_named_in_every_format() -> None:
    chosen = merge.chosen(cluster(PROVINCE, CITY, COUNTY), Selection(collapse=True))
    sources = {
        name: replace(SOURCES["min-jiang"], id=name, name=f"{name}日报") for name in ("province", "city")
    }
    feed = merge.merged(
        Selection(collapse=True),
        chosen,
        base_url="http://dibao.example",
        authority="dibao.example,2026",
        columns={},
        sources=sources,
    )
    rss, atom, json = documents(feed, FORMATS)
    page = permalinks.address(CITY.id, "http://dibao.example")
    words = f'另见：<a href="{page}" rel="noopener noreferrer">city日报（芦山县）</a>、'
    (entry,) = feedparser.parse(rss.body).entries
    assert words in entry.content[0].value
    (entry,) = feedparser.parse(atom.body).entries
    assert words in entry.content[0].value
    assert [link.href for link in entry.links if link.rel == "related"][1] == page
    value = decode(json.body)
    check("jsonfeed", value)
    (made,) = value["items"]
    assert [one["name"] for one in made["_dibao"]["also_in"]] == ["city日报（芦山县）", "county（芦山县）"]
    assert words in made["content_html"]


def test_the_feed_names_itself_and_what_it_selects() -> None:
    selection = Selection(regions=("511826", "513221"), words=("茶园",), without=("广告",))
    feed = merge.merged(
        selection,
        [Candidate(item) for item in ITEMS],
        base_url="http://dibao.example/",
        authority="other.example,2020",
        columns=COLUMNS,
        sources=SOURCES,
    )
    assert feed.title == "芦山县、汶川县 · “茶园” · 不含“广告” · 邸报"
    rss, atom, json = documents(feed, FORMATS)
    query = "region=511826,513221&q=%E8%8C%B6%E5%9B%AD&not=%E5%B9%BF%E5%91%8A"
    for document, suffix in ((rss, "rss"), (atom, "atom")):
        parsed = feedparser.parse(document.body)
        assert not parsed.bozo
        (own,) = [link.href for link in parsed.feed.links if link.rel == "self"]
        assert own == f"http://dibao.example/feeds/merge.{suffix}?{query}"
    assert feedparser.parse(atom.body).feed.id == f"tag:dibao.example,2026:feeds/merge?{query}"

    value = decode(json.body)
    check("jsonfeed", value)
    assert value["feed_url"] == f"http://dibao.example/feeds/merge.json?{query}"


def test_an_empty_selection_is_a_feed() -> None:
    feed = merge.merged(
        Selection(),
        (),
        base_url="http://dibao.example",
        authority="dibao.example,2026",
        columns={},
        sources={},
    )
    (atom,) = documents(feed, ("atom",))
    assert feedparser.parse(atom.body).feed.id == "tag:dibao.example,2026:feeds/merge"
    for document in documents(feed, ("rss", "atom")):
        parsed = feedparser.parse(document.body)
        assert (parsed.bozo, parsed.entries, parsed.feed.title) == (False, [], "全部 · 邸报")
