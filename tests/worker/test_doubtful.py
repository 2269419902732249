"""A newspaper of no known family, from tick to files: what is sure is published, what is not waits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletins.model import ChangeKind, PollStatus
from tests.support.flow import EVERY, House, house
from tests.support.newspaper import Newspaper
from tests.support.site import Site, html
from tests.support.stranger import TEXTS, Stranger
from worker.cli.common import app
from worker.flow import desk, dispatch
from worker.store import SqlStore


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        yield made


def _titles(at_work: House) -> set[str]:
    return {item.title for item in at_work.items()}


def test_a_newspaper_of_no_known_family_is_published(at_work: House, site: Site) -> None:
    Stranger().print_on(site)
    at_work.tick()
    assert at_work.state().state == PollStatus.OK, at_work.state().reason
    assert _titles(at_work) == set(TEXTS)
    assert {item.provenance.parser.split("/")[0] for item in at_work.items() if item.provenance} == {
        "generic"
    }
    stamps = at_work.stamps()
    at_work.tick()  # and read as before, though its own items say now who read it
    assert (at_work.state().state, at_work.stamps()) == (PollStatus.OK, stamps)


def test_a_doubtful_reading_waits_and_a_better_one_takes_its_place(at_work: House, site: Site) -> None:
    Stranger(plain=True).print_on(site)
    for _ in range(2):
        at_work.tick()
        state = at_work.state()
        assert (state.state, at_work.items()) == (PollStatus.QUARANTINED, [])
        assert "read with confidence 0.55" in state.reason
        assert "characters read like an article" in state.reason
    (entry,) = at_work.store.quarantine()  # read twice, held once
    assert f"dibao quarantine show {entry.id}" in state.action
    assert {item.title for item in entry.read} == set(TEXTS)
    Stranger().print_on(site)
    at_work.tick()
    assert (at_work.state().state, _titles(at_work)) == (PollStatus.OK, set(TEXTS))
    assert at_work.store.quarantine() == []
    held = at_work.store.quarantined(entry.id)
    assert held is not None
    assert held.state == "superseded"


def test_an_accepted_reading_is_published_and_asked_about_no_more(at_work: House, site: Site) -> None:
    paper = Stranger(plain=True)
    paper.print_on(site)
    at_work.tick()
    (entry,) = at_work.store.quarantine()
    assert desk.accept(at_work.ports, entry.id)[ChangeKind.NEW] == len(TEXTS)
    at_work.tick()
    assert at_work.state().state == PollStatus.OK
    assert f"accepted as quarantined reading {entry.id}" in at_work.state().reason
    assert (_titles(at_work), at_work.store.quarantine()) == (set(TEXTS), [])
    assert "渡口的灯换成了太阳能" in at_work.files()["feeds/all.json"].decode()
    paper.texts["桥头的面馆改卖米线"] = (
        "桥头的面馆改卖米线,三十年的老汤锅还在用,老主顾吃了直点头,都说味道不差。"
    )
    paper.print_on(site)
    at_work.tick()  # another reading, without better evidence
    assert at_work.state().state == PollStatus.QUARANTINED
    assert len(_titles(at_work)) == len(TEXTS)


def test_a_rejected_reading_stays_out(at_work: House, site: Site) -> None:
    Stranger(plain=True).print_on(site)
    at_work.tick()
    (entry,) = at_work.store.quarantine()
    desk.reject(at_work.ports, entry.id)
    at_work.tick()
    assert (at_work.state().state, at_work.items()) == (PollStatus.QUARANTINED, [])
    assert f"rejected as quarantined reading {entry.id}" in at_work.state().reason
    assert at_work.store.quarantine() == []


def test_a_source_that_a_family_has_read_is_not_read_by_structure_of_a_sudden(
    at_work: House, site: Site
) -> None:
    Newspaper().print_on(site)
    at_work.tick()
    before, stamps = at_work.items(), at_work.stamps()
    assert before
    Stranger().print_on(site)
    at_work.tick()
    assert at_work.state().state == PollStatus.LAYOUT_CHANGED
    assert (at_work.items(), at_work.stamps()) == (before, stamps)


def test_selectors_read_what_structure_leaves_in_doubt(store: SqlStore, site: Site, tmp_path: Path) -> None:
    Stranger(plain=True).print_on(site)
    stated = {"articles": ".list li", "body": "body > div"}
    with house(store, site, tmp_path, selectors=stated) as at_work:
        at_work.tick()
        assert (at_work.state().state, _titles(at_work)) == (PollStatus.OK, set(TEXTS))
        site.routes["/"] = html("<p>改版</p>")
        at_work.tick()
        assert at_work.state().state == PollStatus.LAYOUT_CHANGED
        assert "sources.selectors.articles (.list li)" in at_work.state().reason


def test_a_slow_site_is_asked_for_several_pages_together_and_for_each_once(
    store: SqlStore, site: Site, tmp_path: Path
) -> None:
    paper = Stranger(texts={f"第{n}座水闸开始放水灌田": TEXTS["村里的水井有了编号"] for n in range(1, 12)})
    paper.print_on(site)
    with house(store, site, tmp_path) as at_work:
        at_work.ports = replace(at_work.ports, rules=replace(at_work.ports.rules, interval=1.0))
        at_work.clock.at += EVERY * 2
        at_work.work()  # what a source has before its first item is published
        dispatch.dispatch(at_work.ports)
        at_work.work_one()

        def fetches() -> list[object]:
            return sorted(arguments["n"] for task, arguments in at_work.messages.waiting if task == "fetch")

        assert fetches() == [1]
        while fetches() == [1]:
            at_work.work_one()
        assert fetches() == [2, 3, 4, 5]  # once one was had
        at_work.work()
        asked = [path for path in site.paths if path.startswith("/2026")]
        assert sorted(asked) == sorted(f"/2026/0318/{n}.html" for n in range(1, 12))
        assert len(at_work.items()) == 11


def test_the_desk_shows_what_would_be_published(
    at_work: House, site: Site, tmp_path: Path, database_url: str
) -> None:
    Stranger(plain=True).print_on(site)
    at_work.tick(timedelta(hours=1))
    (entry,) = at_work.store.quarantine()
    path = tmp_path / "config.toml"
    path.write_text(
        f"[service]\ndatabase_url = {json.dumps(database_url)}\n"
        '[[sources]]\nid = "paper"\nname = "白沙报"\nurl = "http://paper.test/"\n'
    )
    shown = CliRunner().invoke(app, ["quarantine", "show", str(entry.id), "--config", str(path)]).stdout
    assert all(title in shown for title in TEXTS)
    assert f"dibao quarantine accept {entry.id}" in shown
    told = (
        CliRunner().invoke(app, ["quarantine", "show", str(entry.id), "--json", "--config", str(path)]).stdout
    )
    assert [item["title"] for item in json.loads(told)["preview"]] == list(TEXTS)
