"""Workers that are behind: what is due waits, and nothing is sent twice for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.flow import EVERY, House, house
from tests.support.newspaper import Newspaper
from tests.support.site import Site
from worker.flow import dispatch
from worker.store import open_store

ENOUGH = 100  # tasks that wait


@pytest.fixture
def at_work(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    store = open_store(sqlite_url)
    with Site() as site:
        Newspaper().print_on(site)
        with house(store, site, tmp_path) as made:
            yield made
    store.dispose()


def _sent(at_work: House) -> list[str]:
    return [task for task, _ in at_work.messages.waiting]


def test_what_is_due_waits_until_the_workers_have_caught_up(at_work: House) -> None:
    at_work.messages.waiting = [("fetch", {})] * ENOUGH
    at_work.clock.at += EVERY
    dispatch.dispatch(at_work.ports)
    assert "poll" not in _sent(at_work)
    del at_work.messages.waiting[1:]
    dispatch.dispatch(at_work.ports)
    assert _sent(at_work).count("poll") == 1


def test_a_poll_that_waits_is_not_taken_for_one_that_has_stopped(at_work: House) -> None:
    """Its lease ends while its fetches are in the queue: nothing is sent for it again, nor is it given up."""
    at_work.clock.at += EVERY
    dispatch.dispatch(at_work.ports)
    at_work.work_one()
    waits = at_work.messages.waiting + [("fetch", {})] * ENOUGH
    for _ in range(5):
        at_work.messages.waiting = list(waits)
        at_work.clock.at += timedelta(minutes=1)
        dispatch.dispatch(at_work.ports)
        assert {task for task, _ in at_work.messages.waiting[len(waits) :]} <= {"judge", "publish"}
    assert at_work.lines.of("poll.resumed") == []
    at_work.messages.waiting = [one for one in waits if one[1]]
    at_work.work()
    assert at_work.lines.of("source.polled")[-1]["status"] == "ok"
    assert at_work.items()


def test_a_poll_whose_messages_are_lost_goes_on_when_the_queue_is_short(at_work: House) -> None:
    at_work.clock.at += EVERY
    dispatch.dispatch(at_work.ports)
    at_work.work_one()
    at_work.messages.waiting = []
    at_work.clock.at += timedelta(minutes=1)
    dispatch.dispatch(at_work.ports)
    assert at_work.lines.of("poll.resumed")
    at_work.work()
    assert at_work.items()


def test_what_has_stopped_is_taken_up_beside_what_is_due(sqlite_url: str, tmp_path: Path) -> None:
    """The last room goes to what is due, and that does not keep what has stopped from going on."""
    store = open_store(sqlite_url)
    with Site() as site, Site() as beside:
        for each in (site, beside):
            Newspaper().print_on(each)
        with house(store, site, tmp_path, neighbour=beside) as at_work:
            at_work.clock.at += EVERY
            dispatch.dispatch(at_work.ports)
            begun = at_work.messages.waiting[0][1]["source"]
            at_work.work_one()
            at_work.messages.waiting = [("fetch", {})] * (ENOUGH - 1)
            at_work.clock.at += timedelta(minutes=1)
            dispatch.dispatch(at_work.ports)
            assert _sent(at_work).count("poll") == 1
            assert [line["source"] for line in at_work.lines.of("poll.resumed")] == [begun]
    store.dispose()
