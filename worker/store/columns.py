"""The columns (栏目) that have been seen, each name with a slug of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, func, insert, select, update

from bulletins.columns import slug_apart
from bulletins.model import Column, ColumnKind, Item
from worker.store import codec
from worker.store.tables import column_editions, columns, items
from worker.store.upsert import insert_missing

# What a later sight may make of a column: a kind that has feeds sooner, never one that has them later.
_STANDING = {ColumnKind.UMBRELLA: 0, ColumnKind.PAGE: 1, ColumnKind.HEADING: 2}
_EDITIONS_FOR_FEEDS = 2


def settle(connection: Connection, read: Iterable[Column], editions: Mapping[str, str]) -> dict[str, Column]:
    """Record columns -> by name, as recorded: with the slug that was first given, and the kind that is first
    in rank of those ever seen (heading, page name, umbrella)."""
    settled: dict[str, Column] = {}
    for column in read:
        settled[column.name] = _settle(connection, column)
        if column.name in editions:
            row = {"name": column.name, "edition": editions[column.name]}
            insert_missing(connection, column_editions, [row])
    return settled


def _settle(connection: Connection, column: Column) -> Column:
    held = connection.execute(select(columns).where(columns.c.name == column.name)).one_or_none()
    if held is None:
        taken = connection.scalar(select(columns.c.name).where(columns.c.slug == column.slug))
        slug = slug_apart(column.name) if taken is not None else column.slug
        connection.execute(insert(columns), {"name": column.name, "slug": slug, "kind": column.kind})
        return Column(column.name, slug, column.kind)
    kind = max(ColumnKind(held.kind), column.kind, key=_STANDING.__getitem__)
    if kind != held.kind:
        connection.execute(update(columns).where(columns.c.name == column.name).values(kind=kind))
    return Column(column.name, held.slug, kind)


def promoted(connection: Connection, asked: Collection[str]) -> set[str]:
    stood = (
        select(func.count())
        .select_from(column_editions)
        .where(column_editions.c.name == columns.c.name)
        .scalar_subquery()
    )
    has_feeds = (columns.c.kind != ColumnKind.UMBRELLA) | (stood >= _EDITIONS_FOR_FEEDS)
    return set(connection.scalars(select(columns.c.name).where(columns.c.name.in_(asked), has_feeds)))


def umbrella_items(connection: Connection, name: str) -> Sequence[Item]:
    """The items, not withdrawn, that stood under a headline while it was an umbrella."""
    slug = select(columns.c.slug).where(columns.c.name == name).scalar_subquery()
    bodies = connection.scalars(
        select(items.c.body)
        .where(
            items.c.column_slug == slug,
            items.c.column_name == name,
            items.c.column_kind == ColumnKind.UMBRELLA,
            items.c.state == codec.LIVE,
        )
        .order_by(items.c.published.desc(), items.c.place)
    )
    return [codec.item(body) for body in bodies]


def names(connection: Connection) -> dict[str, str]:
    """By slug, the name of every column that has been seen."""
    rows = connection.execute(select(columns.c.slug, columns.c.name).order_by(columns.c.slug))
    return {row.slug: row.name for row in rows}
