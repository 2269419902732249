"""newsboat, the reader of many a terminal, subscribed to the published feeds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import feedparser
import pytest

from tests.support.newspaper import Newspaper, Story
from tests.support.product import Product, product, source
from tests.support.site import Site

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
