"""Pages that are wrong: a named reason, no crash, nothing empty and nothing wrong published."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bulletins.model import PollStatus, Source
from tests.support.reader import Poll, path_of

NOW = datetime(2026, 10, 14, 1, 30, tzinfo=UTC)
BASE = "/html/2026-10/14/"
FRONT, SECOND = BASE + "node_1.htm", BASE + "node_2.htm"
TEXT = "<p>近日，汶川县给三百棵老樱桃树建起了健康档案，每棵一页。</p>"


def listing(articles: Mapping[str, str]) -> str:
    links = "".join(f"<li><a href={href}><div>{title}</div></a></li>" for href, title in articles.items())
    pages = f"<a id=pageLink href={FRONT}>第01版：要闻</a><a id=pageLink href={SECOND}>第02版：科普</a>"
    return f"<p>2026年10月14日 星期三</p>{pages}<ul class=main-ed-articlenav-list>{links}</ul>"


def article(body: str = TEXT) -> str:
    return f"<title>岷江科普报</title><div id=ozoom><founder-content>{body}</founder-content></div>"


def poll(**pages: str | bytes) -> Poll:
    whole: dict[str, str | bytes] = {
        "node_1": listing({"content_1.htm": "樱桃树的病历"}),
        "node_2": listing({"content_2.htm": "夜校开在柠檬林"}),
        "content_1": article(),
        "content_2": article(),
        **pages,
    }
    source = Source("paper", "岷江科普报", f"http://paper.example{FRONT}", region="510000")
    bodies = {
        f"{BASE}{name}.htm": text if isinstance(text, bytes) else text.encode()
        for name, text in whole.items()
    }
    return Poll(source, NOW, lambda url: bodies.get(path_of(url)), "text/html; charset=utf-8")


def titles(read: Poll) -> list[str]:
    assert read.verdict.publish, read.verdict
    return [item.title for item in read.reading.items]


def test_in_good_order_it_is_read() -> None:
    assert titles(poll()) == ["樱桃树的病历", "夜校开在柠檬林"]


def test_a_list_whose_links_all_lead_to_one_page_is_told() -> None:
    one = "".join(f"<li><a href=content_1.htm>第{n}篇文章的标题</a></li>" for n in "一二三四")
    read = poll(node_2=listing({}).replace("</ul>", f"{one}</ul>"))
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.LAYOUT_CHANGED, False)
    assert "all 4 entries of the list lead to one page" in read.verdict.reason


def test_a_list_of_pages_that_all_are_one_page_is_told() -> None:
    front = listing({"content_1.htm": "樱桃树的病历"}).replace(SECOND, FRONT)
    front = front.replace("<ul", f"<a id=pageLink href={FRONT}>第03版：副刊</a><ul")
    read = poll(node_1=front)
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.LAYOUT_CHANGED, False)
    assert "all 3 entries of the list lead to one page" in read.verdict.reason


def test_an_article_on_two_pages_is_one_item_where_it_stood_first() -> None:
    both = listing({"content_2.htm": "夜校开在柠檬林", "content_1.htm": "樱桃树的病历（转第2版）"})
    read = poll(node_2=both)
    assert [(item.title, item.page.number if item.page else "") for item in read.reading.items] == [
        ("樱桃树的病历", "1"),
        ("夜校开在柠檬林", "2"),
    ]


@pytest.mark.parametrize("title", ["", " ", "　", "&nbsp;&nbsp;", "&#8203;"])
def test_a_title_of_blanks_is_no_title(title: str) -> None:
    blank = listing({"content_2.htm": title})
    read = poll(node_2=blank, content_2=article().replace("岷江科普报", title))
    assert titles(read) == ["樱桃树的病历"]
    assert [rejection.reason for rejection in read.reading.rejections] == ["no title"]


@pytest.mark.parametrize("body", ["", "<p>　</p>", "<p></p><br><br>", "<script>x()</script>"])
def test_a_body_of_nothing_is_left_out_and_told(body: str) -> None:
    read = poll(content_2=article(body))
    assert titles(read) == ["樱桃树的病历"]
    assert [rejection.reason for rejection in read.reading.rejections] == ["no body"]


def test_a_picture_without_a_word_is_left_out_and_told() -> None:
    read = poll(content_2=article("<p><img src=/a.jpg></p>"))
    assert titles(read) == ["樱桃树的病历"]
    assert [rejection.reason for rejection in read.reading.rejections] == ["a picture without a word"]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><p>广告</p></body></html><html><body>{article()}</body></html>",
        f"<html><html><body><body>{article()}",
        f"<div><span><b><div id=ozoom><founder-content>{TEXT.removesuffix('</p>')}",
        f"{'<div>' * 1_900}{article()}",
        f"{article()}{'</div>' * 5_000}",
        article(f"<p><b><i>{TEXT}</b></p></i>").replace("</div>", ""),
    ],
)
def test_broken_markup_costs_nothing(page: str) -> None:
    read = poll(content_2=page)
    assert titles(read) == ["樱桃树的病历", "夜校开在柠檬林"]
    assert read.reading.items[1].paragraphs == ("近日，汶川县给三百棵老樱桃树建起了健康档案，每棵一页。",)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["node_2", "content_2"])
def test_ten_thousand_levels_are_read_or_told(name: str) -> None:
    deep = {"node_2": listing({"content_2.htm": "夜校开在柠檬林"}), "content_2": article()}[name]
    read = poll(**{name: "<div class=a>" * 10_000 + deep})
    assert all(item.title and item.blocks for item in read.reading.items)
    assert len(read.reading.items) == 2 or read.verdict.reason


@pytest.mark.slow
def test_eight_megabytes_of_text_are_read() -> None:
    read = poll(content_2=article(TEXT * 80_000))
    assert titles(read)[1] == "夜校开在柠檬林"
    assert len(read.reading.items[1].paragraphs) == 80_000


@pytest.mark.slow
def test_a_list_of_many_thousand_links_is_read() -> None:
    many = {f"content_{n}.htm": f"第{n}棵樱桃树的病历" for n in range(3, 4_000)}
    read = poll(node_2=listing(many))
    leads = [follow for follow in read.reading.follow if "content_" in follow.url]
    assert len(leads) >= len(many)


def test_bytes_that_are_no_text_in_place_of_a_list_are_told() -> None:
    read = poll(node_2=random.Random(4).randbytes(5_000))
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.BLOCKED, False)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("公益广告", "an advertisement"),
        ("广 告", "an advertisement"),
        ("责编：林听雨 版式：江小满", "the editors of the page"),
        ("本版责编 何知秋", "the editors of the page"),
        ("版责", "the editors of the page"),
    ],
)
def test_what_is_no_news_is_left_out_and_told(title: str, reason: str) -> None:
    read = poll(
        node_2=listing({"content_2.htm": title}), content_2=article("<p>责编：林听雨 版式：江小满</p>")
    )
    assert titles(read) == ["樱桃树的病历"]
    assert [rejection.reason for rejection in read.reading.rejections] == [reason]


@pytest.mark.parametrize("title", ["编辑部的故事", "广告牌下的菜园", "责任编辑是怎样炼成的", "审读一座山"])
def test_news_of_editors_and_advertisements_is_news(title: str) -> None:
    assert titles(poll(node_2=listing({"content_2.htm": title})))[1:] == [title]


@pytest.mark.parametrize("title", ["第1版的樱桃树", "12 名院士进山村", "01 号樱桃树的病历", "3版邮票上市"])
def test_a_headline_that_begins_like_a_page_is_a_headline(title: str) -> None:
    read = poll(
        node_2=listing({"content_2.htm": title, "content_3.htm": "夜校开在柠檬林"}), content_3=article()
    )
    assert titles(read) == ["樱桃树的病历", title, "夜校开在柠檬林"]
    assert {item.page.number for item in read.reading.items if item.page} == {"1", "2"}


def test_a_single_file_is_that_of_the_page_shown() -> None:
    front = listing({"content_1.htm": "樱桃树的病历"}) + "<a href=/01.pdf>下载</a>"
    second = listing({"content_2.htm": "夜校开在柠檬林"}) + "<a href=/02.pdf>下载</a>"
    assert [item.pdf for item in poll(node_1=front, node_2=second).reading.items] == [
        "http://paper.example/01.pdf",
        "http://paper.example/02.pdf",
    ]
