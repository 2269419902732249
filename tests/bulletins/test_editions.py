"""A newspaper's address -> its newest edition, whatever stands there; and what is no way to one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from bulletins.editions import MOST_HOPS
from bulletins.model import PageKind, PollStatus, Source
from tests.support.reader import Poll, path_of

NOW = datetime(2026, 10, 14, 1, 30, tzinfo=UTC)
TODAY, LAST, NEXT = date(2026, 10, 14), date(2026, 10, 13), date(2026, 10, 15)
HOST = "http://paper.example"
TEXT = "<p>近日，汶川县给三百棵老樱桃树建起了健康档案，每棵一页。</p>"


def node(day: date, n: int = 1) -> str:
    return f"/pc/layout/{day:%Y%m/%d}/node_0{n}.html"


def story(day: date) -> str:
    return f"/pc/content/{day:%Y%m/%d}/content_1.html"


def edition(day: date, extra: str = "", printed: date | None = None) -> dict[str, str]:
    """An edition of one page with one article, in the shape of Founder's new tree."""
    page = (
        f"<title>岷江科普报</title><p>{printed or day:%Y年%m月%d日} 星期三</p>{extra}"
        f"<ul><li><a href='{node(day)}'>第01版：要闻</a></li></ul>"
        f"<ul><li class=resultList><a href='{story(day)}'><h4>{day.day}日的樱桃树</h4></a></li></ul>"
    )
    return {node(day): page, story(day): f"<div id=ozoom><founder-content>{TEXT}</founder-content></div>"}


def poll(pages: Mapping[str, str], entry: str = "/") -> Poll:
    source = Source("paper", "岷江科普报", f"{HOST}{entry}", region="510000")
    bodies = {path: text.encode() for path, text in pages.items()}
    return Poll(source, NOW, lambda url: bodies.get(path_of(url)), "text/html; charset=utf-8")


def titles(pages: Mapping[str, str], entry: str = "/") -> list[str]:
    read = poll(pages, entry)
    assert read.verdict.status == PollStatus.OK, read.verdict
    return [item.title for item in read.reading.items]


@pytest.mark.parametrize(
    "root",
    [
        f"<META HTTP-EQUIV='REFRESH' CONTENT='0; URL={node(TODAY)[1:]}'>",
        f"<meta content=\"3;url='{node(TODAY)}'\" http-equiv=refresh><p>请稍候</p>",
        f"<script>window.location.href = '{node(TODAY)}';</script>",
        f"<script>var a = 1; top.location='{node(TODAY)}'</script>",
        f'<script>location.replace("{HOST}{node(TODAY)}")</script>',
        f"<script>if (/iPhone/.test(navigator.userAgent)) location.href='/wap{node(TODAY)}';"
        f"else location.href='{node(TODAY)}'</script>",
        f"<script>var url = '{node(TODAY)}'; if (/iPhone/.test(navigator.userAgent))"
        f" location.href='/m/index.html'; else window.location.href = url;</script>",
        "<script>var d = '202610/14';\nlocation.href = 'pc/layout/' + d + \"/node_01.html\";\n</script>",
        f"<script>location.href = '/a' + b; location.replace('/p' + '{node(TODAY)[2:]}')</script>",
        "<script>var t = new Date(), y = t.getFullYear(), m = t.getMonth() + 1, d = t.getDate();"
        "if (m < 10) m = '0' + m; top.location = '/pc/layout/' + y + m + '/' + d + '/node_01.html'</script>",
        f"<select><option value='{node(LAST)}'>2026-10-13<option value='{node(TODAY)}'>2026-10-14</select>",
        f"<body onload=\"window.location='{node(TODAY)}'\"></body>",
        f"<frameset><frame src='about:blank'><frame src='{node(TODAY)}'></frameset>",
        f"<a href='{node(TODAY)}'><img src=a.gif alt=进入数字报></a><a href='{node(LAST)}'><img></a>",
        f"<iframe src='{node(TODAY)}'></iframe>",
        f"<p>岷江科普报</p><a href='{node(TODAY)}'>点击进入</a>",
        f"<a href='/about.html'>关于我们</a><a href='{node(TODAY)}'><img src=a.jpg alt=''></a>",
        f"<li><a href='{node(LAST)}'>2026年10月13日</a><li><a href='{node(TODAY)}'>2026年10月14日</a>",
        "<table><td>" + "<td>".join(f"<a href='{node(day)}'>{day.day}</a>" for day in (LAST, TODAY, NEXT)),
        edition(LAST, f"<a href='{node(TODAY)}'>下一期</a>")[node(LAST)],
        edition(LAST, f"<a href='{node(NEXT)}'>15</a><a href='{node(TODAY)}'>14</a>")[node(LAST)],
        edition(TODAY, f"<a href='{node(LAST)}'>上一期</a><a href='{node(NEXT)}'>下一期</a>")[node(TODAY)],
        edition(TODAY)[node(TODAY)],
    ],
)
def test_the_newest_edition_is_found_from_the_papers_address_alone(root: str) -> None:
    pages = {"/": root} | edition(TODAY) | edition(LAST) | edition(NEXT)
    assert titles(pages) == ["14日的樱桃树"]


@pytest.mark.parametrize("name", ["第{}期", "总第{}期", "岷江科普报第{}期（2026年10月{}日）"])
def test_issues_are_told_by_their_names_whatever_their_addresses(name: str) -> None:
    links = "".join(f"<li><a href=/qk/{n}.htm>{name.format(n, n)}</a></li>" for n in (13, 14, 12))
    pages = {"/": f"<title>岷江科普报</title><ul>{links}</ul>"} | edition(TODAY)
    assert titles(pages | {"/qk/14.htm": edition(TODAY)[node(TODAY)]}) == ["14日的樱桃树"]


def issues(link: str) -> str:
    return "".join(f"<li>{link.format(day, day.day * 7)}</li>" for day in (LAST, TODAY, NEXT))


GO = "function go(d){location.href='/pc/layout/'+d.substr(0,6)+'/'+d.substr(6,2)+'/node_01.html'}"
DAYS = "".join(f"'{day:%Y%m%d}'," for day in (LAST, TODAY, NEXT))
MOVED = {f"/read?id={day.day * 7}": edition(day)[node(day)] for day in (LAST, TODAY, NEXT)}


@pytest.mark.parametrize(
    "root",
    [
        issues("<span>{0:%Y-%m-%d}</span><a href='/read?id={1}'>查看</a>"),
        issues("<a href='/read?id={1}'><img src=a.jpg></a><p>{0:%Y年%m月%d日}</p>"),
        "<h3>2026年10月</h3>" + issues("<a href='/read?id={1}'>{0.day}</a>"),
        "<select onchange=\"location='/read?id='+this.value\">"
        "<option value=91>第90期<option value=98>第91期</select>",
        f"<script>var days=[{DAYS}]; {GO}</script><div id=calendar></div>",
        f"<script>{GO}</script>" + issues("<i onclick=\"go('{0:%Y%m%d}')\">{0.day}</i>"),
        "<script>fetch('/all.json').then(function(l){location.href='/read?id='+l[0].id})</script>",
        "<div id=app></div><script src=/own.js></script>",
        "<frameset><frame name=top src=/top.htm><frame name=main src='/read?id=98'></frameset>",
        "<frameset><frame src=/a.htm><frame src='/read?id=98'></frameset>",
    ],
)
def test_issues_are_found_whatever_lists_them(root: str) -> None:
    told = [{"id": day.day * 7, "date": f"{day}"} for day in (LAST, TODAY, NEXT)]
    beside = {
        "/all.json": json.dumps(told),
        "/own.js": f"function start() {{ location.href = '{node(TODAY)}' }}\nstart();",
        "/a.htm": "<p>岷江科普报</p><a href=/>首页</a>",
    }
    assert titles({"/": root} | beside | MOVED | edition(TODAY) | edition(LAST)) == ["14日的樱桃树"]


BUILT = (
    "<script>var d=new Date(); location='/p/'+d.getFullYear()+'/'+(d.getMonth()+1)+'/'+d.getDate()</script>"
)


@pytest.mark.parametrize("today", [{}, {"/p/2026/10/14": "<p>该日期没有报纸</p>"}])
def test_before_todays_edition_is_out_the_last_one_is_read(today: dict[str, str]) -> None:
    read = poll({"/": BUILT, "/p/2026/10/13": edition(LAST)[node(LAST)]} | today | edition(LAST))
    assert ([item.title for item in read.reading.items], read.failures) == (["13日的樱桃树"], [])
    assert read.verdict.status == PollStatus.OK


def test_articles_that_a_script_would_fetch_by_their_ids_are_fetched() -> None:
    script = (
        "axios.get('/api/issues').then(r => open(r.data[0].id));"
        "function open(id) { axios.get('/api/issue/' + id) }"
        "function show(aid) { $.getJSON('/api/article?aid=' + aid, a => $('#c').html(a.content)) }"
    )
    articles = [{"aid": n, "title": title} for n, title in ((8, "樱桃树的病历"), (9, "桥"))]
    shown = {"pages": [{"no": "02", "name": "乡村", "articles": articles}], "date": "2026-10-14"}
    pages = {
        "/": f"<div id=app></div><script>{script}</script>",
        "/api/issues": json.dumps(
            {"data": [{"id": 7, "date": "2026-10-13"}, {"id": 8, "date": "2026-10-14"}]}
        ),
        "/api/issue/8": json.dumps({"data": shown}, ensure_ascii=False),
    }
    for one in articles:
        pages[f"/api/article?aid={one['aid']}"] = json.dumps({**one, "content": TEXT}, ensure_ascii=False)
    read = poll(pages)
    assert [(item.title, item.page and item.page.name) for item in read.reading.items] == [
        ("樱桃树的病历", "乡村"),
        ("桥", "乡村"),
    ]
    assert {item.published.date() for item in read.reading.items} == {TODAY}


def test_a_list_of_articles_is_no_list_of_issues() -> None:
    headlines = ("第12期科普大讲堂开讲", "岷江科普简报2026年工作综述", "科普简报第9期：樱桃树的病历")
    links = "".join(f"<li><a href=/news/{n}.htm>{text}</a></li>" for n, text in enumerate(headlines))
    text = f"<h1>标题</h1><div id=zoom>{TEXT * 8}</div>"
    pages = {"/": f"<ul>{links}</ul>"} | {f"/news/{n}.htm": text for n in range(len(headlines))}
    assert [len(poll(pages).pages), poll(pages).reading.kind] == [4, PageKind.LIST]


def test_a_link_to_the_next_edition_is_followed_from_edition_to_edition() -> None:
    days = [date(2026, 10, n) for n in (11, 12, 13, 14)]
    pages: dict[str, str] = {}
    for day, after in zip(days, [*days[1:], TODAY], strict=True):
        pages |= edition(day, f"<a href='{node(after)}'>下一期</a>")
    assert titles(pages, node(days[0])) == ["14日的樱桃树"]


def test_a_sister_paper_is_no_newer_edition() -> None:
    sister = f"<a href='/evening{node(TODAY)}'>晚报</a>"
    assert titles({"/": edition(LAST, sister)[node(LAST)]} | edition(LAST)) == ["13日的樱桃树"]


def test_a_page_that_loads_itself_again_leads_nowhere() -> None:
    again = f"<meta http-equiv=refresh content='300'><meta http-equiv=refresh content='60;url={node(TODAY)}'>"
    assert titles(edition(TODAY, again), node(TODAY)) == ["14日的樱桃树"]


def refresh(target: str) -> str:
    return f"<meta http-equiv=refresh content='0;url={target}'>"


def test_pages_that_lead_round_are_told() -> None:
    read = poll({"/": refresh("/a"), "/a": refresh("/b"), "/b": refresh("/a")})
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.LAYOUT_CHANGED, False)
    assert "it leads on to http://paper.example/a, which leads back" in read.verdict.reason


def test_a_long_way_is_not_gone_to_its_end() -> None:
    pages = {f"/{n}": refresh(f"/{n + 1}") for n in range(30)} | {"/": refresh("/0")}
    read = poll(pages)
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.LAYOUT_CHANGED, False)
    assert "lead on from the source's address" in read.verdict.reason
    assert len(read.pages) == MOST_HOPS + 1


def test_an_edition_to_come_is_not_read_though_nothing_else_is_there() -> None:
    root = f"<ul><li><a href='{node(NEXT)}'>2026年10月15日</a></ul>"
    read = poll({"/": root} | edition(NEXT))
    assert (read.verdict.status, read.reading.items) == (PollStatus.LAYOUT_CHANGED, ())


@pytest.mark.parametrize("day", [date(2099, 1, 1), date(1970, 1, 1)])
def test_an_edition_of_an_impossible_day_is_held_back(day: date) -> None:
    read = poll({"/": refresh(node(day))} | edition(day))
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.QUARANTINED, False)
    assert str(day) in read.verdict.reason


def test_yesterdays_edition_under_todays_address_is_held_back() -> None:
    read = poll(edition(TODAY, printed=LAST), node(TODAY))
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.QUARANTINED, False)
    assert "its address is of 2026-10-14, and it shows the edition of 2026-10-13" in read.verdict.reason


@pytest.mark.parametrize(
    "shown", ["今天是2026年10月14日 星期三", "2026年10月13日 星期二 / 2026年10月12日 星期一"]
)
def test_a_clock_on_a_page_says_nothing_of_its_edition(shown: str) -> None:
    pages = {path: text.replace("2026年10月13日 星期三", shown) for path, text in edition(LAST).items()}
    assert titles(pages, node(LAST)) == ["13日的樱桃树"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            "<div id=app></div><script>axios.get('/api/paper').then(show)</script>",
            "a script fetches what stands here",
        ),
        ("<div id=app></div><script src=/static/app.9f3.js></script>", "a script builds what stands here"),
        ("<p>岷江科普报</p><p><a href=/1.pdf>第01版</a> <a href=/2.pdf>第02版</a></p>", "PDF files alone"),
        ("<p>岷江科普报</p><img src=/1.jpg><img src=/2.jpg>", "pictures alone"),
    ],
)
def test_a_newspaper_without_a_text_says_what_it_is(page: str, said: str) -> None:
    read = poll({"/": page})
    assert (read.verdict.status, read.verdict.publish) == (PollStatus.LAYOUT_CHANGED, False)
    assert said in read.verdict.reason


def test_a_challenge_is_no_way_on() -> None:
    read = poll(
        {"/": f"<script>document.cookie='a=1';location.href='{node(TODAY)}'</script>"} | edition(TODAY)
    )
    assert read.verdict.status == PollStatus.BLOCKED


def test_the_same_paper_in_two_layouts_is_read_by_what_each_page_is() -> None:
    old = {
        "/html/2018-03/06/node_2.htm": "<p>2018年3月6日 星期二</p><table><tr><td class=default>"
        "<a id=pageLink href=node_2.htm>第A1版：要闻</a></table><map name=PagePicMap>"
        "<area href=content_9.htm title='柠檬林里的夜校'></map>",
        "/html/2018-03/06/content_9.htm": f"<div id=articleContent>{TEXT}</div>",
    }
    assert titles(edition(TODAY) | old, node(TODAY)) == ["14日的樱桃树"]
    read = poll(edition(TODAY) | old, "/html/2018-03/06/node_2.htm")
    assert [(item.title, item.published.date()) for item in read.reading.items] == [
        ("柠檬林里的夜校", date(2018, 3, 6))
    ]


def test_what_leads_on_is_an_edition_with_nothing_on_it() -> None:
    read = poll({"/": refresh(node(TODAY))} | edition(TODAY))
    assert read.reading.kind == PageKind.EDITION
    assert read.reading.problems == ()
