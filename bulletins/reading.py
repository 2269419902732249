"""Pages of a source -> what they say together: where they lead, which items they hold, what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bulletins import identity, sections, skeletons
from bulletins.looks import Look
from bulletins.meaning import normalise
from bulletins.model import (
    Context,
    Doubtful,
    Item,
    Page,
    PageKind,
    PollStatus,
    Problem,
    Reading,
    Rejection,
)
from bulletins.opening import Opened, open_page
from bulletins.said import BAR

# Of what is read from the same bytes: raise it where that changes. Items carry it in their provenance.
VERSION = 8
PICTURE = "a page of pictures, without articles"  # why a page of an edition is left out
_LISTS = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST, PageKind.FEED)


def read(pages: Iterable[tuple[Page, Context, PageKind | None]]) -> Reading:
    """What these pages say together. Every article ends as items or as rejections; an article met twice
    counts once, where it stood first."""
    reading = Reading()
    items: dict[str, Item] = {}
    ways: list[tuple[str, str]] = []
    hollow = ""  # what the pages that lead on have in place of what could be read
    arrived = False
    pictures: list[Opened] = []
    full = False  # whether any of the edition's pages has articles
    whole = False  # whether its first page lists those of several
    summaries: dict[str, str] = {}  # ids and links of what a feed alone has said so far, in short
    layouts_of: Counter[str] = Counter()  # by layout, the articles that it read
    for page, context, kind in pages:
        opened = open_page(page, context, kind)
        arrived = arrived or (opened.kind == PageKind.EDITION and not opened.leads_on)
        if opened.leads_on:
            ways.append((page.asked or page.url, opened.follow[0].url))
            hollow = hollow or opened.hollow
        if opened.kind == PageKind.ARTICLE:
            layouts_of[opened.layout] += 1
        full = full or (opened.kind == PageKind.PAGE and bool(opened.follow or opened.raws))
        whole = whole or (opened.kind == PageKind.EDITION and _lists_several(opened))
        if opened.picture and opened.problem:
            pictures.append(opened)
        found, rejected = _items(opened, page, context)
        if opened.kind == PageKind.FEED:
            followed = {identity.link(follow.url) for follow in opened.follow}
            summaries |= {item.id: item.link for item in found if item.link in followed}
        elif found and found[0].link in summaries.values():  # what a feed has summed up, whole
            items = {name: one for name, one in items.items() if summaries.get(name) != found[0].link}
        for item in found:
            items.setdefault(item.id, item)
        reading = replace(
            reading,
            kind=reading.kind or opened.kind,
            layout=_joined(reading.layout, opened.layout) if opened.kind in _LISTS else reading.layout,
            encoding=reading.encoding or opened.encoding,
            follow=reading.follow + opened.follow,
            rejections=reading.rejections + rejected,
            problems=reading.problems + ((opened.problem,) if opened.problem else ()),
            lists=reading.lists + (opened.kind in _LISTS and opened.problem is None),
            doubts=reading.doubts + _doubts(opened, page),
            confidence=min(reading.confidence, opened.confidence),
            looks=reading.looks + _looks(opened, page),
        )
    problems = reading.problems + (_lost(ways, hollow) if ways and not arrived else ())
    names = [name for name, count in layouts_of.items() if name and count * 2 >= layouts_of.total()]
    reading = replace(reading, layout=_joined(reading.layout, *names), problems=problems)
    reading = _weighed(replace(reading, items=tuple(items.values())), layouts_of.total())
    excused = [one.problem for one in pictures if one.problem and (whole or (full and one.framed))]
    return _without_pictures(reading, excused)


def _looks(opened: Opened, page: Page) -> tuple[Look, ...]:
    if opened.tree is None or opened.leads_on:
        return ()
    return (skeletons.look(opened.tree, page, opened.kind, opened.raws, opened.follow),)


def _joined(*names: str) -> str:
    """Names of layouts, each once."""
    return "+".join(dict.fromkeys(name for some in names for name in some.split("+") if name))


def _doubts(opened: Opened, page: Page) -> tuple[Doubtful, ...]:
    if opened.problem or opened.confidence >= BAR:
        return ()
    return (Doubtful(page.asked or page.url, opened.kind, opened.confidence, opened.evidence),)


def _weighed(reading: Reading, articles: int) -> Reading:
    """A doubtful list, or most articles in doubt, make a doubtful reading. A few articles in doubt are left
    out of a sound one: they are told, and not published."""
    if len(reading.doubts) * 2 > articles or any(doubt.kind in _LISTS for doubt in reading.doubts):
        return reading
    unsure = {identity.link(doubt.url): doubt for doubt in reading.doubts}
    left = tuple(
        Rejection(f"read with confidence {unsure[item.link].confidence}", item.title, item.link)
        for item in reading.items
        if item.link in unsure
    )
    sure = tuple(item for item in reading.items if item.link not in unsure)
    return replace(reading, items=sure, rejections=reading.rejections + left, doubts=())


def _lists_several(opened: Opened) -> bool:
    return len({follow.lead.page for follow in opened.follow if follow.kind == PageKind.ARTICLE}) > 1


def _without_pictures(reading: Reading, pictures: list[Problem]) -> Reading:
    """Where the articles stand elsewhere, a page that is a picture is told and is no fault."""
    left = tuple(Rejection(PICTURE, "", each.url) for each in pictures)
    problems = tuple(each for each in reading.problems if each not in pictures)
    return replace(reading, problems=problems, rejections=reading.rejections + left)


def _lost(ways: list[tuple[str, str]], hollow: str) -> tuple[Problem, ...]:
    """Pages that lead on, and to no edition."""
    (first, _), (_, last) = ways[0], ways[-1]
    round_again = any(last == asked for asked, _ in ways)
    reason = f"it leads on to {last}, {'which leads back' if round_again else 'and to no edition'}"
    if hollow and not round_again:
        reason = f"no known layout has the list of pages here, nor where it leads ({last}): {hollow}"
    return (Problem(PollStatus.LAYOUT_CHANGED, reason, first),)


def _items(opened: Opened, page: Page, context: Context) -> tuple[list[Item], tuple[Rejection, ...]]:
    if opened.problem and opened.kind == PageKind.ARTICLE:
        title = context.lead.title or ""
        return [], (Rejection(opened.problem.reason, title, page.asked or page.url),)
    items: list[Item] = []
    rejections: list[Rejection] = []
    for raw in opened.raws:
        for part in sections.split(raw, context.source.region):
            meant = normalise(part, context)
            if isinstance(meant, Item):
                items.append(_apart(meant, items))
            else:
                rejections.append(meant)
    return items, tuple(rejections)


def _apart(item: Item, before: list[Item]) -> Item:
    """Two sections of one article under the same heading are told apart by their order."""
    same = sum(1 for other in before if other.id == item.id or other.id.startswith(f"{item.id}-"))
    return replace(item, id=f"{item.id}-{same + 1}") if same else item
