"""An article over several pages of its site (下一页), or with its words in data beside its page -> one body,
and back again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from bulletins import beside, charset
from bulletins.errors import UndecodablePage
from bulletins.markup import Node, parse
from bulletins.model import Page
from bulletins.survey import survey

_MARK = b"\n<!-- dibao: the article's next page -->\n"
_DATA = (b"{", b"[")  # what JSON begins with
_MOST = 30  # pages of one article
_SAYS = tuple("下一页".encode(name) for name in ("utf-8", "gb18030")) + tuple(
    "下页".encode(name) for name in ("utf-8", "gb18030")
)
_NEXT = re.compile(r"[<>\[\]【】()（）\s›»]*下一?页[<>\[\]【】()（）\s›»]*")
_COUNTED = re.compile(r"[_-]?(?:p|page)?[_-]?(\d{1,3})", re.I)
_PARAMETER = re.compile(r"p|pn|page|page_?no|page_?num|pageindex|currentpage|curpage", re.I)


def parts(page: Page) -> Iterator[Page]:
    """The pages of an article that are kept as one body, without the shell that stood around its data; of any
    other page itself."""
    first, *rest = page.body.split(_MARK)
    for body in rest if rest and rest[0].lstrip()[:1] in _DATA else (first, *rest):
        yield replace(page, body=body)


def whole(page: Page, get: Callable[[str], bytes]) -> bytes:
    """The body of an article's first page with those of the pages that follow, which `get` gives by their
    absolute addresses; its errors are the caller's."""
    bodies = [page.body.split(_MARK)[0]]
    if there := _words(replace(page, body=bodies[0])):
        return _MARK.join([*bodies, get(there)])
    while len(bodies) < _MOST and (there := following(replace(page, body=bodies[-1]), len(bodies) + 1)):
        bodies.append(get(there))
    return _MARK.join(bodies)


def _words(page: Page) -> str | None:
    """Where the words of an article stand whose page is a shell."""
    if b".json" not in page.body or (tree := _tree(page)) is None:
        return None
    return beside.words(tree, page.url)


def _tree(page: Page) -> Node | None:
    try:
        return parse(charset.decode(page.body, page.content_type).text)
    except UndecodablePage:
        return None


def following(page: Page, n: int) -> str | None:
    """Where the n-th page of an article is, as the one before calls its 下一页: at the first one's address
    with that number behind it or in a parameter. What leads to another article is none."""
    if not any(said in page.body for said in _SAYS) or (tree := _tree(page)) is None:
        return None
    base = tree.base(page.url)
    hrefs = (way.address(base) for way in survey(tree).ways if _NEXT.fullmatch(way.label))
    return next((href for href in hrefs if href and _is_nth(href, page.url, n)), None)


def _is_nth(href: str, first: str, n: int) -> bool:
    there, here = urlsplit(href), urlsplit(first)
    if there.hostname != here.hostname:
        return False
    if there.path == here.path:
        shown = [pair for pair in parse_qsl(there.query) if not _PARAMETER.fullmatch(pair[0])]
        own = [pair for pair in parse_qsl(here.query) if not _PARAMETER.fullmatch(pair[0])]
        counted = [value for name, value in parse_qsl(there.query) if _PARAMETER.fullmatch(name)]
        return shown == own and counted == [str(n)]
    stem, dot, kind = here.path.rpartition(".")
    if not dot or not (there.path.startswith(stem) and there.path.endswith(dot + kind)):
        return False
    match = _COUNTED.fullmatch(there.path[len(stem) : -len(dot + kind)])
    # 123.html goes on at 123_1.html where a site counts from nought, at 123_2.html where from one.
    return match is not None and int(match[1]) in (n - 1, n) and there.query == here.query
