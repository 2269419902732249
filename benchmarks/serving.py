"""A 150 KB feed from Dibao's web server and from nginx: alternate rounds in, medians as Markdown out.

`python -m benchmarks.serving`. Both serve the same file with one process on one core's worth of work; the
client opens the same connections to each in turn, asks for the feed whole and with its entity tag, and only
counts bytes, for every reply of a kind is equally long. Loopback only.
"""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

from bulletins.model import Change, ChangeKind, Item, PollStatus, Precision, Source, Verdict
from feeds.render import Document
from feeds.scope import ALL
from worker.polls import Counts
from worker.publish import DiskPublisher
from worker.store import migrate, open_store

_BYTES = 150_000
_CONNECTIONS = 8
_ROUNDS = 7
_SECONDS = 1.5  # of a round, for each server and kind of reply
_PATH = "/feeds/all.atom"
_TARGETS = {"200": 0.40, "304": 0.25}
_LARGEST_PSS = 80  # MB
_ROOMS = (
    "/readyz",
    "/feeds.json",
    "/metrics",
    "/feeds/merge.atom?q=x",
    "/feeds/health.rss",
    "/api/v1/items",
    "/api/v1/regions",
    "/status/",
    "/search/?q=x",
    "/subscribe/",
    "/en/",
    "/qr.svg",
)


@dataclass(frozen=True)
class Server:
    name: str
    port: int
    pids: tuple[int, ...]


def run() -> str:
    """The section of BENCHMARKS.md."""
    title = "## Serving a 150 KB feed\n\n"
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        return f"{title}Skipped: nginx is not installed (Debian: apt-get install nginx-light).\n"
    with tempfile.TemporaryDirectory(prefix="dibao-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        _publish(folder)
        with _dibao(folder) as ours, _nginx(nginx, folder) as theirs:
            rates = _measure((ours, theirs))
            pss = _pss(ours)
            _ask_all(ours)
            whole = _pss(ours)
    lines = [
        title
        + f"One process each, {_CONNECTIONS} connections, {_ROUNDS} alternating rounds of {_SECONDS:g} s; "
        "requests a second, median (range).\n",
        "| reply | Dibao | nginx | ratio | target |",
        "|---|---|---|---|---|",
    ]
    for kind, target in _TARGETS.items():
        mine, other = rates[ours.name, kind], rates[theirs.name, kind]
        ratio = statistics.median(mine) / statistics.median(other)
        lines.append(f"| {kind} | {_told(mine)} | {_told(other)} | {ratio:.2f} | {target:.2f} or more |")
    lines.append(
        f"\nMemory of the web process after it (PSS): {pss:.0f} MB; target: under {_LARGEST_PSS} MB. Once "
        f"every room has been asked, which loads what it needs: {whole:.0f} MB."
    )
    return "\n".join(lines) + "\n"


def _publish(folder: Path) -> None:
    """A feed as publishing leaves it, coded forms beside it. What it says does not matter to a server."""
    line = "<entry><title>芦山县把科普课开进茶园</title><id>tag:dibao.example,2026:paper/%06d</id></entry>\n"
    entries = "".join(line % n for n in range(_BYTES // len(line.encode()) + 1))
    body = f"<feed>\n{entries}".encode()[: _BYTES - 8].decode(errors="ignore").encode() + b"</feed>\n"
    document = Document(_PATH[1:], "application/atom+xml", body, datetime(2026, 3, 6, tzinfo=UTC))
    DiskPublisher(folder / "public", folder / "publish.lock").write([document])
    past = time.time() + 0.2  # until the file is old enough to be kept in memory
    while time.time() < past:
        time.sleep(0.05)


def _store(url: str) -> None:
    """A store that knows the feed, so that replies carry its health."""
    migrate(url)
    store, now = open_store(url), datetime.now(UTC)
    until = now + timedelta(hours=1)
    store.sync_sources(
        [Source("paper", "岷江科普报", "http://paper.example/", every=timedelta(hours=1))], now
    )
    poll = store.lease_named("paper", now, until)
    assert poll is not None
    store.open_poll(poll, "paper", now, until)
    item = Item(
        id="tag:dibao.example,2026:paper/1",
        source="paper",
        title="芦山县把科普课开进茶园",
        link="http://paper.example/1",
        published=now,
        precision=Precision.DAY,
        first_seen=now,
        updated=now,
        blocks=(),
    )
    with store.ingest(poll) as ingest:
        assert ingest is not None
        ingest.apply(Change(item, ChangeKind.NEW), [ALL])
        ingest.finish(Verdict(PollStatus.OK), Counts(new=1), now, until, keep_validators=True, recheck=())
    store.dispose()


@contextmanager
def _dibao(folder: Path) -> Iterator[Server]:
    port = _free_port()
    config = folder / "config.toml"
    config.write_text(
        f'[service]\ndata_dir = "var"\npublic_dir = "public"\n[web]\nlisten = "127.0.0.1:{port}"\n', "utf-8"
    )
    (folder / "var").mkdir()
    _store(f"sqlite:///{folder / 'var' / 'dibao.db'}")
    environment = {**os.environ, "DIBAO_CONFIG": str(config)}
    with _process([sys.executable, "-m", "worker.web"], port, environment) as process:
        yield Server("Dibao", port, (process.pid,))


@contextmanager
def _nginx(binary: str, folder: Path) -> Iterator[Server]:
    """One worker, and what Debian's own configuration turns on: sendfile and tcp_nopush."""
    port = _free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
  sendfile on; tcp_nopush on; access_log off; keepalive_requests 100000000;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/public; }}
}}
"""
    )
    with _process([binary, "-c", str(config), "-p", str(folder)], port, dict(os.environ)) as process:
        yield Server("nginx", port, (process.pid,))


@contextmanager
def _process(command: list[str], port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on a port until the context ends."""
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{command[0]} does not listen on port {port}") from None
                time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _measure(servers: tuple[Server, ...]) -> dict[tuple[str, str], list[float]]:
    """Requests a second by server and kind of reply, a value a round."""
    requests = {server.name: _requests(server) for server in servers}
    rates: dict[tuple[str, str], list[float]] = {}
    for n in range(_ROUNDS + 1):
        for server in servers if n % 2 else servers[::-1]:
            for kind, (request, length) in requests[server.name].items():
                rate = _rate(server.port, request, length)
                if n:  # the first round warms up
                    rates.setdefault((server.name, kind), []).append(rate)
    return rates


def _requests(server: Server) -> dict[str, tuple[bytes, int]]:
    """By kind of reply, the request for it and the reply's length in bytes."""
    whole = f"GET {_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    head = _reply(server.port, whole)[0]
    tag = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"etag:")).split(b": ", 1)[1]
    held = whole[:-2] + b"If-None-Match: " + tag + b"\r\n\r\n"
    made = {}
    for kind, request in (("200", whole), ("304", held)):
        head, length = _reply(server.port, request)
        assert head.split(b" ")[1] == kind.encode(), head
        made[kind] = (request, length)
    return made


def _reply(port: int, request: bytes) -> tuple[bytes, int]:
    """A reply's head, and its length with the body. The second of a connection, when all is warm."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(request)
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(1 << 18)
            head = data.partition(b"\r\n\r\n")[0]
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            body = int(lengths[0].split(b":")[1]) if lengths and b" 304 " not in head[:20] else 0
            length = len(head) + 4 + body
            while len(data) < length:
                data += connection.recv(1 << 18)
        return head, length


def _rate(port: int, request: bytes, length: int) -> float:
    """Replies a second over all connections, each of which has one request under way."""
    chosen = selectors.DefaultSelector()
    left: dict[socket.socket, int] = {}
    for _ in range(_CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chosen.register(connection, selectors.EVENT_READ)
        left[connection] = length
        connection.sendall(request)
    buffer = bytearray(1 << 18)
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < _SECONDS:
        for key, _ in chosen.select(1):
            ready = key.fileobj
            assert isinstance(ready, socket.socket)
            got = ready.recv_into(buffer)
            if not got:
                raise RuntimeError(f"the server on port {port} hung up")
            left[ready] -= got
            if left[ready] <= 0:
                left[ready] += length
                done += 1
                ready.send(request)
    seconds = time.perf_counter() - begun
    for connection in left:
        connection.close()
    return done / seconds


def _pss(server: Server) -> float:
    """MB, proportional: what is shared counts by its share."""
    total = 0
    for pid in server.pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _ask_all(server: Server) -> None:
    """Make the server load what it loads when first asked."""
    for path in _ROOMS:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.close()


def _told(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}-{max(values):,.0f})"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    sys.stdout.write(run())
