"""Newspapers whose lists or texts are asked for by POST, or are nowhere: told so, never as a quiet day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletins.model import PollStatus, Source, Verdict
from tests.support.reader import Poll, path_of

DAY = datetime(2026, 11, 27, 4, tzinfo=UTC)
MUCH = "岷江日报社版权所有，未经授权不得转载，地址云岭市学府路1号。" * 20
CALLS = [
    '$.post("/api/paper/list",{day:d},show)',
    '$.ajax({url:"/api/paper/list",type:"POST",data:{day:d},success:show})',
    '$.ajax({type:"post",dataType:"json",url:"/api/paper/list"})',
    'axios.post("/api/paper/list",{day:d}).then(show)',
    'fetch("/api/paper/list",{method:"POST",body:b}).then(show)',
    'var x=new XMLHttpRequest();x.open("POST","/api/paper/list");x.send(b)',
]


def judged(pages: dict[str, str]) -> Verdict:
    source = Source("kepu", "岷江日报", "http://kepu.example/")
    poll = Poll(source, DAY, lambda url: pages[path_of(url)].encode() if path_of(url) in pages else None)
    assert not poll.reading.items
    return poll.verdict


@pytest.mark.parametrize("beside", ["", MUCH])
@pytest.mark.parametrize("call", CALLS)
def test_a_front_page_that_posts_for_its_lists(call: str, beside: str) -> None:
    page = f"<h1>岷江日报</h1><div id=bm></div><p>{beside}</p><script>{call};</script>"
    verdict = judged({"/": page})
    assert verdict.status == PollStatus.LAYOUT_CHANGED
    assert "by POST (/api/paper/list)" in verdict.reason
    assert not verdict.publish


def test_a_program_that_posts() -> None:
    shell = "<div id=app></div><script type=module src=/js/app.js></script>"
    program = 'import{a as t}from"./x.js";const e={list:d=>t.post("/api/paper/list",d)};'
    assert "by POST (/api/paper/list)" in judged({"/": shell, "/js/app.js": program}).reason


def edition(beside: str) -> dict[str, str]:
    """Four pages, each with the list of them and `beside` in place of articles."""
    rows = "".join(f"<li><a href=/read.php?id=700{n}>第0{n + 1}版：要闻</a></li>" for n in range(4))
    page = f"<div>岷江日报 2026年11月27日 星期五</div><img src=/1.jpg><ul class=bm>{rows}</ul>{beside}"
    return {"/": page} | {f"/read.php?id=700{n}": page for n in range(4)}


@pytest.mark.parametrize(
    ("beside", "why"),
    [
        ('<script>$.post("/api/paper/articles",{page:1},show)</script>', "by POST (/api/paper/articles)"),
        ("<a href=/1.pdf>PDF</a>", "PDF files alone"),
        ("", "pictures alone"),
    ],
)
def test_an_edition_without_any_list_of_articles_is_no_quiet_day(beside: str, why: str) -> None:
    verdict = judged(edition(beside))
    assert verdict.status == PollStatus.LAYOUT_CHANGED
    assert "none of the edition's 4 pages has a list of articles" in verdict.reason
    assert why in verdict.reason


BOXES = "<h1>岷江日报</h1><div class=page-list id=pageList></div><div class=draft-list id=draftList></div>"


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ('$.ajax({type: "GET", url: "/open/whole?n=1", success: fill})', PollStatus.LAYOUT_CHANGED),
        ('$.post("/api/paper/list", fill)', PollStatus.LAYOUT_CHANGED),
        ("var shown = 1", PollStatus.QUIET),
    ],
)
def test_boxes_that_a_script_fills_are_no_empty_lists(script: str, status: PollStatus) -> None:
    """Neither where what fills them holds no newspaper."""
    pages = {"/": f"{BOXES}<script>{script}</script>", "/open/whole?n=1": '{"code": 0, "say": "无数据"}'}
    assert judged(pages).status == status


def test_a_counter_that_posts_is_no_reason() -> None:
    page = f'<h1>岷江日报</h1><p>{MUCH}</p><script>$.post("/count",{{n:1}})</script>'
    assert "POST" not in judged({"/": page}).reason
