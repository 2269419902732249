"""The JSON API: requests in, items and changes out."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from feeds.render import api
from feeds.selection import BadParameter, parse, whole
from worker.archive import Archive, Cursor, Event
from worker.config import Settings
from worker.web import openapi, queries, replies
from worker.web.combining import Combining
from worker.web.watch import Watch

_EVENTS, _MOST_EVENTS = 100, 500  # of a page
_LONGEST_WAIT = 60  # seconds; proxies give up after about as long
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Api:
    def __init__(self, settings: Settings, store: Archive, combining: Combining) -> None:
        self._store = store
        self._combining = combining
        self._base_url = settings.service.base_url.rstrip("/")
        self._sources = {source.id: source for source in settings.all_sources}
        self._watch = Watch(lambda: store.newest().change)

    def close(self) -> None:
        """Answer everybody who waits: the server stops."""
        self._watch.close()

    async def changes(self, request: Request) -> Response:
        """/api/v1/changes: what happened after `since`, oldest first."""
        if request.method == "OPTIONS":
            return replies.options(request)
        given = _given(request, ("since", "limit", "wait"))
        since = whole(given, "since", 0, 0, 2**62)
        limit = whole(given, "limit", _EVENTS, 1, _MOST_EVENTS)
        wait = whole(given, "wait", 0, 0, _LONGEST_WAIT)
        page = await run_in_threadpool(self._store.changes, since, limit)
        if wait and since == page.newest:
            await self._beyond(request, since, wait)
            page = await run_in_threadpool(self._store.changes, since, limit)
        if since > page.newest:
            raise BadParameter(
                "since",
                f"{since} is beyond the newest change, {page.newest}: the store is an older or another one. "
                "Read all items anew, and follow from their `seq`",
                f"0 to {page.newest}",
            )
        if since + 1 < page.oldest:
            return replies.problem(
                request,
                HTTPStatus.GONE,
                f"Changes up to {page.oldest - 1} are no longer kept. Read every page of `items`, replace "
                "what you hold by it, and go on with the changes after the `seq` of its first page.",
                items=f"{self._base_url}/api/v1/items",
                oldest=page.oldest,
                newest=page.newest,
            )
        last = page.events[-1].seq if page.events else since
        events = await run_in_threadpool(self._events, page.events)
        value = {"events": events, "next": last, "more": last < page.newest}
        return await replies.data(request, value)

    async def items(self, request: Request) -> Response:
        """/api/v1/items: stored items, newest first, in pages."""
        if request.method == "OPTIONS":
            return replies.options(request)
        return await replies.data(request, await run_in_threadpool(self._items, request))

    async def item(self, request: Request) -> Response:
        """/api/v1/items/<id>: one item as it is now."""
        if request.method == "OPTIONS":
            return replies.options(request)
        _given(request, ())
        found = await run_in_threadpool(self._store.item, request.path_params["id"])
        if found is None:
            return replies.refusal(request, HTTPStatus.NOT_FOUND, "No item has this id.")
        item = found.item
        if found.withdrawal is not None:
            return replies.problem(request, HTTPStatus.GONE, "This item has been withdrawn.", id=item.id)
        return await replies.data(request, api.item(item, self._sources.get(item.source)))

    async def openapi(self, request: Request) -> Response:
        """/api/v1/openapi.json: what is answered here."""
        if request.method == "OPTIONS":
            return replies.options(request)
        value = openapi.document(
            self._base_url, events=_EVENTS, most_events=_MOST_EVENTS, longest_wait=_LONGEST_WAIT
        )
        return await replies.data(request, value)

    async def _beyond(self, request: Request, since: int, seconds: int) -> None:
        """Wait for a change, unless the client goes away first."""
        change = asyncio.ensure_future(self._watch.beyond(since, seconds))
        gone = asyncio.ensure_future(_disconnected(request))
        try:
            await asyncio.wait({change, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()
            gone.cancel()

    def _events(self, events: Sequence[Event]) -> list[dict[str, Any]]:
        return [api.event(e.seq, str(e.kind), e.id, e.at, e.item, self._sources) for e in events]

    def _items(self, request: Request) -> dict[str, Any]:
        pairs = queries.pairs(request.scope["query_string"])
        cursors = [text for name, text in pairs if name == "cursor"]
        names = ("region", "column", "source", "since", "limit", "cursor")
        rest = [pair for pair in pairs if pair[0] != "cursor"]
        selection = parse(rest, self._combining.known(), names)
        after = _cursor(cursors)
        seq = self._store.newest().change  # before the items: what comes meanwhile is told as a change
        walk = self._store.walk(
            selection.feeds(),
            sources=selection.sources,
            since=selection.since,
            after=after,
            count=selection.limit,
        )
        further = None
        if walk.last is not None:
            kept = [(name, text) for name, text in pairs if name != "cursor"]
            query = urlencode([*kept, ("cursor", _spelt(walk.last))])
            further = f"{self._base_url}/api/v1/items?{query}"
        return api.items(walk.items, self._sources, further=further, seq=seq)


def _given(request: Request, names: tuple[str, ...]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, text in queries.pairs(request.scope["query_string"]):
        if name not in names:
            allowed = ", ".join(names) or "none"
            raise BadParameter(name[:64], "there is no such parameter here", allowed)
        given.setdefault(name, []).append(text)
    return given


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _spelt(cursor: Cursor) -> str:
    value = [(cursor.published - _EPOCH) // _MICROSECOND, cursor.place]
    return base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode().rstrip("=")


def _cursor(texts: list[str]) -> Cursor | None:
    if not texts:
        return None
    try:
        (text,) = texts
        padded = text + "=" * (-len(text) % 4)
        microseconds, place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if isinstance(microseconds, int) and isinstance(place, str):
            return Cursor(_EPOCH + microseconds * _MICROSECOND, place)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        pass
    raise BadParameter("cursor", "it is none", "what `next` of a page of items holds")
