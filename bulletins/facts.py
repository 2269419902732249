"""A page's head, comments and scripts -> what they say of its article, as written: title, date, author.

The government's standard for web sites (国办发〔2017〕47号) names `ArticleTitle`, `PubDate`, `ContentSource`,
`ColumnName` and others; systems spell them in any case, and leave templates unfilled. Beside it stand Open
Graph, JSON-LD, fields between comments (<!-- 文章标题 begin -->) and the variables of WeChat's pages.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bulletins import dates
from bulletins.markup import Node

_UNFILLED = re.compile(
    r"[<{$%]|CMSPRO|(?:undefined|null|none|无|暂无|(?:网站|栏目|文章|信息|页面)(?:名称|标题|来源|作者|描述|类别))$",
    re.I,
)
_TITLES = ("og:title", "twitter:title")
_DATES = (
    *("article:published_time", "og:published_time", "article:create_at", "weibo:article:create_at"),
    *("datepublished", "publishdate", "publish_time", "publishtime", "firstpublishedtime", "releasedate"),
    *("bytedance:published_time", "og:time", "og:release_date", "dc.date", "date", "maketime"),
)
_SCRIPTED = re.compile(
    r"""["']?\b(?:news_?time|pub_?(?:lish)?_?(?:time|date)|publish(?:ed)?_?at|date_?published|issue_?date)["']?\s*[:=]\s*["']([^"'\n]{8,30})["']""",
    re.I,
)
_EPOCH = re.compile(r"""\b(?:ct|createTime|publish_?time)\s*[:=]\s*["'](1\d{9})["']""", re.A)
_VARIABLE = r"""\b%s\s*=\s*(?:htmlDecode\()?(["'])((?:(?!\1).){1,200})\1"""
_MSG_TITLE = re.compile(_VARIABLE % "msg_title")
_HEADLINE = re.compile(r'"headline"\s*:\s*"((?:[^"\\]|\\.){2,200})"')
# Fields that a template's comments enclose; the text between them is the field.
_FIELD = re.compile(
    r"^\W*(?:文章|信息|新闻)?(?P<name>标题|来源|正文|内容|(?:发布)?(?:日期|时间)|作者|编辑|(?:专题)?栏目名称)\W*(?:begin|start|开始)\W*$",
    re.I,
)
_SHORT = 200  # characters of a field that is no text


@dataclass(frozen=True, slots=True)
class Facts:
    """All as written, "" for what is not said; `titles` the likeliest first. `official`: the government's
    standard names an article here; `body` is the element between whose comments the text stands."""

    titles: tuple[str, ...] = ()
    date: str = ""
    author: str = ""
    source: str = ""
    column: str = ""
    site: str = ""
    official: bool = False
    body: Node | None = None


@lru_cache(maxsize=1)  # the parts of a layout ask one after the other, of one page at a time
def facts(tree: Node) -> Facts:
    """What a page says of its article beside printing it."""
    meta: dict[str, list[str]] = {}
    for node in tree.all("meta[content]"):
        name = (node.attribute("name") or node.attribute("property") or node.attribute("itemprop")).lower()
        value = html.unescape(node.attribute("content"))
        if name.strip() and value and not _UNFILLED.match(value):
            meta.setdefault(name.strip(), []).append(value)
    fields = list(_fields(tree))
    scripts = tree.scripts
    titles = [*meta.get("articletitle", ()), *_said(fields, "标题")]
    titles += [html.unescape(match[2]) for match in _MSG_TITLE.finditer(scripts)]
    titles += [title for name in _TITLES for title in meta.get(name, ())]
    titles += [match[1] for match in _HEADLINE.finditer(scripts)]
    stated = sorted(meta.get("pubdate", ()), key=lambda said: ":" not in said)  # one with a time of day first
    stated += [value for name in _DATES for value in meta.get(name, ())]
    stated += [*_said(fields, "日期"), *_said(fields, "时间"), *_epochs(scripts)]
    return Facts(
        titles=tuple(dict.fromkeys(titles)),
        date=next(filter(dates.day, stated), ""),
        author=" ".join(dict.fromkeys([*_said(fields, "作者"), *meta.get("author", ())])),
        source=next(iter([*meta.get("contentsource", ()), *_said(fields, "来源")]), ""),
        column=next(iter([*meta.get("columnname", ()), *_said(fields, "栏目名称")]), ""),
        site=next(iter(meta.get("sitename", ())), ""),
        official="articletitle" in meta,
        body=next((where for name, _, where in fields if name in ("正文", "内容")), None),
    )


def scripted_date(tree: Node) -> str:
    """A date that a page's own data give it, for want of any other; the first is the page's, further ones
    are of what it recommends."""
    return next((match[1] for match in _SCRIPTED.finditer(tree.scripts) if dates.day(match[1])), "")


def _epochs(scripts: str) -> Iterator[str]:
    """The moment that a variable of WeChat's has in seconds: what is printed there may be 昨天."""
    for match in _EPOCH.finditer(scripts):
        yield datetime.fromtimestamp(int(match[1]), dates.SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _said(fields: list[tuple[str, str, Node]], name: str) -> Iterator[str]:
    for called, text, _ in fields:
        if called.endswith(name) and 0 < len(text) <= _SHORT and not _UNFILLED.match(text):
            yield text


def _fields(tree: Node) -> Iterator[tuple[str, str, Node]]:
    """Fields by the name in their comments, with their text and the element that has them."""
    for comment, text, where in tree.commented:
        if match := _FIELD.match(comment.strip()):
            yield match["name"], text, where
