"""A fetcher for tests: in no hurry to be polite, allowed to reach exactly the test's own site."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.support.site import Site
from worker.fetch import HttpFetcher, HttpPoster, Pace, RedisPace, guard, wire
from worker.fetch.seats import Seats

_authorities = functools.cache(ssl.create_default_context)  # loading them takes longer than most tests' rest

AGENT = "DibaoTest/1.0 (+http://127.0.0.1/about)"


@contextmanager
def fetcher(
    *sites: Site,
    timeout: float = 20.0,
    max_bytes: int = 100_000,
    allow: Sequence[str] = (),
    pace: Pace | None = None,
    interval: float = 0.0,
    resolve: wire.Resolve = guard.resolve,
    tls: ssl.SSLContext | None = None,
    seats: Seats | None = None,
) -> Iterator[HttpFetcher]:
    made = HttpFetcher(
        user_agent=AGENT,
        timeout=timeout,
        max_bytes=max_bytes,
        allow_addresses=[*(site.address for site in sites), *allow],
        # With an interval of 0 it sends nothing to Redis, and there is none at this address.
        pace=pace or RedisPace("unix:///nonexistent", "test:"),
        per_host_interval=interval,
        first_delay=0.01,
        resolve=resolve,
        tls=tls or _authorities(),
        seats=seats,
    )
    try:
        yield made
    finally:
        made.close()


@contextmanager
def poster(
    *sites: Site, timeout: float = 5.0, resolve: wire.Resolve = guard.resolve, allow: Sequence[str] = ()
) -> Iterator[HttpPoster]:
    allowed = [*(site.address for site in sites), *allow]
    made = HttpPoster(
        user_agent=AGENT, timeout=timeout, allow_addresses=allowed, resolve=resolve, tls=_authorities()
    )
    try:
        yield made
    finally:
        made.close()
