"""Feeds of ordinary items and of the worst ones, by the rules of the W3C's feed validator."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import feedparser
import pytest

from bulletins.changes import apart
from bulletins.model import Change, ChangeKind, Item
from feeds.compose import Feed, Tombstone, compose
from feeds.render.archive import archive
from feeds.render.syndication import atom, rss
from feeds.scope import ALL, FeedKey
from tests.feeds import making
from tests.feeds.conftest import BASE, COLUMNS, NOW, SOURCES, item
from tests.feeds.validity import ATOM, check_atom, check_rss, entries_of, parsed


def _apart(items: list[Item]) -> list[Item]:
    """The items of one poll, as they are stored."""
    read = [Change(each, ChangeKind.NEW) for each in items]
    return [change.item for change in apart(read)]


ORDINARY = _apart(
    [item(n, updated=NOW - timedelta(days=1), pdf="http://paper.example/3.pdf") for n in range(9)]
)
WORST = _apart(list(making.WORST.values()))


def _feed(items: list[Item], key: FeedKey = ALL, stones: tuple[Tombstone, ...] = ()) -> Feed:
    return compose(
        key, items, base_url=BASE, columns=COLUMNS, sources=SOURCES, tombstones=stones, archive="2026-03"
    )


FEEDS = {
    "ordinary": _feed(ORDINARY, FeedKey("region/511826")),
    "worst": _feed(WORST),
    "buried": _feed(ORDINARY[:2], stones=(Tombstone("tag:dibao.example,2026:paper/x", NOW),)),
    "none": _feed([]),
}
every_feed = pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)


@every_feed
def test_rss_by_the_validators_rules(feed: Feed) -> None:
    check_rss(rss(feed), feed.address("rss"))


@every_feed
def test_atom_by_the_validators_rules(feed: Feed) -> None:
    check_atom(atom(feed), feed.address("atom"))


def test_a_month_of_an_archive_by_the_validators_rules() -> None:
    made = archive(_feed([]), "2026-03", (), previous="2026-01", following="2026-04")
    check_atom(made.body, f"{BASE}/feeds/all/archive/2026-03.atom")


@pytest.mark.parametrize("render", [rss, atom])
@every_feed
def test_content_is_escaped_once(feed: Feed, render: Any) -> None:
    for entry in feedparser.parse(render(feed), sanitize_html=False).entries:
        assert not re.search(r"&(amp;)*lt;(p|a|img|figure)[ &]", entry.content[0].value)


@pytest.mark.parametrize("render", [rss, atom])
def test_texts_come_whole(render: Any) -> None:
    body = render(_feed(WORST))
    read = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    by_id = {entry.id: entry for entry in read.entries}
    assert list(by_id) == [each.id for each in WORST]

    def content(name: str) -> str:
        return str(by_id[making.WORST[name].id].content[0].value)

    def title(name: str) -> str:
        return str(by_id[making.WORST[name].id].title)

    assert title("illegal").startswith("甲")
    assert title("illegal").endswith("乙")
    assert title("bidi") == "文件"
    assert content("huge").count("长") == 700_000
    assert "底" in content("nested")
    assert content("images").count("<img ") == 1000
    assert 'src="http://paper.example/p.jpg"' in content("picture")
    assert title("empty") == "（无标题）"
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", body.decode())


def test_addresses_with_blanks_and_chinese_are_escaped_once() -> None:
    (entry,) = entries_of(parsed(atom(_feed([making.WORST["blanks"]]))))
    links = {link.get("rel"): link.get("href") for link in entry.iterfind(f"{ATOM}link")}
    assert links["alternate"].startswith(
        "http://paper.example/a%20b/%E4%B8%AD%E6%96%87.html?%E6%A0%87%E9%A2%98="
    )
    assert links["alternate"].endswith("#:~:text=%E8%8A%A6%E5%B1%B1%E5%8E%BF%20%2D%20%E4%B8%80%E3%80%81")
    assert links["enclosure"] == "http://paper.example/%E7%89%88%20%E9%9D%A2/%E4%B8%89.pdf"
