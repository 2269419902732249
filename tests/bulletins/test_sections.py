"""One article that carries several regions -> one raw item for each region heading."""

from __future__ import annotations

import re
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


def test_a_shared_byline_at_the_end_of_the_last_paragraph_signs_all() -> None:
    found = split(raw((P, "南充市"), (P, "一。"), (P, "芦山县"), (P, f"二。{SHARED}")), "510000")
    assert [[block.text for block in part.blocks] for part in found] == [["一。"], ["二。"]]
    assert {part.byline for part in found} == {SHARED}
    assert {(part.column, part.column_kind) for part in found} == {(UMBRELLA, ColumnKind.UMBRELLA)}


@pytest.mark.parametrize("after", [(BlockKind.IMAGE, ""), (P, "责任编辑:何小满")])
def test_a_shared_byline_is_found_before_pictures_and_editors(after: tuple[BlockKind, str]) -> None:
    found = split(raw((P, "南充市"), (P, "一。"), (P, "芦山县"), (P, "二。"), (P, SHARED), after), "510000")
    assert [[block.text for block in part.blocks] for part in found] == [["一。"], ["二。", after[1]]]
    assert {part.byline for part in found} == {SHARED}


def test_a_last_section_s_own_byline_signs_that_section_alone() -> None:
    found = split(raw((P, "南充市"), (P, "一。"), (P, "芦山县"), (P, "二。(林小灶)")), "510000")
    assert [part.byline for part in found] == [None, None]
    assert found[1].blocks[0].text == "二。(林小灶)"


@pytest.mark.parametrize(
    "form",
    [
        *(
            "■ {}",
            "■{}",
            "【{}】",
            "● {}",
            "▶{}",
            "▶▶▶{}",
            "(1)▶▶▶{}",
            "◆{}",
            "1. {}",
            "1、{}",
            "2．{}",
            "一、{}",
            "（一）{}",
        ),
        *("{}科协", "■ {}科协", "{}科学技术协会", "{}：", "■ {}：", "— {} —", "★{}★", "「{}」", "#{}"),
    ],
)
def test_headings_in_any_dress(form: str) -> None:
    found = split(raw((P, form.format("南充市")), (P, "一"), (P, form.format("芦山县")), (P, "二")), "510000")
    assert [(part.title, part.region) for part in found] == [
        (f"南充市：{UMBRELLA}", "南充市"),
        (f"芦山县：{UMBRELLA}", "芦山县"),
    ]
    assert [[block.text for block in part.blocks] for part in found] == [["一"], ["二"]]


def test_a_bare_stem_heads_a_section_beside_a_full_heading_only() -> None:
    assert parts((P, "芦山"), (P, "一"), (P, "汶川县"), (P, "二")) == [("芦山", ["一"]), ("汶川县", ["二"])]
    assert parts((P, "芦山"), (P, "一"), (P, "汶川"), (P, "二")) == [(None, ["芦山", "一", "汶川", "二"])]
    assert parts((P, "■ 芦山"), (P, "一"), (P, "■ 汶川县"), (P, "二"))[0] == ("芦山", ["一"])
    foreign = [
        (P, "芦山县"),
        (P, "一"),
        (P, "汶川县"),
        (P, "二"),
        (P, "资源"),
        (P, "三"),
        (P, "东兴"),
        (P, "四"),
    ]
    assert [name for name, _ in parts(*foreign)] == ["芦山县", "汶川县", "东兴"]
    assert [part.region for part in split(raw(*foreign), "511800")] == ["芦山县", "汶川县"]
    assert [part.region for part in split(raw(*foreign), None)] == ["芦山县", "汶川县"]


@pytest.mark.parametrize(
    "html",
    [
        "<p><strong>{}</strong>　7月29日，{}科协开张。</p>",
        "<p><b>{}</b>7月29日，{}科协开张。</p>",
        "<p>　　<b>{}：</b>7月29日，{}科协开张。</p>",
        "<p><b>■ {}</b> 7月29日，{}科协开张。</p>",
        "<p>■<b>{}</b> 7月29日，{}科协开张。</p>",
        "<p><strong><span>{}</span></strong>　7月29日，{}科协开张。</p>",
        "<p><span><strong>{}</strong></span>　7月29日，{}科协开张。</p>",
        "<p><span class=place>{}</span>　7月29日，{}科协开张。</p>",
        "<p><span style='color:red'>{}</span>7月29日，{}科协开张。</p>",
        "<p><font color=red>{}</font>7月29日，{}科协开张。</p>",
        "<p>{}　7月29日，{}科协开张。</p>",
        "<p>【{}】7月29日，{}科协开张。</p>",
        "<p>■ {}：7月29日，{}科协开张。</p>",
    ],
)
def test_a_name_at_the_head_of_a_paragraph_is_a_heading(html: str) -> None:
    page = "".join(html.format(name, name) + "<p>二</p>" for name in ("芦山县", "汶川县"))
    box = parse(f"<div id=box>{page}</div>").first("#box")
    assert box is not None
    found = split(RawItem(UMBRELLA, "http://kepu.example/a", box.blocks("http://kepu.example/a")), "510000")
    assert [(part.title, part.region, [block.text for block in part.blocks]) for part in found] == [
        (f"{name}：{UMBRELLA}", name, [f"7月29日，{name}科协开张。", "二"]) for name in ("芦山县", "汶川县")
    ]
    assert {block.html for part in found for block in part.blocks} == {""}


def test_markup_after_a_name_at_the_head_of_a_paragraph_is_kept() -> None:
    html = "".join(f"<p><b>{name}</b>　7月29日，<a href=/x>开张</a>。</p>" for name in ("芦山县", "汶川县"))
    box = parse(f"<div id=box>{html}</div>").first("#box")
    assert box is not None
    found = split(RawItem(UMBRELLA, "http://kepu.example/a", box.blocks("http://kepu.example/a")), "510000")
    link = '<a href="http://kepu.example/x">开张</a>'
    assert [part.blocks[0].html for part in found] == [f"7月29日，{link}。"] * 2


@pytest.mark.parametrize(
    "blocks",
    [
        ["<b>芦山县</b>科协开张。", "<b>汶川县</b>科协开张。"],  # the subject of its sentence
        ["<b>芦山县</b>　三等奖", "<b>汶川县</b>　二等奖"],  # rows of a list
        ["芦山县 张三 李四", "汶川县 王五"],
        ["芦山县：12人", "汶川县：8人"],
        ["1. 芦山县", "2. 汶川县", "3. 理县", "近日，开张。"],  # a list of names
        ["芦山县科协", "汶川县科协", "理县科协", "近日，开张。"],
        ["■ 合作", "近日，开张。", "■ 资源", "近日，开张。"],
        ["1. 加强芦山县科普", "近日，开张。", "2. 加强汶川县科普", "近日，开张。"],
        ["（芦山县科协）", "近日，开张。", "（汶川县科协）", "近日，开张。"],  # bylines
        ["近日，开张。", "芦山县科协", "近日，开张。", "汶川县科协", "近日，开张。", "理县科协"],  # senders
    ],
)
def test_what_is_no_roundup(blocks: list[str]) -> None:
    box = parse("<div id=box>" + "".join(f"<p>{text}</p>" for text in blocks) + "</div>").first("#box")
    assert box is not None
    whole = RawItem(UMBRELLA, "http://kepu.example/a", box.blocks("http://kepu.example/a"))
    assert split(whole, "510000") == (whole,)


SAID = ["近日，开张。", "二", SIGNED, SHARED, "(记者 何小满)", f"三。{SHARED}", "理县　近日，开张。"]
TEXTS = st.sampled_from(
    ["南充市", "■ 芦山县", "理县：", "成都", "1. 汶川县", "阆中市科协", "芦山", "合作", *SAID]
)
BLOCKS = st.lists(st.tuples(st.sampled_from([P, H, BlockKind.LIST]), TEXTS), max_size=12)
COLUMN = (P, "地方科协 | DI FANG KE XIE")
DRESS = re.compile(r"[■：　 ]|\d\. |(?<=阆中市)科协")


@given(BLOCKS, st.booleans())
def test_no_text_is_lost_and_none_is_doubled(blocks: list[tuple[BlockKind, str]], columned: bool) -> None:
    whole = raw(*([COLUMN] if columned else []), *blocks)
    found = split(whole, "510000")
    kept = [text for part in found for text in (part.region or "", *(block.text for block in part.blocks))]
    taken = [COLUMN[1] if columned else "", found[-1].byline or ""]
    lost = Counter(DRESS.sub("", "".join(block.text for block in whole.blocks)))
    lost.subtract(Counter(DRESS.sub("", "".join([*kept, *taken]))))
    assert not any(lost.values())
    # Each in its order.
    order = [block for block in whole.blocks if block.kind == BlockKind.LIST]
    assert [block for part in found for block in part.blocks if block.kind == BlockKind.LIST] == order
