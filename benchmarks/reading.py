"""What reading costs: one article page beside its whole tree, and an edition from the wire to its feeds."""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from bs4 import BeautifulSoup
from feedgen.feed import FeedGenerator

from benchmarks.report import Figure, Section, ratios
from benchmarks.world import WORDS
from bulletins import reading
from bulletins.model import Context, Page, PageKind, Source
from worker.fetch import HttpFetcher, RedisPace
from worker.flow import poll, publish, settle
from worker.log import logger
from worker.ports import Ports, Rules
from worker.publish import DiskPublisher
from worker.snapshots import DiskSnapshots
from worker.store import migrate, open_store
from worker.wiring import SystemClock

_ROUNDS = 7
_ARTICLES = 20
_SLOW = 0.02  # seconds that a site farther off takes to answer
_CHANCE = random.Random(5)


def run() -> str:
    """The section of BENCHMARKS.md."""
    page = _article(60_000).encode()
    whole = [_timed(_walked, page.decode()) for _ in range(_ROUNDS * 3)]
    read = [_timed(_read, page) for _ in range(_ROUNDS * 3)]
    figures = [
        Figure(f"an article page of {len(page) / 1000:.0f} KB parsed whole and walked", _ms(whole), "ms"),
        Figure("the same page read: decoded, parsed, its body cut out, its meaning found", _ms(read), "ms"),
        ratios("the second by the first", read, whole, "at most 0.5 ×"),
    ]
    for words, seconds in (
        (f"a site that takes {_SLOW * 1000:.0f} ms to answer", _SLOW),
        ("a site on loopback", 0.0),
    ):
        plain, own = _editions(seconds)
        figures += [
            Figure(f"{words}: an edition of {_ARTICLES} articles, the plain way", _ms(plain), "ms"),
            Figure("the same by tasks: fetched, kept, read, compared, stored, published", _ms(own), "ms"),
            ratios("the second by the first", own, plain, "at most 0.5 ×"),
        ]
    words = (
        "The plain way is httpx, one page after the other, BeautifulSoup over whole pages,\n"
        "and one feed of feedgen's in RSS and Atom. By tasks the same edition is fetched on eight threads,\n"
        "each page kept as a snapshot, and published in every feed that it touches, plain and coded."
    )
    return Section("Reading", words, figures).text()


def _sentence(characters: int) -> str:
    return "".join(_CHANCE.choices(WORDS, k=characters)) + "。"


def _article(size: int) -> str:
    """A page of so many bytes, of which its article has a tenth, as on the pages of newspapers: the rest is
    lists of other articles."""
    body = "".join(f"<p>　　{_sentence(60)}{_sentence(38)}</p>\n" for _ in range(max(4, size // 3000)))
    head = (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>望远镜进山村</title></head><body>"
        "<div class=date-box data-day=2026-03-18></div><ul class=l>"
    )
    tail = (
        "</ul><div class=paper-head>3654 期 / 第3版:科协之窗</div><h2 class=paper-title>望远镜进山村</h2>"
        f"<div id=paper-content>{body}</div></body></html>"
    )
    rows: list[str] = []
    left = size - len((head + tail).encode())
    while left > 0:
        rows.append(
            f'<li class="item"><a href="/old/{len(rows)}.html" target="_blank" title="{_sentence(12)}">'
            f"<span>{_sentence(12)}</span></a><em>03-17</em></li>\n"
        )
        left -= len(rows[-1].encode())
    return head + "".join(rows) + tail


def _walked(text: str) -> int:
    return sum(1 for _ in BeautifulSoup(text, "lxml").descendants)


def _read(body: bytes) -> None:
    source = Source("kepu", "岷江科普报", "http://kepu.example/", region="510000")
    context = Context(source, "localhost,2026", datetime.now(UTC))
    (_item,) = reading.read(
        [(Page("http://kepu.example/a", body, "text/html"), context, PageKind.ARTICLE)]
    ).items


def _site() -> dict[str, bytes]:
    links = "".join(f"<li><a href=/a{n}><h3>{_sentence(14)}</h3></a></li>" for n in range(_ARTICLES))
    front = (
        "<meta charset=utf-8><title>岷江科普报</title><div class=date-box data-day=2026-03-18></div>"
        "<div class=nav-box><ul class=nav-list><li><a href=/>第1版:要闻</a></li></ul></div>"
        f"<ul id=paper-infos>{links}</ul>"
    )
    return {"/": front.encode()} | {f"/a{n}": _article(20_000).encode() for n in range(_ARTICLES)}


def _serve(pages: dict[str, bytes], seconds: float, port: multiprocessing.Queue[int]) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            time.sleep(seconds)
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_address[1])
    server.serve_forever()


def _editions(seconds: float) -> tuple[list[float], list[float]]:
    """Both ways, in turn, over a site in a process of its own."""
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    site = multiprocessing.Process(target=_serve, args=(_site(), seconds, told), daemon=True)
    site.start()
    plain, own = [], []
    try:
        port = told.get(timeout=20)
        shared = Path("/dev/shm")  # noqa: S108  (a folder of one's own is made there)
        for _ in range(_ROUNDS):
            with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
                plain.append(_timed(_plainly, f"http://127.0.0.1:{port}", Path(folder)))
                own.append(_by_tasks(port, Path(folder)))
    finally:
        site.terminate()
        site.join()
    return plain, own


def _plainly(url: str, folder: Path) -> None:
    feed = FeedGenerator()
    feed.id(url)
    feed.title("岷江科普报")
    feed.link(href=url)
    feed.description("岷江科普报")
    with httpx.Client(trust_env=False) as client:
        front = BeautifulSoup(client.get(url).content, "lxml")
        for link in front.select("#paper-infos a"):
            page = BeautifulSoup(client.get(f"{url}{link['href']}").content, "lxml")
            title, body = page.select_one(".paper-title"), page.select("#paper-content p")
            assert title is not None
            assert body
            entry = feed.add_entry(order="append")
            entry.id(f"{url}{link['href']}")
            entry.title(title.get_text())
            entry.link(href=f"{url}{link['href']}")
            entry.content("".join(f"<p>{paragraph.get_text()}</p>" for paragraph in body), type="html")
    feed.rss_file(str(folder / "feed.rss"))
    feed.atom_file(str(folder / "feed.atom"))


class _Pool:
    """A queue whose tasks run on threads of this process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(8)
        self._sent: list[Future[None]] = []
        self.ports: Ports | None = None
        self._tasks: dict[str, Callable[..., object]] = {
            "poll": poll.poll,
            "fetch": poll.fetch,
            "ingest": settle.ingest,
            "publish": publish.publish,
        }

    def send(self, task: str, *, after: float = 0.0, **arguments: str | int | bool) -> None:
        self._sent.append(self._threads.submit(self._run, task, arguments))

    def depth(self) -> int:
        return sum(not one.done() for one in self._sent)

    def _run(self, task: str, arguments: dict[str, str | int | bool]) -> None:
        self._tasks[task](self.ports, **arguments)

    def work(self) -> None:
        while self._sent:
            self._sent.pop(0).result()
        self._threads.shutdown()


def _by_tasks(port: int, folder: Path) -> float:
    now, address = datetime.now(UTC), f"127.0.0.1:{port}"
    source = Source("kepu", "岷江科普报", f"http://{address}/", region="510000", every=timedelta(minutes=30))
    public = folder / "public"
    public.mkdir()
    migrate(url := f"sqlite:///{folder}/dibao.db")
    store, queue = open_store(url), _Pool()
    pace = RedisPace("unix:///nonexistent", "bench:")  # asked nothing where there is no interval
    fetcher = HttpFetcher(
        user_agent="DibaoBench/1.0",
        timeout=20,
        max_bytes=8_000_000,
        allow_addresses=[address],
        pace=pace,
        per_host_interval=0,
    )
    rules = Rules(
        sources={source.id: source},
        authority="bench.example,2026",
        base_url="http://feeds.example",
        formats=("rss", "atom"),
        window_items=50,
        window_days=30,
        lease=timedelta(seconds=30),
        named_columns=frozenset(),
    )
    nobody: Any = None  # nothing is posted
    queue.ports = Ports(
        rules,
        store,
        fetcher,
        DiskSnapshots(folder / "snapshots"),
        DiskPublisher(public, folder / "lock"),
        queue,
        SystemClock(),
        logger(),
        store.notices,
        nobody,
        store.alarms,
        nobody,
    )
    store.sync_sources([source], now)
    begun = time.perf_counter()
    leased = store.lease_named(source.id, now, now + rules.lease)
    assert leased is not None
    queue.send("poll", source=source.id, poll=leased)
    queue.work()
    seconds = time.perf_counter() - begun
    assert len(store.items(None, None, None, None)) == _ARTICLES
    assert (public / "feeds/all.rss").exists()
    fetcher.close()
    store.dispose()
    return seconds


def _timed(work: Callable[..., object], *args: object) -> float:
    begun = time.perf_counter()
    work(*args)
    return time.perf_counter() - begun


def _ms(seconds: list[float]) -> list[float]:
    return [1000 * each for each in seconds]
