"""Seats: a host that is waited for holds one process, and a further one for a moment at most."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bulletins.errors import TooEarly

MOMENT = 1.0  # seconds that a request may take beside another one; the shipped pause between two of a host
_GRACE = 10.0  # seconds by which a seat outlives its request's deadline: turns are waited for too
BACK = 4.0  # seconds after which whoever finds no seat comes back
_SLOW = 60.0  # seconds for which nobody sits beside another at a host that took longer than that moment

# KEYS: seat, slow. ARGV: token, longest stay in ms. 1: alone; 0: beside another; -1: no seat. A seat that
# ends later than any may was taken before the clock was set back.
_TAKE = """
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1
end
return -redis.call('EXISTS', KEYS[2])
"""
_LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


@dataclass(frozen=True, slots=True)
class Seat:
    """`alone`: no other request to the host is under way, so that this one may take its whole deadline."""

    alone: bool = True
    leave: Callable[[], object] = lambda: None
    too_slow: Callable[[], object] = lambda: None

    def bound(self, seconds: float) -> float:
        """What is left of a deadline."""
        return seconds if self.alone else min(MOMENT, seconds)


class Seats(Protocol):
    def take(self, host: str, seconds: float) -> Seat:
        """A seat at `host` ("name:port") for a request of so many seconds; it is to be left when that is
        over, and told where that took too long beside another.

        Raises TooEarly where another request is under way at a host that is known to be slow.
        """
        ...


class NoSeats:
    """Everybody sits alone."""

    def take(self, host: str, seconds: float) -> Seat:
        return Seat()


class RedisSeats:
    """Agreed between all workers on one Redis; while that cannot be reached everybody sits alone. Hosts in
    `unpaced` know no seats."""

    def __init__(self, redis_url: str, prefix: str, unpaced: Collection[str] = ()) -> None:
        # One quick try: a Redis that is away must not take up the time of a fetch.
        self._redis = Redis.from_url(
            redis_url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        self._take = self._redis.register_script(_TAKE)
        self._leave = self._redis.register_script(_LEAVE)
        self._prefix = prefix
        self._unpaced = frozenset(unpaced)

    def take(self, host: str, seconds: float) -> Seat:
        if host in self._unpaced:
            return Seat()
        keys = [f"{self._prefix}seat:{host}", f"{self._prefix}slow:{host}"]
        token, stay = uuid.uuid4().hex, round((seconds + _GRACE) * 1000)
        try:
            found = int(self._take(keys=keys, args=[token, stay]))
        except RedisError:
            return Seat()
        if found < 0:
            raise TooEarly("another request to this slow host is under way", host, seconds=BACK)

        def leave() -> None:
            self._quietly(lambda: self._leave(keys=keys[:1], args=[token]))

        def too_slow() -> None:
            self._quietly(lambda: self._redis.set(keys[1], "1", px=round(_SLOW * 1000)))

        return Seat(found == 1, leave, too_slow)

    def close(self) -> None:
        self._redis.close()

    def _quietly(self, tell: Callable[[], object]) -> None:
        try:
            tell()
        except RedisError:
            return  # a seat ends by itself
