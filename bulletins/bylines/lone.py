"""A line with nothing but a name, above or below a text -> whom it names.

Nothing says that 张三 is a byline but its place, and 高山 or 白内障 stands in the same place as a heading.
So a line counts only alone: headings come several to a text. A word that begins as names do and is none
stays in the text, and so does a name that could be one: a line too many does less harm than a line lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletins.bylines.names import is_person, people

_SHORT = 4  # characters of a line like it: another heading, or a verse as short
_MARKS = "□■◇◆◎○●▲△★☆▶— "
_STOPS = re.compile(r"[,，。；;：:！!？?、]")
_HAN = "\u3400-\u9fff"
_NAME = re.compile(rf"[{_HAN}·•・]{{1,12}}(?: [{_HAN}]{{1,3}}){{0,2}}")
_CREDIT = re.compile(r"文 (?P<after>\S.*)|(?P<before>.*\S) 文")  # 文 张三; 张三 文
# [唐]李白, （美）马克·吐温: from when, or whence; not (一), (上) or (图).
_WHENCE = rf"[\[［(（〔【](?![一二三四五六七八九十上中下图外续])[{_HAN}]{{1,6}}[\]］)）〕】]"
_FROM = re.compile(rf"(?P<whence>{_WHENCE}) ?(?P<name>.*)")
_AGE = 3  # characters of [唐] and (美), which stand before nothing but a name
# 张三（四川）, and not 江山（组诗）, 高原（外一首）.
_AFTER = re.compile(r"(?P<name>.*?) ?[(（](?!.?[图组外节续选])[^()（）首诗章篇]{2,6}[)）]")
# What ends a word and hardly ever a name: divisions, columns of newspapers, kinds of things, where and when.
_WORD_ENDS = re.compile(
    r"[省市州县区旗镇乡村社店寺桥湾江河湖海港岛峡滩"
    r"法版业事史技情苑坛角窗台讯论评谈说话画词曲刊报览选摘萃题类地口式性型量度率线层面物料药肥酒菜果虫病症压糖脂障癌炎痛"
    r"里上下外前后时间处边头们着过到者生员季节日夜]$"
)
# Words of two or three characters that begin as names do, as headings and verses have them.
_WORDS = re.compile(
    "王[牌者]|高[山原峰考速手产铁低]|白[云雪色鹭露]|黄[昏花瓜叶土金连]|江[南山天]|马[路灯]|花[开落香朵椒红]|云[端雾朵彩]|雷[雨电声]|石[榴头斛阶]|田[野园]"
    "|林[下海荫]|谷[雨穗]|时[光代令]|温[暖柔室]|安[全心静装乐]|常[见用识青]|成[长因功熟]|包[装容]|施[工]|解[码读答决]|关[注爱键于]|古[镇城树韵诗风]"
    "|水[乡产利文墨]|秋.|夏[天至荷]|金[秋色黄]|周[末刊边]|平[安衡凡]|文[化学艺明苑房]|方[言向圆]|和[平谐解]|农[家谚民]|党[建课旗]|童[年谣诗心趣]|乐[活观园]"
    "|牛[年奶]|鱼[塘苗]|毛[豆]|范[围例]|任[务何]|应[对用急]|向[阳往导]|左[右岸]|计[划]|管[理窥]|支[招持点]|贺[词岁]|年[味]|项[目]|路[灯径]|程[序]|钟[声]"
    "|万[家象]|莲[子]|梅[花雨]|杏[花]|桂[花香]|柳[絮丝]|杨[柳絮]|雪[花]|霜[降]|桑[葚树]|荷[花]|竹[海林]|麦[田浪]|燕[子归]|春[天风雨]"
    "|胡[萝杨].?|马铃薯|白玉兰|向日葵|康乃馨|满天星|毛毛雨|左右手|石榴花|猕猴桃|编者按|开栏语"
)


def lone(line: str, others: Sequence[str]) -> list[str]:
    """The names in a line that says nothing else, by its place alone; none where one of the `others` of its
    text is as short, as headings are, or has its mark."""
    marked = line[:1] in _MARKS
    plain = line.lstrip(_MARKS)
    if any(_is_like(other, line[:1] if marked else "") for other in others):
        return []
    credit = _CREDIT.fullmatch(plain)
    if credit:
        plain = credit["after"] or credit["before"]
    whence = _FROM.fullmatch(plain)
    if whence:
        plain = whence["name"]
    elif after := _AFTER.fullmatch(plain):
        plain = after["name"]
    if not _NAME.fullmatch(plain):
        return []
    words = plain.split()
    foreign = whence is not None and len(whence["whence"]) <= _AGE
    found = [is_person(name, lenient=foreign) for name in people(words)]
    if len(found) != 1 or len(found[0]) != 1:
        return []
    (name,) = found[0]
    sure = credit or whence or len(words) > 1
    return [] if _WORDS.fullmatch(name) or (not sure and _WORD_ENDS.search(name)) else [name]


def several(line: str) -> list[str]:
    """The names in a line of nothing but several, of which one has three characters or is padded: 王 芳 李明.
    Two words of two characters each may say anything."""
    words = re.split(r"[ 、]+", line)
    names = people(words)
    found = [is_person(name, lenient=False) for name in names]
    told = [name for each in found for name in each]
    padded = sum(len(word) == 1 for word in words) > 1
    if not 2 <= len(names) <= 4 or not all(found) or max(map(len, words)) > 3:
        return []
    return told if padded or any(len(name) == 3 for name in told) else []


def _is_like(other: str, mark: str) -> bool:
    text = "".join(other.split())
    if mark and text.startswith(mark):
        return True
    return 0 < len(text) <= _SHORT and not _STOPS.search(text)
