import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.model import Region
from bulletins.regions import division
from feeds.scope import ALL, UNCLASSIFIED, FeedKey, keys_of, roll_up
from tests.feeds.conftest import LOCAL, LUSHAN, MINGSHAN, SOURCE, WINDOW, YAAN, item

DIVISIONS: dict[str, str] = json.loads((files("bulletins") / "data" / "divisions.json").read_text("utf-8"))

slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,59}", fullmatch=True)
codes = st.from_regex(r"[0-9]{6}", fullmatch=True)
known = st.sampled_from(sorted(DIVISIONS))


def paths(keys: frozenset[FeedKey]) -> set[str]:
    return {key.path for key in keys}


@given(st.none() | codes, st.none() | slugs)
def test_a_key_made_of_region_and_column_gives_them_back(region: str | None, column: str | None) -> None:
    if region is None and column is None:
        return
    key = FeedKey.of(region=region, column=column)
    assert (key.region, key.column, key.source) == (region, column, None)
    assert FeedKey(key.path) == key


@given(slugs)
def test_a_key_made_of_a_source_gives_it_back(source: str) -> None:
    key = FeedKey.of(source=source)
    assert (key.region, key.column, key.source) == (None, None, source)


def test_the_feeds_that_stand_alone_have_no_parts() -> None:
    for key in (ALL, UNCLASSIFIED):
        assert (key.region, key.column, key.source) == (None, None, None)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "all/",
        "everything",
        "region/5118",
        "region/５１１８２６",  # digits, but not ASCII ones
        "region/511826column/a",
        "region/511826/source/a",
        "column/../all",
        "column/A",
        "source/a/column/b",
        "column/-a",
        "all\n",
    ],
)
def test_a_path_that_no_feed_has_is_refused_by_name(path: str) -> None:
    with pytest.raises(ValueError, match="no feed has the path"):
        FeedKey(path)


def test_a_county_rolls_up_to_its_prefecture_and_province() -> None:
    assert roll_up("511826") == ("510000", "511800", "511826")
    assert roll_up("511800") == ("510000", "511800")
    assert roll_up("510000") == ("510000",)


@pytest.mark.parametrize(
    ("code", "province"),
    [("110105", "110000"), ("500235", "500000"), ("429004", "420000"), ("469001", "460000")],
)
def test_a_level_that_is_no_division_is_passed_over(code: str, province: str) -> None:
    assert roll_up(code) == (province, code)


@given(known)
def test_roll_up_is_monotone(code: str) -> None:
    """What is above a region is above each of its parts, in the same order."""
    levels = roll_up(code)
    assert levels[-1] == code
    for n, level in enumerate(levels, 1):
        assert roll_up(level) == levels[:n]


def test_every_division_rolls_up_to_the_names_of_its_path() -> None:
    for code in DIVISIONS:
        found = division(code)
        assert found is not None
        assert tuple(DIVISIONS[level] for level in roll_up(code)) == found.path


def test_an_item_is_in_the_feeds_of_its_source_its_regions_and_its_column() -> None:
    assert paths(keys_of(item(), LOCAL)) == {
        "all",
        f"source/{SOURCE.id}",
        "region/510000",
        "region/511800",
        "region/511826",
        "column/di-fang-ke-xie",
        "region/510000/column/di-fang-ke-xie",
        "region/511800/column/di-fang-ke-xie",
        "region/511826/column/di-fang-ke-xie",
    }


def test_an_item_about_several_regions_is_in_the_feeds_of_each() -> None:
    keys = keys_of(item(region=YAAN, regions=(LUSHAN, MINGSHAN)), LOCAL)
    assert {key.region for key in keys if not key.column} == {None, "510000", "511800", "511826", "511803"}
    assert FeedKey.of(region="511803", column=LOCAL.slug) in keys


def test_the_column_given_counts_not_the_items_own() -> None:
    keys = keys_of(item(column=LOCAL), WINDOW)
    assert {key.column for key in keys} == {None, WINDOW.slug}
    assert UNCLASSIFIED not in keys


def test_an_item_without_a_region_is_unclassified_and_keeps_its_column() -> None:
    keys = keys_of(item(region=None, regions=()), LOCAL)
    assert paths(keys) == {"all", f"source/{SOURCE.id}", "column/di-fang-ke-xie", "unclassified"}


def test_an_item_without_a_column_is_unclassified_and_keeps_its_regions() -> None:
    keys = keys_of(item(), None)
    assert UNCLASSIFIED in keys
    assert FeedKey.of(region="511826") in keys
    assert not [key for key in keys if key.column]


@given(known)
def test_the_feeds_of_a_whole_hold_what_the_feeds_of_its_part_hold(code: str) -> None:
    found = division(code)
    assert found is not None
    place = Region(code, found.path, "made up")
    keys = keys_of(item(region=place, regions=(place,)), LOCAL)
    for level in roll_up(code):
        assert {FeedKey.of(region=level), FeedKey.of(region=level, column=LOCAL.slug)} <= keys
