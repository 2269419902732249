"""Newspapers whose lists or texts are data (.json, data.js, an object in a script): data in, parts out.

What a value means is told by its keys, or by what stands under them, not by one site's scheme: something
with a title and a text is an article, with a title and an address a link to one, with a page's number or name
and an address a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bulletins import objects, shapes
from bulletins.layouts import bodies
from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part
from bulletins.markup import Node, parse, web_address
from bulletins.objects import Made, Object, text_of
from bulletins.survey import FOLIO, day_of, is_address

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
    values = [shapes.named(value) for value in objects.values(tree.scripts)]
    names = [name for value in values if isinstance(value, list) for name in _folios(value)]
    pages: dict[str, Link] = {}
    links: dict[str, Link] = {}
    texts: list[Article] = []
    known: set[tuple[str, str]] = set()
    maps = 0
    issue = day = ""
    ways = objects.made(tree, url) if values else ()
    for value in values:
        for where, page in objects.objects(value):
            day = day or objects.day_in(where)
            issue = issue or objects.issue_in(where)
            if linked := _titles_to_addresses(where):
                sheet = names[maps] if maps < len(names) else ""
                maps += 1
                for title, written in linked.items():
                    if href := web_address(written, url):
                        links.setdefault(href, Link(href, title, sheet))
                continue
            title = text_of(where, objects.TITLE)
            html = text_of(where, objects.TEXT)
            label = objects.page_of(where)
            if title and len(html) >= _ENOUGH:
                if (title, html) in known:  # an object that begins a line is found by itself too
                    continue
                known.add((title, html))
                texts.append(_whole(where, title, html, page, url, len(texts)))
                continue
            named = bool(label) and title in label
            href = web_address(text_of(where, objects.ADDRESS), url)
            made = None if href else _made_of(where, named, ways, url)
            if (href := href or made) and named:
                pages.setdefault(href, Link(href, label, pdf=web_address(text_of(where, objects.PDF), url)))
            elif href and title and (made or _is_page(href)):
                links.setdefault(href, Link(href, title, page))
    if not (links or texts) and not tree.text:  # a script that stands apart from its page
        for written in objects.markup(tree.scripts):
            for a in parse(written.replace("\\", "")).all("a[href]"):
                if (href := a.link(url)) and a.text:
                    links.setdefault(href, Link(href, a.text))
    for article in texts:
        links.pop(article.href or "", None)  # whole already, whatever else names it
    return _Found(tuple(pages.values()), tuple(links.values()), tuple(texts), issue, day)


def _made_of(where: Object, page: bool, ways: tuple[Made, ...], url: str) -> str | None:
    """The address that the site's scripts make for an article, or for a page that holds none itself."""
    holds = any(isinstance(value, list) for value in where.values())
    if holds or not text_of(where, objects.TITLE if not page else objects.KEY):
        return None
    return objects.filled(where, "page" if page else "article", ways, url)


def _whole(where: Object, title: str, html: str, page: str, url: str, n: int) -> Article:
    body = parse(html).first("body")
    return Article(
        title,
        tuple(bodies.captioned(body, url)) if body else (),
        head=page,
        name=text_of(where, objects.KEY) or str(n + 1),
        href=web_address(text_of(where, objects.ADDRESS), url),
        pdf=web_address(text_of(where, objects.PDF), url),
        byline=text_of(where, objects.AUTHOR),
    )


def _titles_to_addresses(where: Object) -> dict[str, str]:
    """An object that is nothing but titles and where they lead."""
    entries = {key: value for key, value in where.items() if isinstance(value, str) and is_address(value)}
    return entries if entries and len(entries) == len(where) and not any(map(str.isascii, entries)) else {}


def _folios(value: list[object]) -> Iterator[str]:
    names = [each for each in value if isinstance(each, str) and FOLIO.match(each)]
    if names and len(names) == len(value):
        yield from names


def _has_pages(found: _Found) -> bool:
    """Whether data say which pages there are, or of which day the articles in them are."""
    return bool(found.pages or (found.day and (found.links or found.texts)))


def _is_page(href: str) -> bool:
    return re.search(r"\.(?:s?html?|json|aspx?|php|jsp|do)(?:$|[?#])|\d{3,}/?$", href) is not None


LAYOUT = Layout(
    "data",
    pages=Part(lambda tree: 0.6 if _has_pages(_read(tree, "http://localhost/")) else 0.0, _pages),
    articles=Part(
        lambda tree: 0.6 if (found := _read(tree, "http://localhost/")).links or found.texts else 0.0,
        _articles,
    ),
    article=Part(lambda tree: 0.6 if len(_read(tree, "http://localhost/").texts) == 1 else 0.0, _article),
)
