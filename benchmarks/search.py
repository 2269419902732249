"""How soon a search is answered, as a whole page, with a hundred thousand items stored."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote_plus, urlencode

from sqlalchemy import Engine, create_engine, text

from benchmarks import world
from benchmarks.report import Figure, Section
from benchmarks.world import World
from bulletins.regions import children, division
from feeds import site
from feeds.site.finder import spellings
from tests.support.postgres import running_postgres
from worker.config import Settings
from worker.store.migrations.versions import rev_0013_rooms
from worker.web.reading import Reading
from worker.web.searching import Searching

_QUERIES = 300
_VOCABULARY = 6_000  # words of two characters, the n-th of them 1/n as often as the first


class Language:
    """Words of two characters, as often as words of a language are."""

    def __init__(self) -> None:
        chance = random.Random(11)
        characters = [chr(0x4E00 + n) for n in range(3_000)]
        self.words = ["".join(chance.choices(characters, k=2)) for _ in range(_VOCABULARY)]
        total, self._often = 0.0, []
        for n in range(_VOCABULARY):
            total += 1 / (n + 1)
            self._often.append(total)

    def text(self, chance: random.Random, length: int) -> str:
        return "".join(chance.choices(self.words, cum_weights=self._often, k=length // 2))


def run() -> str:
    """The section of BENCHMARKS.md."""
    return _section(100_000).text()


def _section(items: int) -> Section:
    shared = Path("/dev/shm")  # noqa: S108  (a folder of one's own is made there)
    with (
        tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder,
        running_postgres() as server,
    ):
        figures, feeds = [], 0
        for name, url in (("SQLite", ""), ("PostgreSQL", server.url())):
            stored, more = _measured(Path(folder) / name, items, name, url)
            figures += more
            feeds = stored.feeds
    return Section(
        "Search",
        f"{_QUERIES} searches over {items:,} items of 500 characters in {feeds:,} feeds, each made"
        " into its page: words of two characters from the most frequent to the rarest, of four, two words at"
        " once, half of them narrowed by region, column, source or days; every tenth the name of a place, its"
        f" pinyin or its initials, looked up among {len(_divisions()):,} divisions.",
        figures,
    )


def _measured(folder: Path, items: int, name: str, url: str) -> tuple[World, list[Figure]]:
    language = Language()
    stored = world.make(folder, items=items, provinces=10, sources=100, text=language.text, url=url)
    size, seconds = _fill(stored)
    names = site.places(_divisions(), site.UNDATED).body
    searching = Searching(Reading(_settings(stored), stored.store), lambda: names)
    searching.page(b"")
    taken = []
    for query in _queries(stored, language):
        begun = time.perf_counter()
        searching.page(query)
        taken.append(((time.perf_counter() - begun) * 1000, query))
    stored.dispose()
    for slow, query in sorted(taken)[-5:]:
        print(f"{name}: {slow:.0f} ms for {unquote_plus(query.decode())}", file=sys.stderr)
    centiles = statistics.quantiles([each for each, _ in taken], n=100)
    return stored, [
        Figure(f"{name}: half of the searches", [centiles[49]], "ms"),
        Figure(f"{name}: 95 % of the searches", [centiles[94]], "ms", "< 100 ms"),
        Figure(f"{name}: the slowest search", [max(taken)[0]], "ms"),
        Figure(f"{name}: the index", [size / 2**20], "MiB"),
        Figure(f"{name}: making it of what is stored", [seconds], "s"),
    ]


def _fill(stored: World) -> tuple[int, float]:
    """Make the index, as the migration does; by how many bytes the database grows, and the seconds."""
    engine = create_engine(stored.url)
    before, begun = _size(engine), time.perf_counter()
    with engine.begin() as connection:
        rev_0013_rooms.fill(connection)
    seconds = time.perf_counter() - begun
    after = _size(engine)
    if engine.dialect.name == "postgresql":  # as its autovacuum does after a while
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return after - before, seconds


def _size(engine: Engine) -> int:
    """Bytes."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return Path(str(engine.url.database)).stat().st_size


def _queries(stored: World, language: Language) -> Iterator[bytes]:
    chance = random.Random(3)
    for n in range(_QUERIES):
        word = language.words[min(int(chance.paretovariate(0.35)), _VOCABULARY) - 1]
        other = language.words[chance.randrange(200)]
        asked = {"q": (word, word + other, f"{word} {other}", f"{word},{other}")[n % 4]}
        if n % 10 == 4:
            place = division(chance.choice(_divisions()))
            asked = {"q": chance.choice(spellings(place.name).split()) if place else ""}
        if n % 8 == 1:
            asked["region"] = chance.choice(stored.counties)
        if n % 8 == 3:
            asked["column"] = "di-fang-ke-xie"
        if n % 8 == 5:
            asked["source"] = chance.choice(stored.sources)
        if n % 8 == 7:
            asked |= {"since": "2020-01-01", "until": "2024-06-30"}
        yield urlencode(asked).encode()


@cache
def _divisions() -> tuple[str, ...]:
    """The codes of all divisions: as if every one of them had news."""
    found: list[str] = []
    below: list[str | None] = [None]
    while below:
        parts = [one.code for one in children(below.pop())]
        found += parts
        below += parts
    return tuple(found)


def _settings(stored: World) -> Settings:
    sources = tuple({"id": name, "name": name, "url": f"http://{name}.example/"} for name in stored.sources)
    return Settings.model_validate({"service": {"public_dir": stored.public}, "sources": sources})


if __name__ == "__main__":
    print(_section(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000).text())
