"""The rules of the W3C's feed validator, as its source states them, over ordinary items and the worst ones.

Two of its warnings are not ours to heed: of a title that holds an end tag or an entity in RSS, which has no
way to say that it is plain text, and of the namespace of RFC 6721, which it does not know.
"""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from bulletins.changes import apart
from bulletins.model import Change, ChangeKind, Item
from feeds.compose import Feed, Tombstone, compose
from feeds.render.archive import archive
from feeds.render.syndication import atom, rss
from feeds.scope import ALL, FeedKey
from tests.feeds import making
from tests.feeds.conftest import BASE, COLUMNS, NOW, SOURCES, item

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MIME = re.compile(r"[^\s()<>,;:\\\"/[\]?=]+/[^\s()<>,;:\\\"/[\]?=]+")
ABSOLUTE = re.compile(r"(?:https?://[A-Za-z0-9]|tag:)[!-~]*")  # RFC 3986 in ASCII: no blank, no Chinese
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
TAG_URI = re.compile(r"tag:[A-Za-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[!-~]+")  # RFC 4151
RELATIONS = {"alternate", "self", "related", "enclosure", "current", "prev-archive", "next-archive"}


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


def _alike(tree: Any) -> None:
    """What holds of every document: nothing empty, every address absolute, no doubtful character."""
    for element in tree.iter():
        assert element.text is None or element.text.strip() or len(element), element.tag
        assert element.text or len(element) or element.attrib or element.tag.endswith("}archive"), element.tag
        for name in ("href", "url", "scheme", "domain"):
            if name in element.attrib:
                assert ABSOLUTE.fullmatch(element.get(name)), element.get(name)
        if "type" in element.attrib and "href" in element.attrib:
            assert MIME.fullmatch(element.get("type"))
        assert not re.search("[\x80-\x9f\ufffd]", element.text or "")


def _html(text: str) -> None:
    """Content is HTML once escaped, of known elements, with absolute addresses and nothing that runs."""
    assert not re.search(r"&(amp;)*lt;(p|a|img|figure)[ &]", text)
    tree = html.fragment_fromstring(text, create_parent="body")
    for element in tree.iter():
        assert not set(element.attrib) & {"style", "srcset"}, element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "svg",
            "math",
        }
        for name in ("href", "src"):
            if name in element.attrib:
                assert urlsplit(element.get(name)).scheme in ("http", "https"), element.get(name)


def _entries(tree: Any) -> list[Any]:
    return [*tree.iterfind(f"{ATOM}entry"), *tree.iterfind("channel/item")]


@every_feed
def test_rss_by_the_validators_rules(feed: Feed) -> None:
    tree = etree.fromstring(rss(feed), etree.XMLParser(huge_tree=True))
    _alike(tree)
    channel = tree.find("channel")
    own = [link for link in channel.iterfind(f"{ATOM}link") if link.get("rel") == "self"]
    assert [link.get("href") for link in own] == [feed.address("rss")]
    image = channel.find("image")
    assert (image.findtext("title"), image.findtext("link")) == (feed.title, channel.findtext("link"))
    ids = [entry.findtext("guid") for entry in _entries(tree)]
    assert len(set(ids)) == len(ids)
    for date in tree.iter("pubDate", "lastBuildDate"):
        assert RFC822.fullmatch(date.text)
        assert parsedate_to_datetime(date.text).year >= 1990
    for entry in _entries(tree):
        names = [child.tag for child in entry]
        assert names.index("description") < names.index(CONTENT)
        assert "author" not in names
        for name in ("title", "link", "description", "guid", "pubDate", CONTENT):
            assert names.count(name) == 1, name
        assert names.count("enclosure") <= 1
        for enclosure in entry.iterfind("enclosure"):
            assert int(enclosure.get("length")) >= 0
            assert MIME.fullmatch(enclosure.get("type"))
        assert TAG_URI.fullmatch(entry.findtext("guid"))
        assert ABSOLUTE.fullmatch(entry.findtext("link"))
        _html(entry.findtext(CONTENT))


def _atom(tree: Any, address: str) -> None:
    _alike(tree)
    assert tree.get(LANG) == "zh-CN"
    links = [(link.get("rel"), link.get("href")) for link in tree.iterfind(f"{ATOM}link")]
    assert [href for rel, href in links if rel == "self"] == [address]
    ids = [entry.findtext(f"{ATOM}id") for entry in _entries(tree)]
    assert len(set(ids)) == len(ids)
    moments = [entry.findtext(f"{ATOM}updated") for entry in _entries(tree)]
    assert len(set(moments)) == len(moments)
    names = [child.tag for child in tree]
    if f"{ATOM}entry" in names:  # metadata behind entries is misplaced
        assert set(names[names.index(f"{ATOM}entry") :]) == {f"{ATOM}entry"}
    for date in tree.iter(f"{ATOM}updated", f"{ATOM}published"):
        assert RFC3339.fullmatch(date.text)
        assert date.text > "1990"
    for holder in (tree, *_entries(tree)):
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in holder.iterfind(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(set(alternates)) == len(alternates) == 1
        assert {link.get("rel") for link in holder.iterfind(f"{ATOM}link")} <= RELATIONS
    for entry in _entries(tree):
        assert TAG_URI.fullmatch(entry.findtext(f"{ATOM}id"))
        title = entry.find(f"{ATOM}title")
        if title.get("type") is None:
            assert not re.search(r"</\w+>|&#?\w+;", title.text)
        for source in entry.iterfind(f"{ATOM}source"):
            for name in ("id", "title", "updated"):
                assert source.findtext(f"{ATOM}{name}"), name
            assert {link.get("rel") for link in source.iterfind(f"{ATOM}link")} == {"self", "alternate"}
        _html(entry.findtext(f"{ATOM}content"))


@every_feed
def test_atom_by_the_validators_rules(feed: Feed) -> None:
    _atom(etree.fromstring(atom(feed), etree.XMLParser(huge_tree=True)), feed.address("atom"))


def test_a_month_of_an_archive_by_the_validators_rules() -> None:
    made = archive(_feed([]), "2026-03", (), previous="2026-01", following="2026-04")
    _atom(etree.fromstring(made.body), f"{BASE}/feeds/all/archive/2026-03.atom")


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
    (entry,) = _entries(etree.fromstring(atom(_feed([making.WORST["blanks"]]))))
    links = {link.get("rel"): link.get("href") for link in entry.iterfind(f"{ATOM}link")}
    assert links["alternate"].startswith(
        "http://paper.example/a%20b/%E4%B8%AD%E6%96%87.html?%E6%A0%87%E9%A2%98="
    )
    assert links["alternate"].endswith("#:~:text=%E8%8A%A6%E5%B1%B1%E5%8E%BF%20%2D%20%E4%B8%80%E3%80%81")
    assert links["enclosure"] == "http://paper.example/%E7%89%88%20%E9%9D%A2/%E4%B8%89.pdf"
