"""How a page is built: the same for other texts and sizes, another for other boxes."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bulletins import reading
from bulletins.looks import Look
from bulletins.model import Context, Lead, Page, PageKind, Source

WORDS = st.text(alphabet="山水田林湖草沙人家门前树下灯火", min_size=12, max_size=40)
NOW = datetime(2026, 10, 14, 2, tzinfo=UTC)
IMPRINT = "本报版权所有,未经书面许可不得转载,违者必究。"
SOURCE = Source("paper", "岷江科普报", "http://paper.example/", region="510000")


def article(title: str, told: list[str], box: str = "paper-content", after: str = "</body></html>") -> Look:
    text = "".join(f"<p>{each}。</p>" for each in told)
    body = (
        f'<html><body><div class="date-box" data-day="2026-10-14"></div><h2 class="paper-title">{title}</h2>'
        f'<div id="{box}">{text}</div><b>分享到微信</b><p>{IMPRINT}</p>{after}'
    )
    page = Page("http://paper.example/a", body.encode(), "text/html; charset=utf-8")
    context = Context(SOURCE, "localhost,2026", NOW, Lead(title=title))
    (look,) = reading.read([(page, context, PageKind.ARTICLE)]).looks
    return look


@given(WORDS, st.lists(WORDS, min_size=2, max_size=9, unique=True))
def test_texts_and_their_number_change_no_structure(title: str, told: list[str]) -> None:
    look, other = article(title, told), article("另一条消息的标题", ["甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"])
    assert (look.paths, look.roles) == (other.paths, other.roles)
    assert look.whole


def test_where_what_was_read_stands_is_told() -> None:
    look = article("渡口的灯换成了太阳能", ["船工说夜里看得清楚", "江心的浪也看得清楚"])
    assert look.roles == {"title": "body>h0.paper-title", "body": "body>div#paper-content"}
    assert "分享到微信" in look.aside
    assert 0 < look.unread < 1  # the imprint is a sentence that nobody reads


def test_a_page_that_breaks_off_is_not_whole() -> None:
    told = ["船工说夜里看得清楚", "江心的浪也看得清楚"]
    assert not article("渡口的灯换成了太阳能", told, after="").whole


def test_a_deep_page_is_looked_at_without_recursion() -> None:
    deep = "<div>" * 3000 + "深处有字" + "</div>" * 3000
    look = article("渡口的灯换成了太阳能", ["船工说夜里看得清楚"], after=deep)
    assert len(look.paths) <= 400
