"""How soon news is public: two hundred newspapers polled every minute in, seconds from poll to file out.

`dibao up` runs with its defaults, but for the limiter, which is off. A change is timed from the
beginning of the poll that finds it, or from the change where that is later, to its source's feed.
It takes about ten minutes, and says something of the product only on a machine that does nothing else.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, select, update

from benchmarks.report import Figure, Section
from tests.support.newspaper import Newspaper, Story, words
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Site
from worker.store import tables

SOURCES = 200
ARTICLES = 8
MINUTES = 3  # of news, the first minute of which warms up and is not counted
FORMATS = ("rss", "atom", "json")
_LOOK = 0.004  # seconds between two looks at a file
_COUNTIES = ("芦山县", "宝兴县", "石棉县", "汉源县", "天全县", "荥经县", "安岳县", "乐至县", "汶川县", "理县")


@dataclass
class Paper(Newspaper):
    """A newspaper below a folder of the one site that they all share."""

    folder: str = ""

    def address(self, name: str) -> str:
        return f"/{self.folder}{super().address(name)}"

    def _put(self, site: Site, path: str, html: str) -> None:
        super()._put(site, f"/{self.folder}/" if path == "/" else path, html)


@dataclass
class Press:
    """All newspapers, and what has been changed in them: by title, when and where."""

    site: Site
    papers: list[Paper] = field(default_factory=list)
    changed: dict[str, tuple[int, float]] = field(default_factory=dict)
    public: dict[str, float] = field(default_factory=dict)

    def found(self) -> None:
        today = datetime.now(UTC).date()
        for n in range(SOURCES):
            stories = {str(m): self._story(n, m, f"第{n}报第{m}条") for m in range(ARTICLES)}
            self.papers.append(Paper(day=today, number=3000 + n, stories=stories, folder=f"p{n}"))
            self.papers[-1].print_on(self.site)

    def _story(self, n: int, m: int, title: str) -> Story:
        county = _COUNTIES[n % len(_COUNTIES)]
        text = f"近日,{county}科协传来消息:{words(n * 1000 + m, 200)}。"
        return Story(title, (text, f"{words(n * 1000 + m + 500_000, 200)}。"))

    def change(self, n: int) -> None:
        """One new article or, every other time, one corrected headline."""
        paper, count = self.papers[n], len(self.changed)
        title = f"第{n}报第{count}次改动"
        if count % 2:
            paper.stories[f"new {count}"] = self._story(n, 100 + count, title)
        else:
            paper.stories["0"] = paper.stories["0"].corrected(title)
        paper.print_on(self.site)
        self.changed[title] = n, time.time()

    def watch(self, feeds: Path, done: threading.Event) -> None:
        """Note when each change stands in all formats of its source's feed."""
        seen: dict[Path, int] = {}
        while not done.wait(_LOOK):
            for title in [each for each in list(self.changed) if each not in self.public]:
                paths = [feeds / "source" / f"p{self.changed[title][0]}.{suffix}" for suffix in FORMATS]
                moved = [path.stat().st_ino for path in paths]
                if [seen.get(path) for path in paths] == moved:
                    continue
                at = time.time()
                if all(title in path.read_text("utf-8") for path in paths):
                    self.public[title] = at
                seen.update(zip(paths, moved, strict=True))


def run() -> str:
    """The section of BENCHMARKS.md."""
    with (
        tempfile.TemporaryDirectory(prefix="dibao-latency-") as folder,
        Site() as site,
        product(Path(folder) / "product") as deployed,
    ):
        return _run(deployed, site).text()


def _run(deployed: Product, site: Site) -> Section:
    press = Press(site)
    press.found()
    stanzas = [source(f"p{n}", f"{site.url}/p{n}/", 'every = "1m"') for n in range(SOURCES)]
    deployed.configure(*stanzas, allow=[site.address])
    figures: list[Figure] = []
    with deployed.up():
        feeds = deployed.feeds / "source"
        expected = [feeds / f"p{n}.{suffix}" for n in range(SOURCES) for suffix in FORMATS]
        assert eventually(lambda: all(path.exists() for path in expected), 900), deployed.log()[-3000:]
        for changes, name in ((SOURCES // 10, "one in ten changes each minute"), (SOURCES, "each changes")):
            figures += _measured(deployed, press, changes, name)
    words = (
        f"`dibao up` polls {SOURCES} newspapers of {ARTICLES} articles every minute, the limiter off."
        "\nA change is timed from the beginning of its poll to all formats of its source's feed."
    )
    return Section("From a page to the public", words, figures)


def _measured(deployed: Product, press: Press, changes: int, name: str) -> list[Figure]:
    """Spread the polls over the minute, change so many newspapers each minute, and time what is found."""
    _spread(deployed.folder / "var" / "dibao.db")
    press.changed.clear()
    press.public.clear()
    done = threading.Event()
    watching = threading.Thread(target=press.watch, args=(deployed.feeds, done))
    watching.start()
    begun = time.time()
    for count in range(changes * MINUTES):
        while time.time() < begun + count * 60 / changes:
            time.sleep(0.01)
        press.change(count * 7919 % SOURCES)
    assert eventually(lambda: press.public.keys() == press.changed.keys(), 180), deployed.log()[-3000:]
    done.set()
    watching.join()
    seconds = sorted(_seconds(deployed, press, since=begun + 60))
    return [
        Figure(f"half of the changes, {name}", [_quantile(seconds, 0.5)], "s", "under 0.3 s"),
        Figure(
            f"99 in 100 of the changes, {name} ({len(seconds)} changes)",
            [_quantile(seconds, 0.99)],
            "s",
            "under 1 s",
        ),
    ]


def _spread(database: Path) -> None:
    """Have the next polls begin one after the other within a minute, as of sources added one by one."""
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": 30})
    with engine.begin() as connection:
        names = connection.scalars(select(tables.sources.c.id)).all()
        now = datetime.now(UTC)
        for n, name in enumerate(names):
            due = update(tables.sources).where(tables.sources.c.id == name)
            moment = now + timedelta(seconds=5 + n * 60 / len(names))
            connection.execute(due.values(next_check=moment))
    engine.dispose()


def _seconds(deployed: Product, press: Press, since: float) -> list[float]:
    polls: dict[int, list[tuple[float, float]]] = {}
    for event in deployed.events("source.polled"):
        ended = datetime.fromisoformat(event["timestamp"]).timestamp()
        polls.setdefault(int(event["source"][1:]), []).append((ended - event["seconds"], ended))
    found = []
    for title, (n, changed) in press.changed.items():
        if changed < since:
            continue
        public = press.public[title]
        begun = max(begun for begun, _ in polls[n] if begun < public)
        found.append(public - max(begun, changed))
    return found


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


if __name__ == "__main__":
    print(run())
