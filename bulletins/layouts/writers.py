"""The lines beside an article's text -> the words that say who wrote it; else whom the page's head names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from bulletins.facts import Facts
from bulletins.layouts.density import Line
from bulletins.markup import Node

_LINE = 120  # characters of a line about an article
_MORE = 3  # lines that may go on with who wrote: 通讯员 below 记者
_SIGN = 30  # characters of one
# Who a line beside the text says wrote it.
WRITER = re.compile(
    r"(?:作\s*者|记\s*者|通讯员|实习生|撰\s*[文稿]|采\s*写|供稿(?:人|者)?|执笔|文字?)\s*[:：/／|｜丨]\s*(?=[\u3400-\u9fff])"
    r"|[\u3400-\u9fff]{0,10}?(?:记者|通讯员)[\s:：]+[\u3400-\u9fff]|(?:记者|通讯员)[\u3400-\u9fff]{2,4}(?=\s|$)"
)
_STAMPED = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s+(?P<name>[\u3400-\u9fff·]{2,4})\s+\d+\s*(?:次)?(?:点击|浏览|阅读)"
)
_GLUED = re.compile(
    r"(?<=[^\s\u3000|｜(（【\[])(?=(?:(?:信息|稿件|文章|内容)来源|(?<!信息)(?<!稿件)(?<!文章)(?<!内容)来源|作者|记者|通讯员|责任编辑|责编|"
    r"(?<!责任)(?<!美术)(?<!视觉)编辑|审核|校对|(?:发布|发表|更新)(?:时间|日期)|(?<!发布)(?<!发表)(?<!更新)(?:时间|日期)|阅读|浏览|点击|字[号体])"
    r"\w{0,2}\s*[:：])"
)
# Where another field begins: a day, a count.
_DIGITS = re.compile(r"\d|【|(?<=[\u3400-\u9fff])\s*[|｜](?=\s)")
_SENTENCE = re.compile(r"[。！？]")


def named(page: Sequence[Line], near: Iterable[tuple[int, Line]]) -> str:
    """What the first of the lines that says who wrote says of it, and those beside it that go on with that;
    "" where none does. `near`: lines of the page, the likeliest first, with their places in it."""
    for n, line in near:
        text = line.text
        if len(text) > _LINE or line.linked * 2 > len(text) or _SENTENCE.search(text):
            continue
        if stamped := _STAMPED.search(text):
            return stamped["name"]
        apart = _GLUED.sub(" ", text)
        if wrote := WRITER.search(apart):
            before = reversed(_signs(reversed(page[max(0, n - _MORE) : n])))
            after = _signs(page[n + 1 : n + 1 + _MORE])
            said = (*before, apart[wrote.start() :], *after)
            return " ".join(_DIGITS.split(each)[0].strip() for each in said)
    return ""


def _signs(beside: Iterable[Line]) -> list[str]:
    """The lines beside one that says who wrote which go on with that."""
    texts = (_GLUED.sub(" ", line.text) for line in beside)
    return list(takewhile(lambda text: len(text) <= _SIGN and WRITER.match(text), texts))


def stated(tree: Node, said: Facts, near: Iterable[Line]) -> str:
    """The author whom a page's head names, where the page prints that name: beside the text, or in a box that
    is called so. "" where it is the site's own."""
    shown = {_squeezed(line.text) for line in near}
    shown |= {_squeezed(node.text) for node in tree.all("[id*='author'], [class*='author'], [rel='author']")}
    names = (
        name
        for name in re.split(r"[\s,，;；、]+", said.author)
        if re.fullmatch(r"[\u3400-\u9fff·]{2,4}", name)
    )
    return next((name for name in names if name in shown and name not in (said.source, said.site)), "")


def _squeezed(text: str) -> str:
    return "".join(text.split())
