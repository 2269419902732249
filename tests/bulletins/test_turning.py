"""Newspapers without a list of pages, of which each page leads to the next by its 下一版."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletins.layouts import turning
from bulletins.markup import parse
from bulletins.model import PollStatus, Source
from tests.support.reader import Poll, path_of

NEWS = "近日，云岭县竹影科普队把小望远镜背进了三个山村，孩子们排着队看月亮上的环形山，看完了都舍不得走。"
NAMES = ("要闻", "科普", "农事", "副刊")
TITLES = tuple(f"望远镜进了第{n}个山村的小学" for n in "一二三四五六七八")
DAY = datetime(2026, 11, 27, 4, tzinfo=UTC)


def address(n: int) -> str:
    return "/" if n == 0 else f"/read.php?id={7000 + n}"


def page(n: int, articles: str, there: str, day: str = "2026年11月27日") -> str:
    return (
        f"<title>岷江晚报</title><div class=top>岷江晚报 {day} 星期五</div>"
        f"<div class=bm>第0{n + 1}版：{NAMES[n]}</div>"
        f"<img src=/{n}.jpg><div class=turn><a href={address(max(0, n - 1))}>上一版</a> {there}</div>"
        f"<ul class=list>{articles}</ul>"
    )


def site(link: str, *, empty: int = -1) -> dict[str, str]:
    """Four pages of two articles each, but for an `empty` one; the last leads back to the first."""
    made: dict[str, str] = {}
    for n in range(len(NAMES)):
        mine = {f"/show.php?aid={9000 + 2 * n + k}": TITLES[2 * n + k] for k in range(2)}
        listed = "".join(f"<li><a href={href}>{title}</a></li>" for href, title in mine.items())
        made[address(n)] = page(n, "" if n == empty else listed, link.format(address((n + 1) % len(NAMES))))
        for href, title in mine.items():
            made[href] = (
                f"<title>{title}</title><h1>{title}</h1><div id=ozoom><p>{NEWS}</p><p>{title}。</p></div>"
            )
    return made


def polled(pages: dict[str, str]) -> Poll:
    source = Source("wan", "岷江晚报", "http://wan.example/")
    return Poll(source, DAY, lambda url: pages[path_of(url)].encode() if path_of(url) in pages else None)


def titles(poll: Poll) -> list[str]:
    return [item.title for item in poll.reading.items]


@pytest.mark.parametrize(
    "link",
    [
        "<a href={}>下一版</a>",
        "<a href={}>下一版面 &gt;&gt;</a>",
        "<a href={}><img src=/next.gif alt=下一版></a>",
        "<a href={} title=下一版>»</a>",
        "<a href={}>下一页</a>",
        "<a href='#' onclick=\"location.href='{}'\">下一版</a>",
        "<input type=button value=下一版 onclick=\"location.href='{}'\">",
        "<button onclick=\"location='{}'\"><i></i>下一版</button>",
    ],
)
def test_each_page_leads_to_the_next(link: str) -> None:
    poll = polled(site(link))
    assert poll.verdict.status == PollStatus.OK, poll.verdict
    assert titles(poll) == list(TITLES)
    assert [item.page.name for item in poll.reading.items if item.page] == [n for n in NAMES for _ in "ab"]
    assert {str(item.edition.date) for item in poll.reading.items if item.edition} == {"2026-11-27"}


@pytest.mark.parametrize(
    ("script", "address", "pages"),
    [
        ("var b='001,002,004'", "/p/20261127_001/20261127_001.html", [1, 2, 4]),
        ("var b=['01','02']", "/p/2026-01-01/01/01_01.htm", [1, 2]),
        ("var b='01,02', day='11,27'", "/p/20261127/v.aspx?day=11&b=02", [1, 2]),
        ("var sizes='12,14,16'", "/p/20261127/01.htm", []),
        ("var far='02,01'", "/p/20261127/01.htm", []),
    ],
)
def test_pages_are_known_by_their_numbers_in_a_script(script: str, address: str, pages: list[int]) -> None:
    links = turning.numbered(parse(f"<script>{script}</script>"), f"http://wan.example{address}")
    own = address.replace("b=02", "b=01")
    there = [
        own.replace("_001", f"_{n:03}").replace("01_01", f"01_{n:02}").replace("b=01", f"b={n:02}")
        for n in pages
    ]
    assert [path_of(link.href) for link in links] == there


@pytest.mark.parametrize("empty", [0, 1])
def test_a_page_of_a_picture_ends_nothing(empty: int) -> None:
    poll = polled(site("<a href={}>下一版</a>", empty=empty))
    assert titles(poll) == [title for n, title in enumerate(TITLES) if n // 2 != empty]


def test_the_next_edition_is_none_of_this_one_s_pages() -> None:
    pages = site("<a href={}>下一版</a>")
    pages[address(3)] = pages[address(3)].replace("11月27日", "11月26日")
    assert titles(polled(pages)) == list(TITLES[:6])


def test_a_chain_without_an_end_has_one() -> None:
    source = Source("wan", "岷江晚报", "http://wan.example/")

    def get(url: str) -> bytes:
        n = int(url.rpartition("=")[2]) if "=" in url else 0
        listed = f"<li><a href=/show.php?aid=9000>{TITLES[0]}</a></li>"
        return page(0, listed, f"<a href=/read.php?id={n + 1}>下一版</a>").encode()

    assert len(Poll(source, DAY, get).pages) == 102  # with the one article
