"""One article that carries several regions -> one raw item for each region heading."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.markup import parse
from bulletins.model import Block, BlockKind, ColumnKind, RawItem
from bulletins.sections import split

P, H = BlockKind.PARAGRAPH, BlockKind.HEADING
UMBRELLA = "全省各地科普小站 一起把星空请下山"
SHARED = "(本栏目组稿:卢半夏 唐小雪 本报记者 张望山)"
SIGNED = "看完星星，大家各自提灯回家。(林小灶)"


def raw(*blocks: tuple[BlockKind, str], column: str | None = None, byline: str | None = None) -> RawItem:
    made = tuple(Block(kind, text) for kind, text in blocks)
    return RawItem(UMBRELLA, "http://kepu.example/a", made, column=column, byline=byline)


def parts(*blocks: tuple[BlockKind, str], column: str | None = None) -> list[tuple[str | None, list[str]]]:
    found = split(raw(*blocks, column=column), "510000")
    return [(part.region, [block.text for block in part.blocks]) for part in found]


def test_each_region_heading_begins_a_section() -> None:
    found = split(raw((P, "南充市"), (P, "一"), (P, "二"), (H, "芦山县"), (P, "三"), (P, SHARED)), "510000")
    assert [(part.title, part.region, part.section) for part in found] == [
        (f"南充市：{UMBRELLA}", "南充市", 1),
        (f"芦山县：{UMBRELLA}", "芦山县", 2),
    ]
    assert [[block.text for block in part.blocks] for part in found] == [["一", "二"], ["三"]]
    assert {part.byline for part in found} == {SHARED}
    assert {(part.column, part.column_kind) for part in found} == {(UMBRELLA, ColumnKind.UMBRELLA)}


@pytest.mark.parametrize(
    "html",
    [
        "<h3>南充市</h3><p>一</p><h3>芦山县</h3><p>二</p>",
        "<p><strong>南充市</strong></p><p>一</p><p><strong>芦山县</strong></p><p>二</p>",
        "<p style='text-align:center'>南充市</p><p>一</p><p style='text-align:center'>芦山县</p><p>二</p>",
        "<p>　　南充市：</p><p>一</p><p>&nbsp;芦山县&nbsp;</p><p>二</p>",
        "南充市<br>一<br>芦山县<br>二",
        "<center><b>南充市</b></center><p>一</p><center><b>芦山县</b></center><p>二</p>",
    ],
    ids=["h3", "strong", "centred", "plain", "br", "center"],
)
def test_headings_in_any_markup(html: str) -> None:
    box = parse(f"<div id=box>{html}</div>").first("#box")
    assert box is not None
    blocks = box.blocks("http://kepu.example/a")
    found = split(RawItem(UMBRELLA, "http://kepu.example/a", blocks), "510000")
    assert [(part.region, [block.text for block in part.blocks]) for part in found] == [
        ("南充市", ["一"]),
        ("芦山县", ["二"]),
    ]


def test_one_heading_alone_is_no_roundup() -> None:
    assert parts((P, "南充市"), (P, "一"), (P, "二")) == [(None, ["南充市", "一", "二"])]
    assert split(raw(), "510000") == (raw(),)


def test_what_stands_before_the_first_heading_is_an_item_of_its_own() -> None:
    found = split(
        raw((P, "编者按"), (P, "南充市"), (P, "一"), (P, "芦山县"), (P, "二"), (P, SHARED)), "510000"
    )
    assert [part.section for part in found] == [0, 1, 2]
    assert (found[0].title, found[0].region) == (UMBRELLA, None)
    assert [block.text for block in found[0].blocks] == ["编者按"]
    assert found[0].byline == SHARED


def test_sections_that_are_each_signed_keep_their_bylines_and_share_no_column() -> None:
    found = split(raw((P, "南充市"), (P, SIGNED), (P, "芦山县"), (P, SIGNED), column="科普长廊"), "510000")
    assert [[block.text for block in part.blocks] for part in found] == [[SIGNED], [SIGNED]]
    assert {(part.column, part.byline) for part in found} == {("科普长廊", None)}


def test_a_lone_byline_at_the_end_signs_all_when_no_section_is_signed() -> None:
    lone = "(本报记者 张望山)"
    found = split(raw((P, "南充市"), (P, "一"), (P, "芦山县"), (P, "二"), (P, lone)), "510000")
    assert {part.byline for part in found} == {lone}
    assert {part.column for part in found} == {None}  # it does not speak of a column
    own = split(raw((P, "南充市"), (P, SIGNED), (P, "芦山县"), (P, "二"), (P, lone)), "510000")
    assert {part.byline for part in own} == {None}
    assert [block.text for block in own[1].blocks] == ["二", lone]


def test_the_column_heading_wins_over_the_umbrella() -> None:
    column = "科普长廊 | KE PU CHANG LANG"
    found = split(raw((P, column), (P, "南充市"), (P, "一"), (P, "芦山县"), (P, "二"), (P, SHARED)), "510000")
    assert {(part.column, part.column_kind) for part in found} == {("科普长廊", ColumnKind.HEADING)}
    assert [part.region for part in found] == ["南充市", "芦山县"]


def test_a_heading_without_a_text_of_its_own_belongs_to_the_section_above() -> None:
    assert parts((P, "南充市"), (P, "阆中市"), (P, "一"), (P, "芦山县"), (P, "二"), (P, "理县")) == [
        (None, ["南充市"]),
        ("阆中市", ["一"]),
        ("芦山县", ["二", "理县"]),
    ]


def test_two_sections_may_have_the_same_heading() -> None:
    assert parts((P, "南充市"), (P, "一"), (P, "南充市"), (P, "二")) == [
        ("南充市", ["一"]),
        ("南充市", ["二"]),
    ]


SAID = ["近日，开张。", "二", SIGNED, SHARED, "(记者 何小满)"]
TEXTS = st.sampled_from(["南充市", "芦山县", "理县：", "成都", *SAID])
BLOCKS = st.lists(st.tuples(st.sampled_from([P, H, BlockKind.LIST]), TEXTS), max_size=12)
COLUMN = (P, "地方科协 | DI FANG KE XIE")


@given(BLOCKS, st.booleans())
def test_no_text_is_lost_and_none_is_doubled(blocks: list[tuple[BlockKind, str]], columned: bool) -> None:
    whole = raw(*([COLUMN] if columned else []), *blocks)
    found = split(whole, "510000")
    kept = [block.text for part in found for block in part.blocks]
    headings = [part.region for part in found if part.region]
    lost = Counter(block.text.rstrip("：") for block in whole.blocks)
    lost.subtract(Counter(text.rstrip("：") for text in [*kept, *headings]))
    taken = ([COLUMN[1]] if columned else []) + ([found[-1].byline] if found[-1].byline else [])
    assert {text: count for text, count in lost.items() if count} == dict(Counter(taken))
    # Each in its order.
    order = [block for block in whole.blocks if block.kind == BlockKind.LIST]
    assert [block for part in found for block in part.blocks if block.kind == BlockKind.LIST] == order
