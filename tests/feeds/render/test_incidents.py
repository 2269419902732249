"""What is wrong with the service, as a feed of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from feeds.render.incidents import Notice, incidents
from tests.feeds.schemas import check

AT = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)
PAGE = "status/incidents/1/"
OPENED = Notice(
    "tag:dibao.test,2026:incident/1/opened",
    "岷江报：版式有变 <b>",
    ("原因：no list\x00 & more", ""),
    PAGE,
    AT,
)
CLOSED = Notice(
    "tag:dibao.test,2026:incident/1/closed",
    "已恢复 · 岷江报",
    ("历时：1:00:00",),
    PAGE,
    AT + timedelta(hours=1),
)


def made(suffix: str, *notices: Notice) -> bytes:
    document = incidents(notices, suffix, base_url="http://dibao.test", authority="dibao.test,2026")
    assert document is not None
    assert document.path == f"feeds/health.{suffix}"
    return document.body


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_each_notice_is_an_entry(suffix: str) -> None:
    feed = feedparser.parse(made(suffix, CLOSED, OPENED))
    assert not feed.bozo, feed.bozo_exception
    assert [entry.id for entry in feed.entries] == [CLOSED.id, OPENED.id]
    assert [entry.title for entry in feed.entries] == [CLOSED.title, "岷江报：版式有变 ＜b>"]  # as any title
    assert feed.entries[1].published.startswith(("2026-10-14T09:00:00", "Wed, 14 Oct 2026 09:00:00"))
    text = feed.entries[1].summary if suffix == "rss" else feed.entries[1].content[0].value
    assert text == "<p>原因：no list &amp; more</p>"
    assert feed.entries[0].link == "http://dibao.test/status/incidents/1/"


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_it_is_a_feed_like_the_others(suffix: str) -> None:
    """With the house's icon and language; no two entries of one outage bear the same moment."""
    other = replace(OPENED, id=OPENED.id.replace("/1/", "/2/"))
    body = made(suffix, CLOSED, other, OPENED)
    assert b"http://dibao.test/assets/icon.png" in body
    assert b"zh-CN" in body or b"zh-cn" in body
    if suffix == "atom":
        moments = [entry.updated for entry in feedparser.parse(body).entries]
        assert moments == sorted(set(moments), reverse=True)


def test_json_says_the_same() -> None:
    """By the schema of every JSON Feed, also where a notice has no words but its title."""
    feed = json.loads(made("json", CLOSED, OPENED))
    check("jsonfeed", feed)
    check("jsonfeed", json.loads(made("json", replace(OPENED, paragraphs=("",)))))
    assert [(item["id"], item["title"]) for item in feed["items"]] == [
        (one.id, one.title) for one in (CLOSED, OPENED)
    ]
    assert feed["items"][1]["content_html"] == "<p>原因：no list &amp; more</p>"
    assert feed["items"][1]["date_published"] == "2026-10-14T09:00:00+08:00"


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_without_incidents_it_is_an_empty_feed_of_stable_bytes(suffix: str) -> None:
    assert made(suffix) == made(suffix)
    if suffix != "json":
        assert not feedparser.parse(made(suffix)).bozo


def test_there_is_no_other_format() -> None:
    assert incidents([], "xml", base_url="http://dibao.test", authority="dibao.test,2026") is None
