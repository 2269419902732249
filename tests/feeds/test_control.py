"""The control room: what is known in, what an operator sees at a glance out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import html

from bulletins.model import PollStatus
from bulletins.state import SourceState
from feeds.health import Health
from feeds.site import control
from feeds.site.control import Stale, State
from feeds.site.flows import Brought
from tests.support import newsroom

NOW = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)
WELL = SourceState(
    source="min-jiang",
    name="岷江科普报",
    url="http://min-jiang.example/",
    enabled=True,
    state=PollStatus.OK,
    reason="",
    action="",
    last_poll=NOW - timedelta(minutes=3),
    last_success=NOW - timedelta(minutes=3),
    last_changed=None,
    next_check=NOW + timedelta(minutes=27),
    newest=NOW - timedelta(days=1),
    failures=0,
)
CALM = State(
    now=NOW,
    sources=[WELL],
    rhythms={"min-jiang": "every 1800 s"},
    incidents=[],
    held=[],
    fresh={},
    stale=[],
    queues={"poll": 0},
    waiting=[],
    alive=[("beat", NOW), ("silence", NOW - timedelta(minutes=9)), ("worker", NOW)],
    polls=[Brought("min-jiang", NOW - timedelta(minutes=3), "ok", 5, 4, 1, 2.5)],
    published=[(NOW - timedelta(minutes=2), 17), (NOW, 3), (NOW - timedelta(hours=2), 100)],
    lags=[],
    reasons=[],
)


def room(**changes: Any) -> Any:
    made = control.status(newsroom.shelf("https://dibao.example"), replace(CALM, **changes))
    return html.document_fromstring(made.body.decode())


def verdict(page: Any) -> str:
    return str(page.xpath("string(//p[contains(@class, 'verdict')]/text())")).strip()


def test_all_is_well_while_the_judge_of_silence_waits_for_its_turn() -> None:
    page = room()
    assert verdict(page) == "一切正常。"
    assert page.xpath("//section[@aria-labelledby='alive']//dd[@class='bad']") == []


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"alive": [("beat", NOW)]}, "worker还没有来过"),
        ({"alive": [("beat", NOW - timedelta(minutes=3)), ("worker", NOW)]}, "beat已经3分钟没有心跳"),
        ({"alive": [*CALM.alive, ("silence", NOW - timedelta(hours=1))]}, "静默判断已经1小时没有心跳"),
        ({"sources": [replace(WELL, state=PollStatus.UNREACHABLE, reason="timed out")]}, "timed out"),
        ({"sources": [replace(WELL, state=PollStatus.UNREACHABLE, reason="HTTP 503")]}, "原因：HTTP 503"),
        ({"reasons": ["the disk is full"]}, "the disk is full"),
        ({"reasons": ["a: the database has no tables yet"]}, "a：数据库还没有建表"),
    ],
)
def test_what_is_amiss_counts_and_is_said(changes: dict[str, Any], seen: str) -> None:
    page = room(**changes)
    assert verdict(page) == "有1件事要看。"
    assert seen in page.xpath("string(//main)")
    lasting = page.xpath("//section[@aria-labelledby='lasting']//code/text()")
    assert lasting == (["dibao doctor"] if "alive" in changes else [])


def test_an_incident_shows_how_it_began_and_how_it_ended() -> None:
    one = control.Trouble(7, "岷江科普报", ("min-jiang",), True, "stale", "久未更新", "", "", NOW, NOW)
    polls = [Brought("min-jiang", NOW + timedelta(minutes=n), "ok", n, 0, 0, 1.0) for n in range(80)]
    made = control.incident(newsroom.shelf("https://dibao.example"), one, polls, NOW)
    page = html.document_fromstring(made.body.decode())
    shown = [int(each) for each in page.xpath("//table//tr/td[2]/text()")]
    assert shown == [*range(79, 54, -1), *range(24, -1, -1)]
    assert "中间还有30次" in page.xpath("string(//main)")


def test_the_last_hour_goes_from_the_poll_to_the_files() -> None:
    drawn = room().xpath("//section[@aria-labelledby='flow']")[0]
    assert "轮询1次，读取5页，新消息4条，发布文件20份" in drawn.xpath("string(.//svg/@aria-label)")
    assert drawn.xpath(".//svg/text/text()")[5:] == ["11:01", "11:13", "11:25", "11:37", "11:49"]
    head, *rows = [[cell.text_content() for cell in row.xpath("./th | ./td")] for row in drawn.xpath(".//tr")]
    assert head == ["时刻", "轮询", "读取的页", "新消息", "更正", "发布的文件"]
    assert [row[1:] for row in rows] == [
        ["1", "5", "4", "1", "0"],
        ["0", "0", "0", "0", "17"],
        ["0", "0", "0", "0", "3"],
    ]


def test_feeds_that_are_not_fresh_are_all_counted() -> None:
    few = Stale(Health.STALE, "no news", 501, (("region/511826", "芦山县"), ("all", "全部")))
    told = room(stale=[few]).xpath("//div[@class='stale']")[0]
    assert told.xpath("string(.//summary)") == "501个消息源"
    assert len(told.xpath(".//a")) == 2
    assert "前2个" in told.xpath("string(.//p[@class='hint'])")


def test_the_last_difference_of_structure_stands_with_a_source_that_is_well_again() -> None:
    page = room(sources=[replace(WELL, structure=("the list:", "  + ul>li.new", "  + and 3 more"))])
    assert verdict(page) == "一切正常。"
    lines = page.xpath("//section[@aria-labelledby='sources']//details//code")
    assert [line.text_content() for line in lines] == ["列表：", "+ ul>li.new", "+ 另有3处"]
    assert page.xpath("//section//*[@lang='en']") == []


def test_a_room_in_english_has_reasons_as_they_are_stored() -> None:
    ill = replace(WELL, state=PollStatus.UNREACHABLE, reason="HTTP 503 (http://a.example/) and 2 more")
    shelf = replace(newsroom.shelf("https://dibao.example"), lang="en")
    told = {
        lang: control.status(replace(shelf, lang=lang), replace(CALM, sources=[ill])) for lang in ("zh", "en")
    }
    assert "HTTP 503（http://a.example/），另有2处" in told["zh"].body.decode()
    assert ill.reason in told["en"].body.decode()
