"""An article over two pages of its site: polled whole, corrected on either, and never cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletins.model import PollStatus
from tests.support.flow import house
from tests.support.site import Site, conditional
from worker.store import SqlStore, open_store

HEAD = "<title>瓦窑报</title><div class=mh>瓦窑报 2026年10月14日 星期三 第45期</div>"
LIST = f"{HEAD}<ul><li><a href=/1.html>第1版 人物</a></li><li><a href=/2.html>第2版 短歌</a></li></ul>"
FIRST = "瓦窑镇的守窑人郭长河，每天天不亮就起来看火。"
SECOND = "他在窑边守了四十个冬天，徒弟说师傅的手就是温度表。"
TITLE = "守窑人的四十个冬天"


def text(paragraph: str, pager: str = "") -> bytes:
    body = f"<h2>{TITLE}</h2><div class=wz><p>{paragraph}</p></div><div class=fy>{pager}</div>"
    return f"<meta charset=utf-8>{HEAD}{body}".encode()


def listed(address: str, title: str) -> bytes:
    return f"<meta charset=utf-8>{LIST}<ol><li><a href={address}>{title}</a></li></ol>".encode()


@pytest.fixture
def store(sqlite_url: str) -> SqlStore:
    return open_store(sqlite_url)


def test_both_pages_are_one_article_and_corrected_as_one(store: SqlStore, tmp_path: Path) -> None:
    onward = "<a href=/t/8f21c07_2.html>下一页</a>"
    with Site() as site, house(store, site, tmp_path) as home:
        site.routes |= {
            "/": conditional(listed("/t/8f21c07.html", TITLE), "a"),
            "/1.html": conditional(listed("/t/8f21c07.html", TITLE), "a"),
            "/2.html": conditional(listed("/t/9.html", "夜里的窑火照着河面"), "a"),
            "/t/8f21c07.html": conditional(text(FIRST, onward), "a"),
            "/t/8f21c07_2.html": conditional(text(SECOND), "a"),
            "/t/9.html": conditional(text("窑火照着河面，河面照着渡船，今晚不用点灯。"), "a"),
        }
        home.tick()
        assert home.lines.of("source.polled")[-1]["status"] == PollStatus.OK
        assert (FIRST, SECOND) in [item.paragraphs for item in home.items()]
        before = home.items()
        home.tick()
        assert home.lines.of("source.polled")[-1]["status"] == PollStatus.NOT_MODIFIED
        assert home.items() == before
        corrected = SECOND.replace("四十", "四十一")
        site.routes["/t/8f21c07_2.html"] = conditional(text(corrected), "b")
        home.tick()
        assert (FIRST, corrected) in [item.paragraphs for item in home.items()]
        del site.routes["/t/8f21c07_2.html"]
        home.tick()
        assert (FIRST, corrected) in [item.paragraphs for item in home.items()]
        assert any("8f21c07" in line["url"] for line in home.lines.of("page.failed"))
    store.dispose()
