"""What became of items: their revisions, absences and withdrawals, and the feeds that these were in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bulletins.model import Absence, Item, Revision, Withdrawal, WithdrawnBy
from feeds.scope import FeedKey
from worker.edit import Tombstone
from worker.store import codec
from worker.store.items import held_row
from worker.store.tables import absences, aliases, items, revisions, tombstones
from worker.store.upsert import batches

# Made once: to put a statement together takes longer than to execute it.
_STORED = select(items.c.id).where(items.c.id == bindparam("item"))
_UNALIASED = delete(aliases).where(aliases.c.alias == bindparam("name"))
_UNBURIED = delete(tombstones).where(tombstones.c.item == bindparam("name"))


def stored(connection: Connection, item: str) -> bool:
    return connection.scalar(_STORED, {"item": item}) is not None


def revise(connection: Connection, item: Item, at: datetime) -> None:
    """Keep what is stored of an item, before it is replaced by one that means something else."""
    held = connection.execute(select(items.c.body, items.c.digest).where(items.c.id == item.id)).one_or_none()
    if held is None or held.digest == item.digest:
        return
    last = connection.scalar(select(func.max(revisions.c.n)).where(revisions.c.item == item.id)) or 0
    row = {"item": item.id, "n": last + 1, "at": at, "body": held.body}
    connection.execute(insert(revisions), row)


def revisions_of(connection: Connection, item: str) -> Sequence[Revision]:
    rows = connection.execute(select(revisions).where(revisions.c.item == item).order_by(revisions.c.n))
    return [Revision(row.n, row.at, codec.item(row.body)) for row in rows]


def corrections(connection: Connection, item: str, since: datetime) -> int:
    query = select(func.count()).where(revisions.c.item == item, revisions.c.at >= since)
    return connection.scalar(query) or 0


def bury(connection: Connection, item: Item, feeds: Collection[str], why: Withdrawal | None) -> None:
    """Keep why an item was withdrawn, and its tombstone in the feeds that it was in."""
    said = {
        "withdrawn_by": why.by if why else WithdrawnBy.OPERATOR,
        "withdrawn_reason": why.reason if why else "",
        "withdrawn_at": why.at if why else item.updated,
    }
    connection.execute(update(items).where(items.c.id == item.id).values(said))
    connection.execute(delete(absences).where(absences.c.item == item.id))
    at = said["withdrawn_at"]
    rows = [{"feed": feed, "item": item.id, "at": at} for feed in sorted(feeds)]
    if rows:
        connection.execute(insert(tombstones), rows)


def forget(connection: Connection, item: str) -> None:
    """An operator has taken an item down: what it was before goes with it."""
    connection.execute(delete(revisions).where(revisions.c.item == item))


def raise_up(connection: Connection, item: str) -> None:
    """An item is live: it has no tombstone, and its id leads to itself."""
    connection.execute(_UNALIASED, {"name": item})
    connection.execute(_UNBURIED, {"name": item})


def set_restless(connection: Connection, item: str, at: datetime | None) -> None:
    """Note since when an item's edits are not announced; None: they are."""
    unlike = items.c.restless.is_(None) if at else items.c.restless.is_not(None)
    connection.execute(update(items).where(items.c.id == item, unlike).values(restless=at))


def rested(connection: Connection, now: datetime, since: datetime, most: int) -> Sequence[Item]:
    """The live items that are noted as restless by `now` and have had fewer corrections than `most` since
    the other moment."""
    had = (
        select(func.count())
        .where(revisions.c.item == items.c.id, revisions.c.at >= since)
        .correlate(items)
        .scalar_subquery()
    )
    calm = (items.c.restless <= now, items.c.state == codec.LIVE, had < most)
    found = map(codec.item, connection.scalars(select(items.c.body).where(*calm)))
    return sorted(found, key=lambda item: (item.source, item.id))


def withdrawn(connection: Connection, key: FeedKey, limit: int) -> Sequence[Tombstone]:
    query = (
        select(items)
        .join(tombstones, tombstones.c.item == items.c.id)
        .where(tombstones.c.feed == key.path)
        .order_by(tombstones.c.at.desc(), tombstones.c.item)
        .limit(limit)
    )
    found = [held_row(row) for row in connection.execute(query)]
    return [Tombstone(one.item, one.withdrawal) for one in found if one.withdrawal]


def absences_of(connection: Connection, source: str) -> Sequence[Absence]:
    query = select(absences).where(absences.c.source == source).order_by(absences.c.item)
    rows = connection.execute(query).mappings()
    return [Absence(row["item"], WithdrawnBy(row["by"]), row["reason"], row["count"]) for row in rows]


def keep_absences(connection: Connection, source: str, kept: Sequence[Absence]) -> None:
    """Make the absences noted of a source these."""
    connection.execute(delete(absences).where(absences.c.source == source))
    rows = [
        {"item": one.item, "source": source, "by": one.by, "reason": one.reason, "count": one.count}
        for one in kept
    ]
    if rows:
        connection.execute(insert(absences), rows)


def of_editions(connection: Connection, editions: Collection[str]) -> Sequence[tuple[str, str]]:
    """The live items of editions: id and link."""
    found: list[tuple[str, str]] = []
    query = select(items.c.id, items.c.link).where(items.c.state == codec.LIVE)
    for batch in batches(editions):
        rows = connection.execute(query.where(items.c.edition.in_(batch)).order_by(items.c.id))
        found += [(row.id, row.link) for row in rows]
    return found
