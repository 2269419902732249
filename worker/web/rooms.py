"""The pages that are made on request: a request in, a page in its language, a QR code or a notice out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.render import Document
from feeds.site import asked
from worker.archive import Archive
from worker.config import Settings
from worker.web import picking, qr, replies
from worker.web.combining import made_now
from worker.web.controlling import Controlling
from worker.web.files import PublicFiles
from worker.web.reading import Reading
from worker.web.resources import METHODS
from worker.web.searching import Searching

_AT_ONCE = 2  # searches: each takes a core while it lasts
_PAGE = re.compile(r"(?:[a-z0-9-]+/){0,6}")  # a page below the root
_REGION = re.compile(r"/region/([0-9]{6})/?")
_ITEM = re.compile(r"items/[0-9a-f]+/")
_LONGEST = 120  # characters of a path that a QR code is made of


class Rooms:
    def __init__(
        self,
        settings: Settings,
        store: Archive,
        files: PublicFiles,
        check: Callable[[], Awaitable[list[str]]],
        published: Callable[[Request], Awaitable[Response]],
    ) -> None:
        """`check` gives the reasons why the service is not ready; `published` answers with a file."""
        self._base_url = settings.service.base_url.rstrip("/")
        self._reading = Reading(settings, store)
        self._turns = CapacityLimiter(_AT_ONCE)
        self._searching = Searching(self._reading, lambda: _body(files, "/places.json"))
        self._controlling = Controlling(settings, self._reading)
        self._files = files
        self._check = check
        self._published = published

    def routes(self) -> list[Route]:
        made = [Route("/en", self._folder, methods=list(METHODS))]
        for prefix in ("", "/en"):
            for path, answer in (
                ("/search/", self.search),
                ("/subscribe/", self.subscribe),
                ("/status/", self.status),
                ("/status/incidents/{n:int}/", self.incident),
            ):
                made.append(Route(f"{prefix}{path}", answer, methods=list(METHODS)))
                if "{" not in path:
                    made.append(Route(f"{prefix}{path[:-1]}", self._folder, methods=list(METHODS)))
        made.append(Route("/source/{source}/", self.source, methods=list(METHODS)))
        made.append(Route("/{path:path}qr.svg", self.code, methods=list(METHODS)))
        made.append(Route("/en/{path:path}", self.translated, methods=list(METHODS)))
        return made

    async def search(self, request: Request) -> Response:
        query, lang = request.scope["query_string"], _lang(request)
        return await self._made(request, self._searching.page, query, lang, turns=self._turns)

    async def subscribe(self, request: Request) -> Response:
        query = request.scope["query_string"]
        return await self._made(request, picking.page, self._reading, query, _lang(request))

    async def status(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return replies.options(request)
        reasons = await self._check()
        made = await run_in_threadpool(self._controlling.status, reasons, _lang(request))
        return replies.page(request, made.body)

    async def incident(self, request: Request) -> Response:
        return await self._made(request, self._controlling.incident, request.path_params["n"], _lang(request))

    async def source(self, request: Request) -> Response:
        """The published page of a source; one made now, which says so, while the source is held back."""
        name = request.path_params["source"]
        if request.method != "OPTIONS" and await run_in_threadpool(self._reading.troubled, name):
            return await self._made(request, self._reading.page, "zh", f"source/{name}/")
        return await self._published(request)

    async def translated(self, request: Request) -> Response:
        """A page of the reading room in English."""
        path = request.path_params["path"]
        if path and not path.endswith("/"):
            return await self._folder(request)
        if _REGION.fullmatch(f"/{path}") and request.method != "OPTIONS":
            root = "../" * path.count("/")
            if body := await run_in_threadpool(self.absent, f"/{path}", root, "en"):
                return replies.page(request, body, HTTPStatus.NOT_FOUND)
        reply = await self._made(request, self._reading.page, "en", path)
        if reply.status_code == HTTPStatus.NOT_FOUND and await run_in_threadpool(self._stands, path):
            return replies.redirect_for_now(request, f"../../../{path}")  # it says so in English too
        return reply

    def _stands(self, path: str) -> bool:
        """Whether a page of an item is published that is made in Chinese alone: of one that was withdrawn, or
        has another id now. May block."""
        return _ITEM.fullmatch(path) is not None and _body(self._files, f"/{path}") is not None

    async def code(self, request: Request) -> Response:
        """<page>qr.svg: the address of the page, for a camera."""
        path = request.path_params["path"]
        if request.method == "OPTIONS":
            return replies.options(request)
        if not _PAGE.fullmatch(path) or len(path) > _LONGEST:
            return replies.refusal(request, HTTPStatus.NOT_FOUND)
        body = await run_in_threadpool(qr.svg, f"{self._base_url}/{path}")
        return replies.resource(request, made_now(f"{path}qr.svg", body))

    def absent(self, path: str, root: str, lang: str = "zh") -> bytes | None:
        """What stands in place of the page of a division without news, by its path below the root of a
        language, to which `root` leads; None for other paths. May block."""
        match = _REGION.fullmatch(path)
        if match is None or not self._reading.without(match[1]):
            return None
        return asked.absent(self._reading.shelf(lang), match[1], root)

    async def _made(
        self,
        request: Request,
        make: Callable[..., Document | None],
        *arguments: object,
        turns: CapacityLimiter | None = None,
    ) -> Response:
        """What is made, in a thread of the `turns` where there are any: who waits for one holds none."""
        if request.method == "OPTIONS":
            return replies.options(request)
        made = await to_thread.run_sync(make, *arguments, limiter=turns)
        if made is None:
            return replies.refusal(request, HTTPStatus.NOT_FOUND)
        return replies.resource(request, made_now(made.path, made.body))

    async def _folder(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return replies.options(request)
        return replies.redirect_to_folder(request)


def _lang(request: Request) -> str:
    return "en" if request.scope["path"].startswith("/en/") else "zh"


def _body(files: PublicFiles, path: str) -> bytes | None:
    held = files.held(path) or files.read(path)
    return held.body if held else None
