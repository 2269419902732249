"""Bodies that were being read when a worker died."""

from __future__ import annotations

from datetime import timedelta

from tests.worker.store.story import HOUR, NOW
from worker.store import SqlStore


def test_deaths_are_counted_by_body_and_parser(store: SqlStore) -> None:
    for _ in range(2):
        store.suspect("a", 1, NOW)
    store.suspect("a", 2, NOW)
    store.suspect("b", 1, NOW)
    assert store.deadly({"a", "b", "c"}, 1, 2) == {"a": NOW}
    assert store.deadly({"a", "b"}, 2, 2) == {}
    assert store.deadly({"b"}, 1, 2) == {}
    assert store.deadly({"a", "b"}, 1, 1).keys() == {"a", "b"}


def test_whoever_is_acquitted_is_forgotten(store: SqlStore) -> None:
    store.suspect("a", 1, NOW)
    store.acquit("a", 1)
    store.suspect("a", 1, NOW + HOUR)
    assert store.deadly({"a"}, 1, 1) == {"a": NOW + HOUR}
    assert store.deadly({"a"}, 1, 2) == {}


def test_what_was_long_ago_is_tried_again(store: SqlStore) -> None:
    store.suspect("a", 1, NOW)
    store.suspect("b", 1, NOW + timedelta(days=91))
    assert store.deadly({"a", "b"}, 1, 1).keys() == {"b"}
