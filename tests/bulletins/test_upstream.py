"""Somebody else's feed as a source: RSS, Atom and JSON Feed; ids kept, summaries followed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bulletins import upstream
from bulletins.model import PageKind, PollStatus, Source
from tests.support.reader import Poll

NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
HOME = "http://feeds.example/rss.xml"
SOURCE = Source("up", "上游", HOME, region="511826")
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>芦山科普</title>
<item><title>飞仙关镇修好了水渠</title><link>/a/1.html</link>
<guid isPermaLink="false">x-1#a</guid>
<pubDate>Thu, 19 Mar 2026 22:30:00 GMT</pubDate><category>要闻</category>
<content:encoded><![CDATA[<p>3月19日，飞仙关镇的水渠修好了。</p><p>（记者 高新竹）</p>]]></content:encoded>
</item>
<item><title>大川镇开了夜校</title><link>/a/2.html</link><guid>x-1#b</guid>
<pubDate>Wed, 18 Mar 2026 01:00:00 GMT</pubDate><description>大川镇的夜校开课了……</description></item>
<item><title>宝盛乡的路灯亮了</title><link>/a/3.html</link><guid>x-3</guid><description>路灯亮了…</description></item>
</channel></rss>"""
PAGE = """<html><head><meta charset=utf-8><meta name="ArticleTitle" content="大川镇开了夜校">
<meta name="PubDate" content="2026-03-18 09:00"></head><body><h1>大川镇开了夜校</h1>
<div id="zoom"><p>3月17日，大川镇的夜校开课了，四十名村民来学记账。</p><p>夜校每周两晚。</p>
</div></body></html>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>某科协</title><entry><id>urn:uuid:7</id>
<title>思延镇</title><link href="http://feeds.example/7"/><updated>2026-03-18T08:00:00+08:00</updated>
<content type="html">&lt;p&gt;思延镇的猕猴桃剪了枝。&lt;/p&gt;</content></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "某县", "items": [{"id": "9", "url": "/9",
"title": "龙门镇", "content_text": "龙门镇的古树挂了牌。\\n一共三十棵。",
"date_published": "2026-03-18T08:00:00+08:00",
"authors": [{"name": "本报记者 邱实"}]}]}"""


def polled(feed: str, pages: Mapping[str, str] | None = None) -> Poll:
    routes = {HOME: feed, **(pages or {})}
    return Poll(SOURCE, NOW, lambda url: routes[url].encode() if url in routes else None)


def test_whole_entries_are_items_with_the_feeds_own_ids() -> None:
    poll = polled(RSS, {"http://feeds.example/a/2.html": PAGE})
    first, *_ = poll.reading.items
    assert (poll.reading.kind, poll.reading.layout.split("+")[0]) == (PageKind.FEED, "feed")
    assert first.id == "tag:localhost,2026:up/x-1%23a"
    assert first.link == "http://feeds.example/a/1.html"
    assert first.published.isoformat() == "2026-03-20T06:30:00+08:00"
    assert first.column
    assert (first.column.name, [author.name for author in first.authors]) == ("要闻", ["高新竹"])


def test_a_summary_is_followed_and_stands_where_its_page_cannot_be_had() -> None:
    poll = polled(RSS, {"http://feeds.example/a/2.html": PAGE})
    told = {item.title: item for item in poll.reading.items}
    assert len(poll.reading.items) == 3
    followed = told["大川镇开了夜校"]
    assert followed.id == "tag:localhost,2026:up/x-1%23b"
    assert [block.text for block in followed.blocks][-1] == "夜校每周两晚。"
    assert told["宝盛乡的路灯亮了"].paragraphs == ("路灯亮了…",)


@pytest.mark.parametrize(
    ("feed", "key", "title", "text"),
    [(ATOM, "uuid:7", "思延镇", "思延镇的猕猴桃剪了枝。"), (JSON, "9", "龙门镇", "一共三十棵。")],
)
def test_atom_and_json_feed(feed: str, key: str, title: str, text: str) -> None:
    (item,) = polled(feed).reading.items
    assert (item.id, item.title) == (f"tag:localhost,2026:up/{key}", title)
    assert item.paragraphs[-1] == text
    assert item.published.isoformat() == "2026-03-18T08:00:00+08:00"


def test_an_empty_feed_is_a_quiet_day_and_a_broken_one_a_fault() -> None:
    quiet = polled('<rss version="2.0"><channel><title>空</title></channel></rss>')
    assert quiet.verdict.status == PollStatus.QUIET
    broken = polled('<rss version="2.0"><channel><title>断<item>')
    assert broken.verdict.status == PollStatus.LAYOUT_CHANGED
    assert "not well-formed" in broken.verdict.reason


def test_a_page_of_html_is_no_feed() -> None:
    assert not upstream.is_feed(b"<!DOCTYPE html><html><body><p>rss</p></body></html>")
