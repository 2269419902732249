"""Readings that are held back: what was read, the ids proposed for it, and what an operator made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from bulletins.model import Item
from worker.edit import Quarantined
from worker.store import codec, expectations
from worker.store.tables import quarantine


def hold(
    connection: Connection,
    source: str,
    fingerprint: str,
    reason: str,
    read: tuple[Item, ...],
    ids: dict[str, str],
    now: datetime,
) -> Quarantined:
    """The entry of a reading, made when it is read for the first time; an older one of the source that still
    waits is superseded by it."""
    known = of_reading(connection, source, fingerprint)
    if known and known.state == codec.HELD:
        return known
    waiting = (quarantine.c.source == source, quarantine.c.state == codec.HELD)
    connection.execute(update(quarantine).where(*waiting).values(state=codec.SUPERSEDED))
    number = (connection.scalar(select(func.max(quarantine.c.id))) or 0) + 1
    row = {
        "id": number,
        "source": source,
        "fingerprint": fingerprint,
        "state": codec.HELD,
        "reason": reason,
        "at": now,
        "reading": codec.items_json(read),
        "ids": codec.ids_json(ids),
    }
    connection.execute(insert(quarantine), row)
    return Quarantined(number, source, codec.HELD, reason, now, read, ids)


def of_reading(connection: Connection, source: str, fingerprint: str) -> Quarantined | None:
    """The latest entry for this very reading that waits, or was decided upon."""
    query = select(quarantine).where(
        quarantine.c.source == source,
        quarantine.c.fingerprint == fingerprint,
        quarantine.c.state != codec.SUPERSEDED,
    )
    row = connection.execute(query.order_by(quarantine.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _entry(row)


def unsure(connection: Connection, source: str) -> bool:
    """Whether a reading of this source waits for want of evidence."""
    return connection.scalar(select(exists().where(*_unsure(source)))) or False


def outdo(connection: Connection, source: str) -> None:
    """A sound reading takes the place of what waits for want of evidence."""
    connection.execute(update(quarantine).where(*_unsure(source)).values(state=codec.SUPERSEDED))


def _unsure(source: str) -> tuple[ColumnElement[bool], ...]:
    """For such a reading no ids are proposed; for a storm, which waits on, they are."""
    waiting = quarantine.c.state == codec.HELD
    return quarantine.c.source == source, waiting, quarantine.c.ids == codec.ids_json({})


def waiting(connection: Connection) -> list[Quarantined]:
    query = select(quarantine).where(quarantine.c.state == codec.HELD).order_by(quarantine.c.id)
    return [_entry(row) for row in connection.execute(query)]


def entry(connection: Connection, number: int) -> Quarantined | None:
    row = connection.execute(select(quarantine).where(quarantine.c.id == number)).one_or_none()
    if row is None:
        return None
    lesson = expectations.lesson_of(connection, number)
    return replace(_entry(row), difference=lesson.difference if lesson else ())


def decide(connection: Connection, number: int, state: str) -> bool:
    """End an entry's wait; False where it does not wait any more."""
    waiting = (quarantine.c.id == number, quarantine.c.state == codec.HELD)
    done = connection.execute(
        update(quarantine).where(*waiting).values(state=state).returning(quarantine.c.id)
    )
    return done.one_or_none() is not None


def _entry(row: Row[Any]) -> Quarantined:
    read, ids = codec.items(row.reading), codec.ids(row.ids)
    return Quarantined(row.id, row.source, row.state, row.reason, row.at, read, ids)
