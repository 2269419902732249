"""Replies: content and the request it answers in, a response with the headers that the house promises out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from feeds import site
from worker.coding import SMALLEST, encode
from worker.web.conditions import Validators, strong_etag
from worker.web.resources import (
    ASK_FIRST,
    IDENTITY,
    METHODS,
    RawHeaders,
    Resource,
    accepted,
    common,
    is_open,
)

_JSON = "application/json"
_HTML = "text/html; charset=utf-8"
_WORDS = {
    HTTPStatus.NOT_FOUND: (
        "这里没有这一页",
        "No such page",
        "No such page. It may have moved, or nothing was published there yet.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "这里只能阅读",
        "Here one can only read",
        "Only GET and HEAD are answered here.",
    ),
    HTTPStatus.PRECONDITION_FAILED: (
        "内容已经更新",
        "The content has changed",
        "The content is no longer the one that was asked for.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "这一页暂时出了问题",
        "Something went wrong",
        "Something failed here; the log says what.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "暂时无法回答",
        "Not able to answer now",
        "Not able to answer now; try again in a while.",
    ),
}


def resource(request: Request, asked_for: Resource, extra: RawHeaders = ASK_FIRST) -> Response:
    """A resource: 200, or 304 or 412 as the request's preconditions have it. `extra` headers go with it."""
    status, headers, body = asked_for.answer(request.scope["headers"], extra)
    if status == HTTPStatus.PRECONDITION_FAILED:
        return refusal(request, HTTPStatus.PRECONDITION_FAILED)
    response = Response(body, status)
    response.raw_headers = headers
    return response


def page(request: Request, body: bytes, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A page made for this request alone, in the coding that it asks for."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    coding = _wanted(request)
    if coding != IDENTITY and len(body) >= SMALLEST:
        body, headers["Content-Encoding"] = encode(coding, body), coding
    return reply(request, status, body, _HTML, headers)


def _wanted(request: Request) -> str:
    lines = [line for name, line in request.scope["headers"] if name == b"accept-encoding"]
    return accepted(b",".join(lines))[0]


async def data(request: Request, value: Mapping[str, object]) -> Response:
    """What is stored, as JSON made for this request, in the coding that it asks for. The tag changes when
    the content does."""
    return await run_in_threadpool(_data, request, value)


def _data(request: Request, value: Mapping[str, object]) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode()
    coding = _wanted(request)
    coded = {coding: encode(coding, body)} if coding != IDENTITY and len(body) >= SMALLEST else {}
    return resource(
        request, Resource(request.scope["path"], body, _JSON, Validators(strong_etag(body)), coded)
    )


def state(request: Request, status: HTTPStatus, value: Mapping[str, object]) -> Response:
    """The service's own state as JSON; true for now only."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return reply(request, status, body, _JSON, {"Cache-Control": "no-store"})


def refusal(
    request: Request, status: HTTPStatus, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """An error: a problem document (RFC 9457) where a program asked, a small page in the language of the
    path elsewhere."""
    path = request.scope["path"]
    lang = "en" if path.startswith("/en/") else "zh"
    chinese, english, words = _WORDS.get(status, (status.phrase, status.phrase, ""))
    kept = {"Cache-Control": "no-store", **(headers or {})}
    if path.endswith(".json") or path.startswith("/api/"):
        return problem(request, status, detail or words, headers=kept)
    root = "../" * (request.scope["raw_path"].count(b"/") - 1)
    title = english if lang == "en" else chinese
    return reply(request, status, site.notice(title, detail or words, root=root, lang=lang), _HTML, kept)


def problem(
    request: Request,
    status: HTTPStatus,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: object,
) -> Response:
    """A problem document (RFC 9457); `members` are its extensions, which say what to do about it."""
    value = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail, **members}
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return reply(request, status, body, "application/problem+json", kept)


def redirect_to_folder(request: Request) -> Response:
    """To the same path with a final slash, relatively: right behind any prefix that a proxy takes off, and
    no `//host` in a request can turn it into another host's address."""
    last = request.scope["raw_path"].decode("ascii").rpartition("/")[2]
    query = f"?{request.url.query}" if request.url.query else ""
    headers = {"Location": f"./{last}/{query}", "Cache-Control": "no-cache"}
    return reply(request, HTTPStatus.PERMANENT_REDIRECT, b"", _HTML, headers)


def redirect_for_now(request: Request, location: str) -> Response:
    """To a page that stands in for the one asked for; `location` is relative, of ASCII characters."""
    return reply(request, HTTPStatus.FOUND, b"", _HTML, {"Location": location, "Cache-Control": "no-cache"})


def redirect_for_good(request: Request, location: str) -> Response:
    """To where a region's feeds went with its new code; `location` is relative and made of ASCII digits and
    what the request's path had after the code."""
    query = f"?{request.url.query}" if request.url.query else ""
    headers = {"Location": f"{quote(location)}{query}", "Cache-Control": "max-age=86400"}
    return reply(request, HTTPStatus.MOVED_PERMANENTLY, b"", _HTML, headers)


def options(request: Request) -> Response:
    """What may be asked here; to a browser's preflight, that a validator may go along."""
    headers = {"Allow": ", ".join(METHODS)}
    if is_open(request.scope["path"]) and "Access-Control-Request-Method" in request.headers:
        headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        headers["Access-Control-Max-Age"] = "86400"
    return reply(request, HTTPStatus.NO_CONTENT, b"", "", headers)


def reply(
    request: Request, status: HTTPStatus, body: bytes, media_type: str, headers: Mapping[str, str]
) -> Response:
    """The response with what every one carries."""
    return Response(body, status, {**common(request.scope["path"], media_type), **headers})
