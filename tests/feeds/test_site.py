"""The pages of the reading room: what stands on them, where they lead, and what they never let in."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from bulletins.model import Author, Block, BlockKind, Content, Item, PageNo, PollStatus, Precision, Role
from bulletins.state import SourceState
from feeds import compose, permalinks, safe, site
from feeds.render import Document
from feeds.scope import ALL, UNCLASSIFIED, FeedKey
from feeds.site import Entry, Shelf
from feeds.site.finder import spellings
from feeds.site.rendering import MESSAGES
from tests.support import newsroom

BASE = "https://dibao.example/news"
HOSTILE = "<script>alert(1)</script>\"'&\x00\x1b‮"


def tree(document: Document) -> Any:
    return html.document_fromstring(document.body.decode())


def one(page: Any, path: str) -> Any:
    (found,) = page.xpath(path)
    return found


def text(node: Any) -> str:
    return " ".join(node.text_content().split())


def shelf(*entries: Entry, **changes: Any) -> Shelf:
    """The newsroom's, with what a test changes."""
    return replace(newsroom.shelf(BASE), **({"entries": {each.key: each for each in entries}} | changes))


def county(*items: Item, code: str = "511826", **changes: Any) -> Any:
    return tree(
        site.region(
            replace(newsroom.shelf(BASE), **changes),
            code,
            items,
            counts=newsroom.counts(items),
            modified=newsroom.MODIFIED,
        )
    )


def front(*entries: Entry, latest: Sequence[Item] = (), **changes: Any) -> Any:
    return tree(site.index(shelf(*entries, **changes), latest, modified=newsroom.MODIFIED))


def entry(key: FeedKey, items: int = 1) -> Entry:
    return Entry(key, key.path, items, newsroom.MODIFIED, newsroom.MODIFIED)


PAGES = [newsroom.home(BASE), newsroom.region("511826", BASE), newsroom.region("510000", BASE)]
PAGES += [newsroom.column("di-fang-ke-xie", BASE), newsroom.source(BASE), newsroom.edition(BASE)]
PAGES.append(newsroom.section(FeedKey.of(region="511800", column="di-fang-ke-xie"), BASE))
PAGES += [make(newsroom.shelf(BASE), modified=newsroom.MODIFIED) for make in (site.columns, site.sources)]


# Every page


@pytest.fixture(scope="module")
def again() -> dict[str, Document]:
    return {document.path: document for document in newsroom.published(BASE)}


@pytest.mark.parametrize("document", newsroom.published(BASE), ids=lambda document: document.path)
def test_the_same_news_gives_the_same_bytes(document: Document, again: dict[str, Document]) -> None:
    assert again[document.path] == document


def test_the_order_of_entries_does_not_matter() -> None:
    told = [
        site.index(shelf(*entries), newsroom.ITEMS, modified=newsroom.MODIFIED)
        for entries in (newsroom.entries(), newsroom.entries()[::-1])
    ]
    assert told[0] == told[1]


def test_documents_stand_where_the_contract_says() -> None:
    assert [(page.path, page.media_type, page.modified) for page in PAGES] == [
        (path, "text/html; charset=utf-8", newsroom.MODIFIED)
        for path in (
            "index.html",
            "region/511826/index.html",
            "region/510000/index.html",
            "column/di-fang-ke-xie/index.html",
            "source/min-jiang/index.html",
            "source/min-jiang/2026-03-06/index.html",
            "region/511800/column/di-fang-ke-xie/index.html",
            "column/index.html",
            "source/index.html",
        )
    ]


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.path)
def test_nothing_inline_and_nothing_from_elsewhere(document: Document) -> None:
    """The web server's policy forbids both; a page that needs them would be broken there."""
    page = tree(document)
    assert page.xpath("//style | //script[not(@src)] | //iframe | //base") == []
    assert page.xpath("//@style") == []
    assert [name for name in page.xpath("//@*") if getattr(name, "attrname", "").startswith("on")] == []
    loaded = page.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src")
    assert loaded
    assert all(re.fullmatch(r"(\./|(\.\./)+)(assets/[a-z.]+|[a-z0-9/-]*qr\.svg)", each) for each in loaded)
    assert page.xpath("//form[not(@method='get')] | //form[contains(@action, ':')]") == []


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.path)
def test_a_page_can_be_read_by_everyone(document: Document) -> None:
    page = tree(document)
    assert page.get("lang") == "zh-CN"
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == len(page.xpath("//head/title")) == 1
    assert page.xpath("//header")
    assert page.xpath("//footer")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for reference in page.xpath("//@aria-labelledby | //@aria-describedby | //label/@for"):
        assert reference in ids
    for control in page.xpath("//input"):
        assert page.xpath(f"//label[@for='{control.get('id')}']")
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(text(link) or link.get("aria-label") for link in page.xpath("//a"))
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]


def test_every_link_within_the_site_leads_somewhere() -> None:
    published = {document.path: document for document in newsroom.published(BASE)}
    made_elsewhere = {"feeds.json", "opml.xml", "api/v1/openapi.json"}
    made_elsewhere |= {f"{room}/index.html" for room in ("search", "subscribe", "status")}
    made_elsewhere |= {f"opml/region/{key.region}.xml" for key in newsroom.feeds() if key.region}
    anchors = {
        path: set(tree(each).xpath("//@id")) for path, each in published.items() if path.endswith(".html")
    }
    checked = 0
    for path, document in published.items():
        if not path.endswith(".html"):
            continue
        for href in tree(document).xpath("//@href | //@src"):
            target, _, anchor = href.partition("#")
            target = target.partition("?")[0]
            if target.endswith("qr.svg") or re.search(r"(^|/)en/", target):
                continue  # made on request
            if target.startswith(f"{BASE}/"):
                found = target.removeprefix(f"{BASE}/")
            elif re.match(r"[a-z]+:", target):
                continue
            else:
                found = normpath(join("/", path.rpartition("/")[0], target)).lstrip("/") if target else path
                found += "/" if target.endswith("/") and found else ""
            found += "index.html" if found.endswith("/") or not found else ""
            assert found in published or found in made_elsewhere, (path, href)
            if anchor and found in anchors and not anchor.startswith(":~:"):
                assert anchor in anchors[found], (path, href)
            checked += 1
    assert checked > 200


# The home page


def test_the_home_page_says_what_it_is_in_chinese_and_then_in_english() -> None:
    page = tree(newsroom.home(BASE))
    chinese, english = one(page, "//header//div[@class='gloss']").findall("p")
    assert "订阅" in text(chinese)
    assert english.get("lang") == "en"
    assert text(english).startswith("Dibao turns")
    assert text(one(page, "//h1")) == "邸报"


def test_readers_discover_the_feeds() -> None:
    keys = ["all", "region/511826", "region/510000", "column/di-fang-ke-xie"]
    keys += ["source/min-jiang", "source/min-jiang", "region/511800/column/di-fang-ke-xie"]
    keys += ["all", "all"]
    for document, key in zip(PAGES, keys, strict=True):
        links = tree(document).xpath("//head/link[@rel='alternate' and @type]")
        assert [(link.get("type"), link.get("href")) for link in links] == [
            ("application/rss+xml", f"{BASE}/feeds/{key}.rss"),
            ("application/atom+xml", f"{BASE}/feeds/{key}.atom"),
            ("application/feed+json", f"{BASE}/feeds/{key}.json"),
        ]
        assert all(link.get("title") for link in links)
        canonical = document.path.removesuffix("index.html")
        assert one(tree(document), "//head/link[@rel='canonical']/@href") == f"{BASE}/{canonical}"


def test_only_the_formats_that_are_published_are_offered() -> None:
    page = front(entry(ALL), entry(FeedKey.of(region="511826")), formats=("atom",))
    offered = page.xpath("//@href[contains(., '/feeds/')]")
    assert offered
    assert all(each.endswith(".atom") for each in offered)


def test_regions_stand_as_a_tree_of_two_levels_with_counts_and_pages() -> None:
    page = tree(newsroom.home(BASE))
    provinces = page.xpath("//section[@class='regions']/ul/li")
    assert [text(one(each, "div//*[@class='to']")) for each in provinces] == ["重庆市", "四川省"]
    # A municipality's districts stand directly below it.
    assert [text(each) for each in provinces[0].xpath("ul/li/div//*[@class='to']")] == ["万州区"]
    sichuan = provinces[1]
    prefectures = ["成都市", "雅安市", "资阳市", "阿坝藏族羌族自治州"]
    assert [text(each) for each in sichuan.xpath(".//ul//*[@class='to']")] == prefectures
    assert text(one(sichuan, "div/*[@class='count']")) == "6 条"
    assert sichuan.xpath("ul/li/div/a/@href")[1] == "./region/511800/"


def test_a_region_whose_parents_have_no_feeds_still_has_its_place() -> None:
    page = front(entry(ALL), entry(FeedKey.of(region="511826")))
    path = page.xpath("//section[@class='regions']//*[@class='to']")
    assert [text(each) for each in path] == ["四川省", "雅安市"]
    assert [each.tag for each in path] == ["span", "span"]
    places = json.loads(site.places(["511826"], newsroom.MODIFIED).body)
    assert [(code, name, spelt.split()[0]) for code, name, spelt in places] == [
        ("511826", "四川省雅安市芦山县", "芦山县")
    ]


def test_a_code_that_the_gazetteer_has_lost_stands_for_itself() -> None:
    page = front(entry(ALL), entry(FeedKey.of(region="999999")))
    assert "999999" in [text(each) for each in page.xpath("//section[@class='regions']//*[@class='to']")]
    assert text(one(county(code="999999"), "//h1")) == "999999"


def test_columns_stand_by_weight_and_sources_as_configured() -> None:
    page = front(
        entry(ALL, 9),
        entry(FeedKey.of(column="di-fang-ke-xie"), 2),
        entry(FeedKey.of(column="tian-jian-ke-tang"), 7),
        entry(FeedKey.of(column="unnamed"), 2),
        entry(FeedKey.of(region="511826", column="di-fang-ke-xie"), 1),
        entry(FeedKey.of(source="min-jiang"), 9),
        entry(UNCLASSIFIED, 1),
        sources=newsroom.SOURCES
        | {
            "quiet": replace(newsroom.SOURCE, id="quiet", name="安静报"),
            "off": replace(newsroom.SOURCE, id="off", name="停读报", enabled=False),
        },
        troubled={"min-jiang": "暂时连接不上"},
    )
    assert [text(each) for each in page.xpath("//section[@class='columns']//*[@class='to']")] == [
        "田间课堂",
        "地方科协",
        "unnamed",
    ]
    rows = [text(each) for each in page.xpath("//section[@class='sources']//li")]
    assert rows == ["岷江科普报9 条 暂时连接不上", "安静报", "未归类1 条RSSAtomJSON"]
    assert f"{BASE}/feeds/unclassified.rss" in page.xpath("//section[@class='sources']//@href")


def test_what_a_page_has_no_room_for_stands_in_an_index() -> None:
    """Two thousand columns in one county, and thirty sources: their pages stay light, and lead to all."""
    slugs = [f"{'abc'[n % 3]}-column-{n:04}" for n in range(2_000)]
    keys = [FeedKey.of(column=slug) for slug in slugs]
    keys += [FeedKey.of(region="511826", column=slug) for slug in slugs]
    keys += [FeedKey.of(source=f"paper-{n}") for n in range(30)]
    papers = {f"paper-{n}": replace(newsroom.SOURCE, id=f"paper-{n}", name=f"第{n}报") for n in range(30)}
    made = shelf(entry(ALL), entry(FeedKey.of(region="511826")), *map(entry, keys), sources=papers)
    home = site.index(made, newsroom.ITEMS, modified=newsroom.MODIFIED)
    there = site.region(made, "511826", newsroom.ITEMS, counts={}, modified=newsroom.MODIFIED)
    for document, up in ((home, "./"), (there, "../../")):
        assert len(gzip.compress(document.body)) < 20_000
        assert len(tree(document).xpath("//section[@class='columns']//li")) == 20
        (more,) = tree(document).xpath("//section[@class='columns']/p[@class='more']")
        assert "2000" in text(more)
        assert more.xpath("a/@href") == [f"{up}column/"]
    assert one(tree(home), "//section[@class='sources']/p[@class='more']/a/@href") == "./source/"
    columns = site.columns(made, modified=newsroom.MODIFIED)
    assert columns.path == "column/index.html"
    assert len(gzip.compress(columns.body)) < 60_000
    assert [text(each) for each in tree(columns).xpath("//h2")] == ["A", "B", "C"]
    found = tree(columns).xpath("//ul[@class='lines']//a/@href")
    assert sorted(found) == sorted(f"../column/{slug}/" for slug in slugs)
    sources = tree(site.sources(made, modified=newsroom.MODIFIED)).xpath("//ul[@class='lines']//a/@href")
    assert sources == [f"../source/paper-{n}/" for n in range(30)]


def test_a_year_of_a_daily_is_all_there_and_mostly_folded_away() -> None:
    days = {date(2026, 3, 6) - timedelta(days=n): 3 for n in range(300)}
    made = site.source(newsroom.shelf(BASE), "min-jiang", (), counts=days, modified=newsroom.MODIFIED)
    page = one(tree(made), "//section[@class='editions']")
    assert len(page.xpath("ul/li")) == 20
    assert len(page.xpath("details//li")) == 280


def test_the_newest_items_lead_to_their_own_pages() -> None:
    page = tree(newsroom.home(BASE))
    items = page.xpath("//section[@class='latest']//li")
    assert [text(one(each, ".//h3")) for each in items] == [each.title for each in newsroom.ITEMS]
    assert one(items[0], ".//h3/a/@href") == f"./{permalinks.path(newsroom.ITEMS[0].id)}"
    assert one(items[0], ".//time/@datetime") == "2026-03-06"
    assert text(one(items[0], ".//time")) == "2026年3月6日"


def greeting(*states: SourceState, **changes: Any) -> Any:
    return tree(site.greeting(shelf(**changes), states))


def test_before_any_news_it_says_kindly_what_is_being_read() -> None:
    off = replace(newsroom.SOURCE, id="off", name="停读报", enabled=False)
    page = greeting(sources=newsroom.SOURCES | {"off": off})
    assert "还没有消息" in text(one(page, "//h2"))
    assert "No news yet" in text(one(page, "//main//p[@lang='en']"))
    assert [text(each) for each in page.xpath("//ul[@class='reading']/li")] == ["岷江科普报"]
    assert page.xpath("//link[@rel='alternate'] | //input") == []


def test_without_sources_it_says_how_to_add_one() -> None:
    assert "[[sources]]" in text(one(greeting(sources={}), "//main"))


@pytest.mark.parametrize("status", [None, *PollStatus])
def test_every_state_of_a_source_has_words(status: PollStatus | None) -> None:
    state = SourceState("min-jiang", "岷江科普报", "http://paper.example/", True, status, "no list of pages")
    listed = one(greeting(state), "//ul[@class='reading']/li")
    assert re.search("[\u4e00-\u9fff]", text(one(listed, "span[@class='state']")))
    assert text(one(listed, "span[@class='reason']/span[@lang='en']")) == "no list of pages"


# A county's page


def test_a_countys_page_has_its_path_its_feeds_and_its_columns() -> None:
    page = tree(newsroom.region("511826", BASE))
    steps = page.xpath("//nav[@class='path']//li")
    assert [text(step) for step in steps] == ["首页", "四川省", "雅安市", "芦山县"]
    assert [step.xpath("string(a/@href)") for step in steps] == [
        "../../",
        "../../region/510000/",
        "../../region/511800/",
        "",
    ]
    addresses = [f"{BASE}/feeds/region/511826.{suffix}" for suffix in newsroom.FORMATS]
    assert page.xpath("//code[@class='address']/text()")[:3] == addresses
    assert page.xpath("//button/@data-copy") == addresses
    pressed = {link.text: link.get("href") for link in page.xpath("//p[@class='press']/a")}
    assert pressed["NetNewsWire"] == f"feed:{addresses[0]}"
    assert pressed["Feedly"].endswith(quote(addresses[0], safe=""))
    assert one(page, "//figure/img/@src") == "../../region/511826/qr.svg"
    columns = one(page, "//section[@class='columns']")
    assert [text(each) for each in columns.xpath(".//*[@class='to']")] == ["地方科协"]
    assert f"{BASE}/feeds/region/511826/column/di-fang-ke-xie.atom" in columns.xpath(".//@href")
    assert page.xpath("//section[@class='regions']") == []
    assert text(one(page, "//a[@href='../../search/?region=511826']")) == "在芦山县里搜索"


def test_a_prefectures_page_lists_its_parts() -> None:
    page = tree(newsroom.region("511800", BASE))
    parts = page.xpath("//section[@class='regions']//li/div//*[@class='to']")
    assert [text(each) for each in parts] == ["雨城区", "名山区", "芦山县"]
    assert one(page, "//p[@class='opml']/a/@href") == "../../opml/region/511800.xml"


def test_an_item_is_told_in_brief_and_leads_to_its_page() -> None:
    page = tree(newsroom.region("511826", BASE))
    story = one(page, "//article")
    item = newsroom.ITEMS[0]
    assert text(one(story, "h4")) == item.title
    assert one(story, "h4/a/@href") == f"../../{permalinks.path(item.id)}"
    line = text(one(story, "p[@class='dateline']"))
    assert "地方科协" in line
    assert "岷江科普报" in line
    assert "芦山县" not in line  # the page says so already
    assert text(one(story, "p[@class='excerpt']")) == compose.summary(item, newsroom.SOURCE)
    assert [text(each) for each in page.xpath("//h3[@class='date']")] == ["2026年3月6日"]


def test_what_may_not_be_republished_is_not() -> None:
    item = newsroom.ITEMS[0]
    page = county(item, sources={"min-jiang": replace(newsroom.SOURCE, content=Content.LINK)})
    assert "来源：岷江科普报" in text(one(page, "//article"))
    assert item.paragraphs[0][:10] not in text(page)


def test_a_moment_is_said_as_far_as_known() -> None:
    at = datetime(2026, 3, 5, 16, 5, tzinfo=UTC)
    page = front(entry(ALL), latest=[replace(newsroom.ITEMS[0], published=at, precision=Precision.MINUTE)])
    assert one(page, "//article//time/@datetime") == "2026-03-06T00:05:00+08:00"
    assert text(one(page, "//article//time")) == "2026年3月6日 00:05"


def test_an_item_of_another_part_says_where() -> None:
    page = tree(newsroom.region("511800", BASE))
    first = page.xpath("//article")[0]
    assert one(first, ".//span[@class='place']/a/@href") == "../../region/511826/"


def test_a_page_without_items_says_so() -> None:
    assert "这里还没有消息" in text(one(county(), "//section[@class='news']"))


def test_a_quiet_county_leads_to_what_is_around_it() -> None:
    notice = one(tree(newsroom.region("511826", BASE)), "//p[@class='notice']")
    assert notice.xpath("a/@href") == ["../../region/511800/", f"{BASE}/feeds/region/511800.rss"]
    often = [replace(newsroom.ITEMS[0], id=f"tag:dibao.example,2026:min-jiang/b{n}") for n in range(9)]
    assert county(*often).xpath("//p[@class='notice']") == []
    seldom = [replace(one, published=one.published - n * timedelta(days=9)) for n, one in enumerate(often)]
    assert county(*seldom).xpath("//p[@class='notice']") != []


def test_a_page_shows_the_newest_and_leads_to_the_rest() -> None:
    many = [replace(newsroom.ITEMS[0], id=f"tag:dibao.example,2026:min-jiang/b{n}") for n in range(31)]
    entries = {FeedKey.of(region="511826"): entry(FeedKey.of(region="511826"), 31)}
    page = county(*many, entries=entries)
    assert len(page.xpath("//article")) == 30
    assert one(page, "//p[@class='more']/a/@href") == "../../search/?region=511826"


# A source's page, and its editions


def test_a_source_that_is_held_back_says_so() -> None:
    made = replace(newsroom.shelf(BASE), troubled={"min-jiang": "读到的内容可疑，等人查看"})
    page = tree(site.source(made, "min-jiang", (), counts={}, modified=newsroom.MODIFIED))
    assert "等人查看" in text(one(page, "//p[@class='notice warning']"))
    assert page.xpath("//svg") == []


def test_a_sources_year_is_drawn_and_told() -> None:
    page = tree(newsroom.source(BASE))
    drawn = one(page, "//svg[contains(@class, 'heat')]")
    assert drawn.get("role") == "group"  # an image has no links within
    assert drawn.xpath(".//a[@tabindex='-1']/@href") == ["2026-03-06/"]
    assert {"一", "三", "五", "日", "少", "多"} <= set(drawn.xpath(".//text/text()"))
    assert "7条" in drawn.get("aria-label")
    assert one(page, "//svg[contains(@class, 'strip')]/@aria-label").startswith("至2026年3月6日的三十天：1天")
    tables = page.xpath("//section[@class='drawn']//tbody")
    assert [[text(row) for row in table] for table in tables] == [["2026年3月6日7"]] * 2
    assert tables[1].xpath(".//th/a/@href") == ["2026-03-06/"]
    ends = one(page, "//svg[contains(@class, 'strip')]").xpath(".//text/text()")
    assert ends == ["2026年2月5日", "2026年3月6日"]
    assert page.xpath("//section[@class='editions']//a/@href") == ["../../source/min-jiang/2026-03-06/"]


def test_an_edition_stands_page_by_page() -> None:
    first = replace(newsroom.ITEMS[0], page=PageNo("1", "要闻"))
    made = site.edition(
        newsroom.shelf(BASE),
        "min-jiang",
        date(2026, 3, 6),
        [first, *newsroom.ITEMS[1:3]],
        beside=(date(2026, 3, 4), None),
        modified=newsroom.MODIFIED,
    )
    page = tree(made)
    assert [text(each) for each in page.xpath("//section[@class='printed']/h2")] == [
        "第1版 要闻",
        "第3版 科协之窗",
    ]
    assert [len(each.xpath(".//article")) for each in page.xpath("//section[@class='printed']")] == [1, 2]
    assert set(page.xpath("//a[@rel='prev']/@href")) == {"../../../source/min-jiang/2026-03-04/"}
    assert page.xpath("//a[@rel='next']") == []
    assert "第812期" in text(one(page, "//p[@class='sum']"))
    assert page.xpath("//code[@class='address']/text()")[0] == f"{BASE}/feeds/source/min-jiang.rss"


# A column's page


def test_a_columns_page_has_its_items_and_its_places() -> None:
    page = tree(newsroom.column("tian-jian-ke-tang", BASE))
    assert text(one(page, "//h1")) == "田间课堂"
    assert [text(each) for each in page.xpath("//article/h4")] == [newsroom.ITEMS[n].title for n in (1, 3, 6)]
    places = [text(each) for each in page.xpath("//section[@class='regions']//*[@class='to']")]
    assert places == ["重庆市", "万州区", "四川省", "雅安市", "名山区", "阿坝藏族羌族自治州", "汶川县"]
    assert "../../region/513221/column/tian-jian-ke-tang/" in page.xpath("//@href")


# What comes from outside


def test_hostile_text_stays_text() -> None:
    item = replace(
        newsroom.ITEMS[0],
        title=HOSTILE,
        authors=(Author(HOSTILE, Role.REPORTER),),
        blocks=(Block(BlockKind.PARAGRAPH, HOSTILE, f"{HOSTILE}<img src=x onerror=alert(1)>"),),
        section=0,
    )
    source = replace(newsroom.SOURCE, name=HOSTILE)
    columns = dict.fromkeys(newsroom.COLUMNS, HOSTILE)
    made = replace(newsroom.shelf(BASE), columns=columns, sources={source.id: source})
    state = SourceState(source.id, HOSTILE, source.url, True, PollStatus.BLOCKED, HOSTILE)
    when = newsroom.MODIFIED
    for document in (
        site.region(made, "511826", [item], counts=newsroom.counts([item]), modified=when),
        site.column(made, "di-fang-ke-xie", [item], modified=when),
        site.source(made, source.id, [item], counts={}, modified=when),
        site.edition(made, source.id, when.date(), [item], beside=(None, None), modified=when),
        site.index(made, [item], modified=when),
        site.greeting(made, [state], modified=when),
    ):
        page = tree(document)
        assert page.xpath("//script[not(starts-with(@src, './assets') or starts-with(@src, '../'))]") == []
        assert page.xpath("//@onerror") == []
        body = document.body.decode()
        assert safe.text(body) == body
        assert safe.text(HOSTILE) in unescape(body)


@given(title=st.text(max_size=60))
def test_a_title_is_shown_as_it_is(title: str) -> None:
    item = replace(newsroom.ITEMS[0], title=title)
    page = county(item)
    shown = one(page, "//article/h4/a").text_content()
    assert " ".join(shown.split()) == " ".join(compose.headline(item).split())


# The finder


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("芦山县", ["lushan", "ls", "lsx", "lushanxian"]),
        ("阿坝藏族羌族自治州", ["aba", "ab", "abzz"]),
        ("六安市", ["luan", "la"]),
        ("荥经县", ["yingjing", "yj"]),
        ("筠连县", ["junlian", "jl"]),
        ("重庆市", ["chongqing", "cq"]),
        ("吕梁市", ["lvliang", "luliang", "ll"]),
        ("乐山市", ["leshan"]),
        ("999999", ["9999"]),
        ("A区", ["a"]),
    ],
)
def test_a_place_is_found_by_what_people_type(name: str, typed: list[str]) -> None:
    first, *spelt = spellings(name).split(" ")
    assert first == name.lower()
    for word in typed:
        assert any(each.startswith(word) for each in (first, *spelt)), (word, spelt)


def test_spellings_stay_few() -> None:
    assert all(len(spellings(name).split()) <= 30 for name in ("乐都区", "长乐区", "单县", "六合区"))


# Notices and assets


def test_a_notice_says_why_and_leads_home() -> None:
    page = html.document_fromstring(site.notice("这里没有这一页", "No <such> page.", root="../").decode())
    assert text(one(page, "//h1")) == "这里没有这一页"
    assert text(one(page, "//main//p[@lang='en']")) == "No <such> page."
    assert "../" in page.xpath("//main//a/@href")
    top = html.document_fromstring(site.notice("无", "None.", root="").decode())
    assert "./assets/site.css" in top.xpath("//link/@href")


def test_assets_are_whole_and_pages_use_each_of_them() -> None:
    assets = {asset.path: asset for asset in site.assets()}
    assert {asset.path: asset.media_type for asset in assets.values()} == {
        "assets/site.css": "text/css; charset=utf-8",
        "assets/find.js": "text/javascript; charset=utf-8",
        "assets/copy.js": "text/javascript; charset=utf-8",
        "assets/favicon.svg": "image/svg+xml",
        "assets/icon.png": "image/png",
    }
    assert assets.pop("assets/icon.png").body.startswith(b"\x89PNG\r\n")  # what feeds show, and no page
    assert etree.fromstring(assets["assets/favicon.svg"].body).tag.endswith("}svg")
    used = {path.lstrip("./") for path in tree(PAGES[0]).xpath("//link/@href | //script/@src")}
    assert set(assets) <= used
    for asset in assets.values():
        assert b"url(" not in asset.body
        assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)", asset.body)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_stands_out_by_day_and_by_night() -> None:
    style = next(asset.body.decode() for asset in site.assets() if asset.path.endswith(".css"))
    day, night = (
        dict(re.findall(r"--(\w+): (#\w{6});", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.S)
    )
    for colours in (day, day | night):
        for ink in ("ink", "muted", "accent"):
            for ground in ("paper", "raised"):
                light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground, colours[ink])  # WCAG AA


# Languages


def test_every_message_is_in_the_catalogue() -> None:
    folder = Path(site.__file__).parent
    said = set()
    for path in sorted([*folder.rglob("*.html"), *folder.glob("*.py")]):
        call = r'\b(?:t|say)\((?:\s*[\w.]*lang,)?\s*"([^"]*[\u4e00-\u9fff][^"]*)"'
        said |= set(re.findall(call, path.read_text("utf-8")))
    assert len(said) > 150
    assert said - MESSAGES.keys() == set()
    for chinese, english in MESSAGES.items():
        assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english)), chinese


def test_a_page_in_english_says_nothing_in_chinese_but_news_and_names() -> None:
    made = newsroom.shelf(BASE, "en")
    page = tree(site.region(made, "511826", (), counts={}, modified=newsroom.MODIFIED))
    assert page.get("lang") == "en"
    assert one(page, "//link[@rel='canonical']/@href") == f"{BASE}/en/region/511826/"
    assert one(page, "//link[@rel='stylesheet']/@href") == "../../../assets/site.css"
    marked = {text(each) for each in page.xpath("//main//*[@lang='zh-CN']")}
    assert {"芦山县", "雅安市", "地方科协"} <= marked  # a screen reader changes its voice for names and news
    told = text(one(page, "//main")) + text(one(page, "//footer"))
    for name in ("邸报", "芦山县", "雅安市", "四川省", "地方科协", "中文"):
        told = told.replace(name, "")
    assert re.findall("[\u4e00-\u9fff]+", told) == []
