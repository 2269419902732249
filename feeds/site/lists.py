"""Everything of a kind on one page: the shelf in, the index of all columns or all sources out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from feeds import compose
from feeds.render import Document
from feeds.scope import ALL, FeedKey
from feeds.site.rendering import HTML, render, say
from feeds.site.shelf import Shelf

FIRST = 20  # that other pages list of them, before they lead here

_Row = tuple[str, str, int, str]  # a name, its page, how many items, what is wrong with it


def columns(shelf: Shelf, *, modified: datetime) -> Document:
    """All columns that have feeds, by the letter that their pinyin begins with. Without the addresses of
    their feeds, which stand on their pages: a thousand columns are a page that a telephone loads."""
    slugs = sorted(shelf.slugs())
    groups = [
        (letter, [_row(shelf, FeedKey.of(column=slug), shelf.column_name(slug)) for slug in group])
        for letter, group in groupby(slugs, _letter)
    ]
    return _list(shelf, "column/", say(shelf.lang, "全部栏目"), groups, modified)


def sources(shelf: Shelf, *, modified: datetime) -> Document:
    """All sources that are read, or have been, in the order of the configuration."""
    rows = [
        _row(shelf, FeedKey.of(source=one.id), one.name, shelf.troubled.get(one.id, ""))
        for one in shelf.sources.values()
        if one.enabled or shelf.source_page(one.id)
    ]
    return _list(shelf, "source/", say(shelf.lang, "全部来源"), [("", rows)], modified)


def _row(shelf: Shelf, key: FeedKey, name: str, trouble: str = "") -> _Row:
    return name, shelf.page_of(key), shelf.count(key), trouble


def _letter(slug: str) -> str:
    return slug[0].upper() if slug[0].isalpha() else "0–9"


def _list(
    shelf: Shelf, path: str, name: str, groups: Sequence[tuple[str, Sequence[_Row]]], modified: datetime
) -> Document:
    body = render(
        "list.html",
        lang=shelf.lang,
        path=path,
        shelf=shelf,
        name=name,
        groups=groups,
        total=sum(len(rows) for _, rows in groups),
        ways=shelf.ways(ALL),
        feeds_title=compose.title_of(ALL, columns=shelf.columns, sources=shelf.sources),
    )
    prefix = "" if shelf.lang == "zh" else f"{shelf.lang}/"
    return Document(f"{prefix}{path}index.html", HTML, body, modified)
