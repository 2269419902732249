"""The wire below httpx: connections to checked addresses only, each call held to one deadline."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import Any

import httpcore
import httpx

from worker.fetch.guard import Allowance, screen

SLICE = 2.0  # seconds between two signs of life while waiting
EPSILON = 0.001  # added to what is left: a socket's timeout of 0 would mean "do not block"

Resolve = Callable[[str, int], list[str]]


class Watch(threading.local):
    """The deadline of the request that a thread is making, and whom to tell that it is still at work.

    httpx times each read; a server that sends a byte now and then would hold it for ever. So everything
    that waits on the network asks here how long it still may, and waits in short slices.
    """

    def __init__(self) -> None:
        self._until = 0.0
        self._sign_due = 0.0
        self._alive: Callable[[], None] = lambda: None

    def start(self, seconds: float, alive: Callable[[], None]) -> None:
        self._until = time.monotonic() + seconds
        self._sign_due = 0.0
        self._alive = alive

    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def slice(self, late: type[httpcore.TimeoutException] = httpcore.ReadTimeout) -> float:
        """How long to wait now, having given a sign of life if one is due. Raises `late` when the deadline
        is over."""
        if time.monotonic() >= self._sign_due:
            self._alive()
            self._sign_due = time.monotonic() + SLICE
        left = self.left()
        if not left:
            raise late("deadline")
        return min(left, SLICE)


class WatchedStream(httpcore.NetworkStream):
    """A connection whose reads end at the deadline, however the bytes come."""

    def __init__(self, stream: httpcore.NetworkStream, watch: Watch) -> None:
        self._stream = stream
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            wait = self._watch.slice()
            try:
                return self._stream.read(max_bytes, wait)
            except httpcore.ReadTimeout:
                continue  # a slice is over, not the deadline: that is for slice() to say

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._watch.slice()
        self._stream.write(buffer, self._watch.left() + EPSILON)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._watch.slice(httpcore.ConnectTimeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, self._watch.left() + EPSILON)
        return WatchedStream(secured, self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a host once, has its addresses checked, and dials what was checked. The name that TLS
    verifies stays the host's."""

    def __init__(self, allowed: Sequence[Allowance], resolve: Resolve, watch: Watch) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._watch = watch
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = screen(host, port, self._lookup(host, port), self._allowed)
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for n, address in enumerate(addresses):
            self._watch.slice(httpcore.ConnectTimeout)
            share = self._watch.left() / (len(addresses) - n) + EPSILON
            try:
                stream = self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return WatchedStream(stream, self._watch)
        raise failure

    def _lookup(self, host: str, port: int) -> list[str]:
        """Resolve in a thread of its own, for getaddrinfo knows no deadline."""
        answer: SimpleQueue[list[str] | Exception] = SimpleQueue()

        def work() -> None:
            try:
                answer.put(self._resolve(host, port))
            except Exception as error:
                answer.put(error)

        threading.Thread(target=work, name=f"resolve {host}", daemon=True).start()
        while True:
            wait = self._watch.slice(httpcore.ConnectTimeout)
            try:
                found = answer.get(timeout=wait)
                if isinstance(found, Exception):
                    raise found
            except Empty:
                continue
            except Exception as error:
                raise httpcore.ConnectError(str(error)) from error
            return found


def transport(
    allowed: Sequence[Allowance], resolve: Resolve, watch: Watch, tls: ssl.SSLContext
) -> httpx.HTTPTransport:
    """An httpx transport without proxies whose every connection passes the guard and keeps the deadline."""
    made = httpx.HTTPTransport(verify=tls, trust_env=False)
    # httpx 0.28.1 (pinned for this) offers no way to hand a network backend to its connection pool.
    made._pool = httpcore.ConnectionPool(
        ssl_context=tls,
        max_connections=None,  # as many as there are threads: waiting for one would know no deadline
        max_keepalive_connections=20,
        keepalive_expiry=5.0,
        network_backend=GuardedBackend(allowed, resolve, watch),
    )
    return made
