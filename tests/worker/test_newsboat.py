"""newsboat, the reader of many a terminal, subscribed to the published feeds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from bulletins.absences import TIMES
from tests.support.flow import house
from tests.support.newspaper import Newspaper, Story, words
from tests.support.product import Product, product, source
from tests.support.site import Site
from worker.store import open_store

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("newsboat") is None, reason="newsboat is not installed (Debian: apt install newsboat)"
    ),
]


@dataclass(frozen=True, slots=True)
class Newsboat:
    """A reader with a home of its own, subscribed to one feed."""

    home: Path

    def subscribe(self, feed: Path) -> None:
        self.home.mkdir()
        (self.home / "config").write_text("")
        (self.home / "urls").write_text(f"file://{feed}\n")

    def reload(self) -> int:
        """Fetch all feeds; how many articles are unread now."""
        said = self._run("reload", "print-unread")
        number, _, words = said.partition(" ")
        assert words.strip() == "unread articles", said
        return int(number)

    def read_all(self) -> None:
        with closing(sqlite3.connect(self.home / "cache.db")) as cache:
            cache.execute("UPDATE rss_item SET unread = 0")
            cache.commit()

    def items(self) -> list[tuple[str, str, str]]:
        """(guid, title, content) of everything that it lists."""
        with closing(sqlite3.connect(self.home / "cache.db")) as cache:
            return cache.execute(
                "SELECT guid, title, content FROM rss_item WHERE deleted = 0 ORDER BY id DESC"
            ).fetchall()

    def _run(self, *commands: str) -> str:
        done = subprocess.run(
            [
                "newsboat",
                *("-C", self.home / "config", "-u", self.home / "urls", "-c", self.home / "cache.db"),
                *("-x", *commands),
            ],
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Product]:
    with product(tmp_path / "product") as made:
        yield made


def test_newsboat_lists_what_is_published_and_nothing_twice(deployed: Product, tmp_path: Path) -> None:
    """Each feed in a newsboat of its own: one newsboat has an article once, in whichever feed it met last."""
    newspaper = Newspaper()
    unread = {"all.atom": 5, "all.rss": 5, "region/511800.atom": 2, "region/511826.rss": 1}
    readers = {name: Newsboat(tmp_path / name.replace("/", "-")) for name in unread}
    with Site() as site:
        newspaper.print_on(site)
        deployed.configure(source("paper", f"{site.url}/"), allow=[site.address])
        assert deployed.do("run")[0] == 0, deployed.log()
        for name, newsboat in readers.items():
            newsboat.subscribe(deployed.feeds / name)
            assert newsboat.reload() == unread[name]
            published = feedparser.parse((deployed.feeds / name).read_bytes()).entries
            assert [(guid, title) for guid, title, _ in newsboat.items()] == [
                (entry.id, entry.title) for entry in published
            ]
            assert all(content for *_, content in newsboat.items())
            newsboat.read_all()
        listed = {name: newsboat.items() for name, newsboat in readers.items()}

        assert deployed.do("run", "--source", "paper")[0] == 0
        assert {name: newsboat.reload() for name, newsboat in readers.items()} == dict.fromkeys(unread, 0)
        assert {name: newsboat.items() for name, newsboat in readers.items()} == listed

        # A correction is the article that one has, with other words; what is new is new once.
        stories = newspaper.stories | {
            "mingshan": newspaper.stories["mingshan"].corrected("名山区科协把课堂搬进茶园"),
            "late": Story("石棉县科协开讲", ("近日,雅安市石棉县科协开讲,座无虚席。 (周望舒)",)),
        }
        replace(newspaper, stories=stories).print_on(site)
        (poll,) = deployed.ask("run", "--source", "paper")["polls"]
        assert (poll["new"], poll["corrected"]) == (1, 1)
        new = {name: newsboat.reload() for name, newsboat in readers.items()}
        assert new == {"all.atom": 1, "all.rss": 1, "region/511800.atom": 1, "region/511826.rss": 0}
        before, after = (
            {guid: title for guid, title, _ in items}
            for items in (listed["region/511800.atom"], readers["region/511800.atom"].items())
        )
        assert before.keys() < after.keys()
        assert set(after.values()) - set(before.values()) == {"石棉县科协开讲", "名山区科协把课堂搬进茶园"}
        assert set(before.values()) - set(after.values()) == {"名山区科协 把茶园办成课堂"}


def _edition(n: int) -> dict[str, Story]:
    """Six articles of one piece and one of two; each of them news."""
    stories = {
        f"{n} {m}": Story(f"科协消息{n}之{m}", (f"这是第{n}期的第{m}条消息,{words(n * 10 + m, 120)}。",))
        for m in range(6)
    }
    parts = ("<strong>芦山县</strong>", f"{words(n * 10 + 7, 120)}。", "<strong>宝兴县</strong>")
    stories[f"{n} both"] = Story(f"两县消息{n}", (*parts, f"{words(n * 10 + 8, 120)}。"))
    return stories


def test_three_weeks_of_editions_are_each_unread_once(sqlite_url: str, tmp_path: Path) -> None:
    """Two editions a week, each read several times over: one article comes late, one is corrected, one moves,
    one is withdrawn and, every other time, returns."""
    store = open_store(sqlite_url)
    readers = [Newsboat(tmp_path / "atom"), Newsboat(tmp_path / "rss")]
    unread = [0, 0]
    newspaper = Newspaper(stories={})
    with Site() as site, house(store, site, tmp_path) as at_work:

        def poll(new: int = 0) -> None:
            newspaper.print_on(site)
            at_work.tick()
            for n, reader in enumerate(readers):
                found = reader.reload()
                assert found == new, (at_work.clock.at, reader.home.name)
                unread[n] += found
                reader.read_all()

        newspaper.stories = _edition(0)
        newspaper.print_on(site)
        at_work.tick()
        for reader in readers:
            reader.subscribe(at_work.public / "feeds" / f"all.{reader.home.name}")
            unread[readers.index(reader)] += reader.reload()
            reader.read_all()
        for n in range(6):
            if n:
                at_work.clock.at += timedelta(days=3 + n % 2)
                newspaper = Newspaper(at_work.clock.at.date(), 3600 + n, stories=_edition(n))
                poll(new=8)
            newspaper.stories["late"] = Story(f"迟来的消息{n}", (f"{words(n * 10 + 9, 120)}。",))
            poll(new=1)
            corrected = newspaper.stories[f"{n} 1"]
            newspaper.stories[f"{n} 1"] = replace(corrected, headline=f"{corrected.headline}(更正)")
            newspaper.stories[f"{n} 2 at last"] = newspaper.stories.pop(f"{n} 2")
            poll()
            gone = newspaper.stories.pop(f"{n} 3")
            for _ in range(TIMES):
                poll()
            assert at_work.lines.of("source.polled")[-1]["withdrawn"] == 1
            if n % 2:
                newspaper.stories[f"{n} 3"] = gone
                poll()
        total = 6 * 9
        assert unread == [total, total]
        titles = {item.title for item in at_work.items()}
        assert len(titles) == total - 3
        for reader in readers:
            listed = [title for _, title, _ in reader.items()]
            assert len(listed) == len({guid for guid, *_ in reader.items()})
            assert titles <= set(listed)
    store.dispose()
