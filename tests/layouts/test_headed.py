"""Pages on which articles stand whole below headlines that only their looks tell."""

from __future__ import annotations

import pytest

from bulletins.layouts import headed
from bulletins.markup import parse

URL = "http://paper.example/97/p1.htm"
MAST = "<table><tr><td>磨盘山报</td><td>2026年10月14日 第97期</td><td>第一版 要闻</td></tr></table>"
FIRST = "10月12日，磨盘山最后一块苦荞地收完了，晒场上的老人说雀子都吃胖了。"
ONE, TWO = "苦荞收完了", "水塔检修"
SECOND = "10月16日8时至12时，水塔检修，山下三个村停水，请提前储水。"


def read(body: str) -> list[tuple[str, list[str], str]]:
    found = headed.several(parse(f"<html><body>{body}</body></html>"), URL)
    return [(one.title, [block.text for block in one.blocks], one.head) for one in found]


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=c><p class=h1>{ONE}</p><p>{FIRST}</p><p class=h2>{TWO}</p><p>{SECOND}</p></div>",
        f"<div><font size=5>{ONE}</font><br>　　{FIRST}<br><font size=5>{TWO}</font><br>　　{SECOND}</div>",
        f"<div class=a><b>{ONE}</b><p>{FIRST}</p></div><div class=a><b>{TWO}</b><p>{SECOND}</p></div>",
    ],
    ids=["in one box", "loose", "in boxes"],
)
def test_headlines_made_alike_part_a_page(body: str) -> None:
    told = [(ONE, [FIRST], "第一版 要闻"), (TWO, [SECOND], "第一版 要闻")]
    assert read(MAST + body) == told


def test_verses_are_no_headlines() -> None:
    verses = "".join(f"<p class=v>{line}</p>" for line in ("霜落在瓦上", "瓦落在梦里", "山已经白了"))
    assert read(f"{MAST}<h3>霜降</h3>{verses}") == []


def test_what_links_lead_to_is_read_there() -> None:
    cards = "".join(
        f"<div><b>{title}</b><p>{text}</p><a href=/s/{n}.htm>{title}，请看全文</a></div>"
        for n, (title, text) in enumerate([(ONE, FIRST), (TWO, SECOND)])
    )
    assert read(MAST + cards) == []


def test_a_page_that_is_no_newspapers_has_none() -> None:
    assert read(f"<p><b>{ONE}</b><p>{FIRST}<p><b>{TWO}</b><p>{SECOND}") == []
