"""A made-up country of newspapers in a database: how many items and feeds in, a deployment to measure out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, delete, insert, update

from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Column,
    ColumnKind,
    Edition,
    Item,
    PageNo,
    PollStatus,
    Precision,
    Region,
    Role,
    Source,
    Verdict,
)
from bulletins.regions import division
from feeds.render.archive import month_of
from feeds.scope import FeedKey, keys_of
from worker.log import logger
from worker.polls import Counts
from worker.ports import Ports, Rules
from worker.publish import DiskPublisher
from worker.store import SqlStore, codec, feedtables, migrate, open_store
from worker.store import tables as t
from worker.store.upsert import upsert
from worker.wiring import SystemClock

TODAY = datetime(2026, 8, 1, 16, tzinfo=UTC)  # midnight of the 2nd in China
_A_DAY = 20  # items
WORDS = "县科协组织科技人员深入田间地头为农民讲解果树剪枝病虫害防治和测土配方施肥技术现场发放资料解答疑问"
_COLUMNS = [
    Column(name, slug, ColumnKind.HEADING)
    for name, slug in (
        ("地方科协", "di-fang-ke-xie"),
        ("科普讲堂", "ke-pu-jiang-tang"),
        ("农技园地", "nong-ji-yuan-di"),
        ("健康生活", "jian-kang-sheng-huo"),
        ("青少年", "qing-shao-nian"),
        ("要闻", "yao-wen"),
        ("科技前沿", "ke-ji-qian-yan"),
    )
]


@dataclass(frozen=True, slots=True)
class World:
    """`counties` by code, each under its prefecture and province; `sources` by id."""

    ports: Ports
    store: SqlStore
    url: str
    counties: Sequence[str]
    sources: Sequence[str]
    feeds: int
    public: Path

    def dispose(self) -> None:
        self.store.dispose()


def counties(provinces: int) -> list[str]:
    """Three counties in each of seven prefectures of each of so many provinces."""
    found: list[str] = []
    for province in ("51", "43", "37", "41", "13", "42", "44", "34", "36", "33")[:provinces]:
        prefectures = [f"{province}{n:02}" for n in range(1, 40) if division(f"{province}{n:02}00")]
        whole = [
            (prefecture, parts)
            for prefecture in prefectures
            if len(parts := [f"{prefecture}{n:02}" for n in range(2, 99) if division(f"{prefecture}{n:02}")])
            >= 3
        ]
        found += [code for _, parts in whole[:7] for code in parts[:3]]
    return found


Text = Callable[[random.Random, int], str]  # so many characters


def noise(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(WORDS, k=length))


def item(number: int, day: int, county: str, source: str, chance: random.Random, text: Text = noise) -> Item:
    """The item `number` of `day` days ago: five paragraphs of a hundred characters each."""
    place = division(county)
    assert place is not None
    blocks = tuple(Block(BlockKind.PARAGRAPH, text(chance, 99) + "。") for _ in range(5))
    published = TODAY - timedelta(days=day)
    region = Region(county, place.path, "title")
    return Item(
        id=f"tag:bench.example,2026:{source}/{number:07x}",
        source=source,
        title=f"{place.path[-1]}{text(chance, 16)}",
        link=f"http://{source}.example/{number:07x}",
        published=published,
        precision=Precision.DAY,
        first_seen=published,
        updated=published + timedelta(microseconds=number % 1_000_000),
        blocks=blocks,
        authors=(Author("周小满", Role.REPORTER),),
        region=region,
        regions=(region,),
        column=chance.choice(_COLUMNS),
        edition=Edition(9000 - day, published.date()),
        page=PageNo("3", "科协之窗"),
        position=number % _A_DAY,
        digest=f"{number:064x}",
    )


def make(
    folder: Path, *, items: int, provinces: int, sources: int, text: Text = noise, url: str = ""
) -> World:
    """A deployment with so many items stored, its feeds' windows 50 entries each; in SQLite, unless a `url`
    names an empty database. Items are inserted in bulk: what they cost to ingest is not measured here."""
    folder.mkdir(parents=True)
    (folder / "public").mkdir()
    url = url or f"sqlite:///{folder / 'dibao.db'}"
    migrate(url)
    store = open_store(url)
    made = {
        f"paper-{n}": Source(
            f"paper-{n}", f"第{n}科技报", f"http://paper-{n}.example/", every=timedelta(hours=1)
        )
        for n in range(sources)
    }
    store.sync_sources(list(made.values()), TODAY)
    places = counties(provinces)
    feeds = _fill(url, items, places, list(made), text)
    rules = Rules(
        sources=made,
        authority="bench.example,2026",
        base_url="https://bench.example",
        formats=("rss", "atom"),
        window_items=50,
        window_days=1,
        lease=timedelta(seconds=30),
        named_columns=frozenset(column.name for column in _COLUMNS),
    )
    publisher = DiskPublisher(folder / "public", folder / "lock")
    nothing: Any = None  # publishing asks none of these
    ports = Ports(
        rules,
        store,
        nothing,
        nothing,
        publisher,
        nothing,
        SystemClock(),
        logger(),
        store.notices,
        nothing,
        store.alarms,
        nothing,
    )
    return World(ports, store, url, places, list(made), feeds, folder / "public")


def _fill(url: str, count: int, places: Sequence[str], sources: Sequence[str], text: Text) -> int:
    engine = create_engine(url)
    feeds: Counter[str] = Counter()
    updated: dict[str, datetime] = {}
    given: Counter[tuple[str, str]] = Counter()
    months: set[tuple[str, str]] = set()
    with engine.begin() as connection:
        sqlite = engine.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica"
        )
        for batch in _batches(count, places, sources, text):
            rows, members, entries = [], [], []
            for number, one in batch:
                rows.append(codec.item_row(one, codec.LIVE))
                month = month_of(one.updated)
                for key in keys_of(one, one.column):
                    feeds[key.path] += 1
                    updated[key.path] = one.updated  # items come oldest first
                    given[key.path, one.source] += 1
                    months.add((key.path, month))
                    place = {
                        "published": one.published,
                        "place": codec.place(one),
                        "edition": codec.edition_key(one),
                    }
                    members.append({"feed": key.path, "item": one.id} | place)
                    entry = {"seq": number, "kind": "new", "reason": "", "at": one.updated, "month": month}
                    entries.append({"feed": key.path, "item": one.id} | entry)
            connection.execute(insert(t.items), rows)
            connection.execute(insert(t.item_feeds), members)
            connection.execute(insert(feedtables.archive_items), entries)
        connection.execute(delete(t.feed_marks))  # of the feeds that stand before any item
        upsert(
            connection,
            t.feeds,
            [{"key": key, "items": n, "newest": TODAY, "updated": updated[key]} for key, n in feeds.items()],
        )
        connection.execute(
            insert(t.feed_sources), [{"feed": f, "source": s, "items": n} for (f, s), n in given.items()]
        )
        connection.execute(
            insert(feedtables.archives), [{"feed": feed, "month": month} for feed, month in sorted(months)]
        )
        connection.execute(
            insert(t.columns),
            [{"owner": "", "name": c.name, "slug": c.slug, "kind": c.kind} for c in _COLUMNS],
        )
        connection.execute(update(t.counter).values(mark=count))
    engine.dispose()
    return len(feeds)


def _batches(
    count: int, places: Sequence[str], sources: Sequence[str], text: Text
) -> Iterator[list[tuple[int, Item]]]:
    chance = random.Random(7)
    for start in range(0, count, 1000):
        yield [
            (
                n,
                item(
                    n,
                    1 + (count - n) // _A_DAY,
                    places[n % len(places)],
                    sources[n % len(sources)],
                    chance,
                    text,
                ),
            )
            for n in range(start, min(start + 1000, count))
        ]


def bring(
    world: World, count: int, places: Sequence[str], sources: Sequence[str], seed: int
) -> list[FeedKey]:
    """Ingest so many new items of today; the feeds that are marked."""
    chance = random.Random(seed)
    poll = world.store.lease_named(world.sources[0], TODAY, TODAY + timedelta(hours=1))
    assert poll is not None
    world.store.open_poll(poll, world.sources[0], TODAY, TODAY + timedelta(hours=1))
    with world.store.ingest(poll) as txn:
        assert txn is not None
        for n in range(count):
            number = 0xA000000 + seed * 1000 + n
            one = item(number, 0, places[n % len(places)], sources[n % len(sources)], chance)
            txn.apply(Change(one, ChangeKind.NEW), keys_of(one, one.column))
        txn.finish(Verdict(PollStatus.OK), Counts(), TODAY, TODAY, keep_validators=False, recheck=())
    return [mark.key for mark in world.store.marks(100_000)]
