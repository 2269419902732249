"""The reading room: an index of what is stored, and pages of editions that await publication."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from feeds import permalinks, terms
from feeds.scope import FeedKey

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BATCH = 200
_SPACE = 1 << 24


def upgrade() -> None:
    op.create_table(
        "edition_marks",
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("day", PLAIN, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_edition_marks")),
    )
    op.create_table(
        "search_docs",
        sa.Column(
            "n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("item", PLAIN, nullable=True),
        sa.Column("key", PLAIN, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_search_docs")),
        sa.UniqueConstraint("item", name=op.f("uq_search_docs_item")),
    )
    op.create_index("ix_search_docs_key", "search_docs", ["key"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING "
            "fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
    else:
        op.execute("CREATE TABLE search_words (n BIGINT PRIMARY KEY, codes BIGINT[] NOT NULL)")
        op.execute("CREATE INDEX ix_search_words_codes ON search_words USING gin (codes)")
    fill(op.get_bind())


def downgrade() -> None:
    op.drop_table("search_words")
    op.drop_table("search_docs")
    op.drop_table("edition_marks")


def fill(connection: sa.Connection) -> None:
    """Enter every live item."""
    docs = sa.text("INSERT INTO search_docs (n, item, key) VALUES (:n, :item, :key)")
    sqlite = connection.dialect.name == "sqlite"
    words = sa.text(
        "INSERT INTO search_words (rowid, words) VALUES (:n, :codes)"
        if sqlite
        else "INSERT INTO search_words (n, codes) VALUES (:n, :codes)"
    )
    for batch in _batches(connection):
        feeds = _feeds(connection, [row.id for _, row in batch])
        found = []
        for n, row in batch:
            body = json.loads(row.body)
            texts = [block["text"] for block in body["blocks"] if block["text"]]
            codes = terms.codes_of(body["title"], texts, map(FeedKey, feeds.get(row.id, ())))
            found.append(
                {"n": n, "codes": " ".join(f"{code:x}" for code in codes) if sqlite else sorted(codes)}
            )
        connection.execute(
            docs, [{"n": n, "item": row.id, "key": permalinks.key(row.id)} for n, row in batch]
        )
        connection.execute(words, found)


def _batches(connection: sa.Connection) -> Iterator[list[tuple[int, Any]]]:
    """The live items with their numbers; of one second the first in its order has the highest."""
    rows = connection.execute(
        sa.text("SELECT id, published FROM items WHERE state = 'live' ORDER BY published DESC, place")
    ).all()
    numbered: dict[str, int] = {}
    for second, group in groupby(rows, lambda row: _second(row.published)):
        for n, row in enumerate(group):
            numbered[row.id] = second * _SPACE + _SPACE - 1 - n
    names = list(numbered)
    bodies = sa.text("SELECT id, body FROM items WHERE id IN :ids").bindparams(
        sa.bindparam("ids", expanding=True)
    )
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        yield [(numbered[row.id], row) for row in connection.execute(bodies, {"ids": part})]


def _second(published: int | datetime) -> int:
    """SQLite has microseconds since 1970."""
    return published // 1_000_000 if isinstance(published, int) else int(published.timestamp())


def _feeds(connection: sa.Connection, names: list[str]) -> dict[str, list[str]]:
    query = sa.text("SELECT item, feed FROM item_feeds WHERE item IN :ids").bindparams(
        sa.bindparam("ids", expanding=True)
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query, {"ids": names}):
        found.setdefault(row.item, []).append(row.feed)
    return found
