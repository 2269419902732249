"""What is rendered of an item is kept as long as it is true of the item, and found with its feed's window."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins.model import ChangeKind, Item
from feeds.scope import ALL, FeedKey
from tests.worker.store import story
from tests.worker.store.story import DAY
from worker.feedstore import Kept, Placed
from worker.store import SqlStore, open_store

FORMATS = ("rss", "atom")


def made(source: str, suffix: str) -> str:
    return f"{source} in {suffix}"


def kept(item: Item, suffix: str, body: bytes = b"x") -> Kept:
    return Kept(item, suffix, made(item.source, suffix), body)


def entries(store: SqlStore, key: FeedKey = ALL, formats: Sequence[str] = FORMATS) -> Sequence[Placed]:
    return store.window(key, 50, 30, 500, formats, made).entries


def test_a_window_comes_with_what_is_kept_and_with_the_items_of_which_something_is_not(
    store: SqlStore,
) -> None:
    one, two = story.item("one", on=1), story.item("two")
    story.bring(store, one, two)
    assert [(entry.id, entry.fragments, entry.item) for entry in entries(store)] == [
        (one.id, {}, one),
        (two.id, {}, two),
    ]
    store.keep_fragments([kept(one, "rss", b"1r"), kept(one, "atom", b"1a"), kept(two, "rss", b"2r")])
    assert [(entry.fragments, entry.item) for entry in entries(store)] == [
        ({"rss": b"1r", "atom": b"1a"}, None),
        ({"rss": b"2r"}, two),
    ]
    assert [entry.item for entry in entries(store, formats=("rss",))] == [None, None]
    assert [(entry.source, entry.published, entry.updated) for entry in entries(store)] == [
        (one.source, one.published, one.updated),
        (two.source, two.published, two.updated),
    ]


def test_a_fragment_made_from_something_else_is_not_used(store: SqlStore) -> None:
    one = story.item("one")
    story.bring(store, one)
    store.keep_fragments([Kept(one, "rss", "an older renderer", b"old")])
    assert [(entry.fragments, entry.item) for entry in entries(store, formats=("rss",))] == [({}, one)]
    store.keep_fragments([kept(one, "rss", b"new")])
    assert [entry.fragments for entry in entries(store, formats=("rss",))] == [{"rss": b"new"}]


def test_a_change_takes_what_was_rendered_away(store: SqlStore) -> None:
    one = story.item("one")
    story.bring(store, one)
    store.keep_fragments([kept(one, "rss", b"old")])
    corrected = replace(one, title="更正", digest="another")
    story.bring(store, corrected, kind=ChangeKind.CORRECTED)
    assert [(entry.fragments, entry.item) for entry in entries(store)] == [({}, corrected)]


def test_what_was_rendered_of_an_older_item_comes_too_late(store: SqlStore) -> None:
    one = story.item("one")
    story.bring(store, one)
    corrected = replace(one, title="更正", digest="another")
    story.bring(store, corrected, kind=ChangeKind.CORRECTED)
    store.keep_fragments([kept(one, "rss", b"of what it was"), kept(corrected, "atom", b"of what it is")])
    assert [entry.fragments for entry in entries(store)] == [{"atom": b"of what it is"}]


def test_it_is_known_which_items_have_left_a_feed(store: SqlStore) -> None:
    stays, moves, goes = story.item("stays"), story.item("moves"), story.item("goes")
    story.bring(store, stays, moves, goes)
    elsewhere = story.item("moves", region="511803")
    story.bring(store, elsewhere, kind=ChangeKind.CORRECTED)
    story.bring(store, goes, kind=ChangeKind.WITHDRAWN)
    ids = [stays.id, moves.id, goes.id, "tag:paper.test,2026:paper/never-stored"]
    assert set(store.left(FeedKey.of(region="511826"), ids)) == {moves.id, goes.id}
    assert set(store.left(ALL, ids)) == {goes.id}


def _window(items: Sequence[Item], count: int, days: int, cap: int) -> list[str]:
    """What a window is, by its definition, over everything there is."""
    ordered = sorted(items, key=lambda item: (-item.published.timestamp(), item.position))
    newest = ordered[0].published
    edition = next((item.edition for item in ordered[:cap] if item.edition), None)
    chosen = [
        item.id
        for n, item in enumerate(ordered)
        if n < count or item.published >= newest - days * DAY or (edition and item.edition == edition)
    ]
    return chosen[:cap]


@given(
    told=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()), min_size=1, max_size=25),
    count=st.integers(1, 8),
    days=st.integers(0, 6),
    cap=st.integers(8, 30),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_window_is_what_its_definition_says(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[int, int, bool]],
    count: int,
    days: int,
    cap: int,
) -> None:
    path = tmp_path_factory.mktemp("window") / "dibao.db"
    shutil.copyfile(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    items = [
        replace(
            story.item(f"{n:02}", on=on, position=n, edition=has),
            edition=story.item("x", on=edition).edition if has else None,
        )
        for n, (on, edition, has) in enumerate(told)
    ]
    story.bring(store, *items)
    expected = _window(items, count, days, cap)
    assert [item.id for item in store.feed_items(ALL, count, days, cap)] == expected
    assert [entry.id for entry in store.window(ALL, count, days, cap, FORMATS, made).entries] == expected
    store.dispose()
