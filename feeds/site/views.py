"""What the templates show of items: an item and the shelf in, plain values with every word decided out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from markupsafe import Markup

from bulletins.model import Item, Precision, Role, Source
from feeds import compose, permalinks, safe
from feeds.records import local
from feeds.site.rendering import say
from feeds.site.shelf import Shelf

_ROLES = {Role.REPORTER: "记者", Role.CORRESPONDENT: "通讯员", Role.CONTRIBUTOR: "", Role.ORGANISATION: ""}


@dataclass(frozen=True, slots=True)
class Story:
    """An item as a page shows it. `stamp` is machine-readable; addresses are absolute, but `own` (the item's
    page), `page` (its region's) and those of its column and source are below the root, and empty where there
    is none. `html` is sanitised, and empty in lists, which show the `excerpt`."""

    anchor: str
    title: str
    original: str
    own: str
    stamp: str
    day: str
    event: str
    authors: tuple[str, ...]
    column: str
    column_page: str
    imprint: tuple[str, ...]
    place: tuple[str, ...]
    page: str
    source: str
    source_page: str
    excerpt: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of one day, in their order."""

    stamp: str
    name: str
    stories: tuple[Story, ...]


def story(shelf: Shelf, item: Item, *, whole: bool = False) -> Story:
    """`whole`: with as much of its text as its source lets republish."""
    source = shelf.sources.get(item.source)
    published = local(item.published)
    by_day = item.precision is Precision.DAY
    region, column = item.region, item.column
    return Story(
        anchor="item-" + hashlib.sha256(item.id.encode()).hexdigest()[:12],
        title=compose.headline(item),
        original=compose.alternate(item) if safe.is_web(item.link) else "",
        own=permalinks.path(item.id),
        stamp=published.date().isoformat() if by_day else published.isoformat(),
        day=day(published, shelf.lang) if by_day else moment(published, shelf.lang),
        event=_event(item, published.date(), shelf.lang),
        authors=tuple(authors(item, shelf.lang)),
        column=column.name if column else "",
        column_page=shelf.column_page(column.slug) if column else "",
        imprint=tuple(_imprint(item, shelf.lang)),
        place=region.path if region else (),
        page=shelf.region_page(region.code) if region else "",
        source=source.name if source else item.source,
        source_page=shelf.source_page(item.source),
        excerpt=compose.summary(item, source),
        html=_whole(item, source) if whole else Markup(),
    )


def _whole(item: Item, source: Source | None) -> Markup:
    """As feeds have it, but for its files, which the page lists; a table that is too wide scrolls by itself,
    for the keyboard too, and a picture is asked of its newspaper when somebody comes to it, without saying
    from where."""
    # In it neither text nor attribute has a bare <.
    html = compose.content(replace(item, attachments=()), source)
    html = html.replace("<img ", '<img loading="lazy" decoding="async" referrerpolicy="no-referrer" ')
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704  (feeds.safe made it)


def days(shelf: Shelf, items: Iterable[Item]) -> tuple[Day, ...]:
    """Items in their order, those of one day together."""
    parted = groupby(items, lambda item: local(item.published).date())
    return tuple(
        Day(on.isoformat(), day(on, shelf.lang), tuple(story(shelf, item) for item in group))
        for on, group in parted
    )


def pages(shelf: Shelf, items: Sequence[Item]) -> tuple[tuple[str, tuple[Story, ...]], ...]:
    """An edition's items in their order, by the page (版) that they stood on, each page under its name; what
    stood on none comes under an empty one."""
    parted = groupby(items, lambda item: tuple(_folio(item, shelf.lang)))
    return tuple((" ".join(name), tuple(story(shelf, item) for item in group)) for name, group in parted)


def day(at: date, lang: str = "zh") -> str:
    return f"{at.year}年{at.month}月{at.day}日" if lang == "zh" else f"{at.day} {at:%B} {at.year}"


def moment(at: datetime, lang: str = "zh") -> str:
    """A day and a time of it at +08:00."""
    there = local(at)
    return f"{day(there, lang)} {there:%H:%M}"


def _event(item: Item, published: date, lang: str) -> str:
    """The days of the event, where they are known and say more than the date of publication."""
    first, last = item.event_date, item.event_end
    if first is None or (first == published and last is None):
        return ""
    if lang == "en":
        return f"{first.day} {first:%B}" + (f" to {last.day} {last:%B}" if last else "")
    return f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last else "")


def authors(item: Item, lang: str = "zh") -> Iterable[str]:
    """记者 甲、乙, 通讯员 丙: in the order of first appearance of each role."""
    by_role: dict[str, dict[str, None]] = {}
    for author in item.authors:
        by_role.setdefault(_ROLES[author.role], {})[author.name] = None
    for role, names in by_role.items():
        yield f"{say(lang, role) if role else ''} {'、'.join(names)}".strip()


def _imprint(item: Item, lang: str) -> Iterable[str]:
    """期号, 版次 and 版名, as far as known."""
    if item.edition and item.edition.number is not None:
        yield issue(item.edition.number, lang)
    yield from _folio(item, lang)


def issue(number: int | str, lang: str) -> str:
    """第812期; one that is no number stands as it is printed."""
    return say(lang, "第{n}期", n=number) if str(number).isdecimal() else str(number)


def _folio(item: Item, lang: str) -> Iterable[str]:
    if item.page and item.page.number:
        yield say(lang, "第{n}版", n=item.page.number)
    if item.page and item.page.name:
        yield item.page.name
