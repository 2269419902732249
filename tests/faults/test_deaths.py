"""Rows 27 to 29 in one process: it dies anywhere, again and again, or over one page for ever."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins.model import PageKind
from tests.faults.street import Street, fast_folder
from tests.support.fetching import fetcher
from tests.support.flow import Crash, House, house
from tests.support.newspaper import MINGSHAN, WENCHUAN, Newspaper, Story
from tests.support.site import Site
from worker.flow import dispatch, settle
from worker.flow import poll as polling
from worker.store import open_store

pytestmark = pytest.mark.slow  # a deadline each, or several rounds of everything

_MOST_DEATHS = 12  # of one history


@contextmanager
def deployment(template: Path, site: Site) -> Iterator[House]:
    with fast_folder() as folder:
        shutil.copyfile(template, folder / "dibao.db")
        store = open_store(f"sqlite:///{folder / 'dibao.db'}", sqlite_wait=1.0)
        with house(store, site, folder / "house") as made:
            yield made
        store.dispose()


def outcome(made: House) -> tuple[list[tuple[str, str]], list[str], list[tuple[str, str]]]:
    """Ids with their meaning, published paths, and the change log."""
    changes = [(change.id, str(change.kind)) for change in made.store.changes(0, 1000).events]
    return [(item.id, item.digest) for item in made.items()], sorted(made.files()), changes


def readers_see_whole_feeds(made: House) -> None:
    for path, body in made.files().items():
        if path.endswith((".atom", ".rss")):
            assert not feedparser.parse(body).bozo, path


@pytest.fixture(scope="module")
def press() -> Iterator[Site]:
    with Site() as made:
        Newspaper(stories={"mingshan": MINGSHAN, "wenchuan": WENCHUAN}).print_on(made)
        yield made


@pytest.fixture(scope="module")
def calm(
    sqlite_template: Path, press: Site
) -> tuple[list[tuple[str, str]], list[str], list[tuple[str, str]], int]:
    with deployment(sqlite_template, press) as made:
        made.tick()
        return *outcome(made), made.steps.taken


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flow_that_dies_at_any_call_any_number_of_times_is_healed(
    data: st.DataObject, sqlite_template: Path, press: Site, calm: tuple[object, object, object, int]
) -> None:
    """The process dies at a call of a port, before or after it took effect, and the broker forgets or keeps
    what it had; the next one dies too, up to a dozen times; the end is as if nothing had happened."""
    items, paths, changes, steps = calm
    with deployment(sqlite_template, press) as made:
        for _ in range(data.draw(st.integers(1, _MOST_DEATHS), label="deaths")):
            made.steps.dies_at = made.steps.taken + data.draw(st.integers(1, steps), label="dies after")
            try:
                made.tick(timedelta(minutes=1))
            except Crash:
                if data.draw(st.booleans(), label="broker forgets"):
                    made.messages.waiting.clear()
                readers_see_whole_feeds(made)
        made.steps.dies_at = None
        for _ in range(6):
            made.tick(timedelta(minutes=1))
        made.tick(timedelta(hours=25))  # beyond any wait, and the day for which a page is set aside
        made.tick()
        found_items, found_paths, found_changes = outcome(made)
        assert found_items == items
        assert found_paths == paths
        assert sorted(found_changes) == sorted(changes)  # type: ignore[call-overload]  # the calm run's own
        assert made.store.marks(1) == []
        assert not list(made.public.rglob(".*"))


class Deadly:
    """Snapshots of which one body kills whoever has it to read."""

    def __init__(self, inner: object, sha: str) -> None:
        self._inner = inner
        self._sha = sha
        self.deaths = 0

    def get(self, sha: str) -> bytes:
        if sha == self._sha:
            self.deaths += 1
            raise Crash("the page was read")
        found: bytes = self._inner.get(sha)  # type: ignore[attr-defined]  # whatever snapshots are wrapped
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def redelivered(made: Street, task: str, arguments: dict[str, str]) -> int:
    """The broker delivers a message until somebody lives to acknowledge it, as Celery does; how often."""
    ports = made.house.ports
    for delivery in range(1, 20):
        if delivery > 1 and not dispatch.again(ports, arguments["poll"]):
            return delivery
        try:
            if task == "ingest":
                settle.ingest(ports, arguments["poll"])
            else:
                polling.poll(ports, arguments["source"], arguments["poll"])
        except Crash:
            continue
        return delivery
    raise AssertionError("it would be delivered for ever")


def until_a_worker_lives(made: Street) -> int:
    """Everything that waits is done, over and over where whoever does it dies; the most deliveries of one."""
    most = 0
    while made.house.messages.waiting:
        task, arguments = made.house.messages.waiting[0]
        if task in ("poll", "ingest"):
            made.house.messages.waiting.pop(0)
            most = max(most, redelivered(made, task, arguments))
        else:
            made.house.work_one()
    return most


@pytest.mark.parametrize("kind", [PageKind.ARTICLE, PageKind.PAGE])
def test_28_a_page_that_kills_its_worker_is_counted_and_set_aside(town: Street, kind: PageKind) -> None:
    house, before = town.house, town.mine()
    town.paper.stories["good"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    town.paper.stories["bad"] = Story("芦山县科协 毒页面", ("近日,雅安市芦山县科协遇见毒页面。",))
    town.paper.print_on(town.site)
    path = town.paper.address("bad" if kind == PageKind.ARTICLE else "page 1")
    with fetcher(town.site) as reading_it:
        body = reading_it.get(town.site.url + path).body
    sha = hashlib.sha256(body or b"").hexdigest()
    killer = Deadly(house.ports.snapshots, sha)
    house.ports = replace(house.ports, snapshots=killer)  # type: ignore[arg-type]  # the port and one death more
    house.clock.at += timedelta(hours=1)
    dispatch.dispatch(house.ports)
    assert until_a_worker_lives(town) == 4
    assert killer.deaths == 3  # of the first nobody could know
    assert len(town.mine()) == len(before) + (1 if kind == PageKind.ARTICLE else 2)
    (incident,) = house.store.open_incidents("page")
    assert (incident.cause.kind, incident.subject.name) == ("deadly", f"paper {town.site.url}{path}")
    town.told_alike("deadly", incident.cause.reason)
    assert f"{town.site.url}{path}" in incident.cause.action
    town.until_due()
    dispatch.dispatch(house.ports)
    until_a_worker_lives(town)
    assert killer.deaths == 3  # it is not read again
    house.clock.at += timedelta(hours=25)
    dispatch.dispatch(house.ports)
    until_a_worker_lives(town)
    assert killer.deaths == 4  # but once a day
    town.paper.stories["bad"] = Story("芦山县科协 好页面", ("近日,雅安市芦山县科协有了好页面。",))
    town.paper.print_on(town.site)
    town.paper._put(town.site, town.paper.address("page 1"), town.paper._list_page([], "<p>另印</p>"))
    town.house.clock.at += timedelta(hours=7)
    dispatch.dispatch(house.ports)
    until_a_worker_lives(town)
    assert house.store.open_incidents("page") == []
    assert house.state().state == "ok"
    assert len(town.mine()) == len(before) + 2


def test_28_a_worker_killed_over_a_good_page_does_not_convict_it(town: Street) -> None:
    """Somebody kills it twice in the middle of a poll that was taken up again."""
    house = town.house
    town.paper.stories["good"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    town.paper.print_on(town.site)
    house.clock.at += timedelta(hours=1)
    dispatch.dispatch(house.ports)
    for _ in range(2):
        house.steps.dies_at = house.steps.taken + 40
        with pytest.raises(Crash):
            until_a_worker_lives_once(town)
    house.steps.dies_at = None
    until_a_worker_lives(town)
    for _ in range(4):
        house.tick(timedelta(minutes=1))
    assert house.store.open_incidents("page") == []
    assert len(town.mine()) == 6


def until_a_worker_lives_once(made: Street) -> None:
    while made.house.messages.waiting:
        made.house.work_one()
    made.house.tick(timedelta(minutes=1))
