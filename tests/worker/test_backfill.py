"""Past editions: found by their addresses, by the issues that pages name, by the previous one; once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins.dates import SHANGHAI
from bulletins.model import PollStatus
from tests.faults.street import fast_folder
from tests.support.flow import Crash, House, house
from tests.support.gazette import DAYS, NEWEST, Gazette
from tests.support.processes import eventually
from tests.support.product import product, source
from tests.support.published import entries
from tests.support.site import Site, html
from worker.flow import backfill, bygone
from worker.flow.backfill import Step
from worker.past import Outcome
from worker.polls import PollRow
from worker.store import open_store

FIRST = date(2026, 10, 1)


@contextmanager
def reading(template: Path, shape: str) -> Iterator[tuple[House, Gazette, Site]]:
    """A house that has read the newest edition of a newspaper."""
    with fast_folder() as folder:
        (folder / "dibao.db").write_bytes(template.read_bytes())
        store = open_store(f"sqlite:///{folder / 'dibao.db'}")
        with Site() as site, house(store, site, folder / "house") as made:
            paper = Gazette(shape)
            paper.print_on(site)
            made.tick()
            assert made.state().state == PollStatus.OK, made.state()
            yield made, paper, site


def go_back(made: House, since: date = FIRST, until: date = NEWEST) -> list[tuple[Step, PollRow]]:
    def ask(step: Step) -> PollRow:
        made.clock.at += timedelta(seconds=10)
        poll = bygone.send(made.ports, "paper", step.address, step.within)
        assert poll is not None
        while made.messages.waiting:
            if made.messages.waiting[0][0] == "publish":  # it takes longest, and is not looked at here
                made.messages.waiting.pop(0)
            else:
                made.work_one()
        row = made.store.poll(poll)
        assert row is not None
        return row

    trail = backfill.trail(made.ports, "paper", since, until)
    return list(backfill.walk(made.ports, "paper", trail, ask))


@pytest.mark.parametrize("shape", ["new", "old", "calendar", "previous"])
def test_a_fortnight_is_read_once_and_nothing_else_notices(sqlite_template: Path, shape: str) -> None:
    with reading(sqlite_template, shape) as (made, paper, site):
        before, seq = made.state(), made.store.newest().change
        done = go_back(made)
        assert [row.reason for _, row in done if not (row.status and row.status.healthy)] == []
        titles = Counter(item.title for item in made.items())
        assert set(titles) == paper.titles
        assert titles.total() == len(titles)
        days = {item.published.astimezone(SHANGHAI).date() for item in made.items()}
        assert days == set(DAYS)
        after = made.state()
        assert (after.state, after.next_check, after.last_poll) == (
            before.state,
            before.next_check,
            before.last_poll,
        )
        assert made.store.newest().change == seq + len(titles) - paper.stories
        assert made.lines.of("source.polled") == made.lines.of("source.polled")[:1]
        asked = len(site.requests)
        assert go_back(made) == []
        assert len(site.requests) == asked
        made.tick(timedelta(days=1))  # an ordinary poll finds all as it was, and asks for no past article
        assert made.lines.of("source.polled")[-1]["withdrawn"] == 0
        old = paper.article(DAYS[-1], 0)
        assert old not in site.paths[asked:]


def test_what_it_brings_is_in_the_feeds_and_is_no_rhythm(sqlite_template: Path) -> None:
    with reading(sqlite_template, "new") as (made, paper, _):
        made.clock.at += timedelta(minutes=3)
        go_back(made)
        made.tick(timedelta(minutes=1))
        feed = made.files()["feeds/source/paper.atom"].decode()
        assert all(title in feed for title in paper.titles)
        poll = made.store.lease_named("paper", made.clock.now(), made.clock.now() + timedelta(minutes=1))
        assert poll
        made.store.open_poll(poll, "paper", made.clock.now(), made.clock.now() + timedelta(minutes=1))
        with made.store.ingest(poll) as txn:
            assert txn is not None
            assert len(txn.arrivals("paper")) == 1


def test_days_without_an_edition_are_passed_over(sqlite_template: Path) -> None:
    with reading(sqlite_template, "new") as (made, paper, site):
        newest = site.routes[paper.edition(NEWEST)]
        site.routes[paper.edition(date(2026, 10, 11))] = newest  # a site that shows what it has
        site.routes[paper.edition(date(2026, 10, 10))] = html("<title>平湖日报</title><p>该日期没有报纸</p>")
        done = {step.within[0]: row for step, row in go_back(made)}
        none = {day for day, row in done.items() if row.status == PollStatus.QUIET}
        assert none == {NEWEST - timedelta(n) for n in range(1, 14)} - set(DAYS)
        assert max(Counter(item.title for item in made.items()).values()) == 1
        assert "HTTP 404" in done[date(2026, 10, 4)].reason
        kept = {one.day: one.outcome for one in made.store.past_editions("paper")}
        assert Counter(kept.values()) == {Outcome.READ: len(DAYS) - 1, Outcome.NONE: len(none)}


def test_an_edition_that_fails_is_asked_for_again_and_blames_nobody(sqlite_template: Path) -> None:
    with reading(sqlite_template, "new") as (made, paper, site):
        ill = paper.edition(DAYS[2])
        well, site.routes[ill] = site.routes[ill], (500, {}, b"")
        go_back(made)
        assert made.state().state == PollStatus.OK
        assert made.store.open_incidents() == []
        assert len(made.items()) == len(paper.titles) - paper.stories
        site.routes[ill] = well
        assert [step.within[0] for step, _ in go_back(made)] == [DAYS[2]]
        assert {item.title for item in made.items()} == paper.titles


def test_a_range_is_kept_to(sqlite_template: Path) -> None:
    with reading(sqlite_template, "previous") as (made, paper, _):
        go_back(made, since=DAYS[4], until=DAYS[2])
        days = {item.published.astimezone(SHANGHAI).date() for item in made.items()}
        assert days == {DAYS[0], *DAYS[2:5]}
        go_back(made)
        assert {item.title for item in made.items()} == paper.titles


@pytest.mark.slow  # each of its examples is a whole backfill, and its crashes are what it is for
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(shape=st.sampled_from(["new", "previous"]), deaths=st.lists(st.integers(1, 60), max_size=4))
def test_a_backfill_that_dies_anywhere_goes_on(sqlite_template: Path, shape: str, deaths: list[int]) -> None:
    with reading(sqlite_template, shape) as (made, paper, _):
        for after in deaths:
            made.steps.dies_at = made.steps.taken + after
            try:
                go_back(made, since=DAYS[2])
            except Crash:
                made.messages.waiting.clear()
            made.steps.dies_at = None
            made.tick(timedelta(minutes=2))
            made.tick(timedelta(minutes=2))
        go_back(made, since=DAYS[2])
        titles = Counter(item.title for item in made.items())
        assert titles == Counter(paper.title(day, n) for day in DAYS[:3] for n in range(paper.stories))


@pytest.mark.slow  # a broker and a worker are started twice: what is killed has to be real
def test_the_command_killed_half_way_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Site() as site, product(tmp_path / "dibao") as deployed:
        paper = Gazette("new", days=DAYS[:6])
        paper.print_on(site)
        deployed.configure(source("paper", f"{site.url}/", 'every = "1d"'), allow=[site.address], timeout=1)
        since = ("backfill", "paper", "--since", f"{DAYS[5]}")
        first = deployed.start(*since)
        assert eventually(lambda: len(deployed.events("source.backfilled")) >= 2, 60), deployed.log()
        first.kill()
        assert eventually(lambda: not deployed.marks.living(), 30)
        had = {event["url"] for event in deployed.events("source.backfilled")}
        asked = len(site.requests)
        done = deployed.ask(*since)
        assert (done["failed"], done["stopped"], done["reason"]) == (0, False, "")
        assert done["before"] >= 2
        again = {f"{site.url}{path}" for path in site.paths[asked:]}
        assert not had & again
        titles = Counter(item["title"] for item in deployed.items())
        assert titles == Counter(paper.titles)
        assert len({each for path in deployed.feeds.glob("all.json") for each in entries(path)}) == 6
