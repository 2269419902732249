"""How alike two texts are, and the numbers by which an index finds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletins.likeness import containment, core, likeness, shingles, sketch

texts = st.text(st.sampled_from("山水田园春秋种收，。 \n1２aＡ"), max_size=60)


def test_blanks_punctuation_width_and_case_do_not_count() -> None:
    assert core("名山区科协 把茶园\u3000办成“课堂”！ＡB１") == "名山区科协把茶园办成课堂ab1"
    assert shingles("茶园，里") == {"茶园里"}
    assert shingles("茶 园") == {"茶园"}
    assert shingles("……") == frozenset()


def test_a_sketch_is_the_same_for_ever() -> None:
    """Stored ones are compared with those of later releases."""
    assert sketch("名山区科协把茶园办成课堂", 3) == (
        1700233790206865686,
        2142768592466764633,
        2612465596011053690,
    )


def test_a_word_changed_leaves_texts_alike_and_other_texts_are_not() -> None:
    text = "近日，名山区科协在茶园里开讲，教茶农辨认病虫害，茶农们说，听得懂，用得上，盼着下回再来。"
    edited = text.replace("下回", "明年")
    other = "安岳县的果农围在柠檬树下听课，专家讲修枝要留几个芽，讲虫子在哪一片叶子背面过冬。"
    assert likeness(shingles(text), shingles(edited)) > 0.7
    assert likeness(shingles(text), shingles(other)) < 0.1
    assert set(sketch(text)) & set(sketch(edited))
    assert not set(sketch(text)) & set(sketch(other))
    assert containment(shingles(text), shingles(other + text)) == 1


@given(texts, texts)
def test_likeness_is_a_measure(one: str, other: str) -> None:
    a, b = shingles(one), shingles(other)
    assert 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert likeness(a, a) == 1
    assert (likeness(a, b) == 1) == (a == b)
    assert likeness(a, b) <= max(containment(a, b), containment(b, a)) <= 1
    assert containment(a & b, a) == 1


@given(texts, st.integers(0, 12))
def test_a_sketch_is_some_of_the_smallest(text: str, count: int) -> None:
    drawn = sketch(text, count)
    assert drawn == sketch(f" {text}。", count)
    assert list(drawn) == sorted(set(drawn))
    assert len(drawn) <= count
    assert all(0 <= one < 2**63 for one in drawn)
    assert sketch(text, 10**6)[:count] == drawn
