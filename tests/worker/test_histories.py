"""Random histories of a newspaper, from its pages to those who follow it, held to a model of both."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins.absences import TIMES
from bulletins.changes import MOST_CORRECTIONS, RESTLESS_WINDOW
from tests.support.flow import House, house
from tests.support.newspaper import Newspaper, Story, words
from tests.support.serving import serving
from tests.support.site import Site
from tests.support.subscribers import Follower, Reader, Told
from worker.config import Settings
from worker.door import LiveState
from worker.flow import desk, reparse
from worker.store import open_store
from worker.web import create_app

pytestmark = pytest.mark.slow
BASE = "http://feeds.test"
COUNTIES = ("芦山县", "宝兴县", "石棉县")
STORM = 5  # articles that make one
HOSTS = ("127.0.0.1", "localhost")  # the names of the newspaper's site
WINDOW = (5, 1)  # items and days: an absence is soon longer


@dataclass
class Piece:
    """A piece of news: its number stands in every version of it, and its words in no other piece."""

    number: int
    draft: int = 0

    @property
    def text(self) -> str:
        """Earlier pieces of an article are longer: where they are joined, the first one stays."""
        length = 160 - 20 * (self.number % 3)
        return f"这是第{self.number}号消息的第{self.draft}稿,{words(self.number, length)}。"


@dataclass
class Article:
    """One piece or several, each under the heading of its county or all in one."""

    pieces: list[Piece]
    name: str
    draft: int = 0
    joined: bool = False
    edits: int = 0  # after too many an item is no longer announced
    files: int = 0  # that it comes with

    @property
    def headline(self) -> str:
        return f"科协消息{self.pieces[0].number}第{self.draft}题"

    @property
    def names(self) -> list[str]:
        return [f"附件{n}.xlsx" for n in range(self.files)]

    def story(self) -> Story:
        if len(self.pieces) == 1 or self.joined:
            *others, last = (piece.text for piece in self.pieces)
            links = (f'<a href="/{self.name}-{n}.xlsx">{name}</a>' for n, name in enumerate(self.names))
            return Story(self.headline, (*others, last + "".join(links)))
        lines = zip(COUNTIES, self.pieces, strict=False)
        body = [part for county, piece in lines for part in (f"<strong>{county}</strong>", piece.text)]
        return Story(self.headline, tuple(body))

    def told(self) -> Iterator[Told]:
        if len(self.pieces) == 1 or self.joined:
            yield Told(self.headline, "".join([*(piece.text for piece in self.pieces), *self.names]))
            return
        for county, piece in zip(COUNTIES, self.pieces, strict=False):
            yield Told(f"{county}：{self.headline}", piece.text)


@dataclass
class History:
    """A newspaper, what became of it step by step, and its followers; each step says whether it could be."""

    at_work: House
    site: Site
    steady: Sequence[Reader | Follower]  # who look after every poll
    away: Sequence[Reader | Follower]  # who look now and then
    paper: Newspaper = field(default_factory=lambda: Newspaper(stories={}))
    current: list[Article] = field(default_factory=list)
    past: list[Article] = field(default_factory=list)
    gone: list[Article] = field(default_factory=list)  # of the current edition
    printed: set[int] = field(default_factory=set)  # the numbers of all pieces that could be read
    count: int = 0
    ticked: bool = False

    # what may happen
    def new(self, n: int) -> None:
        self.current.append(self._article(1))

    def roundup(self, n: int) -> None:
        self.current.append(self._article(2 + n % 2))

    def corrected(self, n: int) -> None:
        if article := self._pick(n):
            article.edits += 1
            if n % 2:
                article.draft += 1
            else:
                article.pieces[n % len(article.pieces)].draft += 1

    def moved(self, n: int) -> None:
        article = self._pick(n)
        if article is None or self.paper.redesigned:
            return
        if n % 2:  # and its old address is no more
            self.site.routes.pop(self.paper.address(article.name), None)
        article.name += "+"

    def joined_or_split(self, n: int) -> None:
        article = self._pick(n, of=[each for each in self.current if len(each.pieces) > 1])
        if article is not None and not self.paper.redesigned:
            article.joined = not article.joined
            article.edits += 1

    def taken_away(self, n: int) -> None:
        article = self._pick(n)
        if article is None or self.paper.redesigned or len(self.current) < 2:
            return
        self.current.remove(article)
        self.gone.append(article)
        article.edits += 1
        for _ in range(TIMES - 1):
            self.poll()

    def returned(self, n: int) -> None:
        if self.gone and not self.paper.redesigned:
            self.current.append(self.gone.pop(n % len(self.gone)))

    def reordered(self, n: int) -> None:
        random.Random(n).shuffle(self.current)

    def redesigned(self, n: int) -> None:
        self.paper.redesigned = not self.paper.redesigned

    def next_edition(self, n: int) -> None:
        if self.paper.redesigned:
            return  # an edition that nobody can read is in no feed
        self.at_work.clock.at += timedelta(days=1 + n % 5)
        self.past += self.current
        self.current, self.gone = [self._article(1)], []
        self.paper.day = self.at_work.clock.at.date()
        self.paper.number += 1

    def quiet_month(self, n: int) -> None:
        self.at_work.clock.at += timedelta(days=31)

    def attached(self, n: int) -> None:
        if article := self._pick(n, of=[each for each in self.current if len(each.pieces) == 1]):
            article.edits += 1
            article.files += 1

    def renamed(self, n: int) -> None:
        """The site answers under another name: nobody is told."""
        before = {item.id: item.updated for item in self.at_work.items()}
        source = self.at_work.ports.rules.sources["paper"]
        there, here = sorted(HOSTS, key=lambda host: host not in source.url)
        self._configure(url=source.url.replace(there, here))
        self.poll()
        assert {item.id: item.updated for item in self.at_work.items()} == before

    def ticker(self, n: int) -> None:
        """An article changes with every poll, and comes to rest. Once: it takes many polls."""
        article = self._pick(n)
        if article is None or self.paper.redesigned or self.ticked:
            return
        self.ticked = True
        for _ in range(MOST_CORRECTIONS - article.edits + 1):
            article.draft += 1
            self.poll()
        article.edits = MOST_CORRECTIONS
        self.at_work.clock.at += RESTLESS_WINDOW

    def reparsed(self, n: int) -> None:
        """Another parser reads what is kept: by the structure of the pages, and not by their family."""
        before = {item.id: item.updated for item in self.at_work.items()}
        self._configure(layout="generic")
        reparse.reparse(self.at_work.ports, "paper", write=True)
        self._configure(layout="auto")
        self.at_work.ports.queue.send("publish")
        assert {item.id: item.updated for item in self.at_work.items()} == before

    def _configure(self, **said: Any) -> None:
        ports = self.at_work.ports
        source = replace(ports.rules.sources["paper"], **said)
        self.at_work.ports = replace(ports, rules=replace(ports.rules, sources={"paper": source}))

    def storm(self, n: int) -> None:
        """The whole edition is dated and addressed anew."""
        if len(self.current) < STORM or self.paper.redesigned:
            return
        self.poll()  # what else is to be said has been
        before, stamps = self.paper.day, self.at_work.stamps()
        self.at_work.clock.at += timedelta(days=1)
        self.paper.day = self.at_work.clock.at.date()
        self.poll()
        assert self.at_work.stamps() == stamps
        (entry,) = [each for each in self.at_work.store.quarantine() if each.state == "held"]
        if n % 3 == 0:
            desk.accept(self.at_work.ports, entry.id)
            self.at_work.ports.queue.send("publish")
        else:
            if n % 3 == 1:
                desk.reject(self.at_work.ports, entry.id)
                self.poll()
                assert self.at_work.stamps() == stamps
            self.paper.day = before  # the site mends itself
            return
        self.gone = []  # their edition is another one now

    # how it is told
    def _article(self, pieces: int) -> Article:
        made: list[Piece] = []
        for _ in range(pieces):
            self.count += 1
            made.append(Piece(self.count * 3 + len(made)))
        return Article(made, f"a{made[0].number}")

    def _pick(self, n: int, of: Sequence[Article] | None = None) -> Article | None:
        found = [each for each in (self.current if of is None else of) if each.edits < MOST_CORRECTIONS]
        return found[n % len(found)] if found else None

    def poll(self) -> None:
        self.paper.stories = {each.name: each.story() for each in self.current}
        for article in self.gone:
            self.site.routes.pop(self.paper.address(article.name), None)
        self.paper.print_on(self.site)
        self.at_work.tick()
        if not self.paper.redesigned:
            self.printed |= {piece.number for each in self.current for piece in each.pieces}
        for one in self.steady:
            one.look()

    def looks(self, n: int) -> None:
        """Those who were away look again."""
        for one in (*self.away, *self.steady):
            one.look()

    def check(self) -> None:
        """What everybody holds at the end, and has been told as new on the way."""
        self.paper.redesigned = False
        self.poll()
        self.looks(0)
        wanted = {told for each in (*self.past, *self.current) for told in each.told()}
        for one in (*self.away, *self.steady):
            assert set(one.held.values()) == wanted, one
            assert len(one.held) == len(wanted)
            numbers = Counter(_number(told) for _, told in one.announced)
            assert max(numbers.values()) == 1, one
        for one in self.steady:
            assert {_number(told) for _, told in one.announced} == self.printed


def _number(told: Told) -> int:
    """The piece that an entry tells, or tells first."""
    found = re.search(r"第(\d+)号", told.text)
    assert found
    return int(found[1])


STEPS: Sequence[Callable[[History, int], None]] = (
    History.new,
    History.roundup,
    History.corrected,
    History.moved,
    History.joined_or_split,
    History.taken_away,
    History.returned,
    History.reordered,
    History.redesigned,
    History.next_edition,
    History.quiet_month,
    History.attached,
    History.renamed,
    History.ticker,
    History.reparsed,
    History.storm,
    History.looks,
)


@contextmanager
def history(template: Path, folder: Path) -> Iterator[History]:
    """A newspaper's first day, followed by a reader of Atom who is always there and two who walk the archive
    now and then, one of them that of its province, by a program that follows the changes, and by another that
    does now and then."""
    shutil.copyfile(template, folder / "dibao.db")
    url = f"sqlite:///{folder / 'dibao.db'}"
    store = open_store(url)
    with Site() as site, house(store, site, folder, window=WINDOW, hosts=HOSTS) as at_work:
        service = {"base_url": BASE, "public_dir": at_work.public, "data_dir": folder, "database_url": url}
        stanza = {"id": "paper", "name": "岷江科普报", "url": f"{site.url}/", "every": "30m"}
        made = Settings.model_validate({"service": service, "sources": [stanza]})
        state = LiveState(made)
        door = create_app(made, state)
        with serving(door) as address, httpx.Client(base_url=address, timeout=30) as web:
            yield History(
                at_work,
                site,
                steady=(Reader(web, BASE, "/feeds/all.atom"), Follower(web)),
                away=(
                    Reader(web, BASE, "/feeds/all.atom", walks=True),
                    Reader(web, BASE, "/feeds/region/510000.atom", walks=True),
                    Follower(web),
                ),
                current=[Article([Piece(1)], "a1")],
            )
            door.close()
        state.store.dispose()
    store.dispose()


steps = st.tuples(st.sampled_from(STEPS), st.integers(0, 11))


def _told(template: Path, folder: Path, told: Sequence[tuple[Callable[[History, int], None], int]]) -> None:
    with history(template, folder) as newspaper:
        newspaper.poll()
        for step, n in told:
            step(newspaper, n)
            newspaper.poll()
        newspaper.check()


@settings(
    max_examples=11,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=st.lists(steps, min_size=6, max_size=24))
def test_whoever_follows_a_newspaper_has_every_item_once(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, told: list[Any]
) -> None:
    _told(sqlite_template, tmp_path_factory.mktemp("history"), told)


def test_all_that_can_happen_to_a_newspaper(sqlite_template: Path, tmp_path: Path) -> None:
    """Every kind of step once or more, in an order in which none is passed over."""
    of = History
    told = [
        *((of.roundup, 1), (of.roundup, 0), (of.new, 0), (of.new, 0), (of.corrected, 1), (of.corrected, 2)),
        *((of.attached, 0), (of.renamed, 0), (of.reparsed, 0), (of.renamed, 1)),
        *((of.moved, 1), (of.moved, 2), (of.reordered, 3), (of.joined_or_split, 0), (of.joined_or_split, 1)),
        *((of.joined_or_split, 0), (of.taken_away, 1), (of.returned, 0), (of.redesigned, 0)),
        *((of.corrected, 3), (of.new, 0), (of.redesigned, 0), (of.storm, 0), (of.storm, 1), (of.storm, 2)),
        *((of.taken_away, 0), (of.reparsed, 0), (of.next_edition, 2), (of.new, 0), (of.quiet_month, 0)),
        *((of.next_edition, 0), (of.new, 0), (of.ticker, 0), (of.quiet_month, 0), (of.quiet_month, 0)),
        *((of.next_edition, 3), (of.looks, 0)),
    ]
    _told(sqlite_template, tmp_path, told)
