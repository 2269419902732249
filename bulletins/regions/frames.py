"""The words before and after a place's name -> what it is there: host, guest, venue, origin, no name."""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff"
_PLAIN = (
    "科协|科学技术协会|老协会|学会|协会|科技馆|科学技术馆|科普中心|科技局|教育局|农业农村局|卫健局|卫健委|"
    "应急管理局|气象局|林草局|妇联|团委|总工会|工商联|文联|政府|党委|人大|政协"
)
_BODIES = tuple(_PLAIN.split("|"))
_BODY = f"老?(?:{_PLAIN})|老科学?技术?工作者协会"
ORGANISATION = re.compile(rf"(?!的)(?:[{_HAN}]{{0,4}}?)(?:{_BODY})|[县市区州]委|委(?![员托])")
ASSOCIATION = re.compile(r"老?科协|科学技术协会|老科学?技术?工作者协会")
PLACE_BELOW = re.compile(rf"[{_HAN}]{{1,5}}?(?:镇|乡|街道|村|社区|经开区|高新区)")
# What may stand before a name of two characters, which most often is an accident (办理|县级, 提高|县域).
_OPEN = re.compile(rf"(?:^|[^{_HAN}]|近日|日前|昨日|今日|昨天|今天|[日午在赴到对由从于向自来为与和及是])$")
_VISITED = re.compile(r"(?:赴|[来回]?到|前往|走进|抵达|深入|考察|参观|走访|学习|莅临|访问|来)了?$")
_SEEN = re.compile(r"(?:参观|观摩|考察|走访)了?$")
_COMING = re.compile(r"来到?了?$")
_GOING = re.compile(rf"(?:赴|来到|走进|前往|深入|抵达|莅临|(?:[团组队]|一行|专家|志愿者)到|[{_HAN}]协到)$")
_HELD = re.compile(r"召开|举[行办]|开[展讲班幕课]|启动|[,，。、；;]")
_ORIGIN = re.compile(
    r"(?:来自|[原祖]籍|籍贯|出?生[于在]|现居|居住在|毕业于|就读于|家[住在]|转自|发布于[:：]?|属地\s*[:：]|"
    r"寄[到往]?|寄送?至|授予|表彰|吸引了?|远销|[销运发]往|距离?|地址[:：]?)\s*$"
)
_FROM = re.compile(r"[从由]$")
_LEFT = re.compile(r"[^,，。；;]{0,12}?(?:出发|引进|运[来抵到]|赶[来到]|归来|起航|启程|动身|[驱乘坐]车|步行)")
# What a paper or a motion is about, which somebody else hands in: 关于蓬溪县红薯加工的建议.
_ABOUT = re.compile(r"关于$")
_HANDED_IN = re.compile(r"[^,，。；;]{0,20}的(?:建议|提案|议案|论文|课题|调研报告)")
_LYING = re.compile(r"(?:位于|坐落[于在])$")
_NATIVE = re.compile(r"籍|人(?=[,，。、；;])|[读上](?:大学|书|研)|求学|务工|打工|接壤|毗邻|交界|相邻")
_VENUE = re.compile(r"(?:在|于)$")
_INSTITUTION = re.compile(
    rf"[{_HAN}]{{0,8}}?(?:公司|医院|大学|学院|学校|[中小]学|集团|研究[所院]|厂|企业|动物园|专家|学者|教授)"
)
_NOTICE = re.compile(r"[定拟]于[^,，。；;]{0,20}$")
_MEETS = re.compile(
    r"[^,，。；;]{0,12}?(?:召开|举[行办]|开幕|闭幕|落幕|落下帷幕|收官|开营|开班|启动|结业|揭晓|参[加训展赛]|出席)"
)
_GUEST = re.compile(
    rf"[{_HAN}]{{0,6}}?(?:考察|调研|学习|代表|参观|访问|交流|慰问|党政|专家)[{_HAN}]{{0,2}}?[团组队](?![织成建])"
    rf"|[{_HAN}]{{0,4}}?一行|[{_HAN}]{{0,6}}?来[{_HAN}]{{0,2}}?(?:考察|调研|参观|访|交流|指导|学习|对接)"
)
# Who stands behind what a sentence is about: 由省科协、阿坝州人民政府主办的活动.
SPONSORED = re.compile(r"由[^。；;]{1,60}?(?:主办|承办|协办|举办|指导|发起|组织)(?:[、，,]|的)")
# Who gives what others receive: 浙江省对口帮扶的, 在北京市支持下, 由青岛市科协捐赠的.
GIVEN = re.compile(
    r"(?:^|(?<=[,，。；;]))[^,，。；;]{2,40}?(?:(?:帮扶|支援|援建|捐[赠建]|资助)的|(?:支持|指导|帮助|帮扶|援助|资助|协助|关心|牵线|推动)下)"
)
# A meeting of more than the place where it is: 全国…大赛在, 中国…学会年会在, 省科协…在.
WHOLE = re.compile(
    rf"全[省国]|(?:^|[^{_HAN}]|[日国])省科协|(?:中国|世界|国际|中华)[^,，。；;日]{{0,14}}?(?:赛|年会|大会|会议|论坛)"
)
MEETING = re.compile(r"[^,，。；;]{0,20}?(?:培训班|研修班|论坛|[会赛])[^,，。；;]{0,6}$")
# What goes from place to place, and is where it stops: 四川省流动科技馆巡展在叙永县启动.
TOURS = re.compile(r"巡[展讲演回]|大篷车|流动")
# What guests bring: 到道孚县送医, 赴色达县支教; who only looks and learns takes the news home.
SERVES = re.compile(
    r"[^,，。；;]{0,6}?(?:送[\u3400-\u9fff]|支教|义诊|帮扶|慰问|捐[赠献]|授课|开展(?![^,，。；;]{0,6}(?:考察|学习|调研|交流|对接)))"
)
CONFERS = re.compile(r"召开[^,，。；;]{0,20}?(?:座谈|工作|总结|推进|代表大)会")
# Stems in a list that says what they are: 内江、自贡、泸州三市.
LISTED = re.compile(
    rf"((?:[{_HAN}]{{2,3}}、){{1,12}}[{_HAN}]{{2,3}})(?:等[地]?)?[两二三四五六七八九十]+[个]?[市县区州地]"
)
# To whom a notice goes: all parts of the region that sends it.
ADDRESSED = re.compile(r"各(?:[县市区州旗乡镇村]|街道|盟)[^。；;]{0,80}[：:]$")
# What lies so far back that it only leads up to the news: 十年前, 去年.
BACKGROUND = re.compile(r"[\s■●]*(?:(?:早在)?[\d一二三四五六七八九十多几]{1,4}年前|早在|[去前]年|过去)")
# The source's own region, as it speaks of itself: 我市, 全县; and its bodies: 市科协.
OWN = re.compile(
    rf"[我全本](?P<scope>[省市州县区旗盟])(?![场域长直级])|(?P<body>[省市州县区旗盟])(?:{_BODY})"
)
# Names that are nouns: 中心城区、老城区, 校园东区.
_NOUNS = re.compile(r"(?:[老新]?城|新市|[郊矿东西])区|城[东西南北中]区")
# Names that end as common nouns do: 西南|山区, 创|新市区, 四川|南部县区; and names that are some.
_ENDING = re.compile(r".?[山城市矿郊牧林地新景社校园湖库灾老南东西北]区|[东南西北]部县")
_WORDS = re.compile("(?:和平|复兴|新兴|解放|红旗|光明|前进)区")
_ACCIDENT = ("级", "域", "城", "长")  # 高|县级, 高|县长


def _before(text: str, start: int) -> str:
    """As much of what stands before as any frame asks for."""
    return text[max(0, start - 30) : start]


def origin(text: str, start: int, end: int) -> bool:
    """Whether somebody or something only comes from a place."""
    left = _before(text, start)
    return (
        _ORIGIN.search(left) is not None
        or _NATIVE.match(text, end) is not None
        or (_FROM.search(left) is not None and _LEFT.match(text, end) is not None)
        or (_ABOUT.search(left) is not None and _HANDED_IN.match(text, end) is not None)
        or (_LYING.search(left) is not None and text.startswith("的", end))
    )


def visited(text: str, start: int) -> bool:
    return _VISITED.search(_before(text, start)) is not None


def venue(text: str, start: int, end: int) -> bool:
    return _VENUE.search(_before(text, start)) is not None and _MEETS.match(text, end) is not None


def announced(text: str, start: int) -> bool:
    """Whether a notice names a place as the venue: 定于8月在乐山市举办."""
    return _NOTICE.search(_before(text, start)) is not None


def guest(text: str, end: int) -> bool:
    """Whether a delegation's name follows: …科协|考察团, …科协|一行."""
    return _GUEST.match(text, end) is not None


def names_body(text: str) -> bool:
    """Whether a text can have a body of a place in it at all; quicker than to look for one."""
    return "委" in text or any(body in text for body in _BODIES)


def institution(text: str, end: int) -> bool:
    return _INSTITUTION.match(text, end) is not None


def coming(text: str, start: int) -> bool:
    """Whether a visitor comes (来) rather than goes (赴)."""
    return _COMING.search(_before(text, start)) is not None


def seen(text: str, start: int) -> bool:
    """Whether a place is only looked at: 参观芦山县科技馆."""
    return _SEEN.search(_before(text, start)) is not None


def opens(text: str, start: int) -> bool:
    """Whether a name may begin there."""
    return _OPEN.search(_before(text, start)) is not None


def noun(name: str) -> bool:
    """Whether a name is, or ends as, a common noun."""
    return any(words.fullmatch(name) for words in (_NOUNS, _ENDING, _WORDS))


def bounded(text: str, start: int, name: str, *, explicit: bool, listed: bool, home: bool) -> bool:
    """Whether the words around a name leave it a name: `explicit` below its parents, `listed` among others,
    `home` to the source. Two characters and common nouns need words that say so."""
    end = start + len(name)
    if _runs_on(text, end, name):
        return False
    if explicit or (len(name) > 2 and not noun(name)):
        return True
    left = _before(text, start)
    going = _GOING.search(left) or (_VENUE.search(left) and _HELD.match(text, end))
    if not (going or _OPEN.search(left)):
        return False
    common = _NOUNS.fullmatch(name) is not None
    if len(name) > 2 and _ENDING.fullmatch(name) and not common:
        return True
    if text.startswith(_ACCIDENT, end):
        return False
    if listed or ORGANISATION.match(text, end) or PLACE_BELOW.match(text, end):
        return True
    return not common and bool(going or home)


def contradicts(text: str, end: int, name: str) -> bool:
    """Whether a name directly after that of another division is meant as a part of it: not where the words
    are an accident (四川省|资源县级平台) or nouns (雅安市|城区)."""
    if _NOUNS.fullmatch(name) or text.startswith(_ACCIDENT, end) or _runs_on(text, end, name):
        return False
    certain = len(name) > 2 and not noun(name)
    return certain or (not name.startswith("和") and ORGANISATION.match(text, end) is not None)


def _runs_on(text: str, end: int, name: str) -> bool:
    """Whether a name's last character begins another word: 合作|市场, 新建|区域, 全州|县市, 资源|县级."""
    if name.endswith("县"):
        return text.startswith(("市", "级"), end) and not text.startswith("市场", end)
    return text.startswith({"市": "场", "区": "域"}.get(name[-1], "\0"), end)
