"""An address -> what a poll of it would read, from a few pages fetched at once; nothing is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from bulletins import contract, opening, reading
from bulletins.errors import FetchError
from bulletins.model import Context, Follow, Lead, Page, PageKind, Reading, Source, Verdict
from worker.ports import LISTS

_SECONDS = 3.2  # after which no further page is asked for: with what is loaded before, the editor waits five
_MOST_LISTS = 8
_MOST_ARTICLES = 10

Get = Callable[[str], Page]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the pages of an address say. `listed` are the articles that its lists lead to, in their order;
    `entry` is the page at the address itself, where it could be had."""

    reading: Reading
    verdict: Verdict
    listed: tuple[Follow, ...]
    entry: Page | None
    pages: tuple[tuple[Page, Context, PageKind | None], ...]
    failures: tuple[contract.Failure, ...]


@dataclass(slots=True)
class _Walk:
    pages: list[tuple[Page, Context, PageKind | None]] = field(default_factory=list)
    failures: list[contract.Failure] = field(default_factory=list)
    entry: Page | None = None


def preview(context: Context, get: Get, begun: float, pause: float) -> Preview:
    """Read the source's address, the lists that it leads to, and as many of the newest articles as there is
    time for, counted from `begun` (time.monotonic); one of them at least. Before each a host wants a `pause`,
    in seconds."""
    walk, asked = _Walk(), set[str]()
    lists = [Follow(context.source.url, PageKind.EDITION, Lead())]
    articles: dict[str, Follow] = {}
    while lists and len(asked) < _MOST_LISTS:
        follow = lists.pop(0)
        if follow.url in asked or (asked and articles and _late(begun, pause)):
            continue
        asked.add(follow.url)
        if page := _fetched(walk, context, follow, get):
            found = opening.open_page(page, replace(context, lead=follow.lead), follow.kind).follow
            lists += [one for one in found if one.kind in LISTS]
            articles |= {one.url: one for one in found if one.kind not in LISTS and one.url not in articles}
    host = urlsplit(context.source.url).hostname
    near = [
        follow for follow in articles.values() if urlsplit(follow.url).hostname == host
    ]  # others may be slow
    for n, follow in enumerate(near[:_MOST_ARTICLES]):
        if n and _late(begun, pause):
            break
        _fetched(walk, context, follow, get)
    return _read(walk.entry, walk.pages, walk.failures, articles.values(), context.now)


def read_as(seen: Preview, source: Source) -> Preview:
    """The same pages as they are read for a source that says more of itself, such as its region."""
    pages = [(page, replace(context, source=source), kind) for page, context, kind in seen.pages]
    return _read(seen.entry, pages, seen.failures, seen.listed, seen.pages[0][1].now) if pages else seen


def _read(
    entry: Page | None,
    pages: Sequence[tuple[Page, Context, PageKind | None]],
    failures: Sequence[contract.Failure],
    listed: Iterable[Follow],
    now: datetime,
) -> Preview:
    said = reading.read(pages)
    verdict = contract.judge(said, failures, now)
    return Preview(said, verdict, tuple(listed), entry, tuple(pages), tuple(failures))


def _fetched(walk: _Walk, context: Context, follow: Follow, get: Get) -> Page | None:
    first = not walk.pages and not walk.failures
    try:
        page = get(follow.url)
    except FetchError as fault:
        walk.failures.append(contract.Failure(follow.url, follow.kind, fault.what, fault.status, entry=first))
        if first:
            raise
        return None
    walk.entry = page if first else walk.entry
    walk.pages.append((page, replace(context, lead=follow.lead), follow.kind))
    return page


def _late(begun: float, pause: float) -> bool:
    return time.monotonic() + pause - begun > _SECONDS
