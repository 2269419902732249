"""A line of credits -> the part of it that says who wrote; editors, pictures and sources aside."""

from __future__ import annotations

import re

from bulletins.bylines.names import is_person, people

# Who works on a text that others wrote, as a colophon names them; 一审一校 and the like run together.
_EDITORS = (
    r"责任?编辑?|责任校对|值班(?:编[委辑]|主任|总编|领导)|(?:执行|副|总)*主?编辑?|编[审校委排]|"
    r"(?:美术|视觉|文字|图片|网络|新媒体|本[版期报])编辑|"
    r"美编|视觉(?:设计)?|版式(?:设计)?|版面(?:设计)?|(?:海报|封面)?设计|组版|排版|版责|"
    r"制作|策划|统筹|监[制审]|出品人?|"
    r"审[核校读签稿定]|签[审发]|校[审对稿]|[责检]校|[初复终]审|(?:[一二三][审校])+|播音|配音|剪辑|后期|录入|上传|发布人?|投稿|编"
)
_PICTURES = r"摄影|摄像|图片(?:来源|提供)?|图源|供图|配图|制图|插图|绘图|漫画|题图|海报|视频(?:拍摄)?|航拍"
_SOURCES = r"(?:信息|稿件|文章|内容)?来源于?|转载?自|摘自|出处"
_TIMES = (
    r"(?:发布|发表|发稿|更新|编辑)?(?:日期|时间)|浏览(?:次数|量)?|阅读(?:次数|量)?|点击(?:次数|量|数)?|"
    r"访问量|字号|字体"
)
_WRITERS = (
    r"[^\s:：()（）、,，]{0,10}?(?:记者|通讯员|评论员|实习生|作者|撰稿人?)|"
    r"撰文|采写|执笔人?|整理|供稿|口述|图?文字?\s*[/／:：]"
)
_PART = r"\s*[/／:：|｜丨]\s*"
_BOUND = r"(?:^|(?<=[\s、,，;；|｜。！？!?()（）【】\[\]”]))"
_DRAWN = r"图(?!\s*[/／|｜丨]\s*文)"
_OTHERS = rf"(?:本[版期报刊台网])?(?:{_EDITORS}|{_PICTURES}|{_SOURCES}|{_TIMES})"
_LABEL = re.compile(
    rf"{_BOUND}(?:{_OTHERS}(?:{_PART}|\s+(?=\S))|{_DRAWN}{_PART}|责任?编辑?(?=[\u3400-\u9fff]))"
)
_NEXT = re.compile(rf"{_BOUND}(?:{_OTHERS}(?:{_PART}|\s)|{_DRAWN}{_PART}|{_WRITERS})")
# 张三,系某大学教授; 张三 作者单位:某大学
_PERSON = re.compile(
    r"[,，;；\s]*(?:作者(?:单位|系|为|简介|是)|(?<=\s)单位\s*[:：]|(?<=[,，;；])\s*(?:系|为|现任|单位|供职)).*$"
)
# 编辑 alone is also a verb; a line of it needs its colon or its slash.
_COLOPHON = re.compile(rf"[【\[(（\s]*(?:本[版期报刊台网])?(?:{_EDITORS})(?P<colon>{_PART})?")
_EDITOR = re.compile(rf"(?:本[版期报刊台网])?(?:{_EDITORS})")
_EDITED = re.compile(rf"{_BOUND}(?:本[版期报刊台网])?(?:{_EDITORS}){_PART}")
_SIGNED = r"[^()（）【】\[\]]*(?:记者|通讯员|作者|采写|撰文|供稿)\s*[:：]"
_AFTER = re.compile(
    rf"(?:\s*[(（【\[](?!{_SIGNED})(?:{_OTHERS}){_PART}?[^()（）【】\[\]]*[)）】\]]"
    rf"|(?<=[)）】\]。！？!?])\s*(?:本[版期报刊台网])?(?:{_EDITORS}){_PART}[^。！？!?()（）]*)\s*$"
)


def written(words: str) -> str:
    """Credits without the parts that name editors, photographers, sources and times: 记者 张三 编辑 李四 is
    记者 张三. Empty where nobody is said to have written."""
    kept, at = [], 0
    while label := _LABEL.search(words, at):
        kept.append(words[at : label.start()])
        following = _NEXT.search(words, label.end())
        at = following.start() if following else len(words)
    return _PERSON.sub("", "".join([*kept, words[at:]])).strip()


def before_colophon(text: str) -> str:
    """A text without the credits of editors and sources that follow its byline: (张三) 责任编辑:李四."""
    while after := _AFTER.search(text):
        text = text[: after.start()]
    return text


def is_colophon(line: str) -> bool:
    """Whether a line begins as one of editors does: 责编:李四; without a colon (一审 张三 二审 李四) all of
    it has to be names, for 编辑 and 制作 are verbs as well."""
    begins = _COLOPHON.match(line)
    if begins is None or begins["colon"]:
        return begins is not None
    words = line.strip("【】[]()（） ").split()
    rest = [word for word in words if not _EDITOR.fullmatch(word)]
    return len(rest) < len(words) and all(is_person(name, lenient=False) for name in people(rest))


def names_editors(line: str) -> bool:
    return _EDITED.search(line) is not None
