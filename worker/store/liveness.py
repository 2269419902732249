"""When each role was last alive, and whether anything is being done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from worker.store.tables import heartbeats, polls
from worker.store.upsert import upsert


def beat(connection: Connection, role: str, now: datetime) -> None:
    upsert(connection, heartbeats, [{"role": role, "at": now}])


def heard(connection: Connection) -> dict[str, datetime]:
    rows = connection.execute(select(heartbeats).order_by(heartbeats.c.role))
    return {row.role: row.at for row in rows}


def signs(connection: Connection) -> object:
    """What differs from before as soon as anything is done: a tick, a task, a page under way."""
    return heard(connection), connection.scalar(select(func.max(polls.c.lease_until)))
