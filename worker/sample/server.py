"""The state on disk, read with each request -> the sample newspaper over HTTP, with strong ETags."""

from __future__ import annotations

import contextlib
import hashlib
import signal
import socket
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bulletins.errors import EnvironmentFault
from worker import log
from worker.config import Settings
from worker.sample import addresses, assets, pages, redesigned
from worker.sample.addresses import Place
from worker.sample.state import Issue, State, current, today
from worker.sample.stories import Story

_HTML, _CSS, _TEXT = "text/html", "text/css", "text/plain"
_FIXED = {
    "/robots.txt": (assets.ROBOTS.encode(), _TEXT),
    "/static/css/paper.css": (assets.PAPER_CSS.encode(), _CSS),
    "/static/css/relaunch.css": (assets.RELAUNCH_CSS.encode(), _CSS),
}


def address(settings: Settings) -> str:
    """Where the newest issue is served, with a slash at the end."""
    return f"http://127.0.0.1:{settings.sample.port}/"


def serve(settings: Settings) -> None:
    """Serve the newspaper until SIGTERM or SIGINT, from the main thread.

    Raises EnvironmentFault: port taken, data_dir not writable.
    """
    run(settings.service.data_dir, settings.sample.port, _today)


def run(data_dir: Path, port: int, day: Callable[[], date]) -> None:
    """As `serve`, with the calendar as an argument: each request asks it for the day. Port 0: any."""
    signal.signal(signal.SIGTERM, _end)  # uvicorn stops at the signal, then raises it again for this handler
    current(data_dir, day())  # a disk that cannot be written is told before the port is taken
    with _listen(port) as listener:
        config = uvicorn.Config(
            application(data_dir, day),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        log.logger().info("sample.serving", url="http://{}:{}/".format(*listener.getsockname()))
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def application(data_dir: Path, day: Callable[[], date]) -> Starlette:
    def answer(request: Request) -> Response:
        path = request.url.path
        if path in _FIXED:
            return _validated(request, *_FIXED[path])
        state = current(data_dir, day())
        token = request.query_params.get("t")
        if path.startswith("/upload/"):
            return _upload(request, state)
        asked = f"/?t={token}" if path == "/" and token is not None else path
        place = Place(state.newest) if asked == "/" else addresses.find(state.issues, asked)
        if place is None:
            return PlainTextResponse("没有这一页\n", 404)
        return _validated(request, _page(state, place).encode(), _HTML)

    return Starlette(routes=[Route("/{path:path}", answer)], exception_handlers={EnvironmentFault: _fault})


def _today() -> date:
    return today(datetime.now(UTC))


def _end(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)  # with SO_REUSEADDR, two that bind without listening would both succeed
    except OSError as error:
        listener.close()
        raise EnvironmentFault(
            f"the sample newspaper cannot listen there ({error.strerror})",
            f"127.0.0.1:{port}",
            "Stop what listens there, or name another [sample] port in config.toml",
        ) from None
    return listener


class _Layout(Protocol):
    """What `pages` and `redesigned` both offer."""

    def edition(self, issue: Issue, earlier: Issue | None) -> str: ...

    def page(self, issue: Issue, sheet: int) -> str: ...

    def article(self, issue: Issue, story: Story) -> str: ...


def _page(state: State, place: Place) -> str:
    layout: _Layout = redesigned if state.redesigned else pages
    if place.story:
        return layout.article(place.issue, place.story)
    if place.page:
        return layout.page(place.issue, place.page)
    earlier = [issue for issue in state.issues if issue.day < place.issue.day]
    return layout.edition(place.issue, earlier[-1] if earlier else None)


def _upload(request: Request, state: State) -> Response:
    """The printed pages, /upload/<the page's address>.pdf and .jpg."""
    token, _, kind = request.url.path.removeprefix("/upload").rpartition(".")
    place = addresses.find(state.issues, token)
    if place is None or place.page is None or kind not in ("pdf", "jpg"):
        return PlainTextResponse("没有这个文件\n", 404)
    if kind == "jpg":
        return _validated(request, assets.JPEG, "image/jpeg")
    return _validated(request, assets.pdf(place.issue.day, place.page), "application/pdf")


def _validated(request: Request, body: bytes, media_type: str) -> Response:
    """The body with a strong ETag from its bytes, or 304 to whom it is known (RFC 9110, 13.1.2: weak
    comparison, a list of tags, or *)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _fault(request: Request, error: Exception) -> Response:
    """The disk failed under a request: said to the reader, and in the log with what to do."""
    log.logger().error("sample.failed", path=request.url.path, reason=str(error))
    return PlainTextResponse(f"{error}\n", 503)
