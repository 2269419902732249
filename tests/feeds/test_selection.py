from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.scope import ALL, FeedKey
from feeds.selection import PLACES, BadParameter, Known, Selection, parse

KNOWN = Known({"di-fang-ke-xie", "tian-jian"}, {"paper", "other"})


def read(query: str) -> Selection:
    return parse(parse_qsl(query, keep_blank_values=True), KNOWN)


def test_several_values_by_comma_or_by_repetition() -> None:
    assert read("region=511826,513221") == read("region=513221&region=511826")
    assert read("q=茶园，柑橘").words == ("柑橘", "茶园")
    assert read("region=&q=,") == Selection()


def test_a_code_given_up_is_today_s() -> None:
    assert read("region=511821") == read("region=511803") == Selection(regions=("511803",))


def test_every_parameter() -> None:
    asked = read(
        "region=511826&column=tian-jian&source=paper&q=科普 茶园&not=广告"
        "&since=2026-03-06&limit=20&collapse=1"
    )
    assert asked == Selection(
        regions=("511826",),
        columns=("tian-jian",),
        sources=("paper",),
        words=("科普 茶园",),
        without=("广告",),
        since=datetime(2026, 3, 5, 16, tzinfo=UTC),
        limit=20,
        collapse=True,
    )


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("region=51182", "region"),
        ("region=999999", "region"),
        ("region=５１１８２６", "region"),
        ("region=511826,../x", "region"),
        ("column=unheard-of", "column"),
        ("source=unheard-of", "source"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=10&limit=20", "limit"),
        ("collapse=2", "collapse"),
        ("collapse=yes", "collapse"),
        ("since=yesterday", "since"),
        ("since=2026-02-30", "since"),
        ("since=2026-03-06T08:00:00", "since"),
        ("since=0001-01-01T00:00:00%2B14:00", "since"),
        ("q=" + "字" * 65, "q"),
        ("not=" + ",".join(map(str, range(21))), "not"),
        ("colour=red", "colour"),
        ("page=1", "page"),
    ],
)
def test_what_cannot_be_honoured_is_named_with_what_can(query: str, name: str) -> None:
    with pytest.raises(BadParameter) as caught:
        read(query)
    assert caught.value.name.strip("'") == name
    assert caught.value.allowed
    assert len(str(caught.value)) < 300


def test_no_more_feeds_are_joined_than_is_cheap() -> None:
    counties = ",".join(f"5118{n:02}" for n in (2, 3, 22, 23, 24, 25, 26, 27))
    prefectures = ",".join(
        f"51{n:02}00" for n in (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 20)
    )
    assert len(read(f"region={counties},{prefectures}&column=tian-jian,di-fang-ke-xie").feeds()) == 50
    with pytest.raises(BadParameter) as caught:
        read(f"region={counties},{prefectures},513200&column=tian-jian,di-fang-ke-xie")
    assert (caught.value.name, caught.value.allowed) == ("region", "at most 50")


def test_only_the_named_parameters_are_allowed() -> None:
    with pytest.raises(BadParameter, match="limit"):
        parse([("limit", "10")], KNOWN, PLACES)


@pytest.mark.parametrize(
    "spelt",
    [
        "2026-03-06T00:00:00+08:00",
        "2026-03-05T16:00:00Z",
        "2026-03-06T00:00:00 08:00",
        "2026-03-05t16:00:00.000z",
    ],
)
def test_a_date_begins_in_shanghai_and_is_the_same_in_every_spelling(spelt: str) -> None:
    assert parse([("since", spelt)], KNOWN).since == read("since=2026-03-06").since


def test_the_feeds_that_hold_it() -> None:
    def paths(query: str) -> list[str]:
        return [key.path for key in read(query).feeds()]

    assert read("").feeds() == read("q=茶").feeds() == (ALL,)
    assert paths("region=511826,513221") == ["region/511826", "region/513221"]
    assert paths("region=511826,510000") == ["region/510000"]  # a part of what is there already
    assert paths("column=tian-jian") == ["column/tian-jian"]
    assert paths("source=paper,other") == ["source/other", "source/paper"]
    assert paths("region=511826&column=tian-jian&source=paper") == ["region/511826/column/tian-jian"]
    assert len({*map(FeedKey, paths("region=511826,513221&column=tian-jian,di-fang-ke-xie"))}) == 4


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=",，")
words = st.text(letters, min_size=1, max_size=8).map(lambda word: " ".join(word.split())).filter(bool)
dates = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (bounds are naive)


def sets(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(strategy, max_size=20).map(lambda found: tuple(sorted(found)))


selections = st.builds(
    Selection,
    regions=sets(st.sampled_from(["510000", "511826", "513221"])),
    columns=sets(st.sampled_from(sorted(KNOWN.columns))),
    sources=sets(st.sampled_from(sorted(KNOWN.sources))),
    words=sets(words),
    without=sets(words),
    since=st.none() | dates,
    limit=st.integers(1, 500),
    collapse=st.booleans(),
)


@given(selections)
def test_the_canonical_query_says_the_same_and_says_it_once(selection: Selection) -> None:
    query = selection.query()
    assert query.isascii()
    again = parse(parse_qsl(query), KNOWN)
    assert again == selection
    assert again.query() == query
