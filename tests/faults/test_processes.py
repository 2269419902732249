"""Rows 27 to 30 with real processes: killed, stopped, and without their broker."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.faults.street import fast_folder
from tests.support.chaos import chaos
from tests.support.processes import eventually
from tests.support.product import Product, product
from tests.support.valkey import Valkey, running_valkey

pytestmark = pytest.mark.slow
SEEN = 60.0  # seconds within which news are to be public again


@pytest.fixture
def deployed() -> Iterator[Product]:
    with fast_folder() as folder, product(folder / "dibao") as made:
        made.configure(sample=True)
        yield made


def setting(deployed: Product, line: str) -> None:
    path = deployed.folder / "config.toml"
    path.write_text(path.read_text().replace("[service]", f"[service]\n{line}", 1))


def news_come_through(deployed: Product) -> None:
    """A story is printed, and its reader sees it."""
    status, out = deployed.do("sample", "publish")
    assert status == 0, deployed.log()[-4000:]
    title = out.splitlines()[0].partition(": ")[2]
    feed = deployed.feeds / "all.atom"
    assert eventually(lambda: title in feed.read_text("utf-8"), SEEN), deployed.log()[-6000:]


def test_27_twenty_processes_killed_and_nothing_lost_nothing_twice() -> None:
    with fast_folder() as folder:
        outcome = chaos(folder / "dibao", kills=20, seed=6)
    assert outcome.kills.total() == 20
    assert outcome.reads > 100


def test_29_a_worker_or_a_beat_that_lives_and_works_no_more_is_restarted(deployed: Product) -> None:
    """SIGSTOP: it is there, it holds its connections, it takes or sends nothing."""
    setting(deployed, 'stuck_after = "10s"')
    with deployed.up():
        assert eventually(deployed.published, 60), deployed.log()[-4000:]
        for nth, name in enumerate(("worker", "beat"), 1):
            (first,) = [event for event in deployed.events("child.started") if event["name"] == name]
            os.killpg(first["child_pid"], signal.SIGSTOP)
            assert eventually(lambda nth=nth: len(deployed.events("child.stuck")) == nth, 60), (  # type: ignore[misc]  # a default has no type
                deployed.log()[-4000:]
            )
            news_come_through(deployed)
        stuck = deployed.events("child.stuck")
        assert [(event["name"], event["level"]) for event in stuck] == [
            ("worker", "error"),
            ("beat", "error"),
        ]
        assert all(event["reason"] and event["action"] for event in stuck)


def flushed(server: Valkey) -> None:
    with Redis.from_url(server.url) as client:
        client.flushall()


def restarted(server: Valkey) -> None:
    server.stop()
    server.start()


def paused(server: Valkey) -> None:
    with Redis.from_url(server.url) as client:
        client.execute_command("CLIENT", "PAUSE", "5000")


def full(server: Valkey) -> None:
    with Redis.from_url(server.url) as client:
        client.config_set("maxmemory", client.info("memory")["used_memory"] + 400_000)
        client.config_set("maxmemory-policy", "allkeys-lru")
        for n in range(300):
            client.set(f"ballast:{n}", "x" * 4000)


def test_30_a_broker_in_trouble_delays_news_and_loses_none(deployed: Product) -> None:
    """One that may drop messages is told of at start; then it is flushed, restarted, paused and filled up."""
    with running_valkey() as server:
        with Redis.from_url(server.url) as client:
            client.config_set("maxmemory-policy", "allkeys-lru")
        setting(deployed, f'broker_url = "redis+socket://{server.folder}/s"')
        with deployed.up():
            assert eventually(deployed.published, 60), deployed.log()[-4000:]
            assert deployed.events("broker.evicts")[0]["policy"] == "allkeys-lru"
            status, out = deployed.do("doctor")
            assert status == 1
            assert "noeviction" in out
            before = deployed.items()
            for hurt in (flushed, restarted, paused, full):
                hurt(server)
                news_come_through(deployed)
            found = deployed.items()
        assert len(found) == len(before) + 4
        assert len({item["id"] for item in found}) == len(found)
        started = [event["name"] for event in deployed.events("child.started")]
        assert started.count("worker") == 1  # it went on by itself
