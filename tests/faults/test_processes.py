"""Rows 27 to 30 and 38 with real processes: killed, stopped, out of memory, without their servers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import psutil  # type: ignore[import-untyped]  # ships no types; a few calls do not make up for stubs
import pytest
from redis import Redis

from tests.faults.street import fast_folder
from tests.support.chaos import chaos
from tests.support.chaos import count as chaos_count
from tests.support.newspaper import MINGSHAN, Newspaper, Story
from tests.support.postgres import running_postgres
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Site
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
    assert (outcome.lost, outcome.twice, outcome.torn) == (0, 0, ())
    assert outcome.reads > 100


def test_29_a_worker_or_a_beat_that_lives_and_works_no_more_is_restarted(deployed: Product) -> None:
    """SIGSTOP: it is there, it holds its connections, it takes or sends nothing."""
    setting(deployed, 'stuck_after = "15s"')
    with deployed.up():
        assert eventually(deployed.published, 60), deployed.log()[-4000:]
        for name in ("worker", "beat"):
            pid = [each["child_pid"] for each in deployed.events("child.started") if each["name"] == name][-1]
            os.killpg(pid, signal.SIGSTOP)
            assert eventually(lambda pid=pid: pid in stuck(deployed), 90), deployed.log()[-4000:]  # type: ignore[misc]  # a default has no type
            news_come_through(deployed)
        told = deployed.events("child.stuck")
        assert {(event["name"], event["level"]) for event in told} == {("worker", "error"), ("beat", "error")}
        assert all(event["reason"] and event["action"] for event in told)


def stuck(deployed: Product) -> set[int]:
    return {event["child_pid"] for event in deployed.events("child.stuck")}


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


def test_30_38_servers_in_trouble_delay_news_and_lose_none(deployed: Product) -> None:
    """A broker that may drop messages is told of at start; then it is flushed, restarted, paused and filled
    up, and the database's server is stopped as by a power cut and started again."""
    with running_valkey() as server, running_postgres() as database:
        with Redis.from_url(server.url) as client:
            client.config_set("maxmemory-policy", "allkeys-lru")
        setting(deployed, f'broker_url = "redis+socket://{server.folder}/s"')
        setting(deployed, f'database_url = "{database.url()}"')
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
            database.stop(at_once=True)
            assert eventually(lambda: "database" in deployed.log().rpartition("source.polled")[2], SEEN)
            database.start()
            news_come_through(deployed)
            found = deployed.items()
        assert len(found) == len(before) + 5
        assert len({item["id"] for item in found}) == len(found)
        started = [event["name"] for event in deployed.events("child.started")]
        assert started.count("worker") == 1  # it went on by itself


def test_28_a_child_at_its_memory_limit_fails_and_the_work_is_redone(deployed: Product) -> None:
    """Every process of the pool may take little more, until one has failed over a page of many elements."""
    with Site() as site:
        paper = Newspaper(stories={"mingshan": MINGSHAN})
        paper.print_on(site)
        deployed.configure(source("paper", f"{site.url}/", 'every = "1s"'), allow=[site.address], timeout=3)
        setting(deployed, 'stuck_after = "15s"')  # one that hangs instead is restarted
        with deployed.up():
            assert eventually(deployed.published, 60), deployed.log()[-4000:]
            limited = limit(deployed, 24_000_000)
            story = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
            paper.stories["long"] = story
            paper.print_on(site)
            heavy = paper._article(story).replace("</body>", "<i></i>" * 500_000 + "</body>")
            paper._put(site, paper.address("long"), heavy)
            lost = ("poll.resumed", "poll.redelivered", "child.stuck", "WorkerLostError")
            failed = ("MemoryError", "new thread", *lost)
            assert eventually(lambda: any(word in deployed.log() for word in failed), SEEN), deployed.log()
            for child in limited:
                with suppress(psutil.Error, OSError):
                    child.rlimit(psutil.RLIMIT_AS, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
            feed = deployed.feeds / "all.atom"

            def settled() -> bool:
                """Redone, or set aside by name: where two of the pool's processes died over it in a row."""
                return "看石头" in feed.read_text("utf-8") or set_aside in deployed.log()

            set_aside = "has stopped the worker"
            assert eventually(settled, 2 * SEEN), deployed.log()[-6000:]
            whole = 1 if set_aside in deployed.log() else 2
            assert len(deployed.items()) == whole
            assert chaos_count(deployed, "changes") == whole


def limit(deployed: Product, headroom: int) -> list[psutil.Process]:
    """The pool's processes, each of which may take so many bytes more."""
    (started,) = [event for event in deployed.events("child.started") if event["name"] == "worker"]
    children: list[psutil.Process] = psutil.Process(started["child_pid"]).children()
    assert children
    for child in children:
        most = child.memory_info().vms + headroom
        child.rlimit(psutil.RLIMIT_AS, (most, psutil.RLIM_INFINITY))
    return children
