"""The product end to end: real commands, real HTTP, a real broker; hurt where it hurts most."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.support.newspaper import Newspaper, Story
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.published import check_complete, entries, every_feed, ids
from tests.support.shared import SEED, needed
from tests.support.site import Raw, Site, conditional

pytestmark = pytest.mark.slow
SEEN = 60.0  # seconds of patience on a busy machine; promised are 15


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Product]:
    with product(tmp_path / "邸 报") as made:
        yield made


# ---- kill -9 ----


def test_a_worker_killed_at_every_stage_of_a_poll_loses_and_doubles_nothing(
    deployed: Product, tmp_path: Path
) -> None:
    """Twice the worker and its pool are killed in the middle of polls, then while it publishes; each time
    `up` starts another one, and a tick takes up what was left lying."""
    with Site() as small_site, Site() as big_site, product(tmp_path / "calm") as calm:
        small, big = Newspaper(), thick_newspaper(100)
        small.print_on(small_site)
        big.print_on(big_site)
        first = big.address("0")
        held = [(small_site, "/", small_site.routes["/"]), (big_site, first, big_site.routes[first])]
        for site, path, _ in held:
            site.routes[path] = Raw(lambda _, closing: wait(closing))
        for each in (deployed, calm):
            each.configure(
                source("small", f"{small_site.url}/", 'every = "1h"'),
                source("big", f"{big_site.url}/", 'every = "1h"'),
                allow=[small_site.address, big_site.address],
                timeout=4,
            )

        with deployed.up():
            assert eventually(lambda: "/" in small_site.paths and first in big_site.paths, 30), deployed.log()
            assert states(deployed) == {"small": "listing", "big": "fetching"}
            deployed.kill_worker()
            for site, path, route in held:
                site.routes[path] = route
            undisturbed = calm.start("run")

            killed_while_ingesting(deployed, "big")

            def committed() -> bool:
                """And said so: a poll that is over does not log its line again."""
                told = {event["source"] for event in deployed.events("source.polled")}
                return "big" in told and deployed.feeds.exists()

            assert eventually(committed, 60), deployed.log()
            deployed.kill_worker()
            assert marks(deployed) > 0
            assert eventually(lambda: marks(deployed) == 0, 60), deployed.log()
            items = deployed.items()

        assert undisturbed.wait(60) == 0, calm.log()
        undisturbed.communicate()
        assert ids(items) == ids(calm.items())
        assert len(items) == 5 + 100
        assert check_complete(deployed.feeds, items) == every_feed(calm.feeds)
        taken_up = deployed.events("poll.resumed") + deployed.events(
            "poll.redelivered"
        )  # whichever is sooner
        resumed = {(event["source"], event["state"]) for event in taken_up}
        assert resumed == {("small", "listing"), ("big", "fetching"), ("big", "ingesting")}
        ends = [(event["source"], event["status"]) for event in deployed.events("source.polled")]
        assert sorted(ends) == [("big", "ok"), ("small", "ok")]
        assert query(deployed, "SELECT count(*), min(seq), max(seq) FROM changes") == [(105, 1, 105)]


def thick_newspaper(articles: int) -> Newspaper:
    towns = ("芦山县", "汶川县", "安岳县", "南充市", "名山区")
    stories = {
        str(n): Story(f"{town}科协开讲第{n}课", (f"近日,{town}科协开讲第{n}课,座无虚席。 (周望舒)",))
        for n in range(articles)
        for town in [towns[n % len(towns)]]
    }
    return Newspaper(stories=stories)


def killed_while_ingesting(deployed: Product, name: str) -> None:
    """Kill the worker between an ingest's begin and its commit, which a lock on the database keeps back."""
    with closing(database(deployed)) as connection:

        def begun() -> bool:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute("SELECT state FROM polls WHERE source = ?", (name,)).fetchall()
            if found == [("ingesting",)]:
                return True
            connection.execute("ROLLBACK")
            assert found != [("done",)], "the ingest was missed"
            return False

        assert eventually(begun, 60), deployed.log()
        deployed.kill_worker()
        connection.execute("ROLLBACK")
    assert query(deployed, "SELECT count(*) FROM items WHERE source = ?", name) == [(0,)]


def database(deployed: Product) -> sqlite3.Connection:
    return sqlite3.connect(deployed.folder / "var/dibao.db", timeout=10, isolation_level=None)


def query(deployed: Product, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(database(deployed)) as connection:
        return connection.execute(sql, values).fetchall()


def states(deployed: Product) -> dict[str, str]:
    return dict(query(deployed, "SELECT source, state FROM polls"))


def stands_still(deployed: Product) -> bool:
    """Whether nothing is written any more: pages of editions come last."""
    before = deployed.stamps()
    time.sleep(2)
    return deployed.stamps() == before


def marks(deployed: Product) -> int:
    return int(query(deployed, "SELECT count(*) FROM feed_marks")[0][0])


def wait(closing_: threading.Event) -> None:
    """An answer that does not come before the client has gone."""
    closing_.wait(30)


# ---- Celery started by hand ----


def test_celery_by_hand_publishes_with_the_embedded_broker(deployed: Product) -> None:
    deployed.configure(sample=True)
    services = [
        deployed.python("-m", "worker.sample"),
        deployed.python("-m", "celery", "-A", "worker", "worker", "--concurrency", "1"),
        deployed.python("-m", "celery", "-A", "worker", "beat"),
    ]
    try:
        assert eventually(deployed.published, 60), deployed.log()
        assert eventually(lambda: not marks(deployed))
        for service in reversed(services):
            service.terminate()
            assert service.wait(20) == 0, deployed.log()
    finally:
        for service in services:
            service.kill()
            service.communicate()
    assert deployed.marks.gone()  # the broker too
    assert deployed.events("source.polled")[0]["status"] == "ok"
    check_complete(deployed.feeds, deployed.items())


def test_celery_by_hand_on_a_machine_at_fault_is_one_line(deployed: Product) -> None:
    deployed.configure()
    (deployed.folder / "var").write_text("in the way")
    worker = deployed.python("-m", "celery", "-A", "worker", "worker")
    out, _ = worker.communicate(timeout=60)
    assert (worker.returncode, out) == (1, ""), deployed.log()
    assert deployed.log() == (
        f"{deployed.folder}/var/valkey: cannot be written to: Not a directory. Give this user the folder, or "
        "set another data_dir in [service] of config.toml\n"
    )
    assert deployed.marks.gone()


# ---- the living sample newspaper ----


def test_a_reader_sees_what_becomes_of_the_sample_newspaper(deployed: Product) -> None:
    deployed.configure(sample=True)
    with deployed.up() as up:
        base = f"http://127.0.0.1:{deployed.web}"
        addresses_answer(up)
        before = atom(f"{base}/feeds/all.atom")
        printed, corrected = said(deployed, "sample", "publish"), said(deployed, "sample", "correct")
        assert eventually(lambda: printed in titles(f"{base}/feeds/region/511826.atom").values(), SEEN)
        both = {printed, corrected}
        assert eventually(lambda: both <= set(titles(f"{base}/feeds/all.atom").values()), SEEN)
        after = atom(f"{base}/feeds/all.atom")
        (new,) = after.keys() - before.keys()
        assert after[new].title == printed
        (changed,) = [id_ for id_ in before if after[id_].title != before[id_].title]
        assert after[changed].title == corrected
        assert moment(after[changed].updated) > moment(before[changed].updated)
        assert after[changed].published == before[changed].published

        assert eventually(lambda: not marks(deployed))
        addresses = [f"{base}/feeds/all.atom", f"{base}/feeds/region/511826.rss", f"{base}/"]
        assert eventually(lambda: stands_still(deployed))
        feeds, stamps = [got(address) for address in addresses], deployed.stamps()
        said(deployed, "sample", "redesign")
        assert eventually(lambda: deployed.state("sample")["state"] == "layout_changed", SEEN)
        state = deployed.state("sample")
        assert "no known layout" in state["reason"]
        assert "dibao probe" in state["action"]
        assert [got(address) for address in addresses] == feeds
        for address, (etag, _) in zip(addresses, feeds, strict=True):
            assert got(address, etag) == (etag, None)
        assert deployed.stamps() == stamps
        assert "what to do" in deployed.do("status")[1]

        said(deployed, "sample", "restore")
        assert eventually(lambda: deployed.state("sample")["state"] == "ok", SEEN)
        assert deployed.state("sample")["reason"] == ""
        assert [got(address) for address in addresses] == feeds
        assert deployed.stamps() == stamps

    polled = deployed.events("source.polled")
    levels = {(event["status"], event["level"]) for event in polled}
    assert levels >= {("ok", "info"), ("not_modified", "info"), ("layout_changed", "error")}
    assert all((level == "error") == (status == "layout_changed") for status, level in levels)
    assert all(event["reason"] and event["action"] for event in polled if event["level"] == "error")
    assert all(line.startswith("{") for line in deployed.log().splitlines())  # one JSON object a line
    assert [(len(polled),)] == query(deployed, "SELECT count(*) FROM polls WHERE state = 'done'")


def addresses_answer(up: subprocess.Popen[str]) -> None:
    """`up` prints where the feeds are, once they are there."""
    assert up.stdout is not None
    lines = list(iter(up.stdout.readline, "  Ctrl-C stops all of it.\n"))
    addresses = [word for line in lines for word in line.split() if word.startswith("http://")]
    assert len(addresses) == 7
    for address in addresses:
        assert got(address)[1], address


def said(deployed: Product, *arguments: str) -> str:
    """What a command reports: after the colon in its first line."""
    status, out = deployed.do(*arguments)
    assert (status, "Within 15 seconds" in out) == (0, True), deployed.log()
    return out.splitlines()[0].partition(": ")[2]


def atom(url: str) -> dict[str, Any]:
    body = got(url)[1]
    return {entry.id: entry for entry in feedparser.parse(body or b"").entries}


def titles(url: str) -> dict[str, str]:
    with suppress(urllib.error.HTTPError):  # a county's first item makes its feed
        return {id_: entry.title for id_, entry in atom(url).items()}
    return {}


def got(url: str, etag: str | None = None) -> tuple[str, bytes | None]:
    """ETag and body, None where it is not modified."""
    request = urllib.request.Request(url, headers={"If-None-Match": etag} if etag else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.headers["ETag"] or "", answer.read()
    except urllib.error.HTTPError as answer:
        if answer.code != 304:
            raise
        return answer.headers["ETag"], None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ---- one edition, from the newspaper's pages to its readers ----


@needed
def test_the_reference_edition_comes_out_as_a_careful_editor_has_it(deployed: Product) -> None:
    expected = json.loads((SEED / "expected.json").read_text())
    with reference_site(expected["entry"]) as site:
        deployed.configure(source("sckjb", f"{site.url}/"), allow=[site.address])
        status, table = deployed.do("run")
        assert (status, "sckjb" in table) == (0, True), deployed.log()
        items = deployed.items()
        for item, wanted in zip(items, expected["items"], strict=True):
            assert partly(item, wanted) == wanted | {"link": f"{site.url}{wanted['link']}"}

        check_complete(deployed.feeds, items)
        (lushan,) = (item for item in items if item["region"]["path"][-1] == "芦山县")
        (mingshan,) = (item for item in items if item["region"]["path"][-1] == "名山区")
        feeds = deployed.feeds
        assert entries(feeds / "region/511826.atom") == [lushan["id"]]
        assert set(entries(feeds / "region/511800.rss")) >= {lushan["id"], mingshan["id"]}
        assert entries(feeds / "region/510000.json") == ids(items)
        assert len(items) == 10
        assert len(entries(feeds / "column/di-fang-ke-xie.atom")) == 2

        nothing_new(deployed, "sckjb")
        assert deployed.items() == items


def test_the_sample_newspaper_comes_out_the_same_way(deployed: Product) -> None:
    deployed.configure(sample=True)
    assert deployed.do("run")[0] == 0, deployed.log()
    items = deployed.items()
    feeds = check_complete(deployed.feeds, items)
    counties = {item["region"]["code"] for item in items if not item["region"]["code"].endswith("00")}
    assert len(counties) >= 4
    for code in counties:
        assert set(feeds[f"region/{code}"]) <= set(feeds[f"region/{code[:4]}00"]) <= set(feeds["all"])
    assert feeds["column/di-fang-ke-xie"]
    assert all(item["paragraphs"] and item["authors"] and item["column"] for item in items)
    assert {item["published"] for item in items} == {items[0]["edition"]["date"]}
    assert len({item["link"] for item in items}) < len(items)  # a roundup gives one for each of its sections
    nothing_new(deployed, "sample")
    assert deployed.items() == items


def test_a_page_that_mislabels_itself_and_a_dirty_title_come_out_clean(deployed: Product) -> None:
    """It says gb2312 and is GB18030, of which 镕, 喆 and 堃 need more; its title has control characters."""
    story = Story("陈镕喆\x08、李堃\x01到芦山县开讲", ("近日,芦山县科协请陈镕喆、李堃开讲。 (周望舒)",))
    with Site() as site:
        Newspaper(stories={"names": story}, charset="gb18030", label="gb2312").print_on(site)
        deployed.configure(source("paper", f"{site.url}/"), allow=[site.address])
        assert deployed.do("run")[0] == 0, deployed.log()
    (item,) = deployed.items()
    assert item["title"] == "陈镕喆、李堃到芦山县开讲"
    assert item["paragraphs"] == ["近日,芦山县科协请陈镕喆、李堃开讲。"]
    check_complete(deployed.feeds, [item])
    for suffix in ("rss", "atom"):
        (entry,) = feedparser.parse((deployed.feeds / f"region/511826.{suffix}").read_bytes()).entries
        assert entry.title == item["title"]


def nothing_new(deployed: Product, name: str) -> None:
    """A second poll of an unchanged newspaper writes no file."""
    before = deployed.stamps()
    polls = deployed.ask("run", "--source", name)["polls"]
    assert [(poll["source"], poll["status"]) for poll in polls] == [(name, "not_modified")]
    assert deployed.stamps() == before


def reference_site(entry: str) -> Site:
    """The reference edition as its README says; every other page has no validators, as on many sites."""
    pages = {path.stem: path.read_bytes() for path in (SEED / "site").glob("*.html")}
    site = Site()
    for number, (name, body) in enumerate(sorted(pages.items())):
        for path in ("/", entry) if name == "index" else (f"/{name}",):
            plain = (200, {"Content-Type": "text/html"}, body)
            site.routes[path] = conditional(body, f'"{name}"') if number % 2 else plain
    return site


def partly(got: Any, wanted: Any) -> Any:
    """Of what was got, the keys that are wanted; readers ignore the others. `link` is compared apart."""
    if isinstance(wanted, dict):
        return {key: partly(got[key], value) for key, value in wanted.items()}
    if isinstance(wanted, list) and len(got) == len(wanted):
        return [partly(one, other) for one, other in zip(got, wanted, strict=True)]
    return got


# ---- a configuration that cannot be used ----


COMMANDS = ("up", "run", "status", "doctor", "probe page.html", "sample publish")  # one of each module


def test_a_fault_in_the_configuration_is_one_line_and_starts_nothing(deployed: Product) -> None:
    deployed.configure(sample=True)
    path = deployed.folder / "config.toml"
    path.write_text(path.read_text().replace("[service]", "[service]\ntimzone = 1", 1))
    fault = f"{path}: service.timzone: unknown key. Allowed here: "
    lines = {f"worker.cli {command}": f"dibao: {fault}" for command in COMMANDS}
    lines |= {f"celery -A worker {service}": fault for service in ("worker", "beat")}
    for command, line in lines.items():
        process = quietly(deployed, "-m", *command.split())
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (2, ""), (command, out, err)
        assert (err.count("\n"), err.startswith(line)) == (1, True), (command, err)
    assert sorted(each.name for each in deployed.folder.iterdir()) == ["config.toml"]
    assert deployed.marks.gone()


def quietly(deployed: Product, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=deployed.environment,
        cwd=deployed.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
