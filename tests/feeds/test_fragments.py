from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from bulletins.model import Content, Item
from feeds import fragments
from feeds.compose import Tombstone, compose
from feeds.render import documents, joined
from feeds.scope import ALL
from tests.feeds import making
from tests.feeds.conftest import BASE, COLUMNS, NOW, SOURCE, SOURCES, item

FORMATS = ("rss", "atom", "json")
STONES = (Tombstone("tag:dibao.example,2026:paper/a0", NOW, "撤稿"), Tombstone("tag:x,2026:b", NOW))


def kept(items: list[Item]) -> dict[str, list[bytes]]:
    return {
        suffix: [fragments.render(each, SOURCES.get(each.source), suffix, BASE) for each in items]
        for suffix in FORMATS
    }


@given(making.items)
def test_a_feed_joined_from_fragments_is_the_feed_rendered_whole(items: list[Item]) -> None:
    feed = compose(
        ALL,
        items,
        base_url=BASE,
        columns=COLUMNS,
        sources=SOURCES,
        tombstones=STONES[: len(items) % 3],
        archive="2026-03" if len(items) % 2 else "",
    )
    assert joined(replace(feed, items=()), kept(items)) == documents(feed, FORMATS)


def test_so_are_the_worst_items_that_pages_have_held() -> None:
    items = list(making.WORST.values())
    feed = compose(ALL, items, base_url=BASE, columns=COLUMNS, sources=SOURCES)
    assert joined(replace(feed, items=()), kept(items)) == documents(feed, FORMATS)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_fragment_follows_from_what_it_was_made_from(suffix: str) -> None:
    made = fragments.made_from(suffix, SOURCE, BASE)
    others = [
        fragments.made_from("rss" if suffix != "rss" else "atom", SOURCE, BASE),
        fragments.made_from(suffix, replace(SOURCE, name="另一家"), BASE),
        fragments.made_from(suffix, replace(SOURCE, url="http://other.example/"), BASE),
        fragments.made_from(suffix, replace(SOURCE, content=Content.LINK), BASE),
        fragments.made_from(suffix, None, BASE),
        fragments.made_from(suffix, SOURCE, "https://moved.example"),
    ]
    assert len({made, *others}) == 1 + len(others)
    # what does not show in a fragment does not make it out of date
    assert fragments.made_from(suffix, replace(SOURCE, every=timedelta(hours=1)), BASE) == made


@pytest.mark.parametrize("suffix", FORMATS)
def test_two_renders_are_the_same_bytes(suffix: str) -> None:
    assert fragments.render(item(), SOURCE, suffix, BASE) == fragments.render(item(), SOURCE, suffix, BASE)
