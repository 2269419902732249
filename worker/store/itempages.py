"""Pages of items: which of them await publication, and what is to stand on each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, literal, select, union

from bulletins.model import Revision
from feeds.scope import FeedKey
from worker.feedstore import ItemMark, ItemPage
from worker.store import codec, identities
from worker.store.editions import mark_editions
from worker.store.feedtables import item_marks
from worker.store.items import held_by
from worker.store.tables import aliases, clusters, item_feeds, items, revisions
from worker.store.upsert import batches, upsert

_MINE = select(clusters.c.cluster).where(clusters.c.item.in_(bindparam("names", expanding=True)))
_THEIRS = select(clusters.c.item).where(clusters.c.cluster.in_(_MINE))


def mark(connection: Connection, names: Iterable[str], seq: int) -> None:
    """Mark the pages of these ids, and of all that name them as the same notice."""
    wanted = set(names)
    wanted |= set(connection.scalars(_THEIRS, {"names": sorted(wanted)}))
    upsert(connection, item_marks, [{"item": name, "seq": seq} for name in sorted(wanted)])


def mark_all(connection: Connection, seq: int) -> None:
    """Mark the page of every item and of every further id."""
    connection.execute(delete(item_marks))
    every = union(select(items.c.id), select(aliases.c.alias)).subquery()
    connection.execute(
        insert(item_marks).from_select(
            ["item", "seq"], select(every.c[0], literal(seq, item_marks.c.seq.type))
        )
    )


def marks(connection: Connection, limit: int) -> Sequence[ItemMark]:
    """The pages that have waited longest."""
    query = select(item_marks).order_by(item_marks.c.seq, item_marks.c.item).limit(limit)
    return [ItemMark(row.item, row.seq) for row in connection.execute(query)]


def clear(connection: Connection, marks: Sequence[ItemMark]) -> None:
    """For the holder of the counter. Their editions' pages, which name them, are marked instead."""
    _mark_editions(connection, marks)
    for one in marks:
        connection.execute(
            delete(item_marks).where(item_marks.c.item == one.name, item_marks.c.seq == one.seq)
        )


def _mark_editions(connection: Connection, marks: Sequence[ItemMark]) -> None:
    """Those that the items stand in, and those that they stood in before they were corrected."""
    latest = max((one.seq for one in marks), default=0)
    for batch in batches({one.name for one in marks}):
        printed = select(items.c.source, items.c.published).where(items.c.id.in_(batch))
        moments = [(row.source, row.published) for row in connection.execute(printed)]
        for held in _revisions(connection, batch).values():
            moments += [(one.item.source, one.item.published) for one in held]
        mark_editions(connection, moments, latest)


def pages(connection: Connection, names: Collection[str]) -> Sequence[ItemPage]:
    """What is to stand on the pages of these ids, each of an item's own or of one that leads to an item."""
    led = identities.aliases_of(connection, names)
    own = [name for name in names if name not in led]
    held = {one.item.id: one for one in held_by(connection, items.c.id, own)}
    live = [name for name, one in held.items() if one.withdrawal is None]
    before = _revisions(connection, live)
    kin = identities.kin(connection, live)
    columns = {(name, one.item.column.slug) for name, one in held.items() if one.item.column}
    listed = _listed(connection, columns)
    return [
        ItemPage(
            name,
            led.get(name),
            held.get(name),
            tuple(before.get(name, ())),
            tuple(kin.get(name, ())),
            name in listed,
        )
        for name in names
    ]


def _revisions(connection: Connection, names: Collection[str]) -> dict[str, list[Revision]]:
    found: dict[str, list[Revision]] = {}
    for batch in batches(names):
        query = select(revisions).where(revisions.c.item.in_(batch)).order_by(revisions.c.item, revisions.c.n)
        for row in connection.execute(query):
            found.setdefault(row.item, []).append(Revision(row.n, row.at, codec.item(row.body)))
    return found


def _listed(connection: Connection, columns: Collection[tuple[str, str]]) -> set[str]:
    """Of these items with their columns' slugs, those that are in their column's feed."""
    feeds = {(name, FeedKey.of(column=slug).path) for name, slug in columns}
    found: set[str] = set()
    for batch in batches({name for name, _ in feeds}):
        rows = connection.execute(
            select(item_feeds.c.item, item_feeds.c.feed).where(
                item_feeds.c.item.in_(batch), item_feeds.c.feed.in_({path for _, path in feeds})
            )
        )
        found |= {row.item for row in rows if (row.item, row.feed) in feeds}
    return found
