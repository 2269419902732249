"""The words of a byline -> personal names: padded ones joined, run-together ones parted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import takewhile

# The surnames that most people in China bear, most frequent first; they decide where run-together names part.
_FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚"
    "卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
# Further ones of the 百家姓 and of common use; not those that are words first (全, 国, 计, 通).
_OTHERS = (
    "褚卫尤施华戚喻柏水窦章云葛奚郎鲁昌苗凤花俞柳鲍费廉岑倪滕殷毕邬安常乐时傅皮卞齐康伍元卜黄和穆萧湛祁禹狄"
    "米贝明臧伏成宋茅庞纪舒屈项祝阮蓝闵席季麻强路娄危童颜梅盛刁骆樊凌霍虞支柯管裘缪解应宗宣郁单杭洪包诸左吉"
    "钮程嵇邢滑裴荣翁荀羊惠甄曲家封芮储靳松井富巫乌焦巴弓牧隗山谷车宓蓬郗班仰秋仲伊宫宁仇栾甘厉戎祖符景詹束"
    "幸司韶郜蓟薄印宿怀蒲邰鄂籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟贡劳逄姬申扶冉宰郦雍璩桑桂濮牛寿边扈燕冀郏浦尚"
    "农温别庄晏柴瞿阎慕连茹习艾鱼古易慎戈庾暨居衡耿满弘匡文寇广禄东殳沃利蔚夔巩厍聂晁勾敖融訾辛阚简饶沙鞠丰"
    "巢关蒯查荆红游竺权盖桓税苟岳帅缑亢琴牟佘佴墨哈谯笪阳佐晋闫汝鄢涂钦初仝楼原冼揭仁昝銮庹敬兴代兰佟邸母永"
    "覃赏商冷肖海平趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴謝鄒蘇葉韋馬鳳賀湯羅畢齊黃蕭貝談龐紀項藍閔賈顏鍾駱萬盧莫經"
    "旷綦逯仵侬谌郄瞿蹇禚亓仉俎俸况邝郇郐郅酆呙闾阙隋隽雒虢粟贠贲遆"
    "單諸龔陸榮寧欒劉龍黎賴喬雙聞譚勞閻習魚歐聶關遊權蓋鄧鄔"
)
_DOUBLE = re.compile("欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|宇文|澹台|呼延")
# Syllables of Tibetan, Yi, Mongolian and Uyghur names, which have no Chinese surname.
_OTHER_PEOPLES = re.compile(
    "扎西|泽仁|卓玛|多吉|次仁|尼玛|格桑|罗布|达瓦|旦增|丹增|洛绒|央金|拉姆|平措|索朗|索郎|白玛|仁青|仁真|降初|"
    "曲珍|邓珠|泽郎|旺姆|旺堆|阿牛|吉克|沙马|海来|马海|吉木|阿木|俄木|曲木|曲比|勒格|尔古|木乃|阿的|史日|伍呷|"
    "日古|子布|阿苦|阿衣|阿尔木|阿依|阿呷|木呷|尔布|日铁|呷绒|翁丁|顿珠|昂旺|德吉|洛桑|嘎玛|贡布|买买提|古丽|阿卜杜|艾力|吐尔|"
    "才让|尕藏|完玛|旦正|桑杰|拉毛|曲别|吉伙|其其格|高娃|斯琴|巴特尔|娜仁|图雅|巴雅尔|那仁|萨仁|乌云|宝音|吉勒图|格日勒"
)
_DOTS = "·•・‧∙"  # between the parts of a name, as different typesetters set it
# What stands in the place of a name where there is none.
_NOBODY = re.compile("佚名|未知|不详|匿名|暂无|系统|管理员|系统管理员|网络|互联网|本站|转载|原创|其他")
# Words that begin as names do and stand in brackets after a sentence.
_NOT_NAMES = re.compile(
    "江苏|江西|安徽|云南|海南|成都|广东|广西|宁夏|连载|时评|常识|方言|应急|平安|安全|高温|明天|明日|和平|水稻|文明|"
    "古代|原文|左图|右图|东部|成果|路线|单位|包括|金融|石油|广告|解读|支持|管理|利用|温馨|兴趣|"
    "近[日期]|日前|[昨今][日天]|当[日天]|上周|本周|代表|化名|免费|见习|预告|通知|全场|周[一二三四五六日]"
)
_WORDS = re.compile(
    "[的了在从是将你我他她它请某]|族$|(?:先生|女士|老师|同志|院士|教授|博士|主[任席]|"
    "[局县市省部校院处科所站队镇乡会行董]长|书记|经理|声明)$|"
    "手记|调查|观察|报道|评论|培训|招聘|获悉|了解|看到|采访"
)
# What else stands in brackets after a sentence and is short: notes, editions of a text, media, places.
_NOTES = re.compile(
    "扩大|[决初复预联大络]赛|试行|暂行|修订|草案|.稿$|节选|选登|摘[要编登录]|[全原译]文|待续|未完|续完|上接|下转|转载|删[节改减]|"
    "从略|掌声|鼓掌|笑声|[下上]同|同上|以[上下]|简称|[详参]见|见[上下左右附]|线[上下]|室[内外]|现场|[直录]播|"
    "第[一二三四五六七八九十]|[饰演]$|周[一二三四五六日]|[左右][起一二三四]|[前后]排|居中|版$|图$|图[片表文为解]|摄|社$|报$|网$|电视台|电台|本[报刊台网]|新华|中新|"
    "频道|新闻|视频|客户端|公众号|微信|中国|强国|综合|科[技普学]|[县省镇乡村]$|街道$|社区$|包括|除外|不含|含税|单位|暂定|"
    "其[中余他]|无关|备注|附注|编者|笔者|作者|主持|来源|资料|不分|先后|排名|部分|全部|完整|结束|时间|当地|[农公阴]历"
)
_CHINESE = re.compile(rf"[\u3400-\u9fff]+(?:[{_DOTS}][\u3400-\u9fff]+)*")
_LONGEST = 15  # characters run together that are parted; five names or so


def people(words: Sequence[str]) -> list[str]:
    """Words between blanks -> names. A blank inside a padded name (张 丽, 欧阳 锋, 苏 文 保) parts none;
    single characters in even number are padded names whatever the surname."""
    if len(words) == 3 and all(len(word) == 1 for word in words):
        return ["".join(words)]
    joined: list[str] = []
    rest = list(words)
    while rest:
        padded = len(list(takewhile(lambda word: len(word) == 1, rest)))
        word = rest.pop(0)
        surname = len(word) == 1 and (word in surnames() or padded % 2 == 0)
        lone = surname or _DOUBLE.fullmatch(word) is not None
        follows = bool(rest) and len(rest[0]) <= 2
        joined.append(word + rest.pop(0) if lone and follows else word)
    return joined


def is_person(word: str, *, lenient: bool) -> list[str]:
    """The names in a word, several where they are run together; empty when it is none.

    `lenient` takes any two to four characters for a name that are no known note: after 记者, and in a bracket
    after a sentence, there is hardly anything else. The surname only tells where run-together names part.
    """
    if not _CHINESE.fullmatch(word) or _NOT_NAMES.fullmatch(word) or _NOBODY.fullmatch(word):
        return []
    if _WORDS.search(_OTHER_PEOPLES.sub("", word)) or _NOTES.search(word):  # 阿的 is also a Yi surname
        return []
    if re.search(f"[{_DOTS}]", word):
        return [word] if len(word) <= _LONGEST else []
    if _plausible(word):
        return [word]
    if 4 <= len(word) <= _LONGEST and (parts := _parted(word)):
        return parts
    return [word] if lenient and 2 <= len(word) <= 4 else []


@cache
def surnames() -> frozenset[str]:
    return frozenset(_FREQUENT + _OTHERS)


def _plausible(word: str) -> bool:
    if _DOUBLE.match(word):
        return len(word) in (3, 4)
    if len(word) in (2, 3) and word[0] in surnames():
        return True
    return 2 <= len(word) <= 7 and _OTHER_PEOPLES.search(word) is not None


def _parted(word: str) -> list[str]:
    """Names of two or three characters one after the other; where they can part in several ways, at the
    more frequent surnames."""
    ways = [way for way in _ways(word) if len(way) > 1]
    return max(ways, key=lambda way: (sum(name[0] in _FREQUENT for name in way), -len(way)), default=[])


def _ways(word: str) -> list[list[str]]:
    if not word:
        return [[]]
    sizes = [size for size in (3, 2) if size <= len(word) and word[0] in surnames()]
    sizes += [size for size in (4, 3) if size <= len(word) and _DOUBLE.match(word)]
    return [[word[:size], *rest] for size in sizes for rest in _ways(word[size:])]
