"""A line's markup, cut to a part of its text."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.inline import Lines, cut, keep
from bulletins.markup import parse
from bulletins.model import Block, BlockKind

WORDS = st.text("科普 开张。&<>“”(张丽)1a\u3000", min_size=1, max_size=8)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), WORDS),
        st.tuples(st.sampled_from(["open", "close"]), st.sampled_from(["b", "em", "a"])),
        st.just(("end", "")),
    ),
    max_size=20,
)


def written(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    lines, opened = Lines(), list[str]()
    for what, word in steps:
        if what == "text":
            lines.text(word)
        elif what == "open":
            opened.append(word)
            lines.begin(word, {"href": 'http://a.example/?a=1&b="'} if word == "a" else {})
        elif what == "close" and opened:
            lines.close(opened.pop())
        elif what == "end":
            lines.end()
    while opened:
        lines.close(opened.pop())
    return list(lines.written())


def plain(html: str) -> str:
    return "".join(unescape(re.sub("<[^>]*>", "", html)).split())


@given(STEPS)
def test_each_line_is_well_formed_and_says_what_its_text_says(steps: list[tuple[str, str]]) -> None:
    for text, html in written(steps):
        if html:
            assert plain(html) == "".join(text.split())
            names = re.findall("<(/?)([a-z]+)", html)
            opened: list[str] = []
            for closes, name in names:
                if closes:
                    assert opened.pop() == name
                else:
                    opened.append(name)
            assert opened == []


@given(STEPS, st.integers(0, 12), st.integers(0, 12))
def test_a_cut_keeps_the_characters_asked_for(steps: list[tuple[str, str]], start: int, size: int) -> None:
    for text, html in written(steps):
        if html:
            assert plain(cut(html, start, start + size)) == "".join(text.split())[start : start + size]


@given(STEPS, st.integers(0, 12), st.integers(0, 12))
def test_a_cut_is_what_a_browser_reads_it_as(steps: list[tuple[str, str]], start: int, size: int) -> None:
    for _, html in written(steps):
        part = cut(html, start, start + size)
        assert plain(part) == "".join(parse(f"<body><p>{part}</p>").text.split())


@pytest.mark.parametrize(
    ("html", "text", "left"),
    [
        ("本报讯 <a href='x'>科普</a>开张。", "科普开张。", "<a href='x'>科普</a>开张。"),
        ("<b>科普</b>开张。(张<i>丽</i>)", "科普开张。", "<b>科普</b>开张。"),
        ("科普开张。<b>(张丽)</b>", "科普开张。", ""),
        ("<b><i>科普</i>开张。(张丽)</b>", "科普开张。", "<b><i>科普</i>开张。</b>"),
        ("科普 <b>&lt;开张&gt;</b>&nbsp;(张丽)", "科普 <开张>", "科普 <b>&lt;开张&gt;</b>"),
        ("<b>科普</b>，开张", "别的", ""),
        ("<b>科普</b>", "", ""),
    ],
)
def test_what_is_kept_of_a_block_keeps_its_markup(html: str, text: str, left: str) -> None:
    block = Block(BlockKind.PARAGRAPH, unescape(re.sub("<[^>]*>", "", html)), html)
    kept = keep(block, text)
    assert (kept.text, kept.html) == (text, left)


def test_markup_that_is_not_the_text_s_is_not_kept() -> None:
    assert keep(Block(BlockKind.PARAGRAPH, "科普开张", "<b>别的</b>"), "科普").html == ""
    same = Block(BlockKind.PARAGRAPH, "科普开张", "<b>科普</b>开张")
    assert keep(same, "科普开张") is same
