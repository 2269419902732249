"""Where a host wants a pause between two requests: one article at first, several once one was had."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.flow import Crash, House, house
from tests.support.newspaper import Newspaper, Story, words
from tests.support.site import Site
from worker.flow import dispatch
from worker.store import open_store

ARTICLES = 10


def under_way(made: House) -> int:
    return sum(task == "fetch" for task, _ in made.messages.waiting)


@pytest.mark.parametrize("dead", [(), (0, 4, 8), tuple(range(ARTICLES))], ids=str)
@pytest.mark.parametrize("crashes", [False, True], ids=["calm", "crashed"])
def test_every_article_is_asked_for_once(
    sqlite_url: str, tmp_path: Path, dead: tuple[int, ...], crashes: bool
) -> None:
    store = open_store(sqlite_url)
    with Site() as site, house(store, site, tmp_path / "house") as made:
        made.ports = replace(made.ports, rules=replace(made.ports.rules, interval=1.0))
        paper = Newspaper(
            stories={str(n): Story(f"芦山县科协 第{n}课", (words(n, 60),)) for n in range(ARTICLES)}
        )
        paper.print_on(site)
        addresses = [paper.address(str(n)) for n in range(ARTICLES)]
        for n in dead:
            site.routes[addresses[n]] = (404, {}, b"")
        made.clock.at += timedelta(hours=1)
        dispatch.dispatch(made.ports)
        made.work_one()
        assert under_way(made) == 1
        if crashes:
            made.steps.dies_at = made.steps.taken + 60
        try:
            while any(task in ("fetch", "ingest") for task, _ in made.messages.waiting):
                made.work_one()
                assert under_way(made) <= 4
        except Crash:
            made.messages.waiting.clear()
            made.steps.dies_at = None
            for _ in range(3):
                made.tick(timedelta(minutes=1))
        asked = Counter(path for path in site.paths if path in addresses)
        assert set(asked) == set(addresses)
        assert sum(asked.values()) <= ARTICLES + crashes
        assert len(made.items()) == (ARTICLES - len(dead) if len(dead) < ARTICLES else 0)
    store.dispose()


def test_the_first_answer_brings_the_others(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    with Site() as site, house(store, site, tmp_path / "house") as made:
        made.ports = replace(made.ports, rules=replace(made.ports.rules, interval=1.0))
        stories = {str(n): Story(f"芦山县科协 第{n}课", (words(n, 60),)) for n in range(ARTICLES)}
        Newspaper(stories=stories).print_on(site)
        made.clock.at += timedelta(hours=1)
        dispatch.dispatch(made.ports)
        made.work_one()
        assert under_way(made) == 1
        while made.messages.waiting[0][0] != "fetch":
            made.work_one()
        made.work_one()
        assert under_way(made) == 4
    store.dispose()
