"""The shelf: what one process got to know, kept for the others for a while; losing it costs a request."""

from __future__ import annotations

import zlib
from typing import Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

_LONGEST = 1 << 20  # bytes that are unpacked, whoever put them there


class Shelf(Protocol):
    def get(self, name: str) -> tuple[bytes, float] | None:
        """What lies under a name, and for how many seconds yet."""
        ...

    def put(self, name: str, value: bytes, seconds: float) -> None: ...


class RedisShelf:
    """`redis_url` is as redis-py reads it. While Redis cannot be reached nothing is kept and none found."""

    def __init__(self, redis_url: str, prefix: str) -> None:
        # One quick try: a Redis that is away must not take up the time of a fetch.
        self._redis = Redis.from_url(
            redis_url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        self._prefix = prefix

    def get(self, name: str) -> tuple[bytes, float] | None:
        try:
            with self._redis.pipeline() as both:
                both.get(self._prefix + name)
                both.pttl(self._prefix + name)
                packed, left = both.execute()
            if packed is None or left <= 0:
                return None
            return zlib.decompressobj().decompress(packed, _LONGEST), left / 1000
        except (RedisError, zlib.error):
            return None

    def put(self, name: str, value: bytes, seconds: float) -> None:
        try:
            self._redis.set(self._prefix + name, zlib.compress(value), px=max(1, round(seconds * 1000)))
        except RedisError:
            return  # the others ask for themselves

    def close(self) -> None:
        self._redis.close()


class NoShelf:
    """Nothing is shared."""

    def get(self, name: str) -> tuple[bytes, float] | None:
        return None

    def put(self, name: str, value: bytes, seconds: float) -> None:
        return None
