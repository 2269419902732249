"""A page's tree -> its ways, wherever they are written, and what names a page of the newspaper."""

from __future__ import annotations

from datetime import date

import pytest

from bulletins.markup import parse
from bulletins.survey import FOLIO, day_of, is_address, is_whole, survey

BASE = "http://paper.example/html/2026-10/14/node_1.htm"
SHOW = '<script>function show(id, x){ if (id) { window.open("/news/article?id=" + id + "&k=1"); } }</script>'


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<a href=content_1.htm>题</a>", "/html/2026-10/14/content_1.htm"),
        ("<a href=' ../13/node_1.htm '>题</a>", "/html/2026-10/13/node_1.htm"),
        ("<area href=content_1.htm title=题>", "/html/2026-10/14/content_1.htm"),
        ("""<a href="#" onclick="gourl('/a/1.shtml','_top')">题</a>""", "/a/1.shtml"),
        ("""<a onclick="javascript:window.open('1.html','_self');">题</a>""", "/html/2026-10/14/1.html"),
        ("""<td onclick="window.location='v2.html'">题</td>""", "/html/2026-10/14/v2.html"),
        ("""<li onclick='location.href="/a?id=1"'>题</li>""", "/a?id=1"),
        (
            """<a href="javascript:go('nw.D110000rb_1-01.htm')">题</a>""",
            "/html/2026-10/14/nw.D110000rb_1-01.htm",
        ),
        ("<a title=Articel01002LB.htm>题</a>", "/html/2026-10/14/Articel01002LB.htm"),
        ("<div data-href='/x/9.html'>题</div>", "/x/9.html"),
        (f"<a href=javascript:; onclick='show(77, this)'>题</a>{SHOW}", "/news/article?id=77&k=1"),
    ],
)
def test_an_address_is_found_wherever_it_is_written(markup: str, address: str) -> None:
    (way,) = survey(parse(markup)).ways
    assert (way.address(BASE), way.label) == (f"http://paper.example{address}", "题")


@pytest.mark.parametrize(
    "markup",
    [
        "<a href=#top>顶</a>",
        "<a href=javascript:void(0)>题</a>",
        "<a href='mailto:a@b.example'>信</a>",
        "<img src=a.jpg data-src=/b.html>",
        "<a title='2026/10/14'>题</a>",
        "<a title='一个标题'>题</a>",
        "<link href=/a.css><base href=/b/>",
        "<a onclick='unknown(77)'>题</a>",
        "<form action=/a.html></form>",
    ],
)
def test_what_leads_nowhere_is_no_way(markup: str) -> None:
    assert survey(parse(markup)).ways == ()


@pytest.mark.parametrize(
    ("inside", "label"),
    [
        ("题目", "题目"),
        ("<h4>题目</h4><p>近日，……</p>", "题目"),
        ("<div><p>题目</p><p>近日，……</p></div>", "题目"),
        ("<p>题目</p><p>近日，……</p>", "题目"),
        ("<img src=a.jpg><span>题目</span>", "题目"),
    ],
)
def test_a_link_is_called_by_the_heading_in_it(inside: str, label: str) -> None:
    (way,) = survey(parse(f"<a href=/1.htm>{inside}</a>")).ways
    assert way.label == label


@pytest.mark.parametrize("inside", ["题目的开…", "题目的开...", "", "[图]", "详细"])
def test_a_title_attribute_says_what_the_text_leaves_out(inside: str) -> None:
    (way,) = survey(parse(f"<a href=/1.htm title=题目的开头和结尾>{inside}</a>")).ways
    assert way.label == "题目的开头和结尾"


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("http://a/pc/layout/202610/14/node_01.html", date(2026, 10, 14)),
        ("http://a/html/2026-10/14/node_2.htm", date(2026, 10, 14)),
        ("http://a/rb/20261014/html/index.htm", date(2026, 10, 14)),
        ("http://a/Html/2026-10-14/Qpaper.html", date(2026, 10, 14)),
        ("http://a/dskb/2026/10/14/page_list.html", date(2026, 10, 14)),
        ("http://a/?y=2026&m=10&d=4", date(2026, 10, 4)),
        ("http://a/index?date=2026-10-14", date(2026, 10, 14)),
        ("http://20261014.a/node_1.htm", date(2026, 10, 14)),
        ("http://a/content_20261014001001.htm", None),
        ("http://a/?t=40c8e7d1b39a4f258e7b61fd02c9a5b3", None),
        ("http://a/202613/40/node_1.htm", None),
    ],
)
def test_the_day_in_an_address(address: str, day: date | None) -> None:
    assert day_of(address) == day


@pytest.mark.parametrize(
    "text",
    [
        "第A01版：头版",
        "第 05 版：市州",
        "A01：头版",
        "03：要闻",
        "3版",
        "第三版",
        "01版 要闻",
        "05 副刊",
        "B2 副刊",
        "12：副刊",
    ],
)
def test_a_page_is_named(text: str) -> None:
    assert FOLIO.match(text)


@pytest.mark.parametrize(
    "text",
    ["要闻", "2026年10月14日", "新版本上线", "3版本", "12:30", "12 名院士进山村", "上一版", "100个好故事"],
)
def test_no_page_is_named(text: str) -> None:
    assert not FOLIO.match(text)


def test_a_label_is_whole_or_not() -> None:
    assert is_whole("樱桃树的病历")
    assert not any(map(is_whole, ["樱桃树的…", "樱桃树...", "", "详细", "阅读全文", "[图]", "  "]))


@pytest.mark.parametrize("text", ["a.html", "/a/b", "../a.shtml?x=1", "http://a/b", "?id=1", "x/y.do?m=i"])
def test_an_address_is_told_from_words(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "_top", "word", "2026/10/14", "第1版", "a.htmlx", "and/or", "a" * 5_000 + ".html"]
)
def test_words_are_no_address(text: str) -> None:
    assert not is_address(text)
