"""Sources: what the configuration says of them, who polls them now, and how they fare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from bulletins.model import PollStatus, Source
from bulletins.state import SourceState
from feeds.scope import FeedKey
from worker.store import codec, expectations, outbox, pages
from worker.store import rhythms as rhythm_rows
from worker.store.fields import Plain
from worker.store.pasttables import past_editions
from worker.store.tables import items, polls, sources

_SKEW = timedelta(minutes=1)  # between the clocks of machines that share a database
LONGEST_LEASE = timedelta(hours=2)  # one request, and the wait for a host's turn before it
_ITEMS, _ARRIVALS = 1_000, 60  # that tell of a source's habits
_FRESH = timedelta(days=4)  # from an edition's day to when it is first seen: a weekend, and a day of delay


def _said(source: Source) -> dict[str, object]:
    rhythm = f"cron {source.cron}" if source.cron else "as it publishes"
    if source.every:
        rhythm = f"every {source.every.total_seconds():g} s"
    reading = [source.layout, source.region, sorted(source.columns.items())]
    return {
        "name": source.name,
        "url": source.url,
        "rhythm": rhythm,
        "reading": json.dumps(reading, ensure_ascii=False),
        "enabled": source.enabled,
    }


def sync(connection: Connection, wanted: Sequence[Source], now: datetime) -> None:
    outbox.take(connection, change=0, mark=0)  # one at a time: two would lock rows crosswise
    held = {row["id"]: row for row in connection.execute(select(sources)).mappings()}
    for source in wanted:
        said = _said(source)
        row = held.get(source.id)
        if row is None:
            fresh = {"id": source.id, "reason": "", "action": "", "failures": 0, "next_check": now}
            connection.execute(insert(sources), fresh | said)
            continue
        moved = any(row[name] != said[name] for name in ("url", "rhythm", "reading"))
        if row["reading"] != said["reading"]:
            pages.doubt(connection, source.id)
        if row["last_poll"] is None or moved:
            said["next_check"] = min(row["next_check"], now)
        if any(row[name] != value for name, value in said.items()):
            connection.execute(update(sources).where(sources.c.id == source.id).values(said))
    outbox.found(connection, [FeedKey.of(source=source.id) for source in wanted if source.enabled])
    for gone in sorted(held.keys() - {source.id for source in wanted}):
        connection.execute(update(sources).where(sources.c.id == gone).values(enabled=False))


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody polls the source. A lease that ran out without a poll's row means that its message was lost;
    an unfinished poll keeps its source even then, and is healed as `stuck`, so that no two run at once."""
    unfinished = exists().where(polls.c.source == sources.c.id, polls.c.state != codec.DONE)
    return or_(sources.c.lease_owner.is_(None), lapsed(sources.c.lease_until, now)) & ~unfinished


def _due(now: datetime) -> ColumnElement[bool]:
    """A source last polled in the time to come was so by a clock that has been set right since: what it says
    of the next check counts for nothing."""
    return or_(sources.c.next_check <= now, sources.c.last_poll > now + _SKEW)


def lapsed(until: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether a lease has run out, or was taken by a clock that was ahead."""
    return run_out(until, now, now + LONGEST_LEASE)


def run_out(
    until: ColumnElement[datetime],
    now: datetime | BindParameter[datetime],
    ahead: datetime | BindParameter[datetime],
) -> ColumnElement[bool]:
    return or_(until <= now, until > ahead)


def lease_due(
    connection: Connection, now: datetime, until: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """One statement: the due rows are locked as they are found, passing over those that another takes."""
    if limit < 1:
        return []
    due = (
        select(sources.c.id)
        .where(sources.c.enabled, _due(now), _free(now))
        .order_by(sources.c.next_check, sources.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = connection.execute(
        update(sources)
        .where(sources.c.id == due.c.id)
        .values(lease_owner=literal(f"{uuid4().hex}-", Plain) + sources.c.id, lease_until=until)
        .returning(sources.c.id, sources.c.lease_owner)
    )
    return sorted((row.id, row.lease_owner) for row in taken)


def lease_named(connection: Connection, source: str, now: datetime, until: datetime) -> str | None:
    """A disabled source too: who names it means it."""
    poll = uuid4().hex
    taken = connection.execute(
        update(sources).where(sources.c.id == source, _free(now)).values(lease_owner=poll, lease_until=until)
    )
    return poll if taken.rowcount else None


def renew_lease(connection: Connection, source: str, poll: str, until: datetime) -> bool:
    """True where the poll has the source's lease."""
    renewed = connection.execute(
        update(sources).where(sources.c.id == source, sources.c.lease_owner == poll).values(lease_until=until)
    )
    return bool(renewed.rowcount)


def states(connection: Connection) -> Sequence[SourceState]:
    rhythms = rhythm_rows.known(connection, "source/")
    differing = expectations.differences(connection)
    return [
        SourceState(
            source=row.id,
            name=row.name,
            url=row.url,
            enabled=row.enabled,
            state=PollStatus(row.state) if row.state else None,
            reason=row.reason,
            action=row.action,
            last_poll=row.last_poll,
            last_success=row.last_success,
            last_changed=row.last_changed,
            next_check=row.next_check,
            newest=row.newest,
            failures=row.failures,
            rhythm=rhythms.get(FeedKey.of(source=row.id).path),
            structure=differing.get(row.id, ()),
        )
        for row in connection.execute(select(sources).order_by(sources.c.id))
    ]


def failing(connection: Connection, source: str) -> int:
    row = connection.execute(select(sources.c.state, sources.c.failures).where(sources.c.id == source)).one()
    return int(row.failures) if row.state in (PollStatus.UNREACHABLE, PollStatus.BLOCKED) else 0


def arrivals(connection: Connection, source: str) -> Sequence[datetime]:
    """Of the newest items alone: habits change. What was old when it was seen, or what a past edition
    brought, says nothing of when news come."""
    bygone = select(past_editions.c.at).where(past_editions.c.source == source)
    newest = (
        select(items.c.first_seen, items.c.published)
        .where(items.c.source == source, items.c.first_seen.not_in(bygone))
        .order_by(items.c.published.desc(), items.c.place)
        .limit(_ITEMS)
        .subquery()
    )
    seen = connection.execute(select(newest).distinct())
    fresh = {row.first_seen for row in seen if row.first_seen - row.published < _FRESH}
    return sorted(fresh, reverse=True)[:_ARRIVALS]


def set_due(connection: Connection, source: str, now: datetime) -> None:
    connection.execute(update(sources).where(sources.c.id == source).values(next_check=now))
