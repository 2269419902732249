"""What is searched: every word of a text leads to it, and marks stand where words do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import terms
from feeds.scope import ALL, FeedKey

TEXT = "芦山县科协在茶园办起Celery课，２０２６年第3期，éclair。"


@pytest.mark.parametrize(
    "word",
    ["芦山", "山县", "茶园", "科协在茶园办起", "celery", "CELERY课", "2026", "年第3期", "Éclair", "第3"],
)
def test_a_word_that_stands_there_has_codes_that_are_kept(word: str) -> None:
    kept = terms.codes_of("题", [TEXT], [ALL])
    wanted = terms.codes(word)
    assert wanted
    assert set(wanted) <= kept
    assert terms.has(terms.plain(TEXT), terms.plain(word))


@given(st.text(max_size=80), st.data())
def test_whatever_is_cut_from_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    word = text[begin : begin + data.draw(st.integers(0, 40))]
    kept = terms.codes_of(text, [], [])
    # Normalising may join what a cut has parted: then the parts are not there, as they are compared.
    if terms.plain(word) in terms.plain(text) and len(terms.plain(word)) == len(word):
        assert set(terms.codes(word)) <= kept


@given(st.text(max_size=200))
def test_whatever_is_typed_has_few_codes(word: str) -> None:
    parts = max(len(terms.plain(word).split()), 1)
    assert len(terms.codes(word)) <= 12 * parts
    assert all(0 <= code < 1 << 62 for code in terms.codes(word))


def test_a_single_character_is_kept_of_the_title_alone() -> None:
    kept = terms.codes_of("县报", ["茶园"], [])
    assert set(terms.codes("县")) <= kept
    assert not set(terms.codes("茶")) <= kept


def test_a_single_character_beside_a_word_is_left_to_the_text() -> None:
    """It may stand in the text, where the index does not know it."""
    kept = terms.codes_of("题", [TEXT], [])
    for word in ("茶园 课", "课 茶园", "茶园 c"):
        assert set(terms.codes(word)) <= kept
        assert not terms.single(word)
        assert terms.has(terms.plain(TEXT), word)
    assert terms.single("茶")
    assert terms.single("茶 园")


@pytest.mark.parametrize("word", ["", "  ", "，。", "🎉", "\"'", "***"])
def test_what_has_no_character_to_look_for_has_no_code(word: str) -> None:
    assert terms.codes(word) == ()


def test_feeds_have_codes_of_their_own() -> None:
    keys = [FeedKey.of(region="511826"), FeedKey.of(region="511800"), FeedKey.of(source="a"), ALL]
    assert len({terms.code_of(key) for key in keys}) == 4
    assert all(1 << 62 <= terms.code_of(key) < 1 << 63 for key in keys)  # 64 bits with a sign


def test_words_are_marked_where_they_stand() -> None:
    assert terms.marked("在ＡＢ县，ab", ["ab"]) == [
        ("在", False),
        ("ＡＢ", True),
        ("县，", False),
        ("ab", True),
    ]
    assert terms.marked("茶园里的茶", ["茶园 的茶"]) == [("茶园", True), ("里", False), ("的茶", True)]
    assert terms.marked("", ["x"]) == []


@given(st.text(max_size=60), st.lists(st.text(max_size=5), max_size=4))
def test_marks_lose_no_text(text: str, words: list[str]) -> None:
    assert "".join(part for part, _ in terms.marked(text, words)) == text


def test_an_excerpt_shows_the_word() -> None:
    text = "前" * 300 + "茶园" + "后" * 300
    shown = terms.around(text, ["茶园"], 60)
    assert "茶园" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) == 62
    assert terms.around("短", ["茶园"], 60) == "短"
