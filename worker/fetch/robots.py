"""robots.txt (RFC 9309): what a site asks of robots, fetched once a day for each host, for all processes."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from bulletins.errors import FetchError, TooEarly
from worker.fetch import reasons
from worker.fetch.seats import BACK
from worker.fetch.shelf import NoShelf, Shelf
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
        self,
        fetch: Fetch,
        user_agent: str,
        monotonic: Callable[[], float] = time.monotonic,
        shelf: Shelf | None = None,
    ) -> None:
        """`fetch` GETs a robots.txt, following redirects, and raises FetchError; its body may be cut. What it
        says is shared with other processes over `shelf`."""
        self._fetch = fetch
        self._shelf = shelf or NoShelf()
        token = re.match(r"[A-Za-z_-]+", user_agent)  # the product token (RFC 9309, 2.2.1)
        self._agent = token.group() if token else "*"
        self._monotonic = monotonic
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def delay(self, url: httpx.URL, alive: Callable[[], None], *, ask: bool = True) -> float:
        """The crawl-delay in seconds, at most a minute, for a URL that may be fetched; 0 for none.

        Raises FetchError: disallowed, or the rules could not be had (RFC 9309, 2.3.1.4: then nothing may
        be fetched); TooEarly where they are not known and it is for somebody else to `ask` for them.
        """
        rules = self._rules(str(url.copy_with(raw_path=b"/robots.txt", fragment=None)), alive, ask=ask)
        if isinstance(rules, FetchError):
            raise reasons.at(rules, str(url))
        if not rules.can_fetch(str(url), self._agent):
            action = "The site asks robots not to read this page; ask its owner, or take the source out."
            raise FetchError("robots.txt disallows", str(url), action)
        return min(rules.crawl_delay(self._agent) or 0.0, _LONGEST_DELAY)

    def _rules(self, url: str, alive: Callable[[], None], *, ask: bool) -> Protego | FetchError:
        with self._lock:
            known = self._known.get(url)
        if known and known.until > self._monotonic():
            return known.rules
        found = self._shared(url)
        if not (found or ask):
            raise TooEarly("robots.txt is being asked for", url, seconds=BACK)
        rules, kept = found or self._asked(url, alive)
        with self._lock:
            self._known.pop(url, None)
            while len(self._known) >= _HOSTS:
                del self._known[next(iter(self._known))]
            self._known[url] = _Known(rules, self._monotonic() + kept)
        return rules

    def _shared(self, url: str) -> tuple[Protego | FetchError, float] | None:
        """What another process has got to know, and for how many seconds it holds."""
        found = self._shelf.get(url)
        if found is None:
            return None
        said, left = found
        try:
            return _unpacked(said), left
        except (ValueError, TypeError):  # of another release
            return None

    def _asked(self, url: str, alive: Callable[[], None]) -> tuple[Protego | FetchError, float]:
        said = self._ask(url, alive)
        if isinstance(said, FetchError):
            kept = min(_FAILURE_KEPT, said.retry_after or _KEPT)
            if said.retry_after is None:  # a pause is shared by the pace already
                self._shelf.put(url, _packed(said), kept)
            return said, kept
        self._shelf.put(url, _packed(said), _KEPT)
        return Protego.parse(said), _KEPT

    def _ask(self, url: str, alive: Callable[[], None]) -> str | FetchError:
        try:
            body = self._fetch(url, alive).body or b""
        except FetchError as fault:
            return _verdict(fault, url)
        text = body.decode("utf-8-sig", "replace")
        return "" if text.lstrip().startswith("<") else text  # a page in place of the file: no rules


def _packed(said: str | FetchError) -> bytes:
    if isinstance(said, str):
        return json.dumps({"rules": said}).encode()
    fault = {"what": said.what, "where": said.where, "action": said.action}
    return json.dumps({"fault": fault, "retryable": said.retryable, "status": said.status}).encode()


def _unpacked(said: bytes) -> Protego | FetchError:
    """Raises ValueError or TypeError for what `_packed` did not make."""
    found = json.loads(said)
    if "rules" in found:
        return Protego.parse(str(found["rules"]))
    fault = FetchError(**found["fault"]) if "fault" in found else None
    if fault is None:
        raise ValueError("neither rules nor a fault")
    fault.retryable, fault.status = bool(found["retryable"]), found["status"]
    return fault


def _verdict(fault: FetchError, url: str) -> str | FetchError:
    if fault.status is not None and fault.status < 500 and fault.status != 429:
        return ""  # "unavailable" (RFC 9309, 2.3.1.3), or more redirects than need be followed
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
