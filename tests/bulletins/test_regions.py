from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import regions
from tests.bulletins import reference
from tests.support.shared import SEED, needed


def everything(code: str | None = None) -> list[regions.Division]:
    below = regions.children(code)
    return [*below, *(inner for one in below for inner in everything(one.code))]


ALL = everything()
SICHUAN = "510000"


def place(
    title: str = "科普进社区", *paragraphs: str, heading: str | None = None, within: str | None = SICHUAN
) -> regions.Located:
    return regions.locate(title=title, paragraphs=paragraphs, heading=heading, within=within)


def found(located: regions.Located) -> tuple[str, str]:
    assert located.region is not None
    return "".join(located.region.path), located.region.how


def test_the_gazetteer_is_complete() -> None:
    assert [sum(len(one.path) == level for one in ALL) for level in (1, 2, 3)] == [34, 451, 2729]
    assert len({one.code for one in ALL}) == len(ALL) == 3214
    assert regions.division("511826") == regions.Division("511826", "芦山县", ("四川省", "雅安市", "芦山县"))
    assert regions.division("500101") == regions.Division("500101", "万州区", ("重庆市", "万州区"))
    assert regions.division("419001") == regions.Division("419001", "济源市", ("河南省", "济源市"))
    assert regions.division("999999") is None
    assert regions.children("511826") == ()


@needed
def test_the_gazetteer_is_what_its_source_says() -> None:
    root = Path(regions.__file__).parents[2]
    script = runpy.run_path(str(root / "scripts" / "divisions.py"))
    source = json.loads((SEED.parent / "divisions.json").read_text("utf-8"))
    held = json.loads((root / "bulletins" / "data" / "divisions.json").read_text("utf-8"))
    assert script["flatten"](source) == held


@given(st.sampled_from(ALL))
def test_a_full_path_names_its_division(one: regions.Division) -> None:
    assert regions.named("".join(one.path)) == one


def test_every_name_that_is_borne_once_resolves() -> None:
    names = [one.name for one in ALL]
    once = [one for one in ALL if names.count(one.name) == 1]
    assert len(once) == 3150
    assert [one for one in once if regions.named(one.name) != one] == []


@given(st.sampled_from(ALL))
def test_an_explicit_parent_places_a_text(one: regions.Division) -> None:
    text = f"近日,{''.join(one.path)}科协开展活动。"
    located = place("科普进社区", text, within=None)
    assert located.region is not None
    assert located.region.code == one.code
    assert located.region.path == one.path


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("芦山县", "511826"),
        ("芦 山 县", "511826"),
        (" 芦山县：", "511826"),
        ("雅安市芦山县", "511826"),
        ("四川雅安芦山县", "511826"),
        ("阿坝州", "513200"),
        ("甘孜州", "513300"),
        ("凉山州", "513400"),
        ("北川县", "510726"),
        ("峨边县", "511132"),
        ("马边县", "511133"),
        ("木里县", "513422"),
        ("名山县", "511803"),
        ("渠县", "511725"),
        ("东区", "510402"),
        ("成都", "510100"),
        ("乐山市市中区", "511102"),
        ("成都高新区", "510100"),
        ("成都市高新区", "510100"),
        ("成都高新技术产业开发区", "510100"),
        ("四川天府新区", "510100"),
        ("天府新区", "510100"),
        ("成都东部新区", "510100"),
        ("眉山天府新区", "511400"),
        ("绵阳高新区", "510700"),
        ("绵阳科技城", "510700"),
        ("德阳经开区", "510600"),
        ("苏州高新区", "320500"),
    ],
)
def test_named(text: str, code: str) -> None:
    one = regions.named(text, SICHUAN)
    assert one is not None
    assert one.code == code


@pytest.mark.parametrize(
    "text",
    ["市中区", "资源", "和政", "复兴", "合作", "芦山", "芦山县科协", "全市", "", "：", "高新区", "科技城"],
)
def test_not_named(text: str) -> None:
    assert regions.named(text, SICHUAN) is None


def test_a_name_borne_by_several_is_the_nearest() -> None:
    assert regions.named("市中区") is None
    for within in ("511000", "511002", "511024"):
        one = regions.named("市中区", within)
        assert one is not None
        assert one.code == "511002"
    assert [one.code for one in regions.candidates("市中区", SICHUAN)] == ["511002", "511102"]
    assert regions.named("成都") is None


def test_a_zone_without_its_city_s_name_is_the_source_s_city_s() -> None:
    assert [regions.named("高新区", within) for within in (None, SICHUAN, "511826")] == [None] * 3
    for within, area, city in (
        ("510700", "高新区", "绵阳市"),
        ("510700", "科技城", "绵阳市"),
        ("511400", "天府新区", "眉山市"),
        ("510100", "东部新区", "成都市"),
    ):
        one = regions.named(area, within)
        assert one is not None
        assert one.name == city


@pytest.mark.parametrize(
    ("located", "path", "how"),
    [
        (place(heading="芦山县"), "四川省雅安市芦山县", "heading"),
        (place("", "内江市市中区科协", heading="市中区"), "四川省内江市市中区", "heading"),
        (place(heading="名山区科协"), "四川省雅安市名山区", "heading"),
        (place("名山区科协 打好主动仗", "近日,成都市科协"), "四川省雅安市名山区", "title"),
        (place("名山科协 打好主动仗"), "四川省雅安市名山区", "title"),
        (place("石渠科协 打好主动仗"), "四川省甘孜藏族自治州石渠县", "title"),
        (place("阿坝州科协 打好主动仗"), "四川省阿坝藏族羌族自治州", "title"),
        (place("长沙科协 打好主动仗", within=None), "湖南省长沙市", "title"),
        (place("成都：科技周启动"), "四川省成都市", "title"),
        (place("省科协到芦山县调研"), "四川省雅安市芦山县", "title"),
        (place("成都市科协赴雅安市考察"), "四川省成都市", "title"),
        (place("芦山县科普", "近日,成都市", within="511826"), "四川省雅安市芦山县", "title"),
        (place("", "近日,雅安市芦山县老科协开会。"), "四川省雅安市芦山县", "explicit parent"),
        (place("", "近日,宜宾市高县开会。"), "四川省宜宾市高县", "explicit parent"),
        (place("", "近日,乐山市中区开会。"), "四川省乐山市市中区", "explicit parent"),
        (place("", "近日,高县科协开会。"), "四川省宜宾市高县", "organisation"),
        (place("", "近日,在四川省科协指导下,名山区科协开会。"), "四川省雅安市名山区", "organisation"),
        (place("第二届四川省大赛", "近日,名山区科协参赛。"), "四川省雅安市名山区", "organisation"),
        (place("", "近日,依照《成都市科普条例》,名山区科协开会。"), "四川省雅安市名山区", "organisation"),
        (place("", "近日,重庆市江北区科协开会。"), "重庆市两江新区", "explicit parent"),
        (place("汶川：科普进万家"), "四川省阿坝藏族羌族自治州汶川县", "title"),
        (place("汶川｜科普进万家"), "四川省阿坝藏族羌族自治州汶川县", "title"),
        (place("【汶川】科普进万家"), "四川省阿坝藏族羌族自治州汶川县", "title"),
        (place("安居：一站解忧", within="511500"), "四川省宜宾市", "source"),  # Suining's, and a word
        (place("资源：取之有道"), "四川省", "source"),
        (place(heading="芦山"), "四川省雅安市芦山县", "heading"),
        (
            place("省科协赴阿坝州调研", "近日,省科协一行赴阿坝州汶川县调研。"),
            "四川省阿坝藏族羌族自治州汶川县",
            "explicit parent",
        ),
        (
            place("阿坝州：科普下乡", "近日,汶川县科协进村。"),
            "四川省阿坝藏族羌族自治州汶川县",
            "organisation",
        ),
        (place("阿坝州科协下乡", "近日,阿坝州科协在汶川县进村。"), "四川省阿坝藏族羌族自治州", "title"),
        (place("省科协赴阿坝州调研", "会议在雅安市名山区召开。"), "四川省阿坝藏族羌族自治州", "title"),
        (
            place("", "近日,由省科协、阿坝州人民政府主办的活动在九寨沟县举行。"),
            "四川省阿坝藏族羌族自治州九寨沟县",
            "text",
        ),
        (
            place("", "近日,由省科协主办的科普展在九寨沟县举行。"),
            "四川省阿坝藏族羌族自治州九寨沟县",
            "text",
        ),
        (place("", "近日,由芦山县科协主办的展览在成都市举行。"), "四川省雅安市芦山县", "organisation"),
        (place("", "近日,成都高新区科协开会。"), "四川省成都市", "organisation"),
        (place("天府新区科协 打好主动仗"), "四川省成都市", "title"),
        (place("", "近日,成都东部新区开展活动。"), "四川省成都市", "text"),
        (place("", "近日,绵阳科技城开展活动。"), "四川省绵阳市", "text"),
        (place("", "近日,石渠县开展活动。"), "四川省甘孜藏族自治州石渠县", "text"),
        (place("", "本报长沙讯(记者 张三)近日,"), "湖南省长沙市", "dateline"),
        (place("", "新华社成都4月19日电 近日,"), "四川省成都市", "dateline"),
        (place("", "近日,", "芦山县科协办。芦山县科协说。在成都市。"), "四川省雅安市芦山县", "text"),
        (place("四川省科协全会召开", "全会在成都市召开。"), "四川省", "title"),
        (
            place("", "近日,来自成都市的专家走进凉山州西昌市。"),
            "四川省凉山彝族自治州西昌市",
            "explicit parent",
        ),
        (place("", "近日,全省科协会议在成都市召开。"), "四川省", "source"),
        (place("", "近日,市科协开会。", "会议在成都市召开。"), "四川省", "source"),
        (place("全省各级科协组织 积极学习"), "四川省", "source"),
    ],
)
def test_locate(located: regions.Located, path: str, how: str) -> None:
    assert found(located) == (path, how)
    assert located.evidence[0].field == "region"
    assert located.evidence[0].how == how
    assert located.evidence[0].text


@pytest.mark.parametrize(
    "text",
    [
        "加强合作,提高县域经济,办理县级事务,振兴县城。",
        "开拓合作市场,在西南山区和长江南区推广。",
        "建成县委部署的资源和政策平台,实现民族复兴。",
        "主城区、老城区、郊区、矿区的市区县。",
        "在城区、郊区、矿区推广,高新区、科技城、新区齐上。",
    ],
)
def test_names_that_are_accidents(text: str) -> None:
    assert found(place("", text)) == ("四川省", "source")


@pytest.mark.parametrize(
    ("text", "region", "names"),
    [
        ("近日,雅安市、乐山市科协开会。", "四川省", ["雅安市", "乐山市"]),
        ("近日,雅安市科协和乐山市科协开会。", "四川省", ["雅安市", "乐山市"]),
        ("近日,雅安市芦山县、名山区开会。", "四川省雅安市", ["芦山县", "名山区"]),
        ("近日,南充市阆中市、仪陇县科协开会。", "四川省南充市", ["阆中市", "仪陇县"]),
        ("近日,茂县、松潘县、黑水县科协开会。", "四川省阿坝藏族羌族自治州", ["茂县", "松潘县", "黑水县"]),
        ("近日,松潘县、茂县、理县联合开会。", "四川省阿坝藏族羌族自治州", ["松潘县", "茂县", "理县"]),
        ("在理县和茂县,", "四川省阿坝藏族羌族自治州", ["理县", "茂县"]),
        ("近日,东区、西区、仁和区科协开会。", "四川省攀枝花市", ["东区", "西区", "仁和区"]),
        ("近日,芦山县汶川县联合开会。", "四川省", ["芦山县", "汶川县"]),
        ("近日,芦山县汶川县科协联合开会。", "四川省", ["芦山县", "汶川县"]),
        ("近日,省科协一行赴阿坝州汶川县、理县调研。", "四川省阿坝藏族羌族自治州", ["汶川县", "理县"]),
    ],
)
def test_several_alike(text: str, region: str, names: list[str]) -> None:
    located = place("", text)
    assert found(located)[0] == region
    assert [one.path[-1] for one in located.regions] == names


def test_a_headline_s_region_is_told_in_detail_by_the_text() -> None:
    located = place("省科协赴阿坝州调研", "近日,省科协党组成员一行赴阿坝州汶川县、理县调研。")
    assert found(located)[0] == "四川省阿坝藏族羌族自治州"
    assert [one.path[-1] for one in located.regions] == ["汶川县", "理县"]


def test_divisions_of_different_provinces_share_none() -> None:
    located = place("", "近日,芦山县与重庆市万州区结对。")
    assert located.region is None
    assert [one.code for one in located.regions] == ["511826", "500101"]
    assert located.evidence[0].text == "芦山县、重庆市万州区"


def test_nothing_known() -> None:
    assert place("科普", "近日,", within=None) == regions.Located(None, (), ())


@pytest.mark.timeout(20)
def test_a_text_of_nothing_but_names_is_read_in_time() -> None:
    located = place("", "芦山县、汶川县、" * 5000)
    assert [one.path[-1] for one in located.regions] == ["芦山县", "汶川县"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "words",
    ["东区、西区、", "市中区、", "来自", "由市科协、", "一二、", "全省", "在成都市召开的", "资阳市简阳市"],
)
def test_a_text_of_nothing_but_words_is_read_in_time(words: str) -> None:
    place(words * 200, words * 10_000, "近日", within="511100")


@given(st.text(), st.lists(st.text(), max_size=3), st.none() | st.text(), st.sampled_from([None, SICHUAN]))
def test_any_text_is_survived(
    title: str, paragraphs: list[str], heading: str | None, within: str | None
) -> None:
    regions.locate(title=title, paragraphs=paragraphs, heading=heading, within=within)


@needed
def test_the_reference_edition() -> None:
    for item in reference.items():
        heading, _, umbrella = item["title"].partition("：")
        for head in (heading, None) if umbrella else (None,):
            located = regions.locate(
                title=umbrella or heading, paragraphs=item["paragraphs"], heading=head, within=SICHUAN
            )
            assert located.region is not None
            assert located.region.code == item["region"]["code"]
            assert list(located.region.path) == item["region"]["path"]
            assert located.regions == (located.region,)
