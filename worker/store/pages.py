"""What is kept of a source's pages: their validators, and when one that left the lists is read again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from bulletins.model import Follow, PageKind
from worker.edit import KeptPage
from worker.polls import Validators
from worker.store import codec
from worker.store.tables import pages, poll_pages
from worker.store.upsert import Values, batches, upsert

# Made once: to put a statement together takes longer than to execute it.
_HELD = select(pages).where(pages.c.source == bindparam("source"), pages.c.url == bindparam("url"))
_COPIED = ("kind", "lead", "sha", "etag", "last_modified", "content_type", "final_url")
_NOTHING = "0" * 64  # the SHA-256 of no page


def held(connection: Connection, source: str, url: str) -> Validators | None:
    row = connection.execute(_HELD, {"source": source, "url": url}).one_or_none()
    return None if row is None else codec.validators(row)


def kept(connection: Connection, source: str) -> Sequence[KeptPage]:
    query = select(pages).where(pages.c.source == source, pages.c.sha != _NOTHING)
    return [kept_page(row) for row in connection.execute(query.order_by(pages.c.seen_at.desc(), pages.c.url))]


def kept_page(row: Row[Any]) -> KeptPage:
    return KeptPage(codec.follow(row), row.final_url or row.url, row.sha, row.content_type, row.seen_at)


def doubt(connection: Connection, source: str, urls: Collection[str] | None = None) -> None:
    """Whatever was kept of a source's pages, or of these, vouches for nothing any longer: the next poll asks
    for them whole and reads them again."""
    doubted = update(pages).where(pages.c.source == source)
    parts = [doubted] if urls is None else [doubted.where(pages.c.url.in_(batch)) for batch in batches(urls)]
    for part in parts:
        connection.execute(part.values(sha=_NOTHING, etag=None, last_modified=None))


def due(connection: Connection, source: str, now: datetime) -> Sequence[Follow]:
    """The longest due first."""
    query = select(pages).where(pages.c.source == source, pages.c.recheck_at <= now)
    return [codec.follow(row) for row in connection.execute(query.order_by(pages.c.recheck_at, pages.c.url))]


def keep(connection: Connection, poll: str, source: str, now: datetime, recheck: Sequence[timedelta]) -> None:
    """Take over from a good poll what it saw of its pages.

    A page that a list named is on the lists, also where it could not be had this time; an article that none
    named has left them, and is due again after each of `recheck`, counted from then.
    """
    asked = connection.execute(select(poll_pages).where(poll_pages.c.poll == poll)).all()
    _see(connection, source, now, [row for row in asked if row.sha is not None])
    listed = {row.url for row in asked if not row.recheck}
    _leave(connection, source, now, listed, recheck)
    again = {row.url for row in asked if row.recheck}
    _advance(connection, source, now, again, recheck)


def keep_past(connection: Connection, poll: str, source: str, now: datetime) -> None:
    """Take over what a poll of a past edition saw: its articles are off the lists, and those that were not
    known before are not asked for again."""
    asked = connection.execute(select(poll_pages).where(poll_pages.c.poll == poll)).all()
    seen = [row for row in asked if row.sha is not None]
    mine = pages.c.source == source
    known = set(connection.scalars(select(pages.c.url).where(mine)))
    _see(connection, source, now, seen)
    for batch in batches({row.url for row in seen} - known):
        connection.execute(update(pages).where(mine, pages.c.url.in_(batch)).values(left_at=now))


def ask_again(connection: Connection, source: str, urls: Collection[str], now: datetime) -> None:
    """Have pages that are off the lists asked for at the next poll."""
    off = and_(pages.c.source == source, pages.c.left_at.is_not(None))
    for batch in batches(urls):
        connection.execute(update(pages).where(off, pages.c.url.in_(batch)).values(recheck_at=now))


def _see(connection: Connection, source: str, now: datetime, seen: Sequence[Row[Any]]) -> None:
    """A known page keeps its place among the rechecks."""
    rows = [
        {name: getattr(row, name) for name in _COPIED}
        | {"source": source, "url": row.url, "seen_at": now, "recheck_n": 0}
        for row in seen
    ]
    upsert(connection, pages, rows, _seen)


def _seen(new: Any) -> Values:
    return {name: new[name] for name in (*_COPIED, "seen_at")}


def _leave(
    connection: Connection, source: str, now: datetime, listed: set[str], recheck: Sequence[timedelta]
) -> None:
    on_lists = and_(pages.c.source == source, pages.c.kind == PageKind.ARTICLE, pages.c.left_at.is_(None))
    known = set(connection.scalars(select(pages.c.url).where(on_lists)))
    first = now + recheck[0] if recheck else None
    for batch in batches(known - listed):
        left = update(pages).where(on_lists, pages.c.url.in_(batch))
        connection.execute(left.values(left_at=now, recheck_n=0, recheck_at=first))
    for batch in batches(listed - known):
        back = update(pages).where(pages.c.source == source, pages.c.url.in_(batch))
        connection.execute(back.values(left_at=None, recheck_n=0, recheck_at=None))


def _advance(
    connection: Connection, source: str, now: datetime, again: set[str], recheck: Sequence[timedelta]
) -> None:
    """One reading stands for all the times that went by unused while the worker was down."""
    for url in sorted(again):
        this = (pages.c.source == source, pages.c.url == url)
        row = connection.execute(select(pages.c.left_at, pages.c.recheck_n).where(*this)).one_or_none()
        if row is None or row.left_at is None:
            continue
        later = range(row.recheck_n + 1, len(recheck))
        n = next((n for n in later if row.left_at + recheck[n] > now), len(recheck))
        at = row.left_at + recheck[n] if n < len(recheck) else None
        connection.execute(update(pages).where(*this).values(recheck_n=n, recheck_at=at))
