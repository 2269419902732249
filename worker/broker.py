"""The broker's own state: settings in, why it does not answer and what waits in its queues out."""

from __future__ import annotations

import re

from redis import Redis, RedisError

from worker.config import Settings
from worker.queues import QUEUES


def fault(settings: Settings) -> str | None:
    """Why the broker does not answer; None when it does."""
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except (RedisError, OSError) as error:
        return f"broker {re.sub(r'//[^@/]*@', '//…@', settings.redis_url)}: {error}"  # without its password
    return None


def evicts(settings: Settings) -> str | None:
    """What the broker does when its memory is full, where that could lose messages; None for noeviction, and
    where it does not tell."""
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except (RedisError, OSError):
        return None
    return None if policy in (None, "noeviction") else str(policy)


def queue_depth(settings: Settings) -> dict[str, int] | None:
    """Messages waiting in each queue; None when the broker does not answer."""
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return {name: int(client.llen(f"dibao:{name}")) for name in QUEUES}
    except (RedisError, OSError):
        return None
