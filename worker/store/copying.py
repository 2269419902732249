"""Everything that one database holds into another one, which may be of the other kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Table, create_engine, func, select

from bulletins.errors import ConfigError, EnvironmentFault
from worker.store import feedtables, lessontables, migration, pasttables, roomtables, tables, watchtables
from worker.store.engine import MOVED, address, faults, make_engine, parse, writing

# Importing them is what fills the metadata.
TABLES = (tables, feedtables, lessontables, pasttables, roomtables, watchtables)
_ROWS = 500  # in one statement
_WAIT = 120.0  # seconds, for a writer of SQLite's to end
_CLOSED = "dibao_moved"  # the triggers that keep a database from which all has moved as it is


def copy(origin: str, target: str, *, closing: bool = False) -> dict[str, int]:
    """All rows, brought to this release's tables first; how many of each table.

    What is copied is the state of one moment: those who read or, unless it is `closing`, write `origin` go
    on meanwhile. With `closing`, for SQLite alone, writers wait, and fail once the copy stands, with the
    place that it has now: nothing is written where nobody looks for it.

    One transaction fills `target`: it has all, or is as it was. Raises EnvironmentFault where `target` holds
    sources or items already, or either cannot be used; ConfigError where an address is none.
    """
    here, there = parse(origin), parse(target)
    if here == there:
        raise ConfigError(
            "the database cannot be copied to itself", address(there), "Name another as the target"
        )
    if closing and here.drivername != "sqlite":
        raise ConfigError(
            "only from SQLite is a database moved",
            address(here),
            "Between two PostgreSQL servers, pg_dump does that",
        )
    migration.migrate(origin)
    migration.migrate(target)
    with _connected(here, holding=closing) as old, _connected(there, holding=True) as new:
        _refuse_used(there, new)
        for table in reversed(tables.metadata.sorted_tables):  # such as the rows that migrations put there
            new.execute(table.delete())
        counts = {table.name: _copy(table, old, new) for table in tables.metadata.sorted_tables}
        _compare(there, new, counts)
        new.commit()
        if closing:
            _close(old, address(there))
            old.commit()
    return counts


def to_file(origin: str, path: Path) -> dict[str, int]:
    """As `copy`, into one new SQLite file that needs no other beside it."""
    target = f"sqlite:///{path}"
    counts = copy(origin, target)
    engine = create_engine(target, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()
    return counts


@contextmanager
def _connected(where: URL, *, holding: bool) -> Iterator[Connection]:
    """One transaction, rolled back unless it is committed within; `holding` keeps other writers out."""
    engine = make_engine(where, _WAIT)
    if where.drivername != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    elif holding:
        engine = writing(engine)
    try:
        with faults(where), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _refuse_used(where: URL, connection: Connection) -> None:
    for table in (tables.sources, tables.items, tables.changes):
        if connection.execute(select(table).limit(1)).first() is not None:
            raise EnvironmentFault(
                f"the database holds {table.name} already",
                address(where),
                "Name an empty one: nothing is written over",
            )


def _copy(table: Table, old: Connection, new: Connection) -> int:
    count = 0
    for rows in old.execution_options(yield_per=_ROWS).execute(select(table)).mappings().partitions(_ROWS):
        new.execute(table.insert(), [dict(row) for row in rows])
        count += len(rows)
    return count


def _compare(where: URL, new: Connection, counts: dict[str, int]) -> None:
    for table in tables.metadata.sorted_tables:
        found = new.execute(select(func.count()).select_from(table)).scalar_one()
        if found != counts[table.name]:
            raise EnvironmentFault(
                f"{found} of {counts[table.name]} rows of {table.name} arrived",
                address(where),
                "Nothing was changed: try again, with nothing else writing there",
            )


def _close(old: Connection, now: str) -> None:
    """Have every writer, whichever process it is in, fail with where everything is now."""
    told = f"{MOVED} {now}".replace("'", "''")
    for table in tables.metadata.sorted_tables:
        for what in ("INSERT", "UPDATE", "DELETE"):
            old.exec_driver_sql(
                f"CREATE TRIGGER {_CLOSED}_{table.name}_{what} BEFORE {what} ON {table.name} "
                f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
            )
