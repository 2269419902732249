from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from bulletins.model import Item
from feeds.compose import compose
from feeds.render import checks, documents
from feeds.scope import ALL
from tests.feeds import making
from tests.feeds.conftest import BASE, COLUMNS, SOURCES, item

FORMATS = ("rss", "atom", "json")
every_format = pytest.mark.parametrize("suffix", FORMATS)
NEWEST_FIRST = [item(n, published=item().published - timedelta(days=n)) for n in range(1, 7)]
SEAMS = {
    "rss": (b"    </item>\n", b"    <item>\n"),
    "atom": (b"  </entry>\n", b"  <entry>\n"),
    "json": (b"\n  },", b"\n  {\n"),
}


def body(items: list[Item], suffix: str) -> bytes:
    hubs = ("https://hub.example/",)  # which JSON Feed lists as objects too
    feed = compose(ALL, items, base_url=BASE, columns=COLUMNS, sources=SOURCES, hubs=hubs)
    return documents(feed, [suffix])[0].body


def faults(
    new: list[Item], old: list[Item], suffix: str, window: int = 6, left: Collection[str] = ()
) -> list[str]:
    return checks.faults(
        body(new, suffix),
        suffix,
        ids=[each.id for each in new],
        before=body(old, suffix) if old else b"",
        window=window,
        left=lambda ids: set(ids) & set(left),
    )


@every_format
def test_good_documents_have_no_faults(suffix: str) -> None:
    worst = list(making.WORST.values())
    assert faults(worst, [], suffix) == []
    assert faults(worst, worst, suffix) == []
    assert faults([], [], suffix) == []
    assert faults(NEWEST_FIRST[:1], [], suffix) == []
    assert faults(NEWEST_FIRST, NEWEST_FIRST[2:], suffix) == []  # it grows
    corrected = [replace(NEWEST_FIRST[0], title="更正"), *NEWEST_FIRST[1:]]
    assert faults(corrected, NEWEST_FIRST, suffix) == []


@every_format
@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("which", [0, 1])
def test_a_seam_broken_anywhere_is_seen(suffix: str, at: int, which: int) -> None:
    """Also where every entry is the one that was published before, byte for byte."""
    whole = body(NEWEST_FIRST, suffix)
    seam = SEAMS[suffix][which]
    start = -1
    for _ in range(at + 1):
        start = whole.index(seam, start + 1)
    broken = whole[:start] + whole[start + len(seam) :]
    ids = [each.id for each in NEWEST_FIRST]
    assert checks.faults(broken, suffix, ids=ids, before=whole)
    assert checks.faults(broken, suffix, ids=ids)


@every_format
def test_a_document_cut_short_is_seen(suffix: str) -> None:
    whole = body(NEWEST_FIRST, suffix)
    ids = [each.id for each in NEWEST_FIRST]
    for end in (0, 100, len(whole) // 2, len(whole) - 3):
        assert checks.faults(whole[:end], suffix, ids=ids, before=whole), end


@every_format
def test_what_stands_between_entries_is_read_too(suffix: str) -> None:
    whole = body(NEWEST_FIRST, suffix)
    seam = SEAMS[suffix][0]
    at = whole.index(seam) + len(seam)
    ids = [each.id for each in NEWEST_FIRST]
    assert checks.faults(whole[:at] + b"<<}{" + whole[at:], suffix, ids=ids, before=whole)


@every_format
def test_an_id_stands_once_and_the_entries_are_those_meant(suffix: str) -> None:
    twice = [*NEWEST_FIRST, NEWEST_FIRST[0]]
    assert faults(twice, [], suffix) == ["an id stands twice"]
    whole = body(NEWEST_FIRST, suffix)
    other = [each.id for each in reversed(NEWEST_FIRST)]
    assert checks.faults(whole, suffix, ids=other) == ["its entries are not those that it was to have"]


@every_format
def test_a_date_that_moves_is_seen(suffix: str) -> None:
    moved = [*NEWEST_FIRST[:-1], replace(NEWEST_FIRST[-1], published=NEWEST_FIRST[0].published)]
    (fault,) = faults(moved, NEWEST_FIRST, suffix)
    assert fault.startswith(f"{NEWEST_FIRST[-1].id} was published ")


@every_format
def test_an_unchanged_item_under_another_id_is_seen(suffix: str) -> None:
    renamed = [replace(NEWEST_FIRST[0], id="tag:dibao.example,2026:other/1"), *NEWEST_FIRST[1:]]
    assert faults(renamed, NEWEST_FIRST, suffix) == [
        f"{NEWEST_FIRST[0].id} has become tag:dibao.example,2026:other/1"
    ]


@every_format
def test_entries_go_only_for_a_reason(suffix: str) -> None:
    one = NEWEST_FIRST[2].id
    fewer = [each for each in NEWEST_FIRST if each.id != one]
    assert faults(fewer, NEWEST_FIRST, suffix) == [f"{one} is missing, and nothing says why"]
    assert faults(fewer, NEWEST_FIRST, suffix, left=[one]) == []
    assert len(faults([], NEWEST_FIRST, suffix)) == len(NEWEST_FIRST)
    # the window moves on: the oldest go as new ones come
    newer = [item(9, published=item().published), *NEWEST_FIRST[:-1]]
    assert faults(newer, NEWEST_FIRST, suffix) == []
    # a smaller window than before is a reason, a feed smaller than its window is none
    assert faults(NEWEST_FIRST[:3], NEWEST_FIRST, suffix, window=3) == []
    assert len(faults(NEWEST_FIRST[:3], NEWEST_FIRST, suffix, window=4)) == 3


@every_format
def test_what_a_month_holds_may_come_and_go(suffix: str) -> None:
    whole, ids = body(NEWEST_FIRST[:2], suffix), [each.id for each in NEWEST_FIRST[:2]]
    assert checks.faults(whole, suffix, ids=ids, before=body(NEWEST_FIRST, suffix)) == []
