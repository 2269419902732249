"""Pages of items as the whole flow publishes them, and feeds that stand before their first item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from bulletins.model import Item
from feeds import permalinks
from tests.support.flow import House, house
from tests.support.newspaper import Newspaper, words
from tests.support.site import Site
from worker.flow import desk, publish
from worker.store import SqlStore


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def paper(site: Site) -> Newspaper:
    printed = Newspaper()
    printed.print_on(site)
    return printed


@pytest.fixture
def at_work(store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        yield made


def pages(at_work: House) -> dict[str, bytes]:
    return {path: body for path, body in at_work.files().items() if path.startswith("items/")}


def page_of(item: Item) -> str:
    return f"{permalinks.path(item.id)}index.html"


def test_feeds_stand_before_the_first_item(at_work: House) -> None:
    publish.publish(at_work.ports)
    files = at_work.files()
    for key in ("all", "unclassified", "source/paper"):
        for suffix in ("rss", "atom"):
            parsed = feedparser.parse(files[f"feeds/{key}.{suffix}"])
            assert (parsed.bozo, parsed.entries) == (False, [])
        assert feedparser.parse(files[f"feeds/{key}.atom"]).feed.id == f"tag:dibao.test,2026:feeds/{key}"
        assert json.loads(files[f"feeds/{key}.json"])["items"] == []
        assert f"feeds/{key}.atom".encode() in files["opml.xml"]
    assert "index.html" not in files  # the web server greets
    stamps = at_work.stamps()
    publish.publish(at_work.ports)
    assert at_work.stamps() == stamps
    at_work.tick()
    read = feedparser.parse(at_work.files()["feeds/all.atom"])
    assert (read.feed.id, len(read.entries)) == ("tag:dibao.test,2026:feeds/all", len(at_work.items()))


def test_every_item_has_a_page_where_its_entries_lead(at_work: House) -> None:
    at_work.tick()
    items = at_work.items()
    assert set(pages(at_work)) == {page_of(item) for item in items}
    parsed = feedparser.parse(at_work.files()["feeds/all.atom"])
    related = [link.href for entry in parsed.entries for link in entry.links if link.rel == "related"]
    assert {f"{link.removeprefix('http://feeds.test/')}index.html" for link in related} == set(pages(at_work))
    for item in items:
        assert item.paragraphs[0][:10].encode() in pages(at_work)[page_of(item)]


def test_a_correction_touches_its_own_page_alone(at_work: House, site: Site, paper: Newspaper) -> None:
    at_work.tick()
    before = pages(at_work)
    stamps = at_work.stamps()
    paper.stories["mingshan"] = paper.stories["mingshan"].corrected("名山区科协 再开新课")
    paper.print_on(site)
    at_work.tick()
    after = pages(at_work)
    (changed,) = [path for path in after if after[path] != before.get(path)]
    (item,) = [item for item in at_work.items() if page_of(item) == changed]
    assert item.title == "名山区科协 再开新课"
    assert b"<ins>" in after[changed]
    touched = {path for path, stamp in at_work.stamps().items() if stamps.get(path) != stamp}
    assert {path for path in touched if "/items/" in path} == {
        str(at_work.public / changed) + suffix for suffix in ("", ".br", ".gz")
    }
    stamps = at_work.stamps()
    at_work.tick()
    assert at_work.stamps() == stamps


def test_nothing_of_what_is_taken_down_is_left(at_work: House, site: Site, paper: Newspaper) -> None:
    at_work.tick()
    (before,) = [item for item in at_work.items() if "名山区" in item.title]
    paper.stories["mingshan"] = paper.stories["mingshan"].corrected("名山区科协 再开新课")
    paper.print_on(site)
    at_work.tick()
    desk.withdraw(at_work.ports, before.id, "a family asked for it")
    at_work.tick()
    for path, body in at_work.files().items():
        for gone in (before.title, "名山区科协 再开新课", *before.paragraphs):
            assert gone.encode() not in body, path
    assert b"a family asked for it" in at_work.files()[page_of(before)]
    assert at_work.store.revisions(before.id) == []


def test_a_rebuild_writes_the_same_bytes(at_work: House) -> None:
    at_work.tick()
    before, stamps = at_work.files(), at_work.stamps()
    at_work.store.mark_all()
    publish.publish(at_work.ports)
    assert at_work.files() == before
    assert at_work.stamps() == stamps
    for path in pages(at_work):
        (at_work.public / path).unlink()
    at_work.store.mark_all()
    publish.publish(at_work.ports)
    assert at_work.files() == before


def test_news_rewrites_only_the_pages_that_show_it(at_work: House, site: Site, paper: Newspaper) -> None:
    """An edition of its own day, about one county: other counties, other days and other items stay as they
    are, and so does what only lists which feeds there are."""
    at_work.tick()
    stamps = at_work.stamps()
    day = paper.day
    paper.day, paper.number = day + timedelta(days=1), paper.number + 1
    paper.stories = {"new": paper.stories["wenchuan"].corrected("汶川县科协 再到果园")}
    paper.stories["new"] = replace(paper.stories["new"], body=(f"<p>汶川县{words(5, 90)}</p>",))
    paper.print_on(site)
    at_work.tick()
    touched = {path for path, stamp in at_work.stamps().items() if stamps.get(path) != stamp}
    shown = {path.removeprefix(f"{at_work.public}/") for path in touched if path.endswith("index.html")}
    (new,) = [item for item in at_work.items() if "再到果园" in item.title]
    expected = {"index.html", page_of(new), "region/510000/index.html", "source/paper/index.html"}
    expected.add("source/index.html")  # which says how much of each newspaper there is
    expected |= {f"region/{code}/index.html" for code in ("513200", "513221")}
    expected |= {f"source/paper/{each}/index.html" for each in (day, paper.day)}
    columns = {path for path in shown if "column/" in path}
    assert shown - columns == expected
    assert "places.json" not in {path.removeprefix(f"{at_work.public}/") for path in touched}
    files = at_work.files()
    assert "再到果园".encode() in files[f"source/paper/{paper.day}/index.html"]
    assert f"source/paper/{paper.day}/".encode() in files[f"source/paper/{day}/index.html"]
