"""A list whose entries lead to other hosts, and a redirect that leaves the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletins.dates import SHANGHAI
from tests.support.fetching import fetcher
from tests.support.flow import START, House, house
from tests.support.site import Route, Site, html
from worker.store import SqlStore

DAY = START.astimezone(SHANGHAI).date()
WECHAT = "http://mp.weixin.qq.com:{port}/s/AbCdEfGhIjKlMnOpQrStUv"
ROWS = {
    "/1.html": "龙门镇办起无人机培训班",
    "/2.html": "思延镇的猕猴桃园来了专家",
    "/3.html": "大川镇中学添了天文望远镜",
    "/4.html": "红星村果农学会疏花疏果",
    "http://news.sister.example:{port}/5.html": "省里的报纸来写县里的茶园",
    WECHAT: "县医院的义诊队进了山村",
    "/away.html": "通往别处的一篇旧文",
}
TEXT = "近日，芦山县在当地举办了一场面向村民的科普活动，两百多人到场，持续了整整一天。"


def listed(port: int, rows: dict[str, str]) -> Route:
    entries = (
        f'<li><a href="{to.format(port=port)}">{said}</a><span>{DAY}</span></li>' for to, said in rows.items()
    )
    return html(f"<html><body><div><ul>{''.join(entries)}</ul></div></body></html>")


def article(title: str) -> Route:
    return html(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{DAY}</div>"
        f"<div class='content'><p>{title}。{TEXT}</p><p>{TEXT[3:]}</p></div></body></html>"
    )


def wechat(title: str) -> Route:
    moment = int(datetime.combine(DAY, datetime.min.time(), SHANGHAI).timestamp()) + 3_600
    return html(
        f'<html><head><meta property="og:title" content="{title}"></head><body>'
        f'<h1 id="activity-name">{title}</h1><a id="js_name">芦山卫健</a><em id="publish_time"></em>'
        f'<div id="js_content" style="visibility:hidden"><section><p>{TEXT}</p></section></div>'
        f'<script>var ct = "{moment}";</script></body></html>'
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.routes |= {f"/{n}.html": article(title) for n, title in enumerate(ROWS.values(), start=1)}
        made.routes["/s/AbCdEfGhIjKlMnOpQrStUv"] = wechat(ROWS[WECHAT])
        made.routes["/away.html"] = (302, {"Location": f"http://casino.test:{made.port}/1.html"}, b"")
        made.routes["/"] = listed(made.port, ROWS)
        yield made


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    url = f"http://www.kx.example:{site.port}/"
    with (
        house(store, site, tmp_path, url=url) as made,
        fetcher(site, resolve=lambda host, port: ["127.0.0.1"]) as anywhere,
    ):
        made.ports = replace(made.ports, fetcher=anywhere)
        yield made


def test_entries_at_other_hosts_are_read_and_a_redirect_away_is_left_out(at_work: House, site: Site) -> None:
    at_work.tick()
    polled = at_work.lines.of("source.polled")[-1]
    assert (polled["status"], polled["new"], polled["rejected"]) == ("ok", 6, 1)
    read = {item.title: item for item in at_work.items()}
    assert read.keys() == set(ROWS.values()) - {ROWS["/away.html"]}
    assert read[ROWS[WECHAT]].link == WECHAT.format(port=site.port)
    assert read["省里的报纸来写县里的茶园"].link == f"http://news.sister.example:{site.port}/5.html"
    (failed,) = at_work.lines.of("page.failed")
    assert "another site: casino.test" in failed["reason"]
    assert "casino" not in "".join(asked.headers["host"] for asked in site.requests)
    # One more host among many entries holds nothing back.
    more = {"http://www.province.example:{port}/8.html": "省科协公布年度项目名单"}
    site.routes["/8.html"] = article(next(iter(more.values())))
    site.routes["/"] = listed(site.port, more | ROWS)
    at_work.tick(after=timedelta(hours=1))
    polled = at_work.lines.of("source.polled")[-1]
    assert (polled["status"], polled["new"]) == ("ok", 1)
