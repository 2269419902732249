from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.model import Edition
from bulletins.numbers import missing

FIRST = date(2026, 10, 14)


def editions(*numbers: int | str | None, apart: int = 7) -> list[Edition]:
    return [Edition(number, FIRST + timedelta(days=apart * n)) for n, number in enumerate(numbers)]


def test_a_number_that_is_missing_is_named_with_the_days_to_look_at() -> None:
    (gap,) = missing(editions(2313, 2314, 2316))
    assert (gap.name, gap.since, gap.until) == ("2315", date(2026, 10, 22), date(2026, 10, 27))
    (gap,) = missing(editions(2314, 2317, apart=1))
    assert (gap.name, gap.since, gap.until) == ("2315-2316", FIRST, FIRST + timedelta(days=1))


@pytest.mark.parametrize(
    "numbers",
    [
        (52, 1, 2),  # a new year
        (2314, 3216, 2316),  # misprinted, and right again
        (2314, 2314, 2315),  # printed twice
        (2314, "2315-2316", 2317),
        (2314, "2315、16", 2317),
        (2314, None, 2315),
        ("增刊", "A01", 7),
        (2316, 2314, 2315),  # read out of order
    ],
)
def test_other_counts_are_no_gap(numbers: tuple[int | str | None, ...]) -> None:
    assert missing(editions(*numbers)) == []


def test_a_time_without_us_is_one_gap() -> None:
    (gap,) = missing([Edition(100, FIRST), Edition(160, FIRST + timedelta(days=70))])
    assert gap.name == "101-159"
    assert missing([Edition(100, FIRST), Edition(190, FIRST + timedelta(days=70))]) == []


@given(st.integers(1, 9_000), st.lists(st.booleans(), min_size=3, max_size=12), st.integers(1, 30))
def test_each_run_of_missing_numbers_is_found_once(first: int, there: list[bool], apart: int) -> None:
    there[0] = there[-1] = True
    whole = editions(*range(first, first + len(there)), apart=apart)
    held = [edition for edition, kept in zip(whole, there, strict=True) if kept]
    gaps = missing(held)
    lacking = {number for gap in gaps for number in range(gap.first, gap.last + 1)}
    assert lacking == {first + n for n, kept in enumerate(there) if not kept} or apart == 1
    assert missing(whole) == []
