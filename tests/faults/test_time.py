"""Rows 30 to 32 in one process: clocks that jump, zones, ticks twice or not at all, lost messages."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.faults.street import Street
from tests.support.newspaper import Story
from worker.flow import dispatch

pytestmark = pytest.mark.slow  # a deadline each, or several rounds of everything


@pytest.fixture(params=["America/New_York", "Asia/Shanghai", "UTC"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    held = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if held is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = held
    time.tzset()


def normal(made: Street, files: dict[str, bytes]) -> dict[str, bytes]:
    """Files with the ports of the two test sites taken out, which differ from run to run."""
    ports = ((made.site, b"SITE"), (made.next_door, b"NEXT"))
    done = dict(files)
    for site, name in ports:
        done = {path: body.replace(str(site.port).encode(), name) for path, body in done.items()}
    return done


_OTHERS: dict[str, dict[str, bytes]] = {}


def test_31_every_zone_has_the_same_bytes(zone: str, town: Street) -> None:
    found = {
        path: body for path, body in normal(town, town.house.files()).items() if path.startswith("feeds/")
    }
    assert len(found) > 20
    first = _OTHERS.setdefault("first", found)
    assert found == first


def test_31_two_ticks_at_once_poll_once(town: Street) -> None:
    town.house.clock.at += timedelta(hours=1)
    polled = len(town.house.lines.of("source.polled"))
    town.house.tick(timedelta())
    town.house.tick(timedelta())
    assert len(town.house.lines.of("source.polled")) == polled + 2  # each source once


@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=-2)])
def test_31_a_clock_that_jumps_dates_nothing_anew_and_polls_go_on(town: Street, jump: timedelta) -> None:
    before, stamps = town.mine(), town.house.stamps()
    polled = len(town.house.lines.of("source.polled"))
    town.house.tick(jump)
    assert len(town.house.lines.of("source.polled")) - polled <= 2  # at most one each
    assert (town.mine(), town.house.stamps()) == (before, stamps)
    town.house.tick(-jump)
    town.paper.stories["new"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    town.paper.print_on(town.site)
    town.until_due()
    town.house.tick(timedelta(hours=1))
    assert len(town.mine()) == 6
    assert {name: town.mine()[name] for name in before} == before


def test_32_after_ten_missed_intervals_each_source_is_read_once(town: Street) -> None:
    asked = len(town.site.requests)
    polled = len(town.house.lines.of("source.polled"))
    for _ in range(10):  # ticks that nobody carries out leave at most one message a source
        town.house.clock.at += timedelta(hours=1)
    town.house.tick(timedelta())
    town.house.tick(timedelta())
    assert len(town.house.lines.of("source.polled")) == polled + 2
    assert len(town.site.requests) - asked == 6


def test_30_messages_that_the_broker_forgot_are_sent_again(town: Street) -> None:
    """A flushed broker: everything that matters is in the store."""
    town.paper.stories["new"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    town.paper.print_on(town.site)
    town.house.clock.at += timedelta(hours=1)
    dispatch.dispatch(town.house.ports)
    town.house.messages.waiting.clear()
    for _ in range(8):
        town.house.clock.at += timedelta(minutes=1)
        dispatch.dispatch(town.house.ports)
        if town.house.messages.waiting:
            town.house.work_one()
        town.house.messages.waiting.clear()
    for _ in range(4):
        town.house.tick(timedelta(minutes=1))
    assert len(town.mine()) == 6
