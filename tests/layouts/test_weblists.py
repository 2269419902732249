"""Lists of web sites: days in all forms of rows, links of all kinds, and where a list goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bulletins import reading, sites
from bulletins.layouts import weblists
from bulletins.markup import parse
from bulletins.model import Context, Page, PageKind, Source

URL = "http://www.example/xw/index.html"
TITLES = ("龙门镇办起培训班", "红军小学种下果树", "县里公布古树名录")
ROWS = {
    "beside": "<li><a href={n}.html>{title}</a><span>2026-03-1{n}</span></li>",
    "two nodes": "<li><div><span>1{n}</span><em>2026年03月</em></div><a href={n}.html>{title}</a></li>",
    "month first": "<li><b>03-1{n}</b><i>2026</i><p><a href={n}.html>{title}</a></p></li>",
    "in the link": "<li><a href={n}.html>{title}<em>[2026/3/1{n}]</em></a></li>",
    "the next cell": "<tr><td>·</td><td><a href={n}.html>{title}</a></td><td>2026.03.1{n}</td></tr>",
    "a summary": "<div class=r><h3><a href={n}.html>{title}</a></h3><p>2026年3月1{n}日 详情。</p></div>",
    "cut short": "<li><a href={n}.html title={title}>{short}...</a><span>2026-03-1{n}</span></li>",
    "a picture too": "<li><a href={n}.html><img src=a></a><a href={n}.html>{title}</a>2026-03-1{n}</li>",
}


def listed(row: str) -> str:
    rows = "".join(row.format(n=n, title=title, short=title[:4]) for n, title in enumerate(TITLES, start=1))
    box = f"<table>{rows}</table>" if row.startswith("<tr") else f"<div id=list>{rows}</div>"
    menu = "<ul><li><a href=/a/>政务公开目录</a></li><li><a href=/b/>互动交流平台</a></li></ul>"
    return f"<html><body>{menu}{box}<p>今天是2026年3月20日</p></body></html>"


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_row_has_its_headline_and_day(row: str) -> None:
    found = weblists.rows(parse(listed(row)), URL)
    assert [link.text for link in found] == list(TITLES)
    today = date(2026, 3, 20)
    assert [sites.row_day(link.date, today) for link in found] == [date(2026, 3, 10 + n) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昨天", date(2026, 1, 1)),
        ("3小时前", date(2026, 1, 2)),
        ("2天前", date(2025, 12, 31)),
        ("12-30", date(2025, 12, 30)),  # the last such day
        ("01月02日", date(2026, 1, 2)),
        ("02-30", None),
        ("即日", None),
    ],
)
def test_days_without_their_year(text: str, day: date | None) -> None:
    assert sites.row_day(text, date(2026, 1, 2)) == day


def test_links_of_all_kinds() -> None:
    page = parse(
        "<ul><li><a href=./a.html>相对地址的一条新闻</a>2026-03-01</li>"
        "<li><a href=//other.example/b.html>另一台主机的新闻</a>2026-03-02</li>"
        "<li><a href=/新闻/c.html>地址里有汉字的新闻</a>2026-03-03</li>"
        "<li><a href='http://'>地址不完整的新闻</a>2026-03-04</li>"
        "<li><a href='javascript:void(0)'>没有地址的新闻一条</a>2026-03-05</li></ul>"
    )
    assert [link.href for link in weblists.rows(page, URL)] == [
        "http://www.example/xw/a.html",
        "http://other.example/b.html",
        "http://www.example/新闻/c.html",
    ]


@pytest.mark.parametrize(
    ("url", "page", "onward"),
    [
        (URL, '<script>createPageHTML(50, 0, "index", "html");</script>', "/xw/index_1.html"),
        ("/xw/index_1.html", '<script>createPageHTML(50, 1, "index", "html")</script>', "/xw/index_2.html"),
        (URL, '<script>createPageHTML(1, 0, "index", "html");</script>', None),
        (URL, "<script>createPageHTML('page_div', 9, 0, 'index', 'shtml', 99)</script>", "/xw/index_1.shtml"),
        (URL, "<script>var countPage = 5//共多少页\nvar currentPage = 0</script>", "/xw/index_1.html"),
        (
            "/list/42.html",
            "<a href='/list/42.html?page=1'>1</a><a href='/list/42.html?page=2'>2</a>",
            "/list/42.html?page=2",
        ),
        ("/kxyw.htm", "<a href='kxyw/17.htm'>下页</a>", "/kxyw/17.htm"),
        (URL, "<a href='#'>下一页</a>", None),
    ],
)
def test_where_a_list_goes_on(url: str, page: str, onward: str | None) -> None:
    host = "http://www.example"
    here = url if url.startswith("http") else host + url
    found = weblists.following(parse(f"<html><body>{page}</body></html>"), here)
    assert found == (host + onward if onward else None)


ITEM = (
    "<div class=item><h3>{title}</h3><span>2026-03-1{n}</span><p>3月1{n}日，{title}，来了三十个人。</p></div>"
)


def test_items_without_pages_of_their_own_are_numbered_from_the_oldest() -> None:
    def read(count: int) -> dict[str, str]:
        items = [ITEM.format(n=n, title=TITLES[n % 3] + str(n)) for n in reversed(range(count))]
        page = f"<html><body><h1>快讯</h1><div class=list>{''.join(items)}</div></body></html>".encode()
        source = Source("kx", "快讯", URL)
        context = Context(source, "localhost,2026", datetime(2026, 3, 20, tzinfo=UTC))
        said = reading.read([(Page(URL, page), context, PageKind.EDITION)])
        assert not said.problems
        assert {item.published.date() for item in said.items} == {date(2026, 3, 10 + n) for n in range(count)}
        return {item.title: item.id for item in said.items}

    four, five = read(4), read(5)
    assert len(four) == 4
    assert four.items() <= five.items()


@pytest.mark.parametrize(
    ("crumbs", "column"),
    [
        ("首页 > 通知公告", "通知公告"),
        ("首页 - 工作动态", "工作动态"),
        ("首页", ""),  # what follows is the first row: its day has strokes, and its headline is no column
    ],
)
def test_a_column_is_last_among_the_crumbs(crumbs: str, column: str) -> None:
    page = (
        f'<div class="con"><div class="path">您的位置：{crumbs}</div>'
        '<ul><li><span>2026-01-12</span><a href="a.html">渠县科普大篷车忙了</a></li></ul></div>'
    )
    assert weblists.column(parse(page)) == column
