"""Whether an edit means something, and what of it a reader is shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.edits import Diff, Paragraph, RunKind, diff, substantive
from bulletins.model import Author, Block, BlockKind, Item, Role
from tests.bulletins.test_changes import text

BODY = "近日，名山区科协在茶园里开讲，教茶农辨认病虫害。"


@pytest.mark.parametrize(
    "after",
    [
        "近日，\u3000名山区科协 在茶园里\u200b开讲，教茶农辨认病虫害。",
        f"{BODY}（阅读：1,024次）",
        f"{BODY}浏览次数：12",
        f"{BODY}阅读量 3万+",
        f"{BODY}点赞数:7",
        f"当前时间：2026年1月2日 10:20:33 星期五{BODY}",
        f"{BODY}更新时间：2026-01-02 10:20",
        f"{BODY}今天是2026年1月2日星期五",
    ],
)
def test_blanks_counters_and_clocks_mean_nothing(after: str) -> None:
    assert not substantive(text("a", BODY), text("a", after))


@pytest.mark.parametrize(
    "after",
    [
        BODY.replace("茶园", "果园"),
        BODY.replace("，教", "。教"),
        f"{BODY}点击率达35%。",
        f"{BODY}10月12日10时开讲。",
        f"{BODY}阅读室对外开放。",
    ],
)
def test_words_numbers_and_marks_of_the_text_do(after: str) -> None:
    assert substantive(text("a", BODY), text("a", after))


def test_title_authors_and_pictures_do_and_markup_does_not() -> None:
    before = text("a", BODY)
    (block,) = before.blocks
    assert substantive(before, replace(before, title="看茶"))
    assert substantive(before, replace(before, authors=(Author("林听雨", Role.REPORTER),)))
    assert not substantive(before, replace(before, blocks=(replace(block, html=f"<b>{BODY}</b>"),)))
    first, session, second = (
        replace(before, blocks=(block, Block(BlockKind.IMAGE, "", "", f"http://kepu.example/{name}")))
        for name in ("1.jpg", "1.jpg?_=99", "2.jpg")
    )
    assert substantive(before, first)
    assert substantive(first, second)
    assert not substantive(first, session)


def test_a_diff_shows_what_came_and_went_within_a_paragraph() -> None:
    before = text("a", "八十余名果农参加。", "专家讲修枝。", "散会。", title="修枝")
    after = text("a", "九十余名果农参加了。", "专家讲修枝。", "有人提问。", title="修枝课")
    shown = diff(before, after)
    assert _marked(shown.title) == "修枝[+课]"
    assert [_marked(paragraph) for paragraph in shown.paragraphs] == [
        "[-八][+九]十余名果农参加[+了]。",
        "专家讲修枝。",
        "[+有人提问。]",
        "[-散会。]",
    ]


def test_no_edit_shows_no_edit() -> None:
    shown = diff(text("a", BODY, BODY), text("a", BODY, BODY))
    assert [_marked(paragraph) for paragraph in shown.paragraphs] == [BODY, BODY]


def test_a_very_long_paragraph_is_shown_whole() -> None:
    long = "山水" * 3000
    (paragraph,) = diff(text("a", long), text("a", f"{long}。")).paragraphs
    assert [run.kind for run in paragraph] == [RunKind.DELETED, RunKind.INSERTED]


def _marked(paragraph: Paragraph) -> str:
    signs = {RunKind.SAME: "{}", RunKind.INSERTED: "[+{}]", RunKind.DELETED: "[-{}]"}
    return "".join(signs[run.kind].replace("{}", run.text) for run in paragraph)


paragraphs = st.lists(st.text(st.sampled_from("山水田园春秋，。"), min_size=1, max_size=12), max_size=5)


def _without(shown: Diff, kind: RunKind) -> list[str]:
    said = ["".join(run.text for run in runs if run.kind != kind) for runs in shown.paragraphs]
    return [one for one in said if one]


@given(paragraphs, paragraphs)
def test_a_diff_holds_both_texts(before: list[str], after: list[str]) -> None:
    def item(body: list[str]) -> Item:
        return replace(text("a"), blocks=tuple(Block(BlockKind.PARAGRAPH, one) for one in body))

    shown = diff(item(before), item(after))
    assert _without(shown, RunKind.INSERTED) == before
    assert _without(shown, RunKind.DELETED) == after
    for runs in shown.paragraphs:
        assert all(run.text for run in runs)
        assert all(one.kind != other.kind for one, other in pairwise(runs))
