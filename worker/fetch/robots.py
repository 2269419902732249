"""robots.txt (RFC 9309): what a site asks of robots, fetched once a day for each host."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from bulletins.errors import FetchError
from worker.fetch import reasons
from worker.ports import Fetched

MOST = 500 * 1024  # bytes that are read of a robots.txt (RFC 9309, 2.5)
_KEPT = 86400.0  # seconds (RFC 9309, 2.4)
_FAILURE_KEPT = 60.0  # seconds: the pages of one poll ask once, the next poll asks again
_HOSTS = 512  # remembered at most
_LONGEST_DELAY = 60.0  # seconds: crawl-delay is no part of RFC 9309, and must not hold a worker for a day

Fetch = Callable[[str, Callable[[], None]], Fetched]


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Protego | FetchError
    until: float


class Robots:
    """The rules of the hosts met lately. Safe for use by several threads."""

    def __init__(
        self, fetch: Fetch, user_agent: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`fetch` GETs a robots.txt, following redirects, and raises FetchError; its body may be cut."""
        self._fetch = fetch
        token = re.match(r"[A-Za-z_-]+", user_agent)  # the product token (RFC 9309, 2.2.1)
        self._agent = token.group() if token else "*"
        self._monotonic = monotonic
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def delay(self, url: httpx.URL, alive: Callable[[], None]) -> float:
        """The crawl-delay in seconds, at most a minute, for a URL that may be fetched; 0 for none.

        Raises FetchError: disallowed, or the rules could not be had (RFC 9309, 2.3.1.4: then nothing may
        be fetched).
        """
        rules = self._rules(str(url.copy_with(raw_path=b"/robots.txt", fragment=None)), alive)
        if isinstance(rules, FetchError):
            raise reasons.at(rules, str(url))
        if not rules.can_fetch(str(url), self._agent):
            action = "The site asks robots not to read this page; ask its owner, or take the source out."
            raise FetchError("robots.txt disallows", str(url), action)
        return min(rules.crawl_delay(self._agent) or 0.0, _LONGEST_DELAY)

    def _rules(self, url: str, alive: Callable[[], None]) -> Protego | FetchError:
        with self._lock:
            known = self._known.get(url)
        if known and known.until > self._monotonic():
            return known.rules
        rules = self._ask(url, alive)
        kept = min(_FAILURE_KEPT, rules.retry_after or _KEPT) if isinstance(rules, FetchError) else _KEPT
        with self._lock:
            self._known.pop(url, None)
            while len(self._known) >= _HOSTS:
                del self._known[next(iter(self._known))]
            self._known[url] = _Known(rules, self._monotonic() + kept)
        return rules

    def _ask(self, url: str, alive: Callable[[], None]) -> Protego | FetchError:
        try:
            body = self._fetch(url, alive).body or b""
        except FetchError as fault:
            return _verdict(fault, url)
        text = body.decode("utf-8-sig", "replace")
        if text.lstrip().startswith("<"):
            text = ""  # a page in place of the file: no rules
        return Protego.parse(text)


def _verdict(fault: FetchError, url: str) -> Protego | FetchError:
    if fault.status is not None and fault.status < 500 and fault.status != 429:
        return Protego.parse("")  # "unavailable" (RFC 9309, 2.3.1.3), or more redirects than need be followed
    if fault.status is None and (fault.retry_after is not None or _unconnected(fault)):
        return fault  # true of every page of the host, and clearer without a word about robots.txt
    return FetchError(
        f"robots.txt unreachable: {fault.what}",
        url,
        "Without it nothing is read from this host (RFC 9309). The next poll tries again.",
        retryable=True,
        status=fault.status,
        retry_after=fault.retry_after,
    )


def _unconnected(fault: FetchError) -> bool:
    return isinstance(fault.__cause__, httpx.ConnectError | httpx.ConnectTimeout)
