"""Whatever judging a reading raises, the poll ends: without one page, by name, or held back with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bulletins.dates import SHANGHAI
from bulletins.expectations import Learned, learn
from bulletins.model import Item, PollStatus, Reading, Source
from tests.support.flow import house
from tests.support.newspaper import Newspaper
from tests.support.reader import Poll, path_of
from tests.support.site import Asked, Site
from worker.flow import care
from worker.flow.judging import Bench
from worker.incidents import PAGE, SOURCE
from worker.store import open_store

NOW = datetime(2026, 10, 14, 10, tzinfo=SHANGHAI)
SOURCE_OF = Source("paper", "岷江科普报", "http://paper.test/", region="510000")


@pytest.fixture
def said() -> Reading:
    site = Site()
    Newspaper().print_on(site)

    def get(url: str) -> bytes | None:
        route = site.routes.get(path_of(url))
        return route(Asked("/", {}))[2] if callable(route) else None

    return Poll(SOURCE_OF, NOW, get, "text/html").reading


def broken(said: Reading, at: int, **fields: Any) -> Reading:
    """A reading with an item that no judgement expects."""
    items = list(said.items)
    items[at] = replace(items[at], **fields)
    return replace(said, items=tuple(items))


@pytest.mark.parametrize("fields", [{"published": None}, {"title": None}, {"blocks": (None,)}], ids=str)
def test_a_page_over_which_judging_fails_is_left_out_by_name(said: Reading, fields: dict[str, Any]) -> None:
    known = learn(Learned(), said, NOW)
    bench = Bench(SOURCE_OF, (), NOW, known)
    assert bench.judge(said).odd == {}
    whole: Item = said.items[-1]
    judged = bench.judge(broken(said, -1, **fields))
    assert list(judged.odd) == [whole.link]
    assert "judging it failed: " in judged.odd[whole.link]
    assert judged.verdict.status == PollStatus.OK
    assert judged.verdict.publish
    assert (
        whole.link in judged.verdict.reason
        or whole.title in judged.verdict.reason
        or fields.get("title", 1) is None
    )
    assert [item.id for item in judged.said.items] == [
        item.id for item in said.items if item.link != whole.link
    ]
    assert [one.url for one in judged.said.rejections] == [whole.link]
    assert judged.breach is None


def test_where_no_page_is_to_blame_the_reading_is_held_back_with_the_reason(
    sqlite_url: str, tmp_path: Path
) -> None:
    """An expectation that nobody can check: the poll ends at once, with its source in quarantine."""
    store = open_store(sqlite_url)
    with Site() as site, house(store, site, tmp_path, expect={"no such figure": (1, 2)}) as made:
        Newspaper().print_on(site)
        made.tick()
        state = made.state()
        assert state.state == PollStatus.QUARANTINED
        assert "judging it failed: KeyError: 'no such figure'" in state.reason
        assert state.action
        assert made.items() == []
        assert len(made.lines.of("source.polled")) == 1
        (incident,) = store.open_incidents(SOURCE)
        assert incident.cause.reason == state.reason
    store.dispose()


def test_the_incident_of_a_page_lasts_as_long_as_it_is_left_out(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    with Site() as site, house(store, site, tmp_path) as made:
        for _ in range(2):
            care.tell(made.ports, "paper", (), {f"{site.url}/a": "judging it failed: ValueError: x"})
        (incident,) = store.open_incidents(PAGE)
        assert incident.cause.kind == "deadly"
        assert f"dibao probe {site.url}/a" in incident.cause.action
        care.tell(made.ports, "paper", (), {})
        assert store.open_incidents(PAGE) == []
        assert len(made.lines.of("incident.opened")) == 1
    store.dispose()
