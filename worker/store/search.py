"""The index of words on both databases: items in, and what a search asks for, numbers of items out.

SQLite has an FTS5 table without content, whose rows cannot be taken out again without the text that they were
made of: a changed item gets a new number, and what no longer has one is passed over. PostgreSQL has an array
of codes with a GIN index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, TextClause, func, insert, select, text, update

from bulletins.model import Item
from feeds import permalinks, terms
from feeds.scope import FeedKey
from worker.rooms import Wanted
from worker.store import codec
from worker.store.roomtables import search_docs
from worker.store.tables import items

_SPACE = 1 << 24  # numbers of one second

_FTS = text("INSERT INTO search_words (rowid, words) VALUES (:n, :words)")
_GIN = text("INSERT INTO search_words (n, codes) VALUES (:n, :codes)")
_PATHS = text("SELECT set_config('enable_seqscan', :way, true), set_config('enable_indexscan', :way, true)")
_GIN_LESS = text("DELETE FROM search_words WHERE n = :n")


def enter(connection: Connection, item: Item, feeds: Collection[str]) -> None:
    """Have an item found by its words as they are now, and by its feeds. For the holder of the counter."""
    leave(connection, item.id)
    n = _number(connection, item.published)
    row = {"n": n, "item": item.id, "key": permalinks.key(item.id)}
    connection.execute(insert(search_docs), row)
    put(connection, n, terms.codes_of(item.title, item.paragraphs, map(FeedKey, feeds)))


def put(connection: Connection, n: int, codes: Collection[int]) -> None:
    """Keep the codes of an item under its number."""
    if connection.dialect.name == "sqlite":
        connection.execute(_FTS, {"n": n, "words": " ".join(f"{code:x}" for code in codes)})
    else:
        connection.execute(_GIN, {"n": n, "codes": sorted(codes)})


def leave(connection: Connection, item: str) -> None:
    """Have an item found no more."""
    n = connection.scalar(
        update(search_docs)
        .where(search_docs.c.item == item)
        .values(item=None, key=None)
        .returning(search_docs.c.n)
    )
    if n is not None and connection.dialect.name != "sqlite":
        connection.execute(_GIN_LESS, {"n": n})


def _number(connection: Connection, published: datetime) -> int:
    """Of what was published in one second the first to come has the highest number: it is read first."""
    low, high = bounds(published)
    least = connection.scalar(select(func.min(search_docs.c.n)).where(search_docs.c.n.between(low, high)))
    return high if least is None else least - 1


def bounds(published: datetime) -> tuple[int, int]:
    """The lowest and the highest number of a second."""
    low = int(published.timestamp()) * _SPACE
    return low, low + _SPACE - 1


def find(connection: Connection, wanted: Wanted, after: int | None, count: int) -> Sequence[tuple[int, Item]]:
    """As `worker.rooms.Rooms.find`."""
    found: list[tuple[int, Item]] = []
    while len(found) < count:
        numbers = _numbers(connection, wanted, after, count)
        if not numbers:
            break
        query = (
            select(search_docs.c.n, items.c.body)
            .join(items, items.c.id == search_docs.c.item)
            .where(search_docs.c.n.in_(numbers), items.c.state == codec.LIVE)
            .order_by(search_docs.c.n.desc())
        )
        found += [(row.n, codec.item(row.body)) for row in connection.execute(query)]
        after = numbers[-1]
        if len(numbers) < count:
            break
    return found[:count]


def _numbers(connection: Connection, wanted: Wanted, after: int | None, count: int) -> list[int]:
    """The next numbers that the index has, those included that lead to no item any more."""
    sqlite = connection.dialect.name == "sqlite"
    column = "rowid" if sqlite and wanted.groups else "n"
    where: list[str] = []
    values: dict[str, int | str] = {"count": count}
    if after is not None:
        where, values["after"] = [f"{column} < :after"], after
    if wanted.since is not None:
        where.append(f"{column} >= :since")
        values["since"] = bounds(wanted.since)[0]
    if wanted.until is not None:
        where.append(f"{column} < :until")
        values["until"] = bounds(wanted.until)[0]
    if not wanted.groups:
        where.append("item IS NOT NULL")
        return list(connection.execute(_newest("search_docs", "n", where), values).scalars())
    if sqlite:
        values["words"] = _expression(wanted)
        where.append("search_words MATCH :words")
        return list(connection.execute(_newest("search_words", "rowid", where), values).scalars())
    return _looked_up(connection, _matching(wanted), where, values)


def _newest(table: str, column: str, where: Sequence[str]) -> TextClause:
    narrowed = f"WHERE {' AND '.join(where)} " if where else ""
    return text(f"SELECT {column} FROM {table} {narrowed}ORDER BY {column} DESC LIMIT :count")  # noqa: S608  (names of ours)


def _looked_up(
    connection: Connection, matching: str, where: Sequence[str], values: dict[str, int | str]
) -> list[int]:
    """On PostgreSQL: whatever the words, they are looked up in their index, and nowhere else.

    Its planner takes it for cheap to go through items from the newest and look at the codes of each: it does
    not count what it costs to fetch an array that is kept outside its row, and of millions of words it knows
    only how frequent the first thousand are.
    """
    hits = f"WITH hits AS MATERIALIZED (SELECT n FROM search_words WHERE {matching}) "  # noqa: S608  (numbers)
    statement = text(f"{hits}{_newest('hits', 'n', where).text}")
    connection.execute(_PATHS, {"way": "off"})
    found = list(connection.execute(statement, values).scalars())
    connection.execute(_PATHS, {"way": "on"})
    return found


def _expression(wanted: Wanted) -> str:
    """FTS5's: hexadecimal words, each in quotes, and nothing that anybody typed."""
    return " AND ".join(
        "(" + " OR ".join(f"({' AND '.join(_word(code) for code in one)})" for one in group) + ")"
        for group in wanted.groups
    )


def _word(code: int) -> str:
    return f'"{code:x}"'


def _matching(wanted: Wanted) -> str:
    """The condition on PostgreSQL: arrays of numbers, and nothing that anybody typed."""
    groups = []
    for group in wanted.groups:
        arrays = [f"codes @> ARRAY[{','.join(map(str, one))}]::bigint[]" for one in group]
        groups.append(f"({' OR '.join(arrays)})")
    return " AND ".join(groups)
