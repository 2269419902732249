from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from bulletins.errors import FetchError, TooEarly
from tests.support.valkey import Valkey, running_valkey
from worker.fetch.pace import RedisPace, pause


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with running_valkey() as made:
        yield made


@pytest.fixture
def client(server: Valkey) -> Iterator[Redis]:
    with Redis.from_url(server.url) as made:
        made.flushall()
        yield made


@pytest.fixture
def pace(server: Valkey, client: Redis) -> Iterator[RedisPace]:
    made = RedisPace(server.url, "t:", unpaced=["127.0.0.1:8001"])
    yield made
    made.close()


def nothing() -> None:
    return


def test_turns_are_an_interval_apart_over_all_clients_and_threads(server: Valkey, client: Redis) -> None:
    paces = [RedisPace(server.url, "t:") for _ in range(3)]
    begun: list[float] = []
    began = time.monotonic()

    def work(pace: RedisPace) -> None:
        for _ in range(2):
            pace.wait("paper.example:80", 0.1, nothing)
            begun.append(time.monotonic() - began)

    threads = [threading.Thread(target=work, args=(pace,)) for pace in paces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pace in paces:
        pace.close()
    # The turn with number n may not begin before n intervals are over (less what a millisecond clock loses).
    assert all(moment >= n * 0.1 - 0.02 for n, moment in enumerate(sorted(begun)))
    assert len(begun) == 6


def test_hosts_do_not_wait_for_each_other(pace: RedisPace, client: Redis) -> None:
    for n in range(20):
        pace.wait(f"{n}.example:80", 60, nothing)
    assert len(client.keys("t:turn:*")) == 20


def test_http_and_https_of_a_name_are_one_host(pace: RedisPace, client: Redis) -> None:
    pace.wait("paper.example:80", 0.01, nothing)
    pace.wait("paper.example:443", 60, nothing)
    pace.wait("paper.example:8080", 60, nothing)
    assert sorted(client.keys()) == [b"t:turn:paper.example", b"t:turn:paper.example:8080"]


def test_nothing_stays_behind(pace: RedisPace, client: Redis) -> None:
    pace.wait("paper.example:80", 0.01, nothing)
    pace.rest("other.example:80", 0.01)
    deadline = time.monotonic() + 10
    while client.dbsize() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert client.dbsize() == 0


def test_a_turn_from_a_clock_that_was_set_back_is_not_waited_for(pace: RedisPace, client: Redis) -> None:
    client.set("t:turn:paper.example", "1", ex=2 * 86400)
    pace.wait("paper.example:80", 0.01, nothing)
    assert client.pttl("t:turn:paper.example") < 1000


@pytest.mark.parametrize(("host", "interval"), [("127.0.0.1:8001", 60.0), ("paper.example:80", 0.0)])
def test_the_unpaced_cause_no_traffic(host: str, interval: float) -> None:
    with running_valkey() as server:
        pace = RedisPace(server.url, "t:", unpaced=["127.0.0.1:8001"])
        pace.wait(host, interval, nothing)
        pace.wait(host, interval, nothing)
        with Redis.from_url(server.url) as client:
            stats = client.info("commandstats")
        pace.close()
    assert not {"cmdstat_eval", "cmdstat_evalsha", "cmdstat_set"} & set(stats)


def test_a_resting_host_is_left_alone_by_every_process(
    server: Valkey, client: Redis, pace: RedisPace
) -> None:
    other = RedisPace(server.url, "t:")
    pace.rest("paper.example:443", 100)
    for one in (pace, other):
        with pytest.raises(FetchError) as caught:
            one.wait("paper.example:443", 1, nothing)
        assert caught.value.retryable
        assert caught.value.retry_after is not None
        assert 90 < caught.value.retry_after <= 100
    other.close()
    assert client.keys("t:turn:*") == []  # no turn is used up


def test_rest_ends(server: Valkey, client: Redis, pace: RedisPace) -> None:
    pace.rest("paper.example:80", 0.05)
    deadline = time.monotonic() + 10
    while True:
        try:
            pace.wait("paper.example:80", 0.01, nothing)
        except FetchError:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        else:
            return


def test_an_unpaced_host_rests_too(pace: RedisPace, client: Redis) -> None:
    pace.rest("127.0.0.1:8001", 100)
    with pytest.raises(FetchError, match="pause"):
        pace.wait("127.0.0.1:8001", 1, nothing)
    assert client.keys() == []


def test_without_redis_each_request_waits_its_interval(client: Redis) -> None:
    with running_valkey() as server:
        pace = RedisPace(server.url, "t:")
        pace.wait("paper.example:80", 0.01, nothing)
        server.stop()
        began = time.monotonic()
        pace.wait("paper.example:80", 0.2, nothing)
        assert time.monotonic() - began >= 0.2
        pace.rest("paper.example:80", 100)
        with pytest.raises(FetchError, match="pause"):
            pace.wait("paper.example:80", 0.01, nothing)
        server.start()
        pace.wait("other.example:80", 60, nothing)
        with Redis.from_url(server.url) as again:
            assert again.keys() == [b"t:turn:other.example"]
        pace.close()


def test_a_sign_of_life_is_given_while_waiting() -> None:
    signs: list[None] = []
    pause(2.1, lambda: signs.append(None))
    assert len(signs) == 2


def test_who_waits_may_be_called_off() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pause(3600, stop)


def test_who_comes_too_early_is_told_when_to_come_back_and_takes_no_turn(pace: RedisPace) -> None:
    pace.wait("paper.example:80", 60, nothing, patience=0.1)
    for _ in range(3):
        with pytest.raises(TooEarly) as told:
            pace.wait("paper.example:80", 60, nothing, patience=0.1)
        assert 50 < told.value.seconds <= 60
