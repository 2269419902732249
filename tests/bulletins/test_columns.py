from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from bulletins import columns

HAN = st.text(
    st.sampled_from("地方科协之窗要闻综合普天府广角人物风采银行长乐重庆绿女"), min_size=1, max_size=40
)


@pytest.mark.parametrize(
    "text",
    [
        "地方科协 | DI FANG KE XIE",
        "地方科协｜DIFANGKEXIE",
        "地方科协丨Di Fang Ke Xie",
        "地方科协/di fang ke xie",
        "地方科协·DIFANG KEXIE",
        "地方科协\nDI FANG KE XIE",
        "  地方科协　DI FANG KE XIE ",
        "地 方 科 协 DI FANG KE XIE",
        "地方科协 Dì Fāng Kē Xié",
        "【地方科协】ＤＩ ＦＡＮＧ ＫＥ ＸＩＥ",
        "栏目：地方科协",
        "【专栏:地方科协】",
    ],
)
def test_a_heading_has_its_pinyin_beside_it(text: str) -> None:
    assert columns.heading(text) == "地方科协"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("【县域风采】", "县域风采"),
        ("〖 县 域 风 采 〗", "县域风采"),
        ("■ 县域风采", "县域风采"),
        ("「县域风采」", "县域风采"),
        ("“科普”进万家", "“科普”进万家"),
        ("“科普”与“科创”", "“科普”与“科创”"),
        ("【】", "【】"),
    ],
)
def test_what_a_name_is_set_in_is_no_part_of_it(printed: str, name: str) -> None:
    assert columns.canonical(printed, {}) == name
    assert columns.canonical(printed, {"县域风采": "县域"}) == {"县域风采": "县域"}.get(name, name)


@pytest.mark.parametrize(
    "text",
    [
        "地方科协",
        "地方科协 | KE PU",
        "地方科协 | DI FANG KE",
        "DI FANG KE XIE",
        "AI",
        "",
        "开放日 OPEN DAY",
        "栏目：",
        "栏目：开讲了，快来",
    ],
)
def test_other_texts_are_no_heading(text: str) -> None:
    assert columns.heading(text) is None


@pytest.mark.parametrize(
    "text", ["重庆之窗 | CHONG QING ZHI CHUANG", "绿色 LÜ SE", "绿色 LV SE", "绿色 LU SE"]
)
def test_readings(text: str) -> None:
    assert columns.heading(text) == text.split()[0]


@given(HAN, st.sampled_from([" | ", "｜", "/", "\n", " "]), st.booleans())
def test_what_the_printer_sets_is_read(name: str, bar: str, together: bool) -> None:
    latin = ("" if together else " ").join(lazy_pinyin(name)).upper()
    assert columns.heading(f"{name}{bar}{latin}") == name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("地方科协", "di-fang-ke-xie"),
        ("重庆银行", "chong-qing-yin-hang"),
        ("科普365", "ke-pu-365"),
        ("AI 科普", "ai-ke-pu"),
        ("“绿色”生活", "lv-se-sheng-huo"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert columns.slug(name) == slug


def test_a_slug_stays_what_it_was() -> None:
    long = "全市各级科协组织开展科技工作者日系列活动和科普进社区进校园进企业志愿服务"
    assert columns.slug(long) == "quan-shi-ge-ji-ke-xie-zu-zhi-kai-zhan-ke-ji-gong-" + columns.slug(long)[-8:]
    assert columns.slug(long) == columns.slug(f" {long}\u3000")
    assert columns.slug("！！") == "41fa91dd"


@given(st.text() | HAN)
def test_a_slug_has_its_shape(name: str) -> None:
    for slug in (columns.slug(name), columns.slug_apart(name)):
        assert re.fullmatch("[a-z0-9][a-z0-9-]*", slug)
        assert len(slug) <= 60
        assert "--" not in slug
        assert not slug.endswith("-")


@given(HAN)
def test_a_slug_apart_is_another_one(name: str) -> None:
    whole = "-".join(lazy_pinyin(name))
    assert (columns.slug(name) == columns.slug_apart(name)) == (len(whole) > 60)


def test_names_that_read_alike_can_be_told_apart() -> None:
    assert columns.slug("公式") == columns.slug("公事")
    assert columns.slug_apart("公式") != columns.slug_apart("公事")


def test_canonical() -> None:
    aliases = {"地方 科协动态": "地方科协", "DFKX": "地方科协"}
    assert columns.canonical(" 地方\u3000科协动态 ", aliases) == "地方科协"
    assert columns.canonical("DFKX", aliases) == "地方科协"
    assert columns.canonical("地 方 科 协", {}) == "地方科协"
    assert columns.canonical("各级科协组织  积极学习", {}) == "各级科协组织 积极学习"
