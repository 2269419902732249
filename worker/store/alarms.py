"""Who has been told of which incident, and when each receiver of alarms may be told again."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, or_, select, update

from worker.alarms import ReceiverState
from worker.incidents import Incident
from worker.store import outbox
from worker.store.engine import Database
from worker.store.incidents import incident
from worker.store.tables import incidents, leases
from worker.store.upsert import insert_missing, upsert
from worker.store.watchtables import alarms, alarms_told

_TELLING = "alarm"  # the lease's name
_HOUR = timedelta(hours=1)


class SqlAlarms:
    """`worker.alarms.Alarms` on the database of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, receivers: Collection[str], now: datetime) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            connection.execute(delete(alarms).where(alarms.c.receiver.not_in(list(receivers))))
            fresh = {"failures": 0, "due": now, "reason": "", "sent": "[]"}
            insert_missing(connection, alarms, [{"receiver": one} | fresh for one in sorted(receivers)])

    def receivers(self) -> Sequence[ReceiverState]:
        with self._database.read() as connection:
            return states(connection)

    def due(self, now: datetime, opened_by: datetime) -> bool:
        ready = select(alarms.c.receiver).where(alarms.c.due <= now)
        with self._database.read() as connection:
            if connection.scalar(
                select(leases.c.name).where(leases.c.name == _TELLING, leases.c.until > now)
            ):
                return False
            return any(_untold(connection, name, opened_by, 1) for name in connection.scalars(ready).all())

    def untold(self, receiver: str, opened_by: datetime) -> Sequence[Incident]:
        with self._database.read() as connection:
            return _untold(connection, receiver, opened_by, None)

    def told(self, receiver: str, told: Sequence[Incident], now: datetime) -> None:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)
            row = connection.execute(select(alarms).where(alarms.c.receiver == receiver)).one_or_none()
            if row is None:
                return
            sent = [moment for moment in _state(row).sent if moment > now - _HOUR]
            said = json.dumps([moment.isoformat() for moment in (*sent, now)])
            well = {"failures": 0, "due": now, "reason": "", "sent": said}
            connection.execute(update(alarms).where(alarms.c.receiver == receiver).values(well))
            there = select(incidents.c.n).where(incidents.c.n.in_([one.n for one in told]))
            kept = set(connection.scalars(there))
            rows = [
                {"receiver": receiver, "incident": one.n, "closed": one.closed is not None}
                for one in told
                if one.n in kept
            ]
            upsert(connection, alarms_told, rows)

    def put_off(self, receiver: str, due: datetime, reason: str = "") -> None:
        said: dict[str, Any] = {"due": due}
        if reason:
            said |= {"failures": alarms.c.failures + 1, "reason": reason}
        with self._database.write() as connection:
            connection.execute(update(alarms).where(alarms.c.receiver == receiver).values(said))

    def lease(self, now: datetime, until: datetime) -> str | None:
        token = uuid4().hex
        with self._database.write() as connection:
            insert_missing(connection, leases, [{"name": _TELLING, "owner": "", "until": now}])
            taken = connection.execute(
                update(leases)
                .where(leases.c.name == _TELLING, leases.c.until <= now)
                .values(owner=token, until=until)
            )
            return token if taken.rowcount else None

    def release(self, token: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(leases).where(leases.c.owner == token))


def states(connection: Connection) -> list[ReceiverState]:
    return [_state(row) for row in connection.execute(select(alarms).order_by(alarms.c.receiver))]


def _untold(connection: Connection, receiver: str, opened_by: datetime, limit: int | None) -> list[Incident]:
    heard = and_(alarms_told.c.receiver == receiver, alarms_told.c.incident == incidents.c.n)
    new: ColumnElement[bool] = and_(
        incidents.c.closed.is_(None), incidents.c.opened <= opened_by, ~exists().where(heard)
    )
    over = and_(incidents.c.closed.is_not(None), exists().where(heard, alarms_told.c.closed.is_(False)))
    query = select(incidents).where(or_(new, over)).order_by(incidents.c.n).limit(limit)
    return [incident(row) for row in connection.execute(query)]


def _state(row: Row[Any]) -> ReceiverState:
    sent = tuple(datetime.fromisoformat(moment) for moment in json.loads(row.sent))
    return ReceiverState(row.receiver, row.failures, row.due, row.reason, sent)
