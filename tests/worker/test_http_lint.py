"""Every kind of reply of the web server, held to what httplint knows of HTTP."""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx
import pytest
from httplint import HttpRequestLinter, HttpResponseLinter, levels

from tests.support.nasty import Served

pytestmark = pytest.mark.slow


def lint(web: httpx.Client, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, list[str]]:
    """The status of a reply, and what httplint has against it; praise and mere information left out."""
    with web.stream(method, path, headers=dict(headers)) as reply:
        arrived = time.time()  # the server's clock is compared with it
        body = b"".join(reply.iter_raw())
    asked = HttpRequestLinter()
    asked.process_request_topline(method.encode(), str(reply.request.url).encode(), b"HTTP/1.1")
    asked.process_headers(list(reply.request.headers.raw))
    asked.finish_content(True)
    found = HttpResponseLinter(start_time=arrived, _related=asked, no_content=method == "HEAD")
    found.process_response_topline(b"HTTP/1.1", str(reply.status_code).encode(), reply.reason_phrase.encode())
    found.process_headers(list(reply.headers.raw))
    found.feed_content(body)
    found.finish_content(True)
    assert list(found.notes), "httplint has always something to say: it read nothing"
    # Of every 400 it warns that the server did not understand: that is what a 400 says.
    amiss = [note for note in found.notes if note.level in (levels.BAD, levels.WARN)]
    amiss = [note for note in amiss if type(note).__name__ != "STATUS_BAD_REQUEST"]
    return reply.status_code, [f"{note.subject}: {note.summary}" for note in amiss]


# By path, the status that a GET of it has.
REPLIES = {
    "/feeds/all.rss": 200,
    "/feeds/all.atom": 200,
    "/feeds/all.json": 200,
    "/feeds/all/archive/2026-10.atom": 200,
    "/feeds/merge.atom?region=510000": 200,
    "/feeds/merge.json?limit=1": 200,
    "/feeds/merge.rss?region=x": 400,
    "/feeds.json": 200,
    "/opml.xml": 200,
    "/opml.xml?region=511800": 200,
    "/": 200,
    "/region/511826/": 200,
    "/region/511826": 308,
    "/assets/icon.png": 200,
    "/assets/favicon.svg": 200,
    "/api/v1/changes?since=0": 200,
    "/api/v1/changes?since=x": 400,
    "/api/v1/items?limit=2": 200,
    "/api/v1/items/tag:none": 404,
    "/api/v1/openapi.json": 200,
    "/nothing": 404,
    "/nothing.json": 404,
    "/livez": 200,
    "/readyz": 503,  # there is no broker
    "/metrics": 200,
}
every_path = pytest.mark.parametrize(("path", "status"), REPLIES.items(), ids=REPLIES)


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@every_path
def test_a_reply_is_clean_in_every_coding(worst: Served, path: str, status: int, coding: str) -> None:
    assert lint(worst.web, "GET", path, {"Accept-Encoding": coding}) == (status, [])
    assert lint(worst.web, "HEAD", path, {"Accept-Encoding": coding}) == (status, [])


@every_path
def test_what_may_be_asked_is_told_cleanly(worst: Served, path: str, status: int) -> None:
    preflight = {"Origin": "http://a.example", "Access-Control-Request-Method": "GET"}
    assert lint(worst.web, "OPTIONS", path, {}) == (204, [])
    assert lint(worst.web, "OPTIONS", path, preflight) == (204, [])
    assert lint(worst.web, "POST", path, {}) == (405, [])


@every_path
def test_conditions_are_met_cleanly(worst: Served, path: str, status: int) -> None:
    tag = worst.web.get(path).headers.get("etag")
    if status == 200 and path.startswith(("/feeds/", "/opml")):
        assert tag
    if tag is None:
        return
    for coding in ("identity", "gzip", "br"):
        accepted = {"Accept-Encoding": coding}
        own = worst.web.get(path, headers=accepted).headers["etag"]
        assert lint(worst.web, "GET", path, accepted | {"If-None-Match": own}) == (304, [])
        assert lint(worst.web, "HEAD", path, accepted | {"If-None-Match": own}) == (304, [])
    assert lint(worst.web, "GET", path, {"If-Match": '"other"'}) == (412, [])
