"""The columns (栏目) that have been seen, of each source or of all, each with a slug of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bulletins.columns import slug_apart
from bulletins.model import Column, ColumnKind, Item
from worker.store import codec
from worker.store.tables import column_editions, columns, items, sources
from worker.store.upsert import insert_missing

# What a later sight may make of a column: a kind that has feeds sooner, never one that has them later.
_STANDING = {ColumnKind.UMBRELLA: 0, ColumnKind.PAGE: 1, ColumnKind.HEADING: 2}
_EDITIONS_FOR_FEEDS = 2


def settle(
    connection: Connection,
    read: Iterable[Column],
    editions: Mapping[str, str],
    owner: str,
    shared: Collection[str],
) -> dict[str, Column]:
    """Record columns -> by name, as recorded: with the slug that was first given, and the kind that is first
    in rank of those ever seen (heading, page name, umbrella). They are `owner`'s, but for those whose names
    are `shared`."""
    settled: dict[str, Column] = {}
    for column in read:
        settled[column.name] = found = _settle(connection, column, "" if column.name in shared else owner)
        if column.name in editions:
            row = {"slug": found.slug, "edition": editions[column.name]}
            insert_missing(connection, column_editions, [row])
    return settled


def _settle(connection: Connection, column: Column, owner: str) -> Column:
    held = _known(connection, column, owner)
    if held is None:
        slug = _free_slug(connection, column, owner)
        row = {"owner": owner, "name": column.name, "slug": slug, "kind": column.kind}
        connection.execute(insert(columns), row)
        return Column(column.name, slug, column.kind)
    kind = max(ColumnKind(held.kind), column.kind, key=_STANDING.__getitem__)
    if kind != held.kind:
        connection.execute(update(columns).where(columns.c.slug == held.slug).values(kind=kind))
    return Column(column.name, held.slug, kind)


def _known(connection: Connection, column: Column, owner: str) -> Row[Any] | None:
    """The recorded column: one for all before the owner's. One that is to be for all from now on is the one
    that had the plain slug, whose feeds go on."""
    rows = connection.execute(select(columns).where(columns.c.name == column.name)).all()
    by_owner = {row.owner: row for row in rows}
    if (found := by_owner.get("") or by_owner.get(owner)) is not None or owner or not rows:
        return found
    first = next((row for row in rows if row.slug == column.slug), rows[0])
    connection.execute(update(columns).where(columns.c.slug == first.slug).values(owner=""))
    return first


def _free_slug(connection: Connection, column: Column, owner: str) -> str:
    near = select(columns.c.slug, columns.c.name).where(
        columns.c.slug.in_([column.slug, slug_apart(column.name)])
    )
    names = {row.slug: row.name for row in connection.execute(near)}
    if column.slug not in names:
        return column.slug
    return slug_apart(column.name, owner if column.name in names.values() else "")


def promoted(connection: Connection, asked: Collection[str], owner: str) -> set[str]:
    stood = (
        select(func.count())
        .select_from(column_editions)
        .where(column_editions.c.slug == columns.c.slug)
        .scalar_subquery()
    )
    query = select(columns.c.name, columns.c.kind, stood.label("stood"))
    query = query.where(columns.c.name.in_(asked), columns.c.owner.in_(["", owner]))
    rows = connection.execute(query.order_by(columns.c.owner.desc())).all()
    found = {row.name: row for row in rows}  # one for all comes last
    return {
        name
        for name, row in found.items()
        if row.kind != ColumnKind.UMBRELLA or row.stood >= _EDITIONS_FOR_FEEDS
    }


def umbrella_items(connection: Connection, name: str, owner: str) -> Sequence[Item]:
    """The items, not withdrawn, that stood under a headline while it was an umbrella."""
    slugs = select(columns.c.slug).where(columns.c.name == name, columns.c.owner.in_(["", owner]))
    bodies = connection.scalars(
        select(items.c.body)
        .where(
            items.c.column_slug.in_(slugs),
            items.c.column_name == name,
            items.c.column_kind == ColumnKind.UMBRELLA,
            items.c.state == codec.LIVE,
        )
        .order_by(items.c.published.desc(), items.c.place)
    )
    return [codec.item(body) for body in bodies]


def names(connection: Connection) -> dict[str, str]:
    """By slug, the name of every column that has been seen; where sources have columns of one name, with
    their source's."""
    query = select(columns.c.slug, columns.c.name, sources.c.name.label("source"))
    query = query.outerjoin(sources, sources.c.id == columns.c.owner).order_by(columns.c.slug)
    rows = connection.execute(query).all()
    several = Counter(row.name for row in rows)
    return {
        row.slug: f"{row.name}（{row.source}）" if row.source and several[row.name] > 1 else row.name
        for row in rows
    }
