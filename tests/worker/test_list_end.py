"""A list whose pager leads past its end: what was read counts, and nothing has failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.flow import START, House, house
from tests.support.site import Route, Site, html
from worker.store import SqlStore

DAY = (START + timedelta(hours=8)).date()
TITLES = {
    "1": "龙门镇办起无人机培训班",
    "2": "思延镇的猕猴桃园来了专家",
    "3": "大川镇中学添了天文望远镜",
    "4": "红星村果农学会疏花疏果",
}
GONE = [
    (404, {}, b"not here"),
    html("<html><head><title>404</title></head><body>抱歉，您访问的页面不存在</body></html>"),
]


def listed(names: str, onward: str) -> Route:
    rows = "".join(f'<li><a href="{n}.html">{TITLES[n]}</a><span>{DAY}</span></li>' for n in names)
    return html(f'<html><body><div><ul>{rows}</ul></div><a href="{onward}">下一页</a></body></html>')


def article(title: str) -> Route:
    text = "近日，芦山县科协在当地举办了一场面向村民的科普活动，两百多人到场，活动持续了整整一天。"
    return html(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{DAY}</div>"
        f"<div class='content'><p>{text}</p><p>{text[3:]}</p></div></body></html>"
    )


@pytest.fixture
def site() -> Iterator[Site]:
    routes = {f"/{n}.html": article(title) for n, title in TITLES.items()}
    with Site(routes | {"/": listed("1234", "/index_1.html")}) as made:
        yield made


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        yield made


@pytest.mark.parametrize("answer", GONE, ids=["404", "an error page"])
def test_a_page_past_the_end_of_a_list_ends_it(at_work: House, site: Site, answer: Route) -> None:
    site.routes["/index_1.html"] = answer
    at_work.tick()
    polled = at_work.lines.of("source.polled")[-1]
    assert (polled["status"], polled["new"], polled["rejected"]) == ("ok", 4, 0)
    assert "/index_1.html" in site.paths
    at_work.tick()
    assert at_work.lines.of("source.polled")[-1]["status"] == "not_modified"
    assert not at_work.lines.of("page.failed")


@pytest.mark.parametrize("path", ["/", "/index_1.html"], ids=["the first page", "a page that breaks"])
def test_other_pages_that_fail_are_told(at_work: House, site: Site, path: str) -> None:
    site.routes["/index_1.html"] = listed("", "")
    site.routes[path] = (404 if path == "/" else 500, {}, b"")
    at_work.tick()
    assert at_work.lines.of("source.polled")[-1]["status"] == "unreachable"
