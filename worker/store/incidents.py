"""Incidents: a row for each, one open for each subject at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from worker.incidents import Cause, Incident, Subject, Turn
from worker.store.tables import incidents

_KEPT = 1_000  # closed ones


def blame(connection: Connection, subject: Subject, cause: Cause | None, now: datetime) -> Turn:
    """As `worker.incidents.Blame`. The caller has taken its turn at the counter, so that no two open one."""
    its = (incidents.c.what == subject.what, incidents.c.name == subject.name, incidents.c.closed.is_(None))
    row = connection.execute(select(incidents).where(*its)).one_or_none()
    held = incident(row) if row else None
    if held and cause and held.cause.kind == cause.kind:
        said = {"reason": cause.reason, "action": cause.action}
        connection.execute(update(incidents).where(incidents.c.n == held.n).values(said))
        return Turn()
    closed = opened = None
    if held:
        connection.execute(update(incidents).where(incidents.c.n == held.n).values(closed=now))
        closed = replace(held, closed=now)
    if cause:
        opened = Incident(_next(connection), subject, cause, now)
        connection.execute(insert(incidents), _row(opened))
        _forget_old(connection)
    return Turn(closed, opened)


def _next(connection: Connection) -> int:
    return (connection.scalar(select(func.max(incidents.c.n))) or 0) + 1


def _forget_old(connection: Connection) -> None:
    ended = select(incidents.c.n).where(incidents.c.closed.is_not(None))
    old = connection.scalars(ended.order_by(incidents.c.n.desc()).offset(_KEPT)).all()
    connection.execute(delete(incidents).where(incidents.c.n.in_(old)))


def lasting(connection: Connection, what: str | None) -> Sequence[Incident]:
    query = select(incidents).where(incidents.c.closed.is_(None)).order_by(incidents.c.n)
    if what is not None:
        query = query.where(incidents.c.what == what)
    return [incident(row) for row in connection.execute(query)]


def latest(connection: Connection, limit: int) -> Sequence[Incident]:
    query = select(incidents).order_by(incidents.c.n.desc()).limit(limit)
    return [incident(row) for row in connection.execute(query)]


def _row(incident: Incident) -> dict[str, Any]:
    subject, cause = incident.subject, incident.cause
    return {
        "n": incident.n,
        "what": subject.what,
        "name": subject.name,
        "kind": cause.kind,
        "reason": cause.reason,
        "action": cause.action,
        "opened": incident.opened,
        "closed": incident.closed,
    }


def incident(row: Row[Any]) -> Incident:
    cause = Cause(row.kind, row.reason, row.action)
    return Incident(row.n, Subject(row.what, row.name), cause, row.opened, row.closed)
