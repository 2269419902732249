"""Feeds and lists of items come in reading order, windowed, and straight from an index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event

from bulletins.model import Absence, Change, ChangeKind, Item, WithdrawnBy
from feeds.scope import ALL, UNCLASSIFIED, FeedKey
from tests.worker.store import story
from tests.worker.store.story import HEADING, HEADLINE, HOUR, NOW
from worker.archive import Cursor, Walk
from worker.polls import Counts
from worker.store import SqlStore, migrate, open_store


def _names(items: Iterable[Item]) -> list[str]:
    return [item.id.rsplit("/", 1)[1] for item in items]


def _everything(store: SqlStore) -> list[str]:
    return _names(store.items(None, None, None, None))


def test_newest_first_then_source_page_position_section(store: SqlStore) -> None:
    told = [
        story.item("newest", on=2, page="9"),
        story.item("no-page", on=1, page=None),
        story.item("p3", on=1, page="3", position=7),
        story.item("p10-0-1", on=1, page="10", section=1),
        story.item("p10-0-2", on=1, page="10", section=2),
        story.item("p10-2", on=1, page="10", position=2),
        story.item("p10-10", on=1, page="10", position=10),
        story.item("pA01", on=1, page="A01"),
        story.item("pB", on=1, page="B"),
        story.item("oldest", on=0),
    ]
    story.bring(store, *reversed(told))
    order = [item.id.rsplit("/", 1)[1] for item in told]
    assert _everything(store) == order
    assert _names(store.feed_items(ALL, 50, 30, 500)) == order
    assert _names(store.items("510000", None, None, None)) == order
    story.bring(store, story.item("another-paper", source="other", on=1, page="99"))
    assert _everything(store) == [order[0], "another-paper", *order[1:]]


def test_items_are_found_by_region_column_and_source(store: SqlStore) -> None:
    story.bring(
        store,
        story.item("lushan", region="511826"),
        story.item("mingshan", region="511803", column=HEADLINE, position=1),
        story.item("mianyang", region="510700", position=2),
        story.item("nowhere", region=None, position=3),
    )
    story.bring(store, story.item("other", source="other", region="511826", position=4))

    def found(region: str | None = None, column: str | None = None, source: str | None = None) -> list[str]:
        return _names(store.items(region, column, source, None))

    assert found("511826") == ["other", "lushan"]
    assert found("511800") == ["other", "lushan", "mingshan"]
    assert found("510000") == ["other", "lushan", "mingshan", "mianyang"]
    assert found("110000") == []
    assert found(column=HEADLINE.slug) == ["mingshan"]
    assert found(column="none") == []
    assert found(source="other") == ["other"]
    assert found("511800", HEADING.slug, "paper") == ["lushan"]
    assert found() == ["other", "lushan", "mingshan", "mianyang", "nowhere"]
    assert _names(store.items(None, None, None, 2)) == ["other", "lushan"]
    assert _names(store.items("510000", None, None, 3)) == ["other", "lushan", "mingshan"]


def test_a_window_is_the_union_of_newest_days_and_edition(store: SqlStore) -> None:
    on_days = [item for day in range(6) for item in _edition(day, 3)]
    story.bring(store, *on_days)

    def window(items: int, days: int, cap: int = 500) -> list[str]:
        return _names(store.feed_items(ALL, items, days, cap))

    newest = [f"{day}-{n}" for day in range(5, -1, -1) for n in range(3)]
    assert window(1, 0) == newest[:3]  # a whole edition
    assert window(4, 0) == newest[:4]  # the newest items
    assert window(1, 2) == newest[:9]  # two days before the newest item, and their own
    assert window(4, 1) == newest[:6]
    assert window(100, 0) == newest
    assert window(100, 100, cap=7) == newest[:7]
    assert window(1, 0, cap=2) == newest[:2]
    assert window(1, 0, cap=0) == []


def _edition(day: int, items: int) -> list[Item]:
    return [story.item(f"{day}-{n}", on=day, position=n) for n in range(items)]


def test_the_newest_edition_is_whole_though_newer_items_have_none(store: SqlStore) -> None:
    dated_apart = replace(story.item("apart", on=1, position=9), edition=story.item("x", on=3).edition)
    online = story.item("online", source="other", on=9, edition=False)
    story.bring(store, *_edition(3, 2), *_edition(2, 2), dated_apart)
    story.bring(store, online)
    assert _names(store.feed_items(ALL, 1, 0, 500)) == ["online", "3-0", "3-1", "apart"]


def test_a_feed_without_editions_has_its_newest_items(store: SqlStore) -> None:
    story.bring(store, *[story.item(str(n), on=n, edition=False) for n in range(5)])
    assert _names(store.feed_items(ALL, 2, 0, 500)) == ["4", "3"]
    assert store.feed_items(UNCLASSIFIED, 2, 0, 500) == []


def test_the_catalogue_lists_every_feed(store: SqlStore) -> None:
    old, new = story.item("old", on=1), replace(story.item("new", on=2, region=None), updated=NOW + HOUR)
    story.bring(store, old, new)
    infos = {info.key: info for info in store.catalogue()}
    assert list(infos) == sorted(story.feeds(old) | story.feeds(new) | story.STANDING)
    assert infos[FeedKey.of(source="other")].updated is None
    assert (infos[ALL].items, infos[ALL].newest, infos[ALL].updated) == (2, story.day(2), NOW + HOUR)
    lushan = infos[FeedKey.of(region="511826")]
    assert (lushan.items, lushan.newest, lushan.updated) == (1, story.day(1), NOW)
    assert list(store.item_feeds(new.id)) == sorted(story.feeds(new))


def test_each_feed_knows_whose_items_it_holds(store: SqlStore) -> None:
    ours, theirs = story.item("a", region="511826"), story.item("b", source="other", region="511803")
    story.bring(store, ours)
    story.bring(store, theirs)
    sources = store.feed_sources()
    assert set(sources) == story.feeds(ours) | story.feeds(theirs) | story.STANDING
    assert sources[ALL] == sources[FeedKey.of(region="511800")] == {"paper", "other"}
    assert sources[FeedKey.of(region="511826")] == {"paper"}
    story.bring(store, ours, kind=ChangeKind.WITHDRAWN)
    assert store.feed_sources()[FeedKey.of(region="511800")] == {"other"}
    assert store.feed_sources()[FeedKey.of(region="511826")] == frozenset()
    # What may come next comes from here.
    assert store.feed_sources()[ALL] == store.feed_sources()[UNCLASSIFIED] == {"paper", "other"}
    assert store.feed_sources()[FeedKey.of(source="paper")] == {"paper"}


def test_heartbeats_are_the_newest(store: SqlStore) -> None:
    store.beat("beat", NOW)
    store.beat("worker", NOW)
    store.beat("beat", NOW + HOUR)
    assert store.heartbeats() == {"beat": NOW + HOUR, "worker": NOW}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A few thousand items over a few dozen regions."""
    url = f"sqlite:///{tmp_path_factory.mktemp('full')}/dibao.db"
    migrate(url)
    store = open_store(url)
    columns = (HEADING, HEADLINE)
    items = [
        story.item(f"{day}-{n}", on=day, position=n, region=f"5118{n % 30:02}", column=columns[n % 2])
        for day in range(60)
        for n in range(40)
    ]
    story.bring(store, *items)
    yield store
    store.dispose()


def _plans(act: Callable[[], object]) -> list[str]:
    """How SQLite would go about every statement that is executed meanwhile, a line for each step."""
    plans: list[str] = []

    def explain(
        connection: Connection, cursor: object, statement: str, parameters: tuple[object], *_: object
    ) -> None:
        if not statement.startswith(("BEGIN", "EXPLAIN")):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in rows)

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
    return plans


def _goes_through(plans: list[str]) -> set[str]:
    """Tables of which every row is looked at, and sorting that no index does."""
    scans = {match[1] for plan in plans if (match := re.match(r"SCAN (\w+)$", plan))}
    return scans | {plan for plan in plans if "TEMP B-TREE" in plan}


def _walk(store: SqlStore, keys: list[FeedKey], after: Cursor | None = None) -> Walk:
    return store.walk(keys, sources=("paper",), since=story.day(2), after=after, count=50)


@pytest.mark.slow
def test_the_hot_paths_go_straight_to_their_rows(full: SqlStore) -> None:
    county = FeedKey.of(region="511826")
    paths: list[tuple[str, Callable[[], object]]] = [
        ("ix_item_feeds_order", lambda: full.feed_items(ALL, 50, 30, 500)),
        ("ix_item_feeds_order", lambda: full.feed_items(county, 50, 30, 500)),
        ("ix_item_feeds_order", lambda: full.items("511826", None, None, 20)),
        ("ix_items_order", lambda: full.items(None, None, None, 20)),
        ("ix_items_source", lambda: full.items(None, None, "paper", 20)),
        ("ix_items_column", lambda: full.items(None, HEADING.slug, None, 20)),
        ("ix_item_feeds_order", lambda: _walk(full, [county, ALL])),
        ("ix_item_feeds_order", lambda: _walk(full, [county], Cursor(story.day(30), "paper"))),
        ("changes", lambda: full.changes(1_000, 100)),
        ("ix_item_feeds_item", lambda: full.item_feeds(story.item("1-1").id)),
        ("ix_tombstones_order", lambda: full.withdrawn(county, 50)),
        ("ix_clusters_cluster", lambda: full.cluster(story.item("1-1").id)),
        ("sqlite_autoindex_aliases_1", lambda: full.resolve(story.item("1-1").id)),
        ("sqlite_autoindex_items_1", lambda: full.item(story.item("1-1").id)),
        ("sqlite_autoindex_revisions_1", lambda: full.revisions(story.item("1-1").id)),
        ("ix_absences_source", lambda: full.lacking("paper")),
        ("ix_quarantine_state", full.quarantine),
    ]
    for index, act in paths:
        plans = _plans(act)
        assert any(index in plan for plan in plans), plans
        assert _goes_through(plans) == set(), plans
    for plan in _plans(lambda: (full.catalogue(), full.feed_sources())):
        assert "item" not in plan  # they read `feeds` and `feed_sources` alone
    assert "SCAN feeds USING INDEX sqlite_autoindex_feeds_1" in _plans(full.catalogue)


@pytest.mark.slow
def test_a_change_costs_no_walk_through_all_items(full: SqlStore) -> None:
    def change() -> None:
        with full.ingest(poll) as txn:
            assert txn is not None
            txn.held("paper", [item.link], [item.id])
            assert txn.similar(item)
            txn.aliases([item.id])
            assert txn.known(item.id)
            txn.corrections(item.id, NOW)
            assert txn.of_editions([item])
            txn.keep_absences("paper", [Absence(item.id, WithdrawnBy.LIST, "not listed", 1)])
            txn.absences("paper")
            txn.of_reading("paper", "none")
            txn.hold("paper", "some", "a storm", [item], {}, NOW)
            txn.alias({"tag:further": item.id})
            txn.join_cluster(item.id, story.item("30-2", on=30).id)
            txn.umbrella_items(HEADLINE.name)
            txn.apply(Change(item, ChangeKind.CORRECTED), story.feeds(item))
            txn.enlist(item, {FeedKey.of(column="feng-shou")})
            txn.finish(story.OK, Counts(), NOW, NOW, keep_validators=True, recheck=())
            txn.doubt("paper", [item.link], [item.link], NOW)

    item, poll = story.item("30-1", on=30), story.begin(full)
    plans = _plans(change)
    # `anon_…` are lists of values that a statement brings along.
    walked = {name for name in _goes_through(plans) if " " not in name and not name.startswith("anon_")}
    assert walked == {"counter"}
    assert any("sketches USING COVERING INDEX sqlite_autoindex_sketches_1 (hash=?)" in plan for plan in plans)


@pytest.mark.slow
def test_a_source_s_rows_are_found_without_a_walk(full: SqlStore) -> None:
    def ask() -> None:
        full.held_page("paper", "http://paper.test/")
        full.due_rechecks("paper", NOW)
        full.page("none", 0)
        full.pages("none")
        full.stuck(NOW)

    walked = _goes_through(_plans(ask))
    assert {name for name in walked if " " not in name} == set()
