"""What a place is in a text: host, guest, giver, venue, origin; the source's own; words that are names."""

from __future__ import annotations

from datetime import date

import pytest

from bulletins import regions

SICHUAN = "510000"
YAAN = "511800"


def place(title: str, *paragraphs: str, within: str | None = SICHUAN) -> regions.Located:
    return regions.locate(
        title=title, paragraphs=paragraphs, heading=None, within=within, printed=date(2024, 8, 2)
    )


def last(located: regions.Located) -> str | None:
    return located.region.path[-1] if located.region else None


T = "科普进社区"


@pytest.mark.parametrize(
    ("text", "within", "name"),
    [
        ("近日，浙江省湖州市科协考察团到天全县考察。", SICHUAN, "天全县"),
        ("近日，四川省流动科技馆巡展在叙永县启动。", SICHUAN, "叙永县"),
        ("近日，大邑县科协到道孚县开展送暖活动。", SICHUAN, "道孚县"),
        ("近日，大邑县科协到道孚县开展考察交流。", SICHUAN, "大邑县"),
        ("在广东省佛山市的帮扶下，凉山州雷波县建起科技馆。", SICHUAN, "雷波县"),
        ("记者从都江堰市驱车来到汶川县，村民正在采摘。", SICHUAN, "汶川县"),
        ("3月8日，全省现场会在崇州市召开，与会人员参观了崇州市、大邑县的基地。", SICHUAN, "四川省"),
        ("近日，市科协收到一份关于芦山县竹编的建议。", YAAN, "雅安市"),
        ("近日，雅安市科协在芦山县召开座谈会。", SICHUAN, "雅安市"),
        ("近日，雅安市科协在芦山县举办科普日。", SICHUAN, "芦山县"),
        ("近日，专家谈资源县级库的建设。", SICHUAN, "四川省"),
        ("近日，重庆市永川区科协一行来泸县考察。", SICHUAN, "泸县"),
        ("近日，北京市海淀区科协赴色达县支教。", SICHUAN, "色达县"),
        ("近日，广安市科协学习考察团来到雅安市。", YAAN, "雅安市"),
        ("近日，德阳市科协一行来我市考察。", YAAN, "雅安市"),
        ("近日，江苏省科协代表团来川访问。", SICHUAN, "四川省"),
        ("近日，市科协接待来自湖北省十堰市的考察团。", YAAN, "雅安市"),
        ("近日，遂宁市科协接待绵阳市科协考察组。", SICHUAN, "遂宁市"),
        ("近日，湖州市科协考察团来到天全县。", None, "天全县"),
        ("近日，成都市第三人民医院专家走进平武县。", SICHUAN, "平武县"),
        # Who goes takes the news home:
        ("近日，遂宁市科协一行赴内江市考察。", SICHUAN, "遂宁市"),
        ("近日，攀枝花市科协赴云南省昆明市考察。", SICHUAN, "攀枝花市"),
        ("近日，攀枝花市代表队赴德阳市参赛。", SICHUAN, "攀枝花市"),
    ],
)
def test_guests_and_hosts(text: str, within: str, name: str) -> None:
    assert last(place(T, text, within=within)) == name


def test_a_headline_s_guests_give_way_to_the_host_of_the_text() -> None:
    text = "近日，贵州省科协一行到四川省交流。"
    assert last(place("贵州省科协到四川交流", text)) == "四川省"


@pytest.mark.parametrize(
    ("text", "within", "name"),
    [
        ("近日，全省科普讲解大赛在绵阳市举行。", SICHUAN, "四川省"),
        ("近日，四川省护理学会年会在成都市举办。", SICHUAN, "四川省"),
        ("近日，国际大熊猫保护论坛在都江堰市开幕。", SICHUAN, "四川省"),
        ("近日，中国植物保护学会学术年会在贵州省贵阳市召开。", None, None),
        ("近日，宁夏回族自治区科普讲解大赛在吴忠市收官。", "640000", "宁夏回族自治区"),
        ("各市科协：定于8月在乐山市举办培训班。", SICHUAN, "四川省"),
        ("近日，全市科普工作会在芦山县召开。", YAAN, "雅安市"),
        ("近日，机器人赛在北京市落幕。绵阳市科协组队参赛。", SICHUAN, "绵阳市"),
        ("近日，泸州市代表队参加在德阳市举行的竞赛。", SICHUAN, "泸州市"),
        ("近日，甘孜州农牧民培训班在道孚县开班。", SICHUAN, "甘孜藏族自治州"),
        # Nobody else is named, who is acts there, or who is only stands behind it:
        ("近日，花椒栽培培训在汉源县举行。", SICHUAN, "汉源县"),
        ("近日，绵阳市科协在北川县举办培训。", "510700", "北川羌族自治县"),
        ("近日，由中国科协、四川省人民政府主办的夏令营在三台县开营。", SICHUAN, "三台县"),
        ("近日，由广东省科协、香港特别行政区政府指导的少年会在广州市南沙区开幕。", "440000", "南沙区"),
    ],
)
def test_venues(text: str, within: str | None, name: str | None) -> None:
    assert last(place(T, text, within=within)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("近日，成都市龙泉驿区对口帮扶的巴塘县科普馆开馆。", "巴塘县"),
        ("近日，在浙江省东西部协作资金支持下，黑水县科普馆开馆。", "黑水县"),
        ("近日，由山东省青岛市科协捐赠的展品落户色达县。", "色达县"),
        ("近日，来自成都市、雅安市的学生走进泸定县。", "泸定县"),
        ("生于四川省仁寿县，现居重庆市沙坪坝区。", "四川省"),
        ("在江苏省南京市读大学的小杨回到了马边县雪口山镇。", "马边彝族自治县"),
        ("李小峰，绵阳市游仙区人，在小金县种苹果。", "小金县"),
        ("一粒种子，从海南省三亚市出发，落在邛崃市。", "邛崃市"),
        ("位于成都市武侯区的四川科技馆举办全省培训。", "四川省"),
        ("天津市医药公司的药，广东省医院专家说要少吃。", "四川省"),
        ("近日，天全县科协与广东省佛山市的专家会诊。", "天全县"),
        ("早茶远销江苏省，距成都市六十公里，吸引了重庆市的游客。", "四川省"),
        ("与云南省接壤的会东县种石榴。", "会东县"),
        ("作品请寄成都市武侯区人民南路。", "四川省"),
        ("作者简介：王小川，芦山县科协干部。", "四川省"),
        ("发布于：四川省成都市", "四川省"),
        ("来源：成都市科协", "四川省"),
    ],
)
def test_givers_origins_and_addresses(text: str, name: str) -> None:
    assert last(place(T, text)) == name


@pytest.mark.parametrize(
    ("text", "within", "name"),
    [
        ("近日，我市召开会议。", YAAN, "雅安市"),
        ("近日，全县科普志愿者培训。", "511826", "芦山县"),
        ("近日，全州科协系统座谈。", "513200", "阿坝藏族羌族自治州"),
        ("近日，全州县市科协座谈。", "513200", "阿坝藏族羌族自治州"),
        ("近日，全旗科普工作推进。", "150824", "乌拉特中旗"),
        ("近日，全区科技工作者座谈会在银川市召开。", "640000", "宁夏回族自治区"),
        ("近日，全市大赛落幕，来自芦山县、天全县的选手获奖。", YAAN, "雅安市"),
        ("近日，四川省表彰大会在成都市举行，我市12人受表彰。", YAAN, "雅安市"),
        ("近日，雅安市科协一行来我县指导。", "511826", "芦山县"),
        ("近日，市科协一行到芦山县调研。", YAAN, "芦山县"),
    ],
)
def test_the_source_s_own_region(text: str, within: str, name: str) -> None:
    assert last(place(T, text, within=within)) == name


def test_the_source_s_own_region_is_one_of_several() -> None:
    for title in (T, "我市签约"):
        located = place(title, "近日，我市与成都市签订协议。", within="512000")
        assert [one.path[-1] for one in located.regions] == ["资阳市", "成都市"]
        assert last(located) == "四川省"


def test_where_in_the_source_s_own_region_is_told_by_the_text() -> None:
    located = place("省科协来我市调研", "近日，省科协来我市调研，走进荥经县、汉源县。", within=YAAN)
    assert [one.path[-1] for one in located.regions] == ["荥经县", "汉源县"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("近日，内江、自贡、泸州三市科协成立联盟。", ["内江市", "自贡市", "泸州市"]),
        ("叙永、古蔺两县共建科普长廊。", ["叙永县", "古蔺县"]),
        ("近日，芦山县、宝兴县，甘孜州泸定县科协联动。", ["芦山县", "宝兴县", "泸定县"]),
        ("活动走进内江市、自贡市、泸州市。", ["内江市", "自贡市", "泸州市"]),
        ("近日，自流井区科协联合沿滩区中医院走进敬老院。", ["自流井区"]),
    ],
)
def test_several(text: str, names: list[str]) -> None:
    assert [one.path[-1] for one in place(T, text).regions] == names


@pytest.mark.parametrize(
    ("paragraphs", "name", "how"),
    [
        (["雨点打在屋顶上。", "7月30日，屏山县科协的老李带着乡亲们走。"], "屏山县", "text"),
        (["雨点打在屋顶上。", "老李打着手电。", "在雅安市宝兴县，这样的夜常有。"], "宝兴县", "text"),
        (["雨点打在屋顶上。"] * 5 + ["在雅安市宝兴县，这样的夜常有。"], "四川省", "source"),
        (["全省培训班结业。", "攀枝花市仁和区教师发言。"], "四川省", "source"),
        (["种子从海南省三亚市运来。", "近日，邛崃市科协办开放日。"], "邛崃市", "text"),
        (["近日，省科协召开现场会。与会人员参观了芦山县科技馆。"], "四川省", "source"),
        (["近日，省科协组织专家服务。专家们来到芦山县思延镇。"], "芦山县", "text"),
    ],
)
def test_a_scene_may_come_before_the_place(paragraphs: list[str], name: str, how: str) -> None:
    located = place(T, *paragraphs)
    assert located.region is not None
    assert (located.region.path[-1], located.region.how) == (name, how)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("四川芦山：竹编课", "芦山县"),
        ("浙江安吉：白茶课", "安吉县"),
        ("湖南长沙：科技周", "长沙市"),
        ("雅安芦山｜竹编课", "芦山县"),
        ("绿水青山：白茶课", "四川省"),
    ],
)
def test_a_headline_s_head_with_its_parents(title: str, name: str) -> None:
    assert last(place(title, "近日，开讲。")) == name


@pytest.mark.parametrize(
    "text",
    [
        "高县长与理县长对话，赵县长到会。",
        "和平利用核能，解放区的天，新兴区域，合作市场，新建区域。",
        "新城区的科技馆，老城区的居民，志愿者走进景区、园区、校区。",
        "高县级台账提到高县域，理县城里人来人往。",
        "江源生态课，乐业安居，长宁久安，大城市的小确幸。",
        "王宜宾研究员、向雅安教授、李汶川老师。",
    ],
)
def test_words_and_people_are_no_places(text: str) -> None:
    located = place(T, text)
    assert located.region is not None
    assert (located.region.code, located.region.how) == (SICHUAN, "source")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("近日，渠县黄花丰收。", "渠县"),
        ("近日，领导到荣县调研。", "荣县"),
        ("近日，专家团到理县把脉果园。", "理县"),
        ("近日，培训在茂县举办。", "茂县"),
        ("昆明市科协来攀考察，先后走进东区、仁和区。", None),
    ],
)
def test_two_characters_are_a_place_where_the_words_say_so(text: str, name: str | None) -> None:
    located = place(T, text, within="510400" if name is None else SICHUAN)
    if name is None:
        assert [one.path[-1] for one in located.regions] == ["东区", "仁和区"]
    else:
        assert last(located) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("近日，雄安新区科协开讲。", "130600"),
        ("近日，苏州工业园区科协开讲。", "320500"),
        ("近日，陕西省西咸新区科协开讲。", "610100"),
        ("近日，南京江北新区科普馆开馆。", "320100"),
        ("近日，青岛西海岸新区科协出海。", "370211"),
        ("近日，贵安新区科协开讲。", "520000"),
        ("近日，重庆两江新区科协开讲。", "500157"),
        ("近日，浦东新区科协开讲。", "310115"),
        ("近日，宜宾三江新区科协开讲。", "511500"),
    ],
)
def test_a_functional_area_is_its_parent_and_the_evidence_names_it(text: str, code: str) -> None:
    located = place(T, text, within=None)
    assert located.region is not None
    assert located.region.code == code
    area = text.removeprefix("近日，")[:4]
    assert area[:2] in located.evidence[0].text


def test_what_is_remembered_gives_way_to_what_is_reported() -> None:
    years_ago = "五年前，浙江省湖州市和雅安市科协签下协议。"
    assert last(place(T, years_ago, "近日，雅安市科协总结协作经验。")) == "雅安市"


def test_districts_that_are_nouns_stand_in_a_list_before_their_bodies() -> None:
    located = place(T, "近日，东区、西区科协开展巡展。")
    assert {region.path[-1] for region in located.regions} == {"东区", "西区"}
    assert last(place(T, "近日，校园东区、西区的学生看展。")) == "四川省"


@pytest.mark.parametrize("addressed", ["各县（区）科协：", "各县、区科协，各学会：", "各乡镇、街道科协："])
def test_a_notice_to_all_parts_is_the_regions_own(addressed: str) -> None:
    title = "关于组织参加四川省科普讲解大赛的通知"
    assert last(place(title, addressed, "大赛将于9月在绵阳市举行。", within=YAAN)) == "雅安市"


def test_short_reports_under_one_headline_are_about_all_their_places() -> None:
    reports = ("近日，宝兴县科协换届。", "3月2日，天全县科协办展。", "日前，芦山县开办夜校。")
    located = place("基层动态三则", *reports)
    assert last(located) == "雅安市"
    assert [one.path[-1] for one in located.regions] == ["宝兴县", "天全县", "芦山县"]
    assert last(place("宝兴县动态", *reports)) == "宝兴县"
    assert last(place("熊猫动态观察", reports[0], "熊猫吃竹子。")) == "宝兴县"
    assert last(place("基层动态", reports[0], "宝兴县科协还将办展。")) == "宝兴县"


def test_after_a_scene_a_place_with_its_town_says_where_it_is() -> None:
    scene = "清晨的山雾还没散。"
    assert last(place(T, scene, "在洪雅县瓦屋山镇，护林员已经出发。")) == "洪雅县"
    assert last(place(T, scene, "护林员想起洪雅县，笑了。")) == "四川省"


def test_a_city_at_a_headline_s_head_is_one_to_a_source_without_a_region() -> None:
    assert last(place("苏州：园林里的几何课", "近日，几何课开讲。", within=None)) == "苏州市"
    assert last(place("合作：从一张桌子开始", "近日，几何课开讲。", within=None)) is None
