"""A newspaper that stops, a number that never came, a column that ended: told once, and that it is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bulletins import rhythm
from bulletins.model import Column, ColumnKind, Edition, PollStatus, Verdict
from bulletins.state import Pulse
from feeds.scope import FeedKey
from tests.support.flow import House, house
from tests.support.newspaper import Newspaper, Story, words
from tests.support.site import Site, html
from tests.worker.store import story
from worker.flow import silence
from worker.store import SqlStore
from worker.store.rhythms import days_of

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
WEDNESDAY = date(2026, 10, 14)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        yield made


def appear(at_work: House, site: Site, week: int, number: int, day: date | None = None) -> None:
    """A week's edition, found by the next tick."""
    told = Story(
        f"名山区科协 第{number}课", (f"10月11日,雅安市名山区科协讲第{number}课。", words(number, 40))
    )
    edition = Newspaper(day or WEDNESDAY + week * WEEK, number, {"told": told})
    edition.print_on(site)
    at_work.tick(WEEK if week else HOUR)


def lasting(at_work: House) -> list[tuple[str, str]]:
    return [(one.cause.kind, one.subject.name) for one in at_work.store.open_incidents()]


def pulse(at_work: House) -> Pulse:
    known = at_work.state().rhythm
    assert known is not None
    return known.pulse(at_work.clock.at)


def test_several_causes_at_one_time_are_several_incidents(at_work: House, site: Site) -> None:
    for week, number in enumerate((3600, 3601, 3602, 3604, 3605)):
        appear(at_work, site, week, number)
    assert lasting(at_work) == [("missing_issue", "paper 3603")]
    (gap,) = at_work.lines.of("incident.opened")
    assert gap["action"] == "Run dibao backfill paper --since 2026-10-29 --until 2026-11-03"
    at_work.tick(WEEK)  # the edition of 18 November does not come: a quiet day
    assert pulse(at_work) is Pulse.OK
    at_work.tick(DAY)
    assert pulse(at_work) is Pulse.QUIET
    assert lasting(at_work) == [("missing_issue", "paper 3603")]
    at_work.tick(WEEK - DAY + 4 * HOUR)
    assert lasting(at_work)[1:] == [("stale", "source/paper")]
    (_, stale) = at_work.lines.of("incident.opened")
    assert stale["reason"] == "no news since 2026-11-11, expected on 2026-11-18: news come on Wednesdays"
    site.routes["/"] = html("<title>岷江科普报</title><p>改版中</p>")
    for _ in range(2):
        at_work.tick()
    assert [kind for kind, _ in lasting(at_work)] == ["missing_issue", "stale", "layout_changed"]
    assert len(at_work.lines.of("incident.opened")) == 3
    files = {
        path: body for path, body in at_work.files().items() if path.startswith("feeds/") and b"stale" in body
    }
    assert files == {}
    appear(at_work, site, 7, 3606)
    assert lasting(at_work) == [("missing_issue", "paper 3603")]
    appear(at_work, site, 8, 3603, date(2026, 11, 2))
    assert lasting(at_work) == []
    closed = [line["status"] for line in at_work.lines.of("incident.closed")]
    assert sorted(closed) == ["layout_changed", "missing_issue", "stale"]


def fill(store: SqlStore, weeks: int, *, until: int, of: int = 0) -> None:
    """An item each week in a column and a region, until that week, and one in another column."""
    ended = Column("乡村课堂", "xiang-cun-ke-tang", ColumnKind.HEADING)
    going_on = Column("要闻", "yao-wen", ColumnKind.HEADING)
    for week in range(of, weeks):
        items = [story.item(f"on{week}", on=7 * week, column=going_on, region="513221")]
        if week < until:
            items.append(story.item(f"off{week}", on=7 * week, position=1, column=ended, region="511826"))
        number = Edition(100 + week, story.day(7 * week).date())
        story.bring(store, *(replace(item, edition=number) for item in items))


def judged(at_work: House, store: SqlStore, day: datetime) -> list[tuple[str, str]]:
    at_work.clock.at = day
    silence.judge(at_work.ports)
    return lasting(at_work)


def test_regions_and_columns_have_rhythms_of_their_own(at_work: House, store: SqlStore) -> None:
    fill(store, 12, until=10)
    day = story.day(11 * 7) + 13 * HOUR
    name = f"paper {story.day(9 * 7).date()}"
    assert judged(at_work, store, day) == [("stale", name)]  # one for the column, the county and its city
    (one,) = store.open_incidents()
    assert one.cause.reason.startswith(
        "column/xiang-cun-ke-tang, region/511800, region/511826: no news since"
    )
    for _ in range(2):
        assert judged(at_work, store, day + HOUR) == [("stale", name)]
    assert len(at_work.lines.of("incident.opened")) == 1
    rhythms = store.rhythms()
    assert rhythms["region/510000"].pulse(day) is rhythms["source/paper"].pulse(day) is Pulse.OK
    assert rhythms["column/yao-wen"].pulse(day) is Pulse.OK
    assert not [path for path in rhythms if path.startswith("region/") and "column" in path]
    fill(store, 13, until=13, of=12)
    assert judged(at_work, store, day + WEEK) == []


def test_what_stops_with_its_source_is_no_incident_of_its_own(at_work: House, store: SqlStore) -> None:
    fill(store, 10, until=10)
    assert judged(at_work, store, story.day(9 * 7 + 14) + 13 * HOUR) == [("stale", "source/paper")]
    assert judged(at_work, store, story.day(9 * 7 + 200)) == [("stale", "source/paper")]  # it never ends
    off = replace(story.PAPER, enabled=False)
    store.sync_sources([off, story.OTHER], story.NOW)
    assert judged(at_work, store, story.day(9 * 7 + 201)) == []


def test_a_source_that_cannot_be_read_is_not_silent_besides(at_work: House, store: SqlStore) -> None:
    fill(store, 10, until=10)
    changed = Verdict(PollStatus.LAYOUT_CHANGED, "no list", "look", publish=False)
    story.finish(store, story.begin(store), verdict=changed)
    assert judged(at_work, store, story.day(9 * 7 + 30)) == []
    story.finish(store, story.begin(store))
    assert judged(at_work, store, story.day(9 * 7 + 31)) == [("stale", "source/paper")]


def test_a_column_that_ended_is_waited_for_no_more(at_work: House, store: SqlStore) -> None:
    fill(store, 30, until=10)
    assert judged(at_work, store, story.day(12 * 7) + 13 * HOUR)
    assert judged(at_work, store, story.day(29 * 7)) == []


def test_what_is_learned_is_learned_once(at_work: House, store: SqlStore) -> None:
    fill(store, 6, until=6)
    judged(at_work, store, story.day(40))
    newest = store.newest_rhythm()
    assert store.unlearned(rhythm.VERSION, 10) == []
    judged(at_work, store, story.day(41))
    assert store.newest_rhythm() == newest
    fill(store, 7, until=6, of=6)
    keys = {"column/yao-wen", "region/510000", "region/513200", "region/513221", "source/paper"}
    assert {key.path for key in store.unlearned(rhythm.VERSION, 10)} == keys
    assert len(store.unlearned(rhythm.VERSION + 1, 100)) > len(keys)


@pytest.mark.parametrize("rows", [3, 2_000])
def test_days_are_those_of_shanghai_however_many_items_they_have(store: SqlStore, rows: int) -> None:
    story.bring(store, *(story.item(f"{on}-{n}", on=on, position=n) for on in (0, 2, 5) for n in range(4)))
    with store._database.read() as connection:
        found = days_of(connection, FeedKey("source/paper"), rows)
    assert found == [story.day(on).date() for on in (5, 2, 0)]
    assert [edition.number for edition in store.editions("paper", 2)] == [105, 102]
