"""The lists of the JSON API: requests in, pages of feeds, regions, columns and sources out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from feeds.render import collections
from feeds.scope import FeedKey, roll_up
from feeds.selection import BadParameter, Selection, parse, within
from worker.archive import Archive
from worker.config import Settings
from worker.web import queries, replies
from worker.web.blocking import Late
from worker.web.combining import Combining

Catalogue = Callable[[], Awaitable[dict[str, Any]]]
PAGING = ("limit", "cursor")
FEEDS = ("region", "column", "source", *PAGING)  # the parameters of each list
REGIONS = ("region", *PAGING)
COLUMNS = ("region", *PAGING)
SOURCES = PAGING


class Collections:
    """Each list is in the order of its keys; a page begins behind the key that its cursor names, so that what
    comes and goes meanwhile repeats nothing and leaves nothing else out."""

    def __init__(
        self, settings: Settings, store: Archive, combining: Combining, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._combining = combining
        self._catalogue = catalogue
        self._base_url = settings.service.base_url.rstrip("/")
        self._sources = {source.id: source for source in settings.all_sources}

    async def feeds(self, request: Request) -> Response:
        """/api/v1/feeds: the lines of /feeds.json."""

        async def lines(selection: Selection) -> list[dict[str, Any]]:
            if not (selection.regions or selection.columns or selection.sources):
                return await self._lines()
            return [line for line in await self._lines() if within(FeedKey(line["key"]), selection)]

        return await self._page(request, "feeds", "key", FEEDS, lines)

    async def regions(self, request: Request) -> Response:
        """/api/v1/regions: the divisions that have feeds; `region` leaves those within it."""

        async def lines(selection: Selection) -> list[dict[str, Any]]:
            wanted = set(selection.regions)
            found = collections.regions(await self._lines())
            return [line for line in found if not wanted or not wanted.isdisjoint(roll_up(line["code"]))]

        return await self._page(request, "regions", "code", REGIONS, lines)

    async def columns(self, request: Request) -> Response:
        """/api/v1/columns: the columns that have feeds; `region` leaves those that have one there."""

        async def lines(selection: Selection) -> list[dict[str, Any]]:
            feeds = await self._lines()
            names = await run_in_threadpool(self._store.column_names)
            there = {line["column"] for line in feeds if line["region"] in selection.regions}
            found = collections.columns(feeds, names)
            return [line for line in found if not selection.regions or line["slug"] in there]

        return await self._page(request, "columns", "slug", COLUMNS, lines)

    async def sources(self, request: Request) -> Response:
        """/api/v1/sources: who is read, and how that goes."""

        async def lines(_: Selection) -> list[dict[str, Any]]:
            states = await run_in_threadpool(self._store.sources)
            return collections.sources(await self._lines(), self._sources, states)

        return await self._page(request, "sources", "id", SOURCES, lines)

    async def _lines(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = (await self._catalogue())["feeds"]
        return lines

    async def _page(
        self,
        request: Request,
        name: str,
        key: str,
        parameters: Sequence[str],
        lines: Callable[[Selection], Awaitable[list[dict[str, Any]]]],
    ) -> Response:
        """A page of what `lines` finds, in the order of `key`, with the address of the next one."""
        if request.method == "OPTIONS":
            return replies.options(request)
        pairs = queries.pairs(request.scope["query_string"])
        rest = [pair for pair in pairs if pair[0] != "cursor"]
        cursors = [text for given, text in pairs if given == "cursor"]
        if len(cursors) > 1:
            raise BadParameter("cursor", "it is given more than once", "one value")
        selection = parse(rest, await run_in_threadpool(self._combining.known), parameters)
        try:
            found = await lines(selection)
        except Late as late:
            told = f"The store gave {late}."
            return replies.refusal(request, HTTPStatus.SERVICE_UNAVAILABLE, told, {"Retry-After": "10"})
        left = [line for line in found if not cursors or line[key] > cursors[0]]
        shown = left[: selection.limit]
        further = None
        if len(left) > len(shown):
            query = urlencode([*rest, ("cursor", shown[-1][key])])
            further = f"{self._base_url}/api/v1/{name}?{query}"
        return await replies.data(request, {name: shown, "next": further})
