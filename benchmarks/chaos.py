"""Chaos: kill -9 of processes and deaths at the ports in, what was lost and what was not whole out."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import feedparser

from benchmarks.report import Figure, Section
from tests.faults.street import fast_folder
from tests.support.chaos import Press, chaos
from tests.support.flow import Crash, House, house
from tests.support.newspaper import Newspaper
from tests.support.site import Site
from worker.store import SqlStore, migrate, open_store

KILLS = 300
CRASHES = 10_000
_EDITION = 20  # stories: each edition stays until a worker has lived long enough to read all of it
_PART = 500  # deaths of one deployment; several die side by side
_ROUND = 20  # deaths between two looks whether all is well
_STEPS = (20, 200, 600)  # within so many steps the next death comes: in a tick, in a poll, in publishing


def run(kills: int = KILLS, crashes: int = CRASHES) -> str:
    with fast_folder() as folder:
        real = chaos(folder / "dibao", kills, seed=20261014, edition=_EDITION)
    begun = time.monotonic()
    parts = [(min(_PART, crashes - at), 20261014 + at) for at in range(0, crashes, _PART)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        inside = sum(pool.map(deaths, *zip(*parts, strict=True)), Deaths())
    seconds = time.monotonic() - begun
    kinds = ", ".join(f"{count} × {name}" for name, count in sorted(real.kills.items()))
    return Section(
        "Kill -9 at any point",
        f"`dibao up` reads a newspaper that prints stories while its processes are killed ({kinds}) and a "
        "reader reads every published file over and over. Then, in one process, the flow dies at calls of "
        "its ports, before or after they took effect, the broker forgetting all half of the times. After "
        f"each {_ROUND} deaths: every story once, every change once, every feed whole.",
        [
            Figure("processes killed", [real.kills.total()], "", "300"),
            Figure("that took", [real.seconds], "s"),
            Figure("stories printed meanwhile", [real.stories], ""),
            Figure("stories lost", [real.lost], "", "0"),
            Figure("stories there twice", [real.twice], "", "0"),
            Figure("files read meanwhile", [real.reads], ""),
            Figure("files that were not whole", [len(real.torn)], "", "0"),
            Figure("deaths at the ports", [inside.at.total()], "", "10,000"),
            Figure("that took", [seconds], "s"),
            Figure("different calls died at", [len(inside.at)], ""),
            Figure("looks whether all is well", [inside.looks], ""),
            Figure("stories lost, twice, or in a feed that is not whole", [inside.wrong], "", "0"),
        ],
    ).text()


@dataclass(frozen=True)
class Deaths:
    """Where the flow died how often, how many times it was looked at, and how much was wrong then."""

    at: Counter[str] = field(default_factory=Counter)
    looks: int = 0
    wrong: int = 0

    def __add__(self, other: Deaths) -> Deaths:
        return Deaths(self.at + other.at, self.looks + other.looks, self.wrong + other.wrong)


def deaths(count: int, seed: int) -> Deaths:
    """Let one deployment die so many times over as many editions as that takes."""
    dice = random.Random(seed)
    done = Deaths()
    with Site() as site, fast_folder() as folder:
        url = f"sqlite:///{folder / 'dibao.db'}"
        migrate(url)
        store = open_store(url)
        press = Press(Newspaper(stories={}), site)
        with house(store, site, folder / "house", formats=("rss", "atom")) as made:
            while done.at.total() < count:
                press.add()
                died = Counter(_die(made, dice, min(_ROUND, count - done.at.total())))
                for _ in range(6):
                    made.tick(timedelta(minutes=1))
                made.tick(timedelta(hours=25))  # beyond any wait, and any probation
                made.tick(timedelta(hours=1))
                done += Deaths(died, 1, _wrong(made, store, press.printed))
        store.dispose()
    return done


def _die(made: House, dice: random.Random, times: int) -> Iterator[str]:
    for _ in range(times):
        made.steps.dies_at = made.steps.taken + dice.randint(1, dice.choice(_STEPS))
        while made.steps.dies_at is not None:
            try:
                made.tick(timedelta(minutes=10))  # a poll is due in every third
            except Crash as crash:
                yield str(crash).partition(", ")[2]
                made.steps.dies_at = None
                if dice.random() < 0.5:
                    made.messages.waiting.clear()


def _wrong(made: House, store: SqlStore, printed: int) -> int:
    """How many stories are lost or there twice, changes too many or too few, marks left, feeds not whole."""
    titles = Counter(item.title for item in made.items())
    wrong = abs(printed - len(titles)) + titles.total() - len(titles)
    wrong += abs(printed - len(store.changes(0, 10**6).events)) + len(store.marks(100))
    wrong += sum(
        bool(feedparser.parse(made.files()[f"feeds/all.{suffix}"]).bozo) for suffix in ("atom", "rss")
    )
    return wrong + len(list(made.public.rglob(".*.tmp")))


if __name__ == "__main__":
    started = time.monotonic()
    print(run(*map(int, sys.argv[1:])))
    print(f"\n{time.monotonic() - started:.0f} s")
