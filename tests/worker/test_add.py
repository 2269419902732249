"""`dibao add`: what an editor sees of a site, and the stanza that comes of it."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletins.errors import ConfigError
from tests.support.product import Product, product
from tests.support.site import Route, Site, html
from worker.cli import main
from worker.config import stanza

PRACTICE = Path(__file__).parents[2] / "docs" / "practice"  # what docs/adding-a-source.md has a newcomer add
FEED = """<rss version="2.0"><channel><title>名山区科普</title><item><title>茶园里的测报灯亮了</title>
<guid>1</guid><description>中峰镇的茶园装上了虫情测报灯。</description></item></channel></rss>"""

TITLES = [
    *("龙门镇办起无人机飞手培训班", "关于开展科普活动月的通知"),
    *("思延镇猕猴桃园里来了土专家", "雅安市科技特派员走进大川镇"),
]

Add = Callable[..., tuple[int, str, str]]


def practice() -> dict[str, Route]:
    kind = {"Content-Type": "text/html; charset=utf-8"}
    files = {path: path.relative_to(PRACTICE).as_posix() for path in PRACTICE.rglob("*.html")}
    pages = {f"/{name.removesuffix('index.html')}": path.read_bytes() for path, name in files.items()}
    return {"/robots.txt": (404, {}, b""), **{name: (200, kind, body) for name, body in pages.items()}}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(practice()) as made:
        yield made


@pytest.fixture
def add(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Add]:
    config = tmp_path / "config.toml"
    config.write_text(
        f'# 我的\n[fetch]\nper_host_interval = 0\nallow_addresses = ["{site.address}"]  # 本机\n', "utf-8"
    )
    before = dict(os.environ)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dibao", "add", *arguments, "--config", str(config)])
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    yield call
    os.environ.clear()
    os.environ.update(before)


def seen(add: Add, *arguments: str) -> Any:
    return json.loads(add(*arguments, "--json")[1])


def test_a_home_page_leads_to_its_list(add: Add, site: Site, tmp_path: Path) -> None:
    before = (tmp_path / "config.toml").read_bytes()
    found = seen(add, site.url)
    assert found["source"] == {
        "id": "lsxrmzf",
        "name": "芦山县人民政府",
        "url": f"{site.url}/xw/",
        "region": "511826",
    }
    assert (found["kind"], found["layout"], found["added"]) == ("list", "trs", False)
    assert [item["column"] for item in found["items"]] == ["部门动态"] * 4
    assert [item["region"]["code"] for item in found["items"]] == ["511826"] * 3 + ["511800"]
    assert len(found["listed"]) == 4
    assert tomllib.loads(found["stanza"])["sources"][0]["region"] == "511826"
    assert (tmp_path / "config.toml").read_bytes() == before


def test_an_article_leads_to_the_list_in_its_crumbs(add: Add, site: Site) -> None:
    page = "/xw/202603/t20260318_9003.html"
    assert seen(add, site.url + page)["source"]["url"] == f"{site.url}/xw/"
    alone = seen(add, site.url + page, "--here")
    assert alone["source"]["url"] == site.url + page
    assert [item["title"] for item in alone["items"]] == ["龙门镇办起无人机飞手培训班"]


def test_a_preview_for_people_says_why(add: Add, site: Site) -> None:
    status, said, _ = add(f"{site.url}/xw/")
    assert status == 0
    for words in (
        "by trs",
        "芦山县人民政府 names 芦山县",
        "高新竹、邱实",
        "page 2026-03-18 09:20",
        "[[sources]]",
    ):
        assert words in said
    assert "Nothing is written" in said


def test_a_feed_is_a_source(add: Add, site: Site) -> None:
    site.routes["/feed"] = (200, {"Content-Type": "application/rss+xml"}, FEED.encode())
    found = seen(add, f"{site.url}/feed")
    assert (found["kind"], found["source"]["name"], found["source"]["region"]) == (
        "feed",
        "名山区科普",
        "511803",
    )
    assert any("no date" in warning for warning in found["warnings"])


@pytest.mark.parametrize(
    ("answer", "reason", "advice"),
    [
        (html("<body>请登录<input type=password></body>"), "login", "signed in"),
        (html("<title>安全验证</title><body>请完成验证</body>"), "challenge", "does not evade"),
        (
            html("<body><div id=app></div><script src=a.js></script></body>"),
            "a script builds",
            "needs a browser",
        ),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF-1.7"), "not a web page", "links to this file"),
        (html("<title>404</title><body>页面不存在</body>"), "error page", "may have moved"),
    ],
    ids=["login", "challenge", "script", "pdf", "error"],
)
def test_what_cannot_be_read_is_named_with_what_to_try(
    add: Add, site: Site, answer: Route, reason: str, advice: str
) -> None:
    site.routes["/x"] = answer
    status, said, _ = add(f"{site.url}/x", "--json")
    problem = json.loads(said)["problem"]
    assert status == 1
    assert reason in problem["reason"]
    assert advice in problem["action"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("not a site", "not the address of a site"), ("ftp://a.example/", "not the address of a site")],
)
def test_an_address_that_is_none_is_told(add: Add, typed: str, words: str) -> None:
    status, _, said = add(typed)
    assert (status, words in said) == (2, True)


def test_a_stanza_goes_to_the_end_of_the_file_or_nowhere(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = stanza.stanza({"id": "a", "name": '引"号', "url": "http://a.example/"})
    config.write_bytes("# 注\r\n[sample]\r\nenabled = false".encode())
    stanza.append(config, text)
    assert config.read_bytes().startswith(
        "# 注\r\n[sample]\r\nenabled = false\r\n\r\n[[sources]]\r\n".encode()
    )
    assert tomllib.loads(config.read_text("utf-8"))["sources"][0]["name"] == '引"号'
    before = config.read_bytes()
    with pytest.raises(ConfigError, match="used twice"):
        stanza.append(config, text)
    assert (config.read_bytes(), [path.name for path in tmp_path.iterdir()]) == (before, ["config.toml"])


@pytest.mark.slow  # a worker of its own polls the source
def test_a_confirmed_source_runs(site: Site, tmp_path: Path) -> None:
    with product(tmp_path) as dibao:
        assert isinstance(dibao, Product)
        dibao.configure(allow=[site.address])
        status, said = dibao.do("add", site.url, "--yes")
        assert status == 0, said
        assert sorted(item["title"] for item in dibao.items()) == sorted(TITLES)
