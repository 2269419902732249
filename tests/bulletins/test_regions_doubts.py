"""Names that several bear, parts of the wrong whole, headings that are none: left open, with the reason."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bulletins import regions
from bulletins.model import Evidence

SICHUAN = "510000"
PRINTED = date(2024, 8, 2)


def everything(code: str | None = None) -> list[regions.Division]:
    below = regions.children(code)
    return [*below, *(inner for one in below for inner in everything(one.code))]


SHARED = sorted(name for name, count in Counter(one.name for one in everything()).items() if count > 1)


def place(
    text: str, within: str | None = None, title: str = "科普进社区", heading: str | None = None
) -> regions.Located:
    return regions.locate(title=title, paragraphs=[text], heading=heading, within=within, printed=PRINTED)


def left_open(located: regions.Located, how: str) -> str:
    assert (located.region, located.regions) == (None, ())
    assert [(why.field, why.how) for why in located.evidence] == [("region", how)]
    assert how in regions.DOUBTS
    return located.evidence[0].text


def test_28_names_are_shared() -> None:
    assert len(SHARED) == 28


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_name_alone_is_left_open_with_all_who_bear_it(name: str) -> None:
    words = left_open(place(f"近日，{name}科协开会。"), "ambiguous")
    bearers = [one for one in everything() if one.name == name]
    assert words.startswith(f"{name}科协：")
    assert all(f"{one.code} {''.join(one.path)}" in words for one in bearers)


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_name_is_told_apart_by_its_parent_or_the_source(name: str) -> None:
    for one in [one for one in everything() if one.name == name]:
        parent = one.path[-2]
        code = regions.named("".join(one.path[:-1]))
        assert code is not None
        for located in (
            place(f"近日，{parent}{name}科协开会。"),
            place(f"近日，{name}科协开会，{parent}科协到会祝贺。"),
            place(f"近日，{name}科协开会。", within=code.code),
            place("近日，开会。", heading=name, within=code.code),
        ):
            assert located.region is not None
            assert located.region.code == one.code


def test_a_shared_heading_is_left_open_unless_its_text_tells() -> None:
    words = left_open(place("近日，区科协开会。", SICHUAN, heading="市中区"), "ambiguous")
    assert words == "市中区：511002 四川省内江市市中区、511102 四川省乐山市市中区"
    told = place("近日，乐山市市中区科协开会。", SICHUAN, heading="市中区")
    assert told.region is not None
    assert told.region.code == "511102"


def test_a_neighbour_tells_a_shared_name_apart() -> None:
    located = place("近日，东兴区、市中区科协开会。", SICHUAN)
    assert [one.path[-2:] for one in located.regions] == [("内江市", "东兴区"), ("内江市", "市中区")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("乐山市芦山县科协开会。", ("511100", "511826")),
        ("近日，绵阳市渠县科协开会。", ("510700", "511725")),
        ("近日，云南省九寨沟县科协开会。", ("530000", "513225")),
        ("近日，成都市仁寿县文林镇开展活动。", ("510100", "511421")),
        ("近日，杭州市江北区科协开会。", ("330100", "330205")),
        ("近日，湖北省张家界市科协开会。", ("420000", "430800")),
    ],
)
def test_a_part_of_the_wrong_whole_is_left_open_with_both(text: str, named: tuple[str, str]) -> None:
    words = left_open(place(text), "contradicted")
    assert all(code in words for code in named)


@pytest.mark.parametrize(
    "text",
    [
        "近日，雅安市城区的路灯亮了。",
        "近日，四川省资源县级平台上线。",
        "近日，成都市合作市场开张。",
        "近日，雅安市、渠县科协开会。",
        "近日，雅安市和渠县科协开会。",
        "近日，芦山县汶川县科协联合开会。",
    ],
)
def test_what_only_stands_beside_it_contradicts_nothing(text: str) -> None:
    located = place(text, SICHUAN)
    assert located.region is not None
    assert not {why.how for why in located.evidence} & regions.DOUBTS.keys()


def test_a_wrong_heading_is_left_open() -> None:
    left_open(place("近日，开会。", SICHUAN, heading="南充市武胜县"), "contradicted")


def test_a_heading_that_is_no_region_gives_way_to_the_text_or_is_left_open() -> None:
    text = place("近日，荥经县科协开会。", SICHUAN, heading="编者按")
    assert text.region is not None
    assert (text.region.path[-1], text.region.how) == ("荥经县", "organisation")
    none = place("近日，孩子们来了。", SICHUAN, heading="桃源仙境")
    assert none.evidence == (
        Evidence("region", "unknown heading", "桃源仙境", "its section's heading is no region"),
    )
    assert left_open(none, "unknown heading") == "桃源仙境"


def test_a_sure_text_settles_a_doubtful_headline() -> None:
    located = place("近日，乐山市市中区科协开会。", SICHUAN, title="市中区科协开会")
    assert located.region is not None
    assert located.region.code == "511102"
