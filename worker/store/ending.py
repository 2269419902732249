"""The end of a poll: its row, and what it says of its source's health."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Select, delete, select, update

from bulletins.model import PollStatus, Verdict
from worker.polls import Counts, PollRow
from worker.store import codec
from worker.store.polls import count_pages
from worker.store.tables import items, polls, sources

_POLLS_KEPT = 50  # of each source
_PAST_KEPT = 3  # of those that read its past editions: whoever sent one looks at it once it is done


def end_poll(connection: Connection, poll: PollRow, verdict: Verdict, counts: Counts, now: datetime) -> None:
    connection.execute(
        update(polls)
        .where(polls.c.id == poll.id)
        .values(
            state=codec.DONE,
            status=verdict.status,
            reason=verdict.reason,
            ended=now,
            pages=count_pages(connection, poll.id),
            new=counts.new,
            corrected=counts.corrected,
            withdrawn=counts.withdrawn,
            rejected=counts.rejected,
            seconds=(now - poll.started).total_seconds(),
        )
    )


def judge_source(
    connection: Connection, poll: PollRow, verdict: Verdict, counts: Counts, now: datetime, due: datetime
) -> None:
    """Unchanged pages say again what they said: a quiet source stays quiet, and one that could not be read
    is well again."""
    healthy = verdict.status.healthy
    row = connection.execute(select(sources).where(sources.c.id == poll.source)).one()
    said: dict[str, object] = {
        "state": verdict.status,
        "reason": verdict.reason,
        "action": verdict.action,
        "last_poll": now,
        "next_check": due,
        "failures": 0 if healthy else row.failures + 1,
        "newest": connection.scalar(_newest(poll.source)),
    }
    if verdict.status == PollStatus.NOT_MODIFIED:
        if row.state and PollStatus(row.state).healthy:
            said |= {"state": row.state, "reason": row.reason, "action": row.action}
        else:
            said["state"] = PollStatus.OK
    if healthy:
        said["last_success"] = now
    if counts.new or counts.corrected or counts.withdrawn:
        said["last_changed"] = now
    if row.lease_owner == poll.id:
        said |= {"lease_owner": None, "lease_until": None}
    connection.execute(update(sources).where(sources.c.id == poll.source).values(said))


def _newest(source: str) -> Select[datetime]:
    return (
        select(items.c.published)
        .where(items.c.source == source, items.c.state == codec.LIVE)
        .order_by(items.c.published.desc())
        .limit(1)
    )


def count_newest(connection: Connection, source: str) -> None:
    """A past edition may be the newest that a source has."""
    newest = connection.scalar(_newest(source))
    connection.execute(update(sources).where(sources.c.id == source).values(newest=newest))


def forget_old(connection: Connection, source: str) -> None:
    """Polls beyond the newest of a source, with their pages."""
    for kind, kept in ((polls.c.past.is_(None), _POLLS_KEPT), (polls.c.past.is_not(None), _PAST_KEPT)):
        done = (polls.c.source == source, polls.c.state == codec.DONE, kind)
        old = select(polls.c.id).where(*done).order_by(polls.c.started.desc(), polls.c.id).offset(kept)
        gone = connection.scalars(old).all()
        connection.execute(delete(polls).where(polls.c.id.in_(gone)))
