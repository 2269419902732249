"""What is expected of a source, through the real flow: what breaches it waits, and the feeds stay."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletins.model import PollStatus
from tests.support.flow import House, house
from tests.support.newspaper import Newspaper
from tests.support.site import Site
from tests.support.weekly import edition
from worker.cli.common import app
from worker.flow import desk
from worker.incidents import SOURCE
from worker.store import SqlStore, open_store

_WEEK = timedelta(days=7)
_SPAM = "<p>澳门新葡京娱乐城注册送彩金,百家乐老虎机,真人荷官在线发牌。</p>"
Change = Callable[[str], str]


class Changed(Newspaper):
    """A newspaper whose pages are changed before they are printed."""

    change: Change = staticmethod(lambda page: page)

    def _put(self, site: Site, path: str, html: str) -> None:
        super()._put(site, path, self.change(html))


def changed(paper: Newspaper, change: Change) -> Changed:
    made = Changed(day=paper.day, number=paper.number, stories=paper.stories)
    made.change = change
    return made


def _swapped(page: str) -> str:
    """The headline where the text was, and the first paragraph as the headline."""
    return re.sub(
        r'(<h2 class="paper-title">)(.*?)(</h2><div id="paper-content"><p>)(.*?)(</p>)', r"\1\4\3\2\5", page
    )


CHANGES: dict[str, Change] = {
    "half a page": lambda page: page[: page.find("</p>") + 20] if "paper-content" in page else page,
    "spam above the text": lambda page: page.replace(
        '<div id="paper-content">', f'<div id="paper-content">{_SPAM}'
    ),
    "readers in the text": lambda page: page.replace(
        '<div id="paper-content">', '<div id="paper-content"><p>网友评论</p><p>路过的蜗牛:写得真好,支持。</p>'
    ),
    "no dates": lambda page: re.sub(r'<div class="date-box".*?</div>', "", page),
    "title and text swapped": _swapped,
    "titles of the site": lambda page: re.sub(
        r'(<h2 class="paper-title">).*?</h2>', r"\1岷江科普报</h2>", page
    ),
    "decoded twice": lambda page: re.sub(
        r"[\u4e00-\u9fff]{2,}", lambda found: found[0].encode().decode("latin-1"), page
    ),
    "unfilled": lambda page: re.sub(
        r'(paper-content"><p>).*?</div>', r"\1{{ item.content }}</p></div>", page
    ),
    "new boxes, half a text": lambda page: page.replace(
        '<div id="paper-content">', '<div class="lead" id="paper-content">'
    ).replace("</p><p>", '</p></div><div class="rest"><p>', 1),
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def at_work(sqlite_url: str, site: Site, tmp_path: Path) -> Iterator[House]:
    """With four good editions behind it; what is judged does not depend on the database."""
    store = open_store(sqlite_url)
    with house(store, site, tmp_path) as made:
        for n in range(4):
            edition(n, count=(3, 5, 4, 2)[n]).print_on(site)
            made.tick(_WEEK)
            assert made.state().state == PollStatus.OK, made.state()
        yield made
    store.dispose()


@pytest.mark.parametrize("name", CHANGES)
def test_what_breaches_the_expectation_waits_and_the_feeds_stay(
    at_work: House, site: Site, name: str
) -> None:
    files, items = at_work.files(), at_work.items()
    changed(edition(4), CHANGES[name]).print_on(site)
    at_work.tick(_WEEK)
    state = at_work.state()
    assert not state.state or not state.state.healthy, (state, at_work.items()[0])
    assert state.reason
    assert state.action
    assert (at_work.files(), at_work.items()) == (files, items)
    opened = at_work.store.open_incidents(SOURCE)
    at_work.tick()
    assert [one.n for one in at_work.store.open_incidents(SOURCE)] == [one.n for one in opened]  # once
    assert len(opened) == 1
    edition(4).print_on(site)
    at_work.tick()
    assert at_work.state().state == PollStatus.OK
    assert len(at_work.items()) == len(items) + 4
    assert at_work.store.open_incidents(SOURCE) == []
    assert at_work.store.quarantine() == []


@pytest.mark.parametrize("count", [1, 3, 24])
def test_an_edition_of_another_size_is_published(at_work: House, site: Site, count: int) -> None:
    before = len(at_work.items())
    edition(4, count=count).print_on(site)
    at_work.tick(_WEEK)
    assert at_work.state().state == PollStatus.OK, at_work.state()
    assert len(at_work.items()) == before + count


def test_new_names_that_change_nothing_that_is_read_are_published_and_learned(
    at_work: House, site: Site
) -> None:
    before = len(at_work.items())
    for n in (4, 5):
        changed(edition(n), lambda page: page.replace("nav-box", "nav-panel wide")).print_on(site)
        at_work.tick(_WEEK)
        assert at_work.state().state == PollStatus.OK, at_work.state()
    assert len(at_work.items()) == before + 8


def test_an_operator_sees_what_has_changed_and_teaches_it(
    at_work: House, site: Site, tmp_path: Path, sqlite_url: str
) -> None:
    changed(edition(4), CHANGES["new boxes, half a text"]).print_on(site)
    at_work.tick(_WEEK)
    (entry,) = at_work.store.quarantine()
    assert f"dibao quarantine show {entry.id}" in at_work.state().action
    path = tmp_path / "config.toml"
    path.write_text(
        f"[service]\ndatabase_url = {json.dumps(sqlite_url)}\n"
        '[[sources]]\nid = "paper"\nname = "岷江科普报"\nurl = "http://paper.test/"\n'
    )
    shown = CliRunner().invoke(app, ["quarantine", "show", str(entry.id), "--config", str(path)]).stdout
    assert "the articles:" in shown
    assert re.search(r"\+ \S*div\.rest", shown)
    assert "div.rest" in CliRunner().invoke(app, ["status", "--config", str(path)]).stdout
    desk.accept(at_work.ports, entry.id)
    at_work.tick()
    assert (at_work.state().state, at_work.store.open_incidents(SOURCE)) == (PollStatus.OK, [])
    changed(edition(5), CHANGES["new boxes, half a text"]).print_on(site)
    at_work.tick(_WEEK)
    assert at_work.state().state == PollStatus.OK, at_work.state()  # as it was taught


def test_lists_that_are_elsewhere_are_no_quiet_day(at_work: House, site: Site) -> None:
    moved = re.compile(r'<ul id="paper-infos">(.*?)</ul>')
    paper = changed(
        edition(4), lambda page: moved.sub(r'<ul id="paper-infos"></ul><div class="grid">\1</div>', page)
    )
    paper.print_on(site)
    at_work.tick(_WEEK)
    assert at_work.state().state == PollStatus.LAYOUT_CHANGED
    assert "no articles" in at_work.state().reason
    assert any("div.grid" in line for line in at_work.state().structure)


def test_what_an_operator_expects_is_held_to(sqlite_url: str, site: Site, tmp_path: Path) -> None:
    store: SqlStore = open_store(sqlite_url)
    with house(store, site, tmp_path, expect={"items": (4, 12)}) as made:
        edition(0, count=3).print_on(site)
        made.tick()
        assert made.state().state == PollStatus.QUARANTINED
        assert "[sources.expect] items says 4 to 12" in made.state().reason
        edition(0, count=4).print_on(site)
        made.tick()
        assert made.state().state == PollStatus.OK
    store.dispose()
