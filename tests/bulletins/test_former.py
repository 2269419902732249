"""Names and codes that divisions have given up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import regions

DATA = Path(regions.__file__).parents[1] / "data"
FORMER = json.loads((DATA / "former.json").read_text("utf-8"))


def located(text: str, printed: date | None, within: str | None = None) -> str | None:
    found = regions.locate(title="", paragraphs=[text], heading=None, within=within, printed=printed)
    return "".join(found.region.path) if found.region else None


def test_every_former_one_leads_to_a_division_of_today() -> None:
    assert len(FORMER) > 1200
    for one in FORMER:
        assert regions.division(one["now"]), one
        assert 1980 < one["until"] <= 2026, one
        assert one["path"], one
        assert all(regions.named(name) or name.endswith(("地区", "盟", "市")) for name in one["path"]), one


@pytest.mark.parametrize(
    ("name", "printed", "place"),
    [
        ("名山县", 2012, "四川省雅安市名山区"),
        ("达县", 2010, "四川省达州市达川区"),
        ("双流县", 2015, "四川省成都市双流区"),
        ("郫县", 2016, "四川省成都市郫都区"),
        ("安县", 2016, "四川省绵阳市安州区"),
        ("罗江县", 2017, "四川省德阳市罗江区"),
        ("隆昌县", 2017, "四川省内江市隆昌市"),
        ("宜宾县", 2018, "四川省宜宾市叙州区"),
        ("射洪县", 2019, "四川省遂宁市射洪市"),
        ("新津县", 2020, "四川省成都市新津区"),
        ("会理县", 2021, "四川省凉山彝族自治州会理市"),
        ("元坝区", 2012, "四川省广元市昭化区"),
        ("达川地区", 1999, "四川省达州市"),
        ("襄樊市", 2009, "湖北省襄阳市"),
        ("崇文区", 2009, "北京市东城区"),
        ("下城区", 2020, "浙江省杭州市拱墅区"),
        ("淮阴市", 2000, "江苏省淮安市"),
        ("江津市", 2005, "重庆市江津区"),
        # Long after, where nobody else bears the name:
        ("射洪县", 2026, "四川省遂宁市射洪市"),
    ],
)
def test_a_former_name_is_what_became_of_it(name: str, printed: int, place: str) -> None:
    assert located(f"近日，{name}科协开会。", date(printed, 6, 1)) == place


def test_a_name_handed_on_means_whom_it_meant_on_the_day() -> None:
    """渝北区 and 江北区 of Chongqing were joined; 江北区 is Ningbo's alone since."""
    text = "近日，江北区科协开会。"
    assert located(text, date(2022, 6, 1), "500000") == "重庆市两江新区"
    assert located(text, date(2022, 6, 1)) is None
    assert located(text, date(2030, 6, 1)) == "浙江省宁波市江北区"
    assert located(text, None) == "浙江省宁波市江北区"
    for year in (2022, 2030):
        assert located("近日，重庆市江北区科协开会。", date(year, 6, 1)) == "重庆市两江新区"


def test_a_county_may_stand_below_its_former_parent_as_long_as_it_did() -> None:
    text = "近日，资阳市简阳市科协开会。"
    assert located(text, date(2013, 5, 8)) == "四川省成都市简阳市"
    assert located(text, date(2024, 5, 8)) is None


def test_a_part_that_bore_the_name_of_the_whole_does_not_make_it_ambiguous() -> None:
    assert located("近日，吉安市科协开会。", date(1999, 6, 1)) == "江西省吉安市"


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("511821", "511803"),
        ("510122", "510116"),
        ("513021", "511703"),
        ("500105", "500157"),
        ("420600", None),  # renamed, the code kept
        ("511803", None),
        ("999999", None),
        ("四川", None),
        ("", None),
    ],
)
def test_a_code_given_up_has_a_successor(code: str, today: str | None) -> None:
    assert regions.successor(code) == today


@given(st.sampled_from(FORMER))
def test_a_successor_is_in_use_and_no_code_in_use_has_one(one: dict[str, str]) -> None:
    today = regions.successor(one["code"])
    assert (today is None) == (regions.division(one["code"]) is not None)
    assert today is None or regions.division(today)
