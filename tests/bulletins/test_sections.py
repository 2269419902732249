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


def test_a_shared_byline_leaves_the_markup_of_the_paragraph_that_it_ends() -> None:
    heads = (Block(P, "南充市"), Block(P, "一。"), Block(P, "芦山县"))
    ends = Block(P, f"看，星空。{SHARED}", f"看，<strong>星空</strong>。{SHARED}")
    found = split(RawItem(UMBRELLA, "http://kepu.example/a", (*heads, ends)), "510000")
    assert found[-1].blocks == (Block(P, "看，星空。", "看，<strong>星空</strong>。"),)


@pytest.mark.parametrize(
    "blocks",
    [
        [(P, "地方科协 | DI FANG KE XIE"), (P, "一。")],
        [(P, "地方科协"), (P, "DI FANG KE XIE"), (P, "一。")],
        [(H, "【地方科协】"), (P, "difang kexie"), (P, "一。")],
        [(BlockKind.IMAGE, ""), (P, "地方科协"), (P, "DI FANG KE XIE"), (P, "一。")],
        [(BlockKind.IMAGE, ""), (P, "地方科协 | DI FANG KE XIE"), (P, "一。")],
    ],
)
def test_a_column_s_heading_has_its_pinyin_beside_or_below_it(blocks: list[tuple[BlockKind, str]]) -> None:
    (found,) = split(raw(*blocks), "510000")
    assert (found.column, found.column_kind) == ("地方科协", ColumnKind.HEADING)
    assert [block.text for block in found.blocks] == ["" for kind, _ in blocks if kind == BlockKind.IMAGE] + [
        "一。"
    ]


def test_two_lines_that_are_no_heading_stay() -> None:
    (found,) = split(raw((P, "地方科协"), (P, "KE PU"), (P, "一。")), "510000")
    assert (found.column, len(found.blocks)) == (None, 3)


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


@pytest.mark.parametrize("form", ["1．{}：", "2、{}: ", "（三）{}：", "【{}】"])
def test_a_numbered_name_may_lead_a_text_that_begins_as_it_likes(form: str) -> None:
    leads = [form.format(name) + f"孩子们到{name}的晒谷坝看木星。" for name in ("南充市", "芦山县")]
    found = split(raw(*((P, lead) for lead in leads)), "510000")
    assert [(part.region, part.blocks[0].text) for part in found] == [
        ("南充市", "孩子们到南充市的晒谷坝看木星。"),
        ("芦山县", "孩子们到芦山县的晒谷坝看木星。"),
    ]


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


def article(html: str, title: str = UMBRELLA) -> RawItem:
    box = parse(f"<div id=box>{html}</div>").first("#box")
    assert box is not None
    return RawItem(title, "http://kepu.example/a", box.blocks("http://kepu.example/a"))


def told(whole: RawItem) -> list[tuple[str, list[str]]]:
    return [(part.title, [block.text for block in part.blocks]) for part in split(whole, "510000")]


FIRST, SECOND = "近日，雅安市芦山县科协把星空投影仪搬进了村小。", "7月29日，汶川县科协在河坝上办起观星夜。"


@pytest.mark.parametrize(
    "dress", ["<h3>{}</h3>", "<p><b>{}</b></p>", "<p>■ {}</p>", "<p>{}</p>", "<p align=center>{}</p>"]
)
def test_items_that_end_with_their_own_bylines_stand_apart(dress: str) -> None:
    page = (
        f"{dress.format('村小来了星空')}<p>{FIRST}</p><p>孩子们看见了土星。（张望山）</p>"
        f"{dress.format('河坝观星夜')}<p>{SECOND}(林小灶 何小满)</p>"
    )
    assert told(article(page)) == [
        ("村小来了星空", [FIRST, "孩子们看见了土星。（张望山）"]),
        ("河坝观星夜", [f"{SECOND}(林小灶 何小满)"]),
    ]
    assert [part.section for part in split(article(page), "510000")] == [1, 2]


def test_the_first_of_them_may_stand_under_the_article_s_own_headline() -> None:
    page = f"<p>{FIRST}</p><p>（张望山）</p><p><b>河坝观星夜</b></p><p>{SECOND}</p><p>（林小灶）</p>"
    assert told(article(page, "村小来了星空")) == [
        ("村小来了星空", [FIRST, "（张望山）"]),
        ("河坝观星夜", [SECOND, "（林小灶）"]),
    ]


def test_items_without_headlines_are_told_apart_by_their_place() -> None:
    third = "近日，一场流星雨如约而至，全省万人守望。"
    signed = ((FIRST, "张望山"), (SECOND, "林小灶"), (third, "何小满"))
    page = "".join(f"<p>● {text}（{name}）</p>" for text, name in signed)
    assert [title for title, _ in told(article(page))] == [
        f"芦山县：{UMBRELLA}",
        f"汶川县：{UMBRELLA}",
        UMBRELLA,
    ]


@pytest.mark.parametrize("byline", ["<p>本报记者 张望山</p>", ""])
def test_items_that_begin_with_their_own_bylines_stand_apart(byline: str) -> None:
    mark = "" if byline else "本报讯（记者 张望山）"
    page = "".join(
        f"<p><b>{head}</b></p>{byline}<p>{mark}{text}</p><p>大家都说好看。</p>"
        for head, text in (("村小来了星空", FIRST), ("河坝观星夜", SECOND))
    )
    lines = ["本报记者 张望山"] if byline else []
    assert told(article(page)) == [
        ("村小来了星空", [*lines, f"{mark}{FIRST}", "大家都说好看。"]),
        ("河坝观星夜", [*lines, f"{mark}{SECOND}", "大家都说好看。"]),
    ]


def test_pictures_and_editors_belong_to_the_item_above_them() -> None:
    page = (
        f"<p>{FIRST}（张望山）</p><p><img src=/a.jpg></p><p>{SECOND}（林小灶）</p>"
        "<p><img src=/b.jpg></p><p>责任编辑：何小满</p>"
    )
    first, second = split(article(page), "510000")
    assert [block.url for block in first.blocks] == [None, "http://kepu.example/a.jpg"]
    assert [block.text for block in second.blocks][2:] == ["责任编辑：何小满"]


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{FIRST}</p><p>“真亮。”（张望山）</p><p>“再来一次。”（林小灶）</p>",  # voices in one report
        f"<p>{FIRST}（张望山）</p><p>相关链接</p><p>星空投影仪是一种把星图投在穹顶上的仪器，由灯和镜组成。</p>",
        f"<p>{FIRST}（张望山）</p><p>（林小灶 摄）</p>",
        f"<p>{FIRST}</p><p>（张望山 文）</p><p>（通讯员 林小灶）</p>",
        f"<p>{FIRST}</p><p>{SECOND}（张望山）</p>",
        f"<p>本报记者 张望山</p><p>{FIRST}</p><p><b>一场观星夜</b></p><p>{SECOND}</p>",
    ],
)
def test_one_article_with_several_names_in_it_stays_one(page: str) -> None:
    whole = article(page)
    assert split(whole, "510000") == (whole,)


@pytest.mark.parametrize("form", ["■ {}：{}", "【{}】{}", "<b>{}　{}</b>", "<b>{}科协：{}</b>", "1. {} {}"])
def test_a_heading_may_say_the_section_s_headline_too(form: str) -> None:
    heads = (("芦山县", "村小来了星空"), ("汶川县", "河坝观星夜"))
    page = "".join(f"<p>{form.format(*head)}</p><p>近日，开张。</p>" for head in heads)
    assert told(article(page)) == [(f"{name}：{line}", ["近日，开张。"]) for name, line in heads]


@pytest.mark.parametrize(
    "dress", ["<h3>{}</h3>", "<p><b>{}</b></p>", "<p>■{}</p>", "<p>【{}】</p>", "<p>{}</p>"]
)
@pytest.mark.parametrize("name", ["西南石油大学", "四川省昆虫学会", "清风县", "川西机器人集团"])
def test_a_heading_that_is_no_division_begins_a_section_as_those_beside_it_do(name: str, dress: str) -> None:
    names = ("南充市", name, "芦山县")
    page = "".join(f"{dress.format(one)}<p>近日，开张。</p>" for one in names)
    found = split(article(page), "510000")
    assert [(part.region, part.title) for part in found] == [(one, f"{one}：{UMBRELLA}") for one in names]


def test_a_short_line_that_ends_a_broken_sentence_heads_nothing() -> None:
    lines = ("南充市", "近日，科普小站办到了", "西南石油大学", "近日，开张。", "芦山县", "近日，开张。")
    page = "".join(f"<p>{line}</p>" for line in lines)
    assert [part.region for part in split(article(page), "510000")] == ["南充市", "芦山县"]


SAID = ["近日，开张。", "二", SIGNED, SHARED, "(记者 何小满)", f"三。{SHARED}", "理县　近日，开张。"]
SAID += ["村小来了星空", f"{FIRST}（张望山）", f"■ {SECOND}", "西南石油大学", "■ 汶川县：河坝观星夜"]
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
    titles = (part.title.removeprefix(f"{part.region}：") for part in found)
    kept += [title for title in titles if not title.endswith(UMBRELLA)]
    taken = [COLUMN[1] if columned else "", found[-1].byline or ""]
    lost = Counter(DRESS.sub("", "".join(block.text for block in whole.blocks)))
    lost.subtract(Counter(DRESS.sub("", "".join([*kept, *taken]))))
    assert not any(lost.values())
    # Each in its order.
    order = [block for block in whole.blocks if block.kind == BlockKind.LIST]
    assert [block for part in found for block in part.blocks if block.kind == BlockKind.LIST] == order
