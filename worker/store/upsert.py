"""Many rows at a time: inserted, or changed where their key is there already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]
Change = Callable[[Any], Values]

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
    change: Change | None = None,
) -> None:
    """Insert rows, which all have the same columns, by the table's primary key.

    `change` makes the new values of a row that is there from the columns of the one that was to be inserted;
    without it every given column is replaced. It is a function of its module's: statements are kept by it.
    """
    if not rows:
        return
    connection.execute(_upserting(connection.dialect.name, table, tuple(rows[0]), change), rows)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows, passing over those whose key is there already."""
    if not rows:
        return
    connection.execute(_inserting(connection.dialect.name, table), rows)


# Made once for each table: to put a statement together takes longer than to execute it.
@lru_cache(maxsize=200)
def _upserting(
    dialect: str, table: Table, names: tuple[str, ...], change: Change | None
) -> sqlite.Insert | postgresql.Insert:
    key = [column.name for column in table.primary_key]
    others = [name for name in names if name not in key]
    statement = _insert(dialect, table)
    replace = change(statement.excluded) if change else {name: statement.excluded[name] for name in others}
    return statement.on_conflict_do_update(index_elements=key, set_=replace)


@lru_cache(maxsize=200)
def _inserting(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Each database's own, loaded where it is used: the other's takes a command's start a tenth longer."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert

        return insert(table)
    from sqlalchemy.dialects.postgresql import insert as insert_there

    return insert_there(table)
