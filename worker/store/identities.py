"""Who an item is: its further ids, the items whose text is like its, its cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, bindparam, delete, insert, select, union_all, update

from bulletins.likeness import SKETCH, sketch
from bulletins.model import Held, Item
from worker.store import codec
from worker.store.items import held_by
from worker.store.tables import aliases, clusters, items, sketches
from worker.store.upsert import batches, insert_missing, upsert

_OF_A_HASH = 40  # newest items that share one number of a sketch: a phrase that many have tells nothing
_NONE = -1  # no number of a sketch
_USUAL = 10_000  # characters of a text whose sketch is remembered
_CANDIDATES = 6  # items that are looked at, those first that share most

# Made once: to put a statement together takes longer than to execute it.
_NEWEST = union_all(
    *(
        select(
            select(sketches.c.item)
            .where(sketches.c.hash == bindparam(f"hash_{n}"))
            .order_by(sketches.c.published.desc())
            .limit(_OF_A_HASH)
            .subquery()
        )
        for n in range(SKETCH)
    )
)


def aliases_of(connection: Connection, names: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in batches(names):
        rows = connection.execute(select(aliases).where(aliases.c.alias.in_(batch)))
        found.update((row.alias, row.item) for row in rows)
    return found


def resolve(connection: Connection, name: str) -> str | None:
    """The item that an id means: what it is an alias of, else the item that has it."""
    led = connection.scalar(select(aliases.c.item).where(aliases.c.alias == name))
    return led or connection.scalar(select(items.c.id).where(items.c.id == name))


def alias(connection: Connection, further: Mapping[str, str]) -> set[str]:
    """Lead ids to items, and with them what led to those ids; all that lead elsewhere now."""
    moved = set(further)
    for name, to in further.items():
        moved |= set(connection.scalars(select(aliases.c.alias).where(aliases.c.item == name)))
        connection.execute(update(aliases).where(aliases.c.item == name).values(item=to))
        upsert(connection, aliases, [{"alias": name, "item": to}])
    return moved


def draw(connection: Connection, item: Item, *, new: bool) -> None:
    """Keep the sketch of an item's text; a `new` one has none yet."""
    if not new:
        connection.execute(delete(sketches).where(sketches.c.item == item.id))
    hashes = _sketch(item)
    rows = [{"hash": one, "published": item.published, "item": item.id} for one in hashes]
    if rows:
        connection.execute(insert(sketches), rows)


def similar(connection: Connection, item: Item) -> Sequence[Held]:
    hashes = _sketch(item)
    if not hashes:
        return []
    asked = dict.fromkeys((f"hash_{n}" for n in range(SKETCH)), _NONE)
    asked.update((f"hash_{n}", one) for n, one in enumerate(hashes))
    shared = Counter(connection.scalars(_NEWEST, asked))
    likeliest = sorted(shared, key=lambda name: (-shared[name], name))[:_CANDIDATES]
    found = {one.item.id: one for one in held_by(connection, items.c.id, likeliest)}
    return [found[name] for name in likeliest]


def _sketch(item: Item) -> tuple[int, ...]:
    """Asked for when an item is compared, and again when it is stored."""
    text = "\n".join(item.paragraphs)
    return _kept_sketch(text) if len(text) <= _USUAL else sketch(text)


@lru_cache(maxsize=500)  # the items of an edition
def _kept_sketch(text: str) -> tuple[int, ...]:
    return sketch(text)


def join_cluster(connection: Connection, item: str, kin: str) -> None:
    """Put an item into the cluster of another; a cluster keeps the id of its first item."""
    cluster = connection.scalar(select(clusters.c.cluster).where(clusters.c.item == kin)) or kin
    rows = [{"item": kin, "cluster": cluster}, {"item": item, "cluster": cluster}]
    insert_missing(connection, clusters, rows)


def kin(connection: Connection, names: Collection[str]) -> dict[str, list[Item]]:
    """By item, the live items of its cluster but itself, newest first."""
    mine, theirs = clusters.alias(), clusters.alias()
    query = (
        select(mine.c.item.label("name"), items.c.body, items.c.published, items.c.place)
        .join(theirs, theirs.c.cluster == mine.c.cluster)
        .join(items, items.c.id == theirs.c.item)
        .where(theirs.c.item != mine.c.item, items.c.state == codec.LIVE)
    )
    found: dict[str, list[Item]] = {}
    for batch in batches(names):
        rows = sorted(connection.execute(query.where(mine.c.item.in_(batch))), key=lambda row: row.place)
        for row in sorted(rows, key=lambda row: row.published, reverse=True):
            found.setdefault(row.name, []).append(codec.item(row.body))
    return found
