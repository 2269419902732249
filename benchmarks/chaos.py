"""Chaos: kill -9 of processes and deaths at the ports in, what was lost and what was not whole out."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import timedelta

import feedparser

from benchmarks.report import Figure, Section
from tests.faults.street import fast_folder
from tests.support.chaos import Press, chaos
from tests.support.flow import Crash, house
from tests.support.newspaper import Newspaper
from tests.support.site import Site
from worker.store import migrate, open_store

KILLS = 300
CRASHES = 10_000
_ROUND = 20  # deaths between two looks whether all is well
_STEPS = (20, 200, 600)  # within so many steps the next death comes: in a tick, in a poll, in publishing


def run(kills: int = KILLS, crashes: int = CRASHES) -> str:
    with fast_folder() as folder:
        real = chaos(folder / "dibao", kills, seed=20261014)
    inside = deaths(crashes)
    kinds = ", ".join(f"{count} × {name}" for name, count in sorted(real.kills.items()))
    return Section(
        "Kill -9 at any point",
        f"`dibao up` reads a newspaper that prints stories while its processes are killed ({kinds}) and a "
        "reader reads every published file over and over. Then, in one process, the flow dies at calls of "
        "its ports, before or after they took effect, the broker forgetting all half of the times. After "
        f"each {_ROUND} deaths, and at the end: every story once, every change once, every feed whole.",
        [
            Figure("processes killed", [real.kills.total()], "", "300"),
            Figure("stories printed meanwhile", [real.stories], ""),
            Figure("stories lost, or there twice", [0], "", "0"),
            Figure("files read meanwhile", [real.reads], ""),
            Figure("files that were not whole", [0], "", "0"),
            Figure("deaths at the ports", [inside.total()], "", "10,000"),
            Figure("different calls died at", [len(inside)], ""),
        ],
    ).text()


def deaths(count: int, seed: int = 20261014) -> Counter[str]:
    """Let one deployment die so many times over as many editions as that takes; where it died.

    Raises AssertionError where something is lost, twice, or not whole."""
    dice = random.Random(seed)
    died: Counter[str] = Counter()
    with Site() as site, fast_folder() as folder:
        url = f"sqlite:///{folder / 'dibao.db'}"
        migrate(url)
        store = open_store(url)
        press = Press(Newspaper(stories={}), site)
        with house(store, site, folder / "house") as made:
            while died.total() < count:
                press.add()
                for _ in range(min(_ROUND, count - died.total())):
                    made.steps.dies_at = made.steps.taken + dice.randint(1, dice.choice(_STEPS))
                    while made.steps.dies_at is not None:
                        try:
                            made.tick(timedelta(minutes=10))  # a poll is due in every third
                        except Crash as crash:
                            died[str(crash).partition(", ")[2]] += 1
                            made.steps.dies_at = None
                            if dice.random() < 0.5:
                                made.messages.waiting.clear()
                for _ in range(6):
                    made.tick(timedelta(minutes=1))
                made.tick(timedelta(hours=25))  # beyond any wait, and any probation
                made.tick(timedelta(hours=1))
                titles = Counter(item.title for item in made.items())
                assert len(titles) == titles.total() == press.printed, (press.printed, titles.most_common(2))
                assert len(store.changes(0, 10**6).events) == press.printed
                assert store.marks(1) == []
                for suffix in ("atom", "rss"):
                    assert not feedparser.parse(made.files()[f"feeds/all.{suffix}"]).bozo
                assert not list(made.public.rglob(".*.tmp"))
        store.dispose()
    return died


if __name__ == "__main__":
    begun = time.monotonic()
    print(run(*map(int, sys.argv[1:])))
    print(f"\n{time.monotonic() - begun:.0f} s")
