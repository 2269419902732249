"""The web server's routes: settings and the service's state in, an ASGI application out."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Protocol, cast

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bulletins.errors import DibaoError
from bulletins.state import SourceState
from feeds import site
from feeds.selection import BadParameter
from worker.archive import Archive
from worker.config import Settings
from worker.web import replies
from worker.web.api import Api
from worker.web.blocking import Late, Shared
from worker.web.collections import Collections
from worker.web.combining import Combining, Made
from worker.web.conditions import Validators, strong_etag
from worker.web.discovery import discovery
from worker.web.files import PublicFiles, media_type
from worker.web.metrics import Metrics
from worker.web.moved import moved
from worker.web.prefix import Unprefixed, prefix_of
from worker.web.resources import ASK_FIRST, METHODS, RawHeaders, Resource
from worker.web.rooms import Rooms
from worker.web.troubles import Troubles
from worker.web.vitals import Vitals

_READY_SECONDS = 3.0  # a probe of an orchestrator gives up after a few seconds itself
_CATALOGUE_SECONDS = 10.0
_AT_ONCE = 2  # combined feeds that are made: each takes a core while it lasts


class WebState(Protocol):
    """What the web asks of the service while it runs. The calls may block; they come from another thread."""

    @property
    def store(self) -> Archive: ...

    def sources(self) -> Sequence[SourceState]: ...

    def catalogue(self) -> dict[str, Any]:
        """The body of /feeds.json."""
        ...

    def check(self) -> list[str]:
        """Why the service is not ready, a line each; empty when it is."""
        ...


def create_app(settings: Settings, state: WebState) -> Door:
    return Door(settings, state)


class Door:
    """The application. A published file that is in memory is answered without Starlette, which has the rest;
    and without a task of its own, where the protocol asks for that first."""

    def __init__(self, settings: Settings, state: WebState) -> None:
        self._furnish(settings, state)

    def renew(self, settings: Settings, state: WebState) -> None:
        """Go on by another configuration; who waits for a change is answered and asks again. To be called in
        the loop that serves."""
        self.close()
        self._furnish(settings, state)

    def _furnish(self, settings: Settings, state: WebState) -> None:
        self._settings = settings
        self._files = PublicFiles(settings.service.public_dir, discovery(settings))
        self._assets = {f"/{asset.path}": asset for asset in site.assets()}
        self._check = Shared(state.check, _READY_SECONDS)
        self._sources = Shared(state.sources, _READY_SECONDS)
        self._catalogue = Shared(state.catalogue, _CATALOGUE_SECONDS)
        self._vitals = Vitals(state.store)
        self._combining = Combining(settings, state.store)
        self._turns = CapacityLimiter(_AT_ONCE)
        self._troubles = Troubles(settings, state.store)
        self._api = Api(settings, state.store, self._combining)
        self._rooms = Rooms(settings, state.store, self._files, self._reasons, self.published)
        lists = Collections(settings, state.store, self._combining, self._catalogue)
        prefix = prefix_of(settings.service.base_url)
        self._entrance: ASGIApp = Unprefixed(self._answer, prefix) if prefix else self._answer
        methods = list(METHODS)
        self._routed = Starlette(
            routes=[
                Route("/livez", self.livez, methods=["GET"]),
                Route("/readyz", self.readyz, methods=["GET"]),
                Route("/metrics", Metrics(settings, state.store).answer, methods=["GET"]),
                Route("/feeds.json", self.catalogue, methods=methods),
                Route("/feeds/merge.{suffix}", self.merge, methods=methods),
                Route("/feeds/health.{suffix}", self.health, methods=methods),
                Route("/opml.xml", self.opml, methods=methods),
                Route("/api/v1/changes", self._api.changes, methods=methods),
                Route("/api/v1/items", self._api.items, methods=methods),
                Route("/api/v1/feeds", lists.feeds, methods=methods),
                Route("/api/v1/regions", lists.regions, methods=methods),
                Route("/api/v1/columns", lists.columns, methods=methods),
                Route("/api/v1/sources", lists.sources, methods=methods),
                Route("/api/v1/openapi.json", self._api.openapi, methods=methods),
                Route("/api/v1/items/{id:path}", self._api.item, methods=methods),
                *self._rooms.routes(),
                Route("/{path:path}", self.published, methods=methods),
            ],
            exception_handlers={
                HTTPException: _refuse,
                BadParameter: _bad_parameter,
                DibaoError: _unavailable,
                Exception: _failed,
            },
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._entrance(scope, receive, send)

    def at_once(self, scope: Scope) -> tuple[Resource, RawHeaders] | None:
        """The file that is asked for, and what goes with it, where all of that is in memory; else the
        application has to be called. Nothing here waits."""
        path = scope["path"]
        file = self._held(scope) if scope["method"] in ("GET", "HEAD") else None
        if file is None or moved(path):
            return None
        extra = self._vitals.known(path) if path.startswith("/feeds/") else ASK_FIRST
        return None if extra is None else (file, extra)

    def _held(self, scope: Scope) -> Resource | None:
        """The published file that answers a request, where it is in memory: not for the page of a source,
        which may have to say what its file does not, nor for a list that a query selects from."""
        path = scope["path"]
        if path.startswith("/source/") or (path == "/opml.xml" and scope["query_string"]):
            return None
        return self._files.held(path)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            path = scope["path"]
            if location := moved(path):
                await replies.redirect_for_good(Request(scope), location)(scope, receive, send)
                return
            if file := self._held(scope):
                extra = ASK_FIRST
                if path.startswith("/feeds/"):  # what is known costs no turn of the loop
                    extra = self._vitals.known(path) or await self._vitals.headers(path)
                status, headers, body = file.answer(scope["headers"], extra)
                if status != HTTPStatus.PRECONDITION_FAILED:
                    await send({"type": "http.response.start", "status": status, "headers": headers})
                    await send({"type": "http.response.body", "body": body})
                    return
        await self._routed(scope, receive, send)

    def close(self) -> None:
        """Answer everybody who waits for a change: the server stops."""
        self._api.close()

    async def livez(self, request: Request) -> Response:
        """The process answers: that is all this says."""
        return replies.state(request, HTTPStatus.OK, {"status": "alive"})

    async def readyz(self, request: Request) -> Response:
        if reasons := await self._reasons():
            body = {"status": "not ready", "reasons": reasons}
            return replies.state(request, HTTPStatus.SERVICE_UNAVAILABLE, body)
        return replies.state(request, HTTPStatus.OK, {"status": "ready", "reasons": []})

    async def _reasons(self) -> list[str]:
        """Why the service is not ready. A check that fails itself is one more reason: who asks needs an
        answer."""
        try:
            return await self._check()
        except Late as late:
            return [f"the checks have not ended: {late}"]
        except Exception as error:
            return [f"the checks failed: {type(error).__name__}: {error}"]

    async def catalogue(self, request: Request) -> Response:
        """Made on request: freshness moves without news. The tag changes when the content does."""
        if request.method == "OPTIONS":
            return replies.options(request)
        try:
            value = await self._catalogue()
        except Late as late:
            headers = {"Retry-After": "10"}
            return replies.refusal(
                request, HTTPStatus.SERVICE_UNAVAILABLE, f"The store gave {late}.", headers
            )
        return await replies.data(request, value)

    async def merge(self, request: Request) -> Response:
        """Any combination of regions, columns, sources and words as one feed."""
        if request.method == "OPTIONS":
            return replies.options(request)
        suffix, query = request.path_params["suffix"], request.scope["query_string"]
        made = await run_in_threadpool(self._combining.feed, suffix, query)
        if made is None:
            return replies.refusal(request, HTTPStatus.NOT_FOUND)
        selection, feed = made[0], await self._in_turn(made[1])
        return replies.resource(request, feed, await self._vitals.of_selection(selection))

    async def health(self, request: Request) -> Response:
        """An entry for each incident opened or closed."""
        if request.method == "OPTIONS":
            return replies.options(request)
        made = await run_in_threadpool(self._troubles.feed, request.path_params["suffix"])
        if made is None:
            return replies.refusal(request, HTTPStatus.NOT_FOUND)
        return replies.resource(request, made)

    async def opml(self, request: Request) -> Response:
        """The published list of all feeds, or of those that a query selects."""
        query = request.scope["query_string"]
        if request.method == "OPTIONS" or not query:
            return await self.published(request)
        made = await run_in_threadpool(self._combining.opml, query)
        return replies.resource(request, await self._in_turn(made))

    async def _in_turn(self, made: Made) -> Resource:
        """What was made before at once; the rest by few threads, and who waits for one of them holds none."""
        if isinstance(made, Resource):
            return made
        return await to_thread.run_sync(made, limiter=self._turns)

    async def published(self, request: Request) -> Response:
        """A file of public_dir; before the first publication, what stands in for it."""
        if request.method == "OPTIONS":
            return replies.options(request)
        path = request.scope["path"]
        file = await run_in_threadpool(self._files.read, path)
        if file is not None:
            extra = await self._vitals.headers(path) if path.startswith("/feeds/") else ASK_FIRST
            return replies.resource(request, file, extra)
        if asset := self._assets.get(path):
            validators = Validators(strong_etag(asset.body))
            made = Resource(path, asset.body, media_type(asset.path), validators)
            return replies.resource(request, made)
        if path in ("/", "/index.html"):
            return replies.page(request, await self._welcome())
        if await run_in_threadpool(self._files.is_folder, path):
            return replies.redirect_to_folder(request)
        if path.startswith("/region/"):
            root = "../" * (request.scope["raw_path"].count(b"/") - 1)
            if body := await run_in_threadpool(self._rooms.absent, path, root):
                return replies.page(request, body, HTTPStatus.NOT_FOUND)
        return replies.refusal(request, HTTPStatus.NOT_FOUND)

    async def _welcome(self) -> bytes:
        """The front page while nothing is published: which sources are being read, and how that goes."""
        try:
            states = await self._sources()
        except (Late, DibaoError):  # /readyz says why; this page greets all the same
            states = ()
        shelf = site.Shelf(
            {},
            self._settings.service.base_url.rstrip("/"),
            self._settings.publish.formats,
            {},
            {source.id: source for source in self._settings.all_sources},
        )
        return site.greeting(shelf, states).body


async def _refuse(request: Request, error: Exception) -> Response:
    """What the router refuses: methods that are not answered."""
    refused = cast("HTTPException", error)  # as registered; Starlette types its handlers loosely
    return replies.refusal(request, HTTPStatus(refused.status_code), headers=refused.headers)


async def _bad_parameter(request: Request, error: Exception) -> Response:
    """A query that cannot be honoured: which parameter, why, and what would be."""
    bad = cast("BadParameter", error)  # as registered
    return replies.problem(
        request, HTTPStatus.BAD_REQUEST, f"{bad}.", parameter=bad.name, allowed=bad.allowed
    )


async def _unavailable(request: Request, error: Exception) -> Response:
    return replies.refusal(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "10"})


async def _failed(request: Request, error: Exception) -> Response:
    """A fault of ours: the page says so, Starlette passes the exception on to the log, and uvicorn closes the
    connection, of which the client is told."""
    return replies.refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR, headers={"Connection": "close"})
