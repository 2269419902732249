"""Hostile upstreams in, what they cost a worker and their neighbours out; with the deadlines of service.

`dibao up` runs with its defaults: a total deadline of 20 s, 8 MB for a page, a second between requests to a
host, two processes in the pool. Well newspapers beside the hostile one are polled every few seconds.
"""

from __future__ import annotations

import gzip
import itertools
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # ships no types; a few calls do not make up for stubs

from benchmarks.report import Figure, Section
from tests.support.newspaper import MINGSHAN, Newspaper, Story
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Raw, Route, Site

DEADLINE = 20.0  # seconds: [fetch] timeout, as it ships
INTERVAL = 1.0  # seconds: [fetch] per_host_interval, as it ships
NEIGHBOURS = 3
EVERY = 3.0  # seconds between two polls of each
_LOOK = 0.05  # seconds between two looks at the memory of the pool
_PIECE = 64 * 1024
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _hung(connection: socket.socket, closing: threading.Event) -> None:
    closing.wait(120)


def _drip(connection: socket.socket, closing: threading.Event) -> None:
    connection.sendall(_HEAD + b"Content-Length: 1000000\r\n\r\n")
    while not closing.wait(0.5):
        connection.sendall(b".")


def _endless(connection: socket.socket, closing: threading.Event) -> None:
    connection.sendall(_HEAD + b"\r\n<html>")
    while not closing.is_set():
        connection.sendall(b"x" * _PIECE)


def _in_circles() -> Callable[[object], tuple[int, dict[str, str], bytes]]:
    turns = itertools.count()
    return lambda _: (302, {"Location": f"/?round={next(turns)}"}, b"")


def _bomb() -> bytes:
    """1 GiB of zeros in about a megabyte."""
    packed = gzip.compress(bytes(1 << 20), 9)
    return packed * 1024


def hostile() -> dict[str, Route]:
    zipped = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    return {
        "hung connection": Raw(_hung),
        "slow drip": Raw(_drip),
        "gzip bomb": (200, zipped, _bomb()),
        "endless redirect": _in_circles(),
        "endless page": Raw(_endless),
    }


@dataclass
class Memory(threading.Thread):
    """The peak of each process of the pool over what it had when this began, in bytes."""

    deployed: Product
    grown: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(name="memory", daemon=True)
        self._before: dict[int, int] = {}

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self._over.wait(_LOOK):
            for pid, size in _pool(self.deployed):
                self.grown = max(self.grown, size - self._before.setdefault(pid, size))

    def end(self) -> None:
        self._over.set()
        self.join()


def _pool(deployed: Product) -> Iterator[tuple[int, int]]:
    started = [event for event in deployed.events("child.started") if event["name"] == "worker"]
    try:
        for child in psutil.Process(started[-1]["child_pid"]).children():
            yield child.pid, child.memory_info().rss
    except psutil.Error:
        return


@dataclass(frozen=True)
class Cost:
    """Of one hostile upstream: seconds that its poll took, bytes that the pool grew by, and the longest time,
    in seconds, by which a poll of a neighbour came later than the latest without it."""

    seconds: float
    grown: int
    late: float


def run() -> str:
    with tempfile.TemporaryDirectory(prefix="dibao-bench-") as folder, _street(Path(folder)) as (made, ill):
        calm = _gaps(made, _CALM)
        costs = {}
        for name, route in hostile().items():
            costs[name] = _measure(made, ill, name, route, calm)
        costs["six hanging articles"] = _articles_that_hang(made, ill, calm)

    words = (
        f"`dibao up` with its own deadlines polls {NEIGHBOURS} newspapers every {EVERY:g} s, with a second "
        "between requests to a host, and one hostile upstream, each kind by itself; last a newspaper that "
        "answers, and six of whose articles hang. Growth is of one process of the pool over its size just "
        "before; a delay is the longest time between two polls of a neighbour, less the longest without a "
        "hostile upstream."
    )
    figures = []
    for name, cost in costs.items():
        figures.append(Figure(f"{name}: its poll took", [cost.seconds], "s", f"{DEADLINE:g}"))
        figures.append(Figure(f"{name}: growth", [cost.grown / 2**20], "MB", "64"))
        figures.append(Figure(f"{name}: delay of others", [cost.late], "s", f"{INTERVAL:g}"))
    return Section("Hostile upstreams", words, figures).text()


_CALM = 20.0  # seconds


@contextmanager
def _street(folder: Path) -> Iterator[tuple[Product, Site]]:
    with ExitStack() as open_, product(folder / "dibao") as deployed:
        sites = [open_.enter_context(Site()) for _ in range(NEIGHBOURS + 1)]
        for n, site in enumerate(sites):
            Newspaper(stories={"only": Story(f"名山区科协第{n}报", MINGSHAN.body)}).print_on(site)
        stanzas = [
            source(f"well-{n}", f"{site.url}/", f'every = "{EVERY:g}s"') for n, site in enumerate(sites[1:])
        ]
        deployed.configure(
            *stanzas,
            source("ill", f"{sites[0].url}/", 'every = "1d"'),
            allow=[site.address for site in sites],
        )
        path = deployed.folder / "config.toml"
        path.write_text(path.read_text().replace("per_host_interval = 0", f"per_host_interval = {INTERVAL}"))
        with deployed.up():
            every = {f"well-{n}" for n in range(NEIGHBOURS)} | {"ill"}
            assert eventually(
                lambda: {each["source"] for each in deployed.events("source.polled")} == every, 90
            )
            yield deployed, sites[0]


def _polls(deployed: Product, name: str = "") -> list[dict[str, Any]]:
    return [event for event in deployed.events("source.polled") if name in ("", event["source"])]


def _gaps(deployed: Product, seconds: float) -> float:
    """The longest time between two polls of a neighbour in the seconds to come."""
    begun = time.time()
    time.sleep(seconds)
    return _longest(deployed, begun)


def _longest(deployed: Product, begun: float) -> float:
    longest = 0.0
    for n in range(NEIGHBOURS):
        ends = [
            datetime.fromisoformat(event["timestamp"]).timestamp() for event in _polls(deployed, f"well-{n}")
        ]
        since = [end for end in ends if end >= begun] + [time.time()]
        before = [end for end in ends if end < begun][-1:]
        longest = max([longest, *(b - a for a, b in itertools.pairwise([*before, *since]))])
    return longest


def _measure(deployed: Product, ill: Site, name: str, route: Route, calm: float) -> Cost:
    well = ill.routes["/"]
    ill.routes["/"] = route
    try:
        return _poll_ill(deployed, calm)
    finally:
        ill.routes["/"] = well


def _articles_that_hang(deployed: Product, ill: Site, calm: float) -> Cost:
    paper = Newspaper(stories={str(n): Story(f"名山区科协第{n}课", MINGSHAN.body) for n in range(6)})
    paper.print_on(ill)
    for n in range(6):
        ill.routes[paper.address(str(n))] = Raw(_hung)
    return _poll_ill(deployed, calm)


def _poll_ill(deployed: Product, calm: float) -> Cost:
    memory = Memory(deployed)
    memory.start()
    time.sleep(1.0)  # of what each process had before
    polled, begun = len(_polls(deployed, "ill")), time.time()
    command = deployed.start("run", "--source", "ill")
    assert eventually(lambda: len(_polls(deployed, "ill")) > polled, 10 * DEADLINE), deployed.log()[-4000:]
    command.communicate(timeout=60)
    memory.end()
    return Cost(
        _polls(deployed, "ill")[-1]["seconds"], memory.grown, max(0.0, _longest(deployed, begun) - calm)
    )


if __name__ == "__main__":
    started = time.monotonic()
    print(run())
    print(f"\n{time.monotonic() - started:.0f} s")
