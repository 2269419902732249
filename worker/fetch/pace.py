"""The pace: when a host may be asked next, agreed between all workers through Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bulletins.errors import FetchError, TooEarly

SLICE = 2.0  # seconds between two signs of life while waiting
_LONGEST = 3600.0  # seconds: a reservation further ahead than this comes from a clock that was set back

# Takes the host's next free moment. The key's own expiry is that moment, so the Redis server's clock alone
# counts and nothing stays behind. KEYS: turn, pause. ARGV: interval, longest wait and patience in ms.
# Returns what came of it and the ms: the wait; how long the host rests; when to come back, nothing taken.
_RESERVE = """
local pause = redis.call('PTTL', KEYS[2])
if pause > 0 then return {'rests', pause} end
local ahead = redis.call('PTTL', KEYS[1])
if ahead < 0 or ahead > tonumber(ARGV[2]) then ahead = 0 end
if ahead > tonumber(ARGV[3]) then return {'early', ahead} end
redis.call('SET', KEYS[1], '1', 'PX', ahead + tonumber(ARGV[1]))
return {'wait', ahead}
"""


class Pace(Protocol):
    def wait(
        self, host: str, interval: float, alive: Callable[[], None], patience: float | None = None
    ) -> None:
        """Return when it is this caller's turn to ask `host` ("name:port"), `interval` seconds after the
        turn before. `alive` is called every few seconds meanwhile.

        Raises FetchError with `retry_after` while the host rests; TooEarly, and no turn is taken, when the
        wait would exceed `patience` (seconds; None: as long as it takes).
        """
        ...

    def rest(self, host: str, seconds: float) -> None:
        """Nobody asks this host anything for so long: it said so (Retry-After)."""
        ...


class RedisPace:
    """One turn at a time for each host, over all threads, processes and machines on one Redis.

    `redis_url` is as redis-py reads it: `unix:///path?db=0`, `redis://host/0`. Hosts in `unpaced`
    ("name:port") and an interval of 0 know no turns and cause no traffic.

    Politeness never stops publishing: while Redis cannot be reached each request simply waits its interval,
    and pauses are known to this process alone.
    """

    def __init__(self, redis_url: str, prefix: str, unpaced: Collection[str] = ()) -> None:
        # One quick try: a Redis that is away must not take up the time of a fetch.
        self._redis = Redis.from_url(
            redis_url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        self._reserve = self._redis.register_script(_RESERVE)
        self._prefix = prefix
        self._unpaced = frozenset(unpaced)
        self._resting: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(
        self, host: str, interval: float, alive: Callable[[], None], patience: float | None = None
    ) -> None:
        self._refuse_while_resting(host, self._local_pause(host))
        if interval <= 0 or host in self._unpaced:
            return
        bounds = (interval, _LONGEST, _LONGEST if patience is None else patience)
        limits = [max(1, round(seconds * 1000)) for seconds in bounds]
        try:
            came_of_it, milliseconds = self._reserve(keys=self._keys(host), args=limits)
        except RedisError:
            came_of_it, milliseconds = b"wait", interval * 1000
        seconds = milliseconds / 1000
        if came_of_it == b"rests":
            self._refuse_while_resting(host, seconds)
        if came_of_it == b"early":
            raise TooEarly("another request to this host comes first", host, seconds=seconds)
        pause(seconds, alive)

    def rest(self, host: str, seconds: float) -> None:
        if seconds <= 0:
            return
        with self._lock:
            now = time.monotonic()
            self._resting = {name: until for name, until in self._resting.items() if until > now}
            self._resting[host] = now + seconds
        if host not in self._unpaced:
            try:
                self._redis.set(self._keys(host)[1], "1", px=max(1, round(seconds * 1000)))
            except RedisError:
                return  # this process knows, see above

    def close(self) -> None:
        self._redis.close()

    def _keys(self, host: str) -> list[str]:
        name, _, port = host.rpartition(":")
        host = name if port in ("80", "443") else host  # http and https of a name are one host
        return [f"{self._prefix}turn:{host}", f"{self._prefix}pause:{host}"]

    def _local_pause(self, host: str) -> float:
        with self._lock:
            return self._resting.get(host, 0.0) - time.monotonic()

    def _refuse_while_resting(self, host: str, left: float) -> None:
        if left > 0:
            action = f"Nothing is asked of it for another {left:.0f} s."
            raise FetchError(
                "host asked for a pause (Retry-After)", host, action, retryable=True, retry_after=left
            )


def pause(seconds: float, alive: Callable[[], None]) -> None:
    """Sleep, calling `alive` every few seconds."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        alive()
        time.sleep(min(left, SLICE))
