"""A file that is in memory goes out without a task: on the wire nobody can tell, however it is asked for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from tests.support.door import Opened, opened
from tests.support.serving import serving
from tests.worker.store import story
from tests.worker.test_web_vitals import BODY, PATH, publish, settled
from worker.door import LiveState
from worker.store import migrate
from worker.web.app import Door

LARGE = BODY * 40  # more than a socket takes at once
WAYS = (
    "X-Plain: 1",
    "Accept-Encoding: gzip",
    "Accept-Encoding: br, gzip;q=0.5",
    'If-None-Match: "other"',
    "If-None-Match: *",
    "If-Modified-Since: Fri, 06 Mar 2026 00:00:00 GMT",
    'If-Match: "other"',
    "Connection: close",
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder: Path = tmp_path_factory.mktemp("web")
    publish(folder, LARGE)
    settled(folder / "public" / PATH[1:])
    store = f"sqlite:///{folder / 'dibao.db'}"
    migrate(store)
    with opened(store, folder, {"paper": {}}) as door:
        story.bring(door.store, story.item("a"))
        for _ in range(2):  # from now on it is in memory, and its health known
            door.client.get(PATH)
        yield door


@dataclass
class Reply:
    status: int
    headers: list[str]
    body: bytes


@contextmanager
def connected(web: Opened) -> Iterator[tuple[socket.socket, BinaryIO]]:
    url = web.client.base_url
    with (
        socket.create_connection((url.host, url.port or 80), timeout=20) as connection,
        connection.makefile("rb") as replies,
    ):
        yield connection, replies


def asked(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: dibao.test", *headers, "", ""]).encode()


def told(replies: BinaryIO, method: str = "GET") -> Reply:
    """The next reply; all its headers but the date's value."""
    status = int(replies.readline().split()[1])
    lines = iter(replies.readline, b"\r\n")
    headers = sorted(line.decode().strip() if line[:5] != b"date:" else "date" for line in lines)
    length = next((int(line.split(": ")[1]) for line in headers if line.startswith("content-length")), 0)
    return Reply(status, headers, replies.read(length) if method == "GET" and status != 304 else b"")


class Counting(Door):
    """The application, and how often it was called."""

    calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        await super().__call__(scope, receive, send)


def test_the_application_is_not_called_for_it(web: Opened) -> None:
    state = LiveState(web.settings)
    door = Counting(web.settings, state)
    with serving(door) as url, httpx.Client(base_url=url) as client:
        for _ in range(2):  # read, and its health looked at
            assert client.get(PATH).status_code == 200
        before = door.calls
        tag = client.get(PATH).headers["etag"]
        assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 304
        assert door.calls == before
        assert client.get("/livez").status_code == 200
        assert door.calls == before + 1
    state.store.dispose()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("way", WAYS)
def test_it_is_the_reply_that_the_application_gives(web: Opened, way: str, method: str) -> None:
    with connected(web) as (connection, replies):
        connection.sendall(asked(PATH, way, method=method))
        direct = told(replies, method)
    with connected(web) as (connection, replies):
        # What waits for the one before it is answered by the application.
        connection.sendall(asked("/livez") + asked(PATH, way, method=method) + asked("/livez"))
        assert told(replies).status == 200
        routed = told(replies, method)
    assert direct == routed
    assert "date" in direct.headers


def test_replies_come_in_the_order_of_the_requests(web: Opened) -> None:
    paths = [PATH if n % 3 else "/livez" for n in range(60)]
    with connected(web) as (connection, replies):
        connection.sendall(b"".join(map(asked, paths)))
        for path in paths:
            reply = told(replies)
            assert (reply.status, reply.body == LARGE) == (200, path == PATH)


def test_a_reader_that_is_slow_to_read_gets_all_in_the_end(web: Opened) -> None:
    with connected(web) as (connection, replies):
        connection.sendall(asked(PATH) * 300)  # 130 MB: the server has to wait with most of them
        connection.sendall(asked("/livez", "Connection: close"))
        for _ in range(300):
            assert told(replies).body == LARGE
        assert told(replies).status == 200
        assert replies.read() == b""


@pytest.mark.parametrize(("version", "header"), [("1.0", "X-Plain: 1"), ("1.1", "Connection: close")])
def test_the_connection_closes_when_it_was_asked_to(web: Opened, version: str, header: str) -> None:
    with connected(web) as (connection, replies):
        connection.sendall(asked(PATH, header, version=version))
        reply = told(replies)
        assert "connection: close" in reply.headers
        assert (reply.body, replies.read()) == (LARGE, b"")


def test_a_body_that_came_along_is_passed_over(web: Opened) -> None:
    with connected(web) as (connection, replies):
        connection.sendall(asked(PATH, "Content-Length: 5") + b"hello" + asked("/livez"))
        assert (told(replies).body, told(replies).status) == (LARGE, 200)
