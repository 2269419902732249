"""Chaos: a whole deployment whose processes are killed at random, while it reads a newspaper and is read."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # ships no types; a few calls do not make up for stubs
from lxml import etree

from tests.support.newspaper import Newspaper, Story
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.published import entries
from tests.support.site import Site

_TOWNS = ("芦山县", "汶川县", "安岳县", "南充市", "名山区")
_CHARACTERS = [chr(code) for code in range(0x4E00, 0x9FA5)]
_VICTIMS = (
    "pool",
    "pool",
    "worker",
    "beat",
    "web",
    "valkey",
)  # who is killed, one as often as it stands here


class Reader(threading.Thread):
    """Reads every published file over and over; what it could not read whole is in `faults`."""

    def __init__(self, public: Path) -> None:
        super().__init__(name="reader", daemon=True)
        self.public = public
        self.faults: list[str] = []
        self.reads = 0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.01):
            for path in list(self.public.rglob("*")):
                if path.suffix in (".rss", ".atom", ".json", ".xml") and not path.name.startswith("."):
                    self._read(path)

    def _read(self, path: Path) -> None:
        with suppress(FileNotFoundError):  # taken away since it was listed
            body = path.read_bytes()
            self.reads += 1
            try:
                json.loads(body) if path.suffix == ".json" else etree.fromstring(body)
            except (ValueError, etree.XMLSyntaxError) as error:
                self.faults.append(f"{path}: {error}")

    def end(self) -> None:
        self._over.set()
        self.join()


@dataclass
class Press:
    """A newspaper that prints one more story each time, so many to an edition."""

    paper: Newspaper
    site: Site
    edition: int = 10
    printed: int = 0

    @property
    def full(self) -> bool:
        return len(self.paper.stories) == self.edition

    def add(self) -> None:
        if self.full:
            self.paper.stories = {}
            self.paper.day += timedelta(days=1)
            self.paper.number += 1
        self.printed += 1
        town = _TOWNS[self.printed % len(_TOWNS)]
        # Each in words of its own: news that are alike would be held back as an edition that comes twice.
        words = "".join(random.Random(self.printed).sample(_CHARACTERS, 80))
        text = f"近日,{town}科协{words}。 (周望舒)"
        self.paper.stories[str(self.printed)] = Story(f"{town}科协开讲第{self.printed}课", (text,))
        self.paper.print_on(self.site)


@dataclass(frozen=True)
class Outcome:
    """How many processes of each kind were killed, over how many stories, while how many files were read; how
    many stories were lost or are there twice, and which files were not whole when they were read."""

    kills: Counter[str]
    stories: int
    lost: int
    twice: int
    reads: int
    torn: tuple[str, ...]
    seconds: float


def chaos(folder: Path, kills: int, seed: int, moment: float = 0.8, edition: int = 10) -> Outcome:
    """Kill processes of `dibao up` so many times, each within `moment` seconds after a story was printed;
    then see what is lost, what is there twice, and which files were not whole when they were read.

    An edition stays until it has been read: more stories to an edition are fewer waits for a whole worker.
    Raises AssertionError where that takes more than minutes, or the feeds do not show what is stored.
    """
    dice = random.Random(seed)
    done: Counter[str] = Counter()
    begun = time.monotonic()
    with Site() as site, product(folder) as deployed, reading(folder / "public") as reader:
        press = Press(Newspaper(stories={}), site, edition)
        press.add()
        deployed.configure(source("paper", f"{site.url}/", 'every = "1s"'), allow=[site.address], timeout=4)
        with deployed.up():
            assert eventually(deployed.published, 60), deployed.log()[-4000:]
            while done.total() < kills:
                if press.full:  # its editions stay until they have been read, as editions do for days
                    assert eventually(lambda: count(deployed, "items") >= press.printed, 180), said(deployed)
                press.add()
                time.sleep(dice.uniform(0, moment))  # when it strikes; nothing is waited for
                done[kill(deployed, dice)] += 1
            assert eventually(lambda: count(deployed, "items") >= press.printed, 180), said(deployed)
            assert eventually(lambda: not count(deployed, "feed_marks"), 60), said(deployed)
            found = deployed.items()
    titles = Counter(item["title"] for item in found)
    assert not list((folder / "public").rglob(".*.tmp"))
    published = {each for path in deployed.feeds.rglob("*.json") for each in entries(path)}
    assert published == {item["id"] for item in found}
    changes = count(deployed, "changes")
    return Outcome(
        kills=done,
        stories=press.printed,
        lost=press.printed - len(titles),
        twice=max(titles.total() - len(titles), changes - press.printed),
        reads=reader.reads,
        torn=tuple(reader.faults),
        seconds=time.monotonic() - begun,
    )


def kill(deployed: Product, dice: random.Random) -> str:
    """Kill one process of the deployment that lives; which kind it was."""
    while True:
        name = dice.choice(_VICTIMS)
        started = [each for each in deployed.events("child.started") if each["name"] in (name, "worker")]
        of = "worker" if name == "pool" else name
        pid = next((each["child_pid"] for each in reversed(started) if each["name"] == of), None)
        with suppress(psutil.Error, ProcessLookupError):
            if pid is None:
                continue
            if name == "pool":
                pool = psutil.Process(pid).children()
                if not pool:  # it is just being started
                    continue
                pid = dice.choice(pool).pid
            os.kill(pid, signal.SIGKILL)
            return name


def count(deployed: Product, table: str) -> int:
    path = deployed.folder / "var/dibao.db"
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our names


def said(deployed: Product) -> str:
    return deployed.log()[-4000:]


@contextmanager
def reading(public: Path) -> Iterator[Reader]:
    reader = Reader(public)
    reader.start()
    try:
        yield reader
    finally:
        reader.end()
