"""What repeats in titles, texts and lists as no news does; and what looks like it and is well."""

from __future__ import annotations

import pytest

from bulletins import repeats

TITLES = ("渡口换了太阳能灯", "旧书市集开张", "候鸟观察棚迎来学员", "梯田插秧机有了帮手")


def test_an_addition_to_titles_is_one_that_several_have() -> None:
    counted = [(f"{title} 阅读 {n * 37}", title) for n, title in enumerate(TITLES)]
    assert repeats.additions(counted) == 4
    assert repeats.additions(counted[:2]) == 0
    assert repeats.additions([(f"{title[::-1]} {title}", title) for title in TITLES]) == 0  # kickers
    assert repeats.additions([(title, title[:6]) for title in TITLES]) == 0  # lists that cut
    assert repeats.additions([(title, "") for title in TITLES]) == 0


def test_lines_that_end_alike() -> None:
    lines = [f"{title}，看得人心里亮堂" for title in TITLES]
    assert not repeats.tailed([f"{line}{n * 7}回。" for n, line in enumerate(lines)])
    assert repeats.tailed([f"{line}（本报独家稿件，禁止转载）" for line in lines])
    assert not repeats.tailed(["特此公告，禁止转载，违者必究。"] * 4)  # `within` tells the same line twice
    assert not repeats.tailed([f"{line}（禁止转载）" for line in lines[:2]])


def test_texts_of_one_formula() -> None:
    texts = [(f"近日，{title}。", f"{title}，内容由系统生成，仅供参考。") for title in TITLES]
    assert repeats.formula(texts) == 1.0
    assert repeats.formula([(f"{title}。", f"说的是{title[::-1]}。") for title in TITLES]) == 0.0
    assert repeats.formula(texts[:2]) == 0.0


def test_articles_that_several_pages_list() -> None:
    assert repeats.told_twice({}) == 0.0
    assert repeats.told_twice({"/a": ["1", "1"], "/b": ["2"]}) == 0.0
    assert repeats.told_twice({"/a": ["1", "2"], "/b": ["2"]}) == 0.5


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("近日，芦山县科协走进乡村学校，为孩子们讲", True),
        ("白日依山尽", False),
        ("第四村　四百零四亩", False),
        ("江小满　何知秋　林听雨　周望舒　严冬青　唐一勺", False),
        ("报名电话：0835-2412345，联系人：云雪", False),
        ("投稿请寄 desk@paper.example，注明栏目", False),
    ],
)
def test_a_line_that_breaks_off(line: str, broken: bool) -> None:
    assert repeats.breaks_off(line) == broken


def test_a_rare_name_is_no_veil() -> None:
    assert not repeats.veiled("记者\ue001写道")
    assert repeats.veiled("一年省下\ue603\ue608\ue602元，添\ue607把")
