"""A site's kept pages -> what one poll of it says: entry, lists, articles, as the flow walks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bulletins import contract, opening, paged, reading
from bulletins.model import Context, Follow, Item, Lead, Page, PageKind, RawItem, Reading, Source, Verdict
from feeds.records import record

LISTS = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST)


class Poll:
    """One poll over pages that `get` gives by address; None is a 404."""

    def __init__(
        self,
        source: Source,
        now: datetime,
        get: Callable[[str], bytes | None],
        content_type: str | None = None,
        read_by: str = "",
    ) -> None:
        self.context = Context(source, "localhost,2026", now, read_by=read_by)
        self._get = get
        self._content_type = content_type
        self.pages: list[tuple[Page, Context, PageKind | None]] = []
        self.failures: list[contract.Failure] = []
        self.raws: list[RawItem] = []  # the articles as spelt, before they are split
        self.continued: list[str] = []  # the addresses of pages on which articles go on
        self._asked: set[str] = set()
        self._walk()
        self.reading: Reading = reading.read(self.pages)
        self.verdict: Verdict = contract.judge(self.reading, self.failures, now)

    def _walk(self) -> None:
        pending = [Follow(self.context.source.url, PageKind.EDITION, Lead())]
        articles: list[Follow] = []
        while pending:
            found = self._read(pending.pop(0))
            pending += [follow for follow in found if follow.kind in LISTS]
            articles += [follow for follow in found if follow.kind not in LISTS]
        # As the flow does: what stands on the edition's pages before what only its entry names.
        for follow in sorted(articles, key=lambda follow: follow.lead.page is None):
            self._read(follow)

    def _next(self, url: str) -> bytes:
        """A page on which an article goes on."""
        body = self._get(url)
        assert body is not None, f"{url} is not there"
        self.continued.append(url)
        return body

    def _read(self, follow: Follow) -> tuple[Follow, ...]:
        if follow.url in self._asked:
            return ()
        self._asked.add(follow.url)
        body = self._get(follow.url)
        if body is None and (other := opening.instead(follow)):
            return (other,)
        if body is None:
            entry = len(self._asked) == 1
            self.failures.append(contract.Failure(follow.url, follow.kind, "HTTP 404", 404, entry=entry))
            return ()
        page = Page(follow.url, body, self._content_type, follow.url)
        if follow.kind not in LISTS:
            page = replace(page, body=paged.whole(page, self._next))
        context = replace(self.context, lead=follow.lead)
        self.pages.append((page, context, follow.kind))
        opened = opening.open_page(page, context, follow.kind)
        self.raws += opened.raws
        return opened.follow


def path_of(url: str) -> str:
    """An address without scheme and host: what a fixture names a page by."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def described(item: Item) -> dict[str, Any]:
    """An item as programs see it, its link counted from the site's own address."""
    made = record(item)
    return {**made, "link": path_of(made["link"])}


def as_named(value: Any, wanted: Any) -> Any:
    """The part of a value that `wanted` speaks of: the keys of its objects, all entries of its lists."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return {name: as_named(value.get(name), each) for name, each in wanted.items()}
    if isinstance(wanted, list) and isinstance(value, list):
        known = wanted + wanted[-1:] * (len(value) - len(wanted)) if wanted else value
        return [as_named(each, like) for each, like in zip(value, known, strict=False)]
    return value


def texts(raws: Iterable[RawItem]) -> str:
    """All text of raw items, without blanks."""
    return "".join("".join(block.text.split()) for raw in raws for block in raw.blocks)
