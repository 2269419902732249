"""Polls: their rows from the first page asked for to the ingest that ends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, insert, or_, select, update

from bulletins.errors import FetchError
from bulletins.model import Follow
from worker.polls import PageState, PageTask, PollPage, PollRow, Validators
from worker.store import codec
from worker.store import pages as kept
from worker.store.sources import LONGEST_LEASE, lapsed, renew_lease, run_out
from worker.store.tables import poll_pages, polls

# Made once: to put a statement together takes longer than to execute it.
_POLL = select(polls).where(polls.c.id == bindparam("id"))
_RECORD = update(poll_pages).where(
    poll_pages.c.poll == bindparam("of"),
    poll_pages.c.n == bindparam("numbered"),
    poll_pages.c.state == PageState.PENDING,
)
_GOES_ON = update(polls).where(polls.c.id == bindparam("of"), polls.c.heals > 0).values(heals=0)
_PAGE = select(poll_pages).where(poll_pages.c.poll == bindparam("id"), poll_pages.c.n == bindparam("n"))

# Rows are locked in one order, poll before source, so that no two transactions wait for each other.


def locked(connection: Connection, poll: str) -> PollRow | None:
    """A poll's row, which no other transaction changes before this one ends."""
    row = connection.execute(select(polls).where(polls.c.id == poll).with_for_update()).one_or_none()
    return None if row is None else codec.poll_row(row)


def open_poll(connection: Connection, poll: str, source: str, now: datetime, until: datetime) -> PollRow:
    held = locked(connection, poll)
    if held is not None:
        if held.state != codec.DONE:
            _renew(connection, held, until)
        return held
    if not renew_lease(connection, source, poll, until):
        return PollRow(poll, source, codec.DONE, now, reason="its lease ran out before it began")
    opened = PollRow(poll, source, codec.LISTING, now)
    connection.execute(insert(polls), codec.poll_columns(opened) | {"lease_until": until})
    return opened


def _renew(connection: Connection, poll: PollRow, until: datetime, **more: object) -> None:
    connection.execute(update(polls).where(polls.c.id == poll.id).values(lease_until=until, **more))
    renew_lease(connection, poll.source, poll.id, until)


def renew(connection: Connection, poll: str, until: datetime, *, heals: int = 0) -> None:
    held = locked(connection, poll)
    if held is not None and held.state != codec.DONE:
        _renew(connection, held, until, heals=held.heals + heals)


def get(connection: Connection, poll: str) -> PollRow | None:
    row = connection.execute(select(polls).where(polls.c.id == poll)).one_or_none()
    return None if row is None else codec.poll_row(row)


def ask(connection: Connection, poll: str, follows: Sequence[Follow], *, recheck: bool) -> None:
    """An article that was due for a recheck and then stood on a list again is no recheck any more."""
    held = locked(connection, poll)
    if held is None or held.state == codec.DONE:
        return
    rows = connection.execute(select(poll_pages.c.url, poll_pages.c.recheck).where(poll_pages.c.poll == poll))
    known = {row.url: row.recheck for row in rows}
    fresh = []
    for follow in follows:
        if follow.url not in known:
            fresh.append(codec.asked(poll, len(known), follow, recheck))
            known[follow.url] = recheck
        elif known[follow.url] and not recheck:
            listed = {"recheck": False, "lead": codec.lead_json(follow.lead)}
            connection.execute(
                update(poll_pages).where(_is(poll, poll_pages.c.url, follow.url)).values(listed)
            )
    if fresh:
        connection.execute(insert(poll_pages), fresh)


def _is(poll: str, column: ColumnElement[object], value: object) -> ColumnElement[bool]:
    return and_(poll_pages.c.poll == poll, column == value)


def pages(connection: Connection, poll: str) -> Sequence[PollPage]:
    rows = connection.execute(select(poll_pages).where(poll_pages.c.poll == poll).order_by(poll_pages.c.n))
    return [codec.poll_page(row) for row in rows]


def page(connection: Connection, poll: str, n: int) -> PollPage | None:
    row = connection.execute(select(poll_pages).where(_is(poll, poll_pages.c.n, n))).one_or_none()
    return None if row is None else codec.poll_page(row)


def page_task(connection: Connection, poll: str, n: int) -> PageTask | None:
    row = connection.execute(_POLL, {"id": poll}).one_or_none()
    if row is None:
        return None
    asked = connection.execute(_PAGE, {"id": poll, "n": n}).one_or_none()
    held = kept.held(connection, row.source, asked.url) if asked else None
    page = codec.poll_page(asked) if asked else None
    return PageTask(codec.poll_row(row), row.lease_until, page, held)


def record(
    connection: Connection,
    poll: str,
    n: int,
    state: str,
    validators: Validators | None,
    fault: FetchError | None,
) -> None:
    said: dict[str, object] = {"state": state}
    if validators is not None:
        said |= codec.validator_columns(validators)
    if fault is not None:
        said |= {"error": fault.what, "http_status": fault.status, "retry_after": fault.retry_after}
    connection.execute(_RECORD, {"of": poll, "numbered": n, **said})
    connection.execute(_GOES_ON, {"of": poll})


def next_pending(connection: Connection, poll: str, lane: int, lanes: int) -> int | None:
    pending = _is(poll, poll_pages.c.state, PageState.PENDING)
    query = select(poll_pages.c.n).where(pending, poll_pages.c.n % lanes == lane)
    return connection.scalar(query.order_by(poll_pages.c.n).limit(1))


def fail_pending(connection: Connection, poll: str, error: str) -> None:
    pending = _is(poll, poll_pages.c.state, PageState.PENDING)
    connection.execute(update(poll_pages).where(pending).values(state=PageState.FAILED, error=error))


def start_fetching(connection: Connection, poll: str) -> None:
    listing = and_(polls.c.id == poll, polls.c.state == codec.LISTING)
    connection.execute(update(polls).where(listing).values(state=codec.FETCHING))


def _fetched_whole() -> ColumnElement[bool]:
    pending = exists().where(poll_pages.c.poll == polls.c.id, poll_pages.c.state == PageState.PENDING)
    return and_(polls.c.state == codec.FETCHING, ~pending)


_CLAIM = (
    update(polls)
    .where(
        polls.c.id == bindparam("of"),
        or_(
            _fetched_whole(),
            and_(
                polls.c.state == codec.INGESTING,
                run_out(polls.c.lease_until, bindparam("now"), bindparam("ahead")),
            ),
        ),
    )
    .values(state=codec.INGESTING, lease_until=bindparam("until"))
    .returning(polls.c.source)
)


def claim_ingest(connection: Connection, poll: str, now: datetime, until: datetime) -> bool:
    moments = {"now": now, "ahead": now + LONGEST_LEASE, "until": until}
    claimed = connection.execute(_CLAIM, {"of": poll, **moments}).one_or_none()
    if claimed is not None:
        renew_lease(connection, claimed.source, poll, until)
    return claimed is not None


def stuck(connection: Connection, now: datetime) -> Sequence[PollRow]:
    waiting = polls.c.state.in_((codec.LISTING, codec.FETCHING, codec.INGESTING))
    query = select(polls).where(waiting, or_(lapsed(polls.c.lease_until, now), _fetched_whole()))
    return [codec.poll_row(row) for row in connection.execute(query.order_by(polls.c.started, polls.c.id))]


def count_pages(connection: Connection, poll: str) -> int:
    return connection.scalar(select(func.count()).where(poll_pages.c.poll == poll)) or 0
