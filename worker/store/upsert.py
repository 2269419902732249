"""Many rows at a time: inserted, or changed where their key is there already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]

_BATCH = 500  # SQLite takes 32,766 values in a statement, PostgreSQL 65,535


def batches(names: Collection[str]) -> Iterator[list[str]]:
    """Names without repetition, in lists that fit into one IN (…)."""
    ordered = sorted(set(names))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    change: Callable[[Any], Values] | None = None,
) -> None:
    """Insert rows, which all have the same columns, by the table's primary key.

    `change` makes the new values of a row that is there from the columns of the one that was to be inserted;
    without it every given column is replaced.
    """
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    others = [name for name in rows[0] if name not in key]
    replace = change or (lambda excluded: {name: excluded[name] for name in others})
    if connection.dialect.name == "sqlite":
        lite = sqlite.insert(table)
        connection.execute(lite.on_conflict_do_update(index_elements=key, set_=replace(lite.excluded)), rows)
    else:
        server = postgresql.insert(table)
        connection.execute(
            server.on_conflict_do_update(index_elements=key, set_=replace(server.excluded)), rows
        )


def insert_missing(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows, passing over those whose key is there already."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)
    else:
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)
