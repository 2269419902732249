"""What rendering and publishing feeds costs: after news, with more stored, with more feeds, in memory."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import world
from benchmarks.report import Figure, Section, ratios
from benchmarks.world import World
from feeds import compose, fragments, render
from feeds.scope import FeedKey, roll_up
from worker.flow import archives, itempages
from worker.flow import feeds as feed_flow
from worker.flow import publish as publishing
from worker.flow.feeds import Frame

_ROUNDS = 4
_START = """
import sys, time
begun = time.perf_counter()
from worker.store import migrate, open_store
from feeds.scope import ALL
migrate(sys.argv[1])
store = open_store(sys.argv[1])
store.check()
store.sources(), store.marks(500), store.catalogue()
store.window(ALL, 50, 30, 500, ("rss", "atom"), lambda source, suffix: "")
print(time.perf_counter() - begun)
"""


def run() -> str:
    """The section of BENCHMARKS.md."""
    # In memory where there is such a place: other programs' use of the disk is not what is measured.
    shared = Path("/dev/shm")  # noqa: S108  (a folder of one's own is made there)
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        return _run(Path(folder)).text()


def _run(folder: Path) -> Section:
    base = world.make(folder / "base", items=10_000, provinces=1, sources=10)
    stored = world.make(folder / "stored", items=100_000, provinces=1, sources=10)
    feeds = world.make(folder / "feeds", items=100_000, provinces=10, sources=100)
    worlds = (base, stored, feeds)
    for each in worlds:
        _warm(each, base.counties, base.sources)
    taken: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        taken.setdefault(name, []).append(seconds)

    touched = 0
    for n in range(_ROUNDS):
        touched = len(_news(base, base, 20, n, "base", note))
        _news(stored, base, 20, n, "stored", note)
        _news(feeds, base, 20, n, "feeds", note)
        _news(base, base, 80, n, "four", note)
        note("rebuilt", _timed(_rebuilt, base))
        note("quiet", _timed(publishing.publish, base.ports))
    starts = [_start(stored.url) for _ in range(_ROUNDS)]
    figures = [
        Figure("rendering all feeds with feedgen", _ms(taken["rendering"]), "ms"),
        Figure("rendering the new items, and joining the touched feeds", _ms(taken["joining"]), "ms"),
        ratios("the first by the second", taken["rendering"], taken["joining"], "at least 60 ×"),
        Figure("all feeds rebuilt, from the store to bytes", _ms(taken["rebuilt"]), "ms"),
        Figure("the touched feeds, from the store through every check to bytes", _ms(taken["base"]), "ms"),
        ratios("the first by the second", taken["rebuilt"], taken["base"], ""),
        Figure("the same with the files written, gzip and brotli included", _ms(taken["written"]), "ms"),
        ratios("with ten times the stored items", taken["stored"], taken["base"], "at most 1.2 ×"),
        ratios("with ten times the feeds", taken["feeds"], taken["base"], "at most 1.2 ×"),
        ratios("with four times the new items", taken["four"], taken["base"], "at most 4 ×"),
        Figure("archives of the touched feeds brought up to date", _ms(taken["archives"]), "ms"),
        Figure("pages of the new items", _ms(taken["items"]), "ms"),
        Figure("pages and lists brought up to date", _ms(taken["pages"]), "ms"),
        Figure("a publication without news", _ms(taken["quiet"]), "ms"),
        Figure("peak memory to write one feed, by its output", _memory(base), "×", "at most 2.5 ×"),
        Figure("start with 100,000 stored items", starts, "s", "under 2 s"),
    ]
    words = (
        f"{base.feeds} feeds of 50 entries in RSS and Atom, 10,000 items stored, or 100,000;"
        f" {feeds.feeds:,} feeds in the largest.\n20 new items touch {touched} feeds. An item has"
        " five paragraphs of a hundred characters."
    )
    for each in worlds:
        each.dispose()
    return Section("Feeds", words, figures)


def _news(
    where: World, like: World, count: int, n: int, name: str, note: Callable[[str, float], None]
) -> Sequence[FeedKey]:
    """So many new items, the same in every world: of the counties and sources of `like`."""
    keys = world.bring(where, count, like.counties, like.sources, n * 10 + len(name))
    if name == "base":
        _rendering(where, keys, note)
    note(name, _timed(_checked, where, keys))
    if name == "base":
        note("written", _timed(_written, where, keys))
        note("archives", _timed(archives.publish, where.ports))
        note("items", _timed(itempages.publish, where.ports))
        note("pages", _timed(publishing.publish, where.ports))
    _forget(where)
    return keys


def _forget(where: World) -> None:
    where.store.clear(where.store.marks(100_000))
    where.store.clear_items(where.store.item_marks(100_000))
    where.store.clear_archives(where.store.archive_marks(world.TODAY, 1_000_000), world.TODAY)


def _warm(where: World, counties: Sequence[str], sources: Sequence[str]) -> None:
    """Publish once what the news will touch: what is kept afterwards is what a running deployment has."""
    world.bring(where, 1, counties[:1], sources[:1], 900)
    regions = {code for county in counties for code in roll_up(county)}
    touched = [
        info.key
        for info in where.store.catalogue()
        if (info.key.region or "") in {*regions, ""} and (info.key.source or sources[0]) in sources
    ]
    _written(where, touched)
    _forget(where)


def _documents(where: World, keys: Sequence[FeedKey]) -> Iterator[render.Document]:
    frame = feed_flow.frame(where.ports)
    for key in keys:
        made = feed_flow.documents(where.ports, key, frame)
        if isinstance(made, feed_flow.HeldBack):
            raise SystemExit(f"{made.path} is held back: {made.reason}")
        yield from made


def _checked(where: World, keys: Sequence[FeedKey]) -> None:
    """What publishing does of feeds before it writes: windows, fragments of what is new, joining, checks."""
    for _ in _documents(where, keys):
        pass


def _written(where: World, keys: Sequence[FeedKey]) -> None:
    """The same once more, and the files written, plain, as gzip and as brotli."""
    where.ports.publisher.write(_documents(where, keys))


def _rendering(where: World, keys: Sequence[FeedKey], note: Callable[[str, float], None]) -> None:
    """Rendering alone, of what the store has given: every feed whole with feedgen; and the new items'
    fragments with feedgen, and the touched feeds joined from all fragments."""
    ports, frame = where.ports, feed_flow.frame(where.ports)
    rules, made = ports.rules, frame.made_from
    windows = [ports.store.window(key, 50, 1, feed_flow.MOST, rules.formats, made) for key in keys]
    new = {entry.id: entry.item for window in windows for entry in window.entries if entry.item}
    assert len(new) >= 20, "nothing was new"
    begun = time.perf_counter()
    fresh = {
        (item.id, suffix): fragments.render(item, rules.sources[item.source], suffix, rules.base_url)
        for item in new.values()
        for suffix in rules.formats
    }
    for key, window in zip(keys, windows, strict=True):
        pieces = {
            suffix: [entry.fragments.get(suffix) or fresh[entry.id, suffix] for entry in window.entries]
            for suffix in rules.formats
        }
        render.joined(feed_flow.head(ports, key, window, frame), pieces)
    note("joining", time.perf_counter() - begun)
    feeds = [_composed(where, info.key, frame) for info in where.store.catalogue() if info.items]
    note("rendering", _timed(lambda: [render.documents(feed, rules.formats) for feed in feeds]))


def _composed(where: World, key: FeedKey, frame: Frame) -> compose.Feed:
    rules = where.ports.rules
    items = where.store.feed_items(key, 50, 1, feed_flow.MOST)
    assert len(items) >= 50, (key, len(items))
    return compose.compose(key, items, base_url=rules.base_url, columns=frame.names, sources=frame.sources)


def _rebuilt(where: World) -> None:
    """Every feed from the store to bytes, rendered whole."""
    frame = feed_flow.frame(where.ports)
    for info in (one for one in where.store.catalogue() if one.items):
        render.documents(_composed(where, info.key, frame), where.ports.rules.formats)


def _memory(where: World) -> list[float]:
    """Bytes that Python has allocated at the most while a feed is written, by those of its documents."""
    ports = where.ports
    found = []
    for info in where.store.catalogue()[: _ROUNDS * 40 : 40]:
        size = 0
        for suffix in ports.rules.formats:
            path = where.public / f"feeds/{info.key.path}.{suffix}"
            size += path.stat().st_size
            path.unlink()
        gc.collect()
        tracemalloc.start()
        ports.publisher.write(_documents(where, [info.key]))
        found.append(tracemalloc.get_traced_memory()[1] / size)
        tracemalloc.stop()
    return found


def _start(url: str) -> float:
    done = subprocess.run([sys.executable, "-c", _START, url], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _timed(work: Callable[..., object], *args: object) -> float:
    begun = time.perf_counter()
    work(*args)
    return time.perf_counter() - begun


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1000 * each for each in seconds]
