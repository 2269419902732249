"""Past editions that were asked for, and the polls that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from bulletins.model import Follow
from worker.past import Outcome, PastEdition
from worker.polls import PollRow
from worker.store import codec
from worker.store.pasttables import past_editions
from worker.store.sources import renew_lease
from worker.store.tables import poll_pages, polls, sources
from worker.store.upsert import upsert


def of(connection: Connection, source: str) -> Sequence[PastEdition]:
    query = select(past_editions).where(past_editions.c.source == source)
    rows = connection.execute(query.order_by(past_editions.c.at.desc(), past_editions.c.address))
    return [
        PastEdition(
            row.address, row.day and date.fromisoformat(row.day), Outcome(row.outcome), row.reason, row.at
        )
        for row in rows
    ]


def begin(
    connection: Connection, poll: str, source: str, entry: Follow, now: datetime, until: datetime
) -> None:
    if not renew_lease(connection, source, poll, until):
        return
    opened = PollRow(poll, source, codec.LISTING, now, past=entry.url)
    connection.execute(insert(polls), codec.poll_columns(opened) | {"lease_until": until})
    connection.execute(insert(poll_pages), codec.asked(poll, 0, entry, recheck=False))


def keep(connection: Connection, source: str, edition: PastEdition) -> None:
    row = {
        "source": source,
        "address": edition.address,
        "day": edition.day and edition.day.isoformat(),
        "outcome": edition.outcome,
        "reason": edition.reason,
        "at": edition.at,
    }
    upsert(connection, past_editions, [row])


def release(connection: Connection, poll: PollRow) -> None:
    """The source is free for the next poll."""
    mine = (sources.c.id == poll.source, sources.c.lease_owner == poll.id)
    connection.execute(update(sources).where(*mine).values(lease_owner=None, lease_until=None))
