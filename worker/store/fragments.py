"""Kept fragments: entries of a feed with what is rendered of them, and with their items where it is not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, delete, select

from feeds.scope import FeedKey
from worker.feedstore import Kept, Placed
from worker.store import codec
from worker.store.feedtables import fragments
from worker.store.tables import item_feeds, items
from worker.store.upsert import batches, upsert

MadeFrom = Callable[[str, str], str]  # source, format -> what a fragment that may be used was made from
Entry = Row[str, datetime, str, str | None]

# Made once, with their values bound later: to build a statement costs more than to run it.
_ENTRIES = select(item_feeds.c.item, item_feeds.c.published, item_feeds.c.place, item_feeds.c.edition).where(
    item_feeds.c.feed == bindparam("feed")
)
_ORDERED = _ENTRIES.order_by(item_feeds.c.published.desc(), item_feeds.c.place).limit(bindparam("most"))
# From the last one on, by the index; those of its own moment are told apart by their place.
_SINCE = _ORDERED.where(
    item_feeds.c.published <= bindparam("last", type_=item_feeds.c.published.type),
    item_feeds.c.published >= bindparam("since", type_=item_feeds.c.published.type),
)
# In no order: asked for one, SQLite walks the whole feed in it rather than sort the few of an edition.
_EDITION = _ENTRIES.where(item_feeds.c.edition == bindparam("edition"))
_FIRST = _ORDERED.subquery()
_NEWEST_EDITION = select(_FIRST.c.edition).where(_FIRST.c.edition.is_not(None)).limit(1)
_KEPT = (
    select(
        items.c.id.label("item"),
        items.c.source,
        items.c.published,
        items.c.updated,
        fragments.c.format,
        fragments.c.made_from,
        fragments.c.body,
    )
    .outerjoin(
        fragments,
        (fragments.c.item == items.c.id) & fragments.c.format.in_(bindparam("formats", expanding=True)),
    )
    .where(items.c.id.in_(bindparam("ids", expanding=True)))
)
_BODIES = select(items.c.id, items.c.body).where(items.c.id.in_(bindparam("ids", expanding=True)))


def window(connection: Connection, key: FeedKey, count: int, days: int, cap: int) -> Sequence[Entry]:
    """The entries of a feed's window in their order: the newest `count`, all within `days` of the newest, and
    its whole newest edition, `cap` at most. Each part is a stretch of an index: what is stored beyond it
    costs nothing."""
    feed = {"feed": key.path, "most": cap}
    entries = list(connection.execute(_ORDERED, feed | {"most": min(count, cap)}))
    if not entries or len(entries) < count:
        return entries
    found = {entry.item: entry for entry in entries}
    last, since = entries[-1].published, entries[0].published - timedelta(days=days)
    if last >= since:
        recent = connection.execute(_SINCE, feed | {"last": last, "since": since})
        found |= {entry.item: entry for entry in recent}
    edition = next((entry.edition for entry in entries if entry.edition is not None), None)
    if edition is None:  # newer items may have none; but none is looked for beyond `cap`
        edition = connection.scalar(_NEWEST_EDITION, feed)
    if edition is not None:
        whole = connection.execute(_EDITION, {"feed": key.path, "edition": edition})
        found |= {entry.item: entry for entry in whole}
    return sorted(found.values(), key=lambda entry: (-entry.published.timestamp(), entry.place))[:cap]


def placed(
    connection: Connection, ids: Sequence[str], formats: Sequence[str], made_from: MadeFrom
) -> list[Placed]:
    """Stored items by their ids, in that order, with their fragments; one that lacks one comes with its
    item, to be rendered."""
    found: dict[str, Placed] = {}
    for batch in batches(ids):
        for item, source, published, updated, suffix, made, body in connection.execute(
            _KEPT, {"ids": batch, "formats": list(formats)}
        ):
            if (entry := found.get(item)) is None:
                entry = found[item] = Placed(item, source, published, updated, {})
            if suffix is not None and made == made_from(source, suffix):
                entry.fragments[suffix] = body
    lacking = [one.id for one in found.values() if len(one.fragments) < len(formats)]
    for batch in batches(lacking):
        for row in connection.execute(_BODIES, {"ids": batch}):
            found[row.id] = replace(found[row.id], item=codec.item(row.body))
    return [found[item] for item in ids]


def keep(connection: Connection, rendered: Iterable[Kept]) -> None:
    """Keep fragments of items that are stored as they were when these were rendered. For the holder of the
    counter, whom no ingest can overtake."""
    rendered = list(rendered)
    bodies: dict[str, str] = {}
    for batch in batches({one.item.id for one in rendered}):
        bodies |= {row.id: row.body for row in connection.execute(_BODIES, {"ids": batch})}
    rows = [
        {"item": one.item.id, "format": one.format, "made_from": one.made_from, "body": one.body}
        for one in rendered
        if bodies.get(one.item.id) == codec.item_body(one.item)
    ]
    upsert(connection, fragments, rows)


def drop(connection: Connection, item: str) -> None:
    """An item is about to change: nothing rendered of it may be used again."""
    connection.execute(delete(fragments).where(fragments.c.item == item))


def left(connection: Connection, key: FeedKey, ids: Collection[str]) -> set[str]:
    """Of these ids, those of stored items that are not in a feed."""
    known: set[str] = set()
    inside: set[str] = set()
    for batch in batches(ids):
        known |= set(connection.scalars(select(items.c.id).where(items.c.id.in_(batch))))
        members = select(item_feeds.c.item).where(item_feeds.c.feed == key.path, item_feeds.c.item.in_(batch))
        inside |= set(connection.scalars(members))
    return known - inside
