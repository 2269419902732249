"""The pages that lists of items stand on: the shelf and items in, one Document out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bulletins.model import Item
from feeds import compose
from feeds.render import Document
from feeds.scope import ALL, UNCLASSIFIED, FeedKey, roll_up
from feeds.site import pictures, views
from feeds.site.lists import FIRST
from feeds.site.rendering import HTML, render, say
from feeds.site.shelf import Line, Shelf, page_of, path_of

SHOWN = 30  # items on a page: the newest; older ones are found by searching and in the editions
_FEW, _SELDOM = 4, timedelta(days=7)  # so few items, or so long between two of them, are a quiet place
_EDITIONS = 20  # that a source's page lists at once: those of the year before them are folded away
_LEVELS = 2  # of the tree of regions on the front page: what is below stands on their pages


def index(shelf: Shelf, latest: Sequence[Item], *, modified: datetime) -> Document:
    """The home page. `latest` are the newest items in the order to show."""
    body = render(
        "index.html",
        lang=shelf.lang,
        path="",
        shelf=shelf,
        ways=shelf.ways(ALL),
        feeds_title=_title(shelf, ALL),
        total=shelf.count(ALL),
        latest=[views.story(shelf, item) for item in latest],
        places=shelf.places(depth=_LEVELS),
        column_lines=shelf.column_lines(most=FIRST),
        slugs=len(shelf.slugs()),
        sources=_sources(shelf),
        first=FIRST,
        unclassified=shelf.count(UNCLASSIFIED),
        unclassified_feeds=shelf.addresses(UNCLASSIFIED),
    )
    return _document(shelf, "", body, modified)


def region(
    shelf: Shelf, code: str, items: Sequence[Item], *, counts: Mapping[date, int], modified: datetime
) -> Document:
    """The page of a division by its six-digit code: its newest items in the order given, how many it had by
    day, its feeds, its parts that have feeds, its columns."""
    path, key = path_of(code), FeedKey.of(region=code)
    above = [(path_of(up)[-1], shelf.region_page(up)) for up in roll_up(code)[:-1]]
    wider = FeedKey.of(region=roll_up(code)[-2]) if above else None
    return _listed(
        "region.html",
        shelf,
        key,
        items,
        modified,
        name=path[-1],
        here=path,
        above=above,
        strip=pictures.strip(counts, shelf.lang),
        quiet=_title(shelf, wider).removesuffix(" · 邸报") if wider and _quiet(items) else "",
        wider=shelf.page_of(wider) if wider else "",
        wider_ways=shelf.ways(wider) if wider else None,
        opml=f"opml/region/{code}.xml",
        places=shelf.places(within=code),
        column_lines=shelf.column_lines(region=code, most=FIRST),
        slugs=len(shelf.slugs(code)),
    )


def column(shelf: Shelf, slug: str, items: Sequence[Item], *, modified: datetime) -> Document:
    """The page of a column 栏目 by its slug: its newest items, its feeds, and its feeds by region."""
    return _listed(
        "column.html",
        shelf,
        FeedKey.of(column=slug),
        items,
        modified,
        name=shelf.column_name(slug),
        here=(),
        above=(),
        places=shelf.places(column=slug),
    )


def section(shelf: Shelf, key: FeedKey, items: Sequence[Item], *, modified: datetime) -> Document:
    """The page of a column within a division."""
    code, slug = key.region or "", key.column or ""
    path = path_of(code)
    return _listed(
        "section.html",
        shelf,
        key,
        items,
        modified,
        name=f"{path[-1]} · {shelf.column_name(slug)}",
        here=path,
        above=[(path_of(up)[-1], shelf.region_page(up)) for up in roll_up(code)],
        region=(path[-1], shelf.region_page(code)),
        column=(shelf.column_name(slug), shelf.column_page(slug)),
        places=shelf.places(within=code, column=slug),
    )


def source(
    shelf: Shelf, name: str, items: Sequence[Item], *, counts: Mapping[date, int], modified: datetime
) -> Document:
    """The page of a source by its id: its newest items, its editions by day over a year, its feeds."""
    known = shelf.sources.get(name)
    editions = [
        (views.day(on, shelf.lang), f"source/{name}/{on}/", n)
        for on, n in sorted(counts.items(), reverse=True)
    ]
    return _listed(
        "source.html",
        shelf,
        FeedKey.of(source=name),
        items,
        modified,
        name=known.name if known else name,
        here=(),
        above=(),
        address=known.url if known else "",
        trouble=shelf.troubled.get(name, ""),
        strip=pictures.strip(counts, shelf.lang),
        heat=pictures.heat(counts, shelf.lang),
        editions=editions,
        first=_EDITIONS,
    )


def edition(
    shelf: Shelf,
    name: str,
    on: date,
    items: Sequence[Item],
    *,
    beside: tuple[date | None, date | None],
    modified: datetime,
) -> Document:
    """What a source printed on a day, page by page (版). `items` stand in their order; `beside` are the days
    before and after that have something. Without items it says that nothing is left of it."""
    known = shelf.sources.get(name)
    number = next(
        (one.edition.number for one in items if one.edition and one.edition.number is not None), None
    )
    path = f"source/{name}/{on}/"
    body = render(
        "edition.html",
        lang=shelf.lang,
        path=path,
        shelf=shelf,
        name=known.name if known else name,
        source_page=shelf.source_page(name),
        day=views.day(on, shelf.lang),
        stamp=on.isoformat(),
        issue=views.issue(number, shelf.lang) if number is not None else "",
        pages=views.pages(shelf, items),
        total=len(items),
        beside=[(views.day(each, shelf.lang), f"source/{name}/{each}/") if each else None for each in beside],
        ways=shelf.ways(FeedKey.of(source=name)),
        feeds_title=_title(shelf, FeedKey.of(source=name)),
    )
    return _document(shelf, path, body, modified)


def about(shelf: Shelf, *, modified: datetime) -> Document:
    """What feeds are, for who has never heard of them."""
    body = render("about.html", lang=shelf.lang, path="about/", shelf=shelf, ways=shelf.ways(ALL))
    return _document(shelf, "about/", body, modified)


def _listed(
    template: str, shelf: Shelf, key: FeedKey, items: Sequence[Item], modified: datetime, **values: object
) -> Document:
    path = page_of(key)
    body = render(
        template,
        lang=shelf.lang,
        path=path,
        shelf=shelf,
        ways=shelf.ways(key),
        feeds_title=_title(shelf, key),
        total=shelf.count(key),
        days=views.days(shelf, items[:SHOWN]),
        shown=min(len(items), SHOWN),
        query=_query(key),
        **values,
    )
    return _document(shelf, path, body, modified)


def _document(shelf: Shelf, path: str, body: bytes, modified: datetime) -> Document:
    prefix = "" if shelf.lang == "zh" else f"{shelf.lang}/"
    return Document(f"{prefix}{path}index.html", HTML, body, modified)


def _title(shelf: Shelf, key: FeedKey) -> str:
    return compose.title_of(key, columns=shelf.columns, sources=shelf.sources)


def _query(key: FeedKey) -> str:
    """What narrows a search to a feed."""
    given = (("region", key.region), ("column", key.column), ("source", key.source))
    return "&".join(f"{name}={value}" for name, value in given if value)


def _quiet(items: Sequence[Item]) -> bool:
    """Whether a place rarely appears, by its own items: pages have no clock."""
    if len(items) < _FEW:
        return True
    moments = [item.published for item in items[:SHOWN]]
    return (max(moments) - min(moments)) / (len(moments) - 1) > _SELDOM


def _sources(shelf: Shelf) -> list[tuple[Line, str]]:
    """The sources that are read, or have been; and what is wrong with each."""
    found = []
    for source in shelf.sources.values():
        key = FeedKey.of(source=source.id)
        if key in shelf.entries or source.enabled:
            line = Line(source.name, shelf.page_of(key), shelf.count(key), shelf.addresses(key))
            found.append((line, shelf.troubled.get(source.id, "")))
    return found


def greeting(shelf: Shelf, reading: Sequence[tuple[str, str, str, str]], *, modified: datetime) -> Document:
    """The home page before the first item: which sources are being read (name, address, state, reason)."""
    body = render(
        "greeting.html", lang=shelf.lang, path="", shelf=shelf, reading=reading, hint=say(shelf.lang, "首页")
    )
    return _document(shelf, "", body, modified)
