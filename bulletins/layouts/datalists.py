"""Lists that a site's scripts fetch (JSON with titles, addresses and days, or rows of HTML) -> entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from bulletins import dates
from bulletins.layouts import weblists
from bulletins.layouts.parts import Link
from bulletins.markup import Node, parse, web_address

_TITLE = re.compile(r"(?:article|doc|info|news)?_?(?:title|subject|name|biaoti)", re.I)
_ADDRESS = re.compile(r"(?:doc|article|page|pub|post|detail|info|web|view)?_?(?:url|link|href|path)", re.I)
_DAY = re.compile(r"\w*(?:time|date|day|riqi)\w*", re.I)
_HTML = re.compile(r"<(?:li|tr|div|a)\b[^>]*>.*href=", re.I | re.S)
_DEEPEST = 8  # levels of objects
_EPOCH = 1_000_000_000  # seconds; from 2001 on; in milliseconds a thousand times as much


@lru_cache(maxsize=1)  # a layout is asked whether it has one, and then for it
def rows(tree: Node, url: str) -> tuple[Link, ...]:
    """The entries of the longest list in a document that is JSON; none in any other."""
    text = tree.scripts.strip()
    if not text.startswith(("{", "[")) or tree.has("body *:not(script)"):
        return ()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return max(_lists(value, url), key=len, default=())


def _lists(value: object, url: str, level: int = 0) -> Iterator[tuple[Link, ...]]:
    if level > _DEEPEST:
        return
    if isinstance(value, str) and _HTML.search(value):
        yield weblists.rows(parse(value), url)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _lists(each, url, level + 1)
    elif isinstance(value, list):
        yield tuple(filter(None, (_entry(each, url) for each in value if isinstance(each, dict))))
        for each in value:
            yield from _lists(each, url, level + 1)


def _entry(where: Mapping[str, object], url: str) -> Link | None:
    title = _first(where, _TITLE)
    href = web_address(_first(where, _ADDRESS), url)
    if not title or href is None:
        return None
    text = parse(title).text if "<" in title else title
    days = (_day(value) for name, value in where.items() if _DAY.fullmatch(name))
    return Link(href, text, date=next(filter(None, days), ""))


def _first(where: Mapping[str, object], key: re.Pattern[str]) -> str:
    found = (value for name, value in where.items() if key.fullmatch(name) and isinstance(value, str))
    return next((value.strip() for value in found if value.strip()), "")


def _day(value: object) -> str:
    """A day as written, or of a number of seconds or milliseconds."""
    if isinstance(value, str) and dates.day(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= _EPOCH:
        seconds = value / 1000 if value >= _EPOCH * 1000 else value
        return datetime.fromtimestamp(seconds, dates.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return ""
