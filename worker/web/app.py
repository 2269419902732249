"""The routes of the web server: settings and the service's state in, a Starlette application out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Protocol, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bulletins.errors import DibaoError
from bulletins.model import SourceState
from feeds import site
from worker.config import Settings
from worker.web import replies
from worker.web.blocking import Late, Shared
from worker.web.conditions import Validators
from worker.web.files import PublicFiles, media_type, strong_etag
from worker.web.prefix import Unprefixed, prefix_of

_READY_SECONDS = 3.0  # a probe of an orchestrator gives up after a few seconds itself
_CATALOGUE_SECONDS = 10.0


class WebState(Protocol):
    """What the web asks of the service while it runs. The calls may block; they come from another thread."""

    def sources(self) -> Sequence[SourceState]: ...

    def catalogue(self) -> dict[str, Any]:
        """The body of /feeds.json."""
        ...

    def check(self) -> list[str]:
        """Why the service is not ready, a line each; empty when it is."""
        ...


def create_app(settings: Settings, state: WebState) -> Starlette:
    door = _Door(settings, state)
    prefix = prefix_of(settings.service.base_url)
    return Starlette(
        routes=[
            Route("/livez", door.livez, methods=["GET"]),
            Route("/readyz", door.readyz, methods=["GET"]),
            Route("/feeds.json", door.catalogue, methods=list(replies.METHODS)),
            Route("/{path:path}", door.published, methods=list(replies.METHODS)),
        ],
        middleware=[Middleware(Unprefixed, prefix=prefix)] if prefix else [],
        exception_handlers={HTTPException: _refuse, DibaoError: _unavailable, Exception: _failed},
    )


class _Door:
    def __init__(self, settings: Settings, state: WebState) -> None:
        self._settings = settings
        self._files = PublicFiles(settings.service.public_dir)
        self._assets = {f"/{asset.path}": asset for asset in site.assets()}
        self._check = Shared(state.check, _READY_SECONDS)
        self._sources = Shared(state.sources, _READY_SECONDS)
        self._catalogue = Shared(state.catalogue, _CATALOGUE_SECONDS)

    async def livez(self, request: Request) -> Response:
        """The process answers: that is all this says."""
        return replies.state(request, HTTPStatus.OK, {"status": "alive"})

    async def readyz(self, request: Request) -> Response:
        try:
            reasons = await self._check()
        except Late as late:
            reasons = [f"the checks have not ended: {late}"]
        except (
            Exception
        ) as error:  # a check that fails itself is one more reason, and a probe needs an answer
            reasons = [f"the checks failed: {type(error).__name__}: {error}"]
        if reasons:
            body = {"status": "not ready", "reasons": reasons}
            return replies.state(request, HTTPStatus.SERVICE_UNAVAILABLE, body)
        return replies.state(request, HTTPStatus.OK, {"status": "ready", "reasons": []})

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
        body = json.dumps(value, ensure_ascii=False).encode()
        return replies.content(request, body, "application/json", Validators(strong_etag(body)))

    async def published(self, request: Request) -> Response:
        """A file of public_dir; before the first publication, what stands in for it."""
        if request.method == "OPTIONS":
            return replies.options(request)
        path = request.scope["path"]
        file = await run_in_threadpool(self._files.read, path)
        if file is not None:
            return replies.content(request, file.body, file.media_type, file.validators)
        if asset := self._assets.get(path):
            validators = Validators(strong_etag(asset.body))
            return replies.content(request, asset.body, media_type(asset.path), validators)
        if path in ("/", "/index.html"):
            return replies.page(request, await self._welcome())
        if await run_in_threadpool(self._files.is_folder, path):
            return replies.redirect_to_folder(request)
        return replies.refusal(request, HTTPStatus.NOT_FOUND)

    async def _welcome(self) -> bytes:
        """The front page while nothing is published: which sources are being read, and how that goes."""
        try:
            states = await self._sources()
        except (Late, DibaoError):  # /readyz says why; this page greets all the same
            states = ()
        return site.index(
            (),
            base_url=self._settings.service.base_url,
            formats=self._settings.publish.formats,
            columns={},
            sources={source.id: source for source in self._settings.all_sources},
            latest=(),
            modified=datetime.now(UTC),
            states=states,
        ).body


async def _refuse(request: Request, error: Exception) -> Response:
    """What the router refuses: methods that are not answered."""
    refused = cast("HTTPException", error)  # as registered; Starlette types its handlers loosely
    return replies.refusal(request, HTTPStatus(refused.status_code), headers=refused.headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    return replies.refusal(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "10"})


async def _failed(request: Request, error: Exception) -> Response:
    """A fault of ours: the page says so, Starlette passes the exception on to the log, and uvicorn closes the
    connection, of which the client is told."""
    return replies.refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR, headers={"Connection": "close"})
