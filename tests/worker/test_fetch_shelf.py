from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from redis import Redis

from bulletins.errors import FetchError
from tests.support.valkey import Valkey, running_valkey
from worker.fetch.robots import Robots
from worker.fetch.shelf import RedisShelf
from worker.ports import Fetched

URL = httpx.URL("http://paper.example/a")


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with running_valkey() as made:
        yield made


@pytest.fixture
def shelf(server: Valkey) -> Iterator[RedisShelf]:
    with Redis.from_url(server.url) as client:
        client.flushall()
    made = RedisShelf(server.url, "t:")
    yield made
    made.close()


class Process:
    """What one process knows of robots.txt, and how often it asked."""

    def __init__(self, shelf: RedisShelf, answer: bytes | FetchError) -> None:
        self.asked = 0
        self._answer = answer
        self.robots = Robots(self._fetch, "DibaoTest/1.0", shelf=shelf)

    def _fetch(self, url: str, alive: Callable[[], None]) -> Fetched:
        self.asked += 1
        if isinstance(self._answer, FetchError):
            raise self._answer
        return Fetched(url, 200, self._answer)

    def delay(self) -> float:
        return self.robots.delay(URL, lambda: None)


def test_what_one_process_asked_no_other_asks(shelf: RedisShelf) -> None:
    rules = "User-agent: *\nCrawl-delay: 7\n# 芦山县\n".encode()
    processes = [Process(shelf, rules) for _ in range(3)]
    assert [process.delay() for process in processes] == [7.0] * 3
    assert [process.asked for process in processes] == [1, 0, 0]


def test_that_the_rules_cannot_be_had_is_shared_too(shelf: RedisShelf) -> None:
    fault = FetchError("HTTP 500", "", "", retryable=True, status=500)
    processes = [Process(shelf, fault) for _ in range(2)]
    said = []
    for process in processes:
        with pytest.raises(FetchError, match=r"robots\.txt unreachable: HTTP 500") as caught:
            process.delay()
        said.append((str(caught.value), caught.value.status, caught.value.retryable))
    assert said[0] == said[1]
    assert [process.asked for process in processes] == [1, 0]


@pytest.mark.parametrize("left", [b"no zlib", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_somebody_else_left_there_is_passed_over(server: Valkey, shelf: RedisShelf, left: bytes) -> None:
    with Redis.from_url(server.url) as client:
        client.set("t:http://paper.example/robots.txt", left, px=60_000)
    process = Process(shelf, b"")
    assert process.delay() == 0
    assert process.asked == 1


def test_it_is_kept_for_its_time_and_no_longer(server: Valkey, shelf: RedisShelf) -> None:
    shelf.put("a", b"something", 30.0)
    found = shelf.get("a")
    assert found is not None
    assert found[0] == b"something"
    assert 0 < found[1] <= 30.0
    with Redis.from_url(server.url) as client:
        client.persist("t:a")  # never ends: nothing of ours
    assert shelf.get("a") is None


def test_without_redis_each_process_asks_for_itself() -> None:
    shelf = RedisShelf("unix:///nonexistent", "t:")
    processes = [Process(shelf, b"") for _ in range(2)]
    assert [process.delay() for process in processes] == [0, 0]
    assert [process.asked for process in processes] == [1, 1]
    shelf.close()
