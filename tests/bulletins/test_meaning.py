"""One raw item as spelt -> one item as meant, or the reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.dates import SHANGHAI
from bulletins.identity import digest
from bulletins.meaning import normalise
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Column,
    ColumnKind,
    Context,
    Edition,
    Item,
    PageNo,
    Precision,
    RawItem,
    Rejection,
    Role,
    Source,
)

NOW = datetime(2026, 1, 2, 20, 0, tzinfo=UTC)  # the third in Shanghai
SOURCE = Source(
    "kepu", "岷江科普报", "http://kepu.example/", region="510000", columns={"科协窗口": "科协之窗"}
)
CONTEXT = Context(SOURCE, "localhost,2026", NOW)
EDITION = Edition(3654, date(2026, 1, 2))


def raw(*texts: str, title: str = "高县茶馆里挂出一张“雨声表”") -> RawItem:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in texts)
    return RawItem(title, "http://kepu.example/a?utm_source=x", blocks, edition=EDITION)


def meant(made: RawItem, context: Context = CONTEXT) -> Item:
    item = normalise(made, context)
    assert isinstance(item, Item), item
    return item


def rejected(made: RawItem) -> Rejection:
    rejection = normalise(made, CONTEXT)
    assert isinstance(rejection, Rejection)
    assert rejection.url == made.href
    return rejection


def test_an_item_in_full() -> None:
    made = replace(
        raw(
            "本报讯 12月31日，宜宾市高县茶馆科普角挂出一张“雨声表”。",
            "茶客听一场雨，在表上画一道。(林小灶)",
        ),
        page=PageNo("3", "科协窗口"),
        position=2,
        pdf="http://kepu.example/3.pdf",
    )
    item = meant(made)
    assert item.id == "tag:localhost,2026:kepu/a"
    assert item.link == "http://kepu.example/a"
    assert item.paragraphs == (
        "12月31日，宜宾市高县茶馆科普角挂出一张“雨声表”。",
        "茶客听一场雨，在表上画一道。",
    )
    assert item.authors == (Author("林小灶", Role.CONTRIBUTOR),)
    assert item.region is not None
    assert (item.region.code, item.region.path) == ("511525", ("四川省", "宜宾市", "高县"))
    assert item.column == Column("科协之窗", "ke-xie-zhi-chuang", ColumnKind.PAGE)
    assert (item.published, item.precision) == (datetime(2026, 1, 2, tzinfo=SHANGHAI), Precision.DAY)
    assert (item.event_date, item.event_end) == (date(2025, 12, 31), None)
    assert (item.edition, item.page, item.position, item.pdf) == (EDITION, made.page, 2, made.pdf)
    assert (item.first_seen, item.updated) == (NOW, NOW)
    assert {why.field for why in item.evidence} >= {"region", "published"}
    assert item.digest == digest(item)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (raw("雨声。", title=""), "no title"),
        (raw("雨声。", title=" \u3000\xa0\u200b\x00\x1f "), "no title"),
        (raw(), "no body"),
        (raw(" ", "\u3000\u3000", "\u200b"), "no body"),
        (raw("(本报记者 张望山)"), "no body"),
        (raw("雨\ufffd声。"), "characters that no encoding explains"),
        (raw("雨声。", title="雨\ufffd声"), "characters that no encoding explains"),
    ],
)
def test_what_is_no_item_says_why(made: RawItem, reason: str) -> None:
    assert rejected(made).reason == reason


def test_control_characters_go_from_titles_and_text() -> None:
    item = meant(raw("雨\x00打\x08瓦，\u202e雨打叶。", title="高县\x0b“雨声\x1f表”\ufeff\u200b"))
    assert (item.title, item.paragraphs) == ("高县“雨声表”", ("雨打瓦，雨打叶。",))


def test_a_byline_in_bold_is_one_and_a_mark_after_a_heading_is_found() -> None:
    blocks = (
        Block(BlockKind.HEADING, "茶馆里的雨"),
        Block(BlockKind.PARAGRAPH, "本报讯(记者 何小满) 近日，茶客听雨。"),
        Block(BlockKind.HEADING, "(林小灶)"),
    )
    item = meant(replace(raw(), blocks=blocks))
    assert item.paragraphs == ("茶馆里的雨", "近日，茶客听雨。")
    assert item.authors == (Author("何小满", Role.REPORTER), Author("林小灶", Role.CONTRIBUTOR))


def test_a_day_without_a_month_counts_from_the_dateline() -> None:
    item = meant(raw("岷江网成都11月19日电(周半夏)19日，茶客听雨。"))
    assert item.paragraphs == ("19日，茶客听雨。",)
    assert item.event_date == date(2025, 11, 19)
    assert meant(raw("本报讯 1日，茶客听雨。")).event_date == date(2026, 1, 1)


def test_a_heading_tells_no_day_where_a_paragraph_does() -> None:
    blocks = (
        Block(BlockKind.HEADING, "12月1日起听雨"),
        Block(BlockKind.PARAGRAPH, "本报讯 12月31日，高县茶客听雨。"),
    )
    item = meant(replace(raw(), blocks=blocks))
    assert item.event_date == date(2025, 12, 31)


def test_a_picture_with_a_caption_is_a_body_and_a_bare_one_is_none() -> None:
    picture = Block(BlockKind.IMAGE, "茶馆里的雨声表", url="http://kepu.example/1.jpg")
    item = meant(replace(raw(), blocks=(picture,)))
    assert (item.blocks, item.paragraphs) == ((picture,), ("茶馆里的雨声表",))
    bare = replace(picture, text="")
    assert rejected(replace(raw(), blocks=(bare,))).reason == "a picture without a word"


def test_lists_and_tables_keep_their_lines() -> None:
    table = Block(BlockKind.TABLE, "站  粒\n甲\u3000 12\n\n", "<table>…</table>")
    item = meant(replace(raw("近日，各站数豆。"), blocks=(*raw("近日，各站数豆。").blocks, table)))
    assert item.blocks[1].text == "站 粒\n甲 12"
    assert item.blocks[1].html == table.html


def test_markup_goes_when_its_text_changes() -> None:
    signed = Block(BlockKind.PARAGRAPH, "画满<一百>道。(林小灶)", "画满<b>一百</b>道。(林小灶)")
    kept = Block(BlockKind.PARAGRAPH, "听一场雨。", "听<b>一场</b>雨。")
    item = meant(replace(raw(), blocks=(kept, signed)))
    assert [block.html for block in item.blocks] == [kept.html, ""]


def test_a_shared_byline_joins_a_section_s_own() -> None:
    made = replace(raw("听一场雨。(林小灶)"), byline="(本栏目组稿:卢半夏 本报记者 张望山)")
    assert [(author.name, author.role) for author in meant(made).authors] == [
        ("林小灶", Role.CONTRIBUTOR),
        ("卢半夏", Role.CONTRIBUTOR),
        ("张望山", Role.REPORTER),
    ]


@pytest.mark.parametrize(
    ("date_text", "edition", "published", "precision", "how"),
    [
        ("2026-01-01 08:30", EDITION, datetime(2026, 1, 1, 8, 30, tzinfo=SHANGHAI), Precision.MINUTE, "page"),
        ("2026年1月1日", None, datetime(2026, 1, 1, tzinfo=SHANGHAI), Precision.DAY, "page"),
        ("昨天", EDITION, datetime(2026, 1, 2, tzinfo=SHANGHAI), Precision.DAY, "edition"),
        (None, EDITION, datetime(2026, 1, 2, tzinfo=SHANGHAI), Precision.DAY, "edition"),
        (None, Edition(3654), datetime(2026, 1, 3, tzinfo=SHANGHAI), Precision.DAY, "first seen"),
        (None, None, datetime(2026, 1, 3, tzinfo=SHANGHAI), Precision.DAY, "first seen"),
    ],
)
def test_published(
    date_text: str | None, edition: Edition | None, published: datetime, precision: Precision, how: str
) -> None:
    item = meant(replace(raw("听一场雨。"), date=date_text, edition=edition))
    assert (item.published, item.precision) == (published, precision)
    assert [why.how for why in item.evidence if why.field == "published"] == [how]


def test_a_day_without_a_date_on_the_page_is_no_correction_the_next_day() -> None:
    made = replace(raw("听一场雨。"), edition=None)
    tomorrow = replace(CONTEXT, now=NOW.replace(day=5))
    assert meant(made).digest == meant(made, tomorrow).digest


@pytest.mark.parametrize(
    ("column", "kind", "page", "name", "meant_kind"),
    [
        ("地方科协", ColumnKind.HEADING, "要闻", "地方科协", ColumnKind.HEADING),
        ("科协窗口", ColumnKind.HEADING, None, "科协之窗", ColumnKind.HEADING),
        ("把星空请下山", ColumnKind.UMBRELLA, "要闻", "把星空请下山", ColumnKind.UMBRELLA),
        (None, ColumnKind.HEADING, "科协窗口", "科协之窗", ColumnKind.PAGE),
    ],
)
def test_column(
    column: str | None, kind: ColumnKind, page: str | None, name: str, meant_kind: ColumnKind
) -> None:
    made = replace(raw("听一场雨。"), column=column, column_kind=kind, page=PageNo("3", page))
    found = meant(made).column
    assert found is not None
    assert (found.name, found.kind) == (name, meant_kind)


def test_without_a_column_or_a_page_s_name_there_is_none() -> None:
    assert meant(raw("听一场雨。")).column is None
    assert meant(replace(raw("听一场雨。"), page=PageNo("3"))).column is None


def test_a_section_is_named_by_its_division_s_code_or_else_by_its_number() -> None:
    section = replace(raw("听一场雨。"), region="芦山县", section=2)
    assert meant(section).id == "tag:localhost,2026:kepu/a/511826"
    assert meant(section).heading == "芦山县"
    assert meant(replace(section, region="小人国")).id == "tag:localhost,2026:kepu/a/s2"
    preface = replace(section, region=None, section=0)
    assert meant(preface).id == "tag:localhost,2026:kepu/a"


def test_the_source_s_region_is_the_last_resort_and_may_be_none() -> None:
    made = raw("听一场雨。", title="雨声表")
    own = meant(made).region
    assert own is not None
    assert (own.code, own.how) == ("510000", "source")
    nowhere = meant(made, replace(CONTEXT, source=replace(SOURCE, region=None)))
    assert (nowhere.region, nowhere.regions) == (None, ())


# Made-up paragraphs in the phrases that real pages use: title, text -> region, event, authors.
PRINTED = Edition(1, date(2024, 8, 2))
TITLE = "科普大篷车开进校园"
SAMPLES = [
    (TITLE, "本报讯(记者 桂小璐)近日,青神县科协走进社区。", "青神县", "", "桂小璐"),
    (
        TITLE,
        "本报讯（记者孙小珺 通讯员褚小威）昨天，邛崃市科协开门。",
        "邛崃市",
        "2024-08-01",
        "孙小珺 褚小威",
    ),
    (TITLE, "四川在线消息(记者 张小啸) 昨(1)日上午，成都市科协开会。", "成都市", "2024-08-01", "张小啸"),
    (TITLE, "本报长沙讯(全媒体记者 贺小辉)6月27日上午，孩子们来了。", "长沙市", "2024-06-27", "贺小辉"),
    (TITLE, "新华社巴黎12月9日电（记者唐小霁）当地时间12月8日，有人发现。", "四川省", "2023-12-08", "唐小霁"),
    (TITLE, "中新网成都6月19日电(周夏)19日,孩子们来了。", "成都市", "2024-06-19", "周夏"),
    (TITLE, "据新华社电 7月1日晚，凉山州科协办展。(据新华社)", "凉山彝族自治州", "2024-07-01", ""),
    (TITLE, "本报讯 记者 王小勇 报道 7月31日，甘孜县科协办展。", "甘孜县", "2024-07-31", "王小勇"),
    (TITLE, "本刊讯近日，我市科协开会。", "四川省", "", ""),
    (
        TITLE,
        "8月30日下午，巫山县科协开门。（许小飞 巫山县科协供稿）",
        "巫山县",
        "2024-08-30",
        "许小飞 巫山县科协",
    ),
    (TITLE, "9月24日至26日，在九寨沟县举行培训班。", "九寨沟县", "2024-09-24 2024-09-26", ""),
    (
        TITLE,
        "7月5日、6日，峨边县科协开门。于小鸽 陶小怡",
        "峨边彝族自治县",
        "2024-07-05 2024-07-06",
        "于小鸽 陶小怡",
    ),
    (TITLE, "7月9—11日，资中县科协开门。", "资中县", "2024-07-09 2024-07-11", ""),
    (TITLE, "7月15日~21日，资中县科协开门。", "资中县", "2024-07-15 2024-07-21", ""),
    (TITLE, "7月16日2时16分，马边县发生山洪。", "马边彝族自治县", "2024-07-16", ""),
    (TITLE, "今天(2日)，资中县科协开门。", "资中县", "2024-08-02", ""),
    (TITLE, "本周，资中县科协开门。", "资中县", "", ""),
    (TITLE, "7月下旬，资中县科协开门。", "资中县", "", ""),
    (TITLE, "3月以来，犍为县科协开门12次。", "犍为县", "", ""),
    (TITLE, "截至7月31日，犍为县科协开门12次。", "犍为县", "", ""),
    (TITLE, "为庆祝5月30日全国科技工作者日,犍为县科协开门。", "犍为县", "", ""),
    (TITLE, "为迎接全国科普日，7月31日，犍为县科协开门。", "犍为县", "2024-07-31", ""),
    (TITLE, "7月30日，记者从资中县科协获悉，该县将于8月5日开馆。", "资中县", "2024-07-30", ""),
    (TITLE, "明天上午，科技馆开馆。", "四川省", "2024-08-03", ""),
    (TITLE, "近日，自流井区科协走进大安区牛佛镇。", "自流井区", "", ""),
    (TITLE, "近日，宜宾市叙州区、南溪区和屏山县科协联手。", "宜宾市", "", ""),
    (TITLE, "近日，由芦山县科协与天全县科协共同举办的科普展开幕。", "雅安市", "", ""),
    (TITLE, "近日，江油市中坝镇开馆。", "江油市", "", ""),
    (TITLE, "近日，凉山州会理县科协换届。", "会理市", "", ""),
    (TITLE, "7月30日，中国科协一行来到凉山州西昌市、会理市调研。", "凉山彝族自治州", "2024-07-30", ""),
    (TITLE, "近日，孩子们来了。（南江县科协 谯小军）", "南江县", "", "南江县科协 谯小军"),
    (TITLE, "近日，孩子们来了。（欧阳 小锋 张 丽）", "四川省", "", "欧阳小锋 张丽"),
    (TITLE, "近日，孩子们来了。（张丽李小明）", "四川省", "", "张丽 李小明"),
    (TITLE, "近日，孩子们来了。（内容有删节）", "四川省", "", ""),
    (TITLE, "近日，孩子们来了。（张小丽 摄）", "四川省", "", ""),
    (TITLE, "近日，孩子们来了。（图/文 张小丽）", "四川省", "", "张小丽"),
    (TITLE, "近日，孩子们来了。（评论员 罗小博 萧小川）", "四川省", "", "罗小博 萧小川"),
    (TITLE, "近日，孩子们来了。（作者单位：南江县科协）", "南江县", "", ""),
    (TITLE, "近日，孩子们来了。(沙马小曲 阿尔木呷)", "四川省", "", "沙马小曲 阿尔木呷"),
    ("荣县：大篷车进校园", "近日，孩子们来了。", "荣县", "", ""),
    ("南江：大篷车进校园", "近日，孩子们来了。", "南江县", "", ""),
    ("资阳：大篷车进校园", "近日，雁江区科协出发。", "雁江区", "", ""),
    ("阿坝：大篷车进校园", "近日，孩子们来了。", "阿坝藏族羌族自治州", "", ""),
    ("泸县科协与合江县科协结对", "近日，孩子们来了。", "泸州市", "", ""),
    ("市中区科协开会", "近日，乐山市市中区科协开会。", "市中区", "", ""),
    ("成都高新区：大篷车进校园", "近日，孩子们来了。", "成都市", "", ""),
    ("双流县科协", "2010年5月4日，双流县科协成立。", "双流区", "", ""),
]


@pytest.mark.parametrize(("title", "text", "region", "event", "authors"), SAMPLES)
def test_what_newspapers_say(title: str, text: str, region: str, event: str, authors: str) -> None:
    item = meant(replace(raw(text, title=title), edition=PRINTED))
    assert item.region is not None
    assert item.region.path[-1] == region
    assert " ".join(day.isoformat() for day in (item.event_date, item.event_end) if day) == event
    assert [author.name for author in item.authors] == authors.split()


def test_links_and_emphasis_outlive_what_is_taken_off() -> None:
    html = (
        "本报讯(记者 张小丽)近日，<a href='http://kepu.example/x'>青神县</a><b>科协</b>开门。<i>(李小明)</i>"
    )
    text = "本报讯(记者 张小丽)近日，青神县科协开门。(李小明)"
    (block,) = meant(replace(raw(""), blocks=(Block(BlockKind.PARAGRAPH, text, html),))).blocks
    assert block.text == "近日，青神县科协开门。"
    assert block.html == "近日，<a href='http://kepu.example/x'>青神县</a><b>科协</b>开门。"


PARAGRAPHS = ["近日，青神县科协开门，", "孩子们都来了。", "大家很高兴。(何小满)"]
FURNITURE = [
    "责任编辑：鑫小报",
    "【责任编辑:柳小生】",
    "编辑:王小钧 美编:宫小阳 组版:商小进",
    "一审：张小丽 二审：李小明 三审：王小芳",
    "上一篇：为什么天是蓝的？",
    "下一篇：没有了",
    "分享到： 微信 新浪微博 QQ空间",
    "【打印】【关闭】",
    "【字号：大 中 小】",
    "放大 缩小 默认",
    "浏览次数：120",
    "文章字数:1172",
    "返回顶部",
    "扫一扫在手机打开当前页",
]


@given(
    st.lists(st.sampled_from(FURNITURE), max_size=5),
    st.lists(st.sampled_from(FURNITURE), max_size=5),
    st.lists(st.sampled_from(FURNITURE), max_size=3),
)
def test_furniture_around_an_article_changes_none_of_its_fields(
    before: list[str], after: list[str], listed: list[str]
) -> None:
    bare = replace(raw(""), blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in PARAGRAPHS))
    around = [Block(BlockKind.PARAGRAPH, text) for text in before]
    below = [Block(BlockKind.PARAGRAPH, text) for text in after]
    below += [Block(BlockKind.LIST, "\n".join(listed), "<ul><li>…</li></ul>")] if listed else []
    framed = replace(bare, blocks=(*around, *bare.blocks, *below))
    assert meant(framed) == meant(bare)


@pytest.mark.parametrize(
    ("texts", "event"),
    [
        (("孩子们排着队看星星。", "7月29日，青神县科协开门。"), "2024-07-29"),
        (("近日，孩子们排着队看星星。", "7月29日，青神县科协开门。"), None),
        (("孩子们排着队看星星。", "青神县科协主席说，他们排了很久，从7月29日开始就在等。"), None),
        (("孩子们排着队看星星。", "日前，县科协开门。", "7月29日，青神县科协开门。"), None),
        (("孩子们排着队看星星。", "大家都来了。", "老人也来了。", "7月29日，青神县科协开门。"), None),
    ],
)
def test_when_it_happened_stands_in_the_lead(texts: tuple[str, ...], event: str | None) -> None:
    found = meant(replace(raw(*texts), edition=DATED)).event_date
    assert (found.isoformat() if found else None) == event


DATED = Edition(1, date(2024, 8, 2))


@pytest.mark.parametrize(
    ("printed", "edition", "stamp", "published", "how", "doubt"),
    [
        ("2024-07-30 09:05", DATED, "", "2024-07-30T09:05", "page", ""),
        ("2024年7月30日 星期二", DATED, "", "2024-07-30T00:00", "page", ""),
        ("2024年7月30日 星期三", DATED, "", "2024-07-30T00:00", "page", "2024-07-30 is 星期二"),
        (None, DATED, "", "2024-08-02T00:00", "edition", ""),
        (None, DATED, "发布时间：2024-08-02 10:20", "2024-08-02T10:20", "text", ""),
        (None, DATED, "发布时间：2024-08-05 10:20", "2024-08-02T00:00", "edition", ""),
        (None, None, "发布时间：2024-07-31 10:20", "2024-07-31T10:20", "text", ""),
        ("2024-02-30", DATED, "", "2024-08-02T00:00", "edition", "2024-02-30, which no calendar has"),
        ("2099-01-01", DATED, "", "2024-08-02T00:00", "edition", "2099-01-01, which is yet to come"),
        ("2024-13-01", None, "", "2026-01-03T00:00", "first seen", "2024-13-01, which no calendar has"),
        ("2099-01-01", None, "", "2026-01-03T00:00", "first seen", "2099-01-01, which is yet to come"),
        ("2026-01-04", None, "", "2026-01-04T00:00", "page", ""),
        (None, Edition(1, date(2099, 1, 1)), "", "2026-01-03T00:00", "first seen", "its edition is dated"),
        ("昨天", None, "", "2026-01-03T00:00", "first seen", "no date is printed"),
        (None, None, "", "2026-01-03T00:00", "first seen", "no date is printed"),
    ],
)
def test_when_it_was_published(
    printed: str | None, edition: Edition | None, stamp: str, published: str, how: str, doubt: str
) -> None:
    made = replace(raw("听一场雨。"), date=printed, edition=edition)
    if stamp:
        made = replace(made, blocks=(Block(BlockKind.PARAGRAPH, stamp), *made.blocks))
    item = meant(made)
    assert item.published.strftime("%Y-%m-%dT%H:%M") == published
    assert item.precision == (Precision.DAY if published.endswith("00:00") else Precision.MINUTE)
    (why,) = [one for one in item.evidence if one.field == "published"]
    assert (why.how, why.doubt == "", doubt in why.doubt) == (how, doubt == "", True)


@pytest.mark.parametrize(
    ("text", "field", "words", "doubt"),
    [
        ("2月30日，青神县科协开门。", "event_date", "2月30日", "no calendar"),
        ("7月30日（星期五），青神县科协开门。", "event_date", "7月30日", "is 星期二"),
        ("7月30日，青神县科协开门。", "event_date", "7月30日", ""),
        ("日前，青神县科协开门。", "event_date", "日前", ""),
        ("近日，孩子们来了。(何小满)", "authors", "(何小满)", ""),
        ("近日，孩子们来了。(雷波)", "authors", "雷波", "also a place"),
        ("近日，孩子们来了。(记者 《科普》一二三四)", "authors", "记者 《科普》一二三四", "nobody known"),
        (f"近日，孩子们来了。(记者 {'张小丽 ' * 70})", "authors", "(记者 张小丽", "of 285 characters"),
    ],
)
def test_each_field_has_its_words_and_its_doubts(text: str, field: str, words: str, doubt: str) -> None:
    item = meant(replace(raw(text), edition=DATED))
    found = [why for why in item.evidence if why.field == field]
    assert any(why.text.startswith(words) and bool(why.doubt) == bool(doubt) for why in found)
    assert any(doubt in why.doubt for why in found)


MARGIN = "3498 期 / 第3版:科协之窗"
PAGE = PageNo("3", "科协之窗")


@pytest.mark.parametrize(
    ("head", "edition", "page", "said"),
    [
        (MARGIN, Edition(3498), PAGE, [("edition", "page", MARGIN), ("page", "page", MARGIN)]),
        (
            MARGIN,
            Edition(3498, date(2024, 8, 2)),
            PageNo("4", "科普"),
            [("edition", "page", MARGIN), ("edition", "list", "2024-08-02"), ("page", "list", "4 科普")],
        ),
        ("", Edition(7), PageNo(None, "要闻"), [("edition", "list", "7"), ("page", "list", "要闻")]),
        (MARGIN, None, None, []),
    ],
)
def test_the_margins_have_their_words(
    head: str, edition: Edition | None, page: PageNo | None, said: list[tuple[str, str, str]]
) -> None:
    item = meant(replace(raw("听一场雨。"), head=head, edition=edition, page=page))
    found = [(why.field, why.how, why.text) for why in item.evidence if why.field in ("edition", "page")]
    assert found == said


def test_a_headline_is_its_own_evidence_and_a_section_s_is_its_heading_s() -> None:
    made = replace(raw("听一场雨。"), title="高县：听雨")
    for one, how in ((made, "headline"), (replace(made, section=1, region="高县"), "heading")):
        assert [(why.how, why.text) for why in meant(one).evidence if why.field == "title"] == [
            (how, "高县：听雨")
        ]


@pytest.mark.parametrize(
    ("printed", "authors"),
    [
        ("本报记者 张小丽 通讯员 李小明", ["张小丽 reporter", "李小明 correspondent", "何小满 contributor"]),
        ("张小丽", ["张小丽 contributor"]),
        ("何小满 綦放", ["綦放 contributor"]),
        ("记者 何小满", []),
        ("系统管理员", []),
        ("本报记者 张晓科 摄", []),
        ("admin", []),
        ("", []),
    ],
)
def test_a_page_s_own_author_field_signs_too(printed: str, authors: list[str]) -> None:
    made = replace(raw("近日，孩子们来了。(何小满)"), byline=printed)
    found = [f"{author.name} {author.role}" for author in meant(made).authors]
    own = "何小满 reporter" if printed == "记者 何小满" else "何小满 contributor"
    assert sorted(found) == sorted({own, *authors})
