"""The broker's own state: settings in, why it does not answer and what waits in its queues out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from worker.config import Settings
from worker.queues import QUEUES

if TYPE_CHECKING:
    from redis import Redis

T = TypeVar("T")


def fault(settings: Settings) -> str | None:
    """Why the broker does not answer; None when it does."""
    answer = _ask(settings, lambda client: client.ping())
    if isinstance(answer, Exception):
        return f"broker {re.sub(r'//[^@/]*@', '//…@', settings.redis_url)}: {answer}"  # without its password
    return None


def evicts(settings: Settings) -> str | None:
    """What the broker does when its memory is full, where that could lose messages; None for noeviction, and
    where it does not tell."""
    policy = _ask(settings, lambda client: client.config_get("maxmemory-policy").get("maxmemory-policy"))
    return None if isinstance(policy, Exception) or policy in (None, "noeviction") else str(policy)


def queue_depth(settings: Settings) -> dict[str, int] | None:
    """Messages waiting in each queue; None when the broker does not answer."""
    depths = _ask(settings, lambda client: {name: int(client.llen(f"dibao:{name}")) for name in QUEUES})
    return None if isinstance(depths, Exception) else depths


def _ask(settings: Settings, question: Callable[[Redis], T]) -> T | Exception:
    """The broker's answer, or why there is none."""
    from redis import Redis, RedisError  # 6 MB, for those alone who ask

    try:
        with Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return question(client)
    except (RedisError, OSError) as error:
        return error
