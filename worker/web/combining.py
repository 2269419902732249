"""Combination by address: the query of a request in, the merged feed or list of feeds that it names out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bulletins.model import Item, Source
from feeds import compose, merge, terms
from feeds.compose import Tombstone
from feeds.merge import Candidate
from feeds.render import documents
from feeds.render.opml import opml
from feeds.scope import FeedKey
from feeds.selection import PLACES, Known, Selection, listed, parse
from worker.archive import Archive
from worker.coding import CODINGS, SMALLEST, encode
from worker.config import Settings
from worker.web import queries
from worker.web.conditions import Validators, strong_etag
from worker.web.files import media_type
from worker.web.resources import DATE_LAGS, Resource
from worker.web.wanted import wanted

_STRIDE = 250  # items looked at in one query where words, sources or kin leave some out
_FURTHEST = 5_000  # items that a request looks through, at most
_MOST_STONES = 50  # of each feed that is joined
_MOST_BYTES = 8_000_000  # of what is remembered

Made = Resource | Callable[[], Resource]  # what was made before, or how it is made: for seconds, on a core


@dataclass(frozen=True, slots=True)
class _Names:
    """What was known when the store had come so far."""

    mark: int
    columns: Mapping[str, str]  # by slug
    sources: Mapping[str, Source]
    known: Known


class Combining:
    """Safe to share between threads; every call may block. What was made stays until an item changes; what
    has to be made is left to the caller, who sees to it that little is made at the same time."""

    def __init__(self, settings: Settings, store: Archive) -> None:
        self._store = store
        self._base_url = settings.service.base_url
        self._authority = settings.service.tag_authority
        self._formats = settings.publish.formats
        self._span = timedelta(days=settings.publish.window_days)
        self._configured = {source.id: source for source in settings.all_sources}
        self._names: _Names | None = None
        self._made: OrderedDict[tuple[str, str], tuple[int, Resource]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def feed(self, suffix: str, query: bytes) -> tuple[Selection, Made] | None:
        """/feeds/merge.<suffix>, and what it selects; None for a format that is not published. Raises
        BadParameter."""
        if suffix not in self._formats:
            return None
        names = self._known()
        selection = parse(queries.pairs(query), names.known)
        made = self._once(suffix, selection, names, lambda: self._feed(suffix, selection, names))
        return selection, made

    def opml(self, query: bytes) -> Made:
        """/opml.xml?…: the feeds that are asked for, each by itself. Raises BadParameter."""
        names = self._known()
        pairs = queries.pairs(query, queries.LONGEST_LIST)
        selection = parse(pairs, names.known, PLACES, joined=False)
        return self._once("opml", selection, names, lambda: self._opml(selection, names))

    def known(self) -> Known:
        """The columns and sources that may be asked for."""
        return self._known().known

    def _known(self) -> _Names:
        mark, names = self._store.newest().mark, self._names
        if names is None or names.mark != mark:
            columns = self._store.column_names()
            sources = compose.credited(self._configured, self._store.sources())
            known = Known(columns.keys(), sources.keys())
            names = self._names = _Names(mark, columns, sources, known)
        return names

    def _once(self, kind: str, selection: Selection, names: _Names, make: Callable[[], Resource]) -> Made:
        key = (kind, selection.query())
        return self._held(key, names.mark) or partial(self._make, key, names.mark, make)

    def _held(self, key: tuple[str, str], mark: int) -> Resource | None:
        with self._lock:
            held = self._made.get(key)
            if held is None or held[0] != mark:
                return None
            self._made.move_to_end(key)
            return held[1]

    def _make(self, key: tuple[str, str], mark: int, make: Callable[[], Resource]) -> Resource:
        if held := self._held(key, mark):  # somebody who had a turn before made it
            return held
        made = make()
        with self._lock:
            before = self._made.get(key)
            made = dated(made, before[1] if before else None)
            self._remember(key, mark, made)
        return made

    def _remember(self, key: tuple[str, str], mark: int, made: Resource) -> None:
        before = self._made.pop(key, None)
        self._bytes += made.size - (before[1].size if before else 0)
        self._made[key] = (mark, made)
        while self._bytes > _MOST_BYTES:
            _, (_, oldest) = self._made.popitem(last=False)
            self._bytes -= oldest.size

    def _feed(self, suffix: str, selection: Selection, names: _Names) -> Resource:
        feed = merge.merged(
            selection,
            merge.chosen(self._candidates(selection), selection),
            merge.buried(self._withdrawn(selection), selection),
            base_url=self._base_url,
            authority=self._authority,
            columns=names.columns,
            sources=names.sources,
        )
        (document,) = documents(feed, (suffix,))
        return made_now(document.path, document.body)

    def _withdrawn(self, selection: Selection) -> Iterator[tuple[Item, Tombstone]]:
        """What each of the selection's feeds lost lately."""
        for key in selection.feeds():
            lost = self._store.withdrawn(key, _MOST_STONES)
            since = max((one.withdrawal.at for one in lost), default=compose.NEVER) - self._span
            for one in lost:
                why = one.withdrawal
                if why.at >= since:
                    yield one.item, Tombstone(one.item.id, why.at, why.reason)

    def _candidates(self, selection: Selection) -> Iterator[Candidate]:
        """The items of the selection's feeds, newest first, as far as is looked."""
        keys = selection.feeds()
        indexed = selection.words and all(map(terms.codes, selection.words))
        for stretch in self._found(selection) if indexed else self._walked(selection, keys):
            kin = self._store.kin([item.id for item in stretch], keys) if selection.collapse else {}
            yield from (Candidate(item, kin.get(item.id, ())) for item in stretch)

    def _walked(self, selection: Selection, keys: Sequence[FeedKey]) -> Iterator[Sequence[Item]]:
        sifted = selection.words or selection.without or selection.sources or selection.collapse
        count, after = _STRIDE if sifted else selection.limit, None
        for _ in range(0, _FURTHEST, count):
            stretch = self._store.walk(
                keys, sources=selection.sources, since=selection.since, after=after, count=count
            )
            yield stretch.items
            if (after := stretch.last) is None:
                return

    def _found(self, selection: Selection) -> Iterator[Sequence[Item]]:
        """What the index has, as a search shows it."""
        index, after, since = wanted(selection), None, selection.since
        for _ in range(0, _FURTHEST, _STRIDE):
            stretch = self._store.rooms.find(index, after, _STRIDE)
            # The index tells moments by the second.
            yield [item for _, item in stretch if since is None or item.published >= since]
            if len(stretch) < _STRIDE:
                return
            after = stretch[-1][0]

    def _opml(self, selection: Selection, names: _Names) -> Resource:
        chosen = [info for info in self._store.catalogue() if listed(info.key, selection)]
        modified = max((info.updated for info in chosen if info.updated), default=compose.NEVER)
        alone, merged = [info.key for info in chosen], []
        if selection.sources and (selection.regions or selection.columns):
            # No feed is published of a place in some sources: such are made on request.
            narrowed = [_within(key, selection) for key in sorted(alone)]
            alone = []
            merged = [
                (each.query(), merge.title(merge.names(each, names.columns, names.sources)))
                for each in narrowed
            ]
        body = opml(
            [(key, compose.title_of(key, columns=names.columns, sources=names.sources)) for key in alone],
            merged=merged,
            title=merge.title(merge.names(selection, names.columns, names.sources)),
            base_url=self._base_url,
            modified=modified,
            suffix="atom" if "atom" in self._formats else self._formats[0],
        )
        # Browsers would show it: it is for readers to import.
        further = {"Content-Disposition": 'attachment; filename="dibao.opml"'}
        return made_now("opml.xml", body, further)


def _within(key: FeedKey, selection: Selection) -> Selection:
    """One feed of a selection, in its sources."""
    return Selection(
        regions=(key.region,) if key.region else (),
        columns=(key.column,) if key.column else (),
        sources=selection.sources,
    )


def dated(made: Resource, before: Resource | None) -> Resource:
    """It with the moment since which its address has these bytes, which are `before` where they are as they
    were. No date of the news can tell that: decision 138."""
    if before is not None and before.body == made.body:
        return before
    at = datetime.now(UTC).replace(microsecond=0) - DATE_LAGS
    if before is not None and before.modified is not None:
        at = max(at, before.modified + timedelta(seconds=1))
    return made.dated(at)


def made_now(path: str, body: bytes, further: Mapping[str, str] | None = None) -> Resource:
    """What is made for a request. It bears no date: the tag alone says whether it is as it was."""
    coded = {coding: encode(coding, body) for coding in CODINGS} if len(body) >= SMALLEST else {}
    return Resource(f"/{path}", body, media_type(path), Validators(strong_etag(body)), coded, further)
