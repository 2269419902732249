"""What is held and what was read -> what is new and what was corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulletins.changes import compare
from bulletins.identity import digest
from bulletins.model import Block, BlockKind, ChangeKind, Item, Precision

FIRST = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
PRINTED = datetime(2026, 1, 1, 16, 0, tzinfo=UTC)


def item(name: str, title: str = "观星", seen: datetime = FIRST, published: datetime = PRINTED) -> Item:
    made = Item(
        id=f"tag:localhost,2026:kepu/{name}",
        source="kepu",
        title=title,
        link=f"http://kepu.example/{name}",
        published=published,
        precision=Precision.DAY,
        first_seen=seen,
        updated=seen,
        blocks=(Block(BlockKind.PARAGRAPH, "近日，科普社开张。"),),
    )
    return replace(made, digest=digest(made))


def test_what_was_not_held_is_new_in_the_order_read() -> None:
    read = [item("b"), item("a")]
    assert [(change.item, change.kind) for change in compare([], read)] == [
        (read[0], ChangeKind.NEW),
        (read[1], ChangeKind.NEW),
    ]


def test_an_item_that_means_the_same_is_no_change_whenever_it_is_read() -> None:
    later = FIRST + timedelta(days=3)
    # Without a date on the page, the day of reading stands in for it: another one at each reading.
    assert compare([item("a")], [item("a", seen=later, published=later)]) == ()


def test_a_correction_keeps_what_was_set_once() -> None:
    held = item("a")
    later = FIRST + timedelta(hours=6)
    read = replace(item("a", "把月亮请下山", later, PRINTED + timedelta(days=1)), precision=Precision.MINUTE)
    (change,) = compare([held], [read])
    assert change.kind == ChangeKind.CORRECTED
    assert (change.item.id, change.item.title) == (held.id, "把月亮请下山")
    assert (change.item.first_seen, change.item.updated) == (FIRST, later)
    assert (change.item.published, change.item.precision) == (PRINTED, Precision.DAY)


def test_what_is_not_in_the_reading_is_left_alone() -> None:
    assert compare([item("a"), item("b")], [item("b")]) == ()
    assert compare([item("a")], []) == ()


readings = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["一", "二", "三"]), st.integers(0, 9)),
    max_size=6,
).map(
    lambda made: [
        item(name, title, FIRST + timedelta(days=days), PRINTED + timedelta(days=days))
        for name, (title, days) in made.items()
    ]
)


@given(readings, readings)
def test_applied_once_a_reading_brings_nothing_more(held: list[Item], read: list[Item]) -> None:
    before = {each.id: each for each in held}
    after = before | {change.item.id: change.item for change in compare(held, read)}
    assert compare(after.values(), read) == ()
    assert set(after) == {each.id for each in [*held, *read]}
    for name, each in before.items():
        assert (after[name].id, after[name].first_seen) == (each.id, each.first_seen)
        assert after[name].published == each.published
