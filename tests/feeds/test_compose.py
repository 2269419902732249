from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest

from bulletins.model import Author, Block, BlockKind, Content, Edition, PageNo, Role
from feeds.compose import (
    NEVER,
    address_of,
    alternate,
    byline,
    compose,
    content,
    headline,
    home_of,
    summary,
    title_of,
)
from feeds.scope import ALL, UNCLASSIFIED, FeedKey
from tests.feeds.conftest import BASE, COLUMNS, LOCAL, MORNING, SOURCE, SOURCES, item, paragraph

CREDIT = (
    '<p>来源：<a href="http://paper.example/" rel="noopener noreferrer">山湖科技报</a>，第812期，'
    "2026年3月6日，第3版“科协之窗”。"
    '<a href="http://paper.example/a0001" rel="noopener noreferrer">查看原文</a></p>'
)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("all", "全部 · 邸报"),
        ("unclassified", "未归类 · 邸报"),
        ("region/510000", "四川省 · 邸报"),
        ("region/511826", "芦山县 · 邸报"),
        ("region/511803", "雅安市名山区 · 邸报"),
        ("region/110105", "北京市朝阳区 · 邸报"),
        ("region/450000", "广西壮族自治区 · 邸报"),
        ("column/di-fang-ke-xie", "地方科协 · 邸报"),
        ("region/510000/column/di-fang-ke-xie", "四川省 · 地方科协 · 邸报"),
        ("source/shan-hu-bao", "山湖科技报 · 邸报"),
        ("source/gone", "gone · 邸报"),
        ("column/gone", "gone · 邸报"),
        ("region/999999", "999999 · 邸报"),
    ],
)
def test_a_feeds_title_says_in_chinese_what_it_holds(path: str, title: str) -> None:
    assert title_of(FeedKey(path), columns=COLUMNS, sources=SOURCES) == title


@pytest.mark.parametrize(
    ("path", "subtitle"),
    [
        ("all", "所有来源、地区和栏目的消息"),
        ("unclassified", "未能识别地区或栏目的消息"),
        ("region/511800", "四川省雅安市及所辖各地的消息"),
        ("region/511826/column/di-fang-ke-xie", "四川省雅安市芦山县的消息，栏目“地方科协”"),
        ("source/shan-hu-bao", "山湖科技报刊登的消息"),
    ],
)
def test_a_feeds_subtitle_gives_the_whole_path(path: str, subtitle: str) -> None:
    feed = compose(FeedKey(path), [], base_url=BASE, columns=COLUMNS, sources=SOURCES)
    assert feed.subtitle == subtitle


def test_districts_of_one_name_have_feeds_of_different_titles() -> None:
    drum_towers = ("320106", "320302", "350102", "410204")
    titles = {title_of(FeedKey.of(region=code), columns={}, sources={}) for code in drum_towers}
    assert len(titles) == 4


def test_a_feed_keeps_the_order_given_and_takes_its_date_from_its_items() -> None:
    items = [item(2), item(9), item(1)]
    feed = compose(ALL, items, base_url=BASE + "/", columns=COLUMNS, sources=SOURCES)
    assert [each.id for each in feed.items] == [each.id for each in items]
    assert feed.updated == MORNING + timedelta(minutes=9)
    assert feed.address("rss") == f"{BASE}/feeds/all.rss" == address_of(ALL, BASE, "rss")


def test_an_empty_feed_has_a_date_all_the_same() -> None:
    assert compose(UNCLASSIFIED, [], base_url=BASE, columns={}, sources={}).updated == NEVER


def test_a_feeds_home_is_its_regions_page_or_the_front_page() -> None:
    assert home_of(FeedKey("region/511826/column/a"), BASE) == f"{BASE}/region/511826/"
    assert home_of(FeedKey("column/a"), BASE) == f"{BASE}/column/a/"
    assert home_of(ALL, BASE + "/") == f"{BASE}/"


def test_an_entry_is_its_paragraphs_and_a_credit_line() -> None:
    assert content(item(), SOURCE) == (
        f"<p>3月4日，技术员在地头讲剪枝。</p>\n<p>听课的有三十多人。</p>\n{CREDIT}"
    )


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (paragraph("1 < 2 & 3"), "<p>1 &lt; 2 &amp; 3</p>"),
        (paragraph("水", "H<sub>2</sub>O<script>x</script>"), "<p>H<sub>2</sub>O</p>"),
        (paragraph("水", '<p class="x">H<sub>2</sub>O'), "<p>H<sub>2</sub>O</p>"),
        (paragraph("一\n二"), "<p>一<br>二</p>"),
        (Block(BlockKind.HEADING, "一、办班", "<font>一、办班</font>"), "<h3>一、办班</h3>"),
        (Block(BlockKind.LIST, "甲\n乙<"), "<ul><li>甲</li><li>乙&lt;</li></ul>"),
        (Block(BlockKind.LIST, "甲\n乙", "<ol><li>甲<li>乙</ol>"), "<ol><li>甲</li><li>乙</li></ol>"),
        (Block(BlockKind.LIST, "甲", "<li>甲"), "<ul><li>甲</li></ul>"),
        (
            Block(BlockKind.TABLE, "甲", "<table><tr><td>甲</table>"),
            "<table><tbody><tr><td>甲</td></tr></tbody></table>",
        ),
        (
            Block(BlockKind.IMAGE, '图："新棚"', url="http://paper.example/1.jpg?a=1&b=2"),
            '<figure><img src="http://paper.example/1.jpg?a=1&amp;b=2" alt="图：&quot;新棚&quot;">'
            '<figcaption>图："新棚"</figcaption></figure>',
        ),
        (
            Block(BlockKind.IMAGE, "", url="http://paper.example/1.jpg"),
            '<figure><img src="http://paper.example/1.jpg" alt=""></figure>',
        ),
        (Block(BlockKind.IMAGE, "新棚", url="javascript:alert(1)"), "<p>新棚</p>"),
    ],
)
def test_each_kind_of_block_has_its_markup(block: Block, html: str) -> None:
    assert content(item(blocks=(block,)), SOURCE) == f"{html}\n{CREDIT}"


@pytest.mark.parametrize(
    "block",
    [
        paragraph(""),
        paragraph("", " "),
        Block(BlockKind.HEADING, ""),
        Block(BlockKind.LIST, "\n"),
        Block(BlockKind.IMAGE, "", url="data:image/png;base64,AA"),
    ],
)
def test_a_block_with_nothing_to_show_leaves_no_trace(block: Block) -> None:
    assert content(item(blocks=(block,)), SOURCE) == CREDIT


def test_markup_left_open_in_a_block_ends_with_the_block() -> None:
    made = content(item(blocks=(paragraph("一", "<b>一"), paragraph("二"))), SOURCE)
    assert made == f"<p><b>一</b></p>\n<p>二</p>\n{CREDIT}"


def test_only_as_much_is_published_as_the_operator_allows() -> None:
    photo = Block(BlockKind.IMAGE, "图", url="http://paper.example/1.jpg")
    made = item(blocks=(photo, *item().blocks))
    summed = replace(SOURCE, content=Content.SUMMARY)
    assert content(made, summed) == f"<p>3月4日，技术员在地头讲剪枝。</p>\n{CREDIT}"
    assert content(made, replace(SOURCE, content=Content.LINK)) == CREDIT
    assert content(item(blocks=(photo,)), summed) == CREDIT
    alone = item(blocks=(paragraph("字" * 500, "<b>字</b>" + "字" * 499),))  # a notice of one paragraph
    assert content(alone, summed) == f"<p>{'字' * 139}…</p>\n{CREDIT}"


def test_a_source_that_is_gone_is_credited_by_its_id() -> None:
    made = content(item(edition=None, page=None), None)
    assert made.endswith(
        '<p>来源：shan-hu-bao，2026年3月6日。<a href="http://paper.example/a0001" rel="noopener noreferrer">'
        "查看原文</a></p>"
    )


@pytest.mark.parametrize(
    ("edition", "page", "words"),
    [
        (Edition("总第9期"), PageNo("A01"), "，总第9期，2026年3月6日，第A01版。"),
        (Edition("9"), PageNo(None, "要闻"), "，第9期，2026年3月6日，“要闻”。"),
        (Edition(), PageNo(), "，2026年3月6日。"),
    ],
)
def test_the_credit_says_what_is_known_of_edition_and_page(
    edition: Edition, page: PageNo, words: str
) -> None:
    assert f"山湖科技报</a>{words}<a" in content(item(edition=edition, page=page), SOURCE)


def test_a_summary_is_the_beginning_of_the_first_paragraph() -> None:
    long = item(blocks=(Block(BlockKind.HEADING, "题"), paragraph(" "), paragraph("字" * 141)))
    assert summary(long, SOURCE) == "字" * 139 + "…"
    assert summary(item(blocks=(paragraph("字" * 140),)), SOURCE) == "字" * 140
    assert summary(item(), replace(SOURCE, content=Content.LINK)) == (
        "来源：山湖科技报，第812期，2026年3月6日，第3版“科协之窗”。"
    )


def test_the_alternate_of_a_section_jumps_to_its_heading() -> None:
    section = item(section=2, heading="芦山县：一-二, 三&四")
    link, _, words = alternate(section).partition("#:~:text=")
    assert link == item().link
    assert unquote(words) == "芦山县：一-二, 三&四"
    assert not set(words) & set("-,& ")  # syntax of a text directive


def test_the_alternate_of_a_whole_article_is_its_link() -> None:
    assert alternate(item(section=0, heading="芦山县")) == item().link
    assert alternate(item(section=1, heading=None)) == item().link


@pytest.mark.parametrize(
    ("title", "line"),
    [("一\r\n二", "一 二"), ("\x00\u202e", "（无标题）"), (" 一　二 ", "一　二"), ("<b>&lt;", "<b>&lt;")],
)
def test_a_headline_is_one_line_and_never_empty(title: str, line: str) -> None:
    assert headline(item(title=title)) == line


def test_a_byline_is_each_author_once_or_else_the_source() -> None:
    twice = (Author("吴禾", Role.REPORTER), Author("吴禾", Role.CORRESPONDENT), Author("\x00", Role.REPORTER))
    assert byline(item(authors=twice), SOURCE) == ("吴禾",)
    assert byline(item(authors=()), SOURCE) == ("山湖科技报",)
    assert byline(item(authors=()), None) == ("shan-hu-bao",)


def test_titles_come_safe_from_the_configuration_too() -> None:
    assert (
        title_of(FeedKey.of(column=LOCAL.slug), columns={LOCAL.slug: "地\x00方"}, sources={}) == "地方 · 邸报"
    )
