"""Pages of a source -> where they lead, which items they hold, what is wrong with them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bulletins.model import (
    Context,
    Edition,
    Lead,
    Page,
    PageKind,
    PageNo,
    PollStatus,
    Source,
)
from bulletins.opening import open_page
from bulletins.reading import read
from tests.support.reader import Poll

NOW = datetime(2026, 1, 2, 1, 30, tzinfo=UTC)
SOURCE = Source("kepu", "岷江科普报", "http://kepu.example/", region="510000")
CONTEXT = Context(SOURCE, "localhost,2026", NOW)
NAMES = {"p1": "第1版:要闻", "p3": "第3版:科协之窗"}
NEWS = "<p>近日，雅安市芦山县竹影科普队把小望远镜背进了三个山村。(宋晚晴)</p>"


def navigation(active: str = "p1", day: str = "2026-01-02") -> str:
    entries = "".join(
        f"<li class='{'active' if name == active else ''}'><a href='/{name}'>{label}</a></li>"
        for name, label in NAMES.items()
    )
    return (
        f"<div class=header><div class=date-box id=calendar data-day={day}></div></div>"
        f"<div class=nav-box><ul class=nav-list>{entries}</ul></div><div class=edition>3654 期</div>"
    )


def listing(articles: Mapping[str, str], active: str = "p1", **options: str) -> str:
    entries = "".join(f"<li><a href='{href}'><h3>{title}</h3></a></li>" for href, title in articles.items())
    return f"{navigation(active, **options)}<ul id=paper-infos>{entries}</ul>"


def article(title: str, body: str = NEWS, page: str = "第3版:科协之窗") -> str:
    return (
        f"<title>{title}</title><div class=paper-head>3654 期 / {page}</div>"
        f"<h2 class=paper-title>{title}</h2><div id=paper-content>{body}</div>"
    )


def site(**pages: str) -> Poll:
    """A poll of an edition with two pages; what is not given is in good order."""
    whole = {
        "": listing({"/a": "望远镜进山村"}),
        "p1": listing({"/a": "望远镜进山村"}),
        "p3": listing({"/b": "星座灯笼"}, "p3"),
        "a": article("望远镜进山村", page="第1版:要闻"),
        "b": article("星座灯笼"),
    } | pages
    answers = {f"http://kepu.example/{name}": text.encode() for name, text in whole.items() if text != "404"}
    return Poll(SOURCE, NOW, answers.get, "text/html; charset=utf-8")


def test_an_edition_leads_to_its_pages_and_these_to_their_articles() -> None:
    poll = site()
    assert poll.verdict.status == PollStatus.OK
    assert [(item.title, item.page, item.position) for item in poll.reading.items] == [
        ("望远镜进山村", PageNo("1", "要闻"), 0),
        ("星座灯笼", PageNo("3", "科协之窗"), 0),
    ]
    assert {item.edition for item in poll.reading.items} == {Edition(3654, date(2026, 1, 2))}
    assert (poll.reading.kind, poll.reading.lists, poll.reading.layout) == (PageKind.EDITION, 3, "sckjw")


def test_what_a_list_says_comes_before_what_the_article_says() -> None:
    lead = Lead(Edition(77, date(2025, 12, 31)), PageNo("4", None), "科普长廊", "别名", 5, "http://a/4.pdf")
    page = Page("http://kepu.example/b", article("星座灯笼").encode())
    (item,) = read([(page, replace(CONTEXT, lead=lead), PageKind.ARTICLE)]).items
    assert item.edition == lead.edition
    assert item.page == PageNo("4", "科协之窗")  # the name that the list lacks
    assert item.column is not None
    assert (item.title, item.column.name, item.position, item.pdf) == ("星座灯笼", "科普长廊", 5, lead.pdf)
    assert item.published.date() == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("heading", "lead", "title"),
    [
        ("<h2 class=paper-title>星座灯笼</h2>", "别名", "星座灯笼"),
        ("<h2 class=paper-title>星座<br>灯笼<!-- 二 --></h2>", "别名", "星座 灯笼"),
        ("<h2 class=paper-title> &nbsp;　</h2>", "别名", "别名"),
        ("", "别名", "别名"),
        ("<title>页名</title>", None, "页名"),
    ],
)
def test_the_title_stands_on_the_article_or_in_the_list_that_led_there(
    heading: str, lead: str | None, title: str
) -> None:
    page = Page("http://kepu.example/b", f"{heading}<div id=paper-content>{NEWS}</div>".encode())
    (item,) = read([(page, replace(CONTEXT, lead=Lead(title=lead)), PageKind.ARTICLE)]).items
    assert item.title == title


@pytest.mark.parametrize("title", ["", " &nbsp;　", "&#8203;"])
def test_an_article_without_any_title_is_left_out_and_told(title: str) -> None:
    poll = site(p3=listing({"/b": title}, "p3"), b=article(title))
    assert [(each.reason, each.url) for each in poll.reading.rejections] == [
        ("no title", "http://kepu.example/b")
    ]
    assert [item.title for item in poll.reading.items] == ["望远镜进山村"]
    assert poll.verdict.status == PollStatus.OK
    assert "no title" in poll.verdict.reason


@pytest.mark.parametrize(
    "body", ["", "<p></p>", "<p>&nbsp;</p><p>　</p>", "<p>(本报记者 张望山)</p>", "<script>x</script>"]
)
def test_an_article_without_text_is_left_out_and_told(body: str) -> None:
    poll = site(b=article("星座灯笼", body))
    assert [(each.reason, each.title) for each in poll.reading.rejections] == [("no body", "星座灯笼")]
    assert poll.verdict.publish
    assert poll.verdict.reason == "left out: 星座灯笼: no body"


def test_an_article_on_two_pages_is_one_item_where_it_stood_first() -> None:
    both = {"/a": "望远镜进山村", "/b": "星座灯笼"}
    poll = site(p3=listing(both, "p3"))
    assert [(item.title, item.page and item.page.number) for item in poll.reading.items] == [
        ("望远镜进山村", "1"),
        ("星座灯笼", "3"),
    ]
    twice = site(p3=listing({"/a?from=timeline": "望远镜进山村", "/b": "星座灯笼"}, "p3"))
    assert [item.id for item in twice.reading.items] == [item.id for item in poll.reading.items]


def test_sections_with_one_heading_are_told_apart_by_their_order() -> None:
    body = "".join(f"<h3>芦山县</h3><p>近日，竹影科普队第{n}次进山。</p>" for n in "一二三")
    poll = site(b=article("星座灯笼", body))
    names = [item.id.removeprefix("tag:localhost,2026:kepu/") for item in poll.reading.items]
    assert names == ["a", "b/511826", "b/511826-2", "b/511826-3"]


def test_addresses_count_from_where_the_page_says() -> None:
    poll = site(
        p3="<base href='/deep/down/'>" + listing({"../b": "星座灯笼"}, "p3"),
        **{"deep/b": article("星座灯笼", "<base href=/img/><p>近日，队员编灯笼。</p><img src=1.jpg>")},
    )
    assert poll.verdict.status == PollStatus.OK
    assert poll.reading.items[1].link == "http://kepu.example/deep/b"
    assert poll.reading.items[1].blocks[1].url == "http://kepu.example/img/1.jpg"


def test_a_redirected_article_keeps_the_address_that_the_list_gave() -> None:
    page = Page("http://m.kepu.example/mobile/b", article("星座灯笼").encode(), None, "http://kepu.example/b")
    (item,) = read([(page, CONTEXT, PageKind.ARTICLE)]).items
    assert (item.link, item.id) == ("http://kepu.example/b", "tag:localhost,2026:kepu/b")


def test_links_that_lead_nowhere_are_passed_over() -> None:
    entries = {"javascript:void(0)": "广告", "#": "广告", "mailto:a@b.example": "投稿", "/b": "星座灯笼"}
    poll = site(p3=listing(entries, "p3"))
    assert [item.title for item in poll.reading.items] == ["望远镜进山村", "星座灯笼"]


@pytest.mark.parametrize("at", ["", "p3"])
def test_a_list_whose_entries_all_lead_nowhere_is_no_quiet_day(at: str) -> None:
    dead = listing({"javascript:go(1)": "一", "javascript:go(2)": "二"}, "p3")
    if not at:
        dead = dead.replace("href='/p", "href='javascript:p")
    poll = site(**{at: dead})
    assert poll.verdict.status == PollStatus.LAYOUT_CHANGED
    assert not poll.verdict.publish
    assert "2 entries and none of them an address" in poll.verdict.reason


def test_a_list_that_is_there_and_empty_is_a_quiet_day() -> None:
    poll = site(
        **{
            "": listing({}),
            "p1": listing({}),
            "p3": navigation("p3") + "<ul id=paper-infos><li>暂无</li></ul>",
        }
    )
    assert (poll.verdict.status, poll.reading.items, poll.reading.lists) == (PollStatus.QUIET, (), 3)


@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        ("<title>Just a moment...</title><script>x</script>", PollStatus.BLOCKED, "a challenge"),
        (
            "<script>document.cookie='a=1';location.reload()</script>",
            PollStatus.BLOCKED,
            "a script challenge",
        ),
        ("<form>密码<input type=password></form>", PollStatus.BLOCKED, "a login form"),
        ("<title>404 Not Found</title>", PollStatus.BLOCKED, "an error page"),
        ("<p>您的访问过于频繁</p>", PollStatus.BLOCKED, "an access refusal"),
        ("<main><a href=/a>望远镜进山村</a></main>", PollStatus.LAYOUT_CHANGED, "no known layout"),
        (
            "<main><a href=/a>全新上线</a></main><script>location.href</script>" + NEWS * 9,
            PollStatus.LAYOUT_CHANGED,
            "no known",
        ),
        ("", PollStatus.BLOCKED, "an empty page"),
        ("\r\n", PollStatus.BLOCKED, "an empty page"),
        (
            "<html><head><title>岷江科普报</title></head><body> &nbsp;</body></html>",
            PollStatus.BLOCKED,
            "empty",
        ),
        ("<title>岷江科普报</title><img src=relaunch.jpg>", PollStatus.LAYOUT_CHANGED, "no known layout"),
        ("<div id=app></div><script src=app.js></script>", PollStatus.LAYOUT_CHANGED, "no known layout"),
        ("%PDF-1.4\n", PollStatus.BLOCKED, "not a web page (application/pdf)"),
    ],
)
@pytest.mark.parametrize("at", ["", "p3"])
def test_a_list_replaced_with_status_200_holds_everything_back(
    at: str, page: str, status: PollStatus, said: str
) -> None:
    poll = site(**{at: page})
    assert poll.verdict.status == status
    assert not poll.verdict.publish
    assert said in poll.verdict.reason
    assert f"http://kepu.example/{at}" in poll.verdict.reason


def test_bytes_that_are_no_text_are_told_as_such() -> None:
    noise = random.Random(1).randbytes(9000)
    found = open_page(Page("http://kepu.example/", noise), CONTEXT, PageKind.EDITION)
    assert found.problem is not None
    assert found.problem.status == PollStatus.BLOCKED
    assert "no encoding fits" in found.problem.reason


@pytest.mark.parametrize("kind", [PageKind.EDITION, PageKind.PAGE, PageKind.LIST, PageKind.ARTICLE, None])
def test_a_file_in_place_of_a_page_is_no_new_layout(kind: PageKind | None) -> None:
    page = Page("http://kepu.example/a", b"%PDF-1.7\n" + NEWS.encode(), "text/html")
    reading = read([(page, CONTEXT, kind)])
    assert [(problem.status, problem.reason) for problem in reading.problems] == [
        (PollStatus.BLOCKED, "not a web page (application/pdf)")
    ]
    assert reading.items == ()


def test_one_article_that_is_a_file_or_empty_is_left_out_and_told() -> None:
    poll = site(p3=listing({"/b": "星座灯笼", "/c": "旧文", "/d": "号外"}, "p3"), c="", d="%PDF-1.4")
    assert poll.verdict.publish
    assert [(each.title, each.reason) for each in poll.reading.rejections] == [
        ("旧文", "an empty page"),
        ("号外", "not a web page (application/pdf)"),
    ]


def test_one_article_without_its_place_does_not_hold_the_others_back() -> None:
    poll = site(p3=listing({"/b": "星座灯笼", "/c": "旧文"}, "p3"), c="<main>全新上线</main>")
    assert poll.verdict.publish
    assert [(each.title, each.url) for each in poll.reading.rejections] == [("旧文", "http://kepu.example/c")]
    assert len(poll.reading.items) == 2


def test_articles_that_failed_do_not_hold_the_others_back() -> None:
    one = site(b="404")
    assert (one.verdict.status, one.verdict.publish) == (PollStatus.OK, True)
    assert one.verdict.reason == "left out: http://kepu.example/b: HTTP 404"
    most = site(p3=listing({"/b": "星座灯笼", "/c": "旧文"}, "p3"), b="404")
    assert (most.verdict.status, most.verdict.publish) == (PollStatus.UNREACHABLE, True)
    assert "HTTP 404 (http://kepu.example/b) and 1 more" in most.verdict.reason
    assert [item.title for item in most.reading.items] == ["望远镜进山村"]


def test_an_entry_that_failed_is_unreachable() -> None:
    poll = site(**{"": "404"})
    assert (poll.verdict.status, poll.verdict.publish) == (PollStatus.UNREACHABLE, False)


def test_an_edition_that_is_yet_to_come_is_held_back() -> None:
    poll = site(**{"": listing({}, day="2099-01-01")})
    assert (poll.verdict.status, poll.verdict.publish) == (PollStatus.QUARANTINED, False)
    assert "2099-01-01" in poll.verdict.reason


def test_a_broken_byte_costs_its_article_and_no_other() -> None:
    page = Page("http://kepu.example/b", article("星座灯笼").encode().replace("望".encode(), b"\xe6\xff\x9b"))
    reading = read([(page, CONTEXT, PageKind.ARTICLE)])
    assert [each.reason for each in reading.rejections] == ["characters that no encoding explains"]
    assert (reading.items, reading.problems) == ((), ())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("label", ["gb2312", "utf-8"])
def test_names_outside_gb2312_whatever_the_page_calls_itself(encoding: str, label: str) -> None:
    text = f"<meta charset={label}>" + article("朱镕、李喆与王堃的望远镜")
    page = Page("http://kepu.example/b", text.encode(encoding), f"text/html; charset={label}")
    reading = read([(page, CONTEXT, PageKind.ARTICLE)])
    assert [item.title for item in reading.items] == ["朱镕、李喆与王堃的望远镜"]
    assert reading.encoding == {"utf-16": "utf-16-le"}.get(encoding, encoding)


def test_dates_in_pieces_are_whole() -> None:
    body = "<p>　　<span>12</span>月<span>31</span>日，<font>雅安市</font><b>芦山县</b>竹影科普队进山。</p>"
    (item,) = site(b=article("星座灯笼", body)).reading.items[1:]
    assert item.paragraphs == ("12月31日，雅安市芦山县竹影科普队进山。",)
    assert item.event_date == date(2025, 12, 31)
    assert item.region is not None
    assert item.region.code == "511826"


def test_a_page_name_without_a_number_is_still_a_name() -> None:
    page = listing({"/a": "望远镜进山村"}).replace("第1版:要闻", "要闻")
    found = open_page(Page("http://kepu.example/", page.encode()), CONTEXT, PageKind.EDITION)
    assert [follow.lead.page for follow in found.follow if follow.kind == PageKind.PAGE] == [
        PageNo(None, "要闻"),
        PageNo("3", "科协之窗"),
    ]


@pytest.mark.parametrize(
    ("text", "url", "kind"),
    [
        (listing({"/a": "一"}), "http://kepu.example/", PageKind.EDITION),
        (listing({"/a": "一"}), "http://kepu.example/p3", PageKind.PAGE),
        ("<ul id=paper-infos><li><a href=/a>一</a></li></ul>", "http://kepu.example/l", PageKind.LIST),
        (navigation() + article("一"), "http://kepu.example/a", PageKind.ARTICLE),
        ("<p>一</p>", "http://kepu.example/a", PageKind.LIST),
    ],
)
def test_a_page_of_which_nothing_is_known_shows_its_kind(text: str, url: str, kind: PageKind) -> None:
    assert open_page(Page(url, text.encode()), CONTEXT).kind == kind


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_a_page_built_to_exhaust_a_reader_is_read() -> None:
    body = "<div>" * 10_000 + NEWS + "<span " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"
    (item,) = read(
        [(Page("http://kepu.example/b", article("深处", body).encode()), CONTEXT, PageKind.ARTICLE)]
    ).items
    assert item.paragraphs == ("近日，雅安市芦山县竹影科普队把小望远镜背进了三个山村。",)
