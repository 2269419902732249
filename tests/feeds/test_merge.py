from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from json import loads as decode

import feedparser

from bulletins.model import Block, BlockKind, Item
from feeds import merge
from feeds.render import documents
from feeds.selection import Selection
from tests.feeds.schemas import check
from tests.support.newsroom import COLUMNS, FORMATS, ITEMS, SOURCES


def titled(title: str, *paragraphs: str, name: str = "x") -> Item:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return replace(ITEMS[0], id=f"tag:dibao.example,2026:min-jiang/{name}", title=title, blocks=blocks)


def kept(items: list[Item], **asked: object) -> list[str]:
    return [item.title for item in merge.chosen(items, replace(Selection(), **asked))]  # type: ignore[arg-type]  # fields by name


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
    def endless() -> Iterator[Item]:
        n = 0
        while True:
            n += 1
            yield titled(f"{'茶' if n % 3 == 0 else '米'}{n}")

    chosen = merge.chosen(endless(), Selection(words=("茶",), limit=4))
    assert [item.title for item in chosen] == ["茶3", "茶6", "茶9", "茶12"]


def test_what_says_the_same_is_shown_once() -> None:
    items = [
        titled("关于开展科普月的通知", "各县（区）：", "请认真组织。", name="a"),
        titled("关于开展科普月的通知 ", "各县(区):", "请 认真组织", name="b"),
        titled("关于开展科普月的通知", "各县（区）：", "请按时组织。", name="c"),
    ]
    assert [item.id[-1] for item in merge.chosen(items, Selection(collapse=True))] == ["a", "c"]
    assert len(merge.chosen(items, Selection())) == 3


def test_the_feed_names_itself_and_what_it_selects() -> None:
    selection = Selection(regions=("511826", "513221"), words=("茶园",), without=("广告",))
    feed = merge.merged(selection, ITEMS, base_url="http://dibao.example/", columns=COLUMNS, sources=SOURCES)
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
    feed = merge.merged(Selection(), (), base_url="http://dibao.example", columns={}, sources={})
    for document in documents(feed, ("rss", "atom")):
        parsed = feedparser.parse(document.body)
        assert (parsed.bozo, parsed.entries, parsed.feed.title) == (False, [], "全部 · 邸报")
