from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from typing import Any

import feedparser
import pytest
from feedgen.feed import FeedGenerator
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bulletins.model import Author, Block, BlockKind, Content, Region, Role
from feeds import permalinks, safe
from feeds.compose import NEVER, Feed, alternate, compose
from feeds.records import local
from feeds.render.syndication import atom, feed_id, rss
from feeds.scope import ALL, FeedKey
from tests.feeds.conftest import BASE, COLUMNS, SOURCE, SOURCES, item, paragraph

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")
RFC822 = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0800")


def feed_of(*items: Any, key: FeedKey = ALL) -> Feed:
    return compose(key, items, base_url=BASE, columns=COLUMNS, sources=SOURCES)


SECTION = item(2, section=2, heading="芦山县：", pdf="http://paper.example/3.pdf")
NASTY = item(
    3,
    title="<b>红头</b>]]> & &amp;lt; 😀\u202e文件\x00\x0b",
    blocks=(
        paragraph("]]>\x07 &amp;lt; 😀", '<a href="javascript:alert(1)">点</a> ]]> &amp;lt;'),
        Block(BlockKind.IMAGE, "\ufffe", url="javascript:alert(1)"),
    ),
    authors=(Author("甲\ud800", Role.REPORTER),),
    region=Region("511826", ("四川省", "雅安市", "芦\x01山县"), "heading"),
    pdf="javascript:alert(1)",
)
EMPTY = item(
    4, title="", blocks=(), authors=(), region=None, regions=(), column=None, edition=None, page=None
)
GONE = item(5, source="gone", id="tag:dibao.example,2026:gone/a5")
FEEDS = {
    "one": feed_of(item()),
    "all": feed_of(item(), SECTION, NASTY, EMPTY, GONE),
    "none": feed_of(key=FeedKey("region/511826")),
    "link": replace(feed_of(item(), EMPTY), sources={SOURCE.id: replace(SOURCE, content=Content.LINK)}),
}
every_feed = pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
both = pytest.mark.parametrize("render", [rss, atom])


def read(body: bytes) -> Any:
    """What feedparser reads, which must have nothing to complain of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # feedparser's own
        read = feedparser.parse(body, resolve_relative_uris=False, sanitize_html=False)
    assert not read.bozo, read.get("bozo_exception")
    return read


@both
@every_feed
def test_a_reader_finds_every_item_under_its_id(feed: Feed, render: Callable[[Feed], bytes]) -> None:
    found = read(render(feed))
    assert [entry.id for entry in found.entries] == [each.id for each in feed.items]
    assert [entry.link for entry in found.entries] == [alternate(each) for each in feed.items]
    assert found.feed.title == feed.title
    assert found.feed.link == feed.home
    assert found.feed.language.lower() == "zh-cn"


@both
def test_titles_say_the_same_as_text_and_as_html(render: Callable[[Feed], bytes]) -> None:
    tree = etree.fromstring(render(FEEDS["all"]))
    titles = [title for found in entries(tree) for title in found if title.tag in ("title", f"{ATOM}title")]
    assert [title.text for title in titles[2:4]] == ["＜b>红头＜/b>]]> & ＆amp;lt; 😀文件", "（无标题）"]
    assert all(title.get("type") in (None, "text") for title in titles)


@both
def test_content_survives_and_no_script_with_it(render: Callable[[Feed], bytes]) -> None:
    tree = etree.fromstring(render(FEEDS["all"]))
    html = entries(tree)[2].findtext(f"{ATOM}content") or entries(tree)[2].findtext(CONTENT)
    assert html is not None
    assert html.startswith('<p><a rel="noopener noreferrer">点</a> ]]&gt; &amp;lt;</p>\n<p>来源：')
    assert b"javascript:" not in render(FEEDS["all"])


@both
@every_feed
def test_two_renders_of_a_feed_are_the_same_bytes(feed: Feed, render: Callable[[Feed], bytes]) -> None:
    assert render(feed) == render(feed)


@both
@every_feed
def test_every_date_is_one_of_the_items_and_none_the_clocks(
    feed: Feed, render: Callable[[Feed], bytes]
) -> None:
    text = render(feed).decode()
    known = {local(date) for each in feed.items for date in (each.published, each.updated)}
    written = [
        *(datetime.fromisoformat(found) for found in RFC3339.findall(text)),
        *(parsedate_to_datetime(found) for found in RFC822.findall(text)),
    ]
    assert written
    assert set(written) <= known | {local(feed.updated)}


def entries(tree: Any) -> list[Any]:
    return [*tree.iterfind(f"{ATOM}entry"), *tree.iterfind("channel/item")]


# Atom: what RFC 4287 requires


@every_feed
def test_atom_has_what_rfc_4287_requires(feed: Feed) -> None:
    tree = etree.fromstring(atom(feed))
    assert tree.tag == f"{ATOM}feed"
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"
    for name in ("id", "title", "updated", "subtitle", "generator"):
        assert len(tree.findall(f"{ATOM}{name}")) == 1
    assert tree.findtext(f"{ATOM}author/{ATOM}name") == "邸报"
    assert tree.findtext(f"{ATOM}generator") == "Dibao"
    for entry in entries(tree):
        for name in ("id", "title", "updated", "published", "content"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
            assert entry.findtext(f"{ATOM}{name}"), name
        assert all(name.text for name in entry.iterfind(f"{ATOM}author/{ATOM}name"))
        assert entry.find(f"{ATOM}author") is not None
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert all(category.get("term") for category in entry.iterfind(f"{ATOM}category"))
    dates = [*tree.iter(f"{ATOM}updated"), *tree.iter(f"{ATOM}published")]
    assert all(RFC3339.fullmatch(date.text) for date in dates)


@every_feed
def test_atom_ids_are_unique_and_stable_across_addresses(feed: Feed) -> None:
    tree = etree.fromstring(atom(feed))
    ids = [tree.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in entries(tree))]
    assert len(set(ids)) == len(ids)
    moved = etree.fromstring(atom(replace(feed, base_url="https://moved.example")))
    if feed.items:
        assert moved.findtext(f"{ATOM}id") == tree.findtext(f"{ATOM}id") == feed_id(feed)


@every_feed
def test_atom_has_one_alternate_and_one_self(feed: Feed) -> None:
    tree = etree.fromstring(atom(feed))
    links = {link.get("rel"): link for link in tree.iterfind(f"{ATOM}link")}
    assert len(tree.findall(f"{ATOM}link")) == len(links) == 2
    assert links["self"].get("href") == feed.address("atom")
    assert links["alternate"].get("href") == feed.home
    for entry in entries(tree):
        rels = [link.get("rel") for link in entry.iterfind(f"{ATOM}link")]
        assert rels.count("alternate") == 1
        assert rels.count("related") == 1
        assert set(rels) <= {"alternate", "related", "enclosure"}


def test_an_enclosure_is_no_second_alternate() -> None:
    entry = entries(etree.fromstring(atom(feed_of(SECTION))))[0]
    assert [dict(link.attrib) for link in entry.iterfind(f"{ATOM}link")] == [
        {"rel": "alternate", "type": "text/html", "href": alternate(SECTION)},
        {"rel": "related", "type": "text/html", "href": permalinks.address(SECTION.id, BASE)},
        {"rel": "enclosure", "type": "application/pdf", "href": SECTION.pdf},
    ]
    for body in (atom(feed_of(SECTION)), rss(feed_of(SECTION))):
        found = read(body).entries[0]
        assert found.link == alternate(SECTION)
        assert [(each.href, each.type) for each in found.enclosures] == [(SECTION.pdf, "application/pdf")]


def test_atom_credits_people_places_column_and_source() -> None:
    entry = entries(etree.fromstring(atom(FEEDS["one"])))[0]
    assert [name.text for name in entry.iterfind(f"{ATOM}author/{ATOM}name")] == ["周小满", "吴禾"]
    region, column = "tag:dibao.example,2026:region", "tag:dibao.example,2026:column"
    assert [tuple(each.attrib.values()) for each in entry.iterfind(f"{ATOM}category")] == [
        ("510000", region, "四川省"),
        ("511800", region, "雅安市"),
        ("511826", region, "芦山县"),
        ("di-fang-ke-xie", column, "地方科协"),
    ]
    source = entry.find(f"{ATOM}source")
    assert source.findtext(f"{ATOM}id") == SOURCE.url
    assert source.findtext(f"{ATOM}title") == SOURCE.name


def test_a_level_missing_from_a_path_does_not_shift_its_names() -> None:
    short = item(region=Region("511826", ("雅安市", "芦山县"), "heading"))
    entry = entries(etree.fromstring(atom(feed_of(short))))[0]
    labels = [(each.get("term"), each.get("label")) for each in entry.iterfind(f"{ATOM}category")]
    assert labels[:2] == [("511800", "雅安市"), ("511826", "芦山县")]


# RSS 2.0


@every_feed
def test_rss_has_what_its_specification_requires(feed: Feed) -> None:
    tree = etree.fromstring(rss(feed))
    assert (tree.tag, tree.get("version")) == ("rss", "2.0")
    channel = tree.find("channel")
    for name in ("title", "link", "description", "language", "lastBuildDate", "pubDate", "generator"):
        assert len(channel.findall(name)) == 1
        assert channel.findtext(name)
    own = channel.findall(f"{ATOM}link")
    assert [dict(link.attrib) for link in own] == [
        {"href": feed.address("rss"), "rel": "self", "type": "application/rss+xml"}
    ]
    for entry in entries(tree):
        for name in ("title", "link", "guid", "pubDate", "description", CONTENT):
            assert len(entry.findall(name)) == 1, name
            assert entry.findtext(name), name
        assert entry.find("guid").get("isPermaLink") == "false"
        assert entry.find(CREATOR) is not None
    for date in [*tree.iter("pubDate"), *tree.iter("lastBuildDate")]:
        assert RFC822.fullmatch(date.text)
        assert parsedate_to_datetime(date.text).utcoffset() is not None


def test_rss_credits_people_places_column_and_source() -> None:
    entry = entries(etree.fromstring(rss(FEEDS["one"])))[0]
    assert [each.text for each in entry.iterfind(CREATOR)] == ["周小满", "吴禾"]
    assert [each.text for each in entry.iterfind("category")] == ["四川省", "雅安市", "芦山县", "地方科协"]
    assert (entry.find("source").get("url"), entry.findtext("source")) == (SOURCE.url, SOURCE.name)


def test_rss_dates_are_those_of_its_items() -> None:
    channel = etree.fromstring(rss(feed_of(item(1), item(7)))).find("channel")
    assert channel.findtext("lastBuildDate") == "Fri, 06 Mar 2026 08:37:00 +0800"
    assert channel.findtext("pubDate") == "Fri, 06 Mar 2026 00:00:00 +0800"


def test_a_description_is_html_whose_text_is_the_summary() -> None:
    made = item(blocks=(paragraph("<b> & &lt;"),))
    entry = entries(etree.fromstring(rss(feed_of(made))))[0]
    assert entry.findtext("description") == escape("<b> & &lt;", quote=False)


def test_an_empty_feed_is_dated_before_all_news() -> None:
    assert parsedate_to_datetime(etree.fromstring(rss(FEEDS["none"])).findtext("channel/pubDate")) == NEVER


# Any text at all

any_text = st.text(st.characters(exclude_categories=()), max_size=40) | st.text(
    st.sampled_from("<>&\"'/]=\x00\x0b\r\n\ud800\ufffe\u202e\u2066ap;#x 邸"), max_size=40
)


@given(title=any_text, text=any_text, html=any_text, name=any_text, place=any_text)
def test_any_text_gives_feeds_that_readers_read(
    title: str, text: str, html: str, name: str, place: str
) -> None:
    made = item(
        title=title,
        blocks=(paragraph(text, html), Block(BlockKind.IMAGE, text, url="http://paper.example/1.jpg")),
        authors=(Author(name, Role.REPORTER),),
        region=Region("511826", ("四川省", place), "heading"),
        heading=text,
        section=1,
    )
    for render in (rss, atom):
        body = render(feed_of(made))
        assert read(body).entries[0].id == made.id
        assert safe.text(body.decode()) == body.decode()


# feedgen's bugs, as measured: when one of these fails, its workaround can go


def bare() -> Any:
    generator = FeedGenerator()
    generator.id("tag:a")
    generator.title("题")
    generator.description("述")
    generator.link(href="http://a.example/", rel="alternate")
    return generator


def test_feedgen_still_loses_the_attributes_of_an_atom_entrys_links() -> None:
    generator = bare()
    entry = generator.add_entry()
    entry.id("tag:b")
    entry.title("题")
    entry.link(href="http://a.example/1.pdf", rel="enclosure", type="application/pdf")
    entry.content("文", type="html")
    link = etree.fromstring(generator.atom_str()).find(f"{ATOM}entry/{ATOM}link")
    assert dict(link.attrib) == {"href": "http://a.example/1.pdf"}


def test_feedgen_still_takes_the_last_link_of_a_feed_for_its_channels() -> None:
    generator = bare()
    generator.link(href="http://a.example/2", rel="next")
    assert etree.fromstring(generator.rss_str()).findtext("channel/link") == "http://a.example/2"


def test_feedgen_still_dates_by_the_clock_what_has_no_date() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = etree.fromstring(bare().rss_str()).findtext("channel/lastBuildDate")
    assert parsedate_to_datetime(made) >= before


def test_feedgen_still_puts_new_entries_in_front() -> None:
    generator = bare()
    for name in ("一", "二"):
        generator.add_entry().title(name)
    assert [entry.title() for entry in generator.entry()] == ["二", "一"]


def test_feedgen_still_has_one_field_for_description_and_subtitle() -> None:
    generator = bare()
    generator.subtitle("副题")
    assert generator.description() == "副题"


def test_feedgen_still_writes_no_encoded_content_without_a_description() -> None:
    generator = bare()
    entry = generator.add_entry()
    entry.title("题")
    entry.content("<p>文</p>")
    found = etree.fromstring(generator.rss_str()).find("channel/item")
    assert (found.find(CONTENT), found.findtext("description")) == (None, "<p>文</p>")


@pytest.mark.parametrize(
    ("text", "error"), [("\x00", ValueError), ("\ufffe", ValueError), ("\ud800", UnicodeEncodeError)]
)
def test_feedgen_still_refuses_what_xml_forbids(text: str, error: type[Exception]) -> None:
    generator = bare()
    generator.title(text)
    with pytest.raises(error):
        generator.atom_str()


@pytest.mark.parametrize(("render", "at"), [(rss, "channel/"), (atom, "")])
def test_hubs_are_named_beside_the_self_link_and_only_where_there_are_any(
    render: Callable[[Feed], bytes], at: str
) -> None:
    hubs = ("https://hub.example/", "https://other.example/?a=1&b=2")
    feed = replace(feed_of(item()), hubs=hubs)
    links = etree.fromstring(render(feed)).findall(f"{at}{ATOM}link")
    assert tuple(link.get("href") for link in links if link.get("rel") == "hub") == hubs
    assert [link.get("rel") for link in links].count("self") == 1
    assert read(render(feed)).feed.link == feed.home
    assert b"hub" not in render(feed_of(item()))


def test_feedgen_still_writes_no_atom_link_of_rss_but_the_self_link() -> None:
    generator = FeedGenerator()
    generator.title("t")
    generator.description("d")
    generator.link(href="https://hub.example/", rel="hub")
    generator.link(href="https://dibao.example/", rel="alternate")
    assert b"hub.example" not in generator.rss_str()
