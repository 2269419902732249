"""From an edition to its past ones: addresses by the day, issues that a page names, and what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import earlier, opening
from bulletins.model import Context, Lead, Page, PageKind, PollStatus, Source
from bulletins.survey import day_of

KNOWN, WANTED = date(2026, 10, 14), date(2025, 9, 3)
SITE = "http://paper.example"


@pytest.mark.parametrize(
    ("address", "made"),
    [
        ("/pc/layout/202610/14/node_01.html", "/pc/layout/202509/03/node_01.html"),
        ("/html/2026-10/14/node_1.htm?v=1", "/html/2025-09/03/node_1.htm?v=1"),
        ("/shtml/kpb/20261014/index.shtml", "/shtml/kpb/20250903/index.shtml"),
        ("/2026/10/14/", "/2025/09/03/"),
        ("/Qpaper.html?date=2026-10-14", "/Qpaper.html?date=2025-09-03"),
        ("/paper?y=2026&m=10&d=14&p=1", "/paper?y=2025&m=09&d=03&p=1"),
        ("/html/2026/20261014/20261014_A01/a.html", "/html/2025/20250903/20250903_A01/a.html"),
        ("/html/202610/20261014/20261014_plist.htm", "/html/202509/20250903/20250903_plist.htm"),
    ],
)
def test_the_day_in_an_address_is_another_day_wherever_it_stands(address: str, made: str) -> None:
    assert earlier.on_day(SITE + address, KNOWN, WANTED) == SITE + made


@pytest.mark.parametrize("address", ["/", "/?t=20261", "/node_1.htm", "/202610/index.htm", "/120261014/"])
def test_an_address_without_the_day_leads_to_none(address: str) -> None:
    assert earlier.on_day(SITE + address, KNOWN, WANTED) is None


@given(st.dates(date(1995, 1, 1), date(2030, 1, 1)), st.dates(date(1995, 1, 1), date(2030, 1, 1)))
def test_the_way_to_another_day_and_back_is_the_same(known: date, wanted: date) -> None:
    for form in ("/{:%Y%m/%d}/node_01.html", "/{:%Y-%m/%d}/node_1.htm", "/{:%Y%m%d}/", "/?day={:%Y-%m-%d}"):
        address = SITE + form.format(known)
        there = earlier.on_day(address, known, wanted)
        assert there is not None
        assert day_of(there) == wanted
        assert earlier.on_day(there, wanted, known) == address


def test_a_calendar_s_links_the_numbers_and_the_previous_issue_lead_back() -> None:
    html = (
        '<a href="/?t=aa" data-day="2026-10-09">9</a> <a href="/?t=bb">第3598期</a>'
        '<a href="/?t=cc">上一期</a> <a href="/?t=dd">下一期</a> <a href="/about">关于</a>'
        '<a href="http://other.example/?t=ee">第1期</a>'
    )
    back = earlier.ways_back(Page(f"{SITE}/", html.encode(), "text/html; charset=utf-8"))
    assert [(each.address, each.day, each.number) for each in back.listed] == [
        (f"{SITE}/?t=aa", date(2026, 10, 9), 0),
        (f"{SITE}/?t=bb", None, 3598),
    ]
    assert back.previous
    assert back.previous.address == f"{SITE}/?t=cc"


def opened(html: str, within: tuple[date, date]) -> opening.Opened:
    source = Source("paper", "岷江科普报", f"{SITE}/", region="510000")
    context = Context(source, "dibao.test,2026", datetime(2026, 10, 14, 2, tzinfo=UTC), Lead(within=within))
    page = Page(f"{SITE}/?t=aa", html.encode(), "text/html; charset=utf-8", f"{SITE}/?t=aa")
    return opening.open_page(page, context, PageKind.EDITION)


def edition(day: date, links: str = '<li><a href="/b"><h3>芦山县科协开讲</h3></a></li>') -> str:
    return (
        f"<div class='date-box' data-day='{day}'></div><a href='/?t=zz'>2026-10-14</a>"
        "<div class='nav-box'><ul class='nav-list'><li><a href='/p1'>第1版:要闻</a></li></ul></div>"
        f'<ul id="paper-infos">{links}</ul>'
    )


def test_a_past_edition_is_read_and_leads_to_no_newer_one() -> None:
    day = date(2026, 10, 9)
    found = opened(edition(day), (day, day))
    assert found.problem is None
    assert [one.lead.edition.date for one in found.follow if one.lead.edition] == [day, day]
    assert {one.lead.within for one in found.follow} == {None}


def test_another_day_in_its_place_is_none() -> None:
    wanted = date(2026, 10, 7)
    found = opened(edition(date(2026, 10, 9)), (wanted, wanted))
    assert found.problem
    assert found.problem.status == PollStatus.QUIET
    assert "asked for the edition of 2026-10-07, it shows that of 2026-10-09" in found.problem.reason
    assert found.follow == ()
    assert opened(edition(date(2026, 10, 9)), (wanted, date(2026, 10, 9))).problem is None


def test_a_page_that_says_so_is_none() -> None:
    day = date(2026, 10, 9)
    none = opened("<p>该日期没有报纸</p>", (day, day)).problem
    broken = opened("<p>欢迎光临</p>" + "本站改版" * 200, (day, day)).problem
    assert none
    assert broken
    assert (none.status, broken.status) == (PollStatus.QUIET, PollStatus.LAYOUT_CHANGED)
