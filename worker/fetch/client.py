"""The fetcher: GETs a page of somebody else's site, politely, safely and within bounds."""

from __future__ import annotations

import random
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing

import httpx

from bulletins.errors import NO_ANSWER, FetchError, TooEarly
from worker.fetch import guard, reasons, robots, sites, wire
from worker.fetch.body import body_of
from worker.fetch.pace import Pace, pause
from worker.fetch.seats import BACK, NoSeats, Seat, Seats
from worker.fetch.shelf import Shelf
from worker.polls import Validators
from worker.ports import Fetched

MOST_REDIRECTS = 5
MOST_TRIES = 3
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")  # a name, its IDNA form, or an IPv6 address
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_VALIDATOR = 512  # characters of an ETag or a date that are worth keeping

Alive = Callable[[], None]


class _Time:
    """Seconds of network time that one call may still use; waiting for a turn costs none."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds


class HttpFetcher:
    """Implements `worker.ports.Fetcher` over httpx. Safe for use by several threads.

    `timeout` (seconds) bounds all network time of one page, over redirects and further tries, from the name
    lookup to the last byte of the body; `max_bytes` bounds the body, packed and unpacked. A redirect is
    followed to other hosts of the same site, never to another site, nor from https to http; the final address
    is reported. Proxies named in the
    environment are not used, for they would dial what the guard has not seen.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float,
        max_bytes: int,
        allow_addresses: Sequence[str],
        pace: Pace,
        per_host_interval: float = 1.0,
        first_delay: float = 1.0,
        resolve: wire.Resolve = guard.resolve,
        tls: ssl.SSLContext | None = None,
        shelf: Shelf | None = None,
        seats: Seats | None = None,
    ) -> None:
        """`first_delay` is the wait before the second try, in seconds; the third waits three times as long.
        robots.txt is shared with other processes over `shelf`; with them it is agreed through `seats` that a
        host which lets them wait holds one of them.
        `tls` defaults to certifi's authorities, or those that SSL_CERT_FILE or SSL_CERT_DIR names.

        Raises ValueError for an entry of `allow_addresses` that is none.
        """
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._pace = pace
        self._seats = seats or NoSeats()
        self._interval = per_host_interval
        self._first_delay = first_delay
        self._watch = wire.Watch()
        allowed = guard.parse_allowances(allow_addresses)
        # The transport alone: an httpx.Client keeps cookies and builds the request for a redirect even when
        # told not to follow it, and trips over bad Locations.
        self._transport = wire.transport(allowed, resolve, self._watch, tls or httpx.create_ssl_context())
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "Accept-Encoding": "gzip",
        }
        self._robots = robots.Robots(self._get_robots, user_agent, shelf=shelf)

    def get(
        self,
        url: str,
        held: Validators | None = None,
        alive: Alive = lambda: None,
        patience: float | None = None,
    ) -> Fetched:
        """GET a page; see `Fetcher`. `held` makes the request for its final address conditional. `patience`
        counts for the first request alone: what a redirect or a further try has to wait is waited. Who has
        such patience can come back, and takes a seat."""
        if patience is None or not self._interval:
            return self._get(url, held, alive, patience, Seat())
        seat = self._seats.take(_place(_checked(url, url)), self._timeout)
        try:
            return self._get(url, held, alive, patience, seat)
        except FetchError as fault:
            if seat.alone or not fault.what.startswith(NO_ANSWER):
                raise
            seat.too_slow()
            raise TooEarly("slow, and another request is under way", url, seconds=BACK) from fault
        finally:
            seat.leave()

    def _get(
        self, url: str, held: Validators | None, alive: Alive, patience: float | None, seat: Seat
    ) -> Fetched:
        def interval(hop: httpx.URL) -> float:
            return max(self._interval, self._robots.delay(hop, alive, ask=seat.alone))

        def read(response: httpx.Response) -> bytes:
            return body_of(response, self._max_bytes)

        bound = seat.bound(self._timeout)
        return self._follow(url, held, alive, interval, read, bound, patience, target=_same_site)

    def close(self) -> None:
        self._transport.close()

    def _get_robots(self, url: str, alive: Alive) -> Fetched:
        def start(response: httpx.Response) -> bytes:
            return body_of(response, robots.MOST, cut=True)

        return self._follow(url, None, alive, lambda hop: self._interval, start, self._timeout)

    def _follow(
        self,
        url: str,
        held: Validators | None,
        alive: Alive,
        interval: Callable[[httpx.URL], float],
        read: Callable[[httpx.Response], bytes],
        bound: float,
        patience: float | None = None,
        target: Callable[[httpx.URL, str, int], httpx.URL] | None = None,
    ) -> Fetched:
        """Follow redirects from `url` to an answer, in `bound` seconds of network time; `target` says where
        one leads, and may refuse it."""
        time = _Time(bound)
        here = _checked(url, url)
        conditional_at = (held.url if held else "") or str(here)
        for _ in range(MOST_REDIRECTS + 1):
            asked = held if held and str(here) == conditional_at else None
            answer = self._try(here, asked, alive, interval(here), read, time, patience)
            patience = None
            if isinstance(answer, Fetched):
                return answer
            status, location = answer
            here = (target or _target)(here, location, status)
        action = "The site sends readers in a circle; open the address in a browser."
        raise FetchError(f"more than {MOST_REDIRECTS} redirects", url, action, status=status)

    def _try(
        self,
        url: httpx.URL,
        held: Validators | None,
        alive: Alive,
        interval: float,
        read: Callable[[httpx.Response], bytes],
        time: _Time,
        patience: float | None,
    ) -> Fetched | tuple[int, str]:
        """Ask for one address, again after what may pass within seconds."""
        delay = self._first_delay
        tries = 1
        while True:
            try:
                self._pace.wait(_place(url), interval, alive, patience if tries == 1 else None)
            except FetchError as resting:
                raise reasons.at(resting, str(url)) from resting
            self._watch.start(time.left, alive)
            try:
                return self._ask(url, held, read)
            except FetchError as error:
                fault = error
            finally:
                time.left = self._watch.left()
            if fault.retry_after is not None:
                self._pace.rest(_place(url), fault.retry_after)
            if tries == MOST_TRIES or not time.left or not reasons.worth_another_try(fault):
                raise fault
            pause(delay * random.uniform(0.75, 1.25), alive)  # noqa: S311  (jitter, no secret)
            delay *= 3
            tries += 1

    def _ask(
        self, url: httpx.URL, held: Validators | None, read: Callable[[httpx.Response], bytes]
    ) -> Fetched | tuple[int, str]:
        """One request: an answer, or the status and Location of a redirect. Raises FetchError."""
        conditions = {}
        if held and held.etag:
            conditions["If-None-Match"] = held.etag
        if held and held.last_modified:
            conditions["If-Modified-Since"] = held.last_modified
        request = httpx.Request("GET", url, headers=self._headers | conditions)
        try:
            with closing(self._transport.handle_request(request)) as response:
                response.request = request
                if response.status_code == 200:
                    return _fetched(response, read(response))
                if response.status_code == 304 and conditions:
                    return _fetched(response, None)
                if response.status_code in _REDIRECTS:
                    return response.status_code, response.headers.get("location", "")
                raise reasons.of_status(response)
        except httpx.HTTPError as error:
            raise reasons.of_transport(error, str(url), self._timeout) from error


def _fetched(response: httpx.Response, body: bytes | None) -> Fetched:
    headers = response.headers
    return Fetched(
        url=str(response.url),
        status=response.status_code,
        body=body,
        content_type=headers.get("content-type"),
        etag=_validator(headers.get("etag")),
        last_modified=_validator(headers.get("last-modified")),
    )


def _validator(value: str | None) -> str | None:
    """A validator that can be sent back as it came; None for any other."""
    if value and value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR:
        return value
    return None


def _checked(url: str, where: str, status: int | None = None) -> httpx.URL:
    """A URL that may be asked for, without its fragment. Raises FetchError, with `where` and `status` of
    what led to it."""
    action = "Only plain http and https addresses are read."
    try:
        parsed = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"not a usable address: {url[:200]!r}", where, action, status=status) from error
    port = parsed.port or _PORTS.get(parsed.scheme, 0)
    if not (port and port < 65536 and _HOST.fullmatch(parsed.raw_host)):
        raise FetchError(f"not a web address: {url[:200]!r}", where, action, status=status)
    if parsed.userinfo:
        raise FetchError("address with a user name in it", where, action, status=status)
    return parsed


def _target(here: httpx.URL, location: str, status: int) -> httpx.URL:
    """Where a redirect leads. Raises FetchError."""
    where = str(here)
    if not location:
        raise FetchError(
            f"HTTP {status} without Location", where, "The site is misconfigured.", status=status
        )
    try:
        joined = str(here.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        what = f"redirect to an unusable address: {location[:200]!r}"
        raise FetchError(what, where, "The site is misconfigured.", status=status) from error
    target = _checked(joined, where, status)
    if here.scheme == "https" and target.scheme == "http":
        action = "Such a page could be anybody's; give the https address of the source in config.toml."
        raise FetchError("redirect from https to http", where, action, status=status)
    return target


def _same_site(here: httpx.URL, location: str, status: int) -> httpx.URL:
    """As `_target`, for a page: what another site has to say is not this source's. A robots.txt may be
    anywhere (RFC 9309, 2.3.1.2)."""
    target = _target(here, location, status)
    if not sites.akin(here.host, target.host):
        action = "If the site has moved there, give that address in config.toml; else it may be hijacked."
        raise FetchError(f"redirect to another site: {target.host}", str(here), action, status=status)
    return target


def _place(url: httpx.URL) -> str:
    """ "host:port" as the pace knows it."""
    host = url.raw_host.decode("ascii")
    return f"{f'[{host}]' if ':' in host else host}:{url.port or _PORTS[url.scheme]}"
