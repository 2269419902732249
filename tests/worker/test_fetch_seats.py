from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import pytest
from redis import Redis

from bulletins.errors import TooEarly
from tests.support.fetching import fetcher
from tests.support.processes import eventually
from tests.support.site import Raw, Site, html
from tests.support.valkey import running_valkey, valkey_url
from worker.fetch import HttpFetcher
from worker.fetch.pace import RedisPace
from worker.fetch.seats import RedisSeats

__all__ = ["valkey_url"]

SOON = 0.2  # seconds that a task waits for a host's turn


def hangs(connection: socket.socket, over: threading.Event) -> None:
    over.wait(30)


def hangs_until(free: threading.Event) -> Raw:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        while not (free.wait(0.02) or over.is_set()):
            continue
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    return Raw(speak)


@contextmanager
def processes(site: Site, url: str, count: int = 2) -> Iterator[list[HttpFetcher]]:
    """What each of so many processes fetches with."""
    with ExitStack() as open_:

        def process() -> HttpFetcher:
            pace = open_.enter_context(closing(RedisPace(url, "t:")))
            seats = open_.enter_context(closing(RedisSeats(url, "t:")))
            return open_.enter_context(fetcher(site, pace=pace, interval=0.01, seats=seats))

        yield [process() for _ in range(count)]


def test_a_host_that_is_waited_for_holds_one_process_and_another_for_a_moment(valkey_url: str) -> None:
    free = threading.Event()
    with Site() as site, processes(site, valkey_url) as (one, other), ThreadPoolExecutor(1) as pool:
        site.routes |= {"/held": hangs_until(free), "/hangs": Raw(hangs), "/well": html("well")}
        for each in (one, other):  # robots.txt is known, and the host was quick
            assert each.get(f"{site.url}/well", patience=5.0).body
        first = pool.submit(one.get, f"{site.url}/held", patience=SOON)
        assert eventually(lambda: "/held" in site.paths, 10)
        assert other.get(f"{site.url}/well", patience=5.0).body  # a quick answer is had beside it
        with pytest.raises(TooEarly):
            other.get(f"{site.url}/hangs", patience=5.0)
        assert not first.done()
        asked = len(site.requests)
        with pytest.raises(TooEarly):  # the host is slow: nothing more is asked of it meanwhile
            other.get(f"{site.url}/well", patience=5.0)
        assert len(site.requests) == asked
        free.set()
        assert first.result(10).body == b"ok"
        assert other.get(f"{site.url}/well", patience=5.0).body  # alone again


def test_who_asks_for_robots_txt_asks_alone(valkey_url: str) -> None:
    free = threading.Event()
    with Site() as site, processes(site, valkey_url) as (one, other), ThreadPoolExecutor(1) as pool:
        site.routes |= {"/robots.txt": hangs_until(free), "/well": html("well")}
        first = pool.submit(one.get, f"{site.url}/well", patience=SOON)
        assert eventually(lambda: "/robots.txt" in site.paths, 10)
        with pytest.raises(TooEarly):
            other.get(f"{site.url}/well", patience=5.0)
        assert site.paths == ["/robots.txt"]
        free.set()
        assert first.result(10).body


def test_seats_end_by_themselves_and_without_redis_everybody_sits_alone() -> None:
    with running_valkey() as server:
        seats = RedisSeats(server.url, "t:", unpaced=["127.0.0.1:1"])
        assert [seats.take("127.0.0.1:1", 5).alone for _ in range(2)] == [True, True]
        assert seats.take("paper.example:80", 5).alone
        assert not seats.take("paper.example:80", 5).alone
        with Redis.from_url(server.url) as client:
            assert 0 < client.pttl("t:seat:paper.example:80") <= 15_000  # its process may be killed
            client.set("t:seat:old.example:80", "1", ex=2 * 86400)  # the clock was set back since
        assert seats.take("old.example:80", 5).alone
        server.stop()
        assert [seats.take("paper.example:80", 5).alone for _ in range(2)] == [True, True]
        seats.close()
