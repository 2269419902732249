"""A reading beside the good ones before it: what excuses what, and what is learned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.dates import SHANGHAI
from bulletins.expectations import Learned, dumped, learn, loaded
from bulletins.judgement import judged
from bulletins.looks import Look
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Edition,
    Evidence,
    Follow,
    Item,
    Lead,
    PageKind,
    PageNo,
    Precision,
    Reading,
    Role,
)

NOW = datetime(2026, 10, 14, 10, tzinfo=SHANGHAI)
BUILT = frozenset({"body>div#list>ul", "body>div#text>p", "body>div.head", "html>body>div"})
ROLES = {"title": "body>h0.t", "body": "body>div#text"}


def reading(n: int = 0, count: int = 4, **of_items: Any) -> Reading:
    """The n-th weekly edition, with so many articles."""
    day = date(2026, 10, 14) + timedelta(days=7 * n)
    items = tuple(replace(_item(n, at, day), **of_items) for at in range(count))
    lists = Follow("http://p.example/1", PageKind.PAGE, Lead())
    follow = (lists, *(Follow(item.link, PageKind.ARTICLE, Lead(title=item.title)) for item in items))
    looks = (
        Look(
            "http://p.example/1", PageKind.PAGE, BUILT, {"entry": "ul>li>a"}, hosts=frozenset({"p.example"})
        ),
        *(Look(item.link, PageKind.ARTICLE, BUILT, ROLES, frozenset({"分享"})) for item in items),
    )
    return Reading(items, follow=follow, kind=PageKind.EDITION, looks=looks)


def _paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def _item(n: int, at: int, day: date) -> Item:
    title = f"渡口第{n}{at}盏灯换成了太阳能"
    moment = datetime.combine(day, datetime.min.time(), SHANGHAI)
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, f"渡口第{n}{at}盏灯换成了太阳能,船工说了{k}遍好。") for k in range(5)
    )
    return Item(
        f"tag:t,2026:p/{n}-{at}",
        "p",
        title,
        f"http://p.example/{n}-{at}",
        moment,
        Precision.DAY,
        NOW,
        NOW,
        blocks,
        edition=Edition(3600 + n, day),
        page=PageNo("1", "要闻"),
        position=at,
        evidence=(Evidence("published", "edition", str(day)),),
    )


def rebuilt(said: Reading) -> Reading:
    """The same articles, on pages that are built otherwise."""
    looks = (replace(look, paths=frozenset({"body>main.new>p", "html>body>main"})) for look in said.looks)
    return replace(said, looks=tuple(looks))


def after(n: int) -> datetime:
    return NOW + timedelta(days=7 * n)


@pytest.fixture
def known() -> Learned:
    learned = Learned()
    for n, count in enumerate((3, 5, 4)):
        learned = learn(learned, reading(n, count), after(n))
    return learned


@pytest.mark.parametrize("count", [1, 2, 4, 24, 40])
def test_pages_as_ever_excuse_another_size(known: Learned, count: int) -> None:
    assert judged(known, reading(3, count), after(3)) is None


@pytest.mark.parametrize("seen", [1, 2, 4])
@pytest.mark.parametrize("count", [1, 6, 40])
@pytest.mark.parametrize(
    "unlike",
    [
        {"blocks": (_paragraph("渡口的灯换成了太阳能,船工说了三遍好。" * 30),)},
        {"blocks": (_paragraph("渡口换成了太阳能灯。"), _paragraph("船工说好。"))},
        {"title": "渡口的灯换成了太阳能,船工说了三遍好,乘客第二天才知道灯换过了"},
        {"authors": (), "region": None},
    ],
    ids=["long", "short", "long titles", "unsigned"],
)
def test_few_articles_say_little_of_the_next(seen: int, count: int, unlike: dict[str, Any]) -> None:
    """A first edition of few articles, and a second that is as good and of another temper."""
    authors = (Author("何小满", Role.REPORTER),)
    learned = learn(Learned(), reading(0, seen, authors=authors), NOW)
    said = reading(1, count, **unlike)
    items = tuple(
        replace(
            item,
            title=f"{item.title}{n}",
            blocks=tuple(replace(b, text=f"第{n}课。{b.text}") for b in item.blocks),
        )
        for n, item in enumerate(said.items)
    )
    assert judged(learned, replace(said, items=items, follow=()), after(1)) is None


def test_run_together_paragraphs_are_held_after_a_few_editions(known: Learned) -> None:
    """Texts as long as ever of one paragraph each; those of longer texts may be longer."""
    said = reading(3)
    text = "".join(block.text for block in said.items[0].blocks)
    joined = [replace(item, blocks=(_paragraph(f"{n}{text}"),)) for n, item in enumerate(said.items)]
    breach = judged(known, replace(said, items=tuple(joined)), after(3))
    assert breach is not None
    assert "characters of a paragraph" in breach.reason
    longer = reading(3, blocks=tuple(_paragraph(f"{text}{each * 6}。") for each in "一二三四五六"))
    items = [replace(item, blocks=item.blocks[at:]) for at, item in enumerate(longer.items)]
    assert judged(known, replace(longer, items=tuple(items)), after(3)) is None


def test_an_edition_that_is_read_again_on_other_pages_is_to_be_as_it_was(known: Learned) -> None:
    """The same articles, one paragraph less of each: too little to tell two editions apart by."""
    said = reading(2, 4)
    shorter = tuple(replace(item, blocks=item.blocks[:-1]) for item in said.items)
    breach = judged(known, rebuilt(replace(said, items=shorter)), after(2))
    assert breach is not None
    assert "the edition of 2026-10-28, read again, has other articles: characters of a text" in breach.reason
    assert judged(known, rebuilt(said), after(2)) is None  # read as before
    assert judged(known, replace(said, items=shorter), after(2)) is None  # edited, on pages as ever
    moved = tuple(replace(item, link=f"{item.link}-new") for item in shorter)
    follow = tuple(replace(one, url=f"{one.url}-new") for one in said.follow)
    others = replace(said, items=moved, follow=follow)
    assert judged(known, rebuilt(others), after(2)) is None  # the next articles of a list


def test_an_edition_whose_texts_are_all_others_is_held_on_pages_as_ever(known: Learned) -> None:
    said = reading(2, 4)
    tripled = tuple(replace(item, title=f"{item.title}_岷江科普报_新闻中心") for item in said.items)
    breach = judged(known, replace(said, items=tripled, follow=()), after(2))
    assert breach is not None
    assert "read again" in breach.reason


def test_figures_as_ever_excuse_another_design(known: Learned) -> None:
    assert judged(known, rebuilt(reading(3)), after(3)) is None


def test_another_design_of_which_less_is_read_is_held(known: Learned) -> None:
    short = (Block(BlockKind.PARAGRAPH, "渡口的灯换成了太阳能。"),)
    breach = judged(known, rebuilt(reading(3, blocks=short)), after(3))
    assert breach is not None
    assert "the pages lack 100% of their structure" in breach.reason
    assert "  - body>div#text>p" in breach.diff
    assert "  + body>main.new>p" in breach.diff


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "岷江科普报"}, "title of another"),
        ({"title": "{{ title }}"}, "unfilled or broken"),
        ({"title": "Light of the ferry"}, "Chinese characters in titles"),
        ({"evidence": (Evidence("published", "first seen", ""),)}, "a date of their own"),
        ({"page": None}, "articles with a page"),
        (
            {"blocks": (Block(BlockKind.PARAGRAPH, "百家乐老虎机真人荷官。"),)},
            "what hijackers write",
        ),
        ({"blocks": (Block(BlockKind.PARAGRAPH, "请下载客户端阅读全文。"),)}, "stands beside texts"),
        ({"published": NOW - timedelta(days=400)}, "days before the newest"),
    ],
)
def test_what_is_gravely_other_is_held_whatever_the_design(
    known: Learned, changed: dict[str, Any], words: str
) -> None:
    breach = judged(known, reading(3, **changed), after(3))
    assert breach is not None
    assert any(words in reason for reason in breach.reasons), breach.reasons


def test_one_article_is_a_slip(known: Learned) -> None:
    said = reading(3)
    odd = replace(said.items[0], title="{{ title }}", page=None)
    assert judged(known, replace(said, items=(odd, *said.items[1:])), after(3)) is None


def test_pages_that_break_off_are_held(known: Learned) -> None:
    said = reading(3)
    looks = tuple(replace(look, whole=look.kind != PageKind.ARTICLE) for look in said.looks)
    breach = judged(known, replace(said, looks=looks), after(3))
    assert breach is not None
    assert "the articles end early" in breach.reason


def test_a_first_reading_is_held_for_what_needs_no_comparison() -> None:
    assert judged(Learned(), reading(), NOW) is None
    assert judged(Learned(), reading(title="{{ title }}"), NOW)
    declared = judged(Learned(), reading(), NOW, {"items": (5, 9)})
    assert declared is not None
    assert declared.reason == "items: 4, and [sources.expect] items says 5 to 9"
    assert judged(Learned(), reading(), NOW, hosts=("other.example",))


def test_an_edition_teaches_once_and_is_kept_as_read_last(known: Learned) -> None:
    again = learn(known, reading(2, 6), after(2))
    assert again.figures("items") == [3, 5, 6]
    assert again.builds == known.builds


def test_acceptance_forgets_how_pages_were_built(known: Learned) -> None:
    taught = learn(known, rebuilt(reading(3)), after(3), anew=True)
    assert all("body>main.new>p" in build.stable for build in taught.builds.values())
    assert not any(path in build.paths for build in taught.builds.values() for path in BUILT)
    assert len(taught.editions) == 4


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), max_size=6))
def test_what_is_learned_outlives_being_written(editions: list[tuple[int, int]]) -> None:
    learned = Learned()
    for n, count in editions:
        learned = learn(learned, reading(n, count), after(n))
        assert judged(learned, reading(n, count), after(n)) is None  # what taught is no breach
    assert loaded(dumped(learned)) == learned
    assert loaded("") == Learned()
