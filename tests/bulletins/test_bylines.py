from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import bylines
from bulletins.model import Author, Block, BlockKind, Role
from tests.bulletins import reference
from tests.support.shared import needed

SURNAMES = list("王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁")
GIVEN = list("丽伟敏静磊洋艳勇军杰娟涛超霞鹏辉琳")
LONG = st.builds(lambda one, two, three: one + two + three, *map(st.sampled_from, (SURNAMES, GIVEN, GIVEN)))
SHORT = st.builds(lambda one, two: one + two, *map(st.sampled_from, (SURNAMES, GIVEN)))
NAMES = st.lists(LONG | SHORT, min_size=1, max_size=4, unique=True)
BODIES = st.sampled_from(["云岭县科协", "青溪市科学技术协会", "白鹤区农业农村局", "县科协"])
BLANKS = st.sampled_from([" ", "\u3000", "\xa0", "、", "  "])
BRACKETS = st.sampled_from(["()", "（）"])


def signed(names: list[str], role: Role) -> tuple[Author, ...]:
    return tuple(Author(name, role) for name in names)


ANY_HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
RARE = st.sampled_from(
    ["旷晓梅", "逯军", "仵欣", "綦放", "侬兰", "阿尔木呷", "扎西顿珠", "呷绒翁丁", "昂旺", "尔布·日铁"]
)
NO_NAMES = [
    *(
        "扩大",
        "网络赛",
        "试行",
        "图",
        "摄",
        "上图",
        "资料图",
        "决赛",
        "草案",
        "节选",
        "全文",
        "待续",
        "有删节",
        "下同",
        "略",
    ),
    *(
        "未完待续",
        "掌声",
        "热烈鼓掌",
        "修订版",
        "征求意见稿",
        "新华社",
        "人民日报",
        "科普中国",
        "学习强国",
        "本报综合",
        "上接一版",
    ),
    *("线上", "第一批", "排名不分先后", "图文无关", "完"),
]


@given(
    st.lists(RARE | LONG, min_size=1, max_size=4, unique=True), BLANKS, BRACKETS, st.sampled_from("。！？")
)
def test_after_a_sentence_s_end_any_surname_signs(
    names: list[str], blank: str, brackets: str, stop: str
) -> None:
    found = bylines.closing(f"活动受到好评{stop}{brackets[0]}{blank.join(names)}{brackets[1]}")
    assert found is not None
    assert found.authors == signed(names, Role.CONTRIBUTOR)
    assert found.rest == f"活动受到好评{stop}"


@given(
    st.lists(st.text("唐甜綦放罗莉侬兰仵欣逯军", min_size=2, max_size=2), min_size=2, max_size=4, unique=True)
)
def test_padded_names_of_any_surname_stay_whole(names: list[str]) -> None:
    found = bylines.closing(f"活动受到好评。({'　'.join(' '.join(name) for name in names)})")
    assert found is not None
    assert found.authors == signed(names, Role.CONTRIBUTOR)


@given(st.lists(RARE | ANY_HAN, max_size=3), st.sampled_from(NO_NAMES), st.integers(0, 3))
def test_a_word_that_is_no_name_undoes_the_bracket(names: list[str], word: str, at: int) -> None:
    inside = [*names[:at], word, *names[at:]]
    assert bylines.closing(f"活动受到好评。({'、'.join(inside)})") is None


@given(st.lists(RARE | ANY_HAN, min_size=1, max_size=3))
def test_in_the_middle_of_a_sentence_nobody_signs(names: list[str]) -> None:
    assert bylines.closing(f"活动({' '.join(names)})受到好评。") is None


@given(NAMES, BLANKS, BRACKETS)
def test_bare_names_are_contributors(names: list[str], blank: str, brackets: str) -> None:
    found = bylines.closing(f"活动受到好评。 {brackets[0]}{blank.join(names)}{brackets[1]}")
    assert found is not None
    assert found.authors == signed(names, Role.CONTRIBUTOR)
    assert found.rest == "活动受到好评。"
    assert not found.shared


@given(
    NAMES, NAMES, BLANKS, BRACKETS, st.sampled_from(["本报记者", "记者", "全媒体记者", "云岭日报见习记者"])
)
def test_the_role_word_parts_them(
    before: list[str], after: list[str], blank: str, brackets: str, word: str
) -> None:
    line = f"{brackets[0]}{blank.join(before)} {word} {blank.join(after)}{brackets[1]}"
    found = bylines.closing(line)
    assert found is not None
    expected = signed(before, Role.CONTRIBUTOR) + signed(after, Role.REPORTER)
    assert found.authors == expected
    assert found.rest == ""
    again = bylines.closing(found.text)
    assert again is not None
    assert again.authors == expected


@given(NAMES, NAMES, BRACKETS)
def test_a_shared_byline(before: list[str], after: list[str], brackets: str) -> None:
    found = bylines.closing(
        f"{brackets[0]}本栏目组稿:{' '.join(before)} 本报记者 {' '.join(after)}{brackets[1]}"
    )
    assert found is not None
    assert found.shared
    assert found.authors == signed(before, Role.CONTRIBUTOR) + signed(after, Role.REPORTER)


@given(st.lists(SHORT, min_size=1, max_size=3, unique=True), st.sampled_from([" ", "\u3000", "\xa0"]))
def test_padded_names_stay_whole(names: list[str], blank: str) -> None:
    padded = "  ".join(f"{name[0]}{blank}{name[1]}" for name in names)
    found = bylines.closing(f"(本报记者 {padded})")
    assert found is not None
    assert found.authors == signed(names, Role.REPORTER)


@given(LONG, SHORT, BODIES)
def test_bodies_and_people(contributor: str, correspondent: str, body: str) -> None:
    found = bylines.closing(f"活动结束。({contributor} {body} 通讯员 {correspondent})")
    assert found is not None
    assert found.authors == (
        Author(contributor, Role.CONTRIBUTOR),
        Author(body, Role.ORGANISATION),
        Author(correspondent, Role.CORRESPONDENT),
    )


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("。(新津县科协)", [("新津县科协", "organisation")]),
        ("。(巫山县科协供稿)", [("巫山县科协", "organisation")]),
        ("。(许飞 奉节县科协供稿)", [("许飞", "contributor"), ("奉节县科协", "organisation")]),
        ("。（评论员 罗博 萧海川）", [("罗博", "reporter"), ("萧海川", "reporter")]),
        ("。(记者 贺辉申小燕 袁哲)", [("贺辉", "reporter"), ("申小燕", "reporter"), ("袁哲", "reporter")]),
        ("。(记者孙珺 通讯员褚家威)", [("孙珺", "reporter"), ("褚家威", "correspondent")]),
        ("。(欧阳修)", [("欧阳修", "contributor")]),
        ("。(欧阳 小锋 张 丽)", [("欧阳小锋", "contributor"), ("张丽", "contributor")]),
        ("供稿：南江县科协", [("南江县科协", "organisation")]),
        ("文/图 张小丽", [("张小丽", "contributor")]),
        ("文：张小丽 图：李小明", [("张小丽", "contributor")]),
        ("张小丽/文 李小明/图", [("张小丽", "contributor")]),
        ("。(欧阳 修 张三)", [("欧阳修", "contributor"), ("张三", "contributor")]),
        ("。(苏 文 保)", [("苏文保", "contributor")]),
        ("。(扎西多吉)", [("扎西多吉", "contributor")]),
        ("。(阿卜杜拉·买买提)", [("阿卜杜拉·买买提", "contributor")]),
        ("。(江陵县科协 趙雷)", [("江陵县科协", "organisation"), ("趙雷", "contributor")]),
        ("。(记者 李明 通讯员 王芳 文/图)", [("李明", "reporter"), ("王芳", "correspondent")]),
        ("。(李明)(责任编辑:王芳)", [("李明", "contributor")]),
        ("本报记者 毛静", [("毛静", "reporter")]),
        ("■ 云岭日报全媒体记者 李艳玫", [("李艳玫", "reporter")]),
        ("　　通讯员 陈宏", [("陈宏", "correspondent")]),
        ("□向峰 文浩 永梅", [("向峰", "contributor"), ("文浩", "contributor"), ("永梅", "contributor")]),
        ("◇全媒体记者冯堃文/图", [("冯堃", "reporter")]),
        ("文Ⅰ本刊记者 张天明", [("张天明", "reporter")]),
        ("大会闭幕。于俊鸽 陶宁怡", [("于俊鸽", "contributor"), ("陶宁怡", "contributor")]),
        ("大会闭幕。 本报记者 毛静", [("毛静", "reporter")]),
        ("贡献力量 (张钰涛)", [("张钰涛", "contributor")]),
        ("他说:“一定努力。”(张三丰)", [("张三丰", "contributor")]),
        ("。(唐 甜 綦 放)", [("唐甜", "contributor"), ("綦放", "contributor")]),
        ("(唐 甜 綦 放)", [("唐甜", "contributor"), ("綦放", "contributor")]),
        ("。(旷晓梅)", [("旷晓梅", "contributor")]),
        ("。(逯军)", [("逯军", "contributor")]),
        ("。 (仵欣)", [("仵欣", "contributor")]),
        ("。(罗 莉　侬 兰)", [("罗莉", "contributor"), ("侬兰", "contributor")]),
        ("。(阿尔木呷 扎西顿珠)", [("阿尔木呷", "contributor"), ("扎西顿珠", "contributor")]),
        ("。(吉克·阿依 呷绒翁丁)", [("吉克·阿依", "contributor"), ("呷绒翁丁", "contributor")]),
        ("。(阿·买买提)", [("阿·买买提", "contributor")]),
        ("。(昂旺 云岭县科协)", [("昂旺", "contributor"), ("云岭县科协", "organisation")]),
        ("。(昂旺 本报记者 张丽)", [("昂旺", "contributor"), ("张丽", "reporter")]),
        ("。(通讯员 杨云程/文 李晓/图)", [("杨云程", "correspondent")]),
        ("。(杨云程/文 李晓/图)", [("杨云程", "contributor")]),
        ("。(杨云程 文 李晓 摄)", [("杨云程", "contributor")]),
        ("。(通讯员 杨云程 李晓 文/图)", [("杨云程", "correspondent"), ("李晓", "correspondent")]),
        ("。(文/杨云程 图/李晓)", [("杨云程", "contributor")]),
        ("。(记者 杨云程 文 记者 李晓 图)", [("杨云程", "reporter")]),
    ],
)
def test_closing(text: str, authors: list[tuple[str, str]]) -> None:
    found = bylines.closing(text)
    assert found is not None
    assert found.authors == tuple(Author(name, Role(role)) for name, role in authors)
    assert found.text not in found.rest


@pytest.mark.parametrize(
    "text",
    [
        "(责任编辑:鑫报)",
        "【责任编辑:柳生】",
        "责编:汤诗瑶",
        "编辑:王学钧 美编:宫照阳",
        "审核:长缨",
        "王世平 摄影报道",
        "本报记者 张晓科 摄",
        "活动现场。(记者王勇摄)",
        "（刘通摄）",
        "通讯员供图",
        "参加公民科学素质大赛(网络赛)",
        "参加公民科学素质大赛。(网络赛)",
        "召开会议(扩大)",
        "转第二版。(第2版)",
        "全部完成。(完)",
        "(未完待续)",
        "全部完成。(全文)",
        "(据新华社电)",
        "(作者系青溪大学教授)",
        "本报记者从县科协获悉",
        "记者手记",
        "云岭县",
        "切实强化思想政治引领",
        "高山 平原",
        "□科技 强国",
        "时间到了。王小明笑了",
        "种植在高处(高山)",
        "(本报记者)",
        *(f"全部完成。({word})" for word in NO_NAMES),
        "李晓/图",
        "(李晓/图)",
        "全部完成。(云岭县)",
        "",
    ],
)
def test_what_is_no_byline(text: str) -> None:
    assert bylines.closing(text) is None


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ("本报讯 ", []),
        ("　　本报讯　", []),
        ("本报讯：", []),
        ("本刊讯", []),
        ("本网訊 ", []),
        ("晚报讯 ", []),
        ("宿松融媒讯 ", []),
        ("本报云岭8月1日讯 ", []),
        ("东北网伊春1月5日电 ", []),
        ("本报讯(记者 桂璐)", [("桂璐", "reporter")]),
        ("本报讯（记者孙珺 通讯员褚家威）", [("孙珺", "reporter"), ("褚家威", "correspondent")]),
        ("本报讯 (记者 张明海 张岚)", [("张明海", "reporter"), ("张岚", "reporter")]),
        ("本报长沙讯(全媒体记者 贺辉申小燕)", [("贺辉", "reporter"), ("申小燕", "reporter")]),
        ("四川在线消息(记者 张啸)", [("张啸", "reporter")]),
        ("华西城市读本讯(记者罗尹)", [("罗尹", "reporter")]),
        ("本站讯（职工通讯员 李琴雯 刘会）", [("李琴雯", "correspondent"), ("刘会", "correspondent")]),
        ("长江网10月4日讯（记者陈智 整合）", [("陈智", "reporter")]),
        ("新华社巴黎12月9日电（记者唐霁）", [("唐霁", "reporter")]),
        ("中新网成都4月19日电(周夏)", [("周夏", "contributor")]),
        ("本报讯(云岭县科协)", [("云岭县科协", "organisation")]),
        ("(记者 张三)", [("张三", "reporter")]),
        ("本报讯 记者 张三 通讯员 李四 报道 ", [("张三", "reporter"), ("李四", "correspondent")]),
        ("据新华社电 ", []),
    ],
)
def test_opening(head: str, authors: list[tuple[str, str]]) -> None:
    found = bylines.opening(f"{head}近日,云岭县科协(扩大)会议召开。")
    assert found.rest == "近日,云岭县科协(扩大)会议召开。"
    assert found.authors == tuple(Author(name, Role(role)) for name, role in authors)
    assert found.text == " ".join(head.split()).rstrip("：")


@pytest.mark.parametrize(
    "text",
    ["近日,县科协开展活动。", "互联网通讯社成立。", "互联网消息显示,", "(扩大)会议召开。", "本报通讯员 张三"],
)
def test_a_text_without_an_opening_mark_stays(text: str) -> None:
    assert bylines.opening(text) == bylines.Byline(text, (), False, "")


NEWS = "7月29日，青神县科协开张。"
MORE = "大家很高兴。"


@pytest.mark.parametrize(
    ("texts", "left", "names"),
    [
        (["■ 云岭日报全媒体记者 李小玫", "通讯员 陈小宏", NEWS], [NEWS], ["李小玫", "陈小宏"]),
        (["本报记者 毛小静", f"本报讯 {NEWS}"], [NEWS], ["毛小静"]),
        ([NEWS, "晚报记者 刘小妮", "实习生 刘小林"], [NEWS], ["刘小妮", "刘小林"]),
        ([NEWS, "晚报记者 刘小妮 实习生 刘小林 文/图"], [NEWS], ["刘小妮", "刘小林"]),
        ([f"{NEWS}(何小满)", "责任编辑:鑫小报", "审核:长小缨"], [NEWS], ["何小满"]),
        ([NEWS, "(何小满)", "(责任编辑:鑫小报)"], [NEWS], ["何小满"]),
        ([NEWS, "(何小满)", "【责任编辑:柳小生】"], [NEWS], ["何小满"]),
        ([NEWS, f"{MORE}(何小满)", "王小平 摄影报道"], [NEWS, MORE, "王小平 摄影报道"], ["何小满"]),
        ([f"{NEWS}(何小满)", "图为现场。 (刘小通摄)"], [NEWS, "图为现场。 (刘小通摄)"], ["何小满"]),
        ([f"{NEWS}(何小满)", "来源：青神县科协"], [NEWS, "来源：青神县科协"], ["何小满"]),
        (["来源：青神县科协", "作者：何小满", NEWS, "编辑：李小四"], [NEWS], ["何小满"]),
        (["发布时间:2024-07-29 浏览次数：12", NEWS, "上一篇：无", "下一篇：没有了"], [NEWS], []),
        (["阅读：12", NEWS], [NEWS], []),
        (["阅读：点亮乡村", NEWS], ["阅读：点亮乡村", NEWS], []),
        ([NEWS, "编辑们都来了。"], [NEWS, "编辑们都来了。"], []),
        ([f"{NEWS}(何小满)", MORE], [f"{NEWS}(何小满)", MORE], []),
        ([NEWS, "摄影展开幕"], [NEWS, "摄影展开幕"], []),
        (["(何小满)"], [], ["何小满"]),
        ([NEWS, "青神县科协"], [NEWS], ["青神县科协"]),
        ([NEWS, "青神县科学技术协会", "责任编辑:鑫小报"], [NEWS], ["青神县科学技术协会"]),
        ([f"{NEWS}(何小满)", "青神县科协"], [NEWS], ["何小满", "青神县科协"]),
        (["特此通知", "青神县科协"], ["特此通知", "青神县科协"], []),
        (
            ["开放到18时。各乡镇要备足雨具。", "青神县科协"],
            ["开放到18时。各乡镇要备足雨具。", "青神县科协"],
            [],
        ),
        (["会议要求，各乡镇要备足雨具。", "青神县科协"], ["会议要求，各乡镇要备足雨具。"], ["青神县科协"]),
        ([NEWS, "青神县科协", "2026年11月27日"], [NEWS, "青神县科协", "2026年11月27日"], []),
        ([NEWS, "走进科技馆"], [NEWS, "走进科技馆"], []),
        (["青神县科协", NEWS], ["青神县科协", NEWS], []),
        ([], [], []),
    ],
)
def test_what_frames_an_article_is_taken_off(texts: list[str], left: list[str], names: list[str]) -> None:
    found = bylines.unsigned([Block(BlockKind.PARAGRAPH, text) for text in texts])
    assert [text for text in found.texts if text] == left
    assert [author.name for author in found.authors] == names


def test_the_title_tells_a_notice_whose_body_signs_it() -> None:
    texts = (NEWS, "青神县科协")
    blocks = [Block(BlockKind.PARAGRAPH, text) for text in texts]
    assert bylines.unsigned(blocks, "科技馆开放时间调整").texts == texts
    assert bylines.unsigned(blocks, "科技馆开放了").texts == (NEWS, "")


def test_a_headline_before_the_opening_mark_stays() -> None:
    found = bylines.unsigned([Block(BlockKind.HEADING, "茶馆"), Block(BlockKind.PARAGRAPH, f"本报讯 {NEWS}")])
    assert (found.texts, found.mark) == (("茶馆", NEWS), "本报讯")


@given(
    st.lists(
        st.text() | st.sampled_from(["(何小满)", "责任编辑:鑫小报", NEWS, "本报记者 毛小静"]), max_size=6
    )
)
def test_each_text_has_its_place(texts: list[str]) -> None:
    found = bylines.unsigned([Block(BlockKind.PARAGRAPH, text) for text in texts])
    assert len(found.texts) == len(texts)
    assert found.texts.count(NEWS) == texts.count(NEWS)


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    bylines.opening(text)
    bylines.closing(text)


@needed
def test_the_reference_edition() -> None:
    found = [byline for text in reference.paragraphs() if (byline := bylines.closing(text))]
    expected = [
        [Author(one["name"], Role(one["role"])) for one in item["authors"]] for item in reference.items()
    ]
    assert [byline.shared for byline in found] == [True, False, False]
    assert [list(byline.authors) for byline in found] == [expected[0], *expected[-2:]]
    assert all(authors == expected[0] for authors in expected[:-2])
