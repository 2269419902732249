from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import bylines, columns, prose, regions
from bulletins.model import Block, BlockKind
from tests.bulletins import reference
from tests.support.shared import needed


def paragraphs(*texts: str) -> list[Block]:
    return [Block(BlockKind.PARAGRAPH, text) for text in texts]


def joined(*texts: str) -> list[str]:
    return [block.text for block in prose.join(paragraphs(*texts))]


PIECES = st.text(
    st.sampled_from(
        "科普志愿者为社区居民讲解防汛减灾知识会议强调一二,、。；：:”“()（）！1.2年 记者Ab本报讯●"
    ),
    max_size=45,
).map(prose.clean)
BLOCKS = st.lists(
    st.builds(Block, st.sampled_from([BlockKind.PARAGRAPH] * 5 + [*BlockKind]), PIECES), max_size=8
)


@given(BLOCKS)
def test_no_text_is_lost(blocks: list[Block]) -> None:
    def letters(some: list[Block]) -> str:
        return "".join(block.text for block in some).replace(" ", "")

    assert letters(list(prose.join(blocks))) == letters(blocks)


@given(BLOCKS)
def test_what_is_joined_is_joined(blocks: list[Block]) -> None:
    once = prose.join(blocks)
    assert prose.join(once) == once


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("会议要求,全县科协组织和广大", "科技工作者要认真学习,抓好落实。"),
        ("本次科普培训班共设置了5", "个专题。"),
        ("参加这次青少年科普活动的", "孩子们都来了。"),
        ("科普志愿者为居民讲解了洪涝,并示范山洪", "灾害后的疾病预防知识;大家受益。"),
        ("为进一步弘扬优良传统,营造良好氛围,", "近日,云岭县科协开展主题活动。"),
        ("会上,云岭县科协召开党组(扩大)", "会议,研究工作。"),
        ("会议学习了《中国共产党第二十届中央委员会全体", "会议公报》,领会精神。"),
        ("大家要坚定信心,落实好党的", "二十届三中全会精神。"),
        ("活动现场,志愿者围绕防溺水,", "3名队员作了示范。"),
    ],
)
def test_a_broken_sentence_is_whole_again(left: str, right: str) -> None:
    assert joined(left, right) == [left + right]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("会议研究了工作,部署了任务。", "会上,大家作了交流。"),
        ("他说:“我们一定要努力学习。”", "会后,大家参观了展览。"),
        ("会议听取了汇报,讨论了计划(略。)", "会后,大家参观了展览。"),
        ("会议提出了三条具体的要求:", "要加强领导,压实责任。"),
        ("会议提出了三条具体的要求；", "要加强领导,压实责任。"),
        ("切实强化广大科技工作者思想政治引领", "要把学习作为任务,抓紧抓实。"),
        ("一、加强组织领导,压实工作责任", "要把学习作为任务,抓紧抓实。"),
        ("抓好理论学习,强化党性修养", "要把学习作为任务,抓紧抓实。"),
        ("会议研究了全年工作,部署了下一阶段", "一、加强领导,压实责任。"),
        ("会议研究了全年工作,部署了下一阶段", "云岭县"),
        ("会议研究了全年工作,部署了下一阶段", "本报记者 毛静"),
        ("会议研究了全年工作,部署了下一阶段", "(张钰涛)"),
        ("会议研究了全年工作,部署了下一阶段", "同志们："),
        ("会议研究了全年工作,部署了下一阶段", "会议强调,要抓好落实。"),
        ("大家纷纷表示受益匪浅,收获很大。 (本报记者 毛静)", "要把学习作为任务,抓紧抓实。"),
    ],
)
def test_what_stands_alone(left: str, right: str) -> None:
    assert joined(left, right) == [left, right]


def test_three_columns_make_one_paragraph() -> None:
    parts = ("会议要求,全县科协组织和广大", "科技工作者要认真学习,深刻领会,抓", "好落实,取得实效。")
    assert joined(*parts) == ["".join(parts)]


def test_latin_words_keep_their_blank() -> None:
    left, right = "大家学习了开放源代码,动手编译Linux", "kernel,收获很大。"
    assert joined(left, right) == [f"{left} {right}"]


def test_only_paragraphs_are_joined_and_markup_is_kept() -> None:
    left, right = paragraphs("会议要求,全县科协组织和广大", "科技工作者要认真学习,抓好落实。")
    heading = Block(BlockKind.HEADING, right.text)
    assert prose.join([left, heading]) == (left, heading)
    bold = Block(BlockKind.PARAGRAPH, left.text, f"<strong>{left.text}</strong>")
    assert prose.join([bold, right]) == (bold, right)
    marked = Block(BlockKind.PARAGRAPH, left.text, left.text.replace("要求", "<em>要求</em>"))
    assert prose.join([marked, right])[0].html == marked.html + right.text


@given(st.text())
def test_clean_text_fits_xml(text: str) -> None:
    clean = prose.clean(text)
    assert clean == prose.clean(clean)
    assert clean == clean.strip()
    assert "  " not in clean
    clean.encode()
    assert all(mark not in clean for mark in "\x00\x0b\u202e\u2066\ufeff\ufffe\u3000\xa0")


C0 = [chr(code) for code in range(32) if chr(code) not in "\t\n\r"]


@given(st.text(st.sampled_from([*C0, *"\x7f\u200b\u202a\u202e\u2066\u2069\ufeff\ufffe\uffff"])))
def test_a_mark_that_nobody_sees_parts_no_word(marks: str) -> None:
    assert prose.clean(f"名山{marks}区科协") == "名山区科协"


def test_clean_changes_no_punctuation() -> None:
    assert prose.clean("\u3000\u3000近日,“保姆式”服务\x0b……（扩大）\xa0\xa0会议——\u202e完。\n") == (
        "近日,“保姆式”服务……（扩大） 会议——完。"
    )


@needed
def test_the_reference_edition() -> None:
    blocks: list[str] = []
    expected = [text for item in reference.items() for text in item["paragraphs"]]
    titles = {item["title"].partition("：")[2] or item["title"] for item in reference.items()}
    for text in reference.paragraphs():
        text = bylines.opening(prose.clean(text)).rest
        closing = bylines.closing(text)
        text = closing.rest if closing else text
        if text and text not in titles and not regions.named(text) and not columns.heading(text):
            blocks.append(text)
    assert len(blocks) - len(expected) == 12
    assert joined(*blocks) == expected
