"""What people and programs get from each command: words, tables, JSON and exit statuses."""

from __future__ import annotations

import json
import logging
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.support.newspaper import Newspaper, Story
from tests.support.product import Product, product, source
from tests.support.published import every_feed, ids
from tests.support.site import Answer, Asked, Site, html
from worker.cli import common, main

CHALLENGE = "<html><head><title>安全验证</title></head><body>请完成验证后继续访问</body></html>"
STRANGER = (
    "<html><head><title>县融媒</title></head><body><div class='x'><a href='/a'>新闻</a></div></body></html>"
)
CLOSED = "http://127.0.0.1:9/"  # the discard port: allowed below, and nobody listens


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Dibao = Callable[..., Said]


@pytest.fixture
def dibao(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Dibao]:
    """`dibao` in this process: what it leaves in the environment and the log is put back."""

    def call(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["dibao", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
        except SystemExit as end:
            status = 0 if end.code is None else int(end.code)
        else:
            status = 0
        return Said(status, *capsys.readouterr())

    monkeypatch.setenv("DIBAO_CONFIG", "config.toml")
    monkeypatch.setenv("DIBAO_LOG_FORMAT", "json")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield call
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper that has been read once: `folder` holds what `dibao run` left."""

    site: Site
    print: Newspaper
    folder: Path

    @property
    def config(self) -> tuple[str, Path]:
        return "--config", self.folder / "config.toml"

    def saved(self, name: str, folder: Path) -> Path:
        """One of its pages as a browser would save it."""
        route = self.site.routes[self.print.address(name) if name else "/"]
        assert callable(route)
        path = folder / "saved.html"
        path.write_bytes(route(NOBODY)[2])
        return path


NOBODY = Asked("/", {})


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    with Site() as site, product(tmp_path_factory.mktemp("read") / "once") as deployed:
        newspaper = Newspaper()
        newspaper.print_on(site)
        deployed.configure(source("paper", f"{site.url}/"), allow=[site.address, "127.0.0.1:9"])
        assert deployed.do("run")[0] == 0, deployed.log()
        yield Paper(site, newspaper, deployed.folder)


@pytest.fixture
def paper(read_once: Paper, tmp_path: Path) -> Paper:
    """A copy of one's own."""
    shutil.copytree(read_once.folder, tmp_path / "copy")
    return replace(read_once, folder=tmp_path / "copy")


# ---- backfill ----


def test_backfill_says_what_is_wrong_with_the_call(dibao: Dibao, paper: Paper) -> None:
    said = dibao("backfill", "papre", "--since", "2026-10-01", *paper.config)
    assert said == Said(2, "", "dibao: ID: no source has the id 'papre'. Known: paper\n")
    said = dibao("backfill", "paper", "--since", "2026-10-02", "--until", "2026-10-01", *paper.config)
    expected = "dibao: --since: 2026-10-02 is after 2026-10-01. Give a day that is not after --until\n"
    assert said == Said(2, "", expected)


# ---- probe ----


def test_probe_of_an_edition_shows_where_it_leads(dibao: Dibao, paper: Paper) -> None:
    said = dibao("probe", f"{paper.site.url}/", "--json", *paper.config)
    found = said.json
    assert (said.status, said.err) == (0, "")
    wanted = {"kind", "layout", "encoding", "items", "follow", "rejections", "problem"}
    assert found.keys() == {*wanted, "confidence", "evidence", "differs"}
    assert (found["kind"], found["layout"], found["encoding"]) == ("edition", "sckjw", "utf-8")
    assert found["follow"] == [paper.site.url + paper.print.address(f"page {n}") for n in (1, 2)]
    assert (found["items"], found["rejections"], found["problem"]) == ([], [], None)

    shown = dibao("probe", f"{paper.site.url}/", *paper.config)
    assert "edition of 2026-10-14, number 3600" in shown.out
    assert shown.status == 0
    assert "kind edition, layout sckjw, encoding utf-8" in shown.out
    assert re.search(rf"{found['follow'][1]} +page +2 科协之窗", shown.out)


def test_probe_of_a_page_shows_its_articles(dibao: Dibao, paper: Paper) -> None:
    found = dibao("probe", paper.site.url + paper.print.address("page 2"), "--json", *paper.config).json
    assert found["kind"] == "page"
    assert found["follow"] == [paper.site.url + paper.print.address(name) for name in paper.print.stories]


def test_probe_of_an_article_shows_its_items_and_why(dibao: Dibao, paper: Paper) -> None:
    url = paper.site.url + paper.print.address("roundup")
    found = dibao("probe", url, "--json", *paper.config).json
    assert (found["kind"], found["layout"]) == ("article", "sckjw")
    assert [item["region"]["path"][-1] for item in found["items"]] == ["芦山县", "安岳县", "南充市"]
    stored = [item for item in dibao("items", "--json", *paper.config).json["items"] if item["link"] == url]
    assert ids(found["items"]) == ids(stored)  # what a poll would read

    shown = dibao("probe", url, *paper.config).out
    for word in ("芦山县", "江小满 (contributor)、何知秋 (reporter)", "2026-10-14", "3600", "科协之窗"):
        assert word in shown
    assert "built as the 3 pages of this kind that paper had so far" in shown
    assert found["differs"] == []


def test_probe_of_a_file_knows_what_it_is_told(dibao: Dibao, paper: Paper, tmp_path: Path) -> None:
    file = paper.saved("mingshan", tmp_path)
    file.write_text(re.sub(r'<div class="date-box".*?</div>', "", file.read_text()))
    url = "http://news.example/a1"
    said = dibao("probe", file, "--url", url, "--date", "2025-03-09", "--json", *paper.config)
    (item,) = said.json["items"]
    assert (item["link"], item["published"]) == (url, "2025-03-09")
    assert (item["region"]["code"], item["column"]) == ("511803", "地方科协")

    (undated,) = dibao("probe", file, "--url", url, "--json", *paper.config).json["items"]
    assert {"field": "published", "how": "first seen", "text": ""} in undated["evidence"]
    assert dibao("probe", file, "--date", "9 March", *paper.config).status == 2


def test_probe_of_an_article_without_a_body_says_so(dibao: Dibao, paper: Paper, tmp_path: Path) -> None:
    file = paper.saved("mingshan", tmp_path)
    file.write_text(
        re.sub(r'(?s)<div id="paper-content">.*?</div>', '<div id="paper-content"></div>', file.read_text())
    )
    said = dibao("probe", file, "--json", *paper.config)
    assert said.json["items"] == []
    (rejection,) = said.json["rejections"]
    assert rejection.keys() == {"reason", "title"}
    assert rejection["title"] == "名山区科协 把茶园办成课堂"
    assert re.search("text|body", rejection["reason"])
    assert f"left out: {rejection['title']}: {rejection['reason']}" in dibao("probe", file, *paper.config).out


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (CHALLENGE, "blocked", "a challenge"),
        (STRANGER, "layout_changed", "it leads on to http://localhost/a, and to no edition"),
    ],
)
def test_probe_of_what_is_not_the_page_says_what_it_is(
    dibao: Dibao, paper: Paper, tmp_path: Path, body: str, status: str, words: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(body)
    said = dibao("probe", file, "--json", *paper.config)
    assert (said.status, said.json["problem"]["status"]) == (1, status)
    assert words in said.json["problem"]["reason"]
    shown = dibao("probe", file, *paper.config)
    assert (shown.status, f"{status}: {said.json['problem']['reason']}" in shown.out) == (1, True)


def test_probe_of_a_redesigned_article_says_so(dibao: Dibao, paper: Paper, tmp_path: Path) -> None:
    file = paper.saved("mingshan", tmp_path)
    file.write_text(file.read_text().replace("paper-content", "qx").replace("nav-list", "menu"))
    url = paper.site.url + paper.print.address("mingshan")
    known = dibao("probe", file, "--url", url, "--json", *paper.config).json
    assert known["problem"]["status"] == "layout_changed"
    assert {line.strip() for line in known["differs"]} >= {
        "the articles:",
        "- body>div#paper-content",
        "+ body>div#qx",
    }
    shown = dibao("probe", file, "--url", url, *paper.config)
    assert "unlike the pages of paper so far" in shown.out
    assert "+ body>div#qx" in shown.out
    strange = dibao("probe", file, "--json", *paper.config).json  # of a site that nobody has read
    assert (strange["layout"], strange["problem"], strange["confidence"] < 1) == ("generic", None, True)


def test_probe_of_what_cannot_be_had_is_one_line(dibao: Dibao, paper: Paper) -> None:
    missing = dibao("probe", "missing.html", *paper.config)
    assert missing == Said(
        1,
        "",
        "dibao: missing.html: cannot be read: No such file or directory. "
        "Name a saved page, or an address with http:// or https://\n",
    )
    refused = dibao("probe", "http://127.0.0.2:9/", *paper.config)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("dibao: http://127.0.0.2:9/: refused address 127.0.0.2 (loopback). ")
    assert "[fetch] allow_addresses" in refused.err
    gone = dibao("probe", f"{paper.site.url}/gone", *paper.config)
    assert gone.err.startswith(f"dibao: {paper.site.url}/gone: HTTP 404. Open the address in a browser")
    closed = dibao("probe", CLOSED, *paper.config)
    assert closed.err.startswith(f"dibao: {CLOSED}: connection refused. ")


def test_probe_stores_nothing(dibao: Dibao, paper: Paper) -> None:
    held = {path for path in (paper.folder / "var").rglob("*") if path.is_file()}
    other = replace(
        paper.print, stories={"new": Story("汶川县科协开讲", ("近日,汶川县科协开讲。 (周望舒)",))}
    )
    with Site() as site:
        other.print_on(site)
        url = site.url + other.address("new")
        text = (paper.folder / "config.toml").read_text()
        (paper.folder / "config.toml").write_text(text.replace("127.0.0.1:9", site.address))
        before = dibao("items", "--json", *paper.config).out
        assert len(dibao("probe", url, "--json", *paper.config).json["items"]) == 1
    assert dibao("items", "--json", *paper.config).out == before
    assert set((paper.folder / "var").rglob("*.gz")) <= held


# ---- sources, status, items ----


def test_sources_and_status_tell_how_each_source_is(dibao: Dibao, paper: Paper) -> None:
    with (paper.folder / "config.toml").open("a") as config:
        config.write(source("later", "http://later.example/") + source("off", CLOSED, "enabled = false"))
    for command in ("sources", "status"):
        read, later, off = dibao(command, "--json", *paper.config).json["sources"]
        assert (read["id"], read["state"], read["enabled"], read["failures"]) == ("paper", "ok", True, 0)
        assert read["newest"] == "2026-10-14T00:00:00+08:00"
        assert read["last_poll"] == read["last_success"] == read["last_changed"]
        assert read["last_poll"].endswith("+08:00")
        assert (later["state"], later["last_poll"], later["enabled"]) == (None, None, True)
        assert later["next_check"]
        assert (off["enabled"], off["next_check"]) == (False, None)
        shown = dibao(command, *paper.config)
        assert shown.status == 0
        for pattern in (r"paper.* ok ", r"later.* not polled yet ", r"off.* disabled "):
            assert re.search(pattern, shown.out), shown.out
    assert re.search(r"paper.* 2026-10-14 ", dibao("status", *paper.config).out)  # its day in Shanghai
    whole = dibao("status", "--json", *paper.config).json
    # The feeds of a source that came with the edit await their first publication.
    assert whole["feeds"] == len(every_feed(paper.folder / "public/feeds")) + 1
    assert (whole["waiting_to_publish"], whole["queues"], whole["beat"]) == (1, None, None)
    assert "nothing is running (`dibao up` starts it); last beat: never" in dibao("status", *paper.config).out


def test_without_sources_sources_says_what_to_do(dibao: Dibao, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    config = ("--config", tmp_path / "config.toml")
    assert dibao("sources", "--json", *config).json == {"sources": []}
    assert "add a [[sources]] table" in dibao("sources", *config).out
    assert dibao("items", *config).out == "No items.\n"
    assert dibao("items", "--json", *config).json == {"items": []}
    assert dibao("status", "--json", *config).json["feeds"] == 2  # all and unclassified, which always stand


def test_items_by_region_column_source_and_number(dibao: Dibao, paper: Paper) -> None:
    def places(*arguments: str) -> list[str]:
        said = dibao("items", "--json", *arguments, *paper.config)
        assert said.status == 0
        return [item["region"]["path"][-1] for item in said.json["items"]]

    every = ["芦山县", "安岳县", "南充市", "名山区", "汶川县"]
    assert places() == every
    assert places("--region", "510000") == every
    assert places("--region", "511800") == ["芦山县", "名山区"]
    assert places("--region", "511826") == ["芦山县"]
    assert places("--region", "511821") == ["名山区"]  # 名山县, until 2012
    assert places("--region", "110000") == []
    assert places("--column", "di-fang-ke-xie") == ["名山区", "汶川县"]
    assert places("--column", "none-such") == []
    assert places("--source", "paper", "--limit", "2") == every[:2]
    assert places("--region", "511800", "--column", "di-fang-ke-xie") == ["名山区"]

    shown = dibao("items", "--region", "511800", *paper.config).out
    assert re.search(r"2026-10-14 +名山区 +地方科协 +名山区科协 把茶园办成课堂", shown)
    assert len(shown.splitlines()) == 3


def test_items_by_what_does_not_exist_is_an_error_that_says_what_does(dibao: Dibao, paper: Paper) -> None:
    assert dibao("items", "--region", "999999", *paper.config) == Said(
        2, "", "dibao: --region: no division has the code '999999'. Codes have six digits, such as 511826\n"
    )
    assert dibao("items", "--source", "papre", *paper.config) == Said(
        2, "", "dibao: --source: no source has the id 'papre'. Known: paper\n"
    )
    assert dibao("items", "--limit", "0", *paper.config).status == 2


# ---- how things read ----


def test_times_are_those_of_the_reader_s_clock() -> None:
    midnight = datetime(2024, 11, 23, 16, tzinfo=UTC)
    assert common.day(midnight) == "2024-11-24"
    assert common.when(midnight) == "2024-11-24 00:00"
    assert common.iso(midnight) == "2024-11-24T00:00:00+08:00"
    assert re.fullmatch(r"\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d 00:00", common.when(datetime.now(UTC)))
    assert common.when(None) == common.day(None) == "-"


def test_a_narrow_screen_keeps_words_and_times_whole(
    dibao: Dibao, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (paper.folder / "config.toml").open("a") as config:
        config.write(source("another-newspaper-of-a-long-name", CLOSED))
    monkeypatch.setattr(common.out, "width", 72)
    for command in ("sources", "status"):
        lines = dibao(command, *paper.config).out.splitlines()
        assert all(len(line) <= 72 for line in lines)
        assert sum("not polled yet" in line for line in lines) == 1
    assert sum("2026-10-14" in line for line in dibao("items", *paper.config).out.splitlines()) == 5


# ---- publish ----


def test_publish_all_makes_the_same_bytes_and_what_was_lost(dibao: Dibao, paper: Paper) -> None:
    public = paper.folder / "public"
    files = {path: path.read_bytes() for path in public.rglob("*") if path.is_file()}
    assert dibao("publish", *paper.config).out.startswith("0 files written")
    said = dibao("publish", "--all", *paper.config)
    assert (said.status, said.out) == (0, "0 files written; every other one was as it should be.\n")
    (published,) = [json.loads(line) for line in said.err.splitlines()]
    assert (published["event"], published["written"]) == ("feeds.published", 0)

    (public / "feeds/all.atom").unlink()
    (public / "feeds/region/511826.rss").write_bytes(b"<rss/>")
    assert dibao("publish", "--all", *paper.config).out.startswith("2 files written")
    assert {path: path.read_bytes() for path in public.rglob("*") if path.is_file()} == files


# ---- doctor ----


def test_doctor_finds_a_healthy_deployment_healthy(dibao: Dibao, paper: Paper) -> None:
    said = dibao("doctor", "--json", *paper.config)
    assert (said.status, said.json["ok"]) == (0, True)
    assert [check["name"] for check in said.json["checks"]] == [
        *(
            "config",
            "data_dir",
            "public_dir",
            "database",
            "broker",
            "clock",
            "disk",
            "network: paper",
            "alarms",
        )
    ]
    assert all(check["ok"] and check["found"] and not check["action"] for check in said.json["checks"])
    assert "fault" not in dibao("doctor", *paper.config).out


@pytest.mark.parametrize(
    ("variable", "value", "check", "found", "action"),
    [
        ("SERVICE__DATA_DIR", "config.toml/var", "data_dir", "cannot be written", "another data_dir"),
        ("SERVICE__PUBLIC_DIR", "config.toml", "public_dir", "cannot be written", "another public_dir"),
        ("SERVICE__BROKER_URL", "redis://:secret@127.0.0.1:9/0", "broker", "refused", "Start it"),
        (
            *("SERVICE__DATABASE_URL", "postgresql+psycopg://dibao:secret@127.0.0.1:9/dibao"),
            *("database", "refused", "See that the server runs"),
        ),
        ("SERVICE__DATABASE_URL", "sqlite:///:memory:", "database", "memory", "sqlite:////absolute"),
    ],
)
def test_doctor_says_what_is_wrong_and_what_to_do(
    dibao: Dibao,
    paper: Paper,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    check: str,
    found: str,
    action: str,
) -> None:
    monkeypatch.setenv(f"DIBAO_{variable}", value)
    said = dibao("doctor", "--json", *paper.config)
    (fault,) = [each for each in said.json["checks"] if not each["ok"]]
    assert (said.status, said.json["ok"], fault["name"]) == (1, False, check)
    assert found in fault["found"]
    assert action in fault["action"]
    assert "secret" not in said.out
    shown = dibao("doctor", *paper.config)
    assert shown.status == 1
    assert re.search(rf"{check} +fault ", shown.out)
    assert f"what to do: {fault['action']}" in shown.out


def test_doctor_looks_up_the_names_of_enabled_sources(dibao: Dibao, paper: Paper) -> None:
    with (paper.folder / "config.toml").open("a") as config:
        config.write(source("nowhere", "http://paper.invalid/"))
        config.write(source("off", "http://off.invalid/", "enabled = false"))
    said = dibao("doctor", "--json", *paper.config)
    (fault,) = [each for each in said.json["checks"] if not each["ok"]]
    assert fault["name"] == "network: nowhere"
    assert fault["found"].startswith("paper.invalid: ")
    assert "config.toml" in fault["action"]


@pytest.mark.parametrize("command", ["up", "run", "status", "items", "publish", "sources"])
def test_a_machine_at_fault_is_one_line(
    dibao: Dibao, paper: Paper, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DIBAO_SERVICE__DATA_DIR", "config.toml/var")
    said = dibao(command, *paper.config)
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert said.err.startswith(f"dibao: {paper.folder}/config.toml/var: cannot be written")
    assert "data_dir" in said.err


# ---- sample ----


@pytest.mark.parametrize("change", ["publish", "correct", "redesign", "restore"])
def test_the_sample_newspaper_has_to_be_on(dibao: Dibao, paper: Paper, change: str) -> None:
    assert dibao("sample", change, *paper.config) == Said(
        2, "", "dibao: [sample] enabled: the sample newspaper is off. Set it to true\n"
    )
    assert not (paper.folder / "var/sample").exists()


def test_a_change_to_the_sample_waits_for_the_next_start(
    dibao: Dibao, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIBAO_SAMPLE__ENABLED", "true")
    for change, words in {
        "publish": "Printed: ",
        "correct": "Corrected: ",
        "redesign": "The site looks different now.",
        "restore": "The site looks as it did.",
    }.items():
        said = dibao("sample", change, *paper.config)
        assert (said.status, said.err) == (0, "")
        assert said.out.startswith(words)
        assert said.out.endswith("It is seen at the next `dibao up` or `dibao run`.\n")


# ---- a call that is wrong ----


def test_a_wrong_call_says_what_is_right(dibao: Dibao, paper: Paper, tmp_path: Path) -> None:
    said = dibao("run", "--source", "papre", *paper.config)
    assert said == Said(2, "", "dibao: --source: no source has the id 'papre'. Known: paper\n")
    said = dibao("run", "--log-format", "xml", *paper.config)
    assert (said.status, "auto, console, json" in said.err) == (2, True)
    assert dibao("status", "--config", tmp_path / "none.toml") == Said(
        *(2, ""),
        f"dibao: {tmp_path}/none.toml: no such file. "
        "Name one with --config PATH, or run where config.toml is\n",
    )
    assert dibao("no-such-command").status == 2
    helped = dibao("--help").out
    for command in ("up", "run", "probe", "sources", "status", "items", "publish", "sample", "doctor"):
        assert re.search(rf"^\W*{command} ", helped, re.MULTILINE)


# ---- run ----


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Product]:
    with product(tmp_path / "run") as made:
        yield made


@pytest.mark.slow
def test_run_says_why_a_source_failed_and_its_feeds_stay(deployed: Product) -> None:
    """Seven newspapers, read well once; then each has a fault of its own."""
    faults: dict[str, tuple[Callable[[Site, Newspaper], None], str, str]] = {
        "closed": (lambda *_: None, "unreachable", "connection refused"),
        "gone": (entry((404, {}, b"not here")), "unreachable", "HTTP 404"),
        "broken": (entry((500, {}, b"oops")), "unreachable", "HTTP 500"),
        "challenge": (entry(html(CHALLENGE)), "blocked", "a challenge"),
        "stranger": (entry(html(STRANGER)), "layout_changed", "and to no edition"),
        "redesigned": (redesigned, "layout_changed", "no known layout has"),
        "empty": (no_stories, "quiet", "hold no articles"),
        "bodiless": (no_body, "ok", "left out"),
    }
    sites, prints = {name: Site() for name in faults}, {name: Newspaper() for name in faults}
    try:
        for name, site in sites.items():
            site.__enter__()
            prints[name].print_on(site)
        deployed.configure(
            *(source(name, f"{site.url}/") for name, site in sites.items()),
            allow=[site.address for site in sites.values()],
        )
        first = {poll["source"]: (poll["status"], poll["new"]) for poll in deployed.ask("run")["polls"]}
        assert first == dict.fromkeys(faults, ("ok", 5))
        assert deployed.do("run") == (
            0,
            "No source is due. `dibao sources` shows when each is; `--source ID` polls one now.\n",
        )
        items, stamps = deployed.items(), deployed.stamps()
        for name, (hurt, _, _) in faults.items():
            hurt(sites[name], prints[name])
        sites["closed"].__exit__(None, None, None)

        named = [word for name in faults for word in ("--source", name)]
        status, out = deployed.do("run", "--json", *named)
        assert status == 1, deployed.log()
        polls = {poll["source"]: poll for poll in json.loads(out)["polls"]}
        logged = {event["source"]: event for event in deployed.events("source.polled")}  # the last of each
        for name, (_, state, reason) in faults.items():
            poll, event = polls[name], logged[name]
            assert (poll["status"], event["status"]) == (state, state), poll
            assert reason in poll["reason"]
            well = state in ("ok", "quiet")
            assert event["level"] == ("info" if well else "error")
            if not well:
                assert poll["action"].startswith("The feeds stay as they were; ")
                assert (event["reason"], event["action"]) == (poll["reason"], poll["action"])
        assert deployed.items() == items
        assert deployed.stamps() == stamps

        shown = deployed.do("status")[1]
        for name, (_, state, _) in faults.items():
            assert re.search(rf"{name} .* {state} ", shown), shown
            if state not in ("ok", "quiet"):
                assert f"{name}: {polls[name]['reason']}\n" in shown
                assert f"  what to do: {polls[name]['action']}\n" in shown
    finally:
        for name, site in sites.items():
            if name != "closed":
                site.__exit__(None, None, None)


def entry(answer: Answer) -> Callable[[Site, Newspaper], None]:
    def hurt(site: Site, _: Newspaper) -> None:
        site.routes["/"] = answer

    return hurt


def redesigned(site: Site, newspaper: Newspaper) -> None:
    replace(newspaper, redesigned=True).print_on(site)


def no_stories(site: Site, newspaper: Newspaper) -> None:
    replace(newspaper, stories={}).print_on(site)


def no_body(site: Site, newspaper: Newspaper) -> None:
    """One more article, which is a headline and nothing else."""
    stories = {**newspaper.stories, "bare": Story("一张没有文字的图片", ())}
    replace(newspaper, stories=stories).print_on(site)
