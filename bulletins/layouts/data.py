"""Newspapers whose lists or texts are data (.json, data.js, an object in a script): data in, parts out.

What a value means is told by its keys, not by one site's scheme: something with a title and a text is an
article, with a title and an address a link to one, with a page's number or name and an address a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import chompjs

from bulletins import dates, folios
from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part
from bulletins.markup import Node, parse, web_address
from bulletins.survey import FOLIO, day_of, is_address

_STARTS = re.compile(r"""^\s*(?=[\[{])|(?:^|[\s;,{(])["']?[\w.$]{1,60}["']?\s*=\s*(?=[\[{])""", re.M)
_MOST_OBJECTS = 60  # of the scripts of one page
_DEEPEST = 12  # levels of a value that are looked through

_TITLE = re.compile(r"(?:doc|article|news)?_?(?:title|headline|name)|biaoti|bt", re.I)
_TEXT = re.compile(
    r"(?:new|article|doc|news|html)?_?(?:content|text|body|html)|ir_abstract|neirong|zhengwen|nr|zw", re.I
)
_ADDRESS = re.compile(r"(?:article|page|news)?_?(?:url|href|link|path)", re.I)
_NUMBER = re.compile(r"(?:page|ban|layout)_?(?:no|num|number|code)|banci|banhao|bh|bc|version|edition", re.I)
_BARE_NUMBER = re.compile(r"no|num|number", re.I)  # a page's, of an object that holds a list
_NAME = re.compile(r"alias|banming|bm|(?:page|ban|layout|edition|column)_?name|name", re.I)
_PDF = re.compile(r"pdf\w*|\w*pdf(?:path|url|file\w*)?|pdpath", re.I)
_DAY = re.compile(
    r"(?:pub(?:lish)?|paper|issue|period|edition|release)?_?(?:date|day|time)|riqi|cbrq|rq|cbsj", re.I
)
_ISSUE = re.compile(r"(?:issue|period)(?:_?(?:no|num|number|name))?|qi(?:hao|shu|ci)?|qh", re.I)
_AUTHOR = re.compile(r"authors?|author_?name|writer|byline|zuozhe|zz", re.I)
_KEY = re.compile(r"(?:article|doc|news)?_?(?:id|uuid|guid)|zb_guid", re.I)
_CHINESE = re.compile(r"[\u3400-\u9fff]|\\u[4-9]")  # without any of it a script holds no newspaper
_ENOUGH = 20  # characters of a text


@dataclass(frozen=True, slots=True)
class _Found:
    pages: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    texts: tuple[Article, ...] = ()
    issue: str = ""
    day: str = ""


def _pages(tree: Node, url: str) -> Pages:
    found = _read(tree, url)
    named = day_of(url)
    days = [day for day in (named.isoformat() if named else "", found.day) if day]
    current = next((link.text for link in found.pages if link.href == url), "")
    return Pages(found.pages, found.issue, tuple(days), current)


def _articles(tree: Node, url: str) -> Articles:
    found = _read(tree, url)
    return Articles(found.links, texts=found.texts)


def _article(tree: Node, url: str) -> Article:
    texts = _read(tree, url).texts
    return texts[0] if texts else Article("", ())


@lru_cache(maxsize=2)  # the parts ask for it one after the other
def _read(tree: Node, url: str) -> _Found:
    values = list(_values(tree.scripts))
    names = [name for value in values if isinstance(value, list) for name in _folios(value)]
    pages: dict[str, Link] = {}
    links: dict[str, Link] = {}
    texts: list[Article] = []
    maps = 0
    issue = day = ""
    for value in values:
        for where, page in _objects(value):
            day = day or _day_of(where)
            issue = issue or _issue_of(where)
            if linked := _titles_to_addresses(where):
                sheet = names[maps] if maps < len(names) else ""
                maps += 1
                for title, written in linked.items():
                    if href := web_address(written, url):
                        links.setdefault(href, Link(href, title, sheet))
                continue
            href = web_address(_text_of(where, _ADDRESS), url)
            title = _text_of(where, _TITLE)
            html = _text_of(where, _TEXT)
            label = _page_of(where)
            if title and len(html) >= _ENOUGH:
                texts.append(_whole(where, title, html, page, url, len(texts)))
            elif href and label and title in label:
                pages.setdefault(href, Link(href, label, pdf=web_address(_text_of(where, _PDF), url)))
            elif href and title and _is_page(href):
                links.setdefault(href, Link(href, title, page))
    return _Found(tuple(pages.values()), tuple(links.values()), tuple(texts), issue, day)


def _whole(where: Mapping[str, object], title: str, html: str, page: str, url: str, n: int) -> Article:
    body = parse(html).first("body")
    return Article(
        title,
        body.blocks(url) if body else (),
        head=page,
        name=_text_of(where, _KEY) or str(n + 1),
        href=web_address(_text_of(where, _ADDRESS), url),
        pdf=web_address(_text_of(where, _PDF), url),
        byline=_text_of(where, _AUTHOR),
    )


def _values(scripts: str) -> Iterator[object]:
    """The objects and lists that scripts assign, and a script that is nothing else."""
    if not _CHINESE.search(scripts):
        return
    for start in islice(_STARTS.finditer(scripts), _MOST_OBJECTS):
        try:
            value: object = chompjs.parse_js_object(scripts[start.end() :])
        except (ValueError, RecursionError):
            continue
        if value:
            yield value


def _objects(value: object, page: str = "", level: int = 0) -> Iterator[tuple[Mapping[str, object], str]]:
    """Every object in a value, with the page of the newspaper that the objects around it name."""
    if level > _DEEPEST:
        return
    if isinstance(value, dict):
        page = _page_of(value) or page
        yield value, page
        for each in value.values():
            yield from _objects(each, page, level + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each, page, level + 1)


def _page_of(where: Mapping[str, object]) -> str:
    """The page that an object names, as printed: 第A1版：要闻."""
    number, name = _text_of(where, _NUMBER), _text_of(where, _NAME)
    if not number and any(isinstance(value, list) for value in where.values()):
        number = _text_of(where, _BARE_NUMBER)
    if number and re.fullmatch(r"[A-Z]{0,3}\d{1,3}", number):
        return f"第{number}版：{name}"
    return name if FOLIO.match(name) else ""


def _day_of(where: Mapping[str, object]) -> str:
    """The day that an object names, as written; of an edition the outermost object says it."""
    text = _text_of(where, _DAY)
    return text if dates.day(text) else ""


def _issue_of(where: Mapping[str, object]) -> str:
    text = _text_of(where, _ISSUE)
    return text if folios.issue(text) else f"{text}期" if re.fullmatch(r"\d{1,6}", text) else ""


def _titles_to_addresses(where: Mapping[str, object]) -> dict[str, str]:
    """An object that is nothing but titles and where they lead."""
    entries = {key: value for key, value in where.items() if isinstance(value, str) and is_address(value)}
    return entries if entries and len(entries) == len(where) and not any(map(str.isascii, entries)) else {}


def _folios(value: list[object]) -> Iterator[str]:
    names = [each for each in value if isinstance(each, str) and FOLIO.match(each)]
    if names and len(names) == len(value):
        yield from names


def _text_of(where: Mapping[str, object], key: re.Pattern[str]) -> str:
    """The first value of a key of that meaning, as text."""
    for name, value in where.items():
        if (
            isinstance(value, (str, int))
            and not isinstance(value, bool)
            and key.fullmatch(name)
            and str(value).strip()
        ):
            return str(value).strip()
    return ""


def _has_pages(found: _Found) -> bool:
    """Whether data say which pages there are, or of which day the articles in them are."""
    return bool(found.pages or (found.day and (found.links or found.texts)))


def _is_page(href: str) -> bool:
    return re.search(r"\.(?:s?html?|json)(?:$|[?#])", href) is not None


LAYOUT = Layout(
    "data",
    pages=Part(lambda tree: 0.6 if _has_pages(_read(tree, "http://localhost/")) else 0.0, _pages),
    articles=Part(
        lambda tree: 0.6 if (found := _read(tree, "http://localhost/")).links or found.texts else 0.0,
        _articles,
    ),
    article=Part(lambda tree: 0.6 if len(_read(tree, "http://localhost/").texts) == 1 else 0.0, _article),
)
