"""Replies: content and the request it answers in, a response with the headers that the house promises out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from feeds import site
from worker.web.conditions import Validators, evaluate

METHODS = ("GET", "HEAD", "OPTIONS")
_JSON = "application/json"
_HTML = "text/html; charset=utf-8"
# Nothing but the house's own style and scripts; pictures come from the newspapers.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https: http:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_WORDS = {
    HTTPStatus.NOT_FOUND: (
        "这里没有这一页",
        "No such page. It may have moved, or nothing was published there yet.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: ("这里只能阅读", "Only GET and HEAD are answered here."),
    HTTPStatus.PRECONDITION_FAILED: ("内容已经更新", "The content is no longer the one that was asked for."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("这一页暂时出了问题", "Something failed here; the log says what."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("暂时无法回答", "Not able to answer now; try again in a while."),
}


def content(request: Request, body: bytes, media_type: str, validators: Validators) -> Response:
    """A representation under its validators: 200, or 304 or 412 as the request's preconditions have it.

    It may be kept, never used unasked (`no-cache`): a correction or withdrawal must reach the next reader,
    and asking costs one 304.
    """
    headers = {"ETag": validators.etag, "Cache-Control": "no-cache"}
    if validators.modified is not None:  # never later than the Date of the response (RFC 9110, 8.8.2.1)
        headers["Last-Modified"] = format_datetime(min(validators.modified, datetime.now(UTC)), usegmt=True)
    match evaluate(request.headers, validators):
        case HTTPStatus.OK:
            return reply(request, HTTPStatus.OK, body, media_type, headers)
        case HTTPStatus.NOT_MODIFIED:
            return reply(request, HTTPStatus.NOT_MODIFIED, b"", "", headers)
        case failed:
            return refusal(request, failed)


def page(request: Request, body: bytes) -> Response:
    """A page made for this request alone."""
    return reply(request, HTTPStatus.OK, body, _HTML, {"Cache-Control": "no-store"})


def state(request: Request, status: HTTPStatus, value: Mapping[str, object]) -> Response:
    """The service's own state as JSON; true for now only."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return reply(request, status, body, _JSON, {"Cache-Control": "no-store"})


def refusal(
    request: Request, status: HTTPStatus, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """An error: a problem document (RFC 9457) where a program asked, a small page elsewhere."""
    path = request.scope["path"]
    title, words = _WORDS.get(status, (status.phrase, ""))
    kept = {"Cache-Control": "no-store", **(headers or {})}
    if path.endswith(".json") or path.startswith("/api/"):
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail or words}
        body = json.dumps(problem, ensure_ascii=False).encode()
        return reply(request, status, body, "application/problem+json", kept)
    root = "../" * (request.scope["raw_path"].count(b"/") - 1)
    return reply(request, status, site.notice(title, detail or words, root=root), _HTML, kept)


def redirect_to_folder(request: Request) -> Response:
    """To the same path with a final slash, relatively: right behind any prefix that a proxy takes off, and
    no `//host` in a request can turn it into another host's address."""
    last = request.scope["raw_path"].decode("ascii").rpartition("/")[2]
    query = f"?{request.url.query}" if request.url.query else ""
    headers = {"Location": f"./{last}/{query}", "Cache-Control": "no-cache"}
    return reply(request, HTTPStatus.PERMANENT_REDIRECT, b"", _HTML, headers)


def options(request: Request) -> Response:
    """What may be asked here; to a browser's preflight, that a validator may go along."""
    headers = {"Allow": ", ".join(METHODS)}
    if _is_open(request.scope["path"]):
        headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    return reply(request, HTTPStatus.NO_CONTENT, b"", "", headers)


def reply(
    request: Request, status: HTTPStatus, body: bytes, media_type: str, headers: Mapping[str, str]
) -> Response:
    """The response with what every one carries. No referrer is sent on: it is nobody's business, and many
    newspapers refuse pictures to pages of other hosts."""
    common = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    if media_type:
        common["Content-Type"] = media_type
    if media_type.startswith(("text/html", "image/svg")):
        common["Content-Security-Policy"] = _POLICY
    if _is_open(request.scope["path"]):
        common |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
    return Response(body, status, {**common, **headers})


def _is_open(path: str) -> bool:
    """Whether scripts of other sites may read it: what is published for programs."""
    return path.startswith(("/feeds/", "/opml/")) or path in ("/feeds.json", "/opml.xml")
