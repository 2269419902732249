"""The standing criterion S, in one process: what may befall a source, and what may not befall others."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bulletins.dates import SHANGHAI
from bulletins.model import Item
from tests.support.flow import House, house
from tests.support.newspaper import Newspaper, Story
from tests.support.site import Site
from tests.support.told import told_alike
from worker.store import open_store

PATIENCE = 1.0  # seconds: the whole deadline of a page here
BOUND = 100_000  # bytes of a page here
DAY = timedelta(days=1)
_NEWS = Story("平昌县科协 稻田课堂开讲", ("近日,巴中市平昌县科协在稻田里开讲。",))


@dataclass
class Street:
    """Two newspapers: `paper` on `site`, which a test hurts, and its neighbour, which must not notice."""

    house: House
    site: Site
    paper: Newspaper
    next_door: Site
    neighbour: Newspaper
    path: Path
    _news: int = field(default=0)

    def mine(self) -> dict[str, Item]:
        return {item.id: item for item in self.house.items() if item.source == "paper"}

    def own_files(self) -> dict[str, bytes]:
        """What is published of the ill one alone."""
        return {path: body for path, body in self.house.files().items() if "/source/paper." in path}

    def survives(
        self,
        hurt: Callable[[Street], object],
        states: set[str],
        word: str = "",
        forgive: Callable[[], object] = lambda: None,
    ) -> None:
        """S around a fault: nothing published moves, nothing is lost or added, the neighbour's news appear
        in the same round, one line of the log says what is wrong with whom, and the first poll after the
        fault finds the source well."""
        before, stamps = self.mine(), self.house.stamps()
        polled = len(self.house.lines.of("source.polled"))
        hurt(self)
        self.round()
        told = [line for line in self.house.lines.of("source.polled")[polled:] if line["source"] == "paper"]
        assert len(told) == 1
        assert told[0]["status"] in states, told
        assert word in told[0]["reason"], told
        assert (told[0]["level"], bool(told[0]["action"])) == ("error", True)
        assert self.site.address in told[0]["reason"], told
        assert self.house.state().state == told[0]["status"]
        assert self.house.state().failures == 1
        self.told_alike(told[0]["status"], told[0]["reason"])
        assert self.house.stamps() == stamps
        assert self.mine() == before
        own = self.own_files()
        self.neighbour_prints()
        self.round()
        assert self.own_files() == own
        assert self.mine() == before
        forgive()
        self.recovers(before)

    def told_alike(self, kind: str, reason: str = "") -> None:
        """Whoever looks, wherever, finds what is wrong by the same name."""
        told_alike(self.house, self.path.parent / "dibao.db", kind, reason)

    def recovers(self, before: dict[str, Item]) -> None:
        """The fault is over: one poll is enough, and nothing has come of it."""
        own = self.own_files()
        self.site.routes.clear()
        self.paper.print_on(self.site)
        self.until_due()
        self.round(timedelta())
        assert self.house.state().state == "ok", self.house.state()
        assert self.house.state().failures == 0
        assert self.house.store.open_incidents() == []
        assert self.mine() == before
        assert self.own_files() == own

    def round(self, after: timedelta = timedelta(hours=1)) -> None:
        """Time passes, and everything that is due is done; the neighbour is on time."""
        polls = self._neighbours_polls()
        self.house.tick(after)
        if after:
            assert self._neighbours_polls() == polls + 1
        assert self.house.state("neighbour").failures == 0

    def until_due(self) -> None:
        """Time passes until the ill one is due."""
        due = self.house.state().next_check
        assert due is not None
        assert due - self.house.clock.at <= DAY
        self.house.clock.at = max(self.house.clock.at, due)

    def neighbour_prints(self) -> None:
        """A correction next door, which is in its feed after the next round."""
        self._news += 1
        story = Story(f"平昌县科协 稻田课堂开讲第{self._news}课", _NEWS.body)
        self.neighbour.stories["first"] = story
        self.neighbour.print_on(self.next_door)
        self.house.tick(timedelta(hours=1))
        assert story.headline.encode() in self.house.files()["feeds/source/neighbour.atom"]

    def _neighbours_polls(self) -> int:
        return sum(line["source"] == "neighbour" for line in self.house.lines.of("source.polled"))


def lists(made: Street, *links: str, title: str = "芦山县科协 另一篇") -> None:
    """The second page of the paper names these articles too, whatever they are."""
    more = "".join(f'<li><a href="{link}"><h3>{title}</h3></a></li>' for link in links)
    page = made.paper._list_page(list(made.paper.stories), "")
    made.paper._put(
        made.site,
        made.paper.address("page 2"),
        page.replace('<ul id="paper-infos">', f'<ul id="paper-infos">{more}'),
    )


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is such a thing: most faults here are none of the disk's."""
    memory = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a private one in it
    with tempfile.TemporaryDirectory(prefix="dibao-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@contextmanager
def street(template: Path, folder: Path) -> Iterator[Street]:
    """`template` is an empty database with its tables."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(template, folder / "dibao.db")
    store = open_store(f"sqlite:///{folder / 'dibao.db'}", sqlite_wait=1.0)
    with (
        Site() as site,
        Site() as next_door,
        house(store, site, folder / "house", neighbour=next_door, timeout=PATIENCE, max_bytes=BOUND) as made,
    ):
        paper = Newspaper()
        neighbour = Newspaper(stories={"first": _NEWS})
        paper.print_on(site)
        neighbour.print_on(next_door)
        made.tick()
        assert made.clock.at.astimezone(SHANGHAI).date() == paper.day
        yield Street(made, site, paper, next_door, neighbour, folder / "house")
    store.dispose()
