"""The web server over real HTTP: what readers, browsers, probes and intruders get."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins.errors import EnvironmentFault
from bulletins.model import PollStatus
from bulletins.state import SourceState
from tests.support.processes import eventually
from tests.support.serving import serving
from worker.config import Settings
from worker.store import SqlStore, open_store
from worker.web import create_app
from worker.web.files import PublicFiles

PUBLISHED = datetime(2026, 3, 6, 0, 45, tzinfo=UTC)
ATOM = "<feed>芦山县</feed>".encode()


class State:
    """A service whose answers a test decides; a call waits while `held` is not set."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.reasons: list[str] = []
        self.body: dict[str, Any] = {"feeds": [{"title": "芦山县"}]}
        self.states: list[SourceState] = []
        self.fault: Exception | None = None
        self.free = threading.Event()
        self.free.set()
        self.calls = 0

    def _answer(self) -> None:
        self.calls += 1
        self.free.wait(30)
        if self.fault:
            raise self.fault

    def sources(self) -> list[SourceState]:
        self._answer()
        return self.states

    def catalogue(self) -> dict[str, Any]:
        self._answer()
        return self.body

    def check(self) -> list[str]:
        self._answer()
        return self.reasons


def configured(public_dir: Path) -> Settings:
    source = {"id": "min-jiang", "name": "岷江科普报", "url": "http://paper.example/"}
    return Settings.model_validate({"service": {"public_dir": public_dir}, "sources": (source,)})


def put(path: Path, body: bytes, modified: datetime = PUBLISHED) -> None:
    """As publishing does it: a whole file under another name, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(body)
    os.utime(temporary, (modified.timestamp(), modified.timestamp()))
    temporary.replace(path)


@pytest.fixture(scope="module")
def state(sqlite_template: Path) -> Iterator[State]:
    store = open_store(f"sqlite:///{sqlite_template}")
    yield State(store)
    store.dispose()


@pytest.fixture(autouse=True)
def at_rest(state: State) -> Iterator[None]:
    yield
    state.__init__(state.store)  # type: ignore[misc]  # the one object that the server of this module holds


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    put(folder / "feeds/region/511826.atom", ATOM)
    put(folder / "feeds/all.rss", b"<rss/>")
    put(folder / "feeds/all.json", b"{}")
    put(folder / "opml.xml", b"<opml/>")
    put(folder / "opml/region/510000.xml", b"<opml/>")
    put(folder / "region/511826/index.html", "<!doctype html>芦山县".encode())
    put(folder / "notes.txt", b"notes")
    put(folder / "other.bin", b"\x00")
    put(folder / "a.svg", b"<svg/>")
    put(folder / "plain.xml", b"<x/>")
    put(folder / "data.json", b"{}")
    put(folder / ".hidden", b"secret")
    put(folder / ".well/known.txt", b"secret")
    put(folder / "half.atom.tmp", b"secret")
    put(folder / "old.html~", b"secret")
    (folder / "bare").mkdir()
    outside = tmp_path_factory.mktemp("outside")
    put(outside / "secret.txt", b"secret")
    put(outside / "index.html", b"secret")
    (folder / "leak.txt").symlink_to(outside / "secret.txt")
    (folder / "leaks").symlink_to(outside)
    (folder / "veiled.txt").symlink_to(folder / ".hidden")
    (folder / "inside.txt").symlink_to(folder / "notes.txt")
    (folder / "loop").symlink_to(folder / "loop")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture(scope="module")
def web(public: Path, state: State) -> Iterator[httpx.Client]:
    with serving(create_app(configured(public), state)) as url, httpx.Client(base_url=url) as client:
        yield client


@pytest.fixture
def fresh(tmp_path: Path, state: State) -> Iterator[httpx.Client]:
    """A server over a folder that nothing has been published to, which does not even exist yet."""
    with (
        serving(create_app(configured(tmp_path / "public"), state)) as url,
        httpx.Client(base_url=url) as client,
    ):
        yield client


def raw(client: httpx.Client, target: str, method: str = "GET") -> int:
    """The status for a request target that no client library has tidied up."""
    with socket.create_connection(
        (client.base_url.host, client.base_url.port or 80), timeout=10
    ) as connection:
        request = f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode("latin-1"))
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    assert b"secret" not in reply
    assert b"root:" not in reply
    return int(reply.split(b" ", 2)[1])


# Published files


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/region/511826.atom", "application/atom+xml"),
        ("/feeds/all.json", "application/feed+json"),
        ("/data.json", "application/json"),
        ("/opml.xml", "text/x-opml; charset=utf-8"),
        ("/opml/region/510000.xml", "text/x-opml; charset=utf-8"),
        ("/plain.xml", "application/xml"),
        ("/region/511826/", "text/html; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/find.js", "text/javascript; charset=utf-8"),
        ("/assets/favicon.svg", "image/svg+xml"),
        ("/a.svg", "image/svg+xml"),
        ("/notes.txt", "text/plain; charset=utf-8"),
        ("/other.bin", "application/octet-stream"),
    ],
)
def test_media_types(web: httpx.Client, path: str, media_type: str) -> None:
    reply = web.get(path)
    assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"


def test_a_file_is_served_with_validators_and_asked_about_every_time(web: httpx.Client) -> None:
    reply = web.get("/feeds/region/511826.atom")
    assert reply.content == ATOM
    assert reply.headers["etag"].startswith('"')
    assert parsedate_to_datetime(reply.headers["last-modified"]) == PUBLISHED
    assert reply.headers["cache-control"] == "no-cache"
    assert int(reply.headers["content-length"]) == len(ATOM)


def test_head_is_get_without_the_body(web: httpx.Client) -> None:
    for path in ("/feeds/region/511826.atom", "/region/511826/", "/feeds.json", "/nothing"):
        get, head = web.get(path), web.head(path)
        assert head.content == b""
        kept = {"etag", "last-modified", "content-type", "content-length", "cache-control"} & set(get.headers)
        assert head.status_code == get.status_code
        assert {name: head.headers.get(name) for name in kept} == {name: get.headers[name] for name in kept}


def test_the_tag_is_the_contents(tmp_path: Path, state: State) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    put(one / "feeds/all.atom", ATOM)
    put(two / "feeds/all.atom", ATOM, PUBLISHED + timedelta(days=1))
    tags = []
    for folder in (one, two):
        with serving(create_app(configured(folder), state)) as url:
            tags.append(httpx.get(f"{url}/feeds/all.atom").headers["etag"])
    assert tags[0] == tags[1]


@pytest.mark.parametrize("settled", [True, False])
def test_new_content_of_the_same_size_and_date_has_a_new_tag(
    tmp_path: Path, state: State, settled: bool
) -> None:
    path = tmp_path / "feeds/all.atom"
    put(path, b"<feed>1</feed>")
    if settled:  # long enough in place for its digest to be remembered
        changed = path.stat().st_ctime_ns
        assert eventually(lambda: time.time_ns() - changed > 200_000_000)
    with serving(create_app(configured(tmp_path), state)) as url, httpx.Client(base_url=url) as client:
        before = client.get("/feeds/all.atom")
        assert client.get("/feeds/all.atom").headers["etag"] == before.headers["etag"]
        path.write_bytes(b"<feed>2</feed>")  # even in place: the inode is the same too
        os.utime(path, (PUBLISHED.timestamp(), PUBLISHED.timestamp()))
        after = client.get("/feeds/all.atom", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content) == (200, b"<feed>2</feed>")
    assert after.headers["last-modified"] == before.headers["last-modified"]


def test_a_date_to_come_is_not_announced(tmp_path: Path, state: State) -> None:
    put(tmp_path / "feeds/all.atom", ATOM, datetime.now(UTC) + timedelta(days=30))
    with serving(create_app(configured(tmp_path), state)) as url:
        reply = httpx.get(f"{url}/feeds/all.atom")
    assert parsedate_to_datetime(reply.headers["last-modified"]) <= parsedate_to_datetime(
        reply.headers["date"]
    )


def test_a_file_replaced_meanwhile_is_whole(tmp_path: Path, state: State) -> None:
    path = tmp_path / "feeds/all.atom"
    bodies = [bytes([65 + n]) * (200_000 + n) for n in range(4)]
    put(path, bodies[0])
    stop = threading.Event()

    def publish() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            put(path, bodies[n % len(bodies)])

    writer = threading.Thread(target=publish)
    writer.start()
    try:
        with serving(create_app(configured(tmp_path), state)) as url, httpx.Client(base_url=url) as client:
            tags: dict[str, bytes] = {}
            for _ in range(60):
                reply = client.get("/feeds/all.atom")
                assert reply.content in bodies
                assert tags.setdefault(reply.headers["etag"], reply.content) == reply.content
    finally:
        stop.set()
        writer.join()


# Conditional requests


def test_if_none_match(web: httpx.Client) -> None:
    path = "/feeds/region/511826.atom"
    tag = web.get(path).headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', f'"a,b" , W/{tag}', "*"):
        reply = web.get(path, headers={"If-None-Match": held})
        assert (reply.status_code, reply.content) == (304, b""), held
        assert reply.headers["etag"] == tag
        assert reply.headers["cache-control"] == "no-cache"
        assert "last-modified" in reply.headers
        assert "content-type" not in reply.headers
    for other in ('"other"', tag.strip('"'), f'"{tag}', "", ","):
        assert web.get(path, headers={"If-None-Match": other}).status_code == 200, other
    assert web.head(path, headers={"If-None-Match": tag}).status_code == 304
    twice = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert web.get(path, headers=twice).status_code == 304


def test_if_modified_since(web: httpx.Client) -> None:
    path = "/feeds/region/511826.atom"

    def status(value: str) -> int:
        return web.get(path, headers={"If-Modified-Since": value}).status_code

    def http(moment: datetime) -> str:
        return format_datetime(moment, usegmt=True)

    assert status(http(PUBLISHED)) == 304
    assert status("Friday, 06-Mar-26 00:45:00 GMT") == 304
    assert status("Fri Mar  6 00:45:00 2026") == 304
    assert status(http(datetime.now(UTC) + timedelta(minutes=1))) == 304
    assert status(http(PUBLISHED - timedelta(seconds=1))) == 200
    for nonsense in ("yesterday", "", "0", "2026-03-06"):
        assert status(nonsense) == 200


def test_a_feed_whose_date_goes_back_is_sent_again(tmp_path: Path, state: State) -> None:
    """The newest item is withdrawn: what is left bears an older date than what the reader holds."""
    path = tmp_path / "feeds/all.atom"
    put(path, b"<feed>two items</feed>", PUBLISHED)
    with serving(create_app(configured(tmp_path), state)) as url, httpx.Client(base_url=url) as client:
        held = client.get("/feeds/all.atom").headers["last-modified"]
        put(path, b"<feed>one item</feed>", PUBLISHED - timedelta(days=3))
        reply = client.get("/feeds/all.atom", headers={"If-Modified-Since": held})
    assert (reply.status_code, reply.content) == (200, b"<feed>one item</feed>")


def test_if_none_match_goes_before_if_modified_since(web: httpx.Client) -> None:
    path = "/feeds/region/511826.atom"
    reply = web.get(path)
    tag, modified = reply.headers["etag"], reply.headers["last-modified"]
    changed = web.get(path, headers={"If-None-Match": '"other"', "If-Modified-Since": modified})
    early = format_datetime(PUBLISHED - timedelta(days=1), usegmt=True)
    held = web.get(path, headers={"If-None-Match": tag, "If-Modified-Since": early})
    assert (changed.status_code, held.status_code) == (200, 304)


def test_if_match_and_if_unmodified_since(web: httpx.Client) -> None:
    path = "/feeds/region/511826.atom"
    reply = web.get(path)
    tag, modified = reply.headers["etag"], reply.headers["last-modified"]
    early = format_datetime(PUBLISHED - timedelta(days=1), usegmt=True)

    def status(**headers: str) -> int:
        return web.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()}).status_code

    assert status(if_match=tag) == 200
    assert status(if_match="*") == 200
    assert status(if_match=f"W/{tag}") == 412  # the strong comparison
    assert status(if_match='"other"', if_none_match=tag) == 412
    assert status(if_unmodified_since=modified) == 200
    assert status(if_unmodified_since=early) == 412
    assert status(if_match=tag, if_unmodified_since=early) == 200
    assert status(if_match=tag, if_none_match=tag) == 304


# What is not served


@pytest.mark.parametrize(
    "target",
    [
        "/../../etc/passwd",
        "/feeds/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%252e%252e%252fetc%252fpasswd",
        "/..%5c..%5cetc%5cpasswd",
        "/..\\..\\etc\\passwd",
        "/feeds/..",
        "/feeds/./all.rss",
        "/feeds//all.rss",
        "//feeds/all.rss",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/feeds/all.rss%00",
        "/feeds/all.rss%00.html",
        "/%00",
        "/feeds/all.rss%0a",
        "/%ff%fe",
        "/.hidden",
        "/%2ehidden",
        "/.well/known.txt",
        "/feeds/.all.rss.tmp",
        "/half.atom.tmp",
        "/half.atom.TMP",
        "/old.html~",
        "/leak.txt",
        "/leaks",
        "/leaks/",
        "/leaks/secret.txt",
        "/veiled.txt",
        "/loop",
        "/pipe",
        "/bare",
        "/bare/",
        "/feeds/all.rss/",
        "/feeds/all.rss/more",
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "/nothing",
    ],
)
def test_not_found(web: httpx.Client, target: str) -> None:
    assert raw(web, target) == 404
    assert raw(web, target, "HEAD") == 404


def test_a_link_that_stays_inside_is_served(web: httpx.Client) -> None:
    assert web.get("/inside.txt").text == "notes"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.lists(
        st.sampled_from(["..", ".", "/", "\\", "leaks", "secret.txt", "feeds", "\0", "~", "é"])
    ).map("".join)
)
def test_no_path_leads_outside(public: Path, path: str) -> None:
    files = PublicFiles(public)
    found = files.read("/" + path)
    assert found is None or b"secret" not in found.body
    files.is_folder("/" + path)  # and none raises


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that nobody can read needs Linux")
def test_a_file_that_cannot_be_read_is_a_fault_of_ours_and_says_so(state: State) -> None:
    with serving(create_app(configured(Path("/proc/self")), state)) as url:
        reply = httpx.get(f"{url}/mem")
    assert reply.status_code == 500
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "这一页暂时出了问题" in reply.text


def test_a_missing_page_is_a_page(web: httpx.Client) -> None:
    for path, root in (("/nothing", "./"), ("/region/999999/", "../../"), ("/a%2fb/c", "../")):
        reply = web.get(path)
        assert reply.status_code == 404
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert reply.headers["cache-control"] == "no-store"
        assert "这里没有这一页" in reply.text
        assert f'href="{root}assets/site.css"' in reply.text


@pytest.mark.parametrize("path", ["/feeds/region/999999.json", "/api/v1/nothing"])
def test_a_program_gets_a_problem_document(web: httpx.Client, path: str) -> None:
    reply = web.get(path)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == reply.status_code == 404
    assert set(reply.json()) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/", "/feeds/all.rss", "/feeds.json", "/livez", "/readyz", "/metrics", "/nothing"]
)
def test_only_reading_is_answered(web: httpx.Client, method: str, path: str) -> None:
    reply = web.request(method, path)
    assert reply.status_code == 405
    assert {"GET", "HEAD"} <= set(reply.headers["allow"].split(", "))


@pytest.mark.parametrize(
    ("path", "location"),
    [("/region/511826", "./511826/"), ("/region/511826?a=b%20c", "./511826/?a=b%20c")],
)
def test_a_folder_without_its_slash_leads_to_itself(web: httpx.Client, path: str, location: str) -> None:
    reply = web.get(path)
    assert (reply.status_code, reply.headers["location"]) == (308, location)
    assert web.get(path, follow_redirects=True).url.path == "/region/511826/"


def test_no_redirect_leads_to_another_host(web: httpx.Client) -> None:
    for target in ("//region/511826", "//evil.example/..", "/\\evil.example/%2e%2e", "//evil.example"):
        assert raw(web, target) == 404


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/feeds/region/511821.atom", "/feeds/region/511803.atom"),
        ("/feeds/region/511821.rss?a=b%20c", "/feeds/region/511803.rss?a=b%20c"),
        ("/feeds/region/511821/column/ke-pu.json", "/feeds/region/511803/column/ke-pu.json"),
        ("/feeds/region/511821/archive/2011-03.atom", "/feeds/region/511803/archive/2011-03.atom"),
        ("/region/511821/", "/region/511803/"),
        ("/region/511821", "/region/511803"),
        ("/opml/region/511821.xml", "/opml/region/511803.xml"),
    ],
)
def test_a_code_given_up_leads_to_the_division_of_today(web: httpx.Client, path: str, leads_to: str) -> None:
    reply = web.get(path)
    assert reply.status_code == 301
    assert str(reply.next_request and reply.next_request.url.raw_path.decode()) == leads_to


@pytest.mark.parametrize(
    "path", ["/feeds/region/511821evil", "/feeds/region/511821%0d%0aX:%20y", "/x/region/511821/"]
)
def test_only_what_a_region_has_is_led_on(web: httpx.Client, path: str) -> None:
    assert raw(web, path) == 404


def test_a_feed_left_behind_under_an_old_code_leads_on_too(tmp_path: Path, state: State) -> None:
    put(tmp_path / "feeds/region/511821.atom", ATOM)
    with serving(create_app(configured(tmp_path), state)) as url:
        reply = httpx.get(f"{url}/feeds/region/511821.atom")
        assert (reply.status_code, reply.headers["location"]) == (301, "./511803.atom")


# Headers for browsers


def test_pages_carry_a_strict_policy(web: httpx.Client) -> None:
    for path in ("/region/511826/", "/", "/nothing", "/a.svg"):
        policy = web.get(path).headers["content-security-policy"]
        assert policy.startswith(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:"
        )
        assert "unsafe" not in policy
        assert "http" not in policy
    for path in ("/items/0123456789abcdef/", "/en/items/0123456789abcdef/"):
        assert "img-src 'self' data: https: http:;" in web.get(path).headers["content-security-policy"]
    assert "content-security-policy" not in web.get("/feeds/all.rss").headers


def test_what_is_for_programs_is_open_to_scripts_of_other_sites(web: httpx.Client) -> None:
    for path in (
        "/feeds/all.rss",
        "/feeds/nothing.json",
        "/feeds.json",
        "/opml.xml",
        "/opml/region/510000.xml",
    ):
        headers = web.get(path, headers={"Origin": "https://reader.example"}).headers
        assert headers["access-control-allow-origin"] == "*"
        assert "ETag" in headers["access-control-expose-headers"].split(", ")
    for path in ("/", "/region/511826/", "/readyz", "/livez", "/metrics"):
        assert "access-control-allow-origin" not in web.get(path).headers


def test_a_preflight_lets_validators_through(web: httpx.Client) -> None:
    asked = {"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"}
    for path in ("/feeds/all.json", "/feeds.json"):
        reply = web.options(path, headers=asked)
        assert reply.status_code == 204
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS"
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "If-None-Match" in reply.headers["access-control-allow-headers"]
    assert "access-control-allow-methods" not in web.options("/region/511826/").headers


# Made on request


def test_the_catalogue_is_made_on_request(web: httpx.Client, state: State) -> None:
    first = web.get("/feeds.json")
    assert first.headers["content-type"] == "application/json"
    assert first.headers["cache-control"] == "no-cache"
    assert first.json() == state.body
    tag = {"If-None-Match": first.headers["etag"]}
    assert web.get("/feeds.json", headers=tag).status_code == 304
    state.body = {"feeds": []}
    again = web.get("/feeds.json", headers=tag)
    assert (again.status_code, again.json()) == (200, {"feeds": []})


def test_a_catalogue_that_cannot_be_made_says_why(web: httpx.Client, state: State) -> None:
    state.fault = EnvironmentFault("does not answer", "database", "Start it")
    reply = web.get("/feeds.json")
    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "10"
    assert reply.json()["detail"] == "database: does not answer. Start it"
    state.fault = RuntimeError("unheard of")
    failed = web.get("/feeds.json")
    # Else the next request could go into a connection that is being closed.
    assert (failed.status_code, failed.headers["connection"]) == (500, "close")
    state.fault = None
    assert web.get("/feeds.json").status_code == 200


def test_alive_whatever_else_is_not(web: httpx.Client, state: State) -> None:
    state.fault = RuntimeError("all is lost")
    state.reasons = ["nothing works"]
    reply = web.get("/livez")
    assert (reply.status_code, reply.json()) == (200, {"status": "alive"})
    assert reply.headers["cache-control"] == "no-store"


def test_ready_or_why_not(web: httpx.Client, state: State) -> None:
    reply = web.get("/readyz")
    assert (reply.status_code, reply.json()) == (200, {"status": "ready", "reasons": []})
    state.reasons = ["broker redis://…: connection refused", "public: cannot be read"]
    reply = web.get("/readyz")
    assert (reply.status_code, reply.json()["reasons"]) == (503, state.reasons)
    assert reply.headers["content-type"] == "application/json"
    state.fault = RuntimeError("no such table")
    reply = web.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["reasons"] == ["the checks failed: RuntimeError: no such table"]


def test_a_check_that_hangs_is_bounded_and_hangs_once(web: httpx.Client, state: State) -> None:
    state.free.clear()
    replies: list[httpx.Response] = []
    probes = [
        threading.Thread(target=lambda: replies.append(httpx.get(f"{web.base_url}/readyz", timeout=30)))
        for _ in range(4)
    ]
    for probe in probes:
        probe.start()
    assert web.get("/livez").status_code == 200  # the server goes on meanwhile
    for probe in probes:
        probe.join()
    assert [reply.status_code for reply in replies] == [503] * 4
    assert all("within 3 s" in reply.json()["reasons"][0] for reply in replies)
    assert state.calls == 1
    state.free.set()
    assert eventually(lambda: web.get("/readyz").status_code == 200)


# Before the first publication


def test_the_front_page_greets_while_nothing_is_published(fresh: httpx.Client, state: State) -> None:
    state.states = [
        SourceState(
            "min-jiang", "岷江科普报", "http://paper.example/", True, PollStatus.BLOCKED, reason="status 403"
        )
    ]
    for path in ("/", "/index.html"):
        reply = fresh.get(path)
        assert reply.status_code == 200
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
        for words in ("还没有消息", "岷江科普报", "对方没有让我们看到版面", "status 403"):
            assert words in reply.text
    assert fresh.get("/assets/site.css").status_code == 200
    assert fresh.get("/feeds/all.rss").status_code == 404


def test_it_greets_even_when_the_store_does_not_answer(fresh: httpx.Client, state: State) -> None:
    state.fault = EnvironmentFault("does not answer", "database", "Start it")
    reply = fresh.get("/")
    assert reply.status_code == 200
    assert "岷江科普报" in reply.text


def test_what_is_published_takes_its_place(tmp_path: Path, fresh: httpx.Client) -> None:
    assert "还没有消息" in fresh.get("/").text
    put(tmp_path / "public/index.html", b"published")
    put(tmp_path / "public/assets/site.css", b"/* published */")
    assert fresh.get("/").text == "published"
    assert fresh.get("/assets/site.css").text == "/* published */"


# The process


def configuration(folder: Path, listen: str) -> Path:
    path = folder / "config.toml"
    path.write_text(f'[web]\nlisten = "{listen}"\n')
    return path


def launch(config: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "worker.web"],
        env={**os.environ, "DIBAO_CONFIG": str(config), "DIBAO_LOG_FORMAT": "json"},
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_and_ends_well(tmp_path: Path, sent: signal.Signals) -> None:
    address = f"127.0.0.1:{free_port()}"
    process = launch(configuration(tmp_path, address))
    try:
        assert process.stderr is not None
        line = json.loads(process.stderr.readline())
        assert (line["event"], line["role"], line["address"]) == ("web.listening", "web", address)
        with httpx.Client(base_url=f"http://{address}") as client:  # a connection that is kept open
            assert eventually(lambda: _status(client, "/livez") == 200)
            assert "server" not in client.get("/livez").headers
            process.send_signal(sent)
            _, rest = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in rest
    finally:
        process.kill()
        process.communicate()


def _status(client: httpx.Client, path: str) -> int:
    try:
        return client.get(path).status_code
    except httpx.TransportError:
        return 0


def test_a_taken_port_is_one_line_that_names_the_key(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        process = launch(configuration(tmp_path, address))
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    (line,) = said.splitlines()
    event = json.loads(line)
    assert f"[web] listen = {address}" in event["reason"]
    assert "Address already in use" in event["reason"]
    assert event["action"]
    assert (event["level"], event["event"]) == ("error", "web.stopped")


def test_a_fault_in_the_configuration_is_one_line(tmp_path: Path) -> None:
    process = launch(configuration(tmp_path, "nowhere"))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    (line,) = said.splitlines()
    assert "web.listen" in json.loads(line)["reason"]


def test_what_is_no_http_is_told_so_in_a_problem_document(web: httpx.Client) -> None:
    address = (web.base_url.host, web.base_url.port or 80)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"GET / HTTP/9.9 nonsense\r\n\r\n")
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\ncontent-type: application/problem+json" in head
    assert json.loads(body)["status"] == 400
