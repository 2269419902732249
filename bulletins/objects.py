"""Data in a page's scripts, or a page that is data -> its objects, and what their keys mean.

What a value means is told by its keys, not by one site's scheme. An object without an address has the one
that the site's own scripts would make of its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import chompjs

from bulletins import dates, folios, scripts
from bulletins.markup import Node, web_address
from bulletins.survey import FOLIO

Object = Mapping[str, object]

TITLE = re.compile(r"(?:doc|article|news)?_?(?:title|headline|name)|biaoti|bt", re.I)
TEXT = re.compile(
    r"(?:new|article|doc|news|html|media)?_?(?:content|text|body|html)s?|ir_abstract|neirong|zhengwen|nr|zw",
    re.I,
)
ADDRESS = re.compile(r"(?:article|page|news|issue)?_?(?:url|href|link|path|json)", re.I)
NAME = re.compile(r"alias|banming|bm|(?:page|ban|layout|edition|column)_?name|name", re.I)
PDF = re.compile(r"pdf\w*|\w*pdf(?:path|url|file\w*)?|pdpath", re.I)
AUTHOR = re.compile(r"authors?|author_?name|writer|byline|zuozhe|zz", re.I)
KEY = re.compile(
    r"(?:article|doc|news|issue|period|paper|page)?_?(?:id|uuid|guid|key)|zb_guid|sid|aid|nid", re.I
)
_NUMBER = re.compile(r"(?:page|ban|layout)_?(?:no|num|number|code)|banci|banhao|bh|bc|version|edition", re.I)
_BARE_NUMBER = re.compile(r"no|num|number", re.I)  # a page's, of an object that holds a list or leads to one
_HEADLINE = re.compile(r"(?:doc|article|news)?_?(?:title|headline)|biaoti|bt", re.I)
_DAY = re.compile(
    r"(?:pub(?:lish)?|paper|issue|period|edition|release|create)?_?(?:date|day|time)|riqi|cbrq|rq|cbsj", re.I
)
_ISSUE = re.compile(r"(?:issue|period)(?:_?(?:no|num|number|name))?|qi(?:hao|shu|ci)?|qh", re.I)
_STARTS = re.compile(
    r"""\A\s*[\w.$]{1,40}\(\s*(?=[\[{])|^\s*(?=[\[{])|(?:^|[\s;,{(])["']?[\w.$]{1,60}["']?\s*=\s*(?=[\[{])""",
    re.M,
)
_MOST_OBJECTS = 60  # of the scripts of one page
_DEEPEST = 12  # levels of a value that are looked through
_CHINESE = re.compile(r"[\u3400-\u9fff]|\\u[4-9]")  # without any of it a script holds no newspaper
_DATED = re.compile(r"(?:19|20)\d\d[-/.年]?\d\d?[-/.月]?\d\d?日?")
_SLOT = re.compile(r"\{(\w*)\}")
# By which words an address that a script makes is told to be of an issue, of a page, of an article.
_WORDS = {
    "issue": re.compile(
        r"issue|period|edition|paper|qikan|qi(?![a-z])|date|day|home|index|list|calendar", re.I
    ),
    "page": re.compile(r"page|ban|layout|bm|sheet|plate", re.I),
    "article": re.compile(
        r"artic|art|news(?!paper)|content|detail|read|view|doc|con|text|story|show|info", re.I
    ),
}


@dataclass(frozen=True, slots=True)
class Made:
    """An address that a script makes, `{name}` in the place of what it does not know before; `loaded`: it is
    fetched, and not shown to a visitor."""

    loaded: bool
    written: str

    @property
    def slots(self) -> list[str]:
        return _SLOT.findall(self.written)

    def of(self, kind: str) -> int:
        """How likely it is one of an issue, a page or an article; less than 1 is not."""
        path = self.written.partition("://")[2].partition("/")[2]
        own = len(_WORDS[kind].findall(path)) > 0
        other = any(words.search(path) for name, words in _WORDS.items() if name != kind)
        return 4 * own - other + self.loaded


def made(tree: Node, base: str) -> tuple[Made, ...]:
    """The addresses that the scripts of a page make of an id or a day, absolute."""
    chosen = (node.attribute("onchange") for node in tree.all("[onchange]"))
    return _made("\n;".join([tree.scripts, *chosen]), base)


@lru_cache(maxsize=2)
def _made(code: str, base: str) -> tuple[Made, ...]:
    found: dict[Made, None] = {}
    for one in scripts.addresses(code):
        written = re.sub(r"\0(\w*)\0", r"{\1}", one.written)
        if one.whole or "\0" in written or written.startswith("{"):
            continue
        if address := web_address(written, base):
            found.setdefault(Made(one.how == scripts.LOADED, address))
    return tuple(found)


def as_script(each: Made) -> str:
    """A line of a script by which a page of data makes the same addresses as the page that led to it."""
    parts = _SLOT.split(each.written)
    said = " + ".join(f'"{part}"' if n % 2 == 0 else part or "id" for n, part in enumerate(parts))
    return f"{'fetch' if each.loaded else 'open'}({said});"


def filled(
    where: Object, kind: str, ways: tuple[Made, ...], base: str, *, by_name: bool = False
) -> str | None:
    """The address of an object that has none of its own, made of its id by the site's scripts; `by_name`:
    only of what goes by the same name in the object and in the script."""
    likely = sorted((way for way in ways if way.of(kind) > 0 or by_name), key=lambda way: -way.of(kind))
    for way in likely:
        values = {name: _value(where, name) for name in way.slots}
        if len(values) == 1 and not by_name and not all(values.values()):
            values = dict.fromkeys(values, text_of(where, KEY))
        if all(values.values()):
            parts = _SLOT.split(way.written)
            written = "".join(part if n % 2 == 0 else values[part] for n, part in enumerate(parts))
            return web_address(written, base)
    return None


def _value(where: Object, name: str) -> str:
    found = next((value for key, value in where.items() if key.lower() == name.lower()), None)
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


def values(code: str, *, days: bool = False) -> Iterator[object]:
    """The objects and lists that scripts assign, and a script that is nothing else: those of a script with
    Chinese in it, or, on asking, with `days`."""
    if not _CHINESE.search(code) and not (days and _DATED.search(code)):
        return
    for start in islice(_STARTS.finditer(code), _MOST_OBJECTS):
        try:
            value: object = chompjs.parse_js_object(code[start.end() :])
        except (ValueError, RecursionError):
            continue
        if value:
            yield value


def objects(value: object, page: str = "", level: int = 0) -> Iterator[tuple[Object, str]]:
    """Every object in a value, with the page of the newspaper that the objects around it name."""
    if level > _DEEPEST:
        return
    if isinstance(value, dict):
        page = page_of(value) or page
        yield value, page
        for each in value.values():
            yield from objects(each, page, level + 1)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each, page, level + 1)


def markup(code: str) -> Iterator[str]:
    """Links that a script writes into a page, as one text: `$("#list").html("<li><a href=…")`."""
    yield from (
        token.said[1:-1] for token in scripts.tokens(code) if token.kind == "text" and "<a " in token.said
    )


def days_in(value: object, level: int = 0) -> Iterator[str]:
    """Days that a list holds as texts and nothing else: 2026-10-14."""
    if isinstance(value, list):
        told = [each for each in value if isinstance(each, (str, int)) and _DATED.fullmatch(str(each))]
        if told and len(told) == len(value):
            yield from map(str, told)
    if isinstance(value, (list, dict)) and level < _DEEPEST:
        for each in value.values() if isinstance(value, dict) else value:
            yield from days_in(each, level + 1)


def page_of(where: Object) -> str:
    """The page that an object names, as printed: 第A1版：要闻."""
    number, name = text_of(where, _NUMBER), text_of(where, NAME)
    holds = any(isinstance(value, list) for value in where.values())
    if not number and (holds or (text_of(where, ADDRESS) and not text_of(where, _HEADLINE))):
        number = text_of(where, _BARE_NUMBER)
    if number and re.fullmatch(r"[A-Z]{0,3}\d{1,3}", number) and not FOLIO.match(name):
        return f"第{number}版：{name}"
    return name if FOLIO.match(name) else ""


def day_in(where: Object) -> str:
    """The day that an object names, as written; of an edition the outermost object says it."""
    text = text_of(where, _DAY)
    return text if dates.day(text) else ""


def issue_in(where: Object) -> str:
    text = text_of(where, _ISSUE)
    return text if folios.issue(text) else f"{text}期" if re.fullmatch(r"\d{1,6}", text) else ""


def text_of(where: Object, key: re.Pattern[str]) -> str:
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
